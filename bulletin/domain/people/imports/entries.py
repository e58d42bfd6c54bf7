"""People as a phone or a list names them: plain entries, and what was left out of them, and why."""

from __future__ import annotations

import dataclasses
import enum
import re
from collections.abc import Callable, Sequence
from typing import Any, Self

from bulletin.domain.people.contacts import NAME_MAX, NOTES_MAX, REACH_MAX as REACH_MAX, name_key
from bulletin.domain.people.phone_numbers import normal
from bulletin.domain.people.units import NAME_MAX as UNIT_MAX
from bulletin.domain.site.refusals import NotAllowed
from bulletin.domain.site.signs import on_one_line

ENTRIES_MAX = 5_000
WAYS_MAX = 5  # numbers, and other ways, of one person
WAY_MAX = 120  # letters of one
FIGURES_MIN = 4  # from which on what was typed was meant to be dialled
_ROUNDED = re.compile(r"\d[.,]?\d*E\+?\d{1,2}", re.IGNORECASE | re.ASCII)
_SEVERAL = re.compile(r"\s+(?:/|\||or|oder|ou|o|e|und|et|and|&)\s+|[,;\n/|]\s*", re.IGNORECASE)  # between two numbers
_E164 = re.compile(r"\+[1-9]\d{3,14}", re.ASCII)


class Why(enum.StrEnum):
    """Why something was left out. Numbers of cards, of rows or of lines go with it: see `Book.counted`."""

    EMPTY = "empty"
    NO_NAME = "no name"
    SAME = "same"  # as another before it
    TOO_MANY = "too many"
    CARD_TOO_LONG = "card too long"
    NO_END = "no end"  # of a card; what stood in it was read
    AGENT = "agent"  # a card within a card
    LINE_TOO_LONG = "line too long"
    UNREADABLE = "unreadable"  # a line
    OUTSIDE = "outside"  # a line that stands in no card
    MORE_FIELDS = "more fields"  # than there are columns
    MORE_WAYS = "more ways"  # than WAYS_MAX
    SHORTENED = "shortened"
    PICTURE = "picture"
    NOBODY = "nobody"  # a card of a group, or of a place
    BEFORE_HEAD = "before head"  # a row above the one that names the columns
    ROUNDED = "rounded"  # a number, by a spreadsheet
    ODD_NUMBER = "odd number"  # that is kept as it is written


BY_LINE = {Why.LINE_TOO_LONG, Why.UNREADABLE, Why.OUTSIDE}


@dataclasses.dataclass(frozen=True)
class ImportEntry:
    """Somebody. `phones`: E.164 where they could be read, otherwise as they were typed; `department` and `shift`: what
    the list calls them.
    """

    name: str
    nickname: str = ""
    title: str = ""
    organisation: str = ""
    phones: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    notes: str = ""
    department: str = ""
    shift: str = ""

    @property
    def phone(self) -> str:
        """The first number that could be read."""
        return next(filter(_E164.fullmatch, self.phones), "")

    @property
    def reach(self) -> str:
        """All other ways to reach them."""
        return ", ".join([number for number in self.phones if number != self.phone] + list(self.ways))

    def packed(self) -> list[Any]:
        """As JSON has it, without what is empty at its end."""
        said = (getattr(self, field.name) for field in dataclasses.fields(self))
        values = [[*value] if isinstance(value, tuple) else value for value in said]
        while not values[-1]:
            values.pop()
        return values

    @classmethod
    def unpacked(cls, values: object) -> Self:
        """The same again, after it was on somebody's page. Raises ValueError where no page of ours says so."""
        names = [field.name for field in dataclasses.fields(cls)]
        if not isinstance(values, list) or not 0 < len(values) <= len(names):
            raise ValueError("no entry")
        known = dict(zip(names, values, strict=False))
        several = {name: known.pop(name, []) for name in ("phones", "ways")}
        for name, most in (*((name, WAY_MAX) for name in several), *((name, NAME_MAX) for name in known)):
            said = several[name] if name in several else [known[name]]
            most = NOTES_MAX if name == "notes" else most
            if not isinstance(said, list) or len(said) > WAYS_MAX:
                raise ValueError("not so many")
            if not all(isinstance(one, str) and len(one) <= most and on_one_line(one) == one for one in said):
                raise ValueError("not such words")
        if not known["name"] or not all(word for said in several.values() for word in said):
            raise ValueError("no name")
        entry = cls(**known, phones=tuple(several["phones"]), ways=tuple(several["ways"]))
        if len(entry.reach) > REACH_MAX:
            raise ValueError("too many ways")
        return entry


