"""Kinds of sealed values: what may be stored of each, and what it is in Python. Shapes are made of them.

A check is asked of what a file from elsewhere says, before any of it is believed.
"""

from __future__ import annotations

import dataclasses
import enum
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from bulletin.db import now

Check = Callable[[Any], bool]

YEARS = range(1900, 2200)  # with others a time zone may lead out of what Python can count
LAST_YEAR = YEARS.stop - 1  # of a day, which has no zone: a month is added to some
WHOLE_MAX = 2**31 - 1
CLOCKS_DIFFER = timedelta(days=1)
_HEX = re.compile(r"[0-9a-f]{32}")
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


@dataclasses.dataclass(frozen=True)
class Kind:
    """One of them. `opened` makes of what is stored what it is in Python, `stored` the reverse; None: they are one.

    `default`: what is missing reads as. `name`: by which pages choose how it is shown. `shape`: which it is, or holds.
    `known`: where what it is in Python is looked up, by what is stored, in the place of `opened`.
    """

    name: str
    check: Check
    opened: Callable[[Any], Any] | None = None
    stored: Callable[[Any], Any] | None = None
    default: Any = ""
    shape: type | None = None
    known: Mapping[Any, Any] = dataclasses.field(default_factory=dict)

    def as_opened(self, stored: Any) -> Any:
        """In Python, from what is stored."""
        return stored if self.opened is None else self.opened(stored)

    def as_stored(self, value: Any) -> Any:
        """To be stored, from what it is in Python."""
        return value if self.stored is None else self.stored(value)


# What may be stored.


def some_text(value: Any) -> bool:
    """Any text."""
    return isinstance(value, str)


def truth(value: Any) -> bool:
    """Yes or no."""
    return isinstance(value, bool)


def whole(value: Any) -> bool:
    """A number of things."""
    return type(value) is int and 0 <= value <= WHOLE_MAX


def a_hex_id(value: Any) -> bool:
    """The id of a row, as sealed fields write it."""
    return isinstance(value, str) and _HEX.fullmatch(value) is not None


def a_day(value: Any) -> bool:
    """An ISO day."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).year <= LAST_YEAR
    except ValueError:
        return False


def a_moment(value: Any) -> bool:
    """An ISO moment with its zone."""
    try:
        read = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return False
    return read is not None and read.tzinfo is not None and read.year in YEARS


def a_past_moment(value: Any) -> bool:
    """A moment that is over."""
    return a_moment(value) and datetime.fromisoformat(value) <= now() + CLOCKS_DIFFER


def a_clock(value: Any) -> bool:
    """A time of the day."""
    return isinstance(value, str) and _CLOCK.fullmatch(value) is not None


def a_list_of(check: Check, count: int | None = None) -> Check:
    """A list of these, of so many where that is said."""
    return lambda value: isinstance(value, list) and count in (None, len(value)) and all(map(check, value))


def _one_of(values: Iterable[Any]) -> Check:
    known = frozenset(values)
    return lambda value: type(value) in (str, int) and value in known


def _or(nothing: Any, check: Check) -> Check:
    return lambda value: (value is nothing or (type(value) is type(nothing) and value == nothing)) or check(value)


# Kinds.


def plain_text(room: int = WHOLE_MAX) -> Kind:
    """A text of at most so many letters, also where it comes from elsewhere."""
    return Kind("text", lambda value: isinstance(value, str) and len(value) <= room)


def of_text(name: str, check: Check, *, empty: bool = True) -> Kind:
    """A text of some form, such as an ISO day; or none, unless it cannot be `empty`."""
    return Kind(name, _or("", check) if empty else check)


def plain(name: str, check: Check, default: Any) -> Kind:
    """What is in Python as it is stored."""
    return Kind(name, check, default=default)


def choice(choices: type[enum.Enum] | Iterable[str], *, nothing: Any = ..., default: Any = None) -> Kind:
    """A member of an enum, stored as its value, and called as the enum; or one of some texts.

    `nothing`: how it is stored that there is none, which is None in Python. A value that is not known (a newer
    release may have more) is opened as it is stored, so it is kept, and equal to none that we know.
    """
    values = [one.value if isinstance(one, enum.Enum) else one for one in choices]
    known = dict(zip(values, choices, strict=True))
    name, check = choices.__name__ if isinstance(choices, type) else "choice", _one_of(values)
    if nothing is ...:
        return Kind(name, check, lambda value: known.get(value, value), _value, default, known=known)
    known[nothing] = None
    return Kind(
        name,
        _or(nothing, check),
        lambda value: known.get(value, value),
        lambda value: nothing if value is None else _value(value),
        default,
        known=known,
    )


def _value(one: Any) -> Any:
    return one.value if isinstance(one, enum.Enum) else one


def several(kind: Kind) -> Kind:
    """A tuple of these, stored as a list; called as they are, with an s."""
    return Kind(
        f"{kind.name}s",
        a_list_of(kind.check),
        lambda stored: tuple(map(kind.as_opened, stored)),
        lambda values: [*map(kind.as_stored, values)],
        (),
        kind.shape,
    )


def by_id(kind: Kind) -> Kind:
    """These by some id."""
    return Kind(
        f"{kind.name} by id",
        lambda value: isinstance(value, dict) and all(map(kind.check, value.values())),
        lambda stored: {key: kind.as_opened(one) for key, one in stored.items()},
        lambda values: {key: kind.as_stored(one) for key, one in values.items()},
        {},
    )


def or_none(kind: Kind) -> Kind:
    """This, or None."""
    return Kind(
        kind.name,
        _or(None, kind.check),
        lambda stored: None if stored is None else kind.as_opened(stored),
        lambda value: None if value is None else kind.as_stored(value),
        None,
        kind.shape,
    )
