"""Going: a place ends, and an account with the last of them."""

from __future__ import annotations

from sqlalchemy import delete, select

from bulletin.db import db
from bulletin.domain.site.accounts.devices import Device
from bulletin.domain.site.accounts.members import Member, Membership

from .invitations import Invitation


def take_away(membership: Membership) -> None:
    """End a place, and the invitations that this person made at the site."""
    mine = {"site_id": membership.site_id, "issued_by_id": membership.member_id}
    db.session.execute(delete(Invitation).filter_by(**mine))
    membership.end()


def forget_if_nowhere(member: Member) -> None:
    """An account without a site is no account."""
    if db.session.scalars(select(Membership.id).filter_by(member_id=member.id)).first() is not None:
        return
    for record, column in ((Device, Device.member_id), (Invitation, Invitation.issued_by_id)):
        db.session.execute(delete(record).where(column == member.id))
    db.session.delete(member)
