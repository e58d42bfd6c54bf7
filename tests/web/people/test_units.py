"""The map of a site: departments, shifts, and how many work there."""

from __future__ import annotations

import re
import uuid

import pytest

from bulletin.domain.people.units import Department, Shift
from tests.homes import ON_SQLITE
from tests.web import notebook
from tests.web.house import Person, errors, read
from tests.web.writing import cast, one_house, settled  # noqa: F401

pytestmark = ON_SQLITE


@pytest.fixture
def rosa(cast) -> Person:  # noqa: F811
    return cast["rosa"]


@pytest.fixture
def bill(cast) -> Person:  # noqa: F811
    return cast["bill"]


def added(person: Person, kind: str, name: str) -> str:
    answer = person.sends(f"{person.site}/map/{kind}s", form_id=uuid.uuid4().hex, **{kind: name})
    assert answer.status_code == 303, errors(answer)
    return answer.location


def test_a_map_is_drawn_by_one_and_seen_by_all(rosa, bill):
    nights = added(rosa, "shift", "Nights <&>")
    packing = added(rosa, "department", "Packing")
    key = re.sub("-", "", nights.rpartition("/")[2])
    assert rosa.sends(packing, department="Packing hall", **{f"count_{key}": "40", "count_none": ""}).status_code == 303
    times = {"shift": "Nights", "days": ["0", "6"], "start": "22:00", "end": "06:00", "language": "Polish"}
    assert rosa.sends(nights, **times).status_code == 303
    page = bill.reads(f"{bill.site}/map").words
    for words in ("Packing hall", "about 40", "Nights", "Mon Sun", "22:00–06:00", "Polish"):
        assert words in " ".join(page.split())
    shown = bill.opens(nights).text
    assert 'value="22:00"' in shown
    assert shown.count(" checked") == 2


def test_the_same_form_twice_makes_one(rosa):
    form = {"form_id": uuid.uuid4().hex, "department": "Packing"}
    first, second = (rosa.sends(f"{rosa.site}/map/departments", **form) for _ in range(2))
    assert first.location == second.location
    assert rosa.opens(f"{rosa.site}/map").text.count("/map/departments/") == 1


@pytest.mark.parametrize("kind", ["department", "shift"])
def test_a_name_is_asked_for_and_kept_as_it_was_typed(rosa, kind):
    answer = rosa.sends(f"{rosa.site}/map/{kind}s", **{kind: " "})
    assert (answer.status_code, "Give the" in errors(answer)) == (422, True)
    long = "x" * 61
    answer = rosa.sends(f"{rosa.site}/map/{kind}s", **{kind: long})
    assert answer.status_code == 422
    assert long in answer.text


def test_a_number_that_is_none_is_said_beside_its_field(rosa):
    packing = added(rosa, "department", "Packing")
    answer = rosa.sends(packing, department="Packing", count_none="many")
    assert "in figures" in errors(answer)
    assert 'value="many"' in answer.text
    assert rosa.sends(packing, department="Packing", count_none="-3").status_code == 422


def test_an_hour_that_is_none_is_said_beside_its_field(rosa):
    nights = added(rosa, "shift", "Nights")
    answer = rosa.sends(nights, shift="Nights", start="late", language="Polish")
    assert "05:30" in errors(answer)
    assert "Polish" in answer.text
    assert rosa.sends(nights, shift="Nights", days="9").status_code == 303  # from no page of ours: left out


def test_what_is_taken_off_the_map_leaves_its_people(rosa):
    packing, nights = added(rosa, "department", "Packing"), added(rosa, "shift", "Nights")
    with notebook.inside(rosa) as me:
        from bulletin.domain.people.contacts import Contact

        ids = {
            "department": uuid.UUID(packing.rpartition("/")[2]).hex,
            "shift": uuid.UUID(nights.rpartition("/")[2]).hex,
        }
        Contact.add(me.site_id, "Amina", by="Rosa", **ids)
    assert rosa.sends(f"{packing}/removal").status_code == rosa.sends(f"{nights}/removal").status_code == 303
    assert "Packing" not in rosa.opens(f"{rosa.site}/map").text
    assert "not said where" in rosa.opens(f"{rosa.site}/chart").text
    assert rosa.opens(packing).status_code == rosa.opens(nights).status_code == 404


def test_there_is_room_for_a_hundred(rosa):
    with notebook.inside(rosa) as me:
        for number in range(100):
            Department.add(me.site_id, f"Bay {number}")
            Shift.add(me.site_id, f"Shift {number}")
    for kind in ("department", "shift"):
        answer = rosa.sends(f"{rosa.site}/map/{kind}s", **{kind: "One more"})
        assert "There are 100 already" in errors(answer)
        assert 'value="One more"' in answer.text


def test_an_empty_map_says_what_to_do(rosa):
    assert "An estimate will do" in read(rosa.opens(f"{rosa.site}/map")).words
