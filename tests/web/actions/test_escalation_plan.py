"""The escalation plan: steps towards a date, what must be true before the next, and whether it was."""

from __future__ import annotations

import re
import uuid

import pytest

from bulletin.domain.actions.escalation_plan import Step
from tests.homes import ON_SQLITE
from tests.web import notebook, writing
from tests.web.actions.test_actions import planned, seen, words
from tests.web.clock import clock  # noqa: F401
from tests.web.conftest import Page
from tests.web.house import Person, errors, read
from tests.web.writing import cast, one_house, settled  # noqa: F401

pytestmark = [ON_SQLITE, pytest.mark.usefixtures("clock")]

TYPED = {"on": "2026-11-30", "action": "Vote <B>", "test": "Hands, shift by shift", "threshold": "Two thirds"}


@pytest.fixture
def rosa(cast) -> Person:  # noqa: F811
    return cast["rosa"]


@pytest.fixture
def bill(cast) -> Person:  # noqa: F811
    return cast["bill"]


def add(person: Person, **fields: str) -> str:
    """A step; its path."""
    answer = person.sends(f"{person.site}/steps", **{**TYPED, "form_id": uuid.uuid4().hex, **fields})
    assert answer.status_code == 303, errors(answer)
    where, _, key = answer.location.partition("#s")
    return f"{where}/{uuid.UUID(hex=key)}"


def test_an_empty_plan_says_what_one_is(rosa):
    told = words(rosa, f"{rosa.site}/steps")
    assert "An escalation plan is a row of steps towards a day" in told
    add(rosa)
    assert "An escalation plan is" not in words(rosa, f"{rosa.site}/steps")


def test_steps_stand_in_the_order_of_their_days_with_the_action_they_are(rosa, bill):
    action = planned(rosa, title="Petition")
    key = action.rpartition("/")[2].replace("-", "")
    add(rosa, action="Later", on="2026-12-24")
    add(rosa, action="Sooner", on="2026-12-01", action_id=key)
    page = bill.opens(f"{bill.site}/steps")
    told = " ".join(read(page).words.split())
    assert re.findall(r"</span> (Sooner|Later)</h2>", page.text) == ["Sooner", "Later"]
    assert "1 December 2026" in told
    assert action in read(page).links
    assert "Strength: Hands, shift by shift" in told
    assert "Before the next: Two thirds" in told
    assert "Vote &lt;B&gt;" in (add(bill) and bill.opens(f"{bill.site}/steps").text)
    bill.sends(f"{action}/cancellation")
    assert action not in bill.reads(f"{bill.site}/steps").links


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"on": "soon"}, "on"),
        ({"on": ""}, "on"),
        ({"on": "2036-01-01"}, "on"),
        ({"on": "9999-12-31"}, "on"),
        ({"action": " "}, "action"),
        ({"action": "x" * 121}, "action"),
        ({"test": "x" * 501}, "test"),
        ({"threshold": "x" * 501}, "threshold"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_all_typed_is_kept(rosa, fields, field):
    typed = {**TYPED, **fields}
    for path in (f"{rosa.site}/steps", add(rosa)):
        answer = rosa.sends(path, **typed)
        assert answer.status_code == 422
        assert writing.beside(answer, field)
        assert "Not a valid" not in answer.text
        page = Page(answer.text)
        values = {one.get("value") for one in page.all("input")} | {page.typed("test"), page.typed("threshold")}
        assert {text for text in typed.values() if text.strip()} <= values
        assert page.words["title"].startswith("Error: ")


def test_the_same_form_twice_makes_one_and_an_action_of_nowhere_is_none(rosa):
    sent = {"form_id": "1" * 32, "action_id": "2" * 32}
    assert add(rosa, **sent) == add(rosa, **sent)
    with notebook.inside(rosa) as place:
        assert [step.what.action_id for step in Step.at(place.site_id)] == [""]


def test_when_its_day_is_over_it_asks_whether_it_was_met(rosa, bill, clock):  # noqa: F811
    step = add(rosa)
    plan = f"{rosa.site}/steps"
    assert "was it met?" not in words(rosa, plan)
    clock.set("2026-12-01T12:00+00:00")
    assert "Its day is over: was it met?" in words(rosa, plan)
    assert bill.sends(f"{step}/threshold", met="no").status_code == 303
    assert "Not met says Bill" in words(rosa, plan)
    rosa.sends(f"{step}/threshold", met="yes")
    assert "Met ✓ says Rosa" in words(bill, plan)
    rosa.sends(f"{step}/threshold", met="not yet")
    assert "Its day is over" in words(bill, plan)
    assert rosa.sends(f"{step}/threshold", met="perhaps").status_code == 422


def test_two_change_a_step_at_once_and_both_see_both(rosa, bill):
    step = add(rosa)
    first = seen(rosa, step)
    bill.sends(f"{step}/threshold", met="yes")  # is in nobody's way
    assert bill.sends(step, **{**TYPED, "threshold": "Three quarters"}, seen=seen(bill, step)).status_code == 303
    answer = rosa.sends(step, **{**TYPED, "threshold": "Half"}, seen=first)
    assert answer.status_code == 409
    told = re.search(r'id="stale".*?</div>', answer.text, re.S)[0]
    assert "Three quarters" in told
    assert "Which day?" not in told
    assert Page(answer.text).typed("threshold") == "Half"
    mine = {**TYPED, "threshold": "Half", "seen": read(answer).hidden["seen"]}
    assert rosa.sends(step, **mine).status_code == 303
    shown = words(bill, f"{bill.site}/steps")
    assert "Half" in shown
    assert "Met ✓ says Bill" in shown


def test_a_step_is_taken_out(rosa, bill):
    step = add(rosa)
    assert bill.sends(f"{step}/deletion").status_code == 303
    assert "Vote" not in words(rosa, f"{rosa.site}/steps")
    for path in ("", "/threshold", "/deletion"):
        assert rosa.sends(step + path, **TYPED, met="yes").status_code == 404
    assert rosa.opens(step).status_code == 404
