"""Without signal: the empty forms open, what is written waits in the phone, sealed, and is filed once."""

from __future__ import annotations

import uuid
from typing import Any

from playwright.sync_api import expect

from bulletin.db import db
from bulletin.domain.inbox.letters import Letter, ParkedLetter
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.site import founding
from tests.browser.test_doors import Phone, house, installation, phone  # noqa: F401
from tests.domain.conftest import ABOUT
from tests.web.house import House, Person

READY = """async () => (await navigator.serviceWorker.ready).active.state === "activated"
    && (await (await caches.open("offline")).keys()).length > 8"""

LAST = """async (site) => new Promise((go_on) => {
    const request = indexedDB.open("letters");
    request.onsuccess = () => {
        const found = request.result.transaction("keys").objectStore("keys").getAll();
        found.onsuccess = () => {
            request.result.close();
            const [one, other] = found.result.sort((one, other) => other.used - one.used);
            go_on(Boolean(other) && one.site === site);
        };
    };
})"""


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


def files(of: Person) -> None:
    """Until what came was opened: that is done after the answer, by whose page it is."""
    for _ in range(20):
        of.opens(of.site)
        if not waiting(of):
            return
    raise AssertionError("nobody files it")


def fill(page: Any, name: str, note: str) -> None:
    page.get_by_label("With whom?").fill(name)
    page.get_by_label("A short note").fill(note)


def test_a_talk_without_signal_waits_in_the_phone_and_is_filed_once(phone: Any, house: House) -> None:  # noqa: F811
    founder = house.rosa()
    rosa = phone(worker=True)
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
    expect(rosa.page.locator("#in-phone")).to_contain_text("1 waiting")
    expect(rosa.page.get_by_label("With whom?")).to_have_value("")
    rosa.look("offline-kept")
    rosa.goto("/")
    rosa.heading("No signal")
    rosa.look("offline")
    expect(rosa.page.locator("#in-phone")).to_contain_text("1 waiting")
    assert waiting(founder) == 0
    signal(rosa, True)
    expect(rosa.page.locator("#in-phone")).to_be_hidden()
    rosa.goto(site)
    files(founder)
    assert notes(founder) == [("Dora", "The lift sticks.", "Rosa")]
    assert waiting(founder) == 0


def test_a_talk_whose_page_was_killed_goes_out_from_a_locked_phone(phone: Any, house: House) -> None:  # noqa: F811
    founder = house.rosa()
    rosa = phone(worker=True)
    site = rosa.belongs_to(founder)
    ready(rosa)
    rosa.goto(f"{site}/conversations/new")
    fill(rosa.page, "Omar", "His shift is short.")
    signal(rosa, False)
    rosa.page.get_by_role("button", name="Save", exact=True).click()
    expect(rosa.page.locator(".sending")).to_contain_text("saved in this phone")
    rosa.look("offline-from-its-page")
    rosa.page.close()
    founder.sends("/devices/current/hiding")
    signal(rosa, True)
    rosa.page = rosa.context.new_page()
    rosa.goto(site)  # the dull page
    expect(rosa.page.get_by_role("button", name="Go on")).to_be_visible()
    for _ in range(100):
        if waiting(founder):
            break
        rosa.page.wait_for_timeout(50)
    assert waiting(founder) == 1
    founder.signs_in()
    files(founder)
    assert notes(founder) == [("Omar", "His shift is short.", "Rosa")]


def test_the_forms_open_at_once_and_no_page_with_names_is_kept(phone: Any, house: House) -> None:  # noqa: F811
    founder = house.rosa()
    with founder.inside() as me:
        Contact.add(me.site_id, "Dora Bell", by="Rosa")
        db.session.commit()
    rosa = phone(worker=True)
    site = rosa.belongs_to(founder)
    ready(rosa)
    for path in ("/contacts", "/conversations/new", "/members", "/letters"):
        rosa.goto(f"{site}{path}")
    kept = rosa.page.evaluate(
        """async () => Promise.all((await (await caches.open("offline")).matchAll()).map((one) => one.text()))"""
    )
    for text in kept:
        assert not any(name in text for name in ("Dora", "Rosa", "Depot", founder.site.rpartition("/")[2]))
    signal(rosa, False)
    for path in ("/conversations/new", "/actions/new"):
        rosa.goto(f"{site}{path}")
        took = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
        assert rosa.page.locator("form[data-kind]").count() == 1
        assert rosa.page.evaluate(took) < 5_000  # 500 where nothing else runs
    rosa.look("offline-action")
    for path in ("/offline/story", "/offline/draft"):
        rosa.goto(path)
        rosa.look(path[1:].replace("/", "-"))


COPIES = """async () => new Promise((go_on) => {
    const request = indexedDB.open("letters");
    request.onsuccess = () => {
        const found = request.result.transaction("copies").objectStore("copies").count();
        found.onsuccess = () => { request.result.close(); go_on(found.result); };
    };
})"""


def copies(by: Phone, count: int) -> None:
    """Until so many of what is typed are kept."""
    for _ in range(200):
        if by.page.evaluate(COPIES) == count:
            return
        by.page.wait_for_timeout(50)
    raise AssertionError(by.page.evaluate(COPIES))


