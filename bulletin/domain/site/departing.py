"""Going: a place ends, and an account with the last of them."""

from __future__ import annotations

from sqlalchemy import delete

from bulletin.db import db
from bulletin.domain.site.accounts.asked import AskedAccount
from bulletin.domain.site.accounts.devices import Device
from bulletin.domain.site.accounts.members import Member, Membership

from .invitations import Invitation


def take_away(membership: Membership) -> None:
    """End a place, and the invitations that this person made at the site."""
    mine = {"site_id": membership.site_id, "issued_by_id": membership.member_id}
    db.session.execute(delete(Invitation).filter_by(**mine))
    membership.end()


def forget_if_nowhere(member: Member) -> None:
    """An account without a site is no account, but for whom the sites ask to do something."""
    if not member.has_place() and AskedAccount.of(member) is None:
        forget(member)


def forget(member: Member) -> None:
    """Delete an account, and where it is signed in."""
    of = (AskedAccount, AskedAccount.member_id), (Device, Device.member_id), (Invitation, Invitation.issued_by_id)
    for record, column in of:
        db.session.execute(delete(record).where(column == member.id))
    db.session.delete(member)
