"""Any history of a network: nobody opens what they should not, everybody opens what they should.

Beside the house stands a plain model of it: who is in which site, what was sealed there, and under which of its keys.
The model counts keys as epochs: two keys are the same only if they have the same epoch, whatever generation they bear.
What passes, and who is locked out, the rules say, which have tests of their own: here is asked what comes of it.
After each step the model is compared with the bytes in the file, with what members open, and with what thieves can.
"""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import datetime
import itertools
import pathlib
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Callable, Iterator
from unittest import mock

import pytest
from flask import current_app
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bulletin import db as database_module, migrations
from bulletin.backup import departures, envelope, making, restoring
from bulletin.config import Settings
from bulletin.db import db, owned_records
from bulletin.domain.portability import leaving
from bulletin.domain.site import founding, site_keys
from bulletin.domain.site.accounts.members import Member, Membership
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.governance import bringing_in, consequences, register
from bulletin.domain.site.governance.consequences import Visit
from bulletin.domain.site.governance.outcomes import What
from bulletin.domain.site.governance.roll import Matter, Person as Known, Question, Roll
from bulletin.domain.site.governance.rules import Rules
from bulletin.domain.site.governance.standing import LONG
from bulletin.domain.site.invitations import LASTS, Invitation
from bulletin.domain.site.refusals import NotAllowed, Why
from bulletin.domain.site.sites import Network, Site
from bulletin.vault import keys, tenancy
from tests.refusals import not_allowed

from .conftest import ABOUT, ROOMS

DAY = datetime.timedelta(days=1)
SITES, PEOPLE, LOOT = 3, 9, 6  # at most, so that a history is about something
SEALED = (("event", "what"), ("register", "roll"), ("register_mark", "mark"), ("inbox_key", "secret"))
ANY = st.integers(0, 60)  # which of those there are: the model takes it modulo


@dataclasses.dataclass
class Person:
    """Somebody with words of their own, whether they have an account now or not."""

    handle: str
    words: str
    private: keys.PrivateKey
    locked: bytes
    id: uuid.UUID | None = None


@dataclasses.dataclass
class Place:
    id: uuid.UUID
    locked_at: datetime.datetime | None = None  # then there is no copy of the key

    @property
    def locked(self) -> bool:
        return self.locked_at is not None


@dataclasses.dataclass
class Room:
    """A site as the model knows it. `epochs`: which key each generation is. `said`: who sealed which words there."""

    id: uuid.UUID
    epochs: dict[int, int]
    places: dict[str, Place] = dataclasses.field(default_factory=dict)
    roll: Roll = dataclasses.field(default_factory=Roll)
    said: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    generation: int = 1
    due: bool = False
    restored: bool = False

    @property
    def epoch(self) -> int:
        return self.epochs[self.generation]

    def inside(self) -> list[str]:
        """Who may open it."""
        return [handle for handle, place in self.places.items() if not place.locked]


@dataclasses.dataclass
class Link:
    secret: bytes
    id: uuid.UUID
    site: uuid.UUID
    by: str
    issued: datetime.datetime


@dataclasses.dataclass
class World:
    """What a backup holds."""

    rooms: dict[uuid.UUID, Room] = dataclasses.field(default_factory=dict)
    accounts: set[str] = dataclasses.field(default_factory=set)


@dataclasses.dataclass
class Gone:
    """What no restore brings back: outside of any backup. `locks`: False for one who was let in again."""

    sites: set[uuid.UUID] = dataclasses.field(default_factory=set)
    places: set[uuid.UUID] = dataclasses.field(default_factory=set)
    accounts: set[str] = dataclasses.field(default_factory=set)
    locks: dict[uuid.UUID, bool] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Loot:
    """What one member took along: the key at that time, their sealed copy of it, and the rows as they were."""

    thief: str
    site: uuid.UUID
    key_of: dict[int, tuple[int, bytes]]  # by epoch: generation and key
    sealed_key: bytes
    context: bytes
    rows: list[Row]


@dataclasses.dataclass(frozen=True)
class Row:
    id: uuid.UUID
    site: uuid.UUID
    where: tuple[str, str]
    sealed: bytes

    def open(self, ring: keys.Keyring) -> bytes:
        return ring.open(self.site, *self.where, self.id, self.sealed)


