"""Fields that only the site's own members can open.

    class Contact(SiteOwned):
        name: Sealed[str] = sealed()
        brief: Sealed[Brief] = sealed(Brief)  # a shape, or any other kind: see shapes, kinds

    contact.name = "Bill"  # sealed here, under the site's key, for this column of this row and no other place
    contact.name           # opened here; loading the row opens nothing
    Contact.name == "Bill" # raises: the database cannot compare what it cannot read

Below lies a column of bytes with the field's name, behind the attribute stored() gives. Its value is JSON, in one
form, filled up with spaces: to a multiple of 64 bytes, and longer texts to steps of at most an eighth of their length.
So the length says "a word or two" or "about a page", no more.

None is sealed like any other value, because an empty field says something too (no number, no assessment). With
`optional` it is NULL, for all to see: for fields where that says nothing, and for those added to a table that has rows
already, since no migration can seal. The names of table and column are part of the seal: neither can be changed later.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any, Generic, NoReturn, Protocol, TypeVar, cast, overload

from sqlalchemy import ColumnElement, LargeBinary, and_, false, func, or_
from sqlalchemy.orm import InstrumentedAttribute, mapped_column

from . import keys
from .kinds import Kind
from .shapes import Shape, as_kind

T = TypeVar("T")

BLOCK_BYTES = 64
_read = json.JSONDecoder().raw_decode  # json.loads without a look at what is around it, where only spaces can be


class SealedRow(Protocol):
    """What a sealed field must know of its row, before it is sealed."""

    __tablename__: Any
    site_id: Any
    id: Any


class SealedInQuery(TypeError, AttributeError):
    """A sealed field was used where only the database could answer: load the rows, and look at what they open to."""


class InQuery:
    """What `Contact.name` is on the class: something that refuses to be compared, ordered or selected."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return f"<sealed {self._name}>"

    def _refuse(self, *_args: object) -> NoReturn:
        raise SealedInQuery(f"{self._name} is sealed: the database cannot read it. Load the rows and compare there.")

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):  # somebody only looks what this is
            raise AttributeError(name)
        self._refuse()

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __add__ = __radd__ = __mod__ = __rmod__ = __and__ = __or__ = __invert__ = __neg__ = _refuse
    __bool__ = __iter__ = __contains__ = __getitem__ = _refuse
    __clause_element__ = _refuse  # where SQLAlchemy asks for a column
    __hash__ = object.__hash__


class Sealed(Generic[T]):
    """The descriptor of one sealed field. What it gives is a copy: change it by assigning another value."""

    def __init__(self, kind: Kind | type[Shape] | None = None, *, optional: bool = False) -> None:
        self.kind, self.optional = as_kind(kind), optional

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.attribute = f"_sealed_{name}"
        # Its key too, so that update(Contact).values(name=…) finds no such column to write into unsealed.
        column = mapped_column(name, LargeBinary, key=self.attribute, nullable=self.optional)
        setattr(owner, self.attribute, column)

    @overload
    def __get__(self, row: None, owner: type) -> InQuery: ...

    @overload
    def __get__(self, row: object, owner: type) -> T: ...

    def __get__(self, row: object | None, owner: type) -> T | InQuery:
        if row is None:
            return InQuery(f"{owner.__name__}.{self.name}")
        stored: bytes | None = getattr(row, self.attribute)
        if stored is None:
            if not self.optional:
                raise RuntimeError(f"{owner.__name__}.{self.name} was never given a value")
            return cast(T, None)
        return cast(T, self.as_opened(json.loads(keys.current.get().open(*self._place(row), stored).decode())))

    def __set__(self, row: object, value: T) -> None:
        unsealed = value is None and self.optional
        stored = None if unsealed else keys.current.get().seal(*self._place(row), _json(self.as_stored(value)))
        setattr(row, self.attribute, stored)

    def as_opened(self, stored: Any) -> Any:
        """What is stored as JSON, as the field gives it; it may be taken apart for it."""
        return stored if self.kind is None else self.kind.as_opened(stored)

    def as_stored(self, value: Any) -> Any:
        """What the field gives, as it is stored as JSON."""
        return value if self.kind is None else self.kind.as_stored(value)

    def _place(self, row: object) -> tuple[uuid.UUID, str, str, uuid.UUID]:
        record = cast(SealedRow, row)
        if record.site_id is None or record.id is None:
            raise RuntimeError(f"{type(row).__name__}.{self.name} needs its row's site_id and id first")
        return record.site_id, record.__tablename__, self.name, record.id


