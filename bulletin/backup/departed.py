"""Who and what has gone, by ids alone, in a file beside the database: what no restore may bring back.

A line is written, and on the disk, before the deletion is committed (`going`), and settled after it (`gone`). A crash
between the two leaves a `going` that settle() compares with the database at the next start. So a departure that was
acknowledged is never missing here, and one that failed is never taken for done.

A forgotten contact is in it under every id they had, with their site: whoever makes a contact with the id of another
site's, and forgets it, says nothing of that one. A site that is deleted is one line: its contacts go with it.

Two installations with a database each may share a folder, and so the file. Each line says from whose database it went,
and only that one settles it; a restore heeds them all, since people may have moved from one database to the other.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import enum
import errno
import fcntl
import hashlib
import itertools
import os
import pathlib
import threading
import uuid
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Self

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy import event, orm

from bulletin.db import Session, StorageFull, owners_engine, today
from bulletin.domain.people.contacts import Contact
from bulletin.domain.site.members import Member, Membership
from bulletin.domain.site.sites import Site

from . import rows

FILE = "departed.log"
EXTENSION = "departed"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

AT = "@"  # before the database's name in a line
LOCK = "lock"  # a removal that was seconded: the person is locked out, and gone in a day
KINDS: dict[type[Any], str] = {Site: "site", Member: "member", Membership: "place", Contact: "contact"}
CONTACT = KINDS[Contact]
SOME = 5_000  # ids in one query

Key = tuple[uuid.UUID, ...]  # an id; of a contact the site's too
Name = tuple[str, uuid.UUID, *tuple[uuid.UUID, ...]]  # kind and key


class State(enum.StrEnum):
    """How far a departure has come."""

    GOING = "going"
    GONE = "gone"
    STAYS = "stays"


@dataclasses.dataclass(frozen=True)
class Entry:
    """One line. `by`, for a lock: the member who had asked for it. `site`, for a contact: where they were.

    `where`: which database; old lines do not say.
    """

    day: datetime.date
    state: State
    kind: str
    id: uuid.UUID
    by: uuid.UUID | None = None
    where: str = ""
    site: uuid.UUID | None = None

    def __str__(self) -> str:
        where = self.where and f"{AT}{self.where}"
        return " ".join(map(str, filter(None, (self.day, self.state, self.kind, self.id, self.by, self.site, where))))

    @classmethod
    def read(cls, line: str) -> Self:
        """The entry that a line is; ValueError if it is none."""
        day, state, kind, id_, *rest = line.split(" ")
        where = rest.pop().removeprefix(AT) if rest and rest[-1].startswith(AT) else ""
        if kind not in (*KINDS.values(), LOCK) or len(rest) > 1:
            raise ValueError("not a line of this log")
        more = {"site" if kind == CONTACT else "by": uuid.UUID(rest[0])} if rest else {}
        return cls(datetime.date.fromisoformat(day), State(state), kind, uuid.UUID(id_), where=where, **more)

    @property
    def name(self) -> Name:
        """What it is about."""
        return (self.kind, self.id) if self.site is None else (self.kind, self.id, self.site)


class Log:
    """The file. Nothing in it is ever changed. `where`: the database whose departures are written down now."""

    def __init__(self, path: pathlib.Path, where: str = "") -> None:
        self.path, self.where = path, where
        self._known: dict[Name, State] = {}
        self._read = 0  # bytes of the file that are in what is known
        self._reading = threading.Lock()

    def has_gone(self, kind: str, id_: uuid.UUID, *site_id: uuid.UUID) -> bool:
        """Has it, or is it about to? Reads no more than what was written since the last time, by any process.

        Of a contact with the id of the site; old lines do not say it.
        """
        with self._reading:
            with contextlib.suppress(FileNotFoundError), self.path.open("rb") as file:
                if file.seek(0, os.SEEK_END) < self._read:  # it was put there anew
                    self._read = 0
                file.seek(self._read)
                new = file.read()
                whole = new[: new.rfind(b"\n") + 1]
                for line in whole.splitlines():
                    with contextlib.suppress(ValueError):  # what is not ours, `health` tells of
                        entry = Entry.read(line.decode("ascii"))
                        self._known[entry.name] = entry.state
                self._read += len(whole)
            names: list[Name] = [(kind, id_), (kind, id_, *site_id)]
            return any(self._known.get(name, State.STAYS) is not State.STAYS for name in names)

    def entries(self) -> list[Entry]:
        """All lines, the oldest first; ValueError where one is not ours."""
        try:
            return entries(self.path.read_text(encoding="ascii"))
        except FileNotFoundError:
            return []

    def forgotten(self) -> set[uuid.UUID]:
        """The ids of contacts who are gone, at whatever site."""
        said = standing(self.entries()).values()
        return {entry.id for entry in said if entry.kind == CONTACT and entry.state is State.GONE}

    def append(self, new: Iterable[Entry]) -> None:
        """Write more, and wait until it is on the disk. Raises StorageFull, OSError."""
        lines = "".join(f"{entry}\n" for entry in new).encode()
        if not lines:
            return
        try:
            with os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600), "rb+") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                end = file.seek(0, os.SEEK_END)
                file.seek(0)
                # A line without its end was being written when the power went: nothing was committed after it.
                whole = file.read().rfind(b"\n") + 1
                try:
                    file.truncate(whole)
                    file.seek(whole)
                    file.write(lines)
                    file.flush()
                except OSError:
                    os.ftruncate(file.fileno(), whole)
                    raise
                os.fsync(file.fileno())
            if not end:
                sync_folder(self.path.parent)
        except OSError as error:
            if error.errno not in FULL:
                raise
            raise StorageFull("The disk is full.") from error


def entries(text: str) -> list[Entry]:
    """The whole lines of a log; ValueError where one is not ours."""
    return [Entry.read(line) for line in text[: text.rfind("\n") + 1].splitlines()]


def standing(all_: Iterable[Entry]) -> dict[Name, Entry]:
    """What the log says in the end of each thing it names; a contact without a site is none."""
    return {entry.name: entry for entry in all_ if entry.site is not None or entry.kind != CONTACT}


def merged(logs: Iterable[list[Entry]]) -> list[Entry]:
    """Copies of one log from several times as one: the longest is the latest, and has the last word."""
    *older, latest = sorted(logs, key=len)
    known = set(latest)
    return [entry for log in older for entry in log if entry not in known] + latest


def sync_folder(folder: pathlib.Path) -> None:
    """Have the disk keep the names in a folder, not only what is in the files."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# What the database says


