"""Shapes: what a sealed value is made of, said once, at its fields.

    @shape
    class Brief(Shape):
        name: str = plain_text(N_("Name"), most=80)
        stand: Stand | None = choice(N_("Where they stand"), Stand, nothing=None)

    class Contact(SiteOwned):
        brief: Sealed[Brief] = sealed(Brief)

    contact.brief.name
    contact.brief = dataclasses.replace(contact.brief, name="Bill")

What an older release has not written reads as the default, and what a newer one has written besides is kept in
`unknown`: through opening, changing and storing again. So a default says what is so as long as nobody has said
anything: nobody agreed, nobody knows of it.

What is asked, shown, checked, named in a table, looked through and merged of a value is found at its fields.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar, dataclass_transform

from . import kinds
from .kinds import Kind

S = TypeVar("S", bound="Shape")


def N_(text: str) -> str:  # the name that gettext's tools look for
    """An English text that is translated where it is shown: marked here, to be found."""
    return text


@dataclasses.dataclass(frozen=True)
class Field:
    """One field of a shape. `label`: what people call it, in English; empty for what nobody is shown.

    most: letters that people may give it; lines: it may have several. asked: it is in the form. named: people's own
    words, in which somebody may be named. column: what its head in a table is called by; empty for its name, None for
    no column. of: another field, whose day this is. merge: what the record says of two that become one. sparse: not
    stored where it says nothing.
    """

    kind: Kind
    label: str = ""
    name: str = ""
    most: int | None = None
    lines: bool = False
    asked: bool = False
    named: bool = False
    column: str | None = ""
    of: str = ""
    merge: str = ""
    sparse: bool = False

    @property
    def head(self) -> str:
        """What the head of its column in a table is called by."""
        return self.column or self.name


@dataclasses.dataclass(frozen=True, kw_only=True, repr=False)
class Shape:
    """A sealed value. Two are equal where all they say is, and what it says is in no log: its repr is its name."""

    unknown: tuple[tuple[str, Any], ...] = ()  # what this release does not know, by key, as it is stored

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


@dataclass_transform(frozen_default=True, kw_only_default=True)
def shape(cls: type[S]) -> type[S]:
    """Make a dataclass of it, whose fields all have a default."""
    made = dataclasses.dataclass(frozen=True, kw_only=True, repr=False)(cls)
    for one in dataclasses.fields(made):
        if one.name != "unknown" and "about" not in one.metadata:
            raise TypeError(f"{made.__name__}.{one.name} says nothing of itself")
        if one.default_factory is not dataclasses.MISSING:
            setattr(made, one.name, one.default_factory())  # what is missing in a row is looked for here
    known = (one for one in dataclasses.fields(made) if one.name != "unknown")
    _FIELDS[made] = {one.name: dataclasses.replace(one.metadata["about"], name=one.name) for one in known}
    _KINDS[made] = Kind("shape", _check_of(made), _opener_of(made), _storer_of(made), made(), made)
    return made


_FIELDS: dict[type, Mapping[str, Field]] = {}
_KINDS: dict[type, Kind] = {}


def fields_of(cls: type[Shape]) -> Mapping[str, Field]:
    """The fields of a shape by their names, in their order."""
    return _FIELDS[cls]


def shaped(cls: type[Shape]) -> Kind:
    """The kind that a shape is."""
    return _KINDS[cls]


def _check_of(cls: type[Shape]) -> kinds.Check:
    """What is missing is looked at as what it would read as: where that may not be, it must be there."""
    known = [(name, one.kind.check, one.kind.as_stored(one.kind.default)) for name, one in fields_of(cls).items()]
    return lambda value: (
        isinstance(value, dict) and all(check(value.get(key, default)) for key, check, default in known)
    )


def _opener_of(cls: type[S]) -> Callable[[dict[str, Any]], S]:
    """What is stored, as the value it is. A list opens ten thousand: nothing is looked up or copied for each."""
    names = frozenset(fields_of(cls))
    known = [(name, one.kind.known) for name, one in fields_of(cls).items() if one.kind.known]
    opened = [(name, one.kind.opened) for name, one in fields_of(cls).items() if one.kind.opened and not one.kind.known]
    new, put = object.__new__, object.__setattr__

    def made_of(stored: dict[str, Any]) -> S:
        if not stored.keys() <= names:
            unknown = tuple((key, stored[key]) for key in sorted(stored.keys() - names))
            stored = {key: value for key, value in stored.items() if key in names}
            stored["unknown"] = unknown
        for name, values in known:
            if name in stored:
                stored[name] = values.get(stored[name], stored[name])
        for name, open_ in opened:
            if name in stored:
                stored[name] = open_(stored[name])
        made = new(cls)
        put(made, "__dict__", stored)  # the defaults are the class's
        return made

    return made_of


def _storer_of(cls: type[Shape]) -> Callable[[Shape], dict[str, Any]]:
    stored = [(name, one.kind.stored, one.sparse, one.kind.default) for name, one in fields_of(cls).items()]

    def plain(value: Shape) -> dict[str, Any]:
        if type(value) is not cls:
            raise TypeError(f"a sealed {cls.__name__} is no {type(value).__name__}")
        made = dict(value.unknown)
        for name, store, sparse, default in stored:
            one = getattr(value, name)
            if not (sparse and one == default):
                made[name] = one if store is None else store(one)
        return made

    return plain


def both_unknown(first: Shape, other: Shape) -> tuple[tuple[str, Any], ...]:
    """What only a newer release knows of two that become one; where both say something, the first's."""
    said = {key: value for key, value in first.unknown if value not in ("", None)}
    return tuple(sorted({**dict(first.unknown), **dict(other.unknown), **said}.items()))


