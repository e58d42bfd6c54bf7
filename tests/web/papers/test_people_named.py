"""The page of a paper asks whether those who are named in it agreed; the press never hears who is in the notebook."""

from __future__ import annotations

import html

import pytest

from bulletin.domain.people.contacts import Contact, Gone
from bulletin.domain.people.erasure import forget
from bulletin.domain.people.forgetting import Forgetting, begin, stop
from tests.homes import ON_SQLITE
from tests.web import writing
from tests.web.house import Person
from tests.web.notebook import inside
from tests.web.writing import cast, one_house, settled  # noqa: F401

pytestmark = ON_SQLITE

NAMED = "‘Amina Dale’: This is somebody’s name in your notebook: have they agreed to be printed?"
ONLY_ONE = "‘crane operator’: Only one person in your notebook does this: everybody will know who it is."


@pytest.fixture
def rosa(cast) -> Person:  # noqa: F811
    return cast["rosa"]


@pytest.fixture
def paper(rosa) -> str:
    return writing.begin(rosa, "Amina Dale asked the crane operator. So did Bill, and Smudge, at Depot North.")


def told(person: Person, paper: str) -> list[str]:
    text = html.unescape(person.opens(paper).text)
    return [sentence for sentence in (NAMED, ONLY_ONE, "‘Smudge’: This is somebody’s name") if sentence in text]


def test_who_is_in_the_notebook_is_asked_after(rosa, cast, paper):  # noqa: F811
    assert told(rosa, paper) == []
    with inside(rosa) as place:
        Contact.add(place.site_id, "Amina Dale", by="Rosa", title="Crane operator")
        Contact.add(place.site_id, "Depot", by="Rosa")
        Contact.add(place.site_id, "Somebody Else", by="Rosa", nickname="Smudge").leave(Gone.LEFT)
    for person in (rosa, cast["bill"]):
        assert told(person, paper)[:2] == [NAMED, ONLY_ONE]
    assert "name in your notebook" in rosa.opens(paper).text
    with inside(rosa) as place:
        amina = next(one for one in Contact.at(place.site_id) if one.name == "Amina Dale")
        amina_id = amina.id
        begin(place, amina, asked=False)
    assert told(rosa, paper)[:2] == [NAMED, ONLY_ONE], "hidden, and to be named nowhere still"
    with inside(rosa) as place:
        stop(place, Forgetting.of(place.site_id, amina_id), "Not today")
    with inside(rosa) as place:
        forget(next(one for one in Contact.at(place.site_id) if one.name == "Amina Dale"))
    assert NAMED not in told(rosa, paper)


def test_one_who_is_gone_and_only_has_a_nickname_is_asked_after_too(rosa):
    with inside(rosa) as place:
        Contact.add(place.site_id, "Somebody Else", by="Rosa", nickname="Smudge").leave(Gone.LEFT)
    assert told(rosa, writing.begin(rosa, "We miss Smudge.")) == ["‘Smudge’: This is somebody’s name"]


def test_members_are_no_contacts(rosa):
    text = html.unescape(rosa.opens(writing.begin(rosa, "Rosa and Bill asked.")).text)
    assert "name in your notebook" not in text
