"""Whom to go back to: by day, overdue first; done, later, somebody else's."""

from __future__ import annotations

import dataclasses
import datetime
import re
import uuid

import pytest

from bulletin.db import db, today
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.follow_ups import FollowUp
from tests.homes import ON_SQLITE
from tests.web import writing
from tests.web.house import Person
from tests.web.workmates import add, in_the_site, listed, plan, plans
from tests.web.writing import cast, one_house, settled  # noqa: F401

pytestmark = ON_SQLITE
DAY = datetime.timedelta(days=1)


@pytest.fixture
def rosa(cast) -> Person:  # noqa: F811
    return cast["rosa"]


@pytest.fixture
def bill(cast) -> Person:  # noqa: F811
    return cast["bill"]


def said(day: datetime.date) -> str:
    near = abs((day - today()).days) <= 14  # with its weekday
    return f"{f'{day:%a} ' if near else ''}{day.day} {day:%B} {day.year}"


def due(person: Person) -> str:
    return person.reads(f"{person.site}/follow-ups").words


def test_nothing_is_due_at_first_and_the_page_says_how_that_comes(rosa):
    page = rosa.reads(f"{rosa.site}/follow-ups")
    assert "Nothing." in page.words
    assert f"{rosa.site}/conversations/new" in page.links


def test_what_is_due_stands_by_day_the_overdue_first_and_mine_before_others(rosa, bill):
    dora, anna, ewa = (add(rosa, name) for name in ("Dora", "Anna", "Ewa"))
    plan(bill, dora, "The ballot", when="7")
    plan(bill, ewa, "The rota", whose="Bill")
    plan(bill, anna, "The form", whose="Rosa")

    def late(site_id: uuid.UUID, contact_id: uuid.UUID) -> None:
        for one in FollowUp.all_of(Contact.of(site_id, contact_id)):
            one.what = dataclasses.replace(one.what, on=(today() - 3 * DAY).isoformat())

    in_the_site(rosa, late, dora)
    assert listed(rosa.opens(f"{rosa.site}/follow-ups")) == ["Dora", "Anna", "Ewa"]
    assert listed(bill.opens(f"{bill.site}/follow-ups")) == ["Dora", "Ewa", "Anna"]
    page = due(rosa)
    for words in (f"Overdue: {said(today() - 3 * DAY)}", "The ballot", "The form", "yours", "Bill"):
        assert words in page

    def counted(site_id: uuid.UUID, _contact_id: uuid.UUID) -> None:
        known = FollowUp.open_at(site_id)
        days = (today() - 4 * DAY, today(), today() + DAY)
        assert [sum(one.due_on(day) for one in known) for day in days] == [0, 1, 3]

    in_the_site(rosa, counted, dora)


def test_what_is_done_is_done_once(rosa, bill):
    anna = add(rosa, "Anna")
    one = plan(rosa, anna)
    assert bill.sends(f"{one}/completion").status_code == 303
    assert rosa.sends(f"{one}/completion").status_code == 303
    assert "Nothing." in due(rosa)
    assert "says Bill" in rosa.reads(one).words
    assert plans(rosa, anna) == []


def test_what_is_done_can_be_taken_back_and_stays_to_be_seen(rosa, bill):
    anna = add(rosa, "Anna")
    one = plan(rosa, anna, reason="Has she signed?")
    answer = bill.sends(f"{one}/completion")
    shown = bill.opens(answer.location).text
    assert "Done: Has she signed?" in shown
    assert "Has she signed?" in rosa.opens(anna).text
    assert rosa.sends(f"{one}/reopening").status_code == 303
    assert plans(rosa, anna) == [one]
    assert "Done: Has she signed?" not in bill.opens(answer.location).text


@pytest.mark.parametrize(
    ("fields", "ahead"), [({"when": "1"}, 4), ({"when": "7"}, 10), ({"on": (today() + 30 * DAY).isoformat()}, 30)]
)
def test_it_is_put_off(rosa, fields, ahead):
    """From its own day on, where that is still to come: later is never earlier."""
    one = plan(rosa, add(rosa, "Anna"), when="3")
    assert rosa.sends(f"{one}/postponement", **fields).status_code == 303
    assert said(today() + ahead * DAY) in due(rosa)


@pytest.mark.parametrize("on", ["", "Monday", "2000-01-01", "2099-01-01", "9999-12-31"])
def test_a_day_that_cannot_be_is_said_beside_its_field(rosa, on):
    one = plan(rosa, add(rosa, "Anna"))
    answer = rosa.sends(f"{one}/postponement", on=on)
    assert answer.status_code == 422
    assert writing.beside(answer, "on")
    assert "<title>Error: " in answer.text
    assert said(today() + DAY) in due(rosa)


def test_it_is_handed_to_a_member_and_to_nobody_else(rosa, bill):
    one = plan(rosa, add(rosa, "Anna"))
    assert rosa.sends(f"{one}/handover", whose="Bill").status_code == 303
    assert "yours" in due(bill)
    wrong = rosa.sends(f"{one}/handover", whose="The boss")
    assert wrong.status_code == 422
    assert writing.beside(wrong, "whose")
    assert "yours" in due(bill)


def test_whom_nobody_has_touched_for_a_year_is_announced_and_kept(rosa):
    anna = add(rosa, "Anna")

    def untouched(site_id: uuid.UUID, contact_id: uuid.UUID) -> None:
        contact = Contact.of(site_id, contact_id)
        contact.touched_on, contact.announced_on = today() - 370 * DAY, today()

    in_the_site(rosa, untouched, anna)
    page = due(rosa)
    assert "Not touched for a year" in page
    assert f"removed on {said(today() + 30 * DAY)}" in page
    answer = rosa.sends(f"{anna}/keeping", back="due")
    assert answer.location == f"{rosa.site}/follow-ups"
    assert "Not touched for a year" not in due(rosa)


def test_many_are_read_page_by_page_and_no_page_is_long(rosa):
    anna = add(rosa, "Anna")

    def many(site_id: uuid.UUID, contact_id: uuid.UUID) -> None:
        contact = Contact.of(site_id, contact_id)
        for number in range(90):
            FollowUp.plan(contact, today() + DAY, f"{number:02} {'x' * 250}", whose="Rosa", by="Rosa")
        db.session.flush()
        for number in range(90):
            stale = Contact.add(site_id, f"Stale {number}", by="Rosa")
            stale.announced_on = today()

    in_the_site(rosa, many, anna)
    pages = [rosa.opens(f"{rosa.site}/follow-ups?page={number}") for number in (1, 2, 3)]
    assert sorted(re.findall(r"(\d\d) x{250}", "".join(page.text for page in pages))) == [
        f"{one:02}" for one in range(90)
    ]
    assert [len(page.data) for page in pages if len(page.data) > 60_000] == []


def test_one_of_another_site_is_absent(rosa):
    nowhere = f"{rosa.site}/follow-ups/{uuid.uuid4()}"
    assert rosa.opens(nowhere).status_code == 404
    assert [rosa.sends(f"{nowhere}/{deed}").status_code for deed in ("completion", "postponement", "handover")] == [
        404
    ] * 3
