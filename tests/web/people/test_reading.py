"""Traces of reading: one's own are always there, all who decide see them where somebody is to be put out."""

from __future__ import annotations

import uuid

import pytest

from bulletin.domain.people import reading
from tests.homes import ON_SQLITE
from tests.web import notebook
from tests.web.house import Person
from tests.web.workmates import add
from tests.web.writing import cast, one_house, settled  # noqa: F401

pytestmark = ON_SQLITE


@pytest.fixture
def rosa(cast) -> Person:  # noqa: F811
    return cast["rosa"]


@pytest.fixture
def bill(cast) -> Person:  # noqa: F811
    return cast["bill"]


def opened(person: Person) -> str:
    return person.reads(f"{person.site}/reading").words


def test_a_list_leaves_no_trace_and_a_persons_page_does_once_a_day(rosa, bill):
    anna = add(rosa, "Anna Berg")
    for path in ("/contacts", "/chart", "/follow-ups", "/contacts/new"):
        bill.opens(f"{bill.site}{path}")
    bill.sends(f"{bill.site}/contacts/search", words="Anna")
    assert "You have opened nobody’s page." in opened(bill)
    for _time in range(2):
        bill.opens(anna)
    assert "1 person’s page" in opened(bill)
    assert "Anna Berg" in opened(bill)
    assert "everything" not in opened(bill)
    bill.sends(f"{anna}/everything")
    assert "1 person’s page, everything that is held of 1" in opened(bill)
    bill.opens(f"{bill.site}/bulletins/archive")
    assert "the folder of all papers" in opened(bill)


@pytest.mark.parametrize("path", ["", "/edit", "/merging", "/forgetting", "/everything"])
def test_no_page_of_a_person_is_read_without_a_trace(rosa, bill, path):
    bill.opens(f"{add(rosa, 'Anna Berg')}{path}")
    assert "1 person’s page" in opened(bill)


def test_members_are_told_when_they_open_the_first_page_and_not_again(rosa, bill):
    anna = add(rosa, "Anna Berg")
    assert "That you opened this page is kept." in bill.reads(anna).words
    assert "That you opened this page is kept." not in bill.reads(anna).words


def test_what_was_opened_is_not_blurred_by_putting_two_together(rosa, bill):
    anna, zed = add(rosa, "Anna Berg"), add(rosa, "Zed")
    bill.opens(anna)
    assert rosa.sends(f"{zed}/merging", other=uuid.UUID(anna[-36:]).hex).status_code == 303
    assert "Zed" in opened(bill), "who is one with Anna now"


def test_all_who_decide_see_what_somebody_opened_where_they_are_to_be_put_out(cast, rosa, bill):  # noqa: F811
    bill.opens(add(rosa, "Anna Berg"))
    with notebook.inside(bill) as me:
        bills = me.id
    question = rosa.vouches(f"{rosa.site}/members/{bills}/removal").location
    page = rosa.reads(question).words
    assert "What they opened" in page
    assert "1 person’s page" in page
    assert "You opened" in bill.reads(question).words


def test_who_opens_more_than_thirty_peoples_pages_in_a_day_is_named_once(rosa, bill, monkeypatch):
    monkeypatch.setattr(reading, "MANY", 2)
    paths = [add(rosa, f"Anna {name}") for name in ("One", "Two", "Three", "Four")]
    told = "Bill opened the pages of more than thirty people in a day."
    for path in paths[:2]:
        bill.opens(path)
    assert told not in rosa.reads(f"{rosa.site}/events").words
    for path in paths[2:]:
        bill.opens(path)
    assert rosa.reads(f"{rosa.site}/events").words.count(told) == 1
