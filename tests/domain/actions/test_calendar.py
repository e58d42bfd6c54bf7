"""What touches which day: over midnight, over the nights on which clocks change, and without anybody's name."""

from __future__ import annotations

import dataclasses
import datetime
import uuid
import zoneinfo

import pytest

from bulletin.db import db
from bulletin.domain.actions import calendar
from bulletin.domain.actions.actions import Action
from bulletin.domain.actions.calendar import CalendarEntry, Kind
from bulletin.domain.actions.escalation_plan import Step
from bulletin.domain.papers.bulletins import Bulletin
from bulletin.domain.papers.distributions import Distribution
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.follow_ups import FollowUp

LONDON = zoneinfo.ZoneInfo("Europe/London")
DAY = datetime.date.fromisoformat


@pytest.fixture(autouse=True)
def sunday(stopped) -> None:
    stopped("2026-11-22T12:00+00:00")


def do(site, start: str, end: str, **plan) -> Action:
    """An action by the clocks of London."""
    moments = [datetime.datetime.fromisoformat(iso).replace(tzinfo=LONDON) for iso in (start, end)]
    return Action.propose(site.id, *moments, by="Rosa", **plan)


def days_of(site, first: str, last: str, zone=LONDON) -> dict[str, list[str]]:
    db.session.flush()
    found = calendar.entries(site.id, DAY(first), DAY(last), zone)
    shown = calendar.by_day(found, DAY(first), DAY(last))
    return {day.isoformat(): [one.title or one.kind.value for one in those] for day, those in shown.items() if those}


def test_what_goes_over_midnight_is_of_both_days(here):
    do(here, "2026-11-23T22:00", "2026-11-24T06:00", title="Night")
    do(here, "2026-11-24T05:00", "2026-11-24T07:00", title="Morning")
    month = days_of(here, "2026-11-01", "2026-11-30")
    assert month == {"2026-11-23": ["Night"], "2026-11-24": ["Night", "Morning"]}
    assert days_of(here, "2026-11-24", "2026-11-24") == {"2026-11-24": ["Night", "Morning"]}
    assert days_of(here, "2026-11-25", "2026-11-30") == {}


def test_what_ends_at_midnight_is_not_of_the_day_that_begins(here):
    do(here, "2026-11-23T22:00", "2026-11-24T00:00", title="Evening")
    assert days_of(here, "2026-11-01", "2026-11-30") == {"2026-11-23": ["Evening"]}


def test_what_lasts_is_of_each_of_its_days_that_are_shown(here):
    do(here, "2026-11-20T06:00", "2026-12-04T18:00", title="Long")
    week = days_of(here, "2026-11-23", "2026-11-29")
    assert week == {f"2026-11-{day}": ["Long"] for day in range(23, 30)}


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026-10-24T23:30", "2026-10-25T01:30", ["2026-10-24", "2026-10-25"]),  # back: the day has 25 hours
        ("2026-10-25T00:30", "2026-10-25T23:30", ["2026-10-25"]),
        ("2026-10-25T22:00", "2026-10-26T00:00", ["2026-10-25"]),
        ("2027-03-27T22:00", "2027-03-28T02:30", ["2027-03-27", "2027-03-28"]),  # forward: it has 23
        ("2027-03-28T00:15", "2027-03-28T23:59", ["2027-03-28"]),
        ("2026-07-01T23:30", "2026-07-02T00:30", ["2026-07-01", "2026-07-02"]),  # one day in UTC
    ],
)
def test_days_are_those_of_the_site_on_nights_when_clocks_change_too(here, start, end, days):
    do(here, start, end, title="It")
    first, last = DAY(days[0]), DAY(days[-1])
    around = (first - datetime.timedelta(days=3)).isoformat(), (last + datetime.timedelta(days=3)).isoformat()
    assert days_of(here, *around) == {day: ["It"] for day in days}


def test_the_same_moment_is_of_another_day_elsewhere(here):
    do(here, "2026-11-23T22:00", "2026-11-23T23:00", title="Evening")
    auckland = zoneinfo.ZoneInfo("Pacific/Auckland")
    assert days_of(here, "2026-11-01", "2026-11-30", auckland) == {"2026-11-24": ["Evening"]}


def test_everything_a_site_does_stands_there_and_whom_to_go_back_to_is_only_a_number(here):
    do(here, "2026-11-24T08:00", "2026-11-24T09:00", title="Meeting", place="Canteen")
    begun = datetime.datetime(2026, 11, 24, 5, 30, tzinfo=datetime.UTC)
    Distribution.plan(Bulletin.begin(here), "Gate B", begun, begun.replace(hour=7), by="Rosa")
    Step.add(here.id, DAY("2026-11-24"), "A vote", "", "", by="Rosa")
    for name in ("Dora", "Emil"):
        contact = Contact.add(here.id, name, by="Rosa")
        db.session.flush()
        FollowUp.plan(contact, DAY("2026-11-24"), "The form of hers", whose="Bill", by="Rosa")
    done = FollowUp.plan(contact, DAY("2026-11-24"), "Done", whose="Bill", by="Rosa")
    done.finish(by="Bill")
    db.session.flush()
    found = calendar.entries(here.id, DAY("2026-11-24"), DAY("2026-11-24"), LONDON)
    assert [(one.kind, one.count) for one in found] == [
        *((Kind.FOLLOW_UPS, 2), (Kind.STEP, 0)),
        *((Kind.HAND_OUT, 0), (Kind.ACTION, 0)),
    ]
    told = repr([dataclasses.asdict(one) for one in found])
    for word in ("Dora", "Emil", "hers", "Bill", "Rosa"):
        assert word not in told
    only = calendar.entries(here.id, DAY("2026-11-24"), DAY("2026-11-24"), LONDON, [Kind.STEP])
    assert [one.title for one in only] == ["A vote"]


def test_what_has_no_hour_comes_first_in_its_day():
    early = datetime.datetime(2026, 11, 24, 4, tzinfo=datetime.UTC)
    late = early.replace(hour=9)
    day = early.date()
    some = [
        CalendarEntry(Kind.ACTION, day, day, late, late, title="late", id=uuid.uuid4()),
        CalendarEntry(Kind.HAND_OUT, day, day, early, late, title="early", id=uuid.uuid4()),
        CalendarEntry(Kind.STEP, day, day, title="step", id=uuid.uuid4()),
    ]
    assert [one.title for one in calendar.by_day(some, day, day)[day]] == ["step", "early", "late"]
