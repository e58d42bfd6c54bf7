"""Departures: what this app's sessions delete is written down in the same transaction.

See `domain.site.departures` for what stands in the table, and why.
"""

from __future__ import annotations

import contextlib
import pathlib
import uuid
from collections import Counter
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy import event, orm
from sqlalchemy.dialects import postgresql, sqlite

from bulletin.db import EVERY_ROW, Session, batches, owners_engine
from bulletin.domain.network.answering.answers import Answer
from bulletin.domain.network.answering.matters import Matter
from bulletin.domain.network.told import Told
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.people.follow_ups import FollowUp
from bulletin.domain.people.forgetting import Forgetting
from bulletin.domain.people.imports.records import Import
from bulletin.domain.site.accounts.members import Member, Membership
from bulletin.domain.site.departures import (
    ANSWER,
    CONTACT,
    FORM,
    HIDDEN,
    LOCK,
    MATTER,
    MEMBER,
    NOWHERE,
    OUT,
    PLACE,
    SITE,
    TOLD,
    Departure,
)
from bulletin.domain.site.sites import Site

from . import departure_log, rows
from .departure_log import Log, Name

EXTENSION = "departed"
# The records whose departures are written down, by their kind. Sites first: what goes with one needs no row.
LOGGED: dict[type[Any], str] = {
    **{Site: SITE, Member: MEMBER, Membership: PLACE, Contact: CONTACT},
    **{Told: TOLD, Matter: MATTER, Answer: ANSWER},
}
# Rows that have the id of the form that made them. A talk by name would otherwise make anew whom it was with.
OF_FORMS: tuple[type[Any], ...] = (Conversation, FollowUp, Import)
OF_A_SITE = (Contact, Told, Matter, Answer, *OF_FORMS)
HELD = (LOCK, HIDDEN, OUT)  # what is so until members, or sites, let it go
SOME = 5_000  # ids in one query
NOTED = "departed-count.txt"  # how many had gone from this database, as this server last knew
NAMED_BY = ("kind", "id", "of_site")  # the columns of a name
Key = tuple[uuid.UUID, ...]  # an id; of a contact, and of what was told, the site's too


# What the database says.


def log_in(connection: sa.Connection) -> Log:
    """The log of a database."""
    columns = Departure.kind, Departure.id, Departure.of_site, Departure.changes
    return {(kind, id_, of_site): changes for kind, id_, of_site, changes in connection.execute(sa.select(*columns))}


def log_of(app: Flask) -> Log:
    """The log of an app's database."""
    with owners_engine(app).connect().execution_options(read_only=True) as connection:
        return log_in(connection)


def put(connection: sa.Connection, log: Log) -> None:
    """Add to the log of a database what another knows; of what both know the later stays."""
    insert = _insert(connection.dialect)
    later = insert.excluded.changes > Departure.changes
    values = [dict(zip(NAMED_BY, name, strict=True), changes=changes) for name, changes in log.items()]
    if values:
        upsert = insert.on_conflict_do_update(
            index_elements=NAMED_BY, set_={"changes": insert.excluded.changes}, where=later
        )
        connection.execute(upsert, values)


def _insert(dialect: sa.Dialect) -> Any:
    return (postgresql if dialect.name == "postgresql" else sqlite).insert(Departure)


def take_in_file(app: Flask) -> None:
    """Take in the file that releases before wrote, and set it aside. For every start, once the schema is there.

    A second database in the same folder takes it in as well: what is known already changes nothing.
    """
    for name in (departure_log.FILE, departure_log.TAKEN_IN):
        path = pathlib.Path(app.instance_path) / name
        with contextlib.suppress(FileNotFoundError):
            lines = departure_log.whole_lines(path.read_text(encoding="ascii", errors="replace"))
            ours = list(filter(departure_log.is_ours, lines))
            _settle(app, *departure_log.written_before(ours))
            if ours == lines and not path.with_name(departure_log.TAKEN_IN).exists():
                path.rename(path.with_name(departure_log.TAKEN_IN))


