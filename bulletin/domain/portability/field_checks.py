"""What the fields of a site's rows look like: asked of a file from elsewhere before anything in it is believed."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, Integer, String, Uuid
from sqlalchemy.types import TypeEngine

from bulletin.db import Moment, SiteOwned
from bulletin.domain.papers.bulletins import State
from bulletin.vault import kinds
from bulletin.vault.kinds import Check
from bulletin.vault.sealed import sealed_field

VERSION_MAX = 10**6  # there is room to count on from it
_STATES = {one.value for one in State}


def sealed_check(record: type[SiteOwned], column: str) -> Check:
    """Of a sealed field of a kind of row: may it hold what is stored so?"""
    kind = sealed_field(record, column).kind
    if kind is None:
        raise TypeError(f"{record.__name__}.{column} does not say what it holds")
    return kind.check


# What releases before wrote as moments, and where their days stand now.
DAYS_NOW = {
    ("bulletin", "touched_at"): "touched_on",
    ("bulletin", "put_away_at"): "put_away_on",
    ("article", "deleted_at"): "deleted_on",
}
SINCE = {("bulletin", "touched"): None}  # fields that releases before did not have, and how they read then


def as_now(table: str, values: dict[str, Any]) -> dict[str, Any]:
    """A row that a release before may have written, with the columns of this one; ValueError where it cannot be one."""
    read = {column: value for (of, column), value in SINCE.items() if of == table}
    for column, value in values.items():
        name = DAYS_NOW.get((table, column))
        if name and value is not None and not kinds.a_moment(value):
            raise ValueError("no moment")
        read[name or column] = value[:10] if name and value is not None else value
    return read


def read_clear(table: str, column: str, type_: TypeEngine[Any], nullable: bool, value: Any) -> Any:
    """A value that the database can read, from JSON; ValueError where it cannot be one."""
    if value is None:
        if nullable:
            return None
        raise ValueError("something is missing")
    if isinstance(type_, Moment) and kinds.a_moment(value):
        return datetime.fromisoformat(value)
    if isinstance(type_, Uuid) and isinstance(value, str):
        return uuid.UUID(value)
    if isinstance(type_, Date) and kinds.a_day(value):
        return date.fromisoformat(value)
    if isinstance(type_, Boolean) and kinds.truth(value):
        return value
    if isinstance(type_, Integer) and kinds.whole(value) and value <= VERSION_MAX:
        return value
    if (
        isinstance(type_, String)
        and kinds.some_text(value)
        and len(value) <= (type_.length or kinds.WHOLE_MAX)
        and value.isprintable()
    ):
        if (table, column) == ("bulletin", "state") and value not in _STATES:
            raise ValueError("no state of a bulletin")
        return value
    raise ValueError("of another kind")
