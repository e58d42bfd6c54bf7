"""The clock that actions, steps and calendars go by, stopped; the one of sessions goes on."""

from __future__ import annotations

import datetime

import pytest

from bulletin.domain.actions import actions, escalation_plan
from bulletin.domain.papers import distributions
from bulletin.domain.people import erasure, follow_ups, forgetting
from bulletin.domain.people.imports import records
from bulletin.domain.portability import daily
from bulletin.web.actions import actions as action_pages, calendar, escalation_plan as step_pages
from bulletin.web.shared import formats

NOON = "2026-11-22T12:00+00:00"  # a Sunday
ROOMS = (
    actions,
    distributions,
    erasure,
    follow_ups,
    forgetting,
    records,
    escalation_plan,
    daily,
    action_pages,
    calendar,
    step_pages,
    formats,
)


class Clock:
    """It stands still, until it is set to another moment."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.set(NOON)
        for room in ROOMS:
            for name, asked in (("now", self.now), ("today", self.today)):
                if hasattr(room, name):
                    monkeypatch.setattr(room, name, asked)

    def set(self, iso: str) -> None:
        self.moment = datetime.datetime.fromisoformat(iso)

    def now(self) -> datetime.datetime:
        return self.moment

    def today(self, zone: datetime.tzinfo = datetime.UTC) -> datetime.date:
        return self.moment.astimezone(zone).date()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)
