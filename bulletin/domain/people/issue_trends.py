"""Eddies: what people bring up, counted by struggle and week: a grievance is seen before anything breaks out."""

from __future__ import annotations

import collections
import dataclasses
import uuid
from collections.abc import Iterable
from datetime import date, timedelta

from bulletin.domain.site.struggles import Struggle

from .conversations import Conversation

WEEKS = 12
LATELY = 3  # weeks, compared with as many before


@dataclasses.dataclass(frozen=True)
class Eddy:
    """One struggle. `weeks`: in how many conversations it came up in each of the last twelve weeks, this one last."""

    struggle: Struggle
    weeks: tuple[int, ...]

    @property
    def lately(self) -> int:
        """In how many conversations it came up in the last three weeks."""
        return sum(self.weeks[-LATELY:])

    @property
    def before(self) -> int:
        """And in the three before them."""
        return sum(self.weeks[-2 * LATELY : -LATELY])

    @property
    def rises(self) -> bool:
        """Does it come up more than before? Once is nothing yet."""
        return self.lately > max(self.before, 1)


def eddies_at(site_id: uuid.UUID, today: date) -> list[Eddy]:
    """What came up at a site in the twelve weeks up to a day there, what rises most first; what did not is left out."""
    first = monday(today) - timedelta(weeks=WEEKS - 1)
    came_up = Conversation.came_up_since(site_id, first)
    return counted(((day, struggles) for _who, day, struggles in came_up if day <= today), today)


def counted(came_up: Iterable[tuple[date, Iterable[str]]], today: date) -> list[Eddy]:
    """The same, of days and what came up on them."""
    last = monday(today)
    weeks: dict[str, list[int]] = {}
    for day, struggles in came_up:
        ago = (last - monday(day)).days // 7
        if 0 <= ago < WEEKS:
            for struggle in struggles:
                weeks.setdefault(struggle, [0] * WEEKS)[WEEKS - 1 - ago] += 1
    found = [Eddy(Struggle(struggle), tuple(counts)) for struggle, counts in weeks.items()]
    order = list(Struggle)
    return sorted(found, key=lambda eddy: (eddy.before - eddy.lately, -eddy.lately, order.index(eddy.struggle)))


def brought_up(site_id: uuid.UUID, first: date, end: date) -> tuple[int, collections.Counter[Struggle]]:
    """How many people were talked with from a day on and before another, and how many of them brought each up."""
    by: dict[uuid.UUID, set[Struggle]] = {}
    for contact_id, day, struggles in Conversation.came_up_since(site_id, first):
        if day < end:
            by.setdefault(contact_id, set()).update(struggles)
    return len(by), collections.Counter(one for theirs in by.values() for one in theirs)


def monday(day: date) -> date:
    """The first day of its week, as ISO 8601 has it."""
    return day - timedelta(days=day.weekday())
