"""The chart of a site: who works where, with whom somebody has talked, where they stand, and where nobody is yet."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence

from .contacts import Contact, Stand
from .search import Listed, Wanted, everybody
from .units import NOWHERE, Counted, Department, Shift

GAP_FROM = 5  # people, from which on it is a gap where nobody was talked with


@dataclasses.dataclass(frozen=True)
class Cell:
    """One department in one shift; "" for none. `whole`: how many work there, None where nobody has said.

    `contacts`: those in the list, just here. `also`: those of the department in shifts that nobody has given a number
    for, where the number given here is the department's: it covers them.
    """

    department: str
    shift: str
    whole: int | None = None
    contacts: tuple[Listed, ...] = ()
    also: tuple[Listed, ...] = ()

    @property
    def known(self) -> int:
        """How many of those who work there are in the list."""
        return len(self.contacts) + len(self.also)

    @functools.cached_property
    def talked(self) -> int:
        """How many of them somebody has talked with."""
        return sum(bool(one.brief.talked_on) for one in itertools.chain(self.contacts, self.also))

    @functools.cached_property
    def stands(self) -> Counter[Stand | None]:
        """Where they stood last; None is not yet known."""
        return Counter(one.stand for one in itertools.chain(self.contacts, self.also))

    @property
    def coverage(self) -> float | None:
        """The share of those who work there that somebody has talked with, 1.0 at most; None where nobody counted."""
        return min(self.talked / self.whole, 1.0) if self.whole else None

    @property
    def is_gap(self) -> bool:
        """Do people work there, with whom nobody has talked?"""
        return (self.whole or 0) >= GAP_FROM and self.talked == 0


@dataclasses.dataclass(frozen=True)
class Chart:
    """Every cell where there is somebody, or somebody is said to be; in the order of departments, then shifts."""

    departments: Sequence[Department]
    shifts: Sequence[Shift]
    cells: Sequence[Cell]
    counted: Counted

    @classmethod
    def of(cls, site_id: uuid.UUID) -> Chart:
        """The chart of a site as it is now."""
        return cls._drawn(Department.at(site_id), Shift.at(site_id), Wanted().among(everybody(site_id)))

    @classmethod
    def drawn(cls, departments: Sequence[Department], shifts: Sequence[Shift], contacts: Iterable[Contact]) -> Chart:
        """The chart of these."""
        return cls._drawn(departments, shifts, (Listed(one.id, one.brief) for one in contacts))

    @classmethod
    def _drawn(cls, departments: Sequence[Department], shifts: Sequence[Shift], people: Iterable[Listed]) -> Chart:
        rows = {one.id.hex: None for one in departments} | {NOWHERE: None}  # dicts, to be asked 10,000 times
        columns = {one.id.hex: None for one in shifts} | {NOWHERE: None}
        there: dict[tuple[str, str], list[Listed]] = {}
        for one in people:
            brief = one.brief
            department = brief.department if brief.department in rows else NOWHERE
            shift = brief.shift if brief.shift in columns else NOWHERE
            there.setdefault((department, shift), []).append(one)
        counts = {
            (one.id.hex, shift): count
            for one in departments
            for shift, count in one.headcounts.items()
            if shift in columns
        }
        counted = Counted(counts)
        also: dict[tuple[str, str], list[Listed]] = {}
        for place, those in there.items():
            if (within := counted.covering(place)) not in (None, place):
                also.setdefault(within, []).extend(those)
        return cls(
            departments,
            shifts,
            [
                Cell(*place, counts.get(place), tuple(there.get(place, ())), tuple(also.get(place, ())))
                for place in itertools.product(rows, columns)
                if place in there or place in counts
            ],
            counted,
        )

    def cell(self, department: str, shift: str) -> Cell:
        """What is there; an empty cell where nothing is."""
        found = (cell for cell in self.cells if (cell.department, cell.shift) == (department, shift))
        return next(found, Cell(department, shift))

    @property
    def whole(self) -> int | None:
        """How many work at the site, as far as it was estimated; None where nobody has said."""
        counted = [cell.whole for cell in self.cells if cell.whole is not None]
        return sum(counted) if counted else None

    @property
    def contacts(self) -> int:
        """How many are in the list."""
        return sum(len(cell.contacts) for cell in self.cells)

    @property
    def talked(self) -> int:
        """With how many of them somebody has talked."""
        return sum(_talked(cell) for cell in self.cells)

    @property
    def stands(self) -> Counter[Stand | None]:
        """Where they stood last, all together."""
        return Counter(one.stand for cell in self.cells for one in cell.contacts)

    @property
    def covered(self) -> int:
        """With how many of those counted somebody has talked.

        Talks where nobody has said how many work there are left out: they would make it look like more.
        """
        return sum(_talked(cell) for cell in self.cells if (cell.department, cell.shift) in self.counted)

    @property
    def coverage(self) -> float | None:
        """The share of all who work here that somebody has talked with; None where nobody counted."""
        return min(self.covered / self.whole, 1.0) if self.whole else None

    @property
    def gaps(self) -> list[Cell]:
        """Where people are with whom nobody has talked, the most people first."""
        return sorted((cell for cell in self.cells if cell.is_gap), key=lambda cell: -(cell.whole or 0))

    @property
    def maybe_in_gaps(self) -> int:
        """With how many somebody has talked who may work in a gap, because nobody has noted where or when they work."""
        gaps = [(gap.department, gap.shift) for gap in self.gaps]
        return sum(
            _talked(cell)
            for cell in self.cells
            if any(self.counted.may_be_of((cell.department, cell.shift), gap) for gap in gaps)
        )


def _talked(cell: Cell) -> int:
    """Of those just here: everybody once, whatever else covers them."""
    return sum(bool(one.brief.talked_on) for one in cell.contacts)