def told(roll: Roll) -> tuple[object, ...]:
    """All that a roll says, whatever ids its questions were given and however often it was written."""
    asked = sorted(repr(dataclasses.replace(question, id="")) for question in roll.questions)
    people = {person.member: person for person in roll.people}
    return people, asked, {one.id: one for one in roll.invited}, roll.passed, roll.number, roll.begun_at


def ring_of(site: uuid.UUID, generation: int, key: bytes) -> keys.Keyring:
    ring = keys.Keyring()
    ring.add(site, generation, key)
    return ring


def midnight_before(moment: datetime.datetime) -> datetime.datetime:
    """All that the database says of a lock is its day."""
    return datetime.datetime.combine(moment.date(), datetime.time.min, datetime.UTC)


class History(RuleBasedStateMachine):
    """One installation from its first day."""

    def __init__(self, folder: pathlib.Path, schema: pathlib.Path) -> None:
        super().__init__()
        self.world, self.gone, self.links = World(), Gone(), []
        self.people: dict[str, Person] = {}
        self.loot: list[Loot] = []
        self.backups: list[World] = []
        self.numbers = itertools.count(1)
        self.clock = datetime.datetime.now(datetime.UTC)
        self.instance = pathlib.Path(tempfile.mkdtemp(dir=folder))
        self.file = self.instance / "bulletin.db"
        shutil.copy(schema, self.file)
        self.open = contextlib.ExitStack()
        self.thief = self.open.enter_context(contextlib.closing(sqlite3.connect(self.file)))
        for room in (*ROOMS, database_module):
            if hasattr(room, "now"):
                self.open.enter_context(mock.patch.object(room, "now", self.now))
        self.schema = schema
        self.open.enter_context(mock.patch.object(restoring.command, "upgrade", self.migrated))
        self.app = making.open_house(Settings(), self.instance)
        departures.watch(self.app)
        self.open.enter_context(self.app.app_context())
        self.key = self.instance / "key.txt"
        self.key.write_text(envelope.new_key(self.instance))
        db.session.add(Network(name="Free Notes"))
        db.session.commit()

    def teardown(self) -> None:
        db.session.remove()
        db.engine.dispose()
        self.open.close()
        shutil.rmtree(self.instance)

    def now(self) -> datetime.datetime:
        return self.clock

    def migrated(self, _: object, revision: str) -> None:
        """The tables a restore begins with: those of the last schema, and so a copy of what its migrations made."""
        assert revision == making.scripts(current_app).get_current_head()
        aside = pathlib.Path(str(db.engine.url.database))
        assert not aside.exists()
        shutil.copy(self.schema, aside)

    # What the rules are made of

    def tick(self) -> None:
        """Another moment, and another request: nothing that the last one had loaded helps this one."""
        db.session.remove()
        self.clock += datetime.timedelta(seconds=1)

    def rooms(self) -> list[Room]:
        return [room for room in self.world.rooms.values() if room.inside()]

    def room(self, which: int) -> Room:
        return self.rooms()[which % len(self.rooms())]

    def one(self, room: Room, which: int) -> str:
        return room.inside()[which % len(room.inside())]

    def at(self, room: Room, handle: str) -> Membership:
        """Somebody's place, as it is looked up for one who asks."""
        member = Member.named(handle)
        assert member is not None
        membership = member.membership_at(room.id)
        assert membership is not None, f"{handle} is in this site"
        return membership

    def hex(self, handle: str) -> str:
        """The id by which the register knows somebody."""
        id_ = self.people[handle].id
        assert id_ is not None
        return id_.hex

    def handle(self, member: str) -> str:
        return next(person.handle for person in self.people.values() if person.id and person.id.hex == member)

    def known(self, handle: str, *, decides: bool = False) -> Known:
        """What the register says of whoever comes now."""
        return Known(
            member=self.hex(handle),
            handle=handle,
            public_key=keys.digest(self.people[handle].private.public).hex(),
            joined_at=self.clock.isoformat(),
            seen_on=self.clock.date().isoformat(),
            decides=decides,
        )

    @contextlib.contextmanager
    def inside(self, room: Room, handle: str) -> Iterator[tuple[Membership, keys.Keyring]]:
        membership = self.at(room, handle)
        tenancy.bind(db.session, room.id)
        with keys.opened(site_keys.open_site(membership, self.people[handle].private)) as ring:
            yield membership, ring
        tenancy.unbind(db.session)

    def somebody(self, which: int, new: bool) -> Member:
        """One who has an account, or a newcomer."""
        known = sorted(self.world.accounts)
        if known and (not new or len(known) >= PEOPLE):
            return Member.named(known[which % len(known)])
        handle = f"P{next(self.numbers)}"
        words = f"{handle} knows six words by heart"
        private, locked = keys.new_member(words)
        member = Member.join(handle, private.public, locked)
        db.session.flush()
        self.people[handle] = Person(handle, words, private, locked, member.id)
        self.world.accounts.add(handle)
        return member

    def rows(self) -> dict[uuid.UUID, list[Row]]:
        found: dict[uuid.UUID, list[Row]] = {room: [] for room in self.world.rooms}
        for table, column in SEALED:
            for id_, site, sealed in self.raw(f"SELECT id, site_id, {column} FROM {table}"):  # noqa: S608
                row = Row(uuid.UUID(id_), uuid.UUID(site), (table, column), sealed)
                found.setdefault(row.site, []).append(row)
        return found

    def raw(self, sql: str) -> list[tuple]:
        """What a thief of the disk reads: no session, no guard."""
        return self.thief.execute(sql).fetchall()

    def taken_away(self, room: Room, handle: str) -> None:
        self.gone.places.add(room.places.pop(handle).id)
        room.due = True
        self.links = [link for link in self.links if (link.site, link.by) != (room.id, handle)]

    def forgotten_if_nowhere(self, handle: str) -> None:
        if any(handle in room.places for room in self.world.rooms.values()):
            return
        self.world.accounts.discard(handle)
        self.gone.accounts.add(handle)

    def ended(self, room: Room) -> None:
        going = list(room.places)
        self.gone.places |= {place.id for place in room.places.values()}
        self.gone.sites.add(room.id)
        del self.world.rooms[room.id]
        self.links = [link for link in self.links if link.site != room.id]
        for each in going:
            self.forgotten_if_nowhere(each)

    # The rules, and what comes of them

    def by_the_rules(self, room: Room, deed: Callable[[Rules], object]) -> Rules | None:
        """How a site stands after a deed; None where the rules do not allow it."""
        rules = Rules(room.roll, self.clock)
        try:
            deed(rules)
        except NotAllowed:
            return None
        rules.settle()
        return rules

    def comes_of(self, room: Room, rules: Rules) -> None:
        room.roll = rules.roll()
        for outcome in rules.outcomes:
            handle = outcome.person.handle if outcome.person is not None else ""
            place = room.places.get(handle)
            if place is None:
                continue
            removed = outcome.what is What.PASSED and outcome.question.matter is Matter.REMOVAL
            if removed or outcome.what is What.LAPSED:
                self.taken_away(room, handle)
                self.forgotten_if_nowhere(handle)
            elif outcome.what is What.LOCKED:
                self.locked_out(room, place)
            elif outcome.what is What.LET_IN and place.locked:
                place.locked_at = None
                self.gone.locks[place.id] = False

    def locked_out(self, room: Room, place: Place) -> None:
        place.locked_at, room.due = self.clock, True
        self.gone.locks[place.id] = True

    def visit_by_the_rules(self, room: Room, handle: str) -> None:
        def visit(rules: Rules) -> None:
            if room.restored:
                rules.begin_anew()
            room.restored = False
            for person in list(rules.people.values()):
                place = room.places.get(person.handle)
                if person.member not in rules.people:
                    continue
                if place is None:
                    room.due = room.due or not person.missing_since
                    rules.miss(person.member)
                elif place.locked_at is not None and not person.is_locked:
                    rules.keep_out(person.member, midnight_before(place.locked_at) + LONG)
                    self.locked_out(room, place)
            rules.see(self.hex(handle))

        rules = self.by_the_rules(room, visit)
        assert rules is not None
        self.comes_of(room, rules)

    @contextlib.contextmanager
    def visiting(self, room: Room, handle: str) -> Iterator[tuple[Membership, keys.Keyring] | tuple[None, None]]:
        """Somebody opens a site, and what the rules bring about by then is done; None where they have no site then."""
        with self.inside(room, handle) as (me, ring):
            site_keys.hold(me)
            visit = consequences.visit(me)
            self.visit_by_the_rules(room, handle)
            if any(one.matter is Matter.DELETION for one in room.roll.passed):
                assert visit is Visit.DELETED
                leaving.end_site(me.site)
                self.ended(room)
            else:
                assert (visit is Visit.IN) == (handle in room.inside())
            db.session.commit()
            if visit is Visit.IN:
                yield me, ring
            else:
                yield None, None

    def does(self, room: Room, handle: str, expected: Callable[[Rules], object], deed: Callable[..., object]) -> bool:
        """Somebody comes and does this, where the rules allow it."""
        with self.visiting(room, handle) as (me, _):
            if me is None:
                return False
            rules = self.by_the_rules(room, expected)
            with self.refused(rules is None):
                deed(me)
                if rules is not None and rules.is_deleted():
                    leaving.end_site(me.site)
            if rules is not None:
                self.comes_of(room, rules)
                if rules.is_deleted():
                    self.ended(room)
        return rules is not None

    # Coming

    @initialize(people=st.integers(1, 5), sites=st.integers(1, 2))
    def begin(self, people: int, sites: int) -> None:
        for _ in range(sites):
            self.found(0, True)
        room = self.room(0)
        for _ in range(people - 1):
            self.tick()
            with self.inside(room, room.inside()[0]) as (me, _):
                member = self.somebody(0, True)
                place = founding.admit(me.site, member)
                db.session.commit()
                room.places[member.handle] = Place(place.id)
                rules = self.by_the_rules(
                    room, lambda rules, new=member.handle: rules.add(self.known(new, decides=True))
                )
                self.comes_of(room, rules)

    @precondition(lambda self: self.rooms())
    @rule(where=ANY, who=ANY, whom=ANY, new=st.booleans())
    def welcome(self, where: int, who: int, whom: int, new: bool) -> None:
        """All the way in: invited, with the word of others, there, and met by all."""
        room = self.room(where)
        self.invite(where, who)
        if not self.links or self.links[-1].issued != self.clock:
            return
        link = self.links[-1]
        for handle in room.inside():
            if link in self.links and not self.stands(link):
                self.tick()
                self.confirmed(link, handle)
        if link not in self.links:
            return
        there = set(room.places)
        self.join(self.links.index(link), whom, new)
        for newcomer in room.places.keys() - there:
            self.all_answer(room, Matter.NEWCOMER, self.hex(newcomer))

    def all_answer(self, room: Room, matter: Matter, about: str, *, yes: bool = True) -> None:
        for handle in room.inside():
            question = next((one for one in room.roll.questions if (one.matter, one.about) == (matter, about)), None)
            if question is not None and room.id in self.world.rooms and handle in room.inside():
                self.tick()
                self.answers(room, handle, question, yes=yes)

    @precondition(lambda self: any(len(room.inside()) > 2 for room in self.rooms()))
    @rule(where=ANY, whom=ANY, out=st.booleans())
    def lock_out(self, where: int, whom: int, out: bool) -> None:
        """Two say so at once; `out`: all do, and three days later that person is gone. They had taken the key along."""
        self.tick()
        large = [room for room in self.rooms() if len(room.inside()) > 2]
        room = large[where % len(large)]
        about = room.inside()[whom % len(room.inside())]
        if len(self.loot) < LOOT:
            self.stolen(room, about)
        for handle in [each for each in room.inside() if each != about][: None if out else 2]:
            if {handle, about} <= room.places.keys() and handle in room.inside():
                self.tick()
                self.asks(room, handle, Matter.REMOVAL, self.hex(about))
        self.clock += 3 * DAY if out else DAY
        if room.inside():
            self.tick()
            self.opens(room, room.inside()[whom % len(room.inside())], 8)

    @precondition(lambda self: len(self.world.rooms) < SITES)
    @rule(who=ANY, new=st.booleans())
    def found(self, who: int, new: bool) -> None:
        self.tick()
        member = self.somebody(who, new)
        site, _ = founding.found_site(Network.here(), member, name=f"Site {next(self.numbers)}", **ABOUT)
        place = Membership.at(site)[0]
        roll = Roll(people=(self.known(member.handle, decides=True),))
        self.world.rooms[site.id] = Room(site.id, {1: next(self.numbers)}, {member.handle: Place(place.id)}, roll)
        db.session.commit()

    @precondition(lambda self: self.rooms())
    @rule(where=ANY, who=ANY)
    def invite(self, where: int, who: int) -> None:
        self.tick()
        room = self.room(where)
        handle, id_, secrets = self.one(room, who), uuid.uuid4(), []

        def invites(me: Membership) -> None:
            _, secret = bringing_in.invite(me, form_id=id_)
            secrets.append(secret)

        if self.does(room, handle, lambda rules: rules.propose(id_.hex, self.hex(handle)), invites):
            self.links.append(Link(secrets[0], id_, room.id, handle, self.clock))

    def valid(self, link: Link) -> bool:
        return self.clock - link.issued < LASTS

    def stands(self, link: Link) -> bool:
        rules = Rules(self.world.rooms[link.site].roll, self.clock)
        invited = rules.invited.get(link.id.hex)
        return self.valid(link) and invited is not None and rules.is_ready(invited)

    def waiting(self) -> list[Link]:
        return [link for link in self.links if self.world.rooms[link.site].inside()]

    @precondition(lambda self: self.waiting())
    @rule(which=ANY, who=ANY)
    def confirm(self, which: int, who: int) -> None:
        self.tick()
        link = self.waiting()[which % len(self.waiting())]
        self.confirmed(link, self.one(self.world.rooms[link.site], who))

    def confirmed(self, link: Link, handle: str) -> None:
        room, me = self.world.rooms[link.site], self.hex(handle)

        def confirms(rules: Rules) -> None:
            invited = rules.invited.get(link.id.hex)
            if invited is None:
                raise NotAllowed(Why.NOBODY_ASKS)
            if me not in invited.yes or invited.by == me:
                rules.confirm(link.id.hex, me)

        self.does(room, handle, confirms, lambda place: bringing_in.confirm(place, link.id))

    @contextlib.contextmanager
    def refused(self, expected: bool) -> Iterator[None]:
        """Refused where the rules say so, and only there; kept otherwise."""
        try:
            yield
        except NotAllowed:
            db.session.rollback()
            assert expected, "the rules allow it"
        else:
            db.session.commit()
            assert not expected, "the rules do not allow it"

    @precondition(lambda self: self.links)
    @rule(which=ANY, who=ANY, new=st.booleans())
    def join(self, which: int, who: int, new: bool) -> None:
        self.tick()
        link = self.links[which % len(self.links)]
        found = bringing_in.found(link.secret)
        assert (found is not None) == self.stands(link)
        if found is None:
            return
        room, member = self.world.rooms[link.site], self.somebody(who, new)
        handle = member.handle
        already = handle in room.places
        with self.refused(already):
            membership = bringing_in.answer(found, link.secret, member)
            db.session.flush()
            rules = Rules(room.roll, self.clock)
            rules.answer_invitation(rules.invited[link.id.hex], self.known(handle))
            rules.settle()
            room.places[handle] = Place(membership.id)
            self.comes_of(room, rules)
            self.links.remove(link)
        tenancy.unbind(db.session)

    # Being there

    @precondition(lambda self: self.rooms())
    @rule(where=ANY, who=ANY, word=st.text(max_size=90))
    def seal(self, where: int, who: int, word: str) -> None:
        self.tick()
        room = self.room(where)
        handle = self.one(room, who)
        with self.visiting(room, handle) as (me, _):
            if me is None:
                return
            Event.note(me.site, Deed.CONTACTS_IMPORTED, by=handle, whom=word)
            db.session.commit()
        room.said.append((handle, word))

    @precondition(lambda self: self.rooms())
    @rule(where=ANY, who=ANY, limit=st.integers(1, 8))
    def open_and_rotate(self, where: int, who: int, limit: int) -> None:
        self.tick()
        room = self.room(where)
        self.opens(room, self.one(room, who), limit)

    def opens(self, room: Room, handle: str, limit: int) -> None:
        with self.visiting(room, handle) as (me, ring):
            if me is None:
                return
            assert site_keys.rotate_if_due(me.site, ring) == room.due
            if room.due:
                room.due, room.generation = False, room.generation + 1
                room.epochs[room.generation] = next(self.numbers)
                self.links = [link for link in self.links if link.site != room.id]
            db.session.commit()
            stale = sum(keys.generation_of(row.sealed) != room.generation for row in self.rows()[room.id])
            assert site_keys.reseal_some(me.site, ring, limit) == min(stale, limit)
            db.session.commit()
        if not stale:
            room.epochs = {room.generation: room.epoch}

    @precondition(lambda self: self.rooms() and len(self.loot) < LOOT)
    @rule(where=ANY, who=ANY)
    def steal(self, where: int, who: int) -> None:
        self.tick()
        room = self.room(where)
        self.stolen(room, self.one(room, who))

    def stolen(self, room: Room, handle: str) -> None:
        with self.inside(room, handle) as (me, ring):
            taken = {epoch: (number, ring.site_key(room.id, number)) for number, epoch in room.epochs.items()}
            sealed_key, context = bytes(me.sealed_key), me._context()
            db.session.commit()
        self.loot.append(Loot(handle, room.id, taken, sealed_key, context, self.rows()[room.id]))

    # Going

    @precondition(lambda self: any(len(room.places) > 1 for room in self.rooms()))
    @rule(where=ANY, whom=ANY, who=ANY)
    def ask_removal(self, where: int, whom: int, who: int) -> None:
        self.tick()
        room = self.room(where)
        about = sorted(room.places)[whom % len(room.places)]
        self.asks(room, self.one(room, who), Matter.REMOVAL, self.hex(about))

    @precondition(lambda self: any(len(room.inside()) > 1 for room in self.rooms()))
    @rule(where=ANY, who=ANY)
    def ask_deletion(self, where: int, who: int) -> None:
        self.tick()
        room = max(self.rooms(), key=lambda one: len(one.inside())) if where % 2 else self.room(where)
        self.asks(room, self.one(room, who), Matter.DELETION, "")

    def asks(self, room: Room, handle: str, matter: Matter, about: str) -> None:
        me = self.hex(handle)
        self.does(
            room,
            handle,
            lambda rules: rules.ask(matter, me, about),
            lambda place: consequences.ask(place, matter, about),
        )

    def asked(self) -> bool:
        return any(room.roll.questions for room in self.rooms())

    @precondition(asked)
    @rule(where=ANY, which=ANY, who=ANY, yes=st.sampled_from([True, False, None]))
    def answer(self, where: int, which: int, who: int, yes: bool | None) -> None:
        """Yes, no, or what was said is taken back."""
        self.tick()
        busy = [room for room in self.rooms() if room.roll.questions]
        room = busy[where % len(busy)]
        question = room.roll.questions[which % len(room.roll.questions)]
        self.answers(room, self.one(room, who), question, yes=yes)

    def answers(self, room: Room, handle: str, question: Question, *, yes: bool | None) -> None:
        me = self.hex(handle)

        def one_of(rules: Rules) -> str:
            found = rules.open_on(question.matter, question.about)
            if found is None:
                raise NotAllowed(Why.NOBODY_ASKS)
            return found.id

        def expected(rules: Rules) -> None:
            if yes is None:
                rules.withdraw(one_of(rules), me)
            else:
                rules.answer(one_of(rules), me, yes=yes)

        def deed(place: Membership) -> None:
            id_ = uuid.UUID(one_of(register.rules_of(place.site)))
            if yes is None:
                consequences.withdraw(place, id_)
            else:
                consequences.answer(place, id_, yes=yes)

        self.does(room, handle, expected, deed)

    @rule(days=st.sampled_from([0.5, 1, 3, 14]))
    def days_pass(self, days: float) -> None:
        self.tick()
        self.clock += days * DAY
        Invitation.sweep()
        db.session.commit()
        # The database knows the day alone; until it is over the register says what is valid.
        self.links = [link for link in self.links if self.clock.date() - link.issued.date() <= LASTS]

    @precondition(lambda self: self.rooms())
    @rule(where=ANY, who=ANY)
    def leave(self, where: int, who: int) -> None:
        self.tick()
        room = self.room(where)
        handle = self.one(room, who)
        with self.visiting(room, handle) as (me, _):
            if me is None:
                return
            leaving.leave(me)
            db.session.commit()
        if len(room.places) == 1:
            self.ended(room)
            return
        rules = self.by_the_rules(room, lambda rules: rules.leave(self.hex(handle)))
        self.comes_of(room, rules)
        self.taken_away(room, handle)
        self.forgotten_if_nowhere(handle)

    # Losing nothing

    @precondition(lambda self: self.rooms() and len(self.backups) < 2)
    @rule()
    def back_up(self) -> None:
        self.tick()
        making.make(self.app, self.instance / f"{len(self.backups)}.age")
        self.backups.append(copy.deepcopy(self.world))

    @precondition(lambda self: self.backups)
    @rule(which=ANY)
    def restore(self, which: int) -> None:
        self.tick()
        which %= len(self.backups)
        world = copy.deepcopy(self.backups[which])
        for id_ in self.gone.sites & world.rooms.keys():
            del world.rooms[id_]
        for room in world.rooms.values():
            room.due = room.restored = True
            room.places = {handle: place for handle, place in room.places.items() if place.id not in self.gone.places}
            for place in room.places.values():
                if self.gone.locks.get(place.id) and not place.locked:
                    place.locked_at = self.clock
        world.rooms = {id_: room for id_, room in world.rooms.items() if room.inside()}
        world.accounts = {handle for room in world.rooms.values() for handle in room.places}
        restoring.restore(self.app, self.instance / f"{which}.age", self.key, replace=True)
        self.world, self.links = world, []

    # What always holds

    @invariant()
    def the_database_says_what_the_model_says(self) -> None:
        handle_of = {person.id.hex: person.handle for person in self.people.values()}
        assert {handle_of[id_] for (id_,) in self.raw("SELECT id FROM member")} == self.world.accounts
        sites = self.raw("SELECT id, generation, rotation_due, restored FROM site")
        assert {(uuid.UUID(id_), generation, bool(due), bool(new)) for id_, generation, due, new in sites} == {
            (room.id, room.generation, room.due, room.restored) for room in self.world.rooms.values()
        }
        columns = "site_id, member_id, id, locked_on IS NOT NULL, length(sealed_key) = 0"
        assert {
            (site, handle_of[who], id_, bool(locked), bool(without))
            for site, who, id_, locked, without in self.raw(f"SELECT {columns} FROM membership")  # noqa: S608
        } == {
            (room.id.hex, handle, place.id.hex, place.locked, place.locked)
            for room in self.world.rooms.values()
            for handle, place in room.places.items()
        }
        assert {uuid.UUID(id_) for (id_,) in self.raw("SELECT id FROM invitation")} == {link.id for link in self.links}

    @invariant()
    def nobody_is_locked_out_for_more_than_two_weeks_once_another_has_come(self) -> None:
        for room in self.world.rooms.values():
            seen = [one.seen_on for one in room.roll.people]
            for person in room.roll.people:
                place = room.places.get(person.handle)
                if place is not None and place.locked_at is not None and not room.restored:
                    assert max(seen) <= (place.locked_at + LONG).date().isoformat()

    @invariant()
    def a_site_without_members_has_no_rows_left(self) -> None:
        peopled = {room.id.hex for room in self.world.rooms.values() if room.places}
        for table in ("site", *sorted(record.__tablename__ for record in owned_records()), "membership", "invitation"):
            column = "id" if table == "site" else "site_id"
            left = {site for (site,) in self.raw(f"SELECT {column} FROM {table}")}  # noqa: S608
            assert left <= peopled, table

    @invariant()
    def who_is_inside_opens_everything_and_nobody_else_anything(self) -> None:
        self.tick()
        rows = self.rows()
        for room in self.world.rooms.values():
            generations = {keys.generation_of(row.sealed) for row in rows[room.id]}
            assert generations <= room.epochs.keys()
            first = True
            for handle in self.world.accounts:
                member = Member.named(handle)
                if handle not in room.inside():
                    assert member.membership_at(room.id) is None
                    continue
                tenancy.bind(db.session, room.id)
                ring = site_keys.open_site(member.membership_at(room.id), self.people[handle].private)
                opened = [row.open(ring) for row in rows[room.id]]
                assert len(opened) > len(room.said)
                for other in self.world.rooms:
                    for row in rows[other] if other != room.id else ():
                        with pytest.raises(LookupError):
                            row.open(ring)
                        if first:  # nor do the keys open it under another site's name
                            for number in room.epochs:
                                key = ring.site_key(room.id, number)
                                forged = ring_of(other, keys.generation_of(row.sealed), key)
                                with pytest.raises(keys.DoesNotOpen):
                                    row.open(forged)
                if first:
                    with keys.opened(ring):
                        events = [event for event in Event.at(room.id) if event.deed is Deed.CONTACTS_IMPORTED]
                        assert sorted((event.by, event.whom) for event in events) == sorted(room.said)
                        assert told(register.roll_of(db.session.get(Site, room.id))) == told(room.roll)
                    first = False
                tenancy.unbind(db.session)
        db.session.rollback()

    @invariant()
    def what_was_stolen_opens_nothing_that_came_after(self) -> None:
        rows = self.rows()
        former = self.raw("SELECT site_id, generation, wrapped FROM former_key")
        copies = self.raw("SELECT site_id, member_id, sealed_key FROM membership")
        for loot in self.loot:
            thief = self.people[loot.thief]
            key = keys.open_with(thief.private, loot.sealed_key, loot.context)
            assert key in {key for _, key in loot.key_of.values()}, "what was taken opens what was"
            ring = keys.Keyring()
            for number, key in loot.key_of.values():
                ring.add(loot.site, number, key)
            for row in loot.rows:
                assert row.open(ring)
            room = self.world.rooms.get(loot.site)
            for row in rows.get(loot.site, ()):
                number = keys.generation_of(row.sealed)
                for epoch, (_, key) in loot.key_of.items():
                    forged = ring_of(loot.site, number, key)
                    if room.epochs[number] == epoch:
                        assert row.open(forged)
                    else:
                        with pytest.raises((keys.DoesNotOpen, LookupError)):
                            row.open(forged)
                if room.epochs[number] not in loot.key_of:
                    with pytest.raises((keys.DoesNotOpen, LookupError)):
                        row.open(ring)
            for site, number, wrapped in former:
                if uuid.UUID(site) == loot.site:
                    about = keys.context("former key", loot.site, number)
                    for _, key in loot.key_of.values():
                        with contextlib.suppress(keys.DoesNotOpen):
                            assert keys.unwrap(key, wrapped, about) in {key for _, key in loot.key_of.values()}
            for site, member, sealed_key in copies:
                if uuid.UUID(site) == loot.site and uuid.UUID(member) != thief.id:
                    for whose in (uuid.UUID(member), thief.id):
                        with pytest.raises(keys.DoesNotOpen):
                            keys.open_with(thief.private, sealed_key, keys.context("site key", loot.site, whose))
                    break


