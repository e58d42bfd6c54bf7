"""The map of a site: its departments and shifts, and how many people work there, as far as anybody knows."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Self

from sqlalchemy import select

from bulletin.db import SiteOwned, db
from bulletin.domain.site.refusals import NotAllowed
from bulletin.vault import kinds
from bulletin.vault.sealed import Sealed, sealed
from bulletin.vault.shapes import N_, Shape, clock, field, plain_text, shape

from .contact_fields import Brief
from .refusals import Why

NAME_MAX = 60
UNITS_MAX = 100  # of each kind
HEADCOUNT_MAX = 100_000
LANGUAGE_ROOM = 4_000  # letters of one that comes from elsewhere
NOWHERE = ""  # in the place of an id: no department, or no shift


class Unit(SiteOwned):
    """A department or a shift."""

    __abstract__ = True

    name: Sealed[str] = sealed(kinds.plain_text())

    @classmethod
    def at(cls, site_id: uuid.UUID) -> list[Self]:
        """All of a site's, by name."""
        here = db.session.scalars(select(cls).filter_by(site_id=site_id))
        return sorted(here, key=lambda unit: (unit.name.casefold(), unit.id))

    @classmethod
    def of(cls, site_id: uuid.UUID, unit_id: uuid.UUID) -> Self | None:
        """One of a site's."""
        return db.session.scalars(select(cls).filter_by(site_id=site_id, id=unit_id)).first()

    @classmethod
    def known(cls, site_id: uuid.UUID, form_id: uuid.UUID | None) -> Self | None:
        """What this form has made already, where it was sent twice. Raises NotAllowed where there are enough."""
        there = cls.at(site_id)
        if len(there) >= UNITS_MAX and not any(unit.id == form_id for unit in there):
            raise NotAllowed(Why.UNITS_FULL, most=UNITS_MAX)
        return next((unit for unit in there if unit.id == form_id), None)

    def take_out(self) -> None:
        """It is gone from the map. Who was in it is NOWHERE until somebody says where: ids of what is gone are kept."""
        db.session.delete(self)


class Department(Unit):
    """Where people work. `headcounts`: how many, by the hex id of their shift, NOWHERE for those of no shift."""

    __tablename__ = "department"

    headcounts: Sealed[Mapping[str, int]] = sealed(kinds.by_id(kinds.plain("count", kinds.whole, 0)))

    @classmethod
    def add(cls, site_id: uuid.UUID, name: str, *, form_id: uuid.UUID | None = None) -> Self:
        """One more. Raises NotAllowed."""
        made = cls.known(site_id, form_id)
        if made is None:
            made = cls(site_id=site_id, id=form_id, name=name, headcounts={})
            db.session.add(made)
        return made

    def estimate(self, headcounts: Mapping[str, int | None]) -> None:
        """How many work here, by shift; what is None or not named is not known."""
        self.headcounts = {
            shift: min(count, HEADCOUNT_MAX) for shift, count in headcounts.items() if count and count > 0
        }


class Counted:
    """The places, of department and shift, where somebody has said how many work there. `in`: may one be of those?

    A number for a department without a shift is of its people in no shift, and in every shift that has no number of its
    own. Who is of no shift, as far as anybody knows, is among the people of their department; and so on.
    """

    def __init__(self, places: Iterable[tuple[str, str]]) -> None:
        self._places = {*places}
        self._rows = {row for row, _ in self._places}
        self._columns = {column for _, column in self._places}

    def covering(self, place: tuple[str, str]) -> tuple[str, str] | None:
        """The one place whose number holds those who are here; None where there is no such number."""
        around = (place, (place[0], NOWHERE))
        return next((one for one in around if one in self._places), None)

    def is_rest(self, place: tuple[str, str]) -> bool:
        """Is the number here of a department's other shifts, because some have numbers of their own?"""
        return (
            place[1] == NOWHERE
            and place in self._places
            and any(row == place[0] and column != NOWHERE for row, column in self._places)
        )

    def may_be_of(self, place: tuple[str, str], there: tuple[str, str]) -> bool:
        """May those who are here be of the people of that number, for all anybody knows?

        Where they work is not known, or not when, and no other number is theirs.
        """
        if there not in self._places or self.covering(place):
            return False
        row, column = place
        of_shift = there[1] == NOWHERE and (there[0], column) not in self._places
        return row in (there[0], NOWHERE) and (column in (there[1], NOWHERE) or of_shift)

    def __contains__(self, place: tuple[str, str]) -> bool:
        row, column = place
        if self.covering(place):
            return True
        if column == NOWHERE:
            return row in self._rows if row != NOWHERE else bool(self._places)
        return row == NOWHERE and bool({column, NOWHERE} & self._columns)


@shape
class Times(Shape):
    """When people work, and what is spoken there."""

    days: tuple[int, ...] = field(
        kinds.several(kinds.plain("weekday", lambda day: kinds.whole(day) and day < 7, 0)), N_("Days")
    )  # 0 is Monday
    start: str = clock(N_("Start"))
    end: str = clock(N_("End"))
    language: str = plain_text(N_("Language"), room=LANGUAGE_ROOM)


class Shift(Unit):
    """When people work."""

    __tablename__ = "shift"

    times: Sealed[Times] = sealed(Times)

    @classmethod
    def add(cls, site_id: uuid.UUID, name: str, *, form_id: uuid.UUID | None = None) -> Self:
        """One more; say when it is with `plan`. Raises NotAllowed."""
        made = cls.known(site_id, form_id)
        if made is None:
            made = cls(site_id=site_id, id=form_id, name=name, times=Times())
            made.plan((), "", "", "")
            db.session.add(made)
        return made

    def plan(self, days: Collection[int], start: str, end: str, language: str) -> None:
        """On which days, from when until when, and what is spoken there."""
        self.times = dataclasses.replace(
            self.times, days=tuple(sorted(set(days))), start=start, end=end, language=language
        )

    @property
    def days(self) -> list[int]:
        """Its days; 0 is Monday."""
        return [*self.times.days]

    @property
    def start(self) -> str:
        """From when, as HH:MM; empty where nobody said."""
        return self.times.start

    @property
    def end(self) -> str:
        """Until when, as HH:MM; empty where nobody said."""
        return self.times.end

    @property
    def language(self) -> str:
        """What is spoken there; empty where nobody said."""
        return self.times.language


class UnitNames:
    """The names of a site's departments and shifts, by their hex ids."""

    def __init__(self, site_id: uuid.UUID) -> None:
        self.departments = {unit.id.hex: unit.name for unit in Department.at(site_id)}
        self.shifts = {unit.id.hex: unit.name for unit in Shift.at(site_id)}

    def of(self, brief: Brief) -> str:
        """Where and when somebody works, as far as it is known: `brief` is a contact's."""
        names = (self.shifts.get(brief.shift), self.departments.get(brief.department))
        return ", ".join(filter(None, names))
