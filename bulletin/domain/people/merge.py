"""Merging: the same person twice in the list becomes one, and neither history is lost."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from bulletin.db import db
from bulletin.domain.site.refusals import NotAllowed
from bulletin.vault.shapes import Field, Shape, both_unknown, fields_of

from .contact_fields import Merging
from .contacts import (
    LINE_MAX,
    NICKNAMES_MAX,
    NOTES_MAX,
    Brief,
    Consent,
    Contact,
    Details,
    lock_all_before_contacts,
    merged_into_these,
    name_key,
    of_contacts,
)
from .refusals import Why
from .units import UnitNames

S = TypeVar("S", bound=Shape)
ORDER = list(Merging)
NOTHING = ("", None)


def merge(contact: Contact, other: Contact) -> None:
    """Take in another one who is the same person: their history is this one's, their row is empty from now on.

    Raises NotAllowed.
    """
    both = sorted((contact, other), key=lambda one: one.id)  # in one order: two who do this at once wait, once
    lock_all_before_contacts(contact.site_id)
    if other.id == contact.id or other.site_id != contact.site_id or any(one.lock() is not one for one in both):
        raise NotAllowed(Why.NOT_TWO_PEOPLE)
    for record in of_contacts():
        for row in db.session.scalars(record.rows_of(other)):
            row.reassign(contact)
    db.session.flush()
    _take_in(contact, other.brief, other.details, {one.id.hex for one in (*both, *merged_into_these(both))})
    other.merged_into, other.announced_on = contact.id, None
    other.brief, other.details = Brief(), Details()
    contact.touch()
    for record in of_contacts():
        record.after_reassigning(contact)


def _take_in(contact: Contact, brief: Brief, details: Details, ids: Collection[str]) -> None:
    """What was known of another one, who had one of these ids. Of two that differ, both are kept.

    What has no place where it belongs, the notes keep. Raises NotAllowed where they have none either.
    """
    names = _names(contact.brief, brief)
    number = brief.phone if contact.brief.phone not in ("", brief.phone) else ""
    units = UnitNames(contact.site_id)
    both = _Both(names[:NICKNAMES_MAX], number, ids, units.departments | units.shifts, rest=names[NICKNAMES_MAX:])
    contact.brief = both.of(contact.brief, brief)
    contact.details = both.of(contact.details, details)


class _Both:
    """Two people's fields as one's. `units`: departments' and shifts' names by id. `rest` grows by what has no room."""

    def __init__(
        self, names: list[str], number: str, ids: Collection[str], units: Mapping[str, str], rest: list[str]
    ) -> None:
        self.names, self.number, self.ids, self.units, self.rest = names, number, ids, units, rest

    def of(self, mine: S, theirs: S) -> S:
        """What is known of the two. Raises NotAllowed."""
        fields = sorted(fields_of(type(mine)).values(), key=lambda one: ORDER.index(_way(one)))
        known = {one.name: self._field(one, mine, theirs) for one in fields}
        return dataclasses.replace(mine, **known, unknown=both_unknown(mine, theirs))

    def _field(self, one: Field, mine: Shape, theirs: Shape) -> Any:
        first, other = getattr(mine, one.name), getattr(theirs, one.name)
        so, so_too = (getattr(each, one.of or one.name) for each in (mine, theirs))
        match _way(one):
            case Merging.JOINED:
                return self._line(one, first, other)
            case Merging.NAMES:
                return self._line(one, *self.names)
            case Merging.WAYS:
                return self._line(one, first, other, self.number)
            case Merging.IF_BOTH:
                return first if so_too else one.kind.default
            case Merging.KNOWS:
                return other if so_too == Consent.KNOWS and so != Consent.KNOWS else first
            case Merging.OTHERS:
                return next((each for each in (first, other) if each and each not in self.ids), "")
            case Merging.PLACES:
                return self._place(first, other)
            case Merging.NOTES:
                return _notes(first, other, ", ".join(self.rest))
        return other if first in NOTHING else first

    def _place(self, first: str, other: str) -> str:
        """The department or the shift of the first; of another one, the name goes to the rest."""
        if first not in self.units:  # nowhere, or where nothing is any more
            return other or first
        if other != first and other in self.units:
            self.rest.append(self.units[other])
        return first

    def _line(self, one: Field, *texts: str) -> str:
        """All that fit on a line; the others go to the rest."""
        line, most = "", one.most or LINE_MAX
        for text in dict.fromkeys(filter(None, texts)):
            longer = f"{line}, {text}" if line else text
            if len(longer) > most:
                self.rest.append(text)
            else:
                line = longer
        return line


def _way(one: Field) -> Merging:
    """How two of a field become one; of a text that does not say it, both are kept."""
    return Merging(one.merge or (Merging.JOINED if one.kind.name == "text" else Merging.FIRST))


def _names(brief: Brief, other: Brief) -> list[str]:
    """All that the two are called, each once, but for the name of the first."""
    names = [*brief.nickname.split(","), other.name, *other.nickname.split(",")]
    called: dict[str, str] = {}
    for name in filter(None, map(str.strip, names)):
        called.setdefault(name_key(name) or name, name)
    called.pop(name_key(brief.name), None)
    return [*called.values()]


def _notes(*texts: str) -> str:
    notes = "\n\n".join(dict.fromkeys(filter(None, texts)))
    if len(notes) > NOTES_MAX:
        raise NotAllowed(Why.NOTES_TOO_LONG)
    return notes
