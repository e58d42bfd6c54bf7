"""The days of a site: what is done, handed out, planned as a step; and how many to go back to, never whom."""

from __future__ import annotations

import dataclasses
import enum
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta, tzinfo

from bulletin.domain.papers.distributions import Distribution
from bulletin.domain.people.follow_ups import FollowUp

from .actions import Action
from .escalation_plan import Step

A_DAY = timedelta(days=1)


class Kind(enum.StrEnum):
    """What a calendar shows."""

    ACTION = "actions"
    HAND_OUT = "hand-outs"
    STEP = "steps"
    FOLLOW_UPS = "follow-ups"


@dataclasses.dataclass(frozen=True)
class CalendarEntry:
    """One of them, from its first day to its last where the site is; `start` and `end` are None where it has no hour.

    title: in a member's words, empty where there are none. form: of an action. place: where. id: of the row;
    bulletin_id: what is handed out. count: how many, of follow-ups.
    """

    kind: Kind
    first: date
    last: date
    start: datetime | None = None
    end: datetime | None = None
    title: str = ""
    form: str = ""
    place: str = ""
    id: uuid.UUID | None = None
    bulletin_id: uuid.UUID | None = None
    count: int = 0

    @property
    def moment(self) -> tuple[bool, str, Kind, str]:
        """What it is sorted by within its day: what has no hour first."""
        return (self.start is not None, self.start.isoformat() if self.start else "", self.kind, str(self.id))


def entries(
    site_id: uuid.UUID, first: date, last: date, zone: tzinfo, kinds: Collection[Kind] = tuple(Kind)
) -> list[CalendarEntry]:
    """What touches these days where the site is, the first first."""
    found: list[CalendarEntry] = []
    if Kind.ACTION in kinds:
        found += [_of_action(one, zone) for one in Action.at(site_id)]
    if Kind.HAND_OUT in kinds:
        found += [_of_hand_out(one, zone) for one in Distribution.at(site_id)]
    if Kind.STEP in kinds:
        found += [
            CalendarEntry(Kind.STEP, one.on, one.on, title=one.what.action, id=one.id) for one in Step.at(site_id)
        ]
    if Kind.FOLLOW_UPS in kinds:
        days = Counter(one.on for one in FollowUp.open_at(site_id))
        found += [CalendarEntry(Kind.FOLLOW_UPS, day, day, count=count) for day, count in days.items()]
    here = (one for one in found if one.first <= last and one.last >= first)
    return sorted(here, key=lambda one: (one.first, one.moment))


def by_day(found: Iterable[CalendarEntry], first: date, last: date) -> Mapping[date, list[CalendarEntry]]:
    """Every one of these days, with what touches it: what began before it, first."""
    days: dict[date, list[CalendarEntry]] = {first + A_DAY * number: [] for number in range((last - first).days + 1)}
    for one in found:
        for number in range((min(one.last, last) - max(one.first, first)).days + 1):
            days[max(one.first, first) + A_DAY * number].append(one)
    return {day: sorted(those, key=lambda one: (one.first == day, one.moment)) for day, those in days.items()}


def _of_action(action: Action, zone: tzinfo) -> CalendarEntry:
    plan = action.plan
    days = _days(action.start, action.end, zone)
    return CalendarEntry(
        Kind.ACTION,
        *days,
        None if action.whole_day else action.start,
        None if action.whole_day else action.end,
        title=plan.title,
        form=plan.form,
        place=plan.place,
        id=action.id,
    )


def _of_hand_out(one: Distribution, zone: tzinfo) -> CalendarEntry:
    days = _days(one.start, one.end, zone)
    return CalendarEntry(
        Kind.HAND_OUT, *days, one.start, one.end, place=one.place, id=one.id, bulletin_id=one.bulletin_id
    )


def _days(start: datetime, end: datetime, zone: tzinfo) -> tuple[date, date]:
    """The first day and the last; what ends at midnight does not touch the day that begins then."""
    first, until = start.astimezone(zone).date(), end.astimezone(zone)
    last = until.date() - A_DAY if until.time() == time.min else until.date()
    return first, max(first, last)
