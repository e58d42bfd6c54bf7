"""The escalation plan: steps in the order of their days, each met or not, by somebody's word."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from bulletin.db import db
from bulletin.domain.actions import escalation_plan
from bulletin.domain.actions.escalation_plan import NAME_MAX, TEXT_MAX, Met, Step
from bulletin.domain.actions.refusals import Why
from tests.homes import ON_SQLITE
from tests.refusals import not_allowed

pytestmark = ON_SQLITE

TODAY = datetime.now(UTC).date()
DAY = timedelta(days=1)


def add(site, days=0, action="Petition", test="Names on it", threshold="60 of 120", **more) -> Step:
    step = Step.add(site.id, TODAY + days * DAY, action, test, threshold, by="Rosa", **more)
    db.session.flush()
    return step


def test_steps_come_in_the_order_of_their_days(here):
    third, first, second = add(here, 30), add(here, 1), add(here, 7)
    assert Step.at(here.id) == [first, second, third]
    second.change(TODAY + 60 * DAY, "March", "", "")
    assert Step.at(here.id) == [first, third, second]
    first.take_out()
    db.session.flush()
    assert Step.at(here.id) == [third, second]


def test_a_step_is_met_or_not_and_one_may_think_again(here):
    step = add(here)
    assert step.met is Met.NOT_YET
    step.say_met(Met.NO, by="Bill")
    step.say_met(Met.YES, by="Rosa")
    assert (step.met, step.what.met_by) == (Met.YES, "Rosa")
    step.change(TODAY, "Petition again", "", "")
    assert step.met is Met.YES, "what it is called has nothing to do with it"


def test_a_step_nobody_has_judged_is_overdue_the_day_after(here):
    step = add(here, -1)
    assert step.overdue_on(TODAY)
    assert not step.overdue_on(step.on), "where it is still that day"
    step.say_met(Met.NO, by="Rosa")
    assert not step.overdue_on(TODAY)


@pytest.mark.parametrize(
    ("wrong", "code", "values"),
    [
        ({"action": " "}, Why.STEP_NEEDED, {}),
        ({"action": "x" * (NAME_MAX + 1)}, Why.STEP_NEEDED, {}),
        ({"test": "x" * (TEXT_MAX + 1)}, Why.TEXT_TOO_LONG, {"most": TEXT_MAX}),
        ({"threshold": "x" * (TEXT_MAX + 1)}, Why.TEXT_TOO_LONG, {"most": TEXT_MAX}),
        ({"days": 1_100}, Why.YEARS_AWAY, {}),
    ],
)
def test_a_step_that_says_nothing_or_too_much_is_refused(here, wrong, code, values):
    with not_allowed(code, **values):
        add(here, **wrong)
    assert Step.at(here.id) == []


def test_a_form_sent_twice_makes_one_even_where_there_are_enough(here, monkeypatch):
    monkeypatch.setattr(escalation_plan, "STEPS_MAX", 1)
    form = uuid.uuid4()
    assert add(here, form_id=form) is add(here, form_id=form)
    with not_allowed(Why.STEPS_FULL, most=1):
        add(here)


def test_only_the_sites_own_are_found(here):
    step = add(here)
    assert Step.of(here.id, step.id) is step
    assert Step.of(here.id, uuid.uuid4()) is None
