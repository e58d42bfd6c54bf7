"""Found, invite, join from a second phone, hide, remove, revoke: on a phone of 360×740.

Once all of it in the browser, with the keys at full cost; elsewhere people have come in before.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import pathlib
import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import expect
from werkzeug.serving import make_server

from bulletin import create_app
from bulletin.config import Settings
from bulletin.db import db
from bulletin.domain.site.founding import FoundingCode
from bulletin.vault import keys
from tests.web.house import CHEAP, House, Person, Remembered

from .conftest import PATIENT_MS

BLANK = "Notebook Your words or digits Show what I type Go on"
PHONE = {"width": 360, "height": 740}
PIN = "480215"


@dataclasses.dataclass(frozen=True)
class Installation:
    """Where it is open, and the code to found its network with."""

    address: str
    code: str
    app: Flask


@pytest.fixture
def installation(tmp_path: pathlib.Path) -> Iterator[Installation]:
    """One that is empty."""
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path}/house.db"))
    with app.app_context():
        db.create_all()
        code = FoundingCode.print_anew()
        db.session.commit()

    def to_the_end(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        # Where the browser has gone in the middle of a file, the server of the tests leaves it open.
        with contextlib.closing(app(environ, start_response)) as answer:
            yield from answer

    server = make_server("127.0.0.1", 0, to_the_end, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Installation(f"http://127.0.0.1:{server.server_port}", str(code), app)
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def house(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> House:
    """The same installation, for who came in before there were phones; their words are cheap to try."""
    monkeypatch.setattr(keys, "COST", CHEAP)
    return House(installation.app, installation.code)


looked_at: set[str] = set()  # by all phones of this run, under these names
ANSWERED = """() => ![...document.querySelectorAll(".sending")]
    .some((one) => one.textContent === document.getElementById("sends").dataset.saySending)"""


class Phone:
    """A phone of somebody's; it looks at each page it comes to."""

    def __init__(self, browser: Any, address: str, *, worker: bool = False) -> None:
        self.address = address
        # With a worker in between, what a test keeps from a page comes to it all the same.
        workers = "allow" if worker else "block"
        self.context = browser.new_context(viewport=PHONE, base_url=address, service_workers=workers)
        self.context.set_default_timeout(PATIENT_MS)
        self.page = self.context.new_page()
        self.stopped: list[str] = []
        self.page.on("pageerror", lambda error: self.stopped.append(str(error)))
        self.page.on("console", lambda said: self.stopped.append(said.text) if "Policy" in said.text else None)
        self.phrase = ""

    def belongs_to(self, person: Person) -> str:
        """It is the one they came in with, at the start page of their site, whose path this gives."""
        for name, value in Remembered.of(person).cookies.items():
            self.context.add_cookies([{"name": name, "value": value, "url": self.address}])
        self.phrase = person.phrase
        self.goto(person.site)
        self.heading("Our notebook")
        return person.site

    def goto(self, path: str) -> None:
        self.page.goto(path)

    def press(self, name: str, **options: Any) -> None:
        self.press_on(self.page.get_by_role("button", name=name, **options))

    def press_on(self, button: Any) -> None:
        """Until it is answered, or said that it is not."""
        button.click()
        self.page.wait_for_function(ANSWERED)

    def vouches(self) -> None:
        """Types what is asked for before something grave."""
        asked = self.page.locator("main:visible").locator("input[name=pin], input[name=words]")
        asked.fill(PIN if asked.get_attribute("name") == "pin" else self.phrase)

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
        """Nothing runs out at the side, axe has nothing to say; keep a picture where somebody wants to see it.

        Once a run for each name: axe takes half of the time that all of this takes.
        """
        if name in looked_at:
            return
        looked_at.add(name)
        self.page.wait_for_load_state()
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.page.viewport_size["width"], name
        found = Axe().run(self.page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        assert self.page.locator("h1").count() == 1, name
        if folder := os.environ.get("PICTURES"):
            self.page.screenshot(path=f"{folder}/{name}.png", full_page=True)

    def become(self, handle: str) -> None:
        """From the newcomer's questions to the site."""
        self.page.get_by_label("Sign-in name").fill(handle)
        self.choose("Six words")
        self.choose("My own phone")
        self.press("Go on")
        self.heading("Write this down")
        self.look("words")
        self.phrase = " ".join(self.page.locator(".phrase li").all_inner_texts())
        self.page.emulate_media(media="print")
        self.prints_an_empty_sheet()
        self.page.emulate_media(media="screen")
        self.press("It is on paper: go on")
        self.heading("Type it from your paper")
        self.page.get_by_label("Your words or digits").fill(f" {self.phrase.upper()} ")
        self.look("typing")
        self.press("Go on")
        self.chooses_digits()
        self.heading("Our notebook")

    def chooses_digits(self) -> None:
        """On the page that asks for them."""
        self.heading("Six digits for this phone")
        self.look("pin")
        self.page.get_by_label("Six digits").fill(PIN)
        self.page.get_by_label("The same once more").fill(PIN)
        self.press("Save the digits")


@pytest.fixture
def phone(browser: Any, installation: Installation) -> Iterator[Any]:
    """`phone()` is another phone; `phone(large_print)` one with large letters; `worker`: it may have pages offline."""
    phones: list[Phone] = []

    def take(other: Any = None, *, worker: bool = False) -> Phone:
        phones.append(Phone(other or browser, installation.address, worker=worker))
        return phones[-1]

    yield take
    for one in phones:
        one.context.close()
        assert not one.stopped


def changes_words(rosa: Phone) -> None:
    """From Devices and back to it."""
    rosa.goto("/devices")
    rosa.follow("Change my words")
    rosa.heading("Change my words")
    rosa.look("new-words")
    rosa.page.get_by_label("The words or digits you have now").fill(rosa.phrase)
    rosa.press("Go on")
    rosa.look("new-words-errors")
    rosa.page.get_by_label("The words or digits you have now").fill(rosa.phrase)
    rosa.choose("Six words")
    rosa.press("Go on")
    rosa.heading("Write this down")
    rosa.look("new-words-shown")
    rosa.phrase = " ".join(rosa.page.locator(".phrase li").all_inner_texts())
    rosa.press("It is on paper: go on")
    rosa.heading("Type it from your paper")
    rosa.page.get_by_label("Your new words or digits").fill(rosa.phrase)
    rosa.look("new-words-typing")
    rosa.press("Change my words")
    rosa.chooses_digits()
    rosa.heading("Devices")


def invited(by: Phone, site: str) -> str:
    by.goto(f"{site}/invitations")
    by.press("Invite somebody here")
    by.heading("The link")
    by.look("link")
    return str(by.page.locator("#link").inner_text())


def test_from_founding_to_a_removal(phone: Any, installation: Installation) -> None:
    rosa, bill, clara = phone(), phone(), phone()
    rosa.goto("/foundings/new")
    rosa.press("Go on")
    rosa.look("founding-errors")
    assert "Error: " in rosa.page.title()
    rosa.page.get_by_label("Founding code").fill(installation.code.lower())
    fits(rosa.page.get_by_label("Founding code"))
    rosa.page.get_by_label("Name of the network").fill("Northfield")
    rosa.choose("Workplace")
    rosa.page.get_by_label("Name of the group").fill("Depot North")
    rosa.page.get_by_label("Country").select_option("GB")
    rosa.page.get_by_label("Time zone").select_option("Europe/London")
    rosa.look("founding")
    rosa.become("Rosa")
    rosa.look("start-alone")
    site = rosa.page.url

    link = invited(rosa, site)
    bill.goto(link)
    bill.heading("Join")  # the code went by itself
    assert "#" not in bill.page.url  # the secret is out of the address
    expect(bill.page.get_by_text("Rosa asks you to join Depot North.")).to_be_visible()
    bill.look("join")
    bill.become("Bill")
    clara.goto(invited(bill, site))
    clara.heading("Join")
    clara.become("Clara")

    rosa.goto(site)
    rosa.look("start")
    rosa.goto(f"{site}/members")
    rosa.look("people-new")
    rosa.press("I have met them, and know that they work here Clara")
    rosa.heading("Questions")
    rosa.goto(f"{site}/invitations")
    rosa.press("Invite somebody here")
    rosa.heading("The link")
    bill.goto(f"{site}/invitations")
    bill.look("invitations")

    clara.goto(site)
    clara.press("Hide")
    clara.page.locator("#blank").wait_for()
    clara.look("blank")
    expect(clara.page).to_have_title("Notebook")
    clara.goto(site)
    clara.heading("Notebook")
    clara.look("hidden")
    clara.page.get_by_label("Six digits").fill(PIN)
    clara.press("Go on")
    clara.heading("Our notebook")

    # A second phone of Rosa's, signed out from the first.
    lost = phone()
    lost.goto("/sign-in")
    lost.look("sign-in")
    lost.page.get_by_label("Sign-in name").fill("rosa")
    lost.page.get_by_label("Your words or digits").fill("no words of mine at all here")
    lost.press("Sign in")
    lost.look("sign-in-errors")
    lost.page.get_by_label("Your words or digits").fill(rosa.phrase)
    lost.choose("My own phone")
    lost.page.get_by_label("A name for this phone").fill("Old phone")
    lost.press("Sign in")
    lost.chooses_digits()
    lost.heading("Our notebook")
    rosa.goto("/devices")
    rosa.look("devices")
    rosa.press("Sign it out Old phone")
    lost.goto(site)
    lost.heading("Sign in")
    changes_words(rosa)

    rosa.goto(f"{site}/members")
    rosa.look("people")
    rosa.page.get_by_role("link", name="Clara").click()
    rosa.page.get_by_text("If they must not be here").click()
    rosa.press("Ask that they be put out Clara")
    rosa.look("member-asked-for-digits")
    rosa.vouches()
    rosa.press("Ask that they be put out Clara")
    rosa.heading("Shall Clara be put out for good?")
    rosa.look("question-asked")
    bill.goto(site)
    bill.look("start-asked")
    bill.page.get_by_role("link", name="Shall Clara be put out for good?").click()
    bill.look("question")
    bill.vouches()
    bill.press("Yes Clara")
    expect(bill.page.locator("main:visible")).to_contain_text("You said yes.")
    bill.look("question-answered")
    bill.goto(f"{site}/members")
    bill.look("people-locked")
    bill.goto(f"{site}/questions")
    bill.look("questions")
    clara.goto("/sites")
    clara.page.get_by_label("Your words or digits").fill(clara.phrase)
    clara.press("Go on")
    clara.heading("Start")
    clara.look("locked-out")
    clara.goto(site)
    clara.heading("That did not work")
    bill.goto(f"{site}/events")
    bill.look("events")
    bill.goto("/protection")
    bill.look("protection")
    bill.goto(f"{site}/departures/new")
    bill.look("going")

    bill.goto(f"{site}/invitations")
    bill.press("Invite somebody to start a group")
    bill.look("founding-asked")
    rosa.goto(f"{site}/invitations")
    rosa.look("invitations-asked")
    rosa.press_on(rosa.page.get_by_role("button", name="Fine by me").last)
    bill.goto(f"{site}/invitations")
    bill.press("Get the link")
    bill.heading("The link to start a group")
    bill.look("link-to-found")
    code = str(bill.page.locator("#code").inner_text())
    bill.goto(f"{site}/invitations")
    bill.look("invitations-own")
    rosa.goto("/invitations/answer")
    rosa.page.get_by_label("Code").fill(code)
    fits(rosa.page.get_by_label("Code"))
    rosa.press("Go on")
    rosa.look("further")
    rosa.goto(link)
    rosa.press("Go on")
    rosa.look("answer-spent")
    bill.goto(f"{site}/departures/new")
    bill.vouches()
    bill.press("Leave Depot North")
    bill.heading("You have left")
    bill.look("left")


# Whether the field's own letters are as wide as each other, and all that was typed is seen at once.
SEEN = """field => {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = getComputedStyle(field).font;
  const even = pen.measureText("W").width === pen.measureText("1").width;
  return !even || field.scrollWidth <= field.clientWidth;
}"""


def fits(field: Any) -> None:
    """All that was typed is seen at once. A machine without a monospaced face, which no phone is, shows a code of
    many Ms and Ws wider than others: there nothing is said."""
    assert field.evaluate(SEEN)


def comes_back(page: Any, phrase: str) -> None:
    page.get_by_label("Your words or digits").fill(phrase)
    page.get_by_role("button", name="Go on").click()
    page.locator("#blank").wait_for(state="hidden")


def test_hide_loses_nothing_that_was_typed_and_blanks_every_tab(phone: Any, house: House) -> None:
    rosa = phone()
    site = rosa.belongs_to(house.rosa())
    asked: list[str] = []
    rosa.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    rosa.goto("/sheets/new")
    text = rosa.page.locator("#manuscript")
    text.press_sequentially("An hour's work")
    second = rosa.context.new_page()
    second.goto(site)

    with rosa.page.expect_response(lambda answer: answer.url.endswith("/hiding")) as told:
        rosa.press("Hide")
    assert told.value.status == 204
    assert asked == []
    for tab in (rosa.page, second):
        expect(tab).to_have_title("Notebook")
        assert tab.locator("body").inner_text().split() == BLANK.split()
    third = rosa.context.new_page()
    third.goto(site)
    assert third.url.startswith(f"{rosa.address}/devices/current/key")

    rosa.page.get_by_label("Your words or digits").fill("1" * 24)
    rosa.press("Go on")
    rosa.page.get_by_text("These are not the words.").wait_for()
    expect(text).to_be_hidden()
    rosa.look("blank-wrong")
    rosa.context.set_offline(True)
    rosa.press("Go on")
    rosa.page.get_by_text("No signal. Try again.").wait_for()
    rosa.context.set_offline(False)
    comes_back(rosa.page, rosa.phrase)
    expect(text).to_have_value("An hour's work")
    expect(rosa.page).to_have_title(re.compile("Your text · Notebook$"))
    comes_back(second, rosa.phrase)


def test_hide_without_a_signal_is_told_to_the_server_later(phone: Any, house: House) -> None:
    rosa = phone()
    site = rosa.belongs_to(house.rosa())
    rosa.goto("/sheets/new")
    rosa.context.set_offline(True)
    rosa.press("Hide")
    expect(rosa.page).to_have_title("Notebook")
    with rosa.page.expect_response(lambda answer: answer.url.endswith("/hiding")):
        rosa.context.set_offline(False)
    second = rosa.context.new_page()
    second.goto(site)
    expect(second).to_have_title("Notebook")


def test_who_signs_in_on_another_page_comes_back_to_what_they_typed(phone: Any, house: House) -> None:
    rosa = phone()
    rosa.belongs_to(house.rosa())
    rosa.goto("/sheets/new")
    rosa.page.locator("#manuscript").fill("An hour's work")
    rosa.press("Hide")
    rosa.context.clear_cookies()
    rosa.page.get_by_label("Your words or digits").fill(rosa.phrase)
    rosa.press("Go on")
    with rosa.context.expect_page() as opened:
        rosa.follow("Sign in on another page")
    other = opened.value
    other.get_by_label("Sign-in name").fill("Rosa")
    other.get_by_label("Your words or digits").fill(rosa.phrase)
    other.get_by_role("radio", name="My own phone", exact=True).check()
    other.get_by_role("button", name="Sign in", exact=True).click()
    other.get_by_role("link", name="Not now").click()
    other.get_by_role("heading", level=1, name="Our notebook").wait_for()
    comes_back(rosa.page, rosa.phrase)
    expect(rosa.page.locator("#manuscript")).to_have_value("An hour's work")


def test_a_link_is_copied_and_the_empty_sheet_printed_by_a_button(phone: Any, house: House) -> None:
    rosa, bill = phone(), phone()
    site = rosa.belongs_to(house.rosa())
    rosa.context.grant_permissions(["clipboard-read", "clipboard-write"])
    link = invited(rosa, site)
    rosa.press("Copy the link")
    rosa.page.get_by_role("button", name="Copied").wait_for()
    assert rosa.page.evaluate("navigator.clipboard.readText()") == link

    bill.context.add_init_script("print = () => { document.title = 'printed'; }")
    bill.goto(link)
    bill.heading("Join")
    bill.page.get_by_label("Sign-in name").fill("Bill")
    bill.choose("24 digits")
    bill.choose("My own phone")
    bill.press("Go on")
    bill.page.get_by_text("A sheet to fill in by hand").first.click()
    bill.look("sheet-hint")
    bill.press("Print the sheet")
    expect(bill.page).to_have_title("printed")


def test_a_member_sees_where_they_would_join_before_they_do(phone: Any, house: House) -> None:
    rosa, bill = phone(), phone()
    site = rosa.belongs_to(house.rosa())
    rosa.goto(f"{site}/invitations")
    rosa.press("Invite somebody to start a group")
    bill.goto(str(rosa.page.locator("#link").inner_text()))
    bill.heading("A group of your own")
    bill.choose("Workplace")
    bill.page.get_by_label("Name of the group").fill("The Mill")
    bill.page.get_by_label("Country").select_option("GB")
    bill.page.get_by_label("Time zone").select_option("Europe/London")
    bill.become("Bill")
    bill.goto(invited(rosa, site))
    bill.heading("Join")
    bill.look("join-member")
    bill.press("Join")
    bill.heading("Our notebook")
    bill.goto("/devices")
    bill.look("devices-own")
    bill.goto("/sites")
    bill.look("sites")


def test_headings_break_where_letters_are_large(phone: Any, house: House, large_print: Any) -> None:
    rosa = phone(large_print)
    site = rosa.belongs_to(house.rosa())
    for path in ("", "/names", "/bulletins/new", "/members", "/invitations", "/events", "/departures/new"):
        rosa.goto(site + path)
        assert rosa.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
        bar = rosa.page.locator(".thumb, .deeds")
        if bar.count():
            expect(bar).to_have_css("position", "static")  # it scrolls away
        if folder := os.environ.get("PICTURES"):
            rosa.page.screenshot(path=f"{folder}/large{path.replace('/', '-')}.png", full_page=True)
