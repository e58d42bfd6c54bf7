"""Traces of reading: whose pages a member has opened on a day. A list leaves none, a person's page does.

A row for each member and day, so that the database tells no more than how many people read on a day, and few rows are
opened where they are looked at.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Self

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, mapped_column

from bulletin.db import db, today
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.governance.roll import Ids
from bulletin.vault import kinds
from bulletin.vault.sealed import Sealed, sealed
from bulletin.vault.shapes import Shape, field, flag, hex_id, shape

from .contacts import Contact, NamesContacts
from .search import Listed, named

KEPT_FOR = timedelta(days=90)
MANY = 30  # people, on one day: with more, everybody reads of it
NAMED_MAX = 2_000  # people in one row

_CONTACTS = kinds.several(kinds.of_text("contact", kinds.a_hex_id, empty=False))


@shape
class Opened(Shape):
    """Who has opened whose pages, by their ids in hex; of whom everything that is held; and whether all papers."""

    member: str = hex_id("member")
    contacts: Ids = field(_CONTACTS)
    everything: Ids = field(_CONTACTS)
    papers: bool = flag()

    def has(self, contact: str, *, everything: bool) -> bool:
        """Is it in there already?"""
        return contact in self.contacts and (contact in self.everything or not everything)


class Trace(NamesContacts):
    """What one member opened on one day. In the clear is the day."""

    __tablename__ = "trace"

    day: Mapped[date] = mapped_column(default=today, index=True)
    opened: Sealed[Opened] = sealed(Opened)

    @classmethod
    def of(cls, site_id: uuid.UUID, member: str) -> list[Self]:
        """A member's at a site, the latest first."""
        return list(cls._of(site_id, member))

    @classmethod
    def is_first(cls, site_id: uuid.UUID, member: str) -> bool:
        """Has this member opened nobody's page, as far as it is kept?"""
        return next(cls._of(site_id, member), None) is None

    @classmethod
    def is_noted(cls, site_id: uuid.UUID, member: str, contact: str, *, everything: bool = False) -> bool:
        """Is it known that this member opened this page today?"""
        mine = cls._today(site_id, member)
        return mine is not None and mine.opened.has(contact, everything=everything)

    @classmethod
    def note(cls, me: Membership, contact: str, *, everything: bool = False) -> None:
        """A member has opened somebody's page, or everything that is held of them. The caller holds the site."""
        member = me.member_id.hex
        mine = cls._today(me.site_id, member)
        if mine is None:
            mine = cls(site=me.site, day=today(), opened=Opened(member=member))
            db.session.add(mine)
        opened = mine.opened
        if opened.has(contact, everything=everything) or len(opened.contacts) >= NAMED_MAX:
            return
        mine.opened = opened = dataclasses.replace(
            opened,
            contacts=tuple(dict.fromkeys((*opened.contacts, contact))),
            everything=tuple(dict.fromkeys((*opened.everything, contact))) if everything else opened.everything,
        )
        if len(opened.contacts) > MANY:
            Event.note(me.site, Deed.READ_MANY, by=me.member.handle, once=mine.id)

    @classmethod
    def note_papers(cls, me: Membership) -> None:
        """A member has taken the folder of all papers."""
        mine = cls._today(me.site_id, me.member_id.hex)
        if mine is None:
            mine = cls(site=me.site, day=today(), opened=Opened(member=me.member_id.hex))
            db.session.add(mine)
        mine.opened = dataclasses.replace(mine.opened, papers=True)

    @classmethod
    def has_papers(cls, site_id: uuid.UUID, member: str) -> bool:
        """Is it known that this member took the folder today?"""
        mine = cls._today(site_id, member)
        return mine is not None and mine.opened.papers

    @classmethod
    def sweep(cls, site_id: uuid.UUID) -> bool:
        """Delete what is over; was there anything?"""
        old = delete(cls).filter_by(site_id=site_id).where(cls.day <= today() - KEPT_FOR)
        return bool(db.session.execute(old).rowcount)  # type: ignore[attr-defined]

    @classmethod
    def let_go(cls, site_id: uuid.UUID, hex_ids: Collection[str]) -> None:
        """Those with these ids are forgotten: nobody has opened their page."""
        for one in db.session.scalars(select(cls).filter_by(site_id=site_id)):
            said = one.opened
            left, whole = (tuple(id_ for id_ in ids if id_ not in hex_ids) for ids in (said.contacts, said.everything))
            if len(left) < len(said.contacts):
                one.opened = dataclasses.replace(said, contacts=left, everything=whole)

    @classmethod
    def _of(cls, site_id: uuid.UUID, member: str) -> Iterator[Self]:
        here = select(cls).filter_by(site_id=site_id).order_by(cls.day.desc(), cls.id)
        return (one for one in db.session.scalars(here) if one.opened.member == member)

    @classmethod
    def _today(cls, site_id: uuid.UUID, member: str) -> Self | None:
        here = select(cls).filter_by(site_id=site_id, day=today())
        return next((one for one in db.session.scalars(here) if one.opened.member == member), None)


@dataclasses.dataclass(frozen=True)
class Day:
    """What was opened on a day: how many people's pages, of how many everything, whether all papers, and
    who they are, as far as they are still here.
    """

    day: date
    count: int
    everything: int
    papers: bool
    people: list[Listed]


def days(site_id: uuid.UUID, member: str) -> list[Day]:
    """What a member opened, day by day, the latest first."""
    traces = [(one.day, one.opened) for one in Trace.of(site_id, member)]
    people = _now(site_id, {uuid.UUID(hex=contact) for _, opened in traces for contact in opened.contacts})
    return [
        Day(
            on,
            len(opened.contacts),
            len(opened.everything),
            opened.papers,
            list({people[id_].id: people[id_] for id_ in map(uuid.UUID, opened.contacts) if id_ in people}.values()),
        )
        for on, opened in traces
    ]


def _now(site_id: uuid.UUID, contact_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Listed]:
    """Those who had these ids when they were opened, or whom they were merged into since."""
    people = named(site_id, contact_ids)
    merged = ((id_, Contact.of(site_id, id_)) for id_ in contact_ids if id_ not in people)
    return people | {id_: Listed(one.id, one.brief) for id_, one in merged if one is not None}
