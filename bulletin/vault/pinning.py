"""The statement as it will be sent: each table of a site's rows in it must be held to the bound site.

A table of what sites tell may be held to what the reader may read instead, where it is only read.

The last look before the database, at what SQLAlchemy made of a query and not at what the query was meant to be.
Compiled statements are cached, so it costs nothing the second time.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import operators
from sqlalchemy.sql.compiler import SQLCompiler

from bulletin.db import Leak, OfSite, SiteWritten, owned_tables

PIN = "bound_site"
TOLD = "told_to_reader"
HARMLESS = re.compile(r"\*|\d+|NULL")  # literal columns that SQLAlchemy itself writes, as in count(*)


def install(dialect: sa.Dialect) -> None:
    """Have everything that goes through this engine looked at."""
    if not issubclass(dialect.statement_compiler, Pinned):
        compiler = type("PinnedCompiler", (Pinned, dialect.statement_compiler), {})
        dialect.statement_compiler = compiler


class Pin(sa.BindParameter[uuid.UUID]):
    """The bound site in our own condition, which is known from anybody else's by its class: names can be copied."""

    inherit_cache = True

    def __init__(self, site_id: uuid.UUID) -> None:
        super().__init__(PIN, site_id, sa.Uuid(), unique=True)


class ReadBy(sa.BindParameter[str]):
    """An audience that the reader belongs to, in our own condition."""

    inherit_cache = True

    def __init__(self, audience: str) -> None:
        super().__init__(TOLD, str(audience), sa.String(), unique=True)


class Pinned(SQLCompiler):
    """Refuses what would leave the site, whoever wrote it."""

    def _setup_select_stack(self, select: Any, *args: Any, **kwargs: Any) -> Any:
        froms = super()._setup_select_stack(select, *args, **kwargs)  # type: ignore[no-untyped-call]
        outer: set[Any] = set().union(*(self._pinned_in(entry) for entry in self.stack[:-1]))
        # A table that stands here anew is not held by what holds it outside.
        pinned = _pinned(froms, select._where_criteria, outer - set(_leaves(froms)))
        _refuse_unpinned(froms, pinned | _told(froms, select._where_criteria))
        self.stack[-1]["pinned"] = pinned  # type: ignore[typeddict-unknown-key]
        return froms

    def _pinned_in(self, entry: Any) -> set[Any]:
        if isinstance(entry.get("selectable"), sa.Update | sa.Delete):
            statement = entry["selectable"]
            return _pinned([statement.table], statement._where_criteria, set())
        return entry.get("pinned", set())  # type: ignore[no-any-return]

    def visit_insert(self, insert_stmt: Any, *args: Any, **kwargs: Any) -> Any:
        self._refuse_nested(insert_stmt, kwargs)
        return super().visit_insert(insert_stmt, *args, **kwargs)  # type: ignore[no-untyped-call]

    def visit_update(self, update_stmt: Any, *args: Any, **kwargs: Any) -> Any:
        self._refuse_nested(update_stmt, kwargs)
        return super().visit_update(update_stmt, *args, **kwargs)

    def visit_delete(self, delete_stmt: Any, *args: Any, **kwargs: Any) -> Any:
        self._refuse_nested(delete_stmt, kwargs)
        return super().visit_delete(delete_stmt, *args, **kwargs)  # type: ignore[no-untyped-call]

    def _refuse_nested(self, statement: Any, kwargs: dict[str, Any]) -> None:
        if (self.stack or kwargs.get("visiting_cte") is not None) and is_owned(statement.table):
            raise Leak("rows are written by a statement of their own")

    def update_tables_clause(self, update_stmt: Any, from_table: Any, *args: Any, **kwargs: Any) -> Any:
        _refuse_unheld(update_stmt, from_table)
        return super().update_tables_clause(update_stmt, from_table, *args, **kwargs)  # type: ignore[no-untyped-call]

    def delete_table_clause(self, delete_stmt: Any, from_table: Any, *args: Any, **kwargs: Any) -> Any:
        _refuse_unheld(delete_stmt, from_table)
        return super().delete_table_clause(delete_stmt, from_table, *args, **kwargs)  # type: ignore[no-untyped-call]

    def update_from_clause(self, update_stmt: Any, from_table: Any, extra_froms: Any, *args: Any, **kwargs: Any) -> Any:
        froms = [from_table, *extra_froms]
        _refuse_unpinned(froms, _pinned(froms, update_stmt._where_criteria, set()))
        return super().update_from_clause(update_stmt, from_table, extra_froms, *args, **kwargs)  # type: ignore[no-untyped-call]

    def delete_extra_from_clause(
        self, delete_stmt: Any, from_table: Any, extra_froms: Any, *args: Any, **kwargs: Any
    ) -> Any:
        froms = [from_table, *extra_froms]
        _refuse_unpinned(froms, _pinned(froms, delete_stmt._where_criteria, set()))
        return super().delete_extra_from_clause(delete_stmt, from_table, extra_froms, *args, **kwargs)  # type: ignore[no-untyped-call]

    def visit_textclause(self, textclause: Any, *args: Any, **kwargs: Any) -> Any:
        self._refuse_text()
        return super().visit_textclause(textclause, *args, **kwargs)  # type: ignore[no-untyped-call]

    def visit_tstring(self, tstring: Any, *args: Any, **kwargs: Any) -> Any:
        self._refuse_text()
        return super().visit_tstring(tstring, *args, **kwargs)  # type: ignore[no-untyped-call]

    def visit_column(self, column: Any, *args: Any, **kwargs: Any) -> str:
        if column.is_literal and not HARMLESS.fullmatch(column.name):
            self._refuse_text()
        return super().visit_column(column, *args, **kwargs)

    def _refuse_hint(self, *_: Any) -> Any:
        raise Leak("a hint is SQL as text")

    get_statement_hint_text = get_select_hint_text = get_crud_hint_text = _refuse_hint
    get_from_hint_text = _refuse_hint  # type: ignore[assignment]

    def _refuse_text(self) -> None:
        if self.statement is not None:  # None: the column defaults of a CREATE TABLE
            raise Leak("SQL as text is not looked through")


