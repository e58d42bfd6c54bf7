"""Any history of a network: nobody opens what they should not, everybody opens what they should.

Beside the house stands a plain model of it: who is in which site, what was sealed there, and under which of its keys.
The model counts keys as epochs: two keys are the same only if they have the same epoch, whatever generation they bear.
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
from collections.abc import Iterator
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

from bulletin import db as database_module
from bulletin.backup import departures, envelope, making, restoring
from bulletin.config import Settings
from bulletin.db import db, owned_records
from bulletin.domain.portability import leaving
from bulletin.domain.site import founding, site_keys
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.invitations import Invitation
from bulletin.domain.site.members import Member, Membership
from bulletin.domain.site.refusals import NotAllowed
from bulletin.domain.site.sites import Network, Site
from bulletin.vault import keys, tenancy

from .conftest import ABOUT, ROOMS

DAY = datetime.timedelta(days=1)
WEEK = datetime.timedelta(days=7)
SITES, PEOPLE, LOOT = 3, 9, 6  # at most, so that a history is about something
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
    joined: datetime.datetime
    early: bool  # came while there were fewer than three
    asked_by: str | None = None
    seconded: datetime.datetime | None = None


@dataclasses.dataclass
class Room:
    """A site as the model knows it. `epochs`: which key each generation is. `said`: deed, by and whom of each event."""

    id: uuid.UUID
    epochs: dict[int, int]
    places: dict[str, Place] = dataclasses.field(default_factory=dict)
    said: list[tuple[str, str, str]] = dataclasses.field(default_factory=list)
    generation: int = 1
    due: bool = False

    @property
    def epoch(self) -> int:
        return self.epochs[self.generation]

    def inside(self) -> list[str]:
        """Who may open it."""
        return [handle for handle, place in self.places.items() if place.seconded is None]

    def may_second(self, handle: str, now: datetime.datetime) -> bool:
        place = self.places[handle]
        return self.may_second_removal(handle, now) or (place.early and place.seconded is None)

    def may_second_removal(self, handle: str, now: datetime.datetime) -> bool:
        place = self.places[handle]
        return place.seconded is None and now - place.joined >= WEEK

    def lock(self, handle: str, now: datetime.datetime) -> None:
        self.places[handle].seconded = now
        self.void_requests_of_the_locked()

    def void_requests_of_the_locked(self) -> None:
        for place in self.places.values():
            if place.seconded is None and place.asked_by in self.places.keys() - set(self.inside()):
                place.asked_by = None


@dataclasses.dataclass
class Link:
    secret: bytes
    id: uuid.UUID
    site: uuid.UUID
    by: str
    issued: datetime.datetime
    seconded: bool


@dataclasses.dataclass
class World:
    """What a backup holds."""

    rooms: dict[uuid.UUID, Room] = dataclasses.field(default_factory=dict)
    accounts: set[str] = dataclasses.field(default_factory=set)


@dataclasses.dataclass
class Gone:
    """What no restore brings back: outside of any backup. `locks`: who had asked; False for one let in again."""

    sites: set[uuid.UUID] = dataclasses.field(default_factory=set)
    places: set[uuid.UUID] = dataclasses.field(default_factory=set)
    accounts: set[str] = dataclasses.field(default_factory=set)
    locks: dict[uuid.UUID, str | bool | None] = dataclasses.field(default_factory=dict)


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
    sealed: bytes

    def open(self, ring: keys.Keyring) -> bytes:
        return ring.open(self.site, "event", "what", self.id, self.sealed)


def ring_of(site: uuid.UUID, generation: int, key: bytes) -> keys.Keyring:
    ring = keys.Keyring()
    ring.add(site, generation, key)
    return ring


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

    def place(self, room: Room, handle: str) -> Membership:
        """Somebody's place, as others see it."""
        site = db.session.get(Site, room.id)
        return next(place for place in Membership.at(site) if place.member.handle == handle)

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
        self.people[handle] = Person(handle, words, private, locked, member.id)
        self.world.accounts.add(handle)
        return member

    def rows(self) -> dict[uuid.UUID, list[Row]]:
        found: dict[uuid.UUID, list[Row]] = {room: [] for room in self.world.rooms}
        for id_, site, sealed in self.raw("SELECT id, site_id, what FROM event"):
            row = Row(uuid.UUID(id_), uuid.UUID(site), sealed)
            found.setdefault(row.site, []).append(row)
        return found

    def raw(self, sql: str) -> list[tuple]:
        """What a thief of the disk reads: no session, no guard."""
        return self.thief.execute(sql).fetchall()

    def taken_away(self, room: Room, handle: str) -> None:
        self.gone.places.add(room.places.pop(handle).id)
        room.due = True
        self.links = [link for link in self.links if (link.site, link.by) != (room.id, handle)]
        for place in room.places.values():
            if place.asked_by == handle and place.seconded is None:
                place.asked_by = None

    def forgotten_if_nowhere(self, handle: str) -> None:
        if any(handle in room.places for room in self.world.rooms.values()):
            return
        self.world.accounts.discard(handle)
        self.gone.accounts.add(handle)
        for room in self.world.rooms.values():
            for place in room.places.values():
                place.asked_by = None if place.asked_by == handle else place.asked_by

    # Coming

    @initialize(people=st.integers(1, 5), sites=st.integers(1, 2))
    def begin(self, people: int, sites: int) -> None:
        for _ in range(sites):
            self.found(0, True)
        for number in range(people - 1):
            self.welcome(0, number, 0, True)

    @precondition(lambda self: self.rooms())
    @rule(where=ANY, who=ANY, whom=ANY, new=st.booleans())
    def welcome(self, where: int, who: int, whom: int, new: bool) -> None:
        """All the way in: invited, seconded by whoever may, and there."""
        room = self.room(where)
        self.invite(where, who)
        link = self.links[-1]
        for number, handle in enumerate(room.inside()):
            if not link.seconded and handle != link.by and room.may_second(handle, self.clock):
                self.second_invitation(self.waiting().index(link), number)
        self.join(self.links.index(link), whom, new)

    @precondition(lambda self: any(len(room.inside()) > 2 for room in self.rooms()))
    @rule(where=ANY, whom=ANY, who=ANY)
    def lock_out(self, where: int, whom: int, who: int) -> None:
        """All of a removal but its day."""
        self.tick()
        large = [room for room in self.rooms() if len(room.inside()) > 2]
        room = large[where % len(large)]
        if not any(room.may_second_removal(each, self.clock) for each in room.inside()):
            self.days_pass(7)
            return
        people = room.inside()
        about = people.pop(whom % len(people))
        place = room.places[about]
        if place.asked_by is None:
            place.asked_by = people[who % len(people)]
            self.place(room, about).ask_removal(self.at(room, place.asked_by))
        by = [each for each in people if each != place.asked_by and room.may_second_removal(each, self.clock)]
        if by:
            self.place(room, about).second_removal(self.at(room, by[0]))
            room.lock(about, self.clock)
            self.gone.locks[place.id] = place.asked_by
        db.session.commit()

    @precondition(lambda self: len(self.world.rooms) < SITES)
    @rule(who=ANY, new=st.booleans())
    def found(self, who: int, new: bool) -> None:
        self.tick()
        member = self.somebody(who, new)
        site, _ = founding.found_site(Network.here(), member, name=f"Site {next(self.numbers)}", **ABOUT)
        place = Membership.at(site)[0]
        self.world.rooms[site.id] = Room(
            site.id, {1: next(self.numbers)}, {member.handle: Place(place.id, self.clock, True)}
        )
        db.session.commit()

    @precondition(lambda self: self.rooms())
    @rule(where=ANY, who=ANY)
    def invite(self, where: int, who: int) -> None:
        self.tick()
        room = self.room(where)
        handle = self.one(room, who)
        me = self.at(room, handle)
        invitation, secret = Invitation.issue(me, me.open_key(self.people[handle].private))
        invitation.issued_at = self.clock  # its default is not ours to move
        self.links.append(Link(secret, invitation.id, room.id, handle, self.clock, False))
        db.session.commit()

    def valid(self, link: Link) -> bool:
        return self.clock - link.issued < WEEK

    def stands(self, link: Link) -> bool:
        room = self.world.rooms[link.site]
        return self.valid(link) and (link.seconded or len(room.places) < 3) and link.by in room.inside()

    def waiting(self) -> list[Link]:
        return [link for link in self.links if not link.seconded and self.world.rooms[link.site].inside()]

    @precondition(lambda self: self.waiting())
    @rule(which=ANY, who=ANY)
    def second_invitation(self, which: int, who: int) -> None:
        self.tick()
        link = self.waiting()[which % len(self.waiting())]
        room = self.world.rooms[link.site]
        handle = self.one(room, who)
        me = self.at(room, handle)
        found = [invitation for invitation in Invitation.open_at(me.site) if invitation.id == link.id]
        assert bool(found) == self.valid(link)
        if found:
            with self.refused(handle == link.by or not room.may_second(handle, self.clock)):
                found[0].second(me)
                link.seconded = True

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
        found = Invitation.found(link.secret)
        assert (found is not None) == self.stands(link)
        if found is None:
            return
        room, member = self.world.rooms[link.site], self.somebody(who, new)
        handle = member.handle
        already = handle in room.places
        with self.refused(already):
            membership = found.answer(link.secret, member)
            room.places[handle] = Place(membership.id, self.clock, len(room.places) < 3)
            self.links.remove(link)

    # Being there

    @precondition(lambda self: self.rooms())
    @rule(where=ANY, who=ANY, word=st.text(max_size=90))
    def seal(self, where: int, who: int, word: str) -> None:
        self.tick()
        room = self.room(where)
        handle = self.one(room, who)
        with self.inside(room, handle) as (me, _):
            Event.note(me.site, Deed.INVITED, by=handle, whom=word)
            db.session.commit()
        room.said.append((Deed.INVITED, handle, word))

    @precondition(lambda self: self.rooms())
    @rule(where=ANY, who=ANY, limit=st.integers(1, 8))
    def open_and_rotate(self, where: int, who: int, limit: int) -> None:
        self.tick()
        room = self.room(where)
        with self.inside(room, self.one(room, who)) as (me, ring):
            assert site_keys.rotate_if_due(me.site, ring) == room.due
            if room.due:
                room.due, room.generation = False, room.generation + 1
                room.epochs[room.generation] = next(self.numbers)
                room.said.append((Deed.KEY_CHANGED, "", ""))
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
        handle = self.one(room, who)
        with self.inside(room, handle) as (me, ring):
            taken = {epoch: (number, ring.site_key(room.id, number)) for number, epoch in room.epochs.items()}
            sealed_key, context = bytes(me.sealed_key), me._context()
            db.session.commit()
        self.loot.append(Loot(handle, room.id, taken, sealed_key, context, self.rows()[room.id]))

    # Going

    @precondition(lambda self: any(len(room.places) > 1 for room in self.rooms()))
    @rule(where=ANY, whom=ANY, who=ANY)
    def ask_removal(self, where: int, whom: int, who: int) -> None:
        room, by, about = self.two(where, who, whom)
        place = room.places[about]
        known = place.asked_by is not None or place.seconded is not None
        with self.refused(by == about or len(room.places) < 3 or known):
            self.place(room, about).ask_removal(self.at(room, by))
            place.asked_by = by

    def two(self, where: int, who: int, whom: int) -> tuple[Room, str, str]:
        """Of a site, one who asks, and one who is asked about: sooner one about whom something is going on."""
        self.tick()
        busy = [room for room in self.rooms() if any(place.asked_by for place in room.places.values())]
        room = busy[where % len(busy)] if busy and where % 2 else self.room(where)
        subjects = [handle for handle, place in room.places.items() if place.asked_by] or list(room.places)
        subjects = subjects if whom % 3 else list(room.places)
        return room, self.one(room, who), subjects[whom % len(subjects)]

    def asked(self) -> bool:
        return any(place.asked_by for room in self.rooms() for place in room.places.values())

    @precondition(asked)
    @rule(where=ANY, whom=ANY, who=ANY)
    def second_removal(self, where: int, whom: int, who: int) -> None:
        room, by, about = self.two(where, who, whom)
        place = room.places[about]
        nobody_asks = place.asked_by is None or place.seconded is not None
        may = room.may_second_removal(by, self.clock)
        with self.refused(nobody_asks or by in (place.asked_by, about) or not may):
            self.place(room, about).second_removal(self.at(room, by))
            room.lock(about, self.clock)
            self.gone.locks[place.id] = place.asked_by

    @precondition(asked)
    @rule(where=ANY, whom=ANY, who=ANY)
    def withdraw_removal(self, where: int, whom: int, who: int) -> None:
        room, by, about = self.two(where, who, whom)
        place = room.places[about]
        locked = place.seconded is not None
        with self.refused(place.asked_by is None or by == about or (locked and by != place.asked_by)):
            self.place(room, about).withdraw_removal(self.at(room, by))
            place.asked_by = place.seconded = None
            if locked:
                self.gone.locks[place.id] = False

    @rule(days=st.sampled_from([0.5, 1, 2, 7]))
    def days_pass(self, days: float) -> None:
        self.tick()
        self.clock += days * DAY
        leaving.carry_out_removals()
        Invitation.sweep()
        db.session.commit()
        self.links = [link for link in self.links if self.valid(link)]
        for room in self.world.rooms.values():
            for handle, place in list(room.places.items()):
                if place.seconded is not None and self.clock - place.seconded >= DAY:
                    self.taken_away(room, handle)
                    self.forgotten_if_nowhere(handle)

    @precondition(lambda self: self.rooms())
    @rule(where=ANY, who=ANY)
    def leave(self, where: int, who: int) -> None:
        self.tick()
        room = self.room(where)
        handle = self.one(room, who)
        last = room.inside() == [handle]
        with self.inside(room, handle) as (me, _):
            leaving.leave(me)
            db.session.commit()
        going = list(room.places) if last else [handle]  # those who are locked out do not keep a site
        if last:
            self.gone.places |= {place.id for place in room.places.values()}
            self.gone.sites.add(room.id)
            del self.world.rooms[room.id]
            self.links = [link for link in self.links if link.site != room.id]
        else:
            room.said.append((Deed.LEFT, handle, ""))
            self.taken_away(room, handle)
        for each in going:
            self.forgotten_if_nowhere(each)

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
        world.accounts -= self.gone.accounts
        for room in world.rooms.values():
            room.due = True
            room.places = {handle: place for handle, place in room.places.items() if place.id not in self.gone.places}
            for place in room.places.values():
                self.as_said_since(place, room, world)
            room.void_requests_of_the_locked()
        world.rooms = {id_: room for id_, room in world.rooms.items() if room.inside()}
        world.accounts = {handle for room in world.rooms.values() for handle in room.places}
        for room in world.rooms.values():
            for place in room.places.values():
                place.asked_by = place.asked_by if place.asked_by in world.accounts else None
        restoring.restore(self.app, self.instance / f"{which}.age", self.key, replace=True)
        self.world, self.links = world, []

    def as_said_since(self, place: Place, room: Room, world: World) -> None:
        # What somebody asked for goes with their place; what was seconded is no longer theirs alone.
        if place.asked_by not in (room.places if place.seconded is None else world.accounts):
            place.asked_by = None
        lock = self.gone.locks.get(place.id)
        if lock is False:
            if place.seconded is not None:
                place.asked_by = place.seconded = None
        elif place.id in self.gone.locks and place.seconded is None:
            place.asked_by = lock if lock in world.accounts else None
            place.seconded = self.clock

    # What always holds

    @invariant()
    def the_database_says_what_the_model_says(self) -> None:
        handle_of = {person.id.hex: person.handle for person in self.people.values()}
        assert {handle_of[id_] for (id_,) in self.raw("SELECT id FROM member")} == self.world.accounts
        sites = self.raw("SELECT id, generation, rotation_due FROM site")
        assert {(uuid.UUID(id_), generation, bool(due)) for id_, generation, due in sites} == {
            (room.id, room.generation, room.due) for room in self.world.rooms.values()
        }
        columns = "site_id, member_id, id, removal_by_id, removal_seconded_at IS NOT NULL"
        assert {
            (site, handle_of[who], id_, handle_of.get(asked), bool(seconded))
            for site, who, id_, asked, seconded in self.raw(f"SELECT {columns} FROM membership")  # noqa: S608
        } == {
            (room.id.hex, handle, place.id.hex, place.asked_by, place.seconded is not None)
            for room in self.world.rooms.values()
            for handle, place in room.places.items()
        }
        links = self.raw("SELECT id, seconded_at IS NOT NULL FROM invitation")
        assert {(uuid.UUID(id_), bool(seconded)) for id_, seconded in links} == {
            (link.id, link.seconded) for link in self.links
        }

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
                assert len(opened) == len(room.said)
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
                        said = [(event.deed, event.by, event.whom) for event in Event.at(room.id)]
                        assert sorted(said) == sorted(room.said)
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
            database_module.migrate(app)
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
    run(20, 25)


