"""Turnout: each person once, where they worked then, and the same sums when names are names no more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bulletin.db import db
from bulletin.domain.actions import structure_tests, turnouts
from bulletin.domain.actions.actions import Action
from bulletin.domain.actions.refusals import Why
from bulletin.domain.actions.structure_tests import StructureTest
from bulletin.domain.actions.turnouts import Turnout, TurnoutCount, become_counts
from bulletin.domain.people import erasure, merge as merging
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.units import Department, Shift
from tests.domain.notebook import at_once, traces
from tests.refusals import not_allowed

NOW = datetime.now(UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def plan(site, start=NOW - 3 * HOUR, **more) -> Action:
    action = Action.propose(site.id, start, start + HOUR, by="Rosa", **more)
    db.session.flush()
    return action


def people(site, *names, **more) -> list[Contact]:
    made = [Contact.add(site.id, name, by="Rosa", **more) for name in names]
    db.session.flush()
    return made


@pytest.fixture
def march(here) -> Action:
    return plan(here)


def note(action, contacts, **how):
    turnouts.note(action, contacts, by="Rosa", **how)
    db.session.flush()


def test_who_commits_and_who_comes_are_two_things(here, march):
    jo, bill = people(here, "Jo", "Bill")
    note(march, [jo, bill], committed=True)
    note(march, [bill], came=True)
    note(march, people(here, "Clara"), came=True)
    assert turnouts.count_turnout(march) == TurnoutCount(asked=3, committed=2, came=2)
    note(march, [jo], committed=False)
    assert turnouts.count_turnout(march) == TurnoutCount(asked=3, committed=1, came=2), "None leaves as it is"


def test_one_person_twice_in_a_list_is_one(here, march):
    (jo,) = people(here, "Jo")
    note(march, [jo, jo], came=True)
    note(march, [jo], came=True)
    assert turnouts.count_turnout(march) == TurnoutCount(asked=1, came=1)


def test_the_others_who_came_count_with_those_in_the_list(here, march):
    note(march, people(here, "Jo"), came=True)
    march.note_outcome(by="Rosa", others=27)
    assert turnouts.count_turnout(march) == TurnoutCount(asked=1, came=1, others=25)
    assert turnouts.count_turnout(march).all_who_came == 26


def test_people_count_where_they_worked_then(here, march):
    (jo,) = people(here, "Jo", department="aa", shift="bb")
    note(march, [jo], came=True)
    jo.change(based_on=jo.version, department="cc")
    note(march, [jo], committed=True)
    assert turnouts.by_unit(march) == {"aa bb": TurnoutCount(1, 1, 1)}
    assert Turnout.all_for(march)[jo.id].unit == "aa bb"


def test_who_was_not_asked_after_all_is_taken_out(here, march):
    jo, bill = people(here, "Jo", "Bill")
    note(march, [jo, bill], came=True)
    turnouts.take_out(march, [jo.id])
    db.session.flush()
    assert turnouts.count_turnout(march) == TurnoutCount(asked=1, came=1)


def test_two_who_tick_the_same_person_at_once_make_one_row(here, march):
    site_id, action_id, jo_id = here.id, march.id, people(here, "Jo")[0].id

    def tick(**how):
        def deed():
            action = Action.of(site_id, action_id, to_change=True)
            turnouts.note(action, [Contact.of(site_id, jo_id)], by="Rosa", **how)

        return deed

    assert at_once(site_id, tick(committed=True), tick(came=True)) == []
    assert turnouts.count_turnout(Action.of(site_id, action_id)) == TurnoutCount(1, 1, 1)


def test_two_who_are_forgotten_at_once_are_both_counted(here, march):
    jo, bill = people(here, "Jo", "Bill")
    note(march, [jo, bill], came=True)
    site_id, action_id = here.id, march.id

    def forget(contact_id):
        def deed():
            action = Action.of(site_id, action_id)  # looked at before it is held
            erasure.forget(Contact.of(site_id, contact_id))
            assert len(action.sums) == 1

        return deed

    assert at_once(site_id, forget(jo.id), forget(bill.id)) == []
    assert turnouts.count_turnout(Action.of(site_id, action_id)) == TurnoutCount(asked=2, came=2)


def test_who_is_ticked_while_they_are_merged_is_listed_as_the_one_they_are(here, march):
    jo, joanna = (one.id for one in people(here, "Jo", "Joanna"))
    site_id, action_id = here.id, march.id

    def merge():
        merging.merge(Contact.of(site_id, joanna), Contact.of(site_id, jo))

    def tick():
        action = Action.of(site_id, action_id, to_change=True)
        turnouts.note(action, [db.session.get(Contact, (site_id, jo))], by="Rosa", came=True)

    assert at_once(site_id, merge, tick) == []
    assert [one.contact_id for one in turnouts.asked_to(Action.of(site_id, action_id))] == [joanna]
    assert turnouts.count_turnout(Action.of(site_id, action_id)) == TurnoutCount(asked=1, came=1)


def test_who_is_ticked_while_they_are_forgotten_is_counted_and_nobody_waits_for_ever(here, march):
    (jo,) = people(here, "Jo")
    note(march, [jo], committed=True)
    site_id, action_id, jo_id, held = here.id, march.id, jo.id, []

    def tick():
        turnouts.note(held[0], [Contact.of(site_id, jo_id)], by="Rosa", came=True)

    raised = at_once(
        site_id,
        lambda: held.append(Action.of(site_id, action_id, to_change=True)),
        lambda: erasure.forget(Contact.of(site_id, jo_id)),
        then=tick,
    )
    assert raised == []
    assert Action.of(site_id, action_id).sums == {" ": [1, 1, 1]}
    assert traces(site_id, [jo_id], ["Jo"]) == []


def test_who_is_forgotten_while_somebody_ticks_them_is_nobody_there(here, march):
    site_id, action_id, jo_id = here.id, march.id, people(here, "Jo")[0].id

    def tick():
        jo = Contact.of(site_id, jo_id)
        action = Action.of(site_id, action_id, to_change=True)
        turnouts.note(action, [jo] if jo else [], by="Rosa", came=True)

    assert at_once(site_id, lambda: erasure.forget(Contact.of(site_id, jo_id)), tick) == []
    assert turnouts.count_turnout(Action.of(site_id, action_id)) == TurnoutCount()


def test_who_is_taken_off_the_list_while_they_are_merged_stays_off(here, march):
    jo, joanna = people(here, "Jo", "Joanna")
    note(march, [jo], came=True)
    site_id, action_id, jo_id, joanna_id = here.id, march.id, jo.id, joanna.id
    raised = at_once(
        site_id,
        lambda: turnouts.take_out(Action.of(site_id, action_id, to_change=True), [jo_id]),
        lambda: merging.merge(Contact.of(site_id, joanna_id), Contact.of(site_id, jo_id)),
    )
    assert raised == []
    assert turnouts.count_turnout(Action.of(site_id, action_id)) == TurnoutCount()


# Names become counts


def test_names_become_counts_after_thirty_days(here, march, later):
    jo, bill = people(here, "Jo", "Bill", department="aa")
    note(march, [jo], committed=True, came=True)
    note(march, [bill], committed=True)
    march.note_outcome(by="Rosa", others=5)
    before = turnouts.by_unit(march), turnouts.count_turnout(march)
    later(days=29 - (NOW.date() - march.end.date()).days)  # in the small hours it was yesterday
    assert become_counts(here.id) == 0
    later(days=1)
    assert become_counts(here.id) == 1
    db.session.commit()
    assert Turnout.all_for(march) == {}
    assert (turnouts.by_unit(march), turnouts.count_turnout(march)) == before
    assert [place for place in traces(here.id, [jo.id], ["Jo"]) if not place.startswith("contact.")] == []
    assert become_counts(here.id) == 0, "once"


def test_the_site_may_keep_the_names(here, march, later):
    note(march, people(here, "Jo"), came=True)
    march.keep_names(True)
    later(days=400)
    assert become_counts(here.id) == 0
    march.keep_names(False)
    db.session.flush()
    assert become_counts(here.id) == 1


def test_an_action_put_off_keeps_its_names_longer(here, march, later):
    note(march, people(here, "Jo"), came=True)
    march.change(march.start + 20 * DAY, march.end + 20 * DAY)
    later(days=30)
    assert become_counts(here.id) == 0
    later(days=20)
    assert become_counts(here.id) == 1


def test_nobody_is_counted_a_second_time_when_names_are_numbers(here, march, later):
    jo, bill = people(here, "Jo", "Bill")
    note(march, [jo], came=True)
    later(days=31)
    become_counts(here.id)
    with not_allowed(Why.NAMES_ARE_NUMBERS):
        turnouts.note(march, [jo], by="Rosa", came=True)
    march.change(NOW, NOW + HOUR)
    with not_allowed(Why.NAMES_ARE_NUMBERS):
        turnouts.note(march, [bill], by="Rosa", came=True)
    assert turnouts.count_turnout(march) == TurnoutCount(asked=1, came=1)


def test_an_action_logged_late_takes_names_until_they_are_counted(here):
    late = plan(here, NOW - 60 * DAY)
    note(late, people(here, "Jo"), came=True)
    assert become_counts(here.id) == 1
    assert turnouts.count_turnout(late) == TurnoutCount(asked=1, came=1)


def test_somebody_forgotten_in_time_keeps_nobody_from_being_noted(here, march):
    jo, bill = people(here, "Jo", "Bill")
    note(march, [jo], came=True)
    erasure.forget(jo)
    note(march, [bill], came=True)
    assert turnouts.count_turnout(march) == TurnoutCount(asked=2, came=2)


# Strength tests


@pytest.fixture
def packing(here) -> Department:
    department = Department.add(here.id, "Packing")
    department.estimate({"": 40})
    db.session.flush()
    return department


def test_a_test_is_compared_with_the_last_one_that_had_begun(here):
    first = plan(here, NOW - 20 * DAY, test=True)
    plan(here, NOW - 15 * DAY)  # no test
    second = plan(here, NOW - 10 * DAY, test=True)
    plan(here, NOW + DAY, test=True)
    fourth = plan(here, NOW + 2 * DAY, test=True)
    assert StructureTest.of(first).before is None
    assert StructureTest.of(second).before is first
    assert StructureTest.of(fourth).before is second, "tomorrow's has not shown anything yet"
    assert structure_tests.tests_at(here.id) == [second, first]


def test_a_share_is_never_more_than_all(here, packing):
    test = plan(here, test=True)
    note(test, people(here, "Jo", department=packing.id.hex), came=True)
    test.note_outcome(by="Rosa", others=60)
    total = StructureTest.of(test).total
    assert (total.turnout.all_who_came, total.share) == (61, 1.0)


def test_where_nobody_was_counted_there_is_no_share(here):
    test = plan(here, test=True)
    note(test, people(here, "Jo"), came=True)
    total = StructureTest.of(test).total
    assert (total.whole, total.share, total.change) == (None, None, None)


def test_a_shift_that_is_gone_from_the_map_is_nowhere(here, packing):
    night = Shift.add(here.id, "Night")
    packing.estimate({"": 40, night.id.hex: 25})
    test = plan(here, test=True)
    note(test, people(here, "Jo", department=packing.id.hex, shift=night.id.hex), came=True)
    assert StructureTest.of(test).total.whole == 65
    night.take_out()
    db.session.flush()
    found = StructureTest.of(test)
    assert [(place.department, place.shift, place.whole) for place in found.places] == [(packing.id.hex, "", 40)]
    assert found.places[0].turnout == TurnoutCount(1, 0, 1)
    assert found.total.whole == 40
