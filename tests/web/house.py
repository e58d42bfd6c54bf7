"""The cast of the pages with accounts: a house with an empty database, and people who come in by its doors.

A test module takes what it needs: `from tests.web.house import house  # noqa: F401`.
"""

from __future__ import annotations

import dataclasses
import datetime
import html.parser
import pathlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bulletin import create_app
from bulletin.config import Settings
from bulletin.db import db
from bulletin.domain.site.founding import FoundingCode
from bulletin.domain.site.members import Membership
from bulletin.vault import keys
from tests.databases import Database, closing, postgresql  # noqa: F401
from tests.homes import home  # noqa: F401

CHEAP = keys.Cost(memory_kib=8, passes=1)

SITE = {
    "site_kind": "workplace",
    "site_name": "Depot North",
    "site_country": "GB",
    "site_time_zone": "Europe/London",
    "site_language": "en",
    "site_paper": "a4",
}


class Read(html.parser.HTMLParser):
    """A page: its hidden fields, its links, where its forms go, and its words."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.actions: list[str] = []
        self.links: list[str] = []
        self.phrase: list[str] = []
        self.words = ""
        self.by_id: dict[str, str] = {}
        self._in_phrase, self._id = False, ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = dict(attrs)
        if tag == "input" and a.get("type") == "hidden":
            self.hidden[str(a["name"])] = a.get("value") or ""
        elif tag == "form":
            self.actions.append(str(a["action"]))
        elif tag == "a":
            self.links.append(str(a["href"]))
        elif tag == "ol":
            self._in_phrase = str(a.get("class", "")).startswith("phrase")
        self._id = str(a.get("id") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "ol":
            self._in_phrase = False
        self._id = ""

    def handle_data(self, data: str) -> None:
        self.words += data
        if self._in_phrase and data.strip():
            self.phrase.append(data.strip())
        if self._id:
            self.by_id[self._id] = self.by_id.get(self._id, "") + data

    def action(self, ending: str) -> str:
        """The one form whose address ends so."""
        (found,) = {action for action in self.actions if action.endswith(ending)}
        return found


class Browser(FlaskClient):
    """Takes each answer to its end: what is done after it is done when somebody has it."""

    def open(self, *args: Any, buffered: bool = True, **kwargs: Any) -> TestResponse:
        return super().open(*args, buffered=buffered, **kwargs)


@dataclasses.dataclass
class Person:
    """Somebody with a browser."""

    app: Flask
    handle: str = ""
    phrase: str = ""
    site: str = ""  # the path of the last site they were led to

    def __post_init__(self) -> None:
        self.client = Browser(self.app, self.app.response_class)
        self.base = "http://localhost"

    def opens(self, path: str) -> TestResponse:
        return self.client.get(path, base_url=self.base)

    def sends(self, path: str, **fields: str) -> TestResponse:
        headers = {"Sec-Fetch-Site": "same-origin"}
        return self.client.post(path, data=fields, headers=headers, base_url=self.base)

    def reads(self, path: str) -> Read:
        return read(self.opens(path))

    def becomes(self, path: str, handle: str, *, place: str = "own", **fields: str) -> Any:
        """All steps from the form to the site; the last answer."""
        about = {"handle": handle, "secret": "words", "place": place, "step": "about", **fields}
        shown = read(self.sends(path, **about))
        self.handle, self.phrase = handle, " ".join(shown.phrase)
        assert self.phrase, shown.words
        asked = read(self.sends(path, **shown.hidden, step="seen"))
        assert self.phrase not in asked.words
        answer = self.sends(path, **asked.hidden, typed=self.phrase, step="typed")
        if answer.status_code == 303:
            self.site = answer.location
        return answer

    def signs_in(self, *, handle: str = "", phrase: str = "", place: str = "own", **fields: str) -> TestResponse:
        self.opens("/sign-in")
        known = {"handle": handle or self.handle, "words": phrase or self.phrase, "place": place}
        return self.sends("/sign-in", **known, **fields)

    def invites(self, ending: str = "/invitations") -> str:
        """The code of a new invitation."""
        return read(self.sends(f"{self.site}{ending}")).by_id["code"]

    def answers(self, code: str, handle: str = "", **fields: str) -> Any:
        if handle:
            return self.becomes("/invitations/answers", handle, code=code, **fields)
        answer = self.sends("/invitations/answers", code=code)
        if answer.status_code == 200 and 'value="join"' in answer.text:  # a member is asked once more
            answer = self.sends("/invitations/answers", code=code, step="join")
        if answer.status_code == 303:
            self.site = answer.location
        return answer


@dataclasses.dataclass
class House:
    """An installation, and who comes to it."""

    app: Flask
    code: str

    def person(self) -> Person:
        return Person(self.app)

    def rosa(self) -> Person:
        """Who founds the network and the Depot."""
        rosa = self.person()
        answer = rosa.becomes("/foundings", "Rosa", code=self.code, network="Northfield", **SITE)
        assert answer.status_code == 303, read(answer).words
        return rosa

    def joined(self, by: Person, handle: str) -> Person:
        """Somebody who answers an invitation while one member may still invite alone."""
        person = self.person()
        answer = person.answers(by.invites(), handle)
        assert answer.status_code == 303, read(answer).words
        return person


def a_week_passes(house: House) -> None:
    """For everybody who is in a site: they may second a removal from here on."""
    with house.app.app_context():
        for place in db.session.scalars(sa.select(Membership)):
            place.joined_at -= datetime.timedelta(days=7)
        db.session.commit()


def read(response: TestResponse) -> Read:
    return Read(response.get_data(as_text=True))


def errors(response: TestResponse) -> str:
    """What the page complains of."""
    text = response.get_data(as_text=True)
    found = re.search(r'<div class="problem".*?</div>', text, re.S)
    return " ".join(Read(found[0]).words.split()) if found else ""


@pytest.fixture
def house(home: Database, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:  # noqa: F811
    """An installation that has just been started."""
    monkeypatch.setattr(keys, "COST", CHEAP)
    app = create_app(Settings(database_url=home.url, instance=str(tmp_path)))
    with app.app_context():
        code = FoundingCode.print_anew()
        db.session.commit()
    assert code
    with closing(app):
        yield House(app, code)
