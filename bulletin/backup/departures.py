"""Departures: what this app's sessions delete is written to the log of departures, and compared with the database.

See departure_log for what stands in the file, and why.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import os
import pathlib
import uuid
from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy import event, orm

from bulletin.db import Session, StorageFull, batches, owners_engine, today
from bulletin.domain.people.contacts import Contact
from bulletin.domain.site.members import Member, Membership
from bulletin.domain.site.sites import Site

from . import departure_log, rows
from .departure_log import FILE, LOCK, Departure, Key, Log, Name, Progress, standing

EXTENSION = "departed"
# The records whose departures are logged, by their kind in the log. Sites first: what goes with one needs no line.
LOGGED: dict[type[Any], str] = {
    Site: departure_log.SITE,
    Member: departure_log.MEMBER,
    Membership: departure_log.PLACE,
    Contact: departure_log.CONTACT,
}
SOME = 5_000  # ids in one query


# What the database says.


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


def reconcile(app: Flask) -> None:
    """Compare what is still open with the database, as after a crash. For every start, once the schema is there."""
    log = log_of(app)
    said = standing(entry for entry in log.entries() if entry.where in (log.where, ""))
    unsure = [entry for entry in said.values() if entry.state is Progress.GOING]
    locks = [entry for entry in said.values() if entry.kind == LOCK and entry.state is Progress.GONE]
    if not unsure and not locks:
        return
    here, locked = _present(app, {entry.name for entry in (*unsure, *locks)})
    settled = []
    for entry in (*unsure, *locks):
        lock = entry.kind == LOCK
        stays = ("place", entry.id) in here and entry.id not in locked if lock else entry.name in here
        state = Progress.STAYS if stays else Progress.GONE
        if state is not entry.state:
            settled.append(dataclasses.replace(entry, day=today(), state=state, where=log.where))
    log.append(settled)


def adopt(app: Flask, known: Iterable[Departure]) -> None:
    """After a restore that heeded these: what was open elsewhere is done here, and locks are from now on ours."""
    log = log_of(app)
    new = [
        dataclasses.replace(entry, day=today(), state=Progress.GONE, where=log.where)
        for entry in standing(known).values()
        if entry.state is Progress.GOING
        or (entry.state is Progress.GONE and entry.kind == LOCK and entry.where != log.where)
    ]
    log.append(new)


def count_returned(app: Flask) -> int:
    """How many that had gone are in the database again: more than none if an old copy was put back by hand."""
    gone = [entry for entry in standing(log_of(app).entries()).values() if entry.state is Progress.GONE]
    here, _ = _present(app, {entry.name for entry in gone})
    return sum(entry.name in here for entry in gone if entry.kind != LOCK)


def _present(app: Flask, names: Collection[Name]) -> tuple[set[Name], set[uuid.UUID]]:
    """Which of these are in the database, and perhaps others; and which places are locked."""
    here: set[Name] = set()
    engine = owners_engine(app)
    with engine.connect().execution_options(read_only=True) as connection:
        for record, kind in LOGGED.items():
            asked = {name[1] for name in names if ("place" if name[0] == LOCK else name[0]) == kind}
            for some in batches(asked, SOME):
                there = sa.select(*_key(record)).where(record.id.in_(some))
                for statement in rows.at_each_site(connection, record.__tablename__, there):
                    here |= {(kind, *found) for found in connection.execute(statement)}
        locked = sa.select(Membership.id).where(Membership.locked_at.is_not(None))
        return here, set(connection.scalars(locked))


def _key(record: type[Any]) -> tuple[Any, ...]:
    """Which columns name a row."""
    return (record.id, record.site_id) if record is Contact else (record.id,)


# What sessions delete.


def watch(app: Flask) -> None:
    """Write down what goes from this app's database."""
    app.extensions[EXTENSION] = log_of(app)


class _Leaving:
    """What one session has deleted and not yet committed."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.keys: dict[type[Any], set[Key]] = {record: set() for record in LOGGED}
        self.locks: dict[uuid.UUID, Departure] = {}
        self.written: dict[Name, Departure] = {}

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
        if type(thing) in LOGGED:
            leaving.keys[type(thing)].add(tuple(getattr(thing, column.key) for column in _key(type(thing))))
    for thing in session.dirty:
        if isinstance(thing, Membership) and sa.inspect(thing).attrs.locked_at.history.has_changes():
            state = Progress.GOING if thing.locked else Progress.STAYS
            leaving.locks[thing.id] = Departure(today(), state, LOCK, thing.id, where=leaving.where)


def _see_delete(state: orm.ORMExecuteState) -> None:
    record = state.bind_mapper.class_ if state.is_delete and state.bind_mapper else None
    if record in LOGGED and (leaving := _Leaving.of(state.session)) is not None:
        where = state.statement._where_criteria  # type: ignore[attr-defined]
        leaving.keys[record] |= set(map(tuple, state.session.execute(sa.select(*_key(record)).where(*where))))


def _write_intent(session: orm.Session) -> None:
    if (leaving := _Leaving.of(session)) is None:
        return
    session.flush()
    intents: dict[Name, Departure] = {}
    sites: set[uuid.UUID] = set()
    for record, keys in leaving.keys.items():
        # A savepoint that was rolled back has brought some back.
        back: set[Key] = set()
        for some in batches((id_ for id_, *_ in keys), SOME):
            back |= set(map(tuple, session.execute(sa.select(*_key(record)).where(record.id.in_(some)))))
        if record is Site:  # the first of those logged
            sites = {id_ for (id_,) in keys - back}
        for id_, *at in keys - back:
            if not sites.intersection(at):  # or it goes with its site, whose line says enough
                site_id = at[0] if at else None
                entry = Departure(today(), Progress.GOING, LOGGED[record], id_, where=leaving.where, site=site_id)
                intents[entry.name] = entry
    # Being let in again is written down only when it is so.
    intents |= {entry.name: entry for entry in leaving.locks.values() if entry.state is Progress.GOING}
    current_app.extensions[EXTENSION].append(entry for name, entry in intents.items() if name not in leaving.written)
    leaving.written = intents


def _write_done(session: orm.Session) -> None:
    leaving = session.info.get(EXTENSION)
    if leaving is None or session.in_nested_transaction():
        return
    done = [dataclasses.replace(entry, state=Progress.GONE) for entry in leaving.written.values()]
    done += [entry for entry in leaving.locks.values() if entry.state is Progress.STAYS]
    del session.info[EXTENSION]
    with contextlib.suppress(StorageFull, OSError):  # reconcile() will see to it
        current_app.extensions[EXTENSION].append(done)


def _forget(session: orm.Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(EXTENSION, None)  # what was written stays open, for reconcile()


for _name, _listener in (
    ("after_flush", _see_flush),
    ("do_orm_execute", _see_delete),
    ("before_commit", _write_intent),
    ("after_commit", _write_done),
    ("after_rollback", _forget),
):
    event.listen(Session, _name, _listener)
