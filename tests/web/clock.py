"""The clock that actions, steps and calendars go by, stopped; the one of sessions goes on."""

from __future__ import annotations

import datetime

import pytest

from bulletin.domain import actions, distributions, follow_ups, steps, tending
from bulletin.web import actions as action_pages
from bulletin.web import calendars, telling
from bulletin.web import steps as step_pages

NOON = "2026-11-22T12:00+00:00"  # a Sunday
ROOMS = (actions, distributions, follow_ups, steps, tending, action_pages, calendars, step_pages, telling)


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
