"""Every SQL statement that a session sends is parsed; one that names a site's table must pin it to the bound site.

What only reads a table of what sites tell may hold it to the audiences of its reader instead.

Independent of the guard on purpose: it knows nothing of SQLAlchemy's statements, only the text and the values sent.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import re
import uuid
import weakref
from collections.abc import Collection, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
import sqlglot
from sqlalchemy import event
from sqlglot import exp

from bulletin import db
from bulletin.vault import tenancy
from bulletin.vault.readers import Audience, Reader

NOWHERE = uuid.UUID(int=0)
Parts = list[tuple[exp.Expression, Collection[str] | None]]
UNPARSED = re.compile(r"(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA|SET TRANSACTION)\b")


def complaints(
    sql: str,
    values: Any,
    dialect: str,
    bound: uuid.UUID | None,
    owned: Collection[str],
    audiences: Collection[str] = (),
    written: Collection[str] = (),
) -> list[str]:
    """What is wrong with a statement: tables of a site that it names and does not hold to the bound one.

    `audiences`: those that the session's reader belongs to; `written`: which of the tables have one.
    """
    if not _names_any(sql, frozenset(owned)):
        return []
    if dialect == "sqlite":
        values = {f"p{number}": value for number, value in enumerate(values or ())}
    ours = frozenset(name for name, value in (values or {}).items() if _is(value, bound or NOWHERE))
    told = frozenset(name for name, value in (values or {}).items() if value in audiences)
    return list(_looked_at(sql, dialect, frozenset(owned), ours, told, frozenset(written)))


@functools.lru_cache(maxsize=5_000)
def _names_any(sql: str, owned: frozenset[str]) -> bool:
    return not UNPARSED.match(sql) and any(name in sql.casefold() for name in owned)


@functools.lru_cache(maxsize=5_000)  # to parse one takes longer than to answer it, and a page sends the same ones
def _looked_at(
    sql: str, dialect: str, owned: frozenset[str], ours: frozenset[str], told: frozenset[str], written: frozenset[str]
) -> tuple[str, ...]:
    if dialect == "sqlite":
        numbers = itertools.count()
        sql = re.sub(r"('(?:[^']|'')*')|\?", lambda hit: hit[1] or f":p{next(numbers)}", sql)
    else:
        sql = re.sub(r"%\((\w+)\)s", r":\1", sql).replace("%%", "%")
    tree = sqlglot.parse_one(sql, dialect="sqlite" if dialect == "sqlite" else "postgres")
    return tuple(_Look(owned, ours, told, written).at(tree, frozenset()))


def _is(value: Any, bound: uuid.UUID) -> bool:
    return value == bound or (isinstance(value, str) and value.replace("-", "") == bound.hex)


class _Look:
    """`ours`: the names of the values that are the bound site's id; `told`: of those that are a reader's audience."""

    def __init__(
        self, owned: Collection[str], ours: Collection[str], told: Collection[str], written: Collection[str]
    ) -> None:
        self.owned, self.ours, self.told, self.written = owned, ours, told, written

    def at(self, node: exp.Expression, outer: frozenset[str]) -> Iterator[str]:
        held = outer
        if isinstance(node, exp.Insert):
            yield from self.insert(node)
        elif isinstance(node, exp.Select | exp.Update | exp.Delete):
            tables = list(_own_tables(node))
            named = {table.alias_or_name: table for table in tables}
            if len(named) < len(tables):
                yield "one name for two tables"
            held = self.held(node, outer - named.keys(), named.keys())
            read = self.readable(node) if isinstance(node, exp.Select) else set()
            for name, table in named.items():
                if (
                    table.name.casefold() in self.owned
                    and name not in held
                    and not (table.name in self.written and name in read)
                ):
                    yield f"{name} is not held to its site"
            moved = isinstance(node, exp.Update) and any(part.this.name == "site_id" for part in node.expressions)
            if moved and node.this.name in self.owned:
                yield f"{node.this.name} goes to another site"
        for child in node.iter_expressions():
            yield from self.at(child, held)

    def insert(self, node: exp.Insert) -> Iterator[str]:
        table = node.find(exp.Table)
        if table is None or table.name not in self.owned:
            return
        columns = [column.name for column in node.this.expressions]
        rows = node.expression
        if not isinstance(rows, exp.Values) or "site_id" not in columns:
            yield f"{table.name} takes rows of any site"
            return
        for row in rows.expressions:
            if not self.is_ours(row.expressions[columns.index("site_id")]):
                yield f"{table.name} takes a row of another site"

    def parts(self, node: exp.Expression) -> Parts:
        """The conditions of a statement, and which names alone each of them holds, if not any."""
        parts: Parts = [(p, None) for p in _conjuncts(node.args.get("where"))]
        for join in _own(node, exp.Join):
            side = join.side.upper()
            right = {table.alias_or_name for table in _own_tables(join)}
            only = None if side == "" else right if side == "LEFT" else set()
            parts += [(part, only) for part in _conjuncts(join.args.get("on"))]
        return parts

    def readable(self, node: exp.Expression) -> set[str]:
        """Names of which a condition says: of the bound site, or for an audience of the reader's."""
        found = set()
        for part, only in self.parts(node):
            tables = {self.told_by(one) for one in part.flatten()} if isinstance(part, exp.Or) else {""}
            found |= {name for name in tables if len(tables) == 1 and name and (only is None or name in only)}
        return found

    def told_by(self, one: exp.Expression) -> str:
        one = one.unnest()
        if not isinstance(one, exp.EQ) or not isinstance(one.this, exp.Column):
            return ""
        right = {"site_id": self.is_ours, "audience": self.is_told}.get(one.this.name, lambda _: False)
        return str(one.this.table) if right(one.expression) else ""

    def held(self, node: exp.Expression, outer: frozenset[str], here: Collection[str]) -> frozenset[str]:
        parts = self.parts(node)
        if any(_is_false(part) for part in _conjuncts(node.args.get("where"))):
            return frozenset({*outer, *here})
        held = set(outer)
        while True:
            more = {
                name
                for part, only in parts
                for name in self.pinned_by(part, held)
                if name not in held and (only is None or name in only)
            }
            if not more:
                return frozenset(held)
            held |= more

    def pinned_by(self, part: exp.Expression, held: Collection[str]) -> Iterator[str]:
        if isinstance(part, exp.EQ):
            for one, other in ((part.this, part.expression), (part.expression, part.this)):
                if isinstance(one, exp.Column) and one.name == "site_id":
                    equal = isinstance(other, exp.Column) and other.name == "site_id" and other.table in held
                    if equal or self.is_ours(other):
                        yield one.table

    def is_ours(self, value: exp.Expression) -> bool:
        return self.is_named(value, self.ours)

    def is_told(self, value: exp.Expression) -> bool:
        return self.is_named(value, self.told)

    @staticmethod
    def is_named(value: exp.Expression, names: Collection[str]) -> bool:
        while isinstance(value, exp.Cast | exp.Paren):
            value = value.this
        return isinstance(value, exp.Placeholder) and value.name in names


