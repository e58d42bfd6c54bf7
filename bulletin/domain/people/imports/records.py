"""What was taken in at once from a phone or a list: for a day it can be undone."""

from __future__ import annotations

import dataclasses
import itertools
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from bulletin.db import batches, db, now, today
from bulletin.domain.people.contacts import CONTACTS_MAX, Contact, NamesContacts, OfContact, alike, name_key
from bulletin.domain.people.erasure import delete_all_of
from bulletin.domain.people.name_matching import slips
from bulletin.domain.people.refusals import Why
from bulletin.domain.people.search import Listed, everybody
from bulletin.domain.site.refusals import NotAllowed
from bulletin.vault import kinds
from bulletin.vault.sealed import Sealed, sealed
from bulletin.vault.shapes import Shape, field, moment, plain_text, shape

from .entries import ImportEntry
from .named_units import NamedUnits

UNDONE_FOR = timedelta(days=1)
LIKE_MAX = 5  # whom somebody in a file is said to look like
SLIPS_MAX = 300_000  # of all names, as many as 20,000 common ones have; from there on no slips are looked for
LOOKED_AT = 200  # people with a word of their name in common: where all of a list have one, it says little
ASKED_MAX = 50  # of them whose names are compared in earnest


@shape
class TakenIn(Shape):
    """Who came in together: their hex ids, each with its version when it was taken in. `source`: "cards" or "list"."""

    contacts: Mapping[str, int] = field(kinds.by_id(kinds.plain("count", kinds.whole, 0)))
    by: str = plain_text()
    source: str = plain_text()
    given: int = field(kinds.plain("count", kinds.whole, 0))  # numbers, to people who were there
    at: str = moment(empty=True)  # empty where a release before wrote it


