"""Found, invite, join from a second phone, hide, remove, revoke: on a phone of 360×740, with the keys at full cost."""

from __future__ import annotations

import os
import pathlib
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from werkzeug.serving import make_server

from bulletin import create_app
from bulletin.config import Settings
from bulletin.db import db
from bulletin.domain.founding import FoundingCode

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def installation(tmp_path: pathlib.Path) -> Iterator[tuple[str, str]]:
    """The address of an empty installation, and its founding code."""
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path}/house.db"))
    with app.app_context():
        db.create_all()
        code = FoundingCode.print_anew()
        db.session.commit()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", str(code)
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        db.engine.dispose()


class Phone:
    """A phone of somebody's; it looks at each page it comes to."""

    def __init__(self, browser: Any, address: str) -> None:
        self.context = browser.new_context(viewport=PHONE, base_url=address)
        self.page = self.context.new_page()
        self.stopped: list[str] = []
        self.page.on("pageerror", lambda error: self.stopped.append(str(error)))
        self.page.on("console", lambda said: self.stopped.append(said.text) if "Policy" in said.text else None)
        self.phrase = ""

    def goto(self, path: str) -> None:
        self.page.goto(path)

    def press(self, name: str, **options: Any) -> None:
        self.page.get_by_role("button", name=name, **options).click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).click()

    def heading(self, words: str) -> None:
        self.page.get_by_role("heading", level=1, name=words, exact=True).wait_for()

    def prints_an_empty_sheet(self) -> None:
        """On paper there is the sheet to fill in, and no words."""
        assert self.page.locator(".recovery").is_visible()
        assert not self.page.locator(".phrase").is_visible()
        assert not self.page.locator("h1").is_visible()

    def choose(self, name: str) -> None:
        self.page.get_by_role("radio", name=name, exact=True).check()

    def look(self, name: str) -> None:
        """Nothing runs out at the side, axe has nothing to say; keep a picture where somebody wants to see it."""
        assert self.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name
        found = Axe().run(self.page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        assert self.page.locator("h1").count() == 1, name
        if folder := os.environ.get("PICTURES"):
            self.page.screenshot(path=f"{folder}/{name}.png", full_page=True)

    def become(self, handle: str) -> None:
        """From the newcomer's questions to the site."""
        self.page.get_by_label("Handle").fill(handle)
        self.choose("Six words")
        self.choose("My own phone")
        self.press("Go on")
        self.heading("Write this down")
        self.look(f"words-{handle}")
        self.phrase = " ".join(self.page.locator(".phrase li").all_inner_texts())
        self.page.emulate_media(media="print")
        self.prints_an_empty_sheet()
        self.page.emulate_media(media="screen")
        self.press("It is on paper: go on")
        self.heading("Type it from your paper")
        self.page.get_by_label("Your words or digits").fill(f" {self.phrase.upper()} ")
        self.look(f"typing-{handle}")
        self.press("Go on")
        self.heading("Start")


@pytest.fixture
def phone(browser: Any, installation: tuple[str, str]) -> Iterator[Any]:
    """`phone()` is another phone."""
    phones: list[Phone] = []

    def take() -> Phone:
        phones.append(Phone(browser, installation[0]))
        return phones[-1]

    yield take
    for one in phones:
        one.context.close()
        assert not one.stopped


def invited(by: Phone, site: str) -> str:
    by.goto(f"{site}/invitations")
    by.press("Invite somebody here")
    by.heading("The link")
    by.look("link")
    return str(by.page.locator("#link").inner_text())


def test_from_founding_to_a_removal(phone: Any, installation: tuple[str, str]) -> None:
    rosa, bill, clara = phone(), phone(), phone()
    rosa.goto("/foundings/new")
    rosa.press("Go on")
    rosa.look("founding-errors")
    assert "Error: " in rosa.page.title()
    rosa.page.get_by_label("Founding code").fill(installation[1].lower())
    rosa.page.get_by_label("Name of the network").fill("Northfield")
    rosa.choose("Workplace")
    rosa.page.get_by_label("Name of the site").fill("Depot North")
    rosa.page.get_by_label("Country").select_option("GB")
    rosa.page.get_by_label("Time zone").select_option("Europe/London")
    rosa.look("founding")
    rosa.become("Rosa")
    rosa.look("start-alone")
    site = rosa.page.url

    link = invited(rosa, site)
    bill.goto(link)
    bill.page.get_by_label("Code").wait_for()
    assert "#" not in bill.page.url  # the secret is out of the address
    assert bill.page.get_by_label("Code").input_value() == link.partition("#")[2]
    bill.look("answer")
    bill.press("Go on")
    bill.heading("Join")
    bill.look("join")
    bill.become("Bill")
    clara.goto(invited(bill, site))
    clara.press("Go on")
    clara.become("Clara")

    rosa.goto(site)
    rosa.look("start")
    rosa.goto(f"{site}/invitations")
    rosa.press("Invite somebody here")
    bill.goto(f"{site}/invitations")
    bill.look("invitations")

    clara.goto(site)
    clara.page.get_by_role("button", name="Hide").click()
    clara.heading("Empty page")
    clara.look("hidden")
    clara.goto(site)
    clara.heading("Empty page")
    clara.page.get_by_label("Your words or digits").fill(clara.phrase)
    clara.press("Go on")
    clara.heading("Start")

    # A second phone of Rosa's, signed out from the first.
    lost = phone()
    lost.goto("/sign-in")
    lost.look("sign-in")
    lost.page.get_by_label("Handle").fill("rosa")
    lost.page.get_by_label("Your words or digits").fill("no words of mine at all here")
    lost.press("Sign in")
    lost.look("sign-in-errors")
    lost.page.get_by_label("Your words or digits").fill(rosa.phrase)
    lost.choose("My own phone")
    lost.page.get_by_label("A name for this phone").fill("Old phone")
    lost.press("Sign in")
    lost.heading("Start")
    rosa.goto("/devices")
    rosa.look("devices")
    rosa.press("Sign it out Old phone")
    lost.goto(site)
    lost.heading("Sign in")

    rosa.goto(f"{site}/members")
    rosa.look("people")
    rosa.page.locator("li", has_text="Clara").get_by_text("Removal").click()
    rosa.press("Ask that they be removed Clara")
    bill.goto(f"{site}/members")
    bill.look("people-asked")
    bill.press("Second it Clara")
    clara.goto(site)
    clara.heading("That did not work")
    bill.goto(f"{site}/events")
    bill.look("events")
    bill.goto("/protection")
    bill.look("protection")
    bill.goto(f"{site}/departures/new")
    bill.look("going")
