"""Asked to: who does something for all sites, as long as a third of them says so, and no longer.

Somebody in no site comes by a link of the site that put it, and has an account that reads what sites tell as long as it
stands. Whether it does is counted at each look; the account is deleted afterwards, by the sweep.
"""

from __future__ import annotations

import contextlib
import dataclasses
import uuid
from collections.abc import Iterable, Iterator
from math import ceil

from bulletin.db import db
from bulletin.domain.network import inside, sharing
from bulletin.domain.network.refusals import Why
from bulletin.domain.site.accounts.asked import AskedAccount
from bulletin.domain.site.accounts.members import Member, Membership
from bulletin.domain.site.departing import forget
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.invitations import Invitation
from bulletin.domain.site.refusals import NotAllowed
from bulletin.vault import tenancy
from bulletin.vault.readers import Reader

from .answers import Answer
from .matters import Kind, Matter

LEAST = 2


@dataclasses.dataclass(frozen=True)
class Mandate:
    """A task, and whether it stands. Nothing is kept of it: with its yes, its day or its member gone, so is it."""

    matter: Matter
    yes: int

    @property
    def stands(self) -> bool:
        """Does a third say yes, today, and is a member who was asked still in the site that put it?"""
        return self.matter.is_open and self.yes >= self.matter.needs and self._is_there()

    def _is_there(self) -> bool:
        if not self.matter.said.member:
            return True
        member = db.session.get(Member, uuid.UUID(self.matter.said.member))
        place = Membership.of(member, self.matter.site_id) if member is not None else None
        return place is not None and not place.locked


def needed(sites: int) -> int:
    """How many sites it takes, of so many that are in when it is put."""
    return max(LEAST, ceil(sites / 3))


def mandates(matters: Iterable[Matter]) -> list[Mandate]:
    """Those that stand, the newest first."""
    asked = [one for one in matters if one.kind == Kind.ASKED]
    answers = Answer.to(asked)
    every = (Mandate(one, sum(answer.yes for answer in answers.get(one.id, ()))) for one in asked)
    return [one for one in every if one.stands]


# Somebody in no site.


def reader_of(member: Member) -> Reader:
    """As whom this member reads what sites tell."""
    if any(inside.is_in(place.site) for place in member.memberships()):
        return Reader.MEMBER
    return Reader.ASKED if task_of(member) is not None else Reader.NOBODY


def task_of(member: Member) -> Mandate | None:
    """What somebody in no site is asked to do, as long as it stands."""
    account = AskedAccount.of(member)
    return _standing(account.site_id, account.matter_id) if account is not None else None


def invite(me: Membership, matter: Matter) -> bytes:
    """The secret of a link for whom the site would have asked. Raises NotAllowed."""
    sharing.check_decides(me)
    if matter.site_id != me.site_id or _standing(me.site_id, matter.id) is None:
        raise NotAllowed(Why.NOT_ASKED)
    Event.note(me.site, Deed.LINK_TO_ASKED, by=me.member.handle)
    return Invitation.issue_to_asked(me, matter.id)


def found(secret: bytes) -> Invitation | None:
    """The link with this secret, if somebody can come by it now."""
    link = Invitation.with_secret(secret, to_asked=True)
    return link if link is not None and task_by(link) is not None else None


def task_by(link: Invitation) -> Mandate | None:
    """What whoever comes by it is asked to do; None where that does not stand, or who made it is a member no more."""
    if link.site_id is None or link.matter_id is None or link.issued_by.membership_at(link.site_id) is None:
        return None
    return _standing(link.site_id, link.matter_id)


def take_up(link: Invitation, member: Member) -> None:
    """Their account is one as long as this stands. Who came by a link before has none any more."""
    assert link.site_id is not None  # noqa: S101  # found() has seen to it
    assert link.matter_id is not None  # noqa: S101
    if (before := AskedAccount.by(link.site_id, link.matter_id)) is not None:
        forget(before.member)
        db.session.flush()
    db.session.add(AskedAccount(member=member, site_id=link.site_id, matter_id=link.matter_id))
    link.spend()


def end_over() -> None:
    """Delete the accounts of whom nobody asks any more. Commits nothing."""
    for account in AskedAccount.every():
        if _standing(account.site_id, account.matter_id) is None:
            forget(account.member)


def _standing(site_id: uuid.UUID, matter_id: uuid.UUID) -> Mandate | None:
    """A task for somebody in no site, if it stands. Of all that deciders read this alone is said."""
    with counting():
        matter = Matter.of(matter_id)
        found = mandates([matter]) if matter is not None and matter.site_id == site_id else []
        return found[0] if found and not found[0].matter.said.member else None


@contextlib.contextmanager
def counting() -> Iterator[None]:
    """Read what deciders read, to count it, whoever asks."""
    reader = tenancy.reader_of(db.session)
    tenancy.read_as(db.session, Reader.DECIDER)
    try:
        yield
    finally:
        tenancy.read_as(db.session, reader)