class Import(NamesContacts):
    """One taking in. What was not ticked is not even counted."""

    __tablename__ = "import"

    made_on: Mapped[date] = mapped_column(default=today)
    what: Sealed[TakenIn] = sealed(TakenIn)

    @classmethod
    def take_in(
        cls,
        site_id: uuid.UUID,
        entries: Sequence[ImportEntry],
        *,
        by: str,
        source: str,
        department: str = "",
        shift: str = "",
        put_on_map: bool = False,
        form_id: uuid.UUID | None = None,
        maybe: Sequence[str] | None = None,
        same: Sequence[tuple[ImportEntry, uuid.UUID]] = (),
    ) -> Self:
        """Make contacts of these people. Raises NotAllowed.

        `department`, `shift`: of all for whom nothing else is named that the map has; `put_on_map`: what is named and
        missing there is put there. `maybe`: what `maybe_there` said of each, if it was asked before nobody else could
        write. `same`: who is somebody known by this id, and has their number from here, too.
        """
        known = cls.of(site_id, form_id) if form_id else None
        if known is not None:
            return known
        there = db.session.scalar(select(func.count()).select_from(Contact).filter_by(site_id=site_id)) or 0
        if there + len(entries) > CONTACTS_MAX:
            raise NotAllowed(Why.NO_ROOM, room=max(CONTACTS_MAX - there, 0))
        maybe = maybe_there(site_id, entries) if maybe is None else maybe
        units = NamedUnits(site_id)
        if put_on_map:
            units.put(entries)
        versions: dict[str, int] = {}
        for entry, like in zip(entries, maybe, strict=True):
            contact = Contact.add(
                site_id,
                entry.name,
                by=by,
                nickname=entry.nickname,
                title=entry.title,
                phone=entry.phone,
                reach=entry.reach,
                notes=entry.notes,
                department=units.of(entry, "department") or department,
                shift=units.of(entry, "shift") or shift,
                maybe=like,
                came_from=source,
            )
            versions[contact.id.hex] = contact.version
        given = sum(_give(site_id, contact_id, entry) for entry, contact_id in same)
        at = now()
        what = TakenIn(contacts=versions, by=by, source=source, given=given, at=at.isoformat())
        made = cls(site_id=site_id, id=form_id, made_on=at.date(), what=what)
        db.session.add(made)
        db.session.flush()
        return made

    @classmethod
    def at(cls, site_id: uuid.UUID) -> list[Self]:
        """Those of a site that can still be undone, the last first."""
        here = db.session.scalars(select(cls).filter_by(site_id=site_id))
        return sorted((one for one in here if not one.over), key=lambda one: one.made_at, reverse=True)

    @classmethod
    def of(cls, site_id: uuid.UUID, import_id: uuid.UUID) -> Self | None:
        """One of a site's that can still be undone."""
        found = db.session.get(cls, (site_id, import_id))
        return None if found is None or found.over else found

    @classmethod
    def is_sweep_due(cls, site_id: uuid.UUID) -> bool:
        """Is there one that nobody can undo any more?"""
        return any(one.over for one in db.session.scalars(select(cls).filter_by(site_id=site_id)))

    @classmethod
    def sweep(cls, site_id: uuid.UUID) -> bool:
        """Delete what nobody can undo any more, so that nothing says who came in together. Was there anything?"""
        old = [one for one in db.session.scalars(select(cls).filter_by(site_id=site_id)) if one.over]
        for one in old:
            db.session.delete(one)
        return bool(old)

    @classmethod
    def let_go(cls, site_id: uuid.UUID, hex_ids: Collection[str]) -> None:
        """Those with these ids are forgotten: there is nothing of them to be undone."""
        for one in db.session.scalars(select(cls).filter_by(site_id=site_id)):
            left = {hex_id: version for hex_id, version in one.what.contacts.items() if hex_id not in hex_ids}
            if len(left) < len(one.what.contacts):
                one.what = dataclasses.replace(one.what, contacts=left)

    @property
    def count(self) -> int:
        """How many it took in, without those who wait to be forgotten."""
        here = select(Contact.id).filter_by(site_id=self.site_id)
        ids = map(uuid.UUID, self.what.contacts)
        return sum(len(db.session.scalars(here.where(Contact.id.in_(some))).all()) for some in batches(ids))

    @property
    def made_at(self) -> datetime:
        """When; where a release before wrote it, as late as that day can have been."""
        if self.what.at:
            return datetime.fromisoformat(self.what.at)
        return datetime.combine(self.made_on + timedelta(days=1), time.min, UTC)

    @property
    def over(self) -> bool:
        """Can nobody undo it any more?"""
        return self.until <= now()

    @property
    def until(self) -> datetime:
        """Until when it can be undone."""
        return self.made_at + UNDONE_FOR

    def undo(self) -> tuple[int, int]:
        """Delete those whom nobody has touched since, and this. How many went, and how many stayed."""
        versions = {uuid.UUID(hex=hex_id): version for hex_id, version in self.what.contacts.items()}
        touched = self._in_use()
        ids, there = [], 0
        for contact in self._rows(versions):
            there += 1
            if contact.version == versions[contact.id] and not contact.merged_into and contact.id not in touched:
                ids.append(contact.id)
        for some in batches(ids):
            delete_all_of(self.site_id, some)
        gone = {one.hex for one in ids}
        for other in db.session.scalars(Contact.rows_at(self.site_id)):
            if other.brief.maybe in gone:
                other.brief = dataclasses.replace(other.brief, maybe="")
        db.session.execute(delete(type(self)).filter_by(site_id=self.site_id, id=self.id))
        return len(ids), there - len(ids)

    def _rows(self, ids: Iterable[uuid.UUID]) -> Iterator[Any]:
        for some in batches(ids):
            columns = select(Contact.id, Contact.version, Contact.merged_into).filter_by(site_id=self.site_id)
            # Who would note something of them just now, waits.
            yield from db.session.execute(columns.where(Contact.id.in_(some)).with_for_update())

    def _in_use(self) -> set[uuid.UUID]:
        """Contacts of whom something was noted, or who are others' by now."""
        found: set[uuid.UUID] = set()
        for record in OfContact.__subclasses__():
            found |= set(db.session.scalars(select(record.contact_id).filter_by(site_id=self.site_id).distinct()))
        merged = select(Contact.merged_into).filter_by(site_id=self.site_id).where(Contact.merged_into.is_not(None))
        return found | {one for one in db.session.scalars(merged) if one is not None}


