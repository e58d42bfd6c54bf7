"""A slow line, a sentence added, Save again: at no door that takes a form's id are other words lost under "Saved"."""

from __future__ import annotations

import dataclasses
import datetime
import html
import inspect
import io
import types
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from bulletin.db import db
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.erasure import forget
from bulletin.domain.site.sent_forms import KEPT_FOR, SentForm
from tests.homes import ON_SQLITE
from tests.web import notebook, workmates, writing
from tests.web.house import Person, read
from tests.web.network.three_sites import deed
from tests.web.people.test_imports import cards, shows, ticks
from tests.web.writing import cast, one_house, settled  # noqa: F401

pytestmark = ON_SQLITE

SOON = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)).date().isoformat()


@dataclasses.dataclass
class Door:
    """Where somebody sends a form, and what it says. `words`: what is said there the second time."""

    path: Callable[[dict[str, Person]], str]
    fields: dict[str, Any]
    words: str
    field: str
    kept: bool = True  # is there a page with what is kept?

    def send(self, person: Person, form_id: str, **other: Any) -> TestResponse:
        data = {**self.fields, "form_id": form_id, **other}
        data = {name: FileStorage(*file()) if callable(file := one) else one for name, one in data.items()}
        headers = {"Sec-Fetch-Site": "same-origin"}
        return person.client.post(self.there, data=data, headers=headers, base_url=person.base)

    def open(self, people: dict[str, Person]) -> None:
        self.there = self.path(people)


def at(path: str) -> Callable[[dict[str, Person]], str]:
    return lambda people: people["rosa"].site + path


def not_in(path: str) -> Callable[[dict[str, Person]], str]:
    def out(people: dict[str, Person]) -> str:
        with people["rosa"].inside() as place:
            place.site.in_since = None
            db.session.commit()
        return people["rosa"].site + path

    return out


def of_paper(path: str) -> Callable[[dict[str, Person]], str]:
    return lambda people: writing.begin(people["rosa"], "Three drivers were sent home.") + path


def of_agreed_paper(path: str) -> Callable[[dict[str, Person]], str]:
    def begin(people: dict[str, Person]) -> str:
        paper = writing.begin(people["rosa"], "Three drivers were sent home.")
        return writing.agreed(paper, people["rosa"], people["bill"]) + path

    return begin


def after_a_talk(people: dict[str, Person]) -> str:
    return workmates.noted(people["rosa"], workmates.add(people["rosa"], "Dora")) + "/next"


def picture() -> tuple[Any, str]:
    return io.BytesIO(writing.PICTURE), "gate.jpg"


DOORS = {
    "escalation_plan.create": Door(
        at("/steps"),
        {"on": SOON, "action": "A petition", "test": "Signed", "threshold": "Half"},
        "Half of us",
        "threshold",
    ),
    "actions.create": Door(
        at("/actions"),
        {"form": "leafleting", "title": "Gate", "day": SOON, "start": "05:30", "end": "07:15", "demand": "A driver."},
        "A third driver. Now.",
        "demand",
    ),
    "bulletins.create": Door(
        at("/bulletins"),
        {"kind": "regular", "headline": "Nobody drives alone", "answer-0": "Three were sent home."},
        "Three were sent home. The whole shift went with them.",
        "answer-0",
    ),
    "distributions.create": Door(
        of_paper("/hand-outs"),
        {"place": "Gate B", "day": SOON, "start": "05:30", "end": "07:15"},
        "Gate B and C",
        "place",
    ),
    "pictures.create": Door(
        of_paper("/pictures"),
        {"alt": "A gate", "caption": "", "side": "1", "agreed": "yes", "file": picture},
        "Forty people at a closed gate",
        "alt",
    ),
    "articles.create": Door(of_paper("/articles"), {"name": "echo", "side": "1"}, "2", "side"),
    "printings.create": Door(
        of_agreed_paper("/printings"), {"paper": "a4", "copies": "200"}, "250", "copies", kept=False
    ),
    "units.create_department": Door(at("/map/departments"), {"department": "Packing"}, "Packing hall", "department"),
    "units.create_shift": Door(at("/map/shifts"), {"shift": "Nights"}, "Late nights", "shift"),
    "contacts.create": Door(
        at("/contacts"), {"name": "Dora", "notes": "She drives.", "other": "yes"}, "She drives the late van.", "notes"
    ),
    "conversations.create": Door(
        at("/conversations"),
        {"name": "Omar", "note": "The lift sticks."},
        "The lift sticks. He wrote it up twice.",
        "note",
    ),
    "needs.create": Door(
        at("/needs"),
        {"sort": "we need", "sentence": "A printer."},
        "A printer for large sheets.",
        "sentence",
    ),
    "matters.create": Door(
        at("/answers"),
        {"kind": "together", "what": "Stickers.", "why": "The rota.", "day": SOON},
        "The rota, and the night bus.",
        "why",
    ),
    "known.create": Door(not_in("/coming-in"), {"who": "The laundry."}, "The laundry by the bridge.", "who"),
    "telling.tell_deed": Door(
        lambda people: f"{deed(people['rosa'])}/told",
        {"audience": "sites", "outcome": "The rota is back."},
        "The rota is back for good.",
        "outcome",
    ),
    "conversations.extend": Door(
        after_a_talk, {"when": "1", "reason": "The form", "whose": "Rosa"}, "The form, and her shift", "reason"
    ),
}
# What these are sent with is words of a file that one door opens, or people ticked, or nothing but the id.
# Or once a week, which makes no second one: see tests/web/network/test_weeks.py.
BY_THEMSELVES = {
    "exports.bring",
    "imports.create",
    "weeks.create",
    "drafts.keep",
}  # see tests/web/portability/test_exports.py, tests/web/papers/test_drafts.py, and below
NOTHING_NEW = {"escalation_plan.change"}  # shares a function with one that makes something
WORDLESS = {
    *("invitations.create", "invitations.create_to_found", "conversations.somebody_else"),
    *("needs.answer", "telling.tell_paper", "told.make_draft"),
}