class Book:
    """What was read. `left_out`: the numbers of cards or rows, of lines for BY_LINE, by why they were left out.

    `rows`: whether they are rows of a list, not cards. `columns`: where a list did not say which is which, so that
    somebody has to: its first rows, and nothing else was read. `unread`: the names of columns that were passed over.
    `coding`: the old code page that a list was read by.
    """

    def __init__(self, country: str, *, rows: bool) -> None:
        self.country, self.rows = country, rows
        self.entries: list[ImportEntry] = []
        self.left_out: dict[Why, list[int]] = {}
        self.columns: list[list[str]] = []
        self.coding = ""
        self.unread: list[str] = []
        self.odd_numbers: list[tuple[int, str, str]] = []  # the card or row, whose, and the number as it was typed
        self._known: set[ImportEntry] = set()

    @property
    def full(self) -> bool:
        """Are there as many as we take at once?"""
        return len(self.entries) >= ENTRIES_MAX

    def leave_out(self, why: Why, number: int) -> None:
        """Say that something was left out."""
        numbers = self.left_out.setdefault(why, [])
        if not numbers or numbers[-1] != number:
            numbers.append(number)

    def take(self, number: int, fields: dict[str, list[str]]) -> None:
        """Take in a card or a row. `fields`: what was read, by the names of Entry's own, phones and ways as typed."""
        say: Callable[[Why], None] = lambda why: self.leave_out(why, number)  # noqa: E731
        known = {name: list(filter(None, map(on_one_line, values))) for name, values in fields.items()}
        one = {name: values[0] for name, values in known.items() if values}
        if not one:
            return say(Why.EMPTY)
        name = one.get("name") or one.get("nickname") or one.get("organisation") or ""
        if not name:
            return say(Why.NO_NAME)
        if self.full:
            return say(Why.TOO_MANY)

        def odd(typed: str) -> None:
            say(Why.ODD_NUMBER)
            self.odd_numbers.append((number, name, typed))

        entry = ImportEntry(
            name=_short(name, NAME_MAX, say),
            nickname=_short(one.get("nickname", "") if one.get("name") else "", NAME_MAX, say),
            title=_short(", ".join(dict.fromkeys(known.get("title", []))), NAME_MAX, say),
            organisation=_short(one.get("organisation", ""), NAME_MAX, say),
            phones=tuple(_few(self._numbers(fields.get("phones", []), say, odd), say)),
            ways=tuple(_short(way, WAY_MAX, say) for way in _few(known.get("ways", []), say)),
            notes=_short(one.get("notes", ""), NOTES_MAX, say),
            department=_short(one.get("department", ""), UNIT_MAX, say),
            shift=_short(one.get("shift", ""), UNIT_MAX, say),
        )
        while len(entry.reach) > REACH_MAX:
            say(Why.MORE_WAYS)
            ways, phones = (entry.ways[:-1], entry.phones) if entry.ways else ((), entry.phones[:-1])
            entry = dataclasses.replace(entry, ways=ways, phones=phones)
        # Two of one name are two people; one whose number or address is given twice, and all else, is one.
        if entry.phones or entry.ways:
            if (same := dataclasses.replace(entry, name=name_key(entry.name) or entry.name)) in self._known:
                return say(Why.SAME)
            self._known.add(same)
        self.entries.append(entry)

    def _numbers(self, typed: Sequence[str], say: Callable[[Why], None], say_odd: Callable[[str], None]) -> list[str]:
        """Each as E.164, or as it was typed; several where several stand together."""
        found: dict[str, None] = {}
        for one in dict.fromkeys(typed):
            if len(found) > WAYS_MAX:
                break  # more than are kept
            if not (whole := on_one_line(one)):
                continue
            parts = list(filter(None, map(on_one_line, _SEVERAL.split(one.strip()))))
            numbers = [self._number(part) for part in parts] if len(parts) > 1 else []
            if not numbers or not all(map(_E164.fullmatch, numbers)):
                numbers = [self._number(whole)]
            for number in numbers:
                if _ROUNDED.fullmatch(number):
                    say(Why.ROUNDED)
                    continue
                if not _E164.fullmatch(number) and sum(map(str.isdecimal, number)) >= FIGURES_MIN:
                    say_odd(number)
                found[_short(number, WAY_MAX, say)] = None
        return list(found)

    def _number(self, typed: str) -> str:
        try:
            return normal(typed, self.country)
        except NotAllowed:
            return typed


def _few(values: list[str], say: Callable[[Why], None]) -> list[str]:
    several = list(dict.fromkeys(values))
    if len(several) > WAYS_MAX:
        say(Why.MORE_WAYS)
    return several[:WAYS_MAX]


def _short(typed: str, most: int, say: Callable[[Why], None]) -> str:
    if len(typed) > most:
        say(Why.SHORTENED)
        return typed[: most - 1] + "…"
    return typed