def _settle(app: Flask, log: Log, unsure: set[Name]) -> None:
    """Put what was written before into the database, which says how it ended where a crash came between."""
    here, locked = _present(app, {name for name in log if name in unsure or name[0] == LOCK})
    settled = {}
    for name, changes in log.items():
        if name[0] == LOCK:
            holds = (PLACE, name[1], NOWHERE) not in here or name[1] in locked
            settled[name] = changes + (changes % 2 != holds)
        elif changes % 2 and not (name in unsure and name in here):
            settled[name] = 1
    with owners_engine(app).begin() as connection:
        put(connection, settled)


def count_returned(app: Flask) -> int:
    """How many that had gone are in the database again: more than none if somebody put old rows back by hand."""
    return count_gone(app, log_of(app)).total()


def count_gone(app: Flask, log: Log) -> Counter[str]:
    """How many of each kind are in the database that are gone by a log."""
    gone = {name for name in departure_log.standing(log) if name[0] in LOGGED.values()}
    here, _ = _present(app, gone)
    return Counter(kind for kind, *_ in gone & here)


def note_count(app: Flask, count: int) -> None:
    """Note outside of the database how many have gone, so that an old file put back by hand is seen."""
    with contextlib.suppress(OSError):  # of no departure: it is written down
        draft = pathlib.Path(app.instance_path) / f".{NOTED}"
        draft.write_text(f"{count}\n", encoding="ascii")
        draft.replace(draft.with_name(NOTED))


