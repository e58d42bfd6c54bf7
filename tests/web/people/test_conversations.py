"""Talks are noted, with somebody known or somebody new; what is next is added or skipped; corrected, withdrawn."""

from __future__ import annotations

import datetime
import html
import re
import uuid

import pytest

from bulletin.db import today
from tests.homes import ON_SQLITE
from tests.web import writing
from tests.web.conftest import Page
from tests.web.house import Person, errors, read
from tests.web.workmates import add, facts, listed, note, noted, plans
from tests.web.writing import cast, one_house, settled  # noqa: F401

pytestmark = ON_SQLITE


@pytest.fixture
def rosa(cast) -> Person:  # noqa: F811
    return cast["rosa"]


@pytest.fixture
def bill(cast) -> Person:  # noqa: F811
    return cast["bill"]


def people(person: Person) -> list[str]:
    return listed(person.sends(f"{person.site}/contacts/search", gone="y"))


def talks(person: Person, contact: str) -> int:
    return person.opens(contact).text.count('class="hand-out talk"')


def hex_of(path: str) -> str:
    return uuid.UUID(path.rpartition("/")[2]).hex


# Noted


def test_a_talk_is_noted_on_one_page_and_its_history_is_with_the_person(rosa, bill):
    anna = add(rosa, "Anna")
    answer = note(bill, anna, stand="2", struggles=("pay", "racism"), note="Came to the meeting.\nWith Ewa")
    assert answer.status_code == 303
    page = rosa.reads(anna).words
    for said in ("with us", "Pay, Racism", "Came to the meeting.\nWith Ewa", "Noted by Bill"):
        assert said in page


def test_a_name_that_one_person_has_is_theirs(rosa):
    anna = add(rosa, "Anna Berg", nickname="Annie, Berg")
    add(rosa, "Anna Bergmann")
    for name in ("anna berg", "ANNIE", " berg "):
        assert note(rosa, name=name).status_code == 303
    assert talks(rosa, anna) == 3


def test_a_name_that_nobody_has_is_somebody_new_once(rosa):
    fields = {"form_id": uuid.uuid4().hex, "name": "Bogdan"}
    first, second = note(rosa, **fields), note(rosa, **fields)
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert people(rosa) == ["Bogdan"]


def test_where_it_is_not_clear_who_it_was_the_page_asks_and_keeps_what_was_typed(rosa):
    berg, lund = add(rosa, "Anna Berg"), add(rosa, "Anna Lund")
    typed = {"name": "Anna", "note": "Some words", "stand": "2", "day": "2026-11-02"}
    asked = note(rosa, struggles=("climate",), **typed)
    assert asked.status_code == 200
    text = html.unescape(asked.text)
    assert "“Anna” may be one of these" in text
    page = Page(asked.text)
    boxes = {(one.get("name"), one.get("value")) for one in page.all("input")}
    assert {("who", hex_of(berg)), ("who", hex_of(lund)), ("who", "new"), ("name", "Anna")} <= boxes
    ticked = {one.get("value") for one in page.all("input") if "checked" in one}
    assert ticked == {"2", "climate"}
    assert ("day", "2026-11-02") in boxes
    assert page.typed("note") == "Some words"
    assert people(rosa) == ["Anna Berg", "Anna Lund"]

    again = note(rosa, **typed, asked="yes")
    assert again.status_code == 422
    assert "Say who it was" in errors(again)
    assert note(rosa, **typed, asked="yes", who=hex_of(lund)).status_code == 303
    assert talks(rosa, lund) == 1
    assert note(rosa, **typed, asked="yes", who="new").status_code == 303
    assert people(rosa) == ["Anna", "Anna Berg", "Anna Lund"]


