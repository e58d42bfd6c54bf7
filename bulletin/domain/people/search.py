"""Finding people: by words, by where they work and stand, and by whom they may be. Each brief is opened once."""

from __future__ import annotations

import dataclasses
import itertools
import uuid
from collections.abc import Collection, Iterable

from sqlalchemy import select

from bulletin.db import EVERY_ROW, db
from bulletin.vault.sealed import opener, stored

from .contacts import NICKNAMES_MAX, Brief, Contact, Stand, alike, name_key, nicknames
from .name_matching import slips

COMPARED_MAX = 5_000  # pairs of names that are compared in earnest: those with the most words in common


@dataclasses.dataclass(frozen=True)
class Listed:
    """Somebody as a list shows them: what is in their brief, opened already."""

    id: uuid.UUID
    brief: Brief

    @property
    def name(self) -> str:
        """Their name, or what people call them."""
        return self.brief.name

    @property
    def stand(self) -> Stand | None:
        """Where they stood last; None where nobody knows yet."""
        return self.brief.stand

    @property
    def names(self) -> set[str]:
        """The keys of all they are called; several nicknames have commas between them."""
        called = (self.brief.name, *nicknames(self.brief.nickname))
        return {name_key(name) for name in called} - {""}


@dataclasses.dataclass(frozen=True)
class Wanted:
    """Who is looked for. None is anybody; an empty department or shift is nowhere in particular."""

    words: str = ""
    department: str | None = None
    shift: str | None = None
    stands: Collection[Stand | None] | None = None
    gone: bool = False

    def among(self, people: Iterable[Listed]) -> list[Listed]:
        """Those among them who fit, by name. Every word typed begins a word of their name, nickname or title."""
        begins = [f" {word}" for word in name_key(self.words).split()]
        found = [one for one in people if self._fits(one.brief) and _has(one.brief, begins)]
        return sorted(found, key=lambda one: (name_key(one.name), one.id))

    def _fits(self, brief: Brief) -> bool:
        return (
            (self.gone or not brief.gone)
            and self.department in (None, brief.department)
            and self.shift in (None, brief.shift)
            and (self.stands is None or brief.stand in self.stands)
        )


def _has(brief: Brief, begins: list[str]) -> bool:
    if not begins:
        return True
    known = " " + name_key(f"{brief.name} {brief.nickname} {brief.title}")
    return all(begin in known for begin in begins)


def everybody(site_id: uuid.UUID, *, hidden: bool = False) -> list[Listed]:
    """All of a site's, gone ones too, in no order. `hidden`: with those who wait to be forgotten."""
    here = select(Contact.id, stored(Contact, "brief")).filter_by(site_id=site_id, merged_into=None)
    rows = db.session.execute(here, execution_options=EVERY_ROW if hidden else {})
    opened = opener(Contact, "brief", site_id)  # whole contacts would take three times as long
    return [Listed(one, opened(one, brief)) for one, brief in rows if brief is not None]


def called(people: Iterable[Listed], name: str) -> list[Listed]:
    """Those among them who are called exactly so, and are here."""
    key = name_key(name)
    return [one for one in people if key in one.names and not one.brief.gone]


def looking_like(people: Iterable[Listed], *names: str, phone: str = "") -> list[Listed]:
    """Those among them who may be the person with these names or this number, gone ones too; by name."""
    typed = {key for key in map(name_key, names[: NICKNAMES_MAX + 1]) if key}
    exactly = {name.strip() for name in names if name.strip()}
    words = {word for key in typed for word in key.split()}
    likely = {slip for key in typed for slip in slips(key)}
    found: dict[uuid.UUID, Listed] = {}
    asked: list[tuple[int, str, Listed]] = []
    for one in people:
        known = one.names
        if (phone and phone == one.brief.phone) or one.name in exactly or not typed.isdisjoint(known):
            found[one.id] = one
            continue
        for key in known:
            common = len(words.intersection(key.split()))
            if common or not likely.isdisjoint(slips(key)):
                asked.append((common, key, one))
    pairs = ((name, key, one) for _common, key, one in sorted(asked, key=lambda each: -each[0]) for name in typed)
    for name, key, one in itertools.islice(pairs, COMPARED_MAX):
        if one.id not in found and alike(name, key):
            found[one.id] = one
    return sorted(found.values(), key=lambda one: (name_key(one.name), one.id))


def named(site_id: uuid.UUID, contact_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Listed]:
    """Those with these ids."""
    return {one.id: Listed(one.id, one.brief) for one in Contact.among(site_id, contact_ids)}
