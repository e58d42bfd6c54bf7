"""Actions: planned or logged, with what came of it; what passed with nothing after it; headcounts rounded down."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta, timezone

import hypothesis
import pytest
from hypothesis import strategies as st

from bulletin.db import db
from bulletin.domain.actions.actions import (
    MONEY_MAX,
    PLACE_MAX,
    TEXT_MAX,
    Action,
    FormOfAction,
    Motion,
    due_to_count,
    rounded_down,
)
from bulletin.domain.actions.refusals import Why
from tests.refusals import not_allowed

NOW = datetime.now(UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def propose(site, start=NOW + DAY, lasts=HOUR, **plan) -> Action:
    action = Action.propose(site.id, start, start + lasts, by="Rosa", **plan)
    db.session.flush()
    return action


def motion(site, became=Motion.PASSED, **more) -> Action:
    action = propose(site, NOW - DAY, form="motion", **more)
    action.note_outcome(by="Rosa", motion=became.value)
    return action


def test_an_action_knows_its_hours_wherever_it_is(here, stopped):
    stopped("2026-11-22T12:00:00+00:00")
    early = datetime(2026, 11, 24, 6, tzinfo=timezone(timedelta(hours=13)))
    action = propose(here, early, place="the gate", struggles=["pay", "weather"], form="leafleting")
    assert (action.start, action.end) == (early, early + HOUR)
    assert action.start.utcoffset() == timedelta(hours=13)
    assert action.form is FormOfAction.LEAFLETING
    assert action.plan.struggles == ("pay",)


def test_actions_come_in_the_order_in_which_they_begin(here, stopped):
    stopped("2026-11-22T12:00:00+00:00")
    zone = timezone(timedelta(hours=10))
    second = propose(here, datetime(2026, 11, 24, 9, tzinfo=UTC))
    first = propose(here, datetime(2026, 11, 24, 18, 30, tzinfo=zone))  # 8:30 in UTC
    assert Action.at(here.id) == [first, second]
    assert Action.of(here.id, first.id) is first
    assert Action.of(here.id, uuid.uuid4()) is None


def test_it_has_begun_and_is_over_when_it_is(here, later):
    action = propose(here)
    assert (action.begun, action.over) == (False, False)
    later(days=1, minutes=1)
    assert (action.begun, action.over) == (True, False)
    later(hours=1)
    assert (action.begun, action.over) == (True, True)


@pytest.mark.parametrize(
    ("start", "lasts", "plan", "code", "values"),
    [
        (NOW, timedelta(0), {}, Why.ENDS_TOO_EARLY, {}),
        (NOW, -HOUR, {}, Why.ENDS_TOO_EARLY, {}),
        (NOW, 401 * DAY, {}, Why.LASTS_TOO_LONG, {}),
        (NOW + 740 * DAY, HOUR, {}, Why.TWO_YEARS_AWAY, {}),
        (NOW - 740 * DAY, HOUR, {}, Why.TWO_YEARS_AWAY, {}),
        (NOW, HOUR, {"place": "x" * (PLACE_MAX + 1)}, Why.PLACE_TOO_LONG, {"most": PLACE_MAX}),
        (NOW, HOUR, {"title": "x" * (PLACE_MAX + 1)}, Why.PLACE_TOO_LONG, {"most": PLACE_MAX}),
        (NOW, HOUR, {"demand": "x" * (TEXT_MAX + 1)}, Why.TEXT_TOO_LONG, {"most": TEXT_MAX}),
    ],
)
def test_a_plan_that_cannot_be_is_refused_in_words(here, start, lasts, plan, code, values):
    with not_allowed(code, **values):
        propose(here, start, lasts, **plan)
    action = propose(here)
    with not_allowed(code, **values):
        action.change(start, start + lasts, **plan)


def test_a_misspelt_field_is_a_mistake_in_the_program(here):
    with pytest.raises(TypeError, match="plaice"):
        propose(here, plaice="the gate")
    with pytest.raises(ValueError, match="FormOfAction"):
        propose(here, form="revolution")
    with pytest.raises(TypeError, match="winnings"):
        propose(here).note_outcome(by="Rosa", winnings=3)


def test_a_form_sent_twice_makes_one_action(here):
    form = uuid.uuid4()
    assert propose(here, form_id=form) is propose(here, form_id=form)
    assert len(Action.at(here.id)) == 1


def test_a_change_keeps_what_it_does_not_name(here):
    action = propose(here, place="the gate", demand="Two more on nights.")
    action.change(action.start, action.end, place="the canteen")
    assert (action.plan.place, action.plan.demand, action.plan.by) == (
        "the canteen",
        "Two more on nights.",
        "Rosa",
    )
    assert action.version == 2


# What came of it


@pytest.mark.parametrize(
    ("count", "told"),
    [
        *[(0, 0), (1, 1), (19, 19)],  # as many as one counts without trying
        *[(20, 20), (24, 20), (25, 25), (99, 95)],  # to fives
        *[(100, 100), (109, 100), (110, 110), (999, 990)],  # to tens
        *[(1_000, 1_000), (1_049, 1_000), (1_050, 1_050), (12_345, 12_300)],  # to fifties
    ],
)
def test_headcounts_are_rounded_down(count, told):
    assert rounded_down(count) == told


@hypothesis.given(st.integers(0, 100_000), st.integers(0, 100_000))
def test_rounding_never_adds_and_never_goes_on(one, other):
    assert 0 <= one - rounded_down(one) < max(1, one / 4)
    assert rounded_down(rounded_down(one)) == rounded_down(one)
    assert one > other or rounded_down(one) <= rounded_down(other)


def test_what_came_of_it_is_noted_bit_by_bit(here):
    action = propose(here)
    action.note_outcome(by="Rosa", others=27, words="Loud.")
    action.note_outcome(by="Bill", collected=1_250, spent=0)
    assert action.others == 25
    assert (action.outcome.words, action.outcome.collected, action.outcome.spent, action.outcome.by) == (
        *("Loud.", 1_250, 0),
        "Bill",
    )


@pytest.mark.parametrize(
    ("outcome", "code", "values"),
    [
        ({"others": -1}, Why.OTHERS_IN_FIGURES, {}),
        ({"others": 100_001}, Why.OTHERS_IN_FIGURES, {}),
        ({"collected": -1}, Why.MONEY_IN_FIGURES, {}),
        ({"spent": MONEY_MAX + 1}, Why.MONEY_IN_FIGURES, {}),
        ({"words": "x" * (TEXT_MAX + 1)}, Why.TEXT_TOO_LONG, {"most": TEXT_MAX}),
    ],
)
def test_what_cannot_have_come_of_it_is_refused_and_changes_nothing(here, outcome, code, values):
    action = propose(here)
    with not_allowed(code, **values):
        action.note_outcome(by="Rosa", **outcome)
    assert (action.outcome, action.version) == (None, 1)


def test_a_lesson_is_kept_and_an_empty_one_is_none(here):
    action = propose(here)
    action.note_lesson("Leaflets", "Few took one", "At the gate", by="Rosa")
    assert action.lesson.again == "At the gate"
    action.note_lesson("", "", "", by="Rosa")
    assert action.lesson is None
    with not_allowed(Why.TEXT_TOO_LONG, most=TEXT_MAX):
        action.note_lesson("x" * (TEXT_MAX + 1), "", "", by="Rosa")


# What follows


def test_a_motion_that_passed_asks_for_what_follows(here):
    passed = motion(here)
    motion(here, Motion.LOST)
    motion(here, Motion.OPEN)
    propose(here, form="meeting").note_outcome(by="Rosa", motion="passed")
    assert Action.without_next_step(here.id) == [passed]


def test_an_action_after_it_is_what_follows(here):
    passed, other = motion(here), motion(here)
    propose(here, after=passed.id.hex)
    assert Action.without_next_step(here.id) == [other]


def test_what_follows_may_be_said_in_words(here):
    passed = motion(here)
    passed.note_outcome(by="Rosa", next="  ")
    assert Action.without_next_step(here.id) == [passed]
    passed.note_outcome(by="Rosa", next="Bill writes to the branch.")
    assert Action.without_next_step(here.id) == []


# Until when names are names


def test_names_are_kept_for_thirty_days_after_the_end(here, stopped):
    stopped("2026-11-22T12:00:00+00:00")
    start = datetime(2026, 11, 1, 20, tzinfo=UTC)
    action = propose(here, start, 5 * HOUR)  # ends on the 2nd
    assert action.names_until == date(2026, 12, 2)
    action.change(start + 7 * DAY, start + 7 * DAY + HOUR)
    assert action.names_until == date(2026, 12, 8)


def test_a_site_may_keep_names_and_another_day_does_not_change_that(here):
    action = propose(here)
    action.keep_names(True)
    action.change(action.start + DAY, action.end + DAY)
    assert action.keeps_names
    action.keep_names(False)
    assert action.names_until == (action.end + 30 * DAY).date()


def test_what_was_counted_stays_counted_on_whatever_day_it_was(here):
    action = propose(here, NOW - 40 * DAY)
    assert not action.counted, "nobody was"
    action.add_to_sums(" ", committed=True, came=True)
    assert action.counted
    action.change(NOW, NOW + HOUR)
    assert action.counted
    assert list(due_to_count(here.id)) == [action]


def test_sums_add_up_by_place(here):
    action = propose(here)
    for committed, came in ((True, True), (True, False), (False, True)):
        action.add_to_sums("a b", committed=committed, came=came)
    action.add_to_sums("a ", committed=False, came=False)
    assert action.sums == {"a b": [3, 2, 2], "a ": [1, 0, 0]}