def _give(site_id: uuid.UUID, contact_id: uuid.UUID, entry: ImportEntry) -> bool:
    """Somebody known has another number: theirs from now on, and the one before is among the other ways to reach them.

    Raises NotAllowed where there is no room for them all.
    """
    contact = Contact.of(site_id, contact_id, to_change=True)
    if contact is None:
        return False
    before, phone = contact.brief.phone, entry.phone or contact.brief.phone
    ways = [contact.details.reach, before if before != phone else "", *entry.phones, *entry.ways]
    known = dict.fromkeys(way for one in ways for way in one.split(", ") if way and way != phone)
    contact.change(based_on=contact.version, phone=phone, reach=", ".join(known))
    return True


def maybe_there(site_id: uuid.UUID, entries: Iterable[ImportEntry]) -> list[str]:
    """For each the hex id of a contact who may be the same person, or nothing."""
    here = AlreadyHere(everybody(site_id))
    return [next((one.id.hex for one in here.like(entry)), "") for entry in entries]


class AlreadyHere:
    """Who of a site may be somebody in a file: what Contact.looks_like says, without asking everybody for each."""

    def __init__(self, people: Iterable[Listed]) -> None:
        self._by_phone: dict[str, list[Listed]] = defaultdict(list)
        self._by_word: dict[str, list[tuple[str, Listed]]] = defaultdict(list)
        self._by_slip: dict[int, list[tuple[str, Listed]]] = defaultdict(list)  # by their hashes, which are smaller
        for one in people:
            if one.brief.phone:
                self._by_phone[one.brief.phone].append(one)
            for key in one.names:
                pair = (key, one)
                for word in set(key.split()):
                    self._by_word[word].append(pair)
                for slip in slips(key) if len(self._by_slip) < SLIPS_MAX else (key.replace(" ", ""),):
                    self._by_slip[hash(slip)].append(pair)

    def like(self, entry: ImportEntry) -> list[Listed]:
        """Those of them who have the number or the very name; where nobody has, some whose name is like it."""
        keys = list(filter(None, map(name_key, (entry.name, entry.nickname))))
        found = {one.id: one for number in entry.phones for one in self._by_phone.get(number, ())}
        for key in keys:
            found |= {one.id: one for known, one in self._by_slip.get(hash(key.replace(" ", "")), ()) if known == key}
        if not found:
            asked = itertools.islice((pair for key in keys for pair in self._near(key)), ASKED_MAX)
            found = {one.id: one for name, known, one in asked if alike(name, known)}
        return list(found.values())[:LIKE_MAX]

    def _near(self, key: str) -> Iterator[tuple[str, str, Listed]]:
        """Those who are it but for a slip; and those with a word in common and little that differs, by rare words."""
        known_by = {(known, one.id): one for slip in slips(key) for known, one in self._by_slip.get(hash(slip), ())}
        yield from ((key, known, one) for (known, _id), one in known_by.items())
        words = key.split()
        rare = sorted({*words}, key=lambda word: len(self._by_word.get(word, ())))
        with_one = itertools.chain.from_iterable(self._by_word.get(word, ()) for word in rare)
        for known, one in itertools.islice(with_one, LOOKED_AT):
            if _may_be(words, known.split()):
                yield key, known, one


def _may_be(words: Sequence[str], others: Sequence[str]) -> bool:
    """Is it worth it to ask `alike`, which takes its time?"""
    mine = [word for word in words if word not in others]
    theirs = [word for word in others if word not in words]
    if not mine or not theirs:
        return True
    if any(len(word) == 1 for word in (*mine, *theirs)):
        return any(one[0] == two[0] for one in mine for two in theirs)
    one, two = mine[0], theirs[0]
    # A slip leaves the beginning or the end as it is.
    return len(mine) == len(theirs) == 1 and abs(len(one) - len(two)) < 2 and (one[0] == two[0] or one[-1] == two[-1])
