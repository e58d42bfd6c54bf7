"""Whatever happens to signal, page, browser, server and session: every talk that was saved is there once.

Random schedules, on two phones; and nothing of what was typed can be read in a phone's files.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import pathlib
import random
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Error
from werkzeug.serving import make_server

from bulletin import create_app
from bulletin.config import Settings
from bulletin.db import db
from bulletin.domain.inbox.letters import Letter, ParkedLetter
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.site.accounts.devices import Device
from bulletin.domain.site.founding import FoundingCode
from bulletin.vault import keys
from tests.browser.test_offline import READY
from tests.conftest import BROWSER_ARGS
from tests.web import workmates
from tests.web.house import CHEAP, House, Person, Remembered

SOON_MS = 20_000
STEPS = 2
COUNT = """() => new Promise((go_on) => {
    const request = indexedDB.open("letters");
    request.onsuccess = () => {
        const waiting = request.result.transaction("queue").objectStore("queue").count();
        waiting.onsuccess = () => { request.result.close(); go_on(waiting.result); };
    };
})"""
BEFORE = ("", "", "no signal", "killed server", "signal", "hidden")
MEANWHILE = ("", "no signal", "killed server", "lost answer", "hidden", "signed out")
AFTER = ("", "reload", "killed tab", "killed tab", "killed browser", "signal")
SCHEDULES, MANY = 5, 500  # in the suite; with `make attack`


class Line:
    """The app behind a line that can be cut: before a request gets there, or before its answer is back."""

    def __init__(self, app: Flask) -> None:
        self.app, self.cut, self.lost = app, False, 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if self.cut:
            return self._end(environ)
        with contextlib.closing(self.app(environ, start_response)) as answer:
            content = list(answer)
        if self.lost and environ["REQUEST_METHOD"] == "POST":
            self.lost -= 1
            return self._end(environ)
        return content

    @staticmethod
    def _end(environ: dict[str, Any]) -> Any:
        with contextlib.suppress(OSError):
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        raise ConnectionAbortedError


@dataclasses.dataclass
class Drill:
    """A house with a line to it."""

    house: House
    line: Line
    address: str


@pytest.fixture
def drill(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Drill]:
    monkeypatch.setattr(keys, "COST", CHEAP)
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path}/house.db"))
    with app.app_context():
        db.create_all()
        code = FoundingCode.print_anew()
        db.session.commit()
    line = Line(app)
    server = make_server("127.0.0.1", 0, line, threaded=True)
    server.log = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Drill(House(app, str(code)), line, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        db.engine.dispose()


class Handset:
    """A phone with a profile of its own, which outlives its browser."""

    def __init__(self, kind: Any, chromium: str, profile: pathlib.Path, drill: Drill, person: Person) -> None:
        self.kind, self.chromium, self.profile, self.drill, self.person = kind, chromium, profile, drill, person
        self.saved: set[str] = set()  # what the phone said is saved
        self.tried: set[str] = set()
        self.start()
        self.signs_in()
        self.page.goto(person.site)
        self.page.wait_for_function(READY, timeout=SOON_MS)

    def start(self) -> None:
        self.context = self.kind.launch_persistent_context(
            str(self.profile), executable_path=self.chromium, args=list(BROWSER_ARGS), base_url=self.drill.address
        )
        self.context.set_default_timeout(SOON_MS)
        self.page = self.context.new_page()
        self.page.on("dialog", lambda asked: asked.accept())

    def signs_in(self) -> None:
        """In its browser is the cookie of a new session."""
        assert self.person.signs_in().status_code == 303
        for name, value in Remembered.of(self.person).cookies.items():
            self.context.add_cookies([{"name": name, "value": value, "url": self.drill.address}])

    def goes(self, path: str) -> bool:
        with contextlib.suppress(Error):
            self.page.goto(path, wait_until="domcontentloaded")
            return True
        return False

    # What may happen.

    def writes(self, words: str, meanwhile: Callable[[], None]) -> None:
        """A talk, on whatever page comes; Save is tapped three times."""
        if not self.goes(f"{self.person.site}/conversations/new"):
            return
        name = self.page.get_by_label("With whom?")
        if not name.count():  # signed out
            assert self.goes("/offline/talk")
        self.tried.add(words)
        self.page.get_by_label("With whom?").fill(hashlib.sha256(words.encode()).hexdigest())  # none looks like another
        self.page.get_by_label("A short note").fill(words)
        meanwhile()
        save = self.page.get_by_role("button", name="Save", exact=True)
        save.evaluate("(one) => { one.click(); one.click(); one.click(); }")
        with contextlib.suppress(Error):
            self.page.wait_for_function(
                """() => /next$/.test(location.pathname) || document.querySelector("#kept:not([hidden])")
                    || /saved in this phone/.test(document.querySelector(".sending")?.textContent)""",
                timeout=8_000,
            )
            self.saved.add(words)

    def is_killed(self) -> None:
        """Its browser is gone at once, and started again."""
        with contextlib.suppress(Error):
            self.context.browser.new_browser_cdp_session().send("Browser.crash")  # type: ignore[union-attr]
        with contextlib.suppress(Error):
            self.context.close()
        self.start()

    def loses_its_tab(self) -> None:
        self.page.close()
        self.page = self.context.new_page()
        self.page.on("dialog", lambda asked: asked.accept())

    def comes_back(self) -> None:
        """Signal, a session, and the first page: until nothing waits."""
        self.context.set_offline(False)
        self.signs_in()
        assert self.goes(self.person.site)
        for _ in range(SOON_MS // 100):
            if not self.page.evaluate(COUNT):
                return
            self.page.wait_for_timeout(100)
        pytest.fail(f"{self.person.handle}: something waits for ever")


def happens(what: str, handset: Handset, drill: Drill) -> None:
    """Something that comes between somebody and the server."""
    match what:
        case "no signal":
            handset.context.set_offline(True)
            drill.line.cut = True  # its worker has signal all the same
        case "signal":
            drill.line.cut = False
            handset.context.set_offline(False)
        case "killed server":
            drill.line.cut = True
        case "lost answer":
            drill.line.lost = 2
        case "reload":
            with contextlib.suppress(Error):
                handset.page.reload()
        case "killed tab":
            handset.loses_its_tab()
        case "killed browser":
            handset.is_killed()
        case "hidden" | "signed out":
            with drill.house.app.app_context():
                device = Device.with_token(workmates.token_of(handset.person))
                if device is not None:
                    device.hide() if what == "hidden" else device.end()
                db.session.commit()
                db.session.remove()


def step(random_: random.Random, handset: Handset, drill: Drill, words: str) -> None:
    """Somebody writes, and something happens before the page comes, before Save, and after."""
    happens(random_.choice(BEFORE), handset, drill)
    handset.writes(words, lambda: happens(random_.choice(MEANWHILE), handset, drill))
    happens(random_.choice(AFTER), handset, drill)


def filed(person: Person) -> list[str]:
    """What was noted, once no letter waits to be opened."""
    for _ in range(5):
        person.opens(person.site)  # does after its answer what is due, unless another page has begun to
        with person.inside() as me:
            if not Letter.count_at(me.site_id):
                break
    with person.inside() as me:
        assert ParkedLetter.at(me.site_id) == []
        assert Letter.count_at(me.site_id) == 0
        people = Contact.at(me.site_id)
        return sorted(talk.said.note for one in people for talk in Conversation.all_of(one))  # type: ignore[union-attr]


def readable(profile: pathlib.Path, words: set[str]) -> list[str]:
    """Files of a profile in which something of what was typed can be read."""
    sought = [form for one in words for form in (one.encode(), one.encode("utf-16-le"))]
    return [
        str(path.relative_to(profile))
        for path in profile.rglob("*")
        if path.is_file() and any(form in path.read_bytes() for form in sought)
    ]


def drilled(browser: Any, chromium: str, drill: Drill, folder: pathlib.Path, schedules: int, seed: int) -> None:
    rosa = drill.house.rosa()
    bill = drill.house.joined(rosa, "Bill")
    random_ = random.Random(seed)  # noqa: S311  # a schedule is no secret
    handsets = [
        Handset(browser.browser_type, chromium, folder / person.handle, drill, person) for person in (rosa, bill)
    ]
    try:
        for schedule in range(schedules):
            for number in range(STEPS):
                step(random_, random_.choice(handsets), drill, f"zq{seed}x{schedule}x{number}zq")
            drill.line.cut, drill.line.lost = False, 0
            for one in handsets:
                one.comes_back()
            there = filed(rosa)
            saved = {words for one in handsets for words in one.saved}
            tried = {words for one in handsets for words in one.tried}
            assert len(there) == len(set(there)), f"twice: {there}"
            assert saved <= set(there) <= tried, f"lost: {saved - set(there)}"
    finally:
        for one in handsets:
            with contextlib.suppress(Error):
                one.context.close()
    assert len(tried) >= schedules
    for one in handsets:
        assert readable(one.profile, tried) == []


def test_every_talk_is_filed_once_and_nothing_typed_can_be_read(
    browser: Any, chromium: str, drill: Drill, tmp_path: pathlib.Path
) -> None:
    drilled(browser, chromium, drill, tmp_path, SCHEDULES, seed=7)


@pytest.mark.attack
@pytest.mark.parametrize("seed", range(MANY // 20))
def test_of_five_hundred_schedules_none_loses_a_talk_or_files_it_twice(
    browser: Any, chromium: str, drill: Drill, tmp_path: pathlib.Path, seed: int
) -> None:
    drilled(browser, chromium, drill, tmp_path, 20, seed=1000 + seed)
