"""The cast of the pages with accounts: a house with an empty database, and people who come in by its doors.

A test module takes what it needs: `from tests.web.house import house  # noqa: F401`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import html.parser
import pathlib
import re
import urllib.parse
import uuid
import zlib
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bulletin import create_app
from bulletin.config import Settings
from bulletin.db import db, now
from bulletin.domain.site import site_keys
from bulletin.domain.site.accounts import handles
from bulletin.domain.site.accounts.browser_keys import BrowserKey
from bulletin.domain.site.accounts.members import Member, Membership
from bulletin.domain.site.founding import FoundingCode
from bulletin.domain.site.governance import register
from bulletin.vault import keys, tenancy
from tests.databases import Database, closing, postgresql  # noqa: F401
from tests.full_site import all_met
from tests.homes import Workplace

DaysPass = Callable[[float], None]
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
    pin: str = ""  # of their phone, where it has digits

    def __post_init__(self) -> None:
        is_app = isinstance(self.app, Flask)  # else a server, which the bench asks as it asks an app
        self.client = Browser(self.app, self.app.response_class) if is_app else self.app.test_client()
        self.base = "http://localhost"

    def opens(self, path: str) -> TestResponse:
        return self.client.get(path, base_url=self.base)

    def sends(self, path: str, **fields: str) -> TestResponse:
        headers = {"Sec-Fetch-Site": "same-origin"}
        return self.client.post(path, data=fields, headers=headers, base_url=self.base)

    def vouches(self, path: str, **fields: str) -> TestResponse:
        """Sends what is grave, with their digits or their words."""
        return self.sends(path, **fields, **({"pin": self.pin} if self.pin else {"words": self.phrase}))

    def reads(self, path: str) -> Read:
        return read(self.opens(path))

    def becomes(self, path: str, handle: str, *, place: str = "own", **fields: str) -> Any:
        """All steps from the form to the site; the last answer."""
        about = {"handle": handle, "secret": "words", "place": place, "step": "about", **fields}
        shown = read(self.sends(path, **about))
        self.handle, self.phrase = shown.hidden.get("whole", handle), " ".join(shown.phrase)
        assert self.phrase, shown.words
        asked = read(self.sends(path, **shown.hidden, step="seen"))
        assert self.phrase not in asked.words
        answer = self.sends(path, **asked.hidden, typed=self.phrase, step="typed")
        if answer.status_code == 303:
            self.site = led_to(answer)
        return answer

    def signs_in(self, *, handle: str = "", phrase: str = "", place: str = "own", **fields: str) -> TestResponse:
        self.opens("/sign-in")
        known = {"handle": handle or self.handle, "words": phrase or self.phrase, "place": place}
        return self.sends("/sign-in", **known, **fields)

    def comes_back(self, path: str = "/sites") -> TestResponse:
        """By the words, on a phone that was hidden, or that a lock has closed."""
        self.opens("/devices/current/key")
        answer = self.sends("/devices/current/key", words=self.phrase, next=path)
        assert answer.status_code == 303, read(answer).words
        return self.opens(path)

    @contextlib.contextmanager
    def inside(self) -> Iterator[Membership]:
        """This person's place in the site they were led to last, which is open in a session of one's own."""
        with self.app.app_context():
            member = Member.named(self.handle)
            assert member
            place = member.membership_at(uuid.UUID(self.site.rpartition("/")[2]))
            assert place
            tenancy.bind(db.session, place.site_id)
            with keys.opened(site_keys.open_site(place, keys.unlock(member.locked_key, self.phrase))):
                yield place
            db.session.remove()

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
            self.site = led_to(answer)
        return answer


@dataclasses.dataclass(frozen=True)
class Remembered:
    """A person as they were at some moment: their handle, words and site, and the cookies in their browser."""

    handle: str
    phrase: str
    site: str
    cookies: dict[str, str]

    @classmethod
    def of(cls, person: Person) -> Remembered:
        cookies = {name: person.client.get_cookie(name) for name in ("device", "browser")}
        kept = {name: cookie.value for name, cookie in cookies.items() if cookie}
        return cls(person.handle, person.phrase, person.site, kept)

    def on(self, app: Flask) -> Person:
        person = Person(app, handle=self.handle, phrase=self.phrase, site=self.site)
        for name, value in self.cookies.items():
            person.client.set_cookie(name, value)
        return person


Steps = tuple[str, ...]  # who has come in by its doors, one after the other


@dataclasses.dataclass
class Beginnings:
    """How houses have begun in this run, so that the next test whose people come in alike need not see them do it.

    `store` and `bring_back` are of a database nobody is connected to; `marks` differ when anything was written.
    """

    kind: str
    store: Callable[[], Any]
    bring_back: Callable[[Any], None]
    mark: Callable[[], object]
    steps: Steps | None = ()  # None: something else has happened
    marked: object = None

    seen: ClassVar[dict[tuple[str, Steps, object], tuple[Any, Remembered]]] = {}

    def after(self, app: Flask, step: str, do: Callable[[], Person]) -> Person:
        """The person who comes in by this step."""
        with app.app_context():
            db.session.remove()
            engine = db.engine
        idle = engine.pool.checkedout() == 0 and register.now is now  # type: ignore[attr-defined]
        if self.steps is None or not idle or self.mark() != self.marked:
            self.steps = None
            return do()
        self.steps = (*self.steps, step)
        key = (self.kind, self.steps, handles.endings)
        if key in self.seen:
            stored, remembered = self.seen[key]
            engine.dispose()
            self.bring_back(stored)
            with app.app_context():
                app.extensions["browsers"].use(BrowserKey.made().secret)  # that of the database is another now
            person = remembered.on(app)
        else:
            person = do()
            engine.dispose()
            self.seen[key] = self.store(), Remembered.of(person)
        self.marked = self.mark()
        return person


@dataclasses.dataclass
class House:
    """An installation, and who comes to it."""

    app: Flask
    code: str
    beginnings: Beginnings | None = None
    home: Database | None = None

    def person(self) -> Person:
        return Person(self.app)

    def rosa(self) -> Person:
        """Who founds the network and the Depot."""
        return self._begins("Rosa", self._founds)

    def _begins(self, step: str, do: Callable[[], Person]) -> Person:
        return self.beginnings.after(self.app, step, do) if self.beginnings else do()

    def _founds(self) -> Person:
        rosa = self.person()
        answer = rosa.becomes("/foundings", "Rosa", code=self.code, network="Northfield", **SITE)
        assert answer.status_code == 303, read(answer).words
        return rosa

    def joined(self, by: Person, handle: str, *, decides: bool = True) -> Person:
        """Somebody who answers an invitation while one member may still invite alone; all have met them at once.

        With decides=False nobody has yet.
        """
        step = f"{handle}, by {by.handle}" + ", who decides" * decides
        return self._begins(step, lambda: self._joins(by, handle, decides))

    def _joins(self, by: Person, handle: str, decides: bool) -> Person:
        person = self.person()
        answer = person.answers(by.invites(), handle)
        assert answer.status_code == 303, read(answer).words
        if decides:
            with by.inside() as place:
                all_met(place.site)
                db.session.commit()
        return person


def invited_by_two(house: House, one: Person, other: Person, handle: str) -> Person:
    """Somebody whom nobody else has met yet."""
    code = one.invites()
    waiting = [action for action in other.reads(f"{one.site}/invitations").actions if action.endswith("/seconding")]
    for action in waiting:
        assert other.sends(action).status_code == 303
    person = house.person()
    assert person.answers(code, handle).status_code == 303
    return person


def founding_code(by: Person, other: Person) -> str:
    """Of an invitation to found a site, which another has said is fine."""
    by.sends(f"{by.site}/founding-invitations")
    for action in other.reads(f"{by.site}/invitations").actions:
        if action.endswith("/seconding"):
            other.sends(action)
    return by.invites("/founding-invitations")


def led_to(answer: TestResponse) -> str:
    """Where somebody is sent; past the page for six digits, which the cast leaves out unless a test is about them."""
    page, _, query = answer.location.partition("?")
    return urllib.parse.parse_qs(query)["next"][0] if page == "/devices/pin" else answer.location


def read(response: TestResponse) -> Read:
    return Read(response.get_data(as_text=True))


def errors(response: TestResponse) -> str:
    """What the page complains of."""
    text = response.get_data(as_text=True)
    found = re.search(r'<div class="problem".*?</div>', text, re.S)
    return " ".join(Read(found[0]).words.split()) if found else ""


@pytest.fixture
def house(
    home: Database,
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[House]:
    """An installation that has just been started."""
    monkeypatch.setattr(keys, "COST", CHEAP)
    app = create_app(Settings(database_url=home.url, instance=str(tmp_path)))
    with app.app_context():
        code = FoundingCode.print_anew()
        db.session.commit()
    assert code
    with closing(app):
        yield House(app, code, _beginnings(home, tmp_path, request), home)


def _beginnings(database: Database, folder: pathlib.Path, request: pytest.FixtureRequest) -> Beginnings:
    if database.kind == "postgresql":
        place = Workplace.on(request.getfixturevalue("postgresql"), folder)
        return Beginnings(database.kind, place.rows, place.put, place.last_write, marked=place.last_write())
    file = folder / "home.db"

    def store() -> bytes:
        return file.read_bytes()  # whoever was connected last has put all that was written into the one file

    def bring_back(stored: bytes) -> None:
        file.write_bytes(stored)

    def mark() -> object:
        files = [path for path in (file, folder / "home.db-wal") if path.exists()]
        return [zlib.crc32(path.read_bytes()) for path in files if path.stat().st_size]

    return Beginnings(database.kind, store, bring_back, mark, marked=mark())


@pytest.fixture
def days_pass(monkeypatch: pytest.MonkeyPatch) -> DaysPass:
    """days_pass(3): the rules' clock is moved on."""
    passed = datetime.timedelta()

    def move(days: float) -> None:
        nonlocal passed
        passed += datetime.timedelta(days=days)
        monkeypatch.setattr(register, "now", lambda: datetime.datetime.now(datetime.UTC) + passed)

    return move