def log_of(app: Flask) -> Log:
    """The log of an installation."""
    return Log(pathlib.Path(app.instance_path) / FILE, _where(app))


def _where(app: Flask) -> str:
    """A short name for the app's database, the same as long as its address is; whose address it is, it does not say."""
    url = sa.make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    place: tuple[object, ...] = url.host, url.port, url.database, url.query.get("host"), url.query.get("port")
    if url.get_backend_name() == "sqlite":  # as seen from its folder, which may be moved
        place = (os.path.relpath(str(url.database), app.instance_path),)
    return hashlib.sha256(repr(place).encode()).hexdigest()[:8]


def settle(app: Flask) -> None:
    """Compare what is still open with the database, as after a crash. For every start, once the schema is there."""
    log = log_of(app)
    said = standing(entry for entry in log.entries() if entry.where in (log.where, ""))
    unsure = [entry for entry in said.values() if entry.state is State.GOING]
    locks = [entry for entry in said.values() if entry.kind == LOCK and entry.state is State.GONE]
    if not unsure and not locks:
        return
    here, locked = _present(app, {entry.name for entry in (*unsure, *locks)})
    settled = []
    for entry in (*unsure, *locks):
        lock = entry.kind == LOCK
        stays = ("place", entry.id) in here and entry.id not in locked if lock else entry.name in here
        state = State.STAYS if stays else State.GONE
        if state is not entry.state:
            settled.append(dataclasses.replace(entry, day=today(), state=state, where=log.where))
    log.append(settled)


def adopt(app: Flask, known: Iterable[Entry]) -> None:
    """After a restore that heeded these: what was open elsewhere is done here, and locks are from now on ours."""
    log = log_of(app)
    new = [
        dataclasses.replace(entry, day=today(), state=State.GONE, where=log.where)
        for entry in standing(known).values()
        if entry.state is State.GOING or (entry.state is State.GONE and entry.kind == LOCK and entry.where != log.where)
    ]
    log.append(new)


def come_back(app: Flask) -> int:
    """How many that had gone are in the database again: more than none if an old copy was put back by hand."""
    gone = [entry for entry in standing(log_of(app).entries()).values() if entry.state is State.GONE]
    here, _ = _present(app, {entry.name for entry in gone})
    return sum(entry.name in here for entry in gone if entry.kind != LOCK)


