"""No query leaves its site: what a session may send, take in and write while it is bound to one.

Of what sites tell each other (SiteWritten) it takes in what its reader may read, and writes its own site's only.
Listeners add the site to every ORM statement and refuse foreign objects. `pinning` then looks at what will be sent, so
that whatever the listeners do not know (Core tables, a forgotten join, text) is an error and not a leak. On PostgreSQL
row-level security looks once more.
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, orm
from sqlalchemy.sql.base import ExecutableOption

from bulletin.db import Leak, OfSite, Session, SiteOwned, SiteWritten, owned_tables

from . import pinning
from .pinning import PIN, TOLD, Pin, ReadBy
from .readers import Audience, Reader, only

__all__ = ["Leak", "bind", "bound_site", "install", "owned_tables", "read_as", "reader_of", "unbind", "uninstall"]

READER = "reader"
NOWHERE = uuid.UUID(int=0)  # what nothing is bound to; no uuid4 is this one

Condition = Callable[[Any], sa.ColumnElement[bool]]  # of a class of rows
AnySession = orm.Session | orm.scoped_session[Any]


# What a session is bound to.


def bind(session: AnySession, site_id: uuid.UUID) -> None:
    """From here on the session sees, and writes, this site only. `site_id` comes from a membership, never a request."""
    if not isinstance(site_id, uuid.UUID) or site_id == NOWHERE:
        raise Leak("a session is bound to a site's UUID")
    _rebind(_own(session), site_id)


def unbind(session: AnySession) -> None:
    """From here on the session sees no site."""
    _rebind(_own(session), None)


def bound_site(session: AnySession) -> uuid.UUID | None:
    """The site the session is bound to."""
    return _own(session).info.get(PIN)


def read_as(session: AnySession, reader: Reader) -> None:
    """From here on the session reads what sites tell this reader. Who that is comes from memberships, never a request.

    Without it, only what is for anyone; and the bound site's own in any case.
    """
    if not isinstance(reader, Reader):
        raise Leak("a session reads as a Reader")
    _go_on_as(_own(session), READER, reader)


def reader_of(session: AnySession) -> Reader:
    """As whom the session reads what sites tell."""
    return _own(session).info.get(READER) or Reader.NOBODY


def _own(session: AnySession) -> orm.Session:
    return session() if isinstance(session, orm.scoped_session) else session


def _rebind(session: orm.Session, site_id: uuid.UUID | None) -> None:
    _go_on_as(session, PIN, site_id)


def _go_on_as(session: orm.Session, key: str, value: uuid.UUID | Reader | None) -> None:
    if session.info.get(key) == value:
        return
    if session.in_nested_transaction():
        raise Leak("a savepoint stays at its site")  # rolling it back would leave PostgreSQL at the other one
    if any(isinstance(thing, OfSite) for thing in (*session.new, *session.dirty, *session.deleted)):
        raise Leak("commit or roll back before going to another site")
    for thing in list(session.identity_map.values()):
        if isinstance(thing, SiteWritten if key == READER else OfSite):
            session.expunge(thing)  # or get() would find it without asking the database
    session.info[key] = value
    if session.in_transaction() and session.get_bind().dialect.name == "postgresql":
        _tell_postgresql(session, orm.Session.connection(session))


# Every ORM statement, and every object on its way in or out.


def _pin_statement(state: orm.ORMExecuteState) -> None:
    statement = state.statement
    if any(ours in key for row in _rows(state.parameters) for key in row for ours in (PIN, TOLD)):
        raise Leak("a parameter that would move the session")
    if isinstance(statement, sa.UpdateBase):
        _refuse_dml(state, statement)
    reader = reader_of(state.session)
    about = state.session.info.get(PIN) or NOWHERE, reader.widest, reader.closest
    if state.is_select and state.is_column_load:
        # Loader criteria are left out of refreshing and of deferred columns.
        mapper = state.bind_mapper
        if mapper is not None and issubclass(mapper.class_, OfSite) and isinstance(statement, sa.Select):
            condition = _readable(*about) if issubclass(mapper.class_, SiteWritten) else _ours(about[0])
            state.statement = statement.where(condition(mapper.class_))
    elif state.is_orm_statement:
        state.statement = statement.options(*_criteria(*about, state.is_select))


@functools.lru_cache(maxsize=256)  # SQLAlchemy reads the code of a condition anew, which takes longer than the query
def _criteria(site_id: uuid.UUID, widest: str, closest: str, to_read: bool) -> tuple[ExecutableOption, ...]:
    """What is added to a statement, for the rows of sites and for what they tell."""
    ours = _ours(site_id)
    told = _readable(site_id, widest, closest) if to_read else ours
    # Not handed on to later loads, which may happen when the session is bound elsewhere: they come here too.
    about = {"include_aliases": True, "propagate_to_loaders": False}
    return orm.with_loader_criteria(SiteOwned, ours, **about), orm.with_loader_criteria(SiteWritten, told, **about)


def _ours(site_id: uuid.UUID) -> Condition:
    pin = Pin(site_id)
    return lambda cls: cls.site_id == pin


def _readable(site_id: uuid.UUID, widest: str, closest: str) -> Condition:
    pin, anyone, here = Pin(site_id), ReadBy(Audience.ANYONE), ReadBy(only(site_id))
    more, most = ReadBy(widest), ReadBy(closest)

    def condition(cls: Any) -> Any:
        told = (cls.audience == anyone) | (cls.audience == more) | (cls.audience == most) | (cls.audience == here)
        return (cls.site_id == pin) | told

    return condition


def _rows(parameters: Any) -> list[Any]:
    return list(parameters) if isinstance(parameters, list | tuple) else [parameters or {}]


def _refuse_dml(state: orm.ORMExecuteState, statement: sa.UpdateBase) -> None:
    if not pinning.is_owned(statement.table):
        return
    if state.is_insert:
        raise Leak("add() records one by one: an INSERT of rows is not looked through")
    if not state.is_orm_statement:
        raise Leak("name the class, not its table")
    if state.parameters:
        raise Leak("an UPDATE by list of keys is not looked through")
    values = getattr(statement, "_values", None) or ()
    if any(getattr(column, "key", column) == "site_id" for column in values):
        raise Leak("a row does not move to another site")


def _refuse_foreign(session: orm.Session, thing: object, *, to_write: bool = False) -> None:
    if isinstance(thing, OfSite):
        if isinstance(thing, SiteWritten) and not to_write and _is_told(session, thing):
            return
        site_id, identity = session.info.get(PIN), sa.inspect(thing).identity
        if site_id is None or thing.__dict__.get("site_id", identity and identity[0]) != site_id:
            raise Leak(f"a {type(thing).__name__} of another site")
        if identity and identity[0] != site_id:
            raise Leak("a row does not move to another site")


def _is_told(session: orm.Session, thing: SiteWritten) -> bool:
    """Is it a row of the database that this reader may read?"""
    reader = reader_of(session)
    readable = (Audience.ANYONE, reader.widest, reader.closest, only(session.info.get(PIN) or NOWHERE))
    return thing.__dict__.get("audience") in readable and sa.inspect(thing).identity is not None


def _refuse_foreign_writes(session: orm.Session, *_: object) -> None:
    for thing in (*session.new, *session.dirty, *session.deleted):
        _refuse_foreign(session, thing, to_write=True)


def _look_through(connection: sa.Connection) -> None:
    # Migrations are let through: theirs is the engine that keeps no connection.
    if not isinstance(connection.engine.pool, sa.NullPool):
        pinning.install(connection.dialect)


def _begin_at_site(session: orm.Session, transaction: orm.SessionTransaction, connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql" and not transaction.nested:
        _tell_postgresql(session, connection)


def _tell_postgresql(session: orm.Session, connection: sa.Connection) -> None:
    site_id = session.info.get(PIN) or NOWHERE
    settings = (("app.site", str(site_id)), ("app.reader", str(reader_of(session))))  # which end with the transaction
    connection.execute(sa.select(*(sa.func.set_config(name, value, True) for name, value in settings)))


# Standing guard.

LISTENERS: tuple[tuple[Any, str, Any], ...] = (
    (Session, "do_orm_execute", _pin_statement),
    (Session, "before_attach", _refuse_foreign),
    (Session, "loaded_as_persistent", _refuse_foreign),
    (Session, "before_flush", _refuse_foreign_writes),
    (Session, "after_begin", _begin_at_site),
    (sa.Engine, "engine_connect", _look_through),
)


def install() -> None:
    """Set the guard. Done on import: a session does not open without it."""
    for target, name, listener in LISTENERS:
        event.listen(target, name, listener)
    Session.guarded = True


def uninstall() -> None:
    """For the tests that show what the guard is good for, and for nothing else."""
    for target, name, listener in LISTENERS:
        event.remove(target, name, listener)


install()
