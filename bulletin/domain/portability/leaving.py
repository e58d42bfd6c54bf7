"""Going: by oneself, by the decision of others, and the last one out."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from bulletin.db import db, owned_records
from bulletin.domain.papers.print_tickets import PrintTicket
from bulletin.domain.site.devices import Device
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.invitations import Invitation
from bulletin.domain.site.members import Member, Membership
from bulletin.domain.site.sites import Site


def leave(membership: Membership) -> None:
    """Leave a site. The last who can open it deletes it, with all it has. Its session and its key must be open."""
    site, going = membership.site, [membership.member]
    others = [other for other in Membership.at(site) if other.id != membership.id]
    if all(other.locked for other in others):
        going += [other.member for other in others]
        delete_site(site)
    else:
        Event.note(site, Deed.LEFT, by=membership.member.handle)
        take_away(membership)
    db.session.flush()
    for member in going:
        forget_if_nowhere(member)


def carry_out_removals() -> None:
    """End the places of those whose removal was seconded a day ago. Needs no key: any request may do it."""
    for membership in Membership.removals_in_effect():
        member = membership.member
        take_away(membership)
        db.session.flush()
        forget_if_nowhere(member)


def delete_site(site: Site) -> None:
    """Delete a site and every row it owns. The session must be bound to it."""
    for record in owned_records():
        db.session.execute(delete(record).filter_by(site_id=site.id))
    for open_to_strangers in (Invitation, PrintTicket):
        db.session.execute(delete(open_to_strangers).filter_by(site_id=site.id))
    db.session.execute(delete(Membership).filter_by(site_id=site.id))
    db.session.delete(site)


def take_away(membership: Membership) -> None:
    """A place, and what this person asked for at the site."""
    mine = {"site_id": membership.site_id}
    db.session.execute(delete(Invitation).filter_by(**mine, issued_by_id=membership.member_id))
    asked = update(Membership).filter_by(**mine, removal_by_id=membership.member_id, removal_seconded_at=None)
    db.session.execute(asked.values(removal_by_id=None))
    membership.end()


def forget_if_nowhere(member: Member) -> None:
    """An account without a site is no account."""
    if db.session.scalars(select(Membership.id).filter_by(member_id=member.id)).first() is not None:
        return
    for record, column in ((Device, Device.member_id), (Invitation, Invitation.issued_by_id)):
        db.session.execute(delete(record).where(column == member.id))
    db.session.execute(update(Membership).filter_by(removal_by_id=member.id).values(removal_by_id=None))
    db.session.delete(member)