def test_who_has_gone_is_not_taken_for_somebody_who_is_here(rosa):
    gone = add(rosa, "Anna")
    rosa.sends(f"{gone}/departure")
    assert note(rosa, name="Anna").status_code == 200  # asked
    assert talks(rosa, gone) == 0


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"note": "x" * 2_001}, "note"),
        ({"day": "Monday"}, "day"),
        ({"day": "2099-01-01"}, "day"),
        ({"day": "9999-12-31"}, "day"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_all_typed_is_kept(rosa, fields, field):
    typed = {"name": "Bea", "note": "Some words", "stand": "3", **fields}
    answer = note(rosa, struggles=("pay",), **typed)
    assert answer.status_code == 422
    assert writing.beside(answer, field)
    assert "<title>Error: " in answer.text
    text = html.unescape(answer.text)
    assert not [said for said in (typed["name"], typed["note"]) if said.strip() and said not in text]
    assert {one.get("value") for one in Page(answer.text).all("input") if "checked" in one} == {"3", "pay"}
    assert people(rosa) == []


def test_the_six_that_came_up_last_stand_first_and_what_moved_meanwhile_is_kept(rosa, bill):
    def offered() -> list[str]:
        text = rosa.opens(f"{rosa.site}/conversations/new").text
        return re.findall(r'name="struggles"[^>]*value="(\w+)"', text)

    assert offered() == ["pay", "hours", "safety", "staffing", "bullying", "racism"]
    noted(bill, name="Dora", struggles=("war", "climate"))
    assert offered() == ["climate", "war", "pay", "hours", "safety", "staffing"]
    anna = add(rosa, "Anna")
    note(rosa, anna, struggles=("racism", "nonsense"))  # from a page that was shown before
    assert "Racism" in rosa.opens(anna).text


# What is next


def test_what_is_next_is_said_or_skipped(rosa, bill):
    anna = add(rosa, "Anna")
    talk = noted(bill, anna)
    shown = bill.opens(f"{talk}/next")
    assert "Saved." in shown.text
    assert f'href="{bill.site}"' in shown.text
    asked = {"ask": "To bring two", "commitment": "Will ask Ewa", "when": "7", "reason": "Who comes?", "whose": "Rosa"}
    fields = {"form_id": uuid.uuid4().hex, **asked}
    for _ in range(2):  # sent twice, once
        assert bill.sends(f"{talk}/next", **fields).location == bill.site
    page = rosa.reads(anna).words
    for said in ("To bring two", "Will ask Ewa", "Who comes?", "Rosa"):
        assert said in page
    assert "Corrected" not in page  # nothing was said of it before
    assert len(plans(rosa, anna)) == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"when": ""}, "when"),
        ({"on": "Monday"}, "on"),
        ({"on": "2000-01-01"}, "on"),
        ({"on": "2099-01-01"}, "on"),
        ({"ask": "x" * 2_001}, "ask"),
        ({"commitment": "x" * 2_001}, "commitment"),
        ({"reason": "x" * 301}, "reason"),
    ],
)
def test_what_is_wrong_with_what_is_next_is_said_and_kept(rosa, fields, field):
    anna = add(rosa, "Anna")
    talk = noted(rosa, anna)
    typed = {"ask": "To come", "commitment": "Yes", "when": "1", "reason": "Who comes?", **fields}
    answer = rosa.sends(f"{talk}/next", **typed)
    assert answer.status_code == 422
    assert writing.beside(answer, field)
    text = html.unescape(answer.text)
    kept = [typed[name] for name in ("ask", "commitment", "reason") if typed[name].strip()]
    assert not [said for said in kept if said not in text]
    assert plans(rosa, anna) == []
    assert "To come" not in rosa.opens(anna).text


def test_a_day_that_is_typed_says_more_than_a_choice(rosa):
    anna = add(rosa, "Anna")
    on = today() + datetime.timedelta(days=40)
    rosa.sends(f"{noted(rosa, anna)}/next", when="1", on=on.isoformat(), reason="The ballot")
    assert f"{on.day} {on:%B} {on.year}" in rosa.opens(anna).text


# Corrected, withdrawn


