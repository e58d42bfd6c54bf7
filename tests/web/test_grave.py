"""What is grave asks for the digits, or the words, in its own form: who has copied an open phone does none of it."""

from __future__ import annotations

import ast
import dataclasses
import pathlib
from collections.abc import Callable

import pytest

from bulletin.db import db, now
from bulletin.domain.site.events import Event
from bulletin.domain.site.governance import register
from bulletin.domain.site.governance.roll import Matter, Passed
from tests.sources import parsed
from tests.web.house import House, Person, errors, house, invited_by_two, read  # noqa: F401
from tests.web.site.test_devices import later
from tests.web.site.test_members import place_of
from tests.web.site.test_pins import HIDE, KEY, PIN, WRONG, copy_of, is_signed_out, with_pin
from tests.web.site.test_signing_in import other_browser

WEB = pathlib.Path(__file__).parents[2] / "bulletin" / "web"
Deed = tuple[str, dict[str, str]]  # where it is sent, and what

# All that is grave, as Rosa does it. `ask` asks everybody about this, in Bill's name; the path of the question.
DEEDS: dict[str, Callable[[Person, Callable[[str], str]], Deed]] = {
    "exports.create": lambda rosa, _ask: (f"{rosa.site}/exports", {}),
    "exports.take": lambda rosa, _ask: (f"{rosa.site}/exports/taking", typed_back(rosa, "exports")),
    "own.take": lambda rosa, _ask: (f"{rosa.site}/own/taking", typed_back(rosa, "own")),
    "members.ask_removal": lambda rosa, _ask: (f"{place_of('Clara', rosa)}/removal", {}),
    "members.choose_idle_minutes": lambda rosa, _ask: (f"{rosa.site}/members/idle-minutes", {"minutes": "60"}),
    "members.leave": lambda rosa, _ask: (f"{rosa.site}/departures", {}),
    "questions.ask_deletion": lambda rosa, _ask: (f"{rosa.site}/questions/deletion", {}),
    "questions.answer": lambda rosa, ask: (f"{ask(place_of('Clara', rosa) + '/removal')}/answers", {"answer": "yes"}),
    "approval.change_rule": lambda rosa, _ask: (f"{rosa.site}/agreeing", {"needed": "1"}),
    "contacts.forgetting.ask_for_more": lambda rosa, _ask: (f"{rosa.site}/contacts/forgetting/question", {}),
}
ELSEWHERE = {"matters.create_link"}  # tests/web/network/test_asked.py

# What of the domain is grave, whatever page it is done from.
VERBS = {
    *("consequences.ask", "consequences.answer", "leaving.leave", "idling.choose"),
    *("carrying.pack", "own.pack", "mandates.invite"),
}


def typed_back(person: Person, room: str) -> dict[str, str]:
    page = read(person.sends(f"{person.site}/{room}/taking"))
    return {"step": "typed", "locked": page.hidden["locked"], "typed": " ".join(page.phrase)}


@pytest.fixture
def rosa(house: House) -> Person:  # noqa: F811
    """On her own phone, with digits; Bill and Clara decide with her, and an export was agreed to."""
    rosa = house.rosa()
    house.bill = house.joined(rosa, "Bill")  # type: ignore[attr-defined]
    house.clara = house.joined(rosa, "Clara")  # type: ignore[attr-defined]
    with rosa.inside() as place:
        roll = register.roll_of(place.site)
        passed = (Passed(matter=Matter.EXPORT, at=now().isoformat()),)
        register.keep(place.site, dataclasses.replace(roll, passed=passed))
        db.session.commit()
    return with_pin(rosa)


@pytest.fixture
def ask(house: House, rosa: Person) -> Callable[[str], str]:  # noqa: F811
    return lambda path: str(house.bill.vouches(path).location)  # type: ignore[attr-defined]


def state(rosa: Person) -> object:
    """What nobody may change, or take, by an open phone alone: also what was fetched stands among the events."""
    with rosa.inside() as place:
        return register.roll_of(place.site), place.site.idle_minutes, len(list(Event.at(place.site_id)))


# The list


def test_the_table_has_all_that_is_grave(house: House) -> None:  # noqa: F811
    views = house.app.view_functions
    assert {name for name, view in views.items() if hasattr(view, "is_grave")} == set(DEEDS) | ELSEWHERE


def ungrave(source: str) -> list[str]:
    """Views that do what is grave, and ask for nothing."""
    return [
        view.name
        for view in parsed(source).body
        if isinstance(view, ast.FunctionDef)
        and any(isinstance(node, ast.Call) and ast.unparse(node.func) in VERBS for node in ast.walk(view))
        and not any(ast.unparse(one).startswith("grave(") for one in view.decorator_list)
    ]


def test_no_page_does_what_is_grave_without_asking() -> None:
    assert ungrave("@pages.post('')\ndef f(me):\n    return done(lambda: consequences.ask(me, 1))") == ["f"]
    for path in WEB.rglob("*.py"):
        assert not ungrave(path.read_text()), path.name


# Who has copied an open phone


