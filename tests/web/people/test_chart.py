"""The chart and what people bring up, as pages: figures, gaps, and names only for who asks."""

from __future__ import annotations

import datetime
import html
import re

import pytest

from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.people.units import Department, Shift
from tests.homes import ON_SQLITE
from tests.web import notebook
from tests.web.house import Person, read
from tests.web.writing import cast, one_house, settled  # noqa: F401

pytestmark = ON_SQLITE


@pytest.fixture
def rosa(cast) -> Person:  # noqa: F811
    return cast["rosa"]


@pytest.fixture
def site(rosa):
    """Forty in the packing hall at night, whom nobody knows; of ten on earlies two were talked with."""
    today = datetime.datetime.now(datetime.UTC).date()
    with notebook.inside(rosa) as me:
        hall, early, night = (
            Department.add(me.site_id, "Packing <hall>"),
            Shift.add(me.site_id, "Earlies"),
            Shift.add(me.site_id, "Nights"),
        )
        hall.estimate({early.id.hex: 10, night.id.hex: 40})
        for name, stand in (("Amina Birch", 2), ("Goran <b>", 3), ("Never Met", None)):
            one = Contact.add(me.site_id, name, by="Rosa", department=hall.id.hex, shift=early.id.hex)
            if stand:
                Conversation.note(one, by="Rosa", day=today, stand=stand, struggles=["staffing"])


def words(person: Person, path: str) -> str:
    return " ".join(read(person.opens(f"{person.site}{path}")).words.split())


def test_the_chart_says_how_far_one_has_come_and_where_nobody_is(rosa, site):
    said = words(rosa, "/chart")
    assert "4 % talked with: 2 of about 50 people" in said
    assert "Nights, Packing <hall>: about 40 people" in said
    assert "Earlies, Packing <hall>2 of 10 20 %" in said


def test_whose_shift_is_not_noted_closes_no_gap_for_certain_and_that_is_said(rosa):
    """Forty packers on nights; somebody has talked with one packer, and nobody noted when they work."""
    with notebook.inside(rosa) as me:
        packing, night = Department.add(me.site_id, "Packing"), Shift.add(me.site_id, "Nights")
        packing.estimate({night.id.hex: 40})
        farid = Contact.add(me.site_id, "Farid", by="Rosa", department=packing.id.hex)
        Contact.add(me.site_id, "Nadia", by="Rosa", department=packing.id.hex, shift=night.id.hex)
        Conversation.note(farid, by="Rosa", stand=3)
    said = words(rosa, "/chart")
    gaps = said[said.index("Nobody talked with yet") : said.index("Department by department")]
    assert "Nights, Packing: about 40 people" in gaps
    assert "1 of those you talked with may work there: their department or their shift is not noted." in gaps
    assert "2 people are in the list, 1 of them talked with. Where they stood last:" in said


def test_there_are_names_on_it_only_for_who_asks(rosa, site):
    assert "Amina" not in rosa.opens(f"{rosa.site}/chart").text
    named = rosa.opens(f"{rosa.site}/chart?names=yes").text
    assert "Amina Birch" in named
    assert "Goran &lt;b&gt;" in named
    assert "Whoever finds the paper" in named


def test_the_picture_is_the_table(rosa, site):
    """Ten long: two talked with, one of them undecided, one in the list whom nobody knows yet."""
    shown = rosa.opens(f"{rosa.site}/chart").text
    (bar,) = [one for one in re.findall(r'<svg class="plot".*?</svg>', shown, re.S) if "stand-" in one]
    assert re.findall(r'class="(stand-\d)"(.*?) x="([\d.]+)%" width="([\d.]+)%"', bar) == [
        ("stand-2", ' fill="url(#stripes)"', "0", "2.5"),  # one of forty, the most there are in one place
        ("stand-3", ' fill="url(#dots)"', "2.5", "2.5"),
        ("stand-6", "", "5", "2.5"),
    ]
    assert 'class="whole" width="25%"' in bar
    figures = re.findall(r"<td>([^<]*)</td>", shown[shown.index('class="figures"') :])
    assert figures[:9] == ["10", "3", "2", "", "1", "1", "", "", "1"]


def test_without_a_map_the_chart_says_what_to_do_first(rosa):
    assert "Begin with the map" in words(rosa, "/chart")


def test_what_people_bring_up_is_said_in_words(rosa, site):
    said = html.unescape(words(rosa, "/eddies"))
    assert "Staffing2 talks in 3 weeks, 0 before" in said
    assert "Week by week: 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2" in said


def test_where_nothing_came_up_it_says_what_to_do(rosa):
    assert "tick what came up" in words(rosa, "/eddies")


def test_a_number_for_a_department_is_for_its_shifts_too(rosa):
    """Ninety pickers, numbers for no shift; somebody has talked with the two on nights."""
    today = datetime.datetime.now(datetime.UTC).date()
    with notebook.inside(rosa) as me:
        picking, yard, night = (
            Department.add(me.site_id, "Picking"),
            Department.add(me.site_id, "Yard"),
            Shift.add(me.site_id, "Nights"),
        )
        picking.estimate({"": 90})
        yard.estimate({night.id.hex: 8, "": 12})
        for name in ("Olga", "Piotr"):
            one = Contact.add(me.site_id, name, by="Rosa", department=picking.id.hex, shift=night.id.hex)
            Conversation.note(one, by="Rosa", day=today, stand=2)
    said = words(rosa, "/chart?names=yes")
    assert "2 of about 110 people" in said
    gaps = said[said.index("Nobody talked with yet") : said.index("Department by department")]
    assert "Picking" not in gaps
    assert "Yard, other shifts: about 12 people" in gaps
    assert "Nights, Picking2 Olga" in said
    assert "Picking2 of 90 2 % " in said
    assert "who works in one of those is counted in both lines, and once in all" in said
    assert said.count("Olga") == 1, "a name stands once"
