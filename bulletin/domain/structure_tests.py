"""Structure tests: the turnout of an action against all who work there, by department and shift, and the last one's."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterable, Mapping, Sequence

from .actions import Action
from .turnouts import Tally, by_unit
from .units import NOWHERE, Department


@dataclasses.dataclass(frozen=True)
class Strength:
    """One department in one shift, hex ids or "". `whole`: None where nobody has said how many work there."""

    department: str
    shift: str
    whole: int | None
    turnout: Tally
    before: Tally | None  # in the test before; None where there was none

    @property
    def share(self) -> float | None:
        """Who came, of all who work there, 1.0 at most."""
        return min(self.turnout.all_who_came / self.whole, 1.0) if self.whole else None

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

    @classmethod
    def of(cls, action: Action) -> StructureTest:
        """The test that an action was. What it is compared with is the last test that had begun before it."""
        tests = [one for one in Action.at(action.site_id) if one.is_test and one.start < action.start]
        return cls.worked_out(action, tests[-1] if tests else None, Department.at(action.site_id))

    @classmethod
    def worked_out(cls, action: Action, before: Action | None, departments: Iterable[Department]) -> StructureTest:
        """The same, of these."""
        counts = {
            f"{one.id.hex} {shift}": count for one in departments for shift, count in one.headcounts.items() if count
        }
        now, then = by_unit(action), by_unit(before) if before else None
        units = sorted({*now, *(then or ()), *counts}, key=_last_nowhere)
        places = [_strength(unit, counts, now, then) for unit in units]
        total = Strength(
            NOWHERE,
            NOWHERE,
            sum(counts.values()) or None,
            sum(now.values(), Tally(others=action.others)),
            sum(then.values(), Tally(others=before.others)) if then is not None and before else None,
        )
        return cls(action, before, places, total)


def _strength(
    unit: str, counts: Mapping[str, int], now: Mapping[str, Tally], then: Mapping[str, Tally] | None
) -> Strength:
    department, _, shift = unit.partition(" ")
    before = None if then is None else then.get(unit, Tally())
    return Strength(department, shift, counts.get(unit), now.get(unit, Tally()), before)


def _last_nowhere(unit: str) -> tuple[bool, str]:
    return unit == " ", unit


def tests_at(site_id: uuid.UUID) -> list[Action]:
    """A site's structure tests that have begun, the last first."""
    return [one for one in reversed(Action.at(site_id)) if one.is_test and one.begun]