def sealed(kind: Kind | type[Shape] | None = None, *, optional: bool = False) -> Any:
    """A sealed field; annotate it `Sealed[str]`. Holds what `kind` says, a shape for example; without one str, int,
    float, bool, None, and lists and dicts of them.

    Reading and assigning raise LookupError where no keyring is open or it lacks the site; reading raises
    keys.DoesNotOpen where the bytes were made for another place; assigning raises TypeError for what JSON cannot hold.
    """
    return Sealed[Any](kind, optional=optional)


def sealed_columns(cls: type) -> tuple[str, ...]:
    """The names of the sealed fields of a class, its parents' first."""
    names = (name for base in reversed(cls.__mro__) for name, value in vars(base).items() if isinstance(value, Sealed))
    return tuple(dict.fromkeys(names))


def stored(cls: type, column: str) -> InstrumentedAttribute[bytes | None]:
    """The bytes behind a sealed field, for load_only() and the like."""
    return cast("InstrumentedAttribute[bytes | None]", getattr(cls, sealed_field(cls, column).attribute))


def opener(cls: type, column: str, site_id: uuid.UUID) -> Callable[[uuid.UUID, bytes], Any]:
    """Opens values asked for by stored() without their rows, by the id of the row: a list of thousands has no time to
    make them. Raises as reading the field does.
    """
    field = sealed_field(cls, column)
    opened = keys.current.get().opener(site_id, str(cast(Any, cls).__tablename__), field.name)
    if field.kind is None or (shaped := field.kind.opened) is None:
        return lambda row_id, value: json.loads(opened(row_id, value).decode())
    return lambda row_id, value: shaped(_read(opened(row_id, value).decode())[0])


def reseal(row: object, column: str) -> bool:
    """Seal one field again under the site's current generation; False if it was already."""
    field = sealed_field(type(row), column)
    before: bytes | None = getattr(row, field.attribute)
    if before is None:
        return False
    after = keys.current.get().reseal(*field._place(row), before)
    if after == before:
        return False
    setattr(row, field.attribute, after)
    return True


def behind(cls: type, generation: int) -> ColumnElement[bool]:
    """For a query: rows that have a field sealed under any generation but this one."""
    return _sealed_under(cls, lambda prefix: prefix != keys.prefix(generation))


def ahead(cls: type, generation: int) -> ColumnElement[bool]:
    """For a query: rows that have a field sealed under a later generation than this one."""
    return _sealed_under(cls, lambda prefix: prefix > keys.prefix(generation))


def _sealed_under(cls: type, asked: Callable[[Any], ColumnElement[bool]]) -> ColumnElement[bool]:
    columns = [stored(cls, name) for name in sealed_columns(cls)]
    begins = len(keys.prefix(1))
    found = (and_(one.is_not(None), asked(func.substr(one, 1, begins, type_=LargeBinary))) for one in columns)
    return or_(false(), *found)


def sealed_field(cls: type, column: str) -> Sealed[Any]:
    """The field itself, not what it gives."""
    for base in cls.__mro__:
        if isinstance(found := vars(base).get(column), Sealed):
            return found
    raise LookupError(f"{cls.__name__} has no sealed field {column}")


def _json(value: object) -> bytes:
    """The value in its one form, filled up; TypeError unless it will be read back as what it is."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
        plain = text.encode()
        same = bool(json.loads(plain) == value)
    except (TypeError, ValueError, RecursionError):
        same = False
    if not same:  # and without the value, which must not get into a log
        raise TypeError("a sealed field holds what JSON can: str, int, float, bool, None, and lists and dicts of them")
    step = max(BLOCK_BYTES, 1 << len(plain).bit_length() >> 4)
    return plain.ljust(-(-len(plain) // step) * step)  # JSON may end in spaces