@pytest.mark.parametrize("deed", DEEDS)
def test_who_has_copied_an_open_phone_does_nothing_grave_and_its_owner_does(
    rosa: Person, ask: Callable[[str], str], deed: str
) -> None:
    path, sent = DEEDS[deed](rosa, ask)
    before, thief = state(rosa), copy_of(rosa)
    assert thief.opens(thief.site).status_code == 200, "it is open"
    for secret, said in (
        ({}, "Type 6 digits."),
        ({"words": rosa.phrase}, "Type 6 digits."),
        ({"pin": WRONG}, "You have 4 tries left"),
    ):
        refused = thief.sends(path, **sent, **secret)
        assert (refused.status_code, said in errors(refused)) == (422, True), errors(refused)
        assert 'name="pin"' in refused.text, "the page has the form in it"
        assert 'inputmode="numeric"' in refused.text
        assert all(word not in refused.text for word in secret.values())
    assert state(rosa) == before
    done = rosa.vouches(path, **sent)
    assert done.status_code == (200 if deed.endswith("take") else 303), errors(done)
    if deed != "members.leave":
        assert state(rosa) != before
        assert copy_of(rosa).opens(rosa.site).status_code == 200, "the cookie is as it was"


def test_five_wrong_tries_at_whatever_end_it_however_long_they_take(
    rosa: Person, ask: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    deeds = [DEEDS[name](rosa, ask) for name in ("exports.create", "own.take", "questions.answer")]
    for path, sent in deeds:
        assert rosa.sends(path, **sent, pin=WRONG).status_code == 422
    assert rosa.vouches(deeds[0][0]).status_code == 303, "a right one between does not begin anew"
    assert "You have 1 try left" in errors(rosa.sends(f"{rosa.site}/departures", pin=WRONG))
    for _ in range(2):
        later(monkeypatch, minutes=14)
        assert rosa.opens(rosa.site).status_code == 200, "its use is noted"
    assert rosa.sends("/devices/pin", pin_now=WRONG, pin=PIN, pin_again=PIN).location.startswith("/sign-in?ended=pin")
    assert is_signed_out(rosa)


def test_wrong_ones_are_counted_until_it_is_opened_anew(rosa: Person) -> None:
    for _ in range(4):
        assert rosa.sends(f"{rosa.site}/exports", pin=WRONG).status_code == 422
    rosa.sends(HIDE)
    assert rosa.sends(KEY, pin=PIN, next=rosa.site).location == rosa.site
    rosa.opens(rosa.site)
    assert "You have 4 tries left" in errors(rosa.sends(f"{rosa.site}/exports", pin=WRONG))


# Whoever means it


def test_what_else_was_typed_is_still_there(rosa: Person) -> None:
    refused = rosa.sends(f"{rosa.site}/members/idle-minutes", minutes="7", pin=WRONG)
    assert 'value="7"' in refused.text
    refused = rosa.sends(f"{rosa.site}/agreeing", needed="3", pin=WRONG)
    assert 'value="3"' in refused.text
    sent = typed_back(rosa, "exports")
    refused = rosa.sends(f"{rosa.site}/exports/taking", **sent, pin=WRONG)
    assert read(refused).hidden["locked"] == sent["locked"]
    assert sent["typed"] not in refused.text
    for wrong in ({"minutes": "61"}, {"minutes": "x"}):
        refused = rosa.vouches(f"{rosa.site}/members/idle-minutes", **wrong)
        assert PIN not in refused.text


def test_a_no_an_answer_taken_back_and_that_somebody_was_met_ask_nothing_more(
    house: House,  # noqa: F811
    rosa: Person,
    ask: Callable[[str], str],
) -> None:
    question = ask(f"{place_of('Clara', rosa)}/removal")
    assert rosa.sends(f"{question}/answers", answer="no").status_code == 303
    assert rosa.sends(f"{question}/withdrawal").status_code == 303
    invited_by_two(house, rosa, house.bill, "Dora")  # type: ignore[attr-defined]
    clara: Person = house.clara  # type: ignore[attr-defined]
    met = clara.reads(f"{rosa.site}/questions").action("/answers")
    assert clara.sends(met, answer="yes").status_code == 303


@pytest.mark.parametrize("place", ["shared", "own"])
def test_a_shared_phone_and_one_without_digits_ask_for_the_words(rosa: Person, place: str) -> None:
    guest = other_browser(rosa)
    guest.signs_in(place=place)
    path = f"{guest.site}/exports"
    assert 'name="pin"' not in guest.opens(f"{path}").text
    before = state(rosa)
    for secret, said in (({}, ""), ({"pin": PIN}, ""), ({"words": "1" * 24}, "These are not the words")):
        refused = guest.sends(path, **secret)
        assert refused.status_code == 422
        assert said in errors(refused)
        assert 'name="words"' in refused.text
    assert state(rosa) == before
    assert guest.vouches(path).status_code == 303
    for number in range(6):
        refused = guest.sends(f"{guest.site}/departures", words=f"{number}" * 24)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"]


def test_a_stranger_and_who_is_in_another_site_learn_nothing(house: House, rosa: Person) -> None:  # noqa: F811
    stranger = house.person()
    assert stranger.sends(f"{rosa.site}/exports").status_code == 403