def _own(node: exp.Expression, kind: type[exp.Expression]) -> Iterator[Any]:
    """Parts of one statement, not of those inside it."""
    for child in node.iter_expressions():
        if not isinstance(child, exp.Query | exp.With) or isinstance(child, exp.Subquery):
            if isinstance(child, exp.Subquery) and isinstance(child.this, exp.Query):
                continue
            if isinstance(child, kind):
                yield child
            yield from _own(child, kind)


def _own_tables(node: exp.Expression) -> Iterator[exp.Table]:
    yield from _own(node, exp.Table)


def _conjuncts(node: exp.Expression | None) -> Iterator[exp.Expression]:
    while isinstance(node, exp.Where | exp.Paren):
        node = node.this
    if isinstance(node, exp.And):
        yield from _conjuncts(node.this)
        yield from _conjuncts(node.expression)
    elif node is not None:
        yield node


def _is_false(part: exp.Expression) -> bool:
    return part.sql().upper() in ("FALSE", "0 = 1")


@contextlib.contextmanager
def watched() -> Iterator[list[str]]:
    """While this stands, what sessions send is looked at; yields the complaints, each also raised at once."""
    found: list[str] = []

    def remember(session: sa.orm.Session, _: Any, connection: sa.Connection) -> None:
        connection.info["session"] = weakref.ref(session)

    def look(connection: sa.Connection, _: Any, sql: str, values: Any, __: Any, many: bool) -> None:
        beyond = connection.get_execution_options().get("beyond_sites")
        # What migrates keeps no connection, and a table's definition has no rows.
        if beyond or isinstance(connection.engine.pool, sa.NullPool) or re.match(r"(CREATE|ALTER|DROP) ", sql.lstrip()):
            return
        session = connection.info.get("session", lambda: None)()
        bound = None if session is None else tenancy.bound_site(session)
        # Several rows that are given back are one statement, with the values of all of them.
        apart = many and all(isinstance(row, (tuple, list, dict)) for row in values)
        for row in values if apart else [values]:
            reader = Reader.NOBODY if session is None else tenancy.reader_of(session)
            audiences = (Audience.ANYONE, reader.widest, reader.closest, str(bound or NOWHERE))
            tables = db.owned_tables(db.OfSite), audiences, db.owned_tables(db.SiteWritten)
            if wrong := complaints(sql, row, connection.dialect.name, bound, *tables):
                found.append(f"{'; '.join(wrong)}: {sql}")
                raise AssertionError(found[-1])

    event.listen(db.Session, "after_begin", remember)
    event.listen(sa.Engine, "before_cursor_execute", look)
    try:
        yield found
    finally:
        event.remove(db.Session, "after_begin", remember)
        event.remove(sa.Engine, "before_cursor_execute", look)


@pytest.fixture(autouse=True)
def every_statement_stays_at_its_site() -> Iterator[None]:
    """For a room's conftest.py. Looks once more at the end, in case a complaint was caught on its way."""
    with watched() as found:
        yield
    assert found == []