def count_lost(app: Flask) -> int:
    """How many that had gone the database does not know of any more."""
    try:
        noted = int((pathlib.Path(app.instance_path) / NOTED).read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return 0
    return max(0, noted - len(log_of(app)))


def _present(app: Flask, names: Collection[Name]) -> tuple[set[Name], set[uuid.UUID]]:
    """Which of these are in the database, and perhaps others; of a lock, its place. And which places are locked."""
    here: set[Name] = set()
    if not names:
        return here, set()
    with owners_engine(app).connect().execution_options(read_only=True) as connection:
        for record, kind in LOGGED.items():
            asked = {name[1] for name in names if (PLACE if name[0] == LOCK else name[0]) == kind}
            for some in batches(asked, SOME):
                there = sa.select(*_key(record)).where(record.id.in_(some))
                for statement in rows.at_each_site(connection, record.__tablename__, there):
                    here |= {(kind, *(*found, NOWHERE)[:2]) for found in connection.execute(statement)}
        locked = sa.select(Membership.id).where(Membership.locked_on.is_not(None))
        return here, set(connection.scalars(locked))


def _key(record: type[Any]) -> tuple[Any, ...]:
    """Which columns name a row."""
    return (record.id, record.site_id) if record in OF_A_SITE else (record.id,)


# What sessions delete.


def watch(app: Flask) -> None:
    """Write down what goes from this app's database."""
    app.extensions[EXTENSION] = True


class _Leaving:
    """What one session has deleted and not yet committed, and whom it has locked out, let in again, hidden or shown."""

    def __init__(self) -> None:
        self.keys: dict[type[Any], set[Key]] = {record: set() for record in (*LOGGED, *OF_FORMS)}
        self.locks: set[uuid.UUID] = set()
        self.hidden: set[Key] = set()
        self.count = 0  # of all that have gone by then

    @classmethod
    def of(cls, session: orm.Session) -> _Leaving | None:
        if EXTENSION not in current_app.extensions:
            return None
        found: _Leaving = session.info.setdefault(EXTENSION, cls())
        return found


def _see_flush(session: orm.Session, _: object) -> None:
    if (leaving := _Leaving.of(session)) is None:
        return
    for thing in session.deleted:
        if type(thing) in leaving.keys:
            leaving.keys[type(thing)].add(tuple(getattr(thing, column.key) for column in _key(type(thing))))
    for thing in (*session.new, *session.deleted):
        if isinstance(thing, Forgetting):
            leaving.hidden.add((thing.id, thing.site_id))
    for thing in session.dirty:
        if isinstance(thing, Membership) and sa.inspect(thing).attrs.locked_on.history.has_changes():
            leaving.locks.add(thing.id)


def _see_delete(state: orm.ORMExecuteState) -> None:
    record = state.bind_mapper.class_ if state.is_delete and state.bind_mapper else None
    if record in LOGGED and (leaving := _Leaving.of(state.session)) is not None:
        where = state.statement._where_criteria  # type: ignore[attr-defined]
        leaving.keys[record] |= set(
            map(tuple, state.session.execute(sa.select(*_key(record)).where(*where), execution_options=EVERY_ROW))
        )


def _write_down(session: orm.Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    leaving: _Leaving | None = session.info.get(EXTENSION)
    if leaving is None:
        return
    gone: list[dict[str, object]] = []
    sites: set[uuid.UUID] = set()
    for record, keys in leaving.keys.items():
        # A savepoint that was rolled back has brought some back.
        back: set[Key] = set()
        for some in batches((id_ for id_, *_ in keys), SOME):
            there = sa.select(*_key(record)).where(record.id.in_(some))
            if record in OF_A_SITE:  # as their key begins with it, else a table that all sites write is read whole
                there = there.where(record.site_id.in_({at for _, at in keys}))
            back |= set(map(tuple, session.execute(there, execution_options=EVERY_ROW)))
        if record is Site:  # the first of those written down
            sites = {id_ for (id_,) in keys - back}
        for id_, *at in keys - back:
            if not sites.intersection(at):  # or it goes with its site, whose row says enough
                gone.append({"kind": LOGGED.get(record, FORM), "id": id_, "of_site": at[0] if at else NOWHERE})
    insert = _insert(session.get_bind().dialect)
    if gone:
        session.execute(insert.on_conflict_do_nothing(), gone)
        leaving.count = session.scalar(sa.select(sa.func.count()).select_from(Departure)) or 0
    for name, holds in _held(session, leaving).items():
        new = insert.values(**dict(zip(NAMED_BY, name, strict=True)), changes=1 if holds else 2)
        changed = {"changes": Departure.changes + 1}
        other = Departure.changes % 2 != int(holds)
        session.execute(new.on_conflict_do_update(index_elements=NAMED_BY, set_=changed, where=other))


def _held(session: orm.Session, leaving: _Leaving) -> dict[Name, bool]:
    """Of the locks and of the hidden that were touched: does it hold?"""
    held: dict[Name, bool] = {}
    is_locked = Membership.locked_on.is_not(None)
    for some in batches(leaving.locks):
        for id_, holds in session.execute(sa.select(Membership.id, is_locked).where(Membership.id.in_(some))):
            held[LOCK, id_, NOWHERE] = holds
    for some in batches((id_ for id_, _ in leaving.hidden), SOME):
        there = sa.select(Forgetting.id).where(Forgetting.id.in_(some))
        hidden = set(session.scalars(there, execution_options=EVERY_ROW))
        held |= {(HIDDEN, id_, site_id): id_ in hidden for id_, site_id in leaving.hidden if id_ in some}
    return held


def _note(session: orm.Session) -> None:
    leaving: _Leaving | None = session.info.get(EXTENSION)
    if leaving is not None and leaving.count and not session.in_nested_transaction():
        note_count(current_app, leaving.count)
    _forget(session)


def _forget(session: orm.Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(EXTENSION, None)


for _name, _listener in (
    ("after_flush", _see_flush),
    ("do_orm_execute", _see_delete),
    ("before_commit", _write_down),
    ("after_commit", _note),
    ("after_rollback", _forget),
):
    event.listen(Session, _name, _listener)