def _present(app: Flask, names: Collection[Name]) -> tuple[set[Name], set[uuid.UUID]]:
    """Which of these are in the database, and perhaps others; and which places are locked."""
    here: set[Name] = set()
    engine = owners_engine(app)
    with engine.connect().execution_options(read_only=True) as connection:
        for record, kind in KINDS.items():
            asked = {name[1] for name in names if ("place" if name[0] == LOCK else name[0]) == kind}
            for some in portions(asked):
                there = sa.select(*_key(record)).where(record.id.in_(some))
                for statement in rows.at_each_site(connection, record.__tablename__, there):
                    here |= {(kind, *found) for found in connection.execute(statement)}
        locked = sa.select(Membership.id).where(Membership.removal_seconded_at.is_not(None))
        return here, set(connection.scalars(locked))


def _key(record: type[Any]) -> tuple[Any, ...]:
    """Which columns name a row."""
    return (record.id, record.site_id) if record is Contact else (record.id,)


def portions(ids: Iterable[uuid.UUID], size: int = SOME) -> Iterator[tuple[uuid.UUID, ...]]:
    """As many as a query can name."""
    rest = iter(ids)
    while some := tuple(itertools.islice(rest, size)):
        yield some


# Standing at the door


def follow(app: Flask) -> None:
    """Write down what goes from this app's database."""
    app.extensions[EXTENSION] = log_of(app)


class _Leaving:
    """What one session has deleted and not yet committed."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.keys: dict[type[Any], set[Key]] = {record: set() for record in KINDS}
        self.locks: dict[uuid.UUID, Entry] = {}
        self.written: dict[Name, Entry] = {}

    @classmethod
    def of(cls, session: orm.Session) -> _Leaving | None:
        if EXTENSION not in current_app.extensions:
            return None
        log: Log = current_app.extensions[EXTENSION]
        found: _Leaving = session.info.setdefault(EXTENSION, cls(log.where))
        return found


def _see_flush(session: orm.Session, _: object) -> None:
    if (leaving := _Leaving.of(session)) is None:
        return
    for thing in session.deleted:
        if type(thing) in KINDS:
            leaving.keys[type(thing)].add(tuple(getattr(thing, column.key) for column in _key(type(thing))))
    for thing in session.dirty:
        if isinstance(thing, Membership) and sa.inspect(thing).attrs.removal_seconded_at.history.has_changes():
            state = State.GOING if thing.locked else State.STAYS
            leaving.locks[thing.id] = Entry(today(), state, LOCK, thing.id, thing.removal_by_id, leaving.where)


def _see_delete(state: orm.ORMExecuteState) -> None:
    record = state.bind_mapper.class_ if state.is_delete and state.bind_mapper else None
    if record in KINDS and (leaving := _Leaving.of(state.session)) is not None:
        where = state.statement._where_criteria  # type: ignore[attr-defined]
        leaving.keys[record] |= set(map(tuple, state.session.execute(sa.select(*_key(record)).where(*where))))


def _write_intent(session: orm.Session) -> None:
    if (leaving := _Leaving.of(session)) is None:
        return
    session.flush()
    intents: dict[Name, Entry] = {}
    sites: set[uuid.UUID] = set()
    for record, keys in leaving.keys.items():
        # A savepoint that was rolled back has brought some back.
        back: set[Key] = set()
        for some in portions(id_ for id_, *_ in keys):
            back |= set(map(tuple, session.execute(sa.select(*_key(record)).where(record.id.in_(some)))))
        if record is Site:  # the first of KINDS
            sites = {id_ for (id_,) in keys - back}
        for id_, *at in keys - back:
            if not sites.intersection(at):  # or it goes with its site, whose line says enough
                site_id = at[0] if at else None
                entry = Entry(today(), State.GOING, KINDS[record], id_, where=leaving.where, site=site_id)
                intents[entry.name] = entry
    # Being let in again is written down only when it is so.
    intents |= {entry.name: entry for entry in leaving.locks.values() if entry.state is State.GOING}
    current_app.extensions[EXTENSION].append(entry for name, entry in intents.items() if name not in leaving.written)
    leaving.written = intents


def _write_done(session: orm.Session) -> None:
    leaving = session.info.get(EXTENSION)
    if leaving is None or session.in_nested_transaction():
        return
    done = [dataclasses.replace(entry, state=State.GONE) for entry in leaving.written.values()]
    done += [entry for entry in leaving.locks.values() if entry.state is State.STAYS]
    del session.info[EXTENSION]
    with contextlib.suppress(StorageFull, OSError):  # settle() will see to it
        current_app.extensions[EXTENSION].append(done)


def _forget(session: orm.Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(EXTENSION, None)  # what was written stays open, for settle()


for _name, _listener in (
    ("after_flush", _see_flush),
    ("do_orm_execute", _see_delete),
    ("before_commit", _write_intent),
    ("after_commit", _write_done),
    ("after_rollback", _forget),
):
    event.listen(Session, _name, _listener)
