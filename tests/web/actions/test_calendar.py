"""The days of a site: on a page, and as a file that goes into a stranger's cloud."""

from __future__ import annotations

import datetime
import re
import uuid

import icalendar
import pytest

from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.follow_ups import FollowUp
from tests.homes import ON_SQLITE
from tests.web import notebook, writing
from tests.web.actions.test_actions import planned
from tests.web.actions.test_escalation_plan import add
from tests.web.clock import clock  # noqa: F401
from tests.web.house import Person, read
from tests.web.writing import cast, one_house, settled  # noqa: F401

pytestmark = [ON_SQLITE, pytest.mark.usefixtures("clock")]

ALL = ["actions", "hand-outs", "steps"]


@pytest.fixture
def rosa(cast) -> Person:  # noqa: F811
    return cast["rosa"]


@pytest.fixture
def busy(rosa) -> Person:
    """Rosa, with something of everything."""
    planned(rosa, title="Badge day", start="22:00", end="06:00")
    planned(rosa, title="Long ago", day="2026-01-05")
    add(rosa, action="A vote", on="2026-11-30")
    writing.hand_out(rosa, writing.begin(rosa, "The lead."), "Gate Q", day="2026-11-24")
    with notebook.inside(rosa) as place:
        for name in ("Doracanary", "Emilcanary"):
            dora = Contact.add(place.site_id, name, by="Rosa")
            FollowUp.plan(dora, datetime.date(2026, 11, 25), "Reasoncanary", whose="Rosa", by="Rosa")
    return rosa


def days(person: Person, query: str = "") -> dict[str, str]:
    """What stands on the page, by the day."""
    text = person.opens(f"{person.site}/calendar{query}").text
    found = re.findall(r'<li id="d([0-9-]+)".*?>(.*?)(?=<li id="d|</ol>)', text, re.S)
    return {day: " ".join(re.sub(r"<[^>]*>", " ", words).split()) for day, words in found}


def taken(person: Person, **fields: object) -> icalendar.Calendar:
    answer = person.sends(f"{person.site}/calendar/file", **{"kinds": ALL, "plain": "yes", **fields})
    assert answer.status_code == 200, read(answer).words
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Content-Disposition"] == "attachment; filename=calendar.ics"
    assert answer.headers["Cache-Control"] == "no-store"
    return icalendar.Calendar.from_ical(answer.data)


def test_a_month_has_what_there_is_day_by_day(busy):
    assert days(busy) == {
        "2026-11-23": "Monday, 23 November from 22:00 Badge day Gate B",
        "2026-11-24": "Tuesday, 24 November until 06:00 Badge day Gate B 05:30–07:15 Hand-out, Gate Q",
        "2026-11-25": "Wednesday, 25 November due 2 to go back to",
        "2026-11-30": "Monday, 30 November step A vote",
    }
    assert days(busy, "?month=2026-01") == {"2026-01-05": "Monday, 5 January 05:30–07:15 Long ago Gate B"}
    text = busy.opens(f"{busy.site}/calendar").text
    assert "canary" not in text
    assert text.count('href="#d2026-11-') == 4
    assert len(re.findall(r"<td", text)) == 6 * 7


def test_a_week_has_all_its_days(busy):
    week = days(busy, "?week=2026-W48")
    assert list(week) == [f"2026-11-{day}" for day in range(23, 30)]
    assert week["2026-11-26"] == "Thursday, 26 November"
    links = busy.reads(f"{busy.site}/calendar?week=2026-W48").links
    for query in ("week=2026-W47", "week=2026-W49", "month=2026-11"):
        assert f"{busy.site}/calendar?{query}" in links


def test_weeks_and_months_go_on_over_the_turn_of_the_year(rosa):
    for query, beside in (
        ("week=2026-W53", ("week=2026-W52", "week=2027-W01")),
        ("month=2026-12", ("month=2026-11", "month=2027-01")),
        ("month=2100-12", ("month=2100-11", "month=2101-01")),
    ):
        links = rosa.reads(f"{rosa.site}/calendar?{query}").links
        assert {f"{rosa.site}/calendar?{one}" for one in beside} <= set(links)


@pytest.mark.parametrize(
    "query", ["week=2026-W54", "week=x", "month=2026-13", "month=9999-12", "week=0001-W01", "month=٢٠٢٦-11", "month="]
)
def test_an_address_that_names_no_days_gives_today(rosa, query):
    answer = rosa.opens(f"{rosa.site}/calendar?{query}")
    assert answer.status_code == 200
    shown = re.search("<h1>(.*)</h1>", answer.text)[1]
    assert shown == ("16 – 22 Nov 2026" if query.startswith("week") else "November 2026")


def test_a_calendar_goes_into_clouds_so_by_default_it_says_only_when(busy):
    text = busy.opens(f"{busy.site}/calendar").text
    assert len(re.findall(r"<input[^>]*checked[^>]*>", text)) == 4
    file = taken(busy)
    events = file.walk("VEVENT")
    assert [str(one["SUMMARY"]) for one in events] == ["Notebook"] * 3
    raw = file.to_ical().decode()
    for word in ("Badge", "Gate", "vote", "canary", "Rosa", "Depot", "Bill", "X-WR"):
        assert word not in raw
    when = [(one.decoded("DTSTART"), one.decoded("DTEND")) for one in events]
    assert when == [
        (at("2026-11-23T22:00"), at("2026-11-24T06:00")),
        (at("2026-11-24T05:30"), at("2026-11-24T07:15")),
        (datetime.date(2026, 11, 30), datetime.date(2026, 12, 1)),
    ]


def test_in_words_it_says_what_and_where_and_nobodys_name(busy):
    events = taken(busy, plain="").walk("VEVENT")
    assert [str(one["SUMMARY"]) for one in events] == ["Badge day", "Hand-out, Gate Q", "A vote"]
    assert str(events[0]["LOCATION"]) == "Gate B"
    assert "canary" not in str(events)


def test_only_what_is_ticked_goes_along_and_nothing_that_is_over(busy, clock):  # noqa: F811
    assert len(taken(busy, kinds=["steps"]).walk("VEVENT")) == 1
    answer = busy.sends(f"{busy.site}/calendar/file", plain="yes")
    assert answer.status_code == 422
    assert writing.beside(answer, "kinds") == "Tick what is to go along."
    clock.set("2026-11-24T12:00+00:00")
    assert len(taken(busy).walk("VEVENT")) == 1  # two ended this morning
    clock.set("2026-12-01T12:00+00:00")
    assert taken(busy).walk("VEVENT") == []


def test_the_same_thing_has_the_same_id_each_time_so_it_stands_in_the_calendar_once(busy):
    first, again = ([str(one["UID"]) for one in taken(busy).walk("VEVENT")] for _ in range(2))
    assert first == again
    assert len({uuid.UUID(one) for one in first}) == 3


def test_summer_hours_are_what_they_are(rosa):
    planned(rosa, day="2027-03-27", start="20:00", end="03:00")  # the clocks go forward that night
    (event,) = taken(rosa).walk("VEVENT")
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (at("2027-03-27T20:00"), at("2027-03-28T02:00"))


def at(iso: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(iso).replace(tzinfo=datetime.UTC)
