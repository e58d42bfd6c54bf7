"""The rows of a database in a form that both databases give and take."""

from __future__ import annotations

import base64
import datetime
import uuid
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

# For its own sake: Record.metadata knows the tables of what has been imported, and a backup must know them all.
from bulletin import domain  # noqa: F401
from bulletin.db import Moment, OfSite, Record, owned_tables

from . import Refused, Why

BATCH, BATCH_BYTES = 50, 8 << 20  # rows at a time; sheets and pictures are large

# Signing in, inviting, founding and printing by a ticket begin anew after a restore: what was taken back since must not
# open again. And whoever finds a backup finds no key in them. What was sent before a restore is compared with nothing;
# and what was refused was refused by this machine.
LEFT_OUT = {
    *("device", "invitation", "founding_code", "throttle", "browser_key", "print_ticket", "sent_form", "refused_try"),
}
ALEMBICS = "alembic_version"  # the one table that is not ours

KINDS: dict[type, str] = {
    uuid.UUID: "uuid",
    bytes: "bytes",
    datetime.datetime: "moment",
    datetime.date: "day",
    bool: "bool",
    int: "int",
    float: "float",
    str: "text",
    dict: "json",
}
TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "uuid": sa.Uuid(),
    "bytes": sa.LargeBinary(),
    "moment": Moment(),
    "day": sa.Date(),
    "bool": sa.Boolean(),
    "int": sa.Integer(),
    "float": sa.Float(),
    "text": sa.String(),
    "json": sa.JSON(),
}
_OUT: dict[str, Callable[[Any], Any]] = {
    "uuid": str,
    "bytes": lambda value: base64.b64encode(value).decode(),
    "moment": datetime.datetime.isoformat,
    "day": datetime.date.isoformat,
}
_IN: dict[str, Callable[[Any], Any]] = {
    "uuid": uuid.UUID,
    "bytes": lambda value: base64.b64decode(value, validate=True),
    "moment": datetime.datetime.fromisoformat,
    "day": datetime.date.fromisoformat,
}

Row = tuple[str, dict[str, Any]]  # a table's name, and values by column


def tables() -> list[sa.Table]:
    """Those whose rows a backup holds, each after those it points to."""
    return [table for table in Record.metadata.sorted_tables if table.name not in LEFT_OUT]


def check(connection: sa.Connection) -> None:
    """Refused where the tables of the database are not those that this program knows: some would be left out."""
    there, known = tables_of(connection), set(Record.metadata.tables)
    if there - known:
        names = ", ".join(sorted(there - known))
        raise Refused(Why.UNKNOWN_TABLES, names=names)
    if known - there:
        names = ", ".join(sorted(known - there))
        raise Refused(Why.LACKING_TABLES, names=names)


def tables_of(connection: sa.Connection) -> set[str]:
    """The tables that a database has, whoever made them, without Alembic's."""
    return set(sa.inspect(connection).get_table_names()) - {ALEMBICS}


def kinds(table: sa.Table) -> dict[str, str]:
    """What the columns of a table hold."""
    return {column.name: KINDS[_bare(column.type).python_type] for column in table.columns}


def _bare(type_: sa.types.TypeEngine[Any]) -> sa.types.TypeEngine[Any]:
    return type_.impl_instance if isinstance(type_, sa.TypeDecorator) else type_


def written(values: Mapping[str, Any], of: Mapping[str, str]) -> list[Any]:
    """A row as JSON takes it."""
    return [None if values[name] is None else _OUT.get(kind, _same)(values[name]) for name, kind in of.items()]


def understood(values: list[Any], of: Mapping[str, str]) -> dict[str, Any]:
    """A row from JSON; ValueError, TypeError where it cannot be one."""
    pairs = zip(of.items(), values, strict=True)
    return {name: None if value is None else _IN.get(kind, _same)(value) for (name, kind), value in pairs}


def _same(value: Any) -> Any:
    return value


def read(connection: sa.Connection) -> Generator[Row]:
    """Every row that a backup holds. The transaction must show one moment from its first to its last statement."""
    for table in tables():
        select = sa.select(_stand_in(table.name, kinds(table)))
        for statement in at_each_site(connection, table.name, select):
            with connection.execute(statement.execution_options(yield_per=BATCH)).mappings() as found:
                for row in found:
                    yield table.name, dict(row)


def write(connection: sa.Connection, rows: Iterable[Row], columns: Mapping[str, Mapping[str, str]]) -> None:
    """Add rows; those of one table come together. `columns` says what the tables hold."""
    owned = owned_tables(OfSite)
    batch: list[dict[str, Any]] = []
    place: tuple[str, Any] = ("", None)
    heavy = 0
    for table, values in rows:
        here = table, values["site_id"] if table in owned else None
        if here != place or len(batch) >= BATCH or heavy >= BATCH_BYTES:
            _insert(connection, *place, batch, columns)
            batch, place, heavy = [], here, 0
        batch.append(values)
        heavy += weight(values)
    _insert(connection, *place, batch, columns)


def weight(values: Mapping[str, Any]) -> int:
    """About how many bytes a row takes."""
    return sum(len(value) for value in values.values() if isinstance(value, bytes | str))


def clear(connection: sa.Connection) -> None:
    """Delete every row of every table. Raises Refused."""
    check(connection)
    for table in reversed(Record.metadata.sorted_tables):
        for statement in at_each_site(connection, table.name, sa.delete(_stand_in(table.name, kinds(table)))):
            connection.execute(statement)


def counts(connection: sa.Connection) -> dict[str, int]:
    """How many rows of each table there are that a backup holds."""
    found = {}
    for table in tables():
        count = sa.select(sa.func.count()).select_from(_stand_in(table.name, kinds(table)))
        found[table.name] = sum(
            connection.scalar(statement) or 0 for statement in at_each_site(connection, table.name, count)
        )
    return found


def _insert(
    connection: sa.Connection, table: str, site_id: Any, batch: list[dict[str, Any]], columns: Mapping[str, Any]
) -> None:
    if batch:
        if site_id is not None:
            _go_to(connection, site_id)
        connection.execute(sa.insert(_stand_in(table, columns[table])), batch)


def _stand_in(name: str, columns: Mapping[str, str]) -> sa.TableClause:
    return sa.table(name, *(sa.column(column, TYPES[kind]) for column, kind in columns.items()))


def at_each_site(connection: sa.Connection, table: str, statement: Any) -> Iterator[Any]:
    """The statement, site by site where the table's rows are theirs: PostgreSQL shows no others, to nobody."""
    if table not in owned_tables(OfSite):
        yield statement
        return
    for site_id in connection.scalars(sa.select(_stand_in("site", {"id": "uuid"}))).all():
        _go_to(connection, site_id)
        yield statement.where(sa.column("site_id", sa.Uuid()) == site_id)


def _go_to(connection: sa.Connection, site_id: Any) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.set_config("app.site", str(site_id), True)))