def _pinned(froms: Iterable[Any], criteria: Iterable[Any], outer: set[Any]) -> set[Any]:
    """The tables and aliases of `froms` that our own condition, or equality with one so pinned, holds to the site."""
    pinned = set(outer)
    waiting = _parts(froms, criteria)
    found = True
    while found:
        found = False
        for part, only in waiting:
            for table in _held(part, pinned):
                if table not in pinned and (only is None or table in only):
                    pinned.add(table)
                    found = True
    return pinned


def _parts(froms: Iterable[Any], criteria: Iterable[Any]) -> list[tuple[Any, set[Any] | None]]:
    """The conditions that all rows meet, and which tables alone each of them holds, if not any."""
    parts: list[tuple[Any, set[Any] | None]] = [(part, None) for part in _conjuncts(criteria)]
    for join in _joins(froms):
        right = set(_leaves([join.right]))
        # The condition of an outer join holds nothing but its right side; a full one not even that.
        only = set() if join.full else right if join.isouter else None
        parts += [(part, only) for part in _conjuncts([join.onclause])]
    return parts


def _told(froms: Iterable[Any], criteria: Iterable[Any]) -> set[Any]:
    """The tables and aliases of what sites tell that our own condition holds to what the reader may read."""
    found = ((_told_in(part), only) for part, only in _parts(froms, criteria))
    return {table for table, only in found if _is_of(SiteWritten, table) and (only is None or table in only)}


def _told_in(part: Any) -> Any:
    """The table of which a condition says: of the bound site, or for an audience of the reader's; None otherwise."""
    if not isinstance(part, sa.BooleanClauseList) or part.operator is not operators.or_:
        return None
    ours = {"site_id": Pin, "audience": ReadBy}
    tables = {
        getattr(one.left, "table", None)
        if isinstance(one, sa.BinaryExpression)
        and one.operator is operators.eq
        and isinstance(one.right, ours.get(getattr(one.left, "key", ""), ()))
        else None
        for one in part.clauses
    }
    return tables.pop() if len(tables) == 1 else None


def _held(part: Any, pinned: set[Any]) -> Iterator[Any]:
    if not isinstance(part, sa.BinaryExpression) or part.operator is not operators.eq:
        return
    for one, other in ((part.left, part.right), (part.right, part.left)):
        if getattr(one, "key", None) == "site_id" and getattr(one, "table", None) is not None:
            theirs = getattr(other, "key", None) == "site_id" and getattr(other, "table", None) in pinned
            if theirs or isinstance(other, Pin):
                yield one.table


def _conjuncts(criteria: Iterable[Any]) -> Iterator[Any]:
    for part in criteria:
        if isinstance(part, sa.BooleanClauseList) and part.operator is operators.and_:
            yield from _conjuncts(part.clauses)
        elif isinstance(part, sa.sql.elements.Grouping):
            yield from _conjuncts([part.element])
        else:
            yield part


def _joins(froms: Iterable[Any]) -> Iterator[Any]:
    for source in froms:
        if isinstance(source, sa.Join):
            yield source
            yield from _joins([source.left, source.right])
        elif isinstance(source, sa.sql.selectable.FromGrouping):
            yield from _joins([source.element])


def _leaves(froms: Iterable[Any]) -> Iterator[Any]:
    for source in froms:
        if isinstance(source, sa.Join):
            yield from _leaves([source.left, source.right])
        elif isinstance(source, sa.sql.selectable.FromGrouping):
            yield from _leaves([source.element])
        else:
            yield source


def is_owned(source: Any) -> bool:
    """Is it a table of a site's rows? By its name: what a statement carries may be an annotated copy of it."""
    return _is_of(OfSite, source)


def _is_of(base: type[OfSite], source: Any) -> bool:
    while isinstance(source, sa.sql.selectable.AliasedReturnsRows):
        source = source.element
    return isinstance(source, sa.TableClause) and source.name.casefold() in owned_tables(base)


def _refuse_unpinned(froms: Iterable[Any], pinned: set[Any]) -> None:
    for source in _leaves(froms):
        if source not in pinned and is_owned(source):
            raise Leak(f"{source.description} is not held to the bound site: select its class, or join it by name")


def _refuse_unheld(statement: Any, table: Any) -> None:
    """Refuse to write all rows of a table. One row by its key is a flush's, which was looked at before."""
    if not is_owned(table) or statement.table in _pinned([statement.table], statement._where_criteria, set()):
        return
    keys = {
        getattr(part.left, "key", "")
        for part in _conjuncts(statement._where_criteria)
        if isinstance(part, sa.BinaryExpression) and part.operator is operators.eq
        if isinstance(part.right, sa.BindParameter)
    }
    if not keys >= {"site_id", "id"}:
        raise Leak(f"all of {table.description} would be written: name the class")
