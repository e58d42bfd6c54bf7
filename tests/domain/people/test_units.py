"""The map of a site: departments and shifts, headcounts as far as anybody knows, and the chart drawn of it."""

from __future__ import annotations

import uuid

import pytest

from bulletin.db import db
from bulletin.domain.people import units
from bulletin.domain.people.chart import GAP_FROM, Cell, Chart
from bulletin.domain.people.contacts import Brief, Contact
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.people.refusals import Why
from bulletin.domain.people.search import Listed
from bulletin.domain.people.units import HEADCOUNT_MAX, NOWHERE, Counted, Department, Shift
from tests.refusals import not_allowed


def test_units_come_by_name(here):
    for name in ("packing", "Loading", "Office"):
        Department.add(here.id, name)
    assert [one.name for one in Department.at(here.id)] == ["Loading", "Office", "packing"]
    assert Shift.at(here.id) == []


def test_a_form_sent_twice_makes_one_even_where_there_are_enough(here, monkeypatch):
    monkeypatch.setattr(units, "UNITS_MAX", 2)
    form = uuid.uuid4()
    night = Shift.add(here.id, "Night", form_id=form)
    Shift.add(here.id, "Early")
    assert Shift.add(here.id, "Night", form_id=form) is night
    with not_allowed(Why.UNITS_FULL, most=2):
        Shift.add(here.id, "Late")
    Department.add(here.id, "Packing")  # of each kind


def test_only_the_sites_own_are_found(here):
    packing = Department.add(here.id, "Packing")
    db.session.flush()
    assert Department.of(here.id, packing.id) is packing
    assert Shift.of(here.id, packing.id) is None


def test_what_is_not_known_is_not_noted(here):
    packing = Department.add(here.id, "Packing")
    packing.estimate({"a": 12, "b": None, "c": 0, "d": -5, NOWHERE: HEADCOUNT_MAX + 1})
    assert packing.headcounts == {"a": 12, NOWHERE: HEADCOUNT_MAX}
    packing.estimate({"b": 3})
    assert packing.headcounts == {"b": 3}


def test_a_shift_says_when_it_is(here):
    night = Shift.add(here.id, "Night")
    assert (night.days, night.start, night.end, night.language) == ([], "", "", "")
    night.plan([6, 0, 6], "22:00", "06:00", "pl")
    db.session.commit()
    assert (night.days, night.start, night.end, night.language) == ([0, 6], "22:00", "06:00", "pl")


@pytest.mark.parametrize(
    ("place", "among"),
    [
        (("packing", "early"), True),
        (("packing", "night"), False),  # where nobody has counted
        (("office", "early"), False),
        (("packing", NOWHERE), True),  # some shift or other in packing
        (("office", NOWHERE), False),
        ((NOWHERE, "early"), True),
        ((NOWHERE, "night"), False),
        ((NOWHERE, NOWHERE), True),
    ],
)
def test_who_is_among_those_that_were_counted(place, among):
    assert (place in Counted([("packing", "early")])) is among
    assert place not in Counted([])


@pytest.mark.parametrize(
    ("place", "covered_by"),
    [
        (("packing", "early"), "early"),
        (("packing", "night"), NOWHERE),  # has no number of its own: the department's covers it
        (("packing", NOWHERE), NOWHERE),
        (("office", "early"), None),
        ((NOWHERE, "early"), None),
        ((NOWHERE, NOWHERE), None),
    ],
)
def test_the_number_of_a_department_covers_its_shifts_that_have_none(place, covered_by):
    counted = Counted([("packing", "early"), ("packing", NOWHERE)])
    assert counted.covering(place) == (None if covered_by is None else ("packing", covered_by))
    assert (NOWHERE, "night") in counted, "they may be of packing, whose number covers nights"
    assert counted.is_rest(("packing", NOWHERE))
    assert not Counted([("packing", NOWHERE)]).is_rest(("packing", NOWHERE))


@pytest.mark.parametrize(
    ("place", "there", "may"),
    [
        (("packing", NOWHERE), ("packing", "early"), True),  # on some shift or other
        ((NOWHERE, "early"), ("packing", "early"), True),
        ((NOWHERE, NOWHERE), ("packing", "early"), True),
        (("packing", "early"), ("packing", "early"), False),  # they are: that is no question
        (("packing", "late"), ("packing", "early"), False),
        ((NOWHERE, "late"), ("packing", "early"), False),
        (("office", NOWHERE), ("packing", "early"), False),
        ((NOWHERE, "early"), ("yard", NOWHERE), True),  # the yard's number is for all its shifts
        (("yard", NOWHERE), ("yard", NOWHERE), False),
        (("packing", NOWHERE), ("packing", "late"), False),  # where nobody has counted
    ],
)
def test_who_is_not_noted_in_full_may_be_of_several_places(place, there, may):
    assert Counted([("packing", "early"), ("yard", NOWHERE)]).may_be_of(place, there) is may


# The chart


def worker(site, talked=True, **where) -> Contact:
    contact = Contact.add(site.id, "Jo", by="Rosa", **where)
    db.session.flush()
    if talked:
        Conversation.note(contact, by="Rosa")
    return contact


def test_a_site_that_nobody_has_drawn_has_one_cell_for_its_people(here):
    assert Chart.of(here.id).cells == []
    worker(here)
    chart = Chart.of(here.id)
    assert [(cell.department, cell.shift, cell.talked) for cell in chart.cells] == [(NOWHERE, NOWHERE, 1)]
    assert (chart.whole, chart.coverage, chart.gaps) == (None, None, [])


def test_who_worked_in_what_is_gone_from_the_map_is_nowhere(here):
    packing, night = Department.add(here.id, "Packing"), Shift.add(here.id, "Night")
    packing.estimate({night.id.hex: 10, NOWHERE: 5})
    worker(here, department=packing.id.hex, shift=night.id.hex)
    night.take_out()
    db.session.flush()
    (cell,) = Chart.of(here.id).cells
    assert (cell.department, cell.shift, cell.whole, cell.talked) == (packing.id.hex, NOWHERE, 5, 1)


def test_coverage_is_never_more_than_all(here):
    packing = Department.add(here.id, "Packing")
    packing.estimate({NOWHERE: 1})
    for _ in range(2):
        worker(here, department=packing.id.hex)
    chart = Chart.of(here.id)
    assert chart.coverage == chart.cells[0].coverage == 1.0


def test_talks_where_nobody_was_counted_cover_nobody(here):
    packing, office = Department.add(here.id, "Packing"), Department.add(here.id, "Office")
    packing.estimate({NOWHERE: 10})
    for _ in range(10):
        worker(here, department=office.id.hex)
    assert Chart.of(here.id).coverage == 0
    assert [cell.department for cell in Chart.of(here.id).gaps] == [packing.id.hex]


@pytest.mark.parametrize(
    ("whole", "talked", "gap"), [(GAP_FROM, 0, True), (GAP_FROM - 1, 0, False), (40, 1, False), (None, 0, False)]
)
def test_a_gap_is_where_people_are_and_nobody_was_talked_with(whole, talked, gap):
    people = tuple(Listed(uuid.uuid4(), Brief(name="Jo", talked_on="2026-11-20")) for _ in range(talked))
    assert Cell("", "", whole, people).is_gap is gap
    assert Cell("", "", whole, also=people).is_gap is gap


def test_a_cell_that_is_not_there_is_empty(here):
    assert Chart.of(here.id).cell("x", "y") == Cell("x", "y")
