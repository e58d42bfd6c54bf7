"""A phone of one's own: opened by six digits, hidden by a tap or by itself, signed out after five wrong ones."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from bulletin.domain.site.accounts import devices
from tests.browser.test_doors import PIN, Phone, house, installation, phone  # noqa: F401
from tests.web.house import House

WRONG = "735914"


def types(person: Phone, pin: str) -> None:
    person.page.locator("input.pin:visible").fill(pin)
    person.press("Go on")


def with_pin(phone: Any, house: House) -> Phone:  # noqa: F811
    rosa: Phone = phone()
    rosa.belongs_to(house.rosa())
    rosa.goto(f"/devices/pin?next={rosa.page.url.removeprefix(rosa.address)}")
    rosa.page.locator("#words").fill(rosa.phrase)
    rosa.look("pin-words")
    rosa.chooses_digits()
    rosa.heading("Our notebook")
    return rosa


def test_from_signing_in_with_six_digits_to_the_fifth_wrong_one(phone: Any, house: House) -> None:  # noqa: F811
    founder, rosa = house.rosa(), phone()
    rosa.goto(f"{founder.site}/contacts")
    rosa.page.get_by_label("Sign-in name").fill("Rosa")
    rosa.page.get_by_label("Your words or digits").fill(founder.phrase)
    rosa.choose("My own phone")
    rosa.press("Sign in", exact=True)
    rosa.heading("Six digits for this phone")
    rosa.page.get_by_label("Six digits").fill("123456")
    rosa.page.get_by_label("The same once more").fill("123456")
    rosa.press("Save the digits")
    rosa.page.get_by_text("Many people choose these").first.wait_for()
    rosa.look("pin-errors")
    rosa.chooses_digits()
    rosa.page.wait_for_url("**/contacts")
    place = rosa.page.url

    rosa.press("Hide")
    rosa.look("blank-pin")
    rosa.goto(place)
    rosa.look("hidden-pin")
    rosa.press("Hide")  # once more: the same corner, and nothing at all is asked
    expect(rosa.page.locator("input.pin")).to_be_hidden()
    rosa.look("hidden-hidden")
    rosa.press("Show again")
    rosa.page.get_by_text("Lost it? Use your words").click()
    rosa.look("hidden-words")
    types(rosa, PIN)
    rosa.page.wait_for_url(place)

    rosa.goto("/devices")
    rosa.look("devices-pin")
    rosa.follow("Change the six digits")
    rosa.look("pin-change")
    rosa.goto("/devices/sheet")
    rosa.look("sheet")
    rosa.page.emulate_media(media="print")
    rosa.prints_an_empty_sheet()
    rosa.page.emulate_media(media="screen")
    rosa.goto(place)
    rosa.press("Hide")
    rosa.goto(place)
    for left in (4, 3, 2, 1):
        types(rosa, WRONG)
        rosa.page.get_by_text(f"You have {left} ").first.wait_for()
    rosa.look("hidden-wrong")
    types(rosa, WRONG)
    rosa.heading("Sign in")
    rosa.page.get_by_text("wrong five times").wait_for()
    rosa.look("sign-in-ended")


def test_what_was_typed_when_it_closed_is_sent_when_the_digits_are_there(
    phone: Any,  # noqa: F811
    house: House,  # noqa: F811
    monkeypatch: Any,
) -> None:
    rosa = with_pin(phone, house)
    site = rosa.page.url
    rosa.goto(f"{site}/conversations/new")
    rosa.page.get_by_label("With whom?").fill("Omar")
    rosa.page.get_by_label("A short note").fill("The lift sticks.")
    with monkeypatch.context() as patch:
        later = devices.now() + devices.timedelta(minutes=16)
        patch.setattr(devices, "now", lambda: later)
        rosa.page.get_by_role("button", name="Save", exact=True).click()
        expect(rosa.page.locator("#blank")).to_be_visible()
        expect(rosa.page.get_by_text("Omar")).to_be_hidden()
        types(rosa, PIN)
        rosa.page.wait_for_url("**/next")
    rosa.goto(f"{site}/contacts")
    rosa.follow("Omar")
    expect(rosa.page.locator("main:visible")).to_contain_text("The lift sticks.")


def test_a_page_that_nobody_touches_is_hidden_by_itself_and_without_signal_it_says_what_remains(
    phone: Any,  # noqa: F811
    house: House,  # noqa: F811
) -> None:
    rosa = with_pin(phone, house)
    rosa.page.clock.install()
    rosa.goto(rosa.page.url)
    rosa.page.clock.fast_forward("14:00")
    expect(rosa.page.locator("#blank")).to_be_hidden()
    rosa.page.locator("h1").click()
    rosa.page.clock.fast_forward("14:00")
    expect(rosa.page.locator("#blank")).to_be_hidden()
    rosa.page.clock.fast_forward("02:00")
    expect(rosa.page.locator("#blank")).to_be_visible()
    expect(rosa.page).to_have_title("Notebook")
    types(rosa, PIN)
    expect(rosa.page.locator("#blank")).to_be_hidden()

    rosa.context.set_offline(True)
    rosa.press("Hide")
    rosa.page.get_by_text("No signal: leave this page open").wait_for()
    rosa.look("blank-offline")
    rosa.context.set_offline(False)
    rosa.page.clock.fast_forward("00:06")
    expect(rosa.page.locator("#untold")).to_be_hidden()
    types(rosa, PIN)
    rosa.heading("Our notebook")
