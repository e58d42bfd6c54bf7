"""A paper is handed out: where, when, how it went; and the next one stands on the first screen."""

from __future__ import annotations

import datetime
import re

import pytest

from bulletin.domain.papers import distributions
from tests.homes import ON_SQLITE
from tests.web import writing
from tests.web.conftest import Page
from tests.web.house import Person, errors
from tests.web.writing import cast, one_house, settled  # noqa: F401

pytestmark = ON_SQLITE


@pytest.fixture
def rosa(cast) -> Person:  # noqa: F811
    return cast["rosa"]


@pytest.fixture
def bill(cast) -> Person:  # noqa: F811
    return cast["bill"]


@pytest.fixture
def paper(rosa) -> str:
    begun = writing.begin(rosa, "The lead.")
    writing.save_header(rosa, begun, number="7")
    return begun


def planned(person: Person, paper: str) -> int:
    return person.opens(f"{paper}/hand-outs").text.count('class="hand-out"')


TYPED = {"place": "Gate <B>", "day": "2026-11-23", "start": "05:30", "end": "07:15"}


@pytest.fixture
def sunday(monkeypatch) -> datetime.datetime:
    """The day before TYPED."""
    moment = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
    monkeypatch.setattr(distributions, "now", lambda: moment)
    return moment


def test_a_hand_out_is_planned_where_and_when(rosa, bill, paper, sunday):
    assert rosa.sends(f"{paper}/hand-outs", **TYPED).status_code == 303
    text = bill.opens(f"{paper}/hand-outs").text
    assert "Gate &lt;B&gt;" in text
    assert re.search(r"05:30|5:30", text)
    assert "Rosa" in text


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"place": " "}, "place"),
        ({"place": "x" * 121}, "place"),
        ({"day": "Monday"}, "day"),
        ({"day": ""}, "day"),
        ({"day": "2028-11-23"}, "day"),
        ({"day": "0001-01-01"}, "day"),
        ({"day": "9999-12-31", "start": "23:30", "end": ""}, "day"),
        ({"day": "9999-12-31", "start": "23:30", "end": "01:00"}, "day"),
        ({"start": "early"}, "start"),
        ({"start": ""}, "start"),
        ({"end": "late"}, "end"),
    ],
)
def test_what_is_wrong_is_said_once_beside_its_field_and_all_typed_is_kept(rosa, paper, sunday, fields, field):
    typed = {**TYPED, **fields}
    answer = rosa.sends(f"{paper}/hand-outs", **typed)
    assert answer.status_code == 422
    sentence = writing.beside(answer, field)
    assert sentence
    assert "Not a valid" not in sentence
    values = {attrs.get("value") for attrs in Page(answer.text).all("input")}
    assert {text for text in typed.values() if text.strip()} <= values
    assert planned(rosa, paper) == 0


def test_until_when_may_be_left_out_or_past_midnight(rosa, paper, sunday):
    rosa.sends(f"{paper}/hand-outs", **{**TYPED, "end": ""})
    assert "7:30" in rosa.reads(f"{paper}/hand-outs").words
    rosa.sends(f"{paper}/hand-outs", **{**TYPED, "place": "Night gate", "start": "22:00", "end": "00:30"})
    assert planned(rosa, paper) == 2


def test_planning_twice_with_one_form_makes_one(rosa, paper, sunday):
    for _ in range(2):
        assert rosa.sends(f"{paper}/hand-outs", **TYPED, form_id="1" * 32).status_code == 303
    assert planned(rosa, paper) == 1


def test_it_is_off_and_its_tickets_end(rosa, bill, cast, paper):  # noqa: F811
    writing.agreed(paper, rosa, bill)
    writing.printed(rosa, paper)
    handed_out = writing.hand_out(rosa, paper)
    letters = writing.ticket(rosa, handed_out)
    assert cast["stranger"].opens(f"/p/{letters}").status_code == 200
    assert bill.sends(f"{handed_out}/cancellation").status_code == 303
    assert planned(rosa, paper) == 0
    assert cast["stranger"].opens(f"/p/{letters}").status_code == 404
    assert bill.sends(f"{handed_out}/cancellation").status_code == 404


def test_how_it_went_is_noted_afterwards(rosa, bill, paper, sunday, monkeypatch):
    rosa.sends(f"{paper}/hand-outs", **TYPED)
    monkeypatch.setattr(distributions, "now", lambda: sunday + datetime.timedelta(days=1))
    (outcome,) = re.findall(rf"{paper}/hand-outs/{writing.ID}/outcome", bill.opens(f"{paper}/hand-outs").text)
    for fields, field in (({"copies": "lots"}, "copies"), ({"went": "x" * 2001}, "went")):
        answer = bill.sends(outcome, **{"copies": "180", "went": "They took them all.", **fields})
        assert answer.status_code == 422
        sentence = writing.beside(answer, f"{field}-{outcome[-44:-8].replace('-', '')}")
        assert sentence
        assert errors(answer).endswith(sentence)
        assert "Not a valid" not in sentence
        assert all(text in answer.text for text in fields.values())
    assert bill.sends(outcome, copies="180", went="They took them all.").status_code == 303
    told = rosa.reads(f"{paper}/hand-outs").words
    assert "They took them all." in told
    assert "180 copies" in told


def test_the_next_hand_out_stands_on_the_first_screen(rosa, bill, paper):
    assert "Gate B" not in bill.reads(bill.site).words
    writing.hand_out(rosa, paper)
    told = bill.reads(bill.site)
    assert [
        words for words in ("Gate B", "No. 7", "not agreed yet", "not printed yet") if words not in told.words
    ] == []
    writing.agreed(paper, rosa, bill)
    writing.printed(rosa, paper)
    told = bill.reads(bill.site)
    assert "agreed ✓" in told.words
    assert "printed ✓" in told.words
    assert f"{paper}/away" in told.links


def test_there_is_no_ticket_before_there_is_a_sheet(rosa, paper):
    handed_out = writing.hand_out(rosa, paper)
    answer = rosa.sends(f"{handed_out}/tickets")
    assert answer.status_code == 409
    assert "Print it once first" in errors(answer)
