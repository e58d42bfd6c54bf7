"""Without signal: the empty forms open, what is written waits in the phone, sealed, and is filed once."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from bulletin.domain.inbox.letters import Letter, ParkedLetter
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.conversations import Conversation
from tests.browser.test_doors import Phone, house, installation, phone  # noqa: F401
from tests.web.house import House, Person

READY = """async () => (await navigator.serviceWorker.ready).active.state === "activated"
    && (await (await caches.open("offline")).keys()).length > 10"""


def signal(by: Phone, there: bool) -> None:
    by.context.set_offline(not there)


def ready(by: Phone) -> None:
    """Until it keeps what it needs without signal."""
    by.page.wait_for_function(READY, timeout=20_000)


def notes(of: Person) -> list[tuple[str, str, str]]:
    """With whom, what, by whom, of all talks that were filed."""
    with of.inside() as me:
        assert ParkedLetter.at(me.site_id) == []
        return [
            (one.name, talk.said.note, talk.entry.by)  # type: ignore[union-attr]
            for one in Contact.at(me.site_id)
            for talk in Conversation.all_of(one)
        ]


def waiting(of: Person) -> int:
    with of.inside() as me:
        return Letter.count_at(me.site_id)


def fill(page: Any, name: str, note: str) -> None:
    page.get_by_label("With whom?").fill(name)
    page.get_by_label("A short note").fill(note)


def test_a_talk_without_signal_waits_in_the_phone_and_is_filed_once(phone: Any, house: House) -> None:  # noqa: F811
    founder = house.rosa()
    rosa = phone()
    site = rosa.belongs_to(founder)
    ready(rosa)
    signal(rosa, False)
    rosa.follow("Note a talk")
    rosa.heading("Note a talk")
    rosa.look("offline-talk")
    rosa.page.get_by_role("button", name="Save", exact=True).click()
    expect(rosa.page.locator("#problem")).to_have_text("Write something first.")
    fill(rosa.page, "Dora", "The lift sticks.")
    rosa.page.get_by_role("button", name="Save", exact=True).click()
    expect(rosa.page.locator("#kept")).to_be_visible()
    expect(rosa.page.locator("#waiting")).to_contain_text("1 waiting")
    expect(rosa.page.get_by_label("With whom?")).to_have_value("")
    rosa.look("offline-kept")
    rosa.goto("/")
    rosa.heading("No signal")
    rosa.look("offline")
    expect(rosa.page.locator("#waiting")).to_contain_text("1 waiting")
    assert waiting(founder) == 0
    signal(rosa, True)
    expect(rosa.page.locator("#waiting")).to_be_hidden()
    rosa.goto(site)
    rosa.goto(site)
    assert notes(founder) == [("Dora", "The lift sticks.", "Rosa")]
    assert waiting(founder) == 0