def names(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for inside in code.co_consts:
        if isinstance(inside, types.CodeType):
            yield from names(inside)


def takes_an_id(view: Callable[..., Any], seen: frozenset[str] = frozenset()) -> bool:
    """Does a view ask for the id of its form, itself or in a function of its own module?"""
    view = inspect.unwrap(view)
    for name in set(names(view.__code__)) - seen:
        there = view.__globals__.get(name)
        if name == "form_id":
            return True
        if inspect.isfunction(there) and there.__module__ == view.__module__ and takes_an_id(there, seen | {name}):
            return True
    return False


def test_every_door_that_takes_an_id_is_tried(rosa: Person) -> None:
    posts = {rule.endpoint for rule in rosa.app.url_map.iter_rules() if "POST" in rule.methods}
    doors = {endpoint for endpoint in posts if takes_an_id(rosa.app.view_functions[endpoint])}
    assert doors == {*DOORS, *BY_THEMSELVES, *NOTHING_NEW, *WORDLESS}


@pytest.fixture
def rosa(cast) -> Person:  # noqa: F811
    return cast["rosa"]


@pytest.mark.parametrize("name", DOORS)
def test_other_words_are_shown_with_the_way_to_what_is_kept(cast, rosa: Person, name: str) -> None:  # noqa: F811
    door, sent = DOORS[name], uuid.uuid4().hex
    door.open(cast)
    first, again = door.send(rosa, sent), door.send(rosa, sent)
    assert first.status_code in (200, 303), read(first).words
    assert (again.status_code, again.location) == (first.status_code, first.location), "the same words: as it was"
    answer = door.send(rosa, sent, **{door.field: door.words})
    page = read(answer)
    assert answer.status_code == 409
    assert door.words in page.by_id["typed"] if len(door.words) > 4 else door.words in html.unescape(answer.text)
    assert not door.kept or first.location in page.links
    if "file" not in door.fields:
        assert page.hidden["form_id"] != sent
        assert rosa.sends(door.there, **page.hidden).status_code == first.status_code, "as one more"


def test_people_ticked_at_last_are_not_lost(rosa: Person) -> None:
    shown = shows(rosa, cards("Ewa", "Goran"))
    sent = read(shown).hidden["form_id"]
    first = ticks(rosa, shown, "Ewa")
    assert ticks(rosa, shown, "Ewa").location == first.location
    answer = ticks(rosa, shown, "Ewa", "Goran")
    assert answer.status_code == 409
    assert first.location in read(answer).links
    assert read(answer).hidden["form_id"] != sent


def test_what_is_stored_says_nothing_without_the_key_and_goes_with_whom_it_was_of(cast, rosa: Person) -> None:  # noqa: F811
    door = DOORS["contacts.create"]
    door.open(cast)
    sent = uuid.uuid4()
    door.send(rosa, sent.hex)
    with notebook.inside(rosa) as me:
        kept = SentForm.of(me.site_id, sent)
        assert kept.digest.encode() not in kept._sealed_digest
        forget(Contact.of(me.site_id, sent))
        assert SentForm.of(me.site_id, sent) is None


def test_after_a_month_a_form_is_compared_with_nothing(cast, rosa: Person) -> None:  # noqa: F811
    door = DOORS["units.create_shift"]
    door.open(cast)
    sent = uuid.uuid4()
    first = door.send(rosa, sent.hex)
    with notebook.inside(rosa) as me:
        SentForm.of(me.site_id, sent).sent_on -= KEPT_FOR
        assert SentForm.sweep(me.site_id)
    assert door.send(rosa, sent.hex, shift="Late nights").location == first.location


def test_what_was_refused_is_not_kept_and_may_be_mended(cast, rosa: Person) -> None:  # noqa: F811
    door, sent = DOORS["actions.create"], uuid.uuid4().hex
    door.open(cast)
    assert door.send(rosa, sent, day="some day").status_code == 422
    assert door.send(rosa, sent).status_code == 303
