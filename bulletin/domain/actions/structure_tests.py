"""Structure tests: the turnout of an action against all who work there, by department and shift, and the last one's."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Collection, Mapping, Sequence

from bulletin.domain.people.units import NOWHERE, Counted, Department, Shift

from .actions import Action
from .turnouts import TurnoutCount, by_unit


@dataclasses.dataclass(frozen=True)
class Strength:
    """One department in one shift, hex ids or "". `whole`: None where nobody has said how many work there.

    Where the number is a department's, it covers those of the department in shifts that have no number of their own:
    they are in its turnout, and in that of their shift.
    """

    department: str
    shift: str
    whole: int | None
    turnout: TurnoutCount
    before: TurnoutCount | None  # in the test before; None where there was none
    also: bool = False  # has it those of other shifts, which its number covers?
    uncounted: int = 0  # of those who came, from where nobody has said how many work there

    @property
    def share(self) -> float | None:
        """Who came, of all who work there, 1.0 at most; without those who came from where nobody was counted."""
        return min((self.turnout.all_who_came - self.uncounted) / self.whole, 1.0) if self.whole else None

    @property
    def change(self) -> int | None:
        """How many more came than the last time; less than none if fewer did."""
        return None if self.before is None else self.turnout.all_who_came - self.before.all_who_came


@dataclasses.dataclass(frozen=True)
class StructureTest:
    """A test, the one before it, and strength place by place; `total` has those in no list too."""

    action: Action
    before: Action | None
    places: Sequence[Strength]
    total: Strength
    counted: Counted

    @classmethod
    def of(cls, action: Action) -> StructureTest:
        """The test that an action was. What it is compared with is the last test that had begun before it."""
        tests = [one for one in Action.at(action.site_id) if one.is_test and one.begun and one.start < action.start]
        departments, shifts = Department.at(action.site_id), Shift.at(action.site_id)
        return cls.worked_out(action, tests[-1] if tests else None, departments, shifts)

    @classmethod
    def worked_out(
        cls,
        action: Action,
        before: Action | None,
        departments: Sequence[Department],
        shifts: Sequence[Shift] | None = None,
    ) -> StructureTest:
        """The same, of these. Given the shifts, a place that is gone from the map is nowhere, as on the chart."""
        counts = {
            f"{one.id.hex} {shift}": count
            for one in departments
            for shift, count in one.headcounts.items()
            if shifts is None or shift in (NOWHERE, *(known.id.hex for known in shifts))
        }
        on_map = None if shifts is None else {one.id.hex for one in (*departments, *shifts)}
        now, then = _of_map(by_unit(action), on_map), _of_map(by_unit(before), on_map) if before else None
        counted = Counted(_place(unit) for unit in counts)
        units = sorted({*now, *(then or ()), *counts}, key=_last_nowhere)
        here, earlier = _held(now, counted), _held(then, counted) if then is not None else None
        places = [_strength(unit, counts, here, earlier, also=here.get(unit) != now.get(unit)) for unit in units]
        total = Strength(
            NOWHERE,
            NOWHERE,
            sum(counts.values()) or None,
            sum(now.values(), TurnoutCount(others=action.others)),
            sum(then.values(), TurnoutCount(others=before.others)) if then is not None and before else None,
            uncounted=sum(one.came for unit, one in now.items() if _place(unit) not in counted),
        )
        return cls(action, before, places, total, counted)


def _strength(
    unit: str,
    counts: Mapping[str, int],
    now: Mapping[str, TurnoutCount],
    then: Mapping[str, TurnoutCount] | None,
    *,
    also: bool,
) -> Strength:
    department, shift = _place(unit)
    before = None if then is None else then.get(unit, TurnoutCount())
    return Strength(department, shift, counts.get(unit), now.get(unit, TurnoutCount()), before, also)


def _place(unit: str) -> tuple[str, str]:
    department, _, shift = unit.partition(" ")
    return department, shift


def _of_map(turnout: Mapping[str, TurnoutCount], on_map: Collection[str] | None) -> dict[str, TurnoutCount]:
    found: dict[str, TurnoutCount] = {}
    for unit, one in turnout.items():
        known = " ".join(part if on_map is None or part in on_map else NOWHERE for part in _place(unit))
        found[known] = found.get(known, TurnoutCount()) + one
    return found


def _held(turnout: Mapping[str, TurnoutCount], counted: Counted) -> dict[str, TurnoutCount]:
    """The turnout of every place, and of those that a number for their department covers."""
    found = dict(turnout)
    for unit, one in turnout.items():
        within = " ".join(counted.covering(_place(unit)) or _place(unit))
        if within != unit:
            found[within] = found.get(within, TurnoutCount()) + one
    return found


def _last_nowhere(unit: str) -> tuple[bool, str]:
    return unit == " ", unit


def tests_at(site_id: uuid.UUID) -> list[Action]:
    """A site's structure tests that have begun, the last first."""
    return [one for one in reversed(Action.at(site_id)) if one.is_test and one.begun]