@pytest.mark.attack
def test_many_long_histories(run):
    run(100, 50)


# What the histories found first


def test_the_last_who_can_open_a_site_takes_it_along(depot, rosa, bill, clara, join, later):
    join(bill)
    join(clara)
    later(days=7)
    bill.at(depot).ask_removal(by=rosa.at(depot))
    bill_there = bill.at(depot)
    bill_there.second_removal(by=clara.at(depot))
    db.session.commit()
    for person in (rosa, clara):
        with person.inside(depot):
            leaving.leave(person.at(depot))
            db.session.commit()
    later(days=1)
    leaving.carry_out_removals()
    db.session.commit()
    assert Site.count() == 0


def test_who_is_locked_out_is_refused_at_the_door_too(depot, rosa, bill, join):
    join(bill)
    invitation, secret = Invitation.issue(rosa.at(depot), rosa.at(depot).open_key(rosa.private))
    bill.at(depot).removal_seconded_at = datetime.datetime.now(datetime.UTC)
    db.session.commit()
    with pytest.raises(NotAllowed), db.session.begin_nested():
        invitation.answer(secret, bill.member)


def test_who_is_locked_out_opens_no_back_door(depot, rosa, bill, join):
    join(bill)
    _, secret = Invitation.issue(bill.at(depot), bill.at(depot).open_key(bill.private))
    bill.at(depot).removal_seconded_at = datetime.datetime.now(datetime.UTC)
    db.session.commit()
    assert Invitation.found(secret) is None
