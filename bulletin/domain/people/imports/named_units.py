"""The departments and shifts that a list names, on the map of a site."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from bulletin.db import db
from bulletin.domain.people.contacts import name_key
from bulletin.domain.people.units import Department, Shift

from .entries import ImportEntry

KINDS: dict[str, type[Department] | type[Shift]] = {"department": Department, "shift": Shift}


class NamedUnits:
    """Those on a site's map, by what lists call them; more are put there where somebody says so."""

    def __init__(self, site_id: uuid.UUID) -> None:
        self.site_id = site_id
        self._known = {
            name: {_key(unit.name): unit.id.hex for unit in kind.at(site_id)} for name, kind in KINDS.items()
        }

    def missing(self, entries: Iterable[ImportEntry]) -> list[tuple[str, str]]:
        """What entries name and the map has not: "department" or "shift", and its name; each once, in their order."""
        named = {(kind, _key(said)): said for entry in entries for kind in KINDS if (said := getattr(entry, kind))}
        return [(kind, said) for (kind, key), said in named.items() if key not in self._known[kind]]

    def put(self, entries: Iterable[ImportEntry]) -> None:
        """Put what is missing on the map. Raises NotAllowed."""
        for kind, said in self.missing(entries):
            unit = KINDS[kind].add(self.site_id, said)
            db.session.flush()
            self._known[kind][_key(said)] = unit.id.hex

    def of(self, entry: ImportEntry, kind: str) -> str:
        """The hex id of an entry's department or shift; empty where it names none, or none on the map."""
        said = getattr(entry, kind)
        return self._known[kind].get(_key(said), "") if said else ""


def _key(name: str) -> str:
    return name_key(name) or name