def another_tab(by: Phone) -> None:
    """The one that was open is ended by the phone."""
    by.page.close()
    by.page = by.context.new_page()
    by.page.on("pageerror", lambda error: by.stopped.append(str(error)))


def test_what_was_typed_when_the_tab_was_ended_is_put_back_where_it_was(phone: Any, house: House) -> None:  # noqa: F811
    founder = house.rosa()
    with founder.inside() as me:
        dora = Contact.add(me.site_id, "Dora", by="Rosa").id
        db.session.commit()
    rosa = phone(worker=True)
    site = rosa.belongs_to(founder)
    ready(rosa)
    rosa.goto(f"{site}/contacts/{dora}/edit")
    notes_of = rosa.page.get_by_label("Notes")
    notes_of.fill("Asks about the night shift.")
    copies(rosa, 1)
    another_tab(rosa)
    rosa.goto(site)
    rosa.look("typed-and-not-saved")
    rosa.page.get_by_role("link", name="What you typed on").click()
    notes_of = rosa.page.get_by_label("Notes")
    expect(notes_of).to_have_value("")
    rosa.look("typed-before")
    rosa.page.get_by_role("button", name="Put it back").click()
    expect(rosa.page.get_by_role("button", name="Put it back")).to_have_count(0)  # it is done
    expect(notes_of).to_have_value("Asks about the night shift.")
    # Without signal it says that a copy is kept, and the words outlive the page once more; then they are saved.
    signal(rosa, False)
    rosa.page.get_by_role("button", name="Save", exact=True).click()
    expect(rosa.page.locator(".sending")).to_contain_text("A sealed copy is in this phone")
    another_tab(rosa)
    signal(rosa, True)
    rosa.goto(f"{site}/contacts/{dora}/edit")
    notes_of = rosa.page.get_by_label("Notes")
    rosa.page.get_by_role("button", name="Put it back").click()
    expect(rosa.page.get_by_role("button", name="Put it back")).to_have_count(0)  # it is done
    expect(notes_of).to_have_value("Asks about the night shift.")
    rosa.page.get_by_role("button", name="Save", exact=True).click()
    rosa.page.wait_for_url("**/contacts/*")
    copies(rosa, 0)
    with founder.inside() as me:
        assert Contact.of(me.site_id, dora).details.notes == "Asks about the night shift."  # type: ignore[union-attr]


def test_what_needs_fixing_stands_whole_on_a_page(phone: Any, house: House) -> None:  # noqa: F811
    founder = house.rosa()
    rosa = phone(worker=True)
    site = rosa.belongs_to(founder)
    ready(rosa)
    rosa.goto("/offline/talk")
    fill(rosa.page, "Pia", "The tea urn is broken.")
    rosa.page.get_by_text("It was another day").click()
    rosa.page.get_by_label("Which day?").fill("1999-01-01")
    rosa.page.get_by_role("button", name="Save", exact=True).click()
    expect(rosa.page.locator("#kept")).to_be_visible()
    expect(rosa.page.locator("#in-phone")).to_be_hidden()
    rosa.goto(site)
    files(founder)
    rosa.goto(site)
    rosa.follow("1 from a phone needs fixing")
    rosa.heading("Needs fixing")
    expect(rosa.page.locator("main:visible")).to_contain_text("The tea urn is broken.")
    rosa.look("needs-fixing")
    rosa.press("Throw it away")
    expect(rosa.page.locator("main:visible")).to_contain_text("Nothing does.")


def test_a_member_of_two_groups_says_for_which_one_it_is(phone: Any, house: House) -> None:  # noqa: F811
    founder = house.rosa()
    rosa = phone(worker=True)
    first = rosa.belongs_to(founder)
    ready(rosa)
    with founder.inside() as me:
        mill, _standing = founding.found_site(me.site.network, me.member, name="Mill", **ABOUT)
        second = f"/sites/{mill.id}"
        db.session.commit()
    for site, name in ((first, "Garden club"), (second, "Choir")):
        founder.sends(f"{site}/names", screen_name=name)
    rosa.page.evaluate("indexedDB.deleteDatabase('letters')")  # else what it knows is fresh for half a day
    for site, name in ((first, "Garden club"), (second, "Choir")):
        rosa.goto(site)
        rosa.heading(name)
    rosa.goto(f"{first}/contacts")
    rosa.page.wait_for_function(LAST, arg=uuid.UUID(first[7:]).hex)
    signal(rosa, False)
    rosa.goto("/offline/talk")
    expect(rosa.page.get_by_role("radio", name="Garden club")).to_be_checked()
    rosa.look("offline-two-groups")
    for name, group in (("Omar", "Choir"), ("Pia", "")):  # the last one stays ticked
        fill(rosa.page, name, "The lift sticks.")
        if group:
            rosa.choose(group)
        rosa.page.get_by_role("button", name="Save", exact=True).click()
        expect(rosa.page.locator("#kept")).to_be_visible()
    signal(rosa, True)
    expect(rosa.page.locator("#in-phone")).to_be_hidden()
    files(founder)
    assert notes(founder) == []
    founder.site = second
    files(founder)
    assert len(notes(founder)) == 2
