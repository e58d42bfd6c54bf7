"""Follow-ups: on the day it is where the site is, each with its reason, done once."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bulletin.db import db
from bulletin.domain.people import follow_ups
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.erasure import forget
from bulletin.domain.people.follow_ups import REASON_MAX, FollowUp
from bulletin.domain.people.refusals import Why
from bulletin.domain.site.refusals import NotAllowed
from tests.domain.notebook import at_once, traces
from tests.refusals import not_allowed

TODAY = datetime.now(UTC).date()
DAY = timedelta(days=1)


@pytest.fixture
def jo(here) -> Contact:
    contact = Contact.add(here.id, "Jo", by="Rosa")
    db.session.flush()
    return contact


def plan(contact, days=0, reason="the petition", **more) -> FollowUp:
    made = FollowUp.plan(contact, TODAY + days * DAY, reason, whose="Rosa", by="Rosa", **more)
    db.session.flush()
    return made


def test_what_is_due_comes_overdue_first(here, jo, later):
    tomorrow, today, next_week = plan(jo, 1), plan(jo), plan(jo, 7)
    assert FollowUp.open_at(here.id) == [today, tomorrow, next_week]
    later(days=1)
    assert [one.overdue_on(TODAY + DAY) for one in FollowUp.open_at(here.id)] == [True, False, False]
    assert [one.due_on(TODAY + DAY) for one in FollowUp.open_at(here.id)] == [True, True, False]
    assert sum(one.due_on(TODAY + DAY) for one in FollowUp.open_at(here.id)) == 2


@pytest.mark.parametrize(
    ("zone", "moment", "overdue", "due"),
    [
        ("Pacific/Auckland", "2026-11-22T12:00:00+00:00", True, True),  # the 23rd has begun there
        ("Europe/London", "2026-11-22T12:00:00+00:00", False, True),
        ("Pacific/Honolulu", "2026-11-22T09:00:00+00:00", False, False),  # still the 21st
    ],
)
def test_a_day_is_over_when_it_is_over_at_the_site(jo, stopped, zone, moment, overdue, due):
    stopped(moment)
    there = follow_ups.today(ZoneInfo(zone))
    one = FollowUp.plan(jo, date(2026, 11, 22), "the petition", whose="", by="Rosa")
    assert (one.overdue_on(there), one.due_on(there)) == (overdue, due)


def test_it_is_done_by_who_says_so_first(here, jo):
    one = plan(jo)
    one.finish(by="Bill")
    one.finish(by="Clara")
    assert (one.done_on, one.what.ended_by) == (TODAY, "Bill")
    assert FollowUp.open_at(here.id) == []
    assert FollowUp.all_of(jo) == [one]
    assert not one.due_on(TODAY)
    assert not one.overdue_on(TODAY + DAY)


def test_it_is_put_off_and_handed_on(jo):
    one = plan(jo)
    one.postpone(TODAY + 7 * DAY)
    one.hand_to("Bill")
    assert (one.on, one.what.whose, one.what.reason) == (TODAY + 7 * DAY, "Bill", "the petition")


@pytest.mark.parametrize(
    ("days", "reason", "code"),
    [
        (-2, "why", Why.DAY_OVER),
        (367, "why", Why.A_YEAR_AWAY),
        (0, " ", Why.REASON_NEEDED),
        (0, "x" * (REASON_MAX + 1), Why.REASON_NEEDED),
    ],
)
def test_it_has_a_day_to_come_and_a_reason(jo, days, reason, code):
    with not_allowed(code):
        plan(jo, days, reason)
    one = plan(jo)
    if days:
        with not_allowed(code):
            one.postpone(TODAY + days * DAY)


def test_it_may_still_be_yesterday_where_the_site_is(jo):
    assert plan(jo, -1).overdue_on(TODAY)


def test_a_form_sent_twice_is_one(here, jo):
    form = uuid.uuid4()
    assert plan(jo, form_id=form) is plan(jo, form_id=form)
    assert len(FollowUp.open_at(here.id)) == 1


def test_only_the_sites_own_are_found(here, jo):
    one = plan(jo)
    assert FollowUp.of(here.id, one.id) is one
    assert FollowUp.of(here.id, uuid.uuid4()) is None


@pytest.mark.parametrize("deed", [lambda one: one.finish(by="Rosa"), lambda one: one.postpone(one.on + 30 * DAY)])
def test_who_somebody_goes_back_to_is_not_stale(here, jo, later, deed):
    one = plan(jo, 90)
    jo.touched_on, jo.announced_on = TODAY - 400 * DAY, TODAY
    deed(one)
    assert (jo.touched_on, jo.announced_on) == (TODAY, None)


@pytest.mark.parametrize(
    "deed",
    [
        lambda one: one.finish(by="Rosa"),
        lambda one: one.postpone(one.on + DAY),
        lambda one: one.hand_to("Bill"),
    ],
)
def test_what_was_to_be_done_about_somebody_who_is_forgotten_meanwhile_is_refused_in_words(here, jo, deed):
    site_id, jo_id, one_id = here.id, jo.id, plan(jo).id

    def late():
        one = FollowUp.of(site_id, one_id)
        if one is None:  # SQLite lets one write at a time
            raise NotAllowed(Why.NOT_THERE)
        deed(one)

    raised = at_once(site_id, lambda: forget(Contact.of(site_id, jo_id)), late)
    assert [type(error) for error in raised] == [NotAllowed]
    assert traces(site_id, [jo_id, one_id], ["Jo"]) == []


def test_of_two_who_finish_it_at_once_the_first_did_it(here, jo):
    site_id, one_id = here.id, plan(jo).id

    def finish(by):
        return lambda: FollowUp.of(site_id, one_id).finish(by=by)

    assert at_once(site_id, finish("Rosa"), finish("Bill")) == []
    assert FollowUp.of(site_id, one_id).what.ended_by == "Rosa"