def has_own_words(cls: type[Shape]) -> bool:
    """May there be words of people's own in such a value?"""
    nested = (one.kind.shape for one in fields_of(cls).values())
    return any(one.named for one in fields_of(cls).values()) or any(map(has_own_words, filter(None, nested)))


def own_words(value: object) -> Iterator[str]:
    """All that people typed in a value, or in several of them, and may have named somebody in."""
    if isinstance(value, Shape):
        for _key, unknown in value.unknown:
            yield from _texts(unknown)
        for name, one in fields_of(type(value)).items():
            said = getattr(value, name)
            if one.named and isinstance(said, str):
                yield said
            elif isinstance(said, Shape | tuple):
                yield from own_words(said)
    elif isinstance(value, tuple):
        for one in value:
            yield from own_words(one)


def _texts(plain: object) -> Iterator[str]:
    if isinstance(plain, str):
        yield plain
    elif isinstance(plain, dict | list):
        for one in plain.values() if isinstance(plain, dict) else plain:
            yield from _texts(one)


# Fields, by what they hold. The type that mypy sees is the one that is annotated.


def field(kind: Kind, label: str = "", **more: Any) -> Any:
    """A field of any kind; `more` are fields of Field."""
    about = {"about": Field(kind, label, **more)}
    if kind.default.__hash__ is None:
        return dataclasses.field(default_factory=lambda: kind.default, metadata=about)
    return dataclasses.field(default=kind.default, metadata=about)


def plain_text(label: str = "", *, room: int = kinds.WHOLE_MAX, **more: Any) -> Any:
    """A text. `most`: letters that people may give it; `room`: that it may have where it comes from elsewhere."""
    return field(kinds.plain_text(room), label, **more)


def iso_day(label: str = "", *, empty: bool = True, **more: Any) -> Any:
    """An ISO day; or nothing, where it may be `empty`."""
    return field(kinds.of_text("day", kinds.a_day, empty=empty), label, **more)


def moment(label: str = "", *, empty: bool = False, past: bool = False, **more: Any) -> Any:
    """An ISO moment with its zone; one that is over, where it must be `past`."""
    check = kinds.a_past_moment if past else kinds.a_moment
    return field(kinds.of_text("moment", check, empty=empty), label, **more)


def clock(label: str = "", **more: Any) -> Any:
    """A time of the day as HH:MM, or nothing."""
    return field(kinds.of_text("clock", kinds.a_clock), label, **more)


def hex_id(of: str, label: str = "", **more: Any) -> Any:
    """The id of a row in hex, or nothing. `of`: what sort of row; the kind is called so."""
    return field(kinds.of_text(of, kinds.a_hex_id), label, **more)


def flag(label: str = "", **more: Any) -> Any:
    """Yes or no; no as long as nobody has said yes."""
    return field(kinds.plain("flag", kinds.truth, False), label, **more)


def count(label: str = "", *, unknown: bool = False, **more: Any) -> Any:
    """A number of things; None where it may be `unknown`."""
    kind = kinds.plain("count", kinds.whole, 0)
    return field(kinds.or_none(kind) if unknown else kind, label, **more)


def choice(
    label: str,
    choices: type[enum.Enum] | Iterable[str],
    *,
    nothing: Any = ...,
    default: Any = None,
    **more: Any,
) -> Any:
    """One of several; see kinds.choice."""
    return field(kinds.choice(choices, nothing=nothing, default=default), label, **more)


def choices(label: str, several: type[enum.Enum], **more: Any) -> Any:
    """Some of several."""
    return field(kinds.several(kinds.choice(several)), label, **more)


def part(cls: type[Shape], label: str = "", **more: Any) -> Any:
    """Another shape."""
    return field(shaped(cls), label, **more)


def as_kind(of: Kind | type[Shape] | None) -> Kind | None:
    """What was said of a sealed column, as a kind."""
    return shaped(of) if isinstance(of, type) else of