def test_a_correction_shows_with_what_it_said_before(rosa, bill):
    anna = add(rosa, "Anna")
    talk = noted(rosa, anna, stand="3", struggles=("climate",), note="The first words")
    form = Page(bill.opens(talk).text)
    assert {one.get("value") for one in form.all("input") if "checked" in one} == {"3", "climate"}
    assert form.typed("note") == "The first words"
    assert bill.sends(talk, stand="1", struggles="pay", note="The second words").status_code == 303
    page = rosa.reads(anna).words
    for said in ("organises others", "The second words", "Corrected by Bill", "The first words", "Climate"):
        assert said in page
    assert bill.sends(talk, note="x" * 2_001).status_code == 422
    assert "The second words" in facts(rosa, anna)


def test_what_is_withdrawn_is_deleted_and_that_it_was_stays(rosa, bill):
    anna = add(rosa, "Anna")
    noted(rosa, anna, stand="3", day="2026-11-01")
    talk = noted(rosa, anna, stand="1", note="Not true")
    assert bill.sends(f"{talk}/withdrawal").status_code == 303
    page = rosa.reads(anna).words
    assert "withdrawn by Bill" in page
    assert "Not true" not in page
    assert "undecided" in page
    assert "organises others" not in page
    assert bill.sends(f"{talk}/withdrawal").status_code == 303
    late = rosa.sends(talk, note="Words typed meanwhile")
    assert late.status_code == 409
    assert "withdrawn" in errors(late)
    assert rosa.sends(f"{talk}/next", ask="To come").status_code == 422


def test_a_talk_of_nobody_here_is_absent(rosa):
    nowhere = f"{rosa.site}/conversations/{uuid.uuid4()}"
    assert [rosa.opens(nowhere + path).status_code for path in ("", "/next")] == [404, 404]
    assert [rosa.sends(nowhere + path).status_code for path in ("", "/next", "/withdrawal")] == [404] * 3
    assert rosa.opens(f"{rosa.site}/conversations/new?contact_id={uuid.uuid4()}").status_code == 404
    assert rosa.opens(f"{rosa.site}/conversations/new?contact_id=nonsense").status_code == 404


def test_a_history_of_many_talks_is_read_page_by_page(rosa):
    anna = add(rosa, "Anna")
    for number in range(22):
        day = today() - datetime.timedelta(days=number)
        noted(rosa, anna, note=f"Talk {number:02}", day=day.isoformat())
    first, second = rosa.reads(anna).words, rosa.reads(f"{anna}?page=2").words
    assert re.findall(r"Talk (\d\d)", first + second) == [f"{number:02}" for number in range(22)]


def test_no_name_stands_in_an_address_or_a_title(rosa):
    answer = note(rosa, name="Zanzibarine")
    assert "Zanzibarine" not in answer.location
    for path in (answer.location, answer.location.removesuffix("/next")):
        text = rosa.opens(path).text
        assert "Zanzibarine" in read(rosa.opens(path)).words
        assert not re.search(r'(href|action|src)="[^"]*Zanzibarine|<title>[^<]*Zanzibarine', text)


def test_another_one_of_the_same_name_gets_their_talk_with_one_tap(rosa):
    anna = add(rosa, "Amina")
    noted(rosa, anna, stand="3", note="The first one")
    talk = noted(rosa, name="Amina", stand="5", note="The other one")
    page = rosa.opens(f"{talk}/next").text
    assert "undecided. Is it the same person?" in page
    sent = {"form_id": uuid.uuid4().hex}
    assert [rosa.sends(f"{talk}/person", **sent).status_code for _ in range(2)] == [303, 303]
    assert "Is it the same person?" not in rosa.opens(f"{talk}/next").text
    assert len(listed(rosa.opens(f"{rosa.site}/contacts"))) == 2
    first = read(rosa.opens(anna)).words
    assert "undecided" in first
    assert "The other one" not in first
