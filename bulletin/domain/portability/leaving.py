"""Going by oneself, and the last one out; and the end of a site, as everybody was asked."""

from __future__ import annotations

from sqlalchemy import delete

from bulletin.db import OfSite, db, owned_records
from bulletin.domain.papers.print_tickets import PrintTicket
from bulletin.domain.site.accounts.asked import AskedAccount
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.departing import forget_if_nowhere
from bulletin.domain.site.governance import consequences
from bulletin.domain.site.invitations import Invitation
from bulletin.domain.site.sites import Site


def leave(membership: Membership) -> None:
    """Leave a site. The last one deletes it, with all it has. Its session and its key must be open."""
    if Membership.count_at(membership.site) > 1:
        consequences.leave(membership)
    else:
        end_site(membership.site)


def end_site(site: Site) -> None:
    """Delete a site with all it has, and the accounts of those who were nowhere else. It must be open."""
    asked = [one.member for one in AskedAccount.every() if one.site_id == site.id]
    members = [*(place.member for place in Membership.at(site)), *asked]
    delete_site(site)
    db.session.flush()
    for member in members:
        forget_if_nowhere(member)


def delete_site(site: Site) -> None:
    """Delete a site and every row it owns. The session must be bound to it."""
    for record in owned_records(OfSite):
        db.session.execute(delete(record).filter_by(site_id=site.id))
    for record_of_strangers in (Invitation, PrintTicket, AskedAccount):
        db.session.execute(delete(record_of_strangers).filter_by(site_id=site.id))
    db.session.execute(delete(Membership).filter_by(site_id=site.id))
    db.session.delete(site)