@pytest.fixture
def run(tmp_path: pathlib.Path):
    """run(examples, steps): so many histories."""

    def runs(examples: int, steps: int) -> None:
        app = making.open_house(Settings(), tmp_path / "schema")
        (tmp_path / "schema").mkdir()
        with app.app_context():
            migrations.migrate(app)
            db.engine.dispose()
        run_state_machine_as_test(
            lambda: History(tmp_path, tmp_path / "schema" / "bulletin.db"),
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                print_blob=True,
                suppress_health_check=list(HealthCheck),
            ),
        )

    return runs


def test_any_history(run):
    run(4, 20)


@pytest.mark.attack
def test_many_long_histories(run):
    run(100, 50)


# What the histories found first


def lock_out(depot, whom, *by):
    for person in by:
        with person.inside(depot):
            consequences.ask(person.at(depot), Matter.REMOVAL, whom.member.id.hex)
            db.session.commit()


def test_where_nobody_is_free_any_more_those_who_are_locked_out_come_in(depot, rosa, bill, clara, join):
    join(bill)
    join(clara)
    lock_out(depot, bill, rosa, clara)
    assert bill.member.membership_at(depot.id) is None
    for person in (rosa, clara):
        with person.inside(depot):
            leaving.leave(person.at(depot))
            db.session.commit()
    assert Site.count() == 1
    with bill.inside(depot) as ring:
        assert consequences.standing_of(bill.at(depot)) is Visit.IN
        assert site_keys.rotate_if_due(depot, ring)
        db.session.commit()


def test_who_is_locked_out_is_refused_at_the_door_too(depot, rosa, bill, clara, join):
    join(bill)
    join(clara)
    with rosa.inside(depot):
        invitation, secret = bringing_in.invite(rosa.at(depot))
        db.session.flush()
        bringing_in.confirm(clara.at(depot), invitation.id)
        db.session.commit()
    lock_out(depot, bill, rosa, clara)
    found = bringing_in.found(secret)
    with not_allowed(Why.IN_ALREADY), db.session.begin_nested():
        bringing_in.answer(found, secret, bill.member)


def test_who_is_locked_out_opens_no_back_door(depot, rosa, bill, clara, join):
    join(bill)
    join(clara)
    with bill.inside(depot):
        invitation, secret = bringing_in.invite(bill.at(depot))
        db.session.flush()
        bringing_in.confirm(clara.at(depot), invitation.id)
        db.session.commit()
    assert bringing_in.found(secret) is not None
    db.session.commit()
    lock_out(depot, bill, rosa, clara)
    assert bringing_in.found(secret) is None
