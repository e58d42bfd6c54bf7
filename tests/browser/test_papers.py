"""A paper on two phones: begun, written by two at once, agreed, printed, and fetched by a stranger with a ticket."""

from __future__ import annotations

import pathlib
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_doors import Phone, house, installation, phone  # noqa: F401
from tests.web.house import House


@pytest.fixture
def two(phone: Any, house: House) -> tuple[Phone, Phone]:  # noqa: F811
    """Rosa and Bill, both in."""
    founder = house.rosa()
    rosa, bill = phone(), phone()
    bill.belongs_to(house.joined(founder, "Bill", decides=False))
    rosa.belongs_to(founder)
    return rosa, bill


def full(page: Any) -> Any:
    """What is said of how full it is, once that is measured and not out of date."""
    return expect(page.locator("#fit:not(.old) #full")).to_contain_text("full")


def downloaded(page: Any, press: Any) -> tuple[str, bytes]:
    with page.expect_download() as waiting:
        press()
    return waiting.value.suggested_filename, pathlib.Path(waiting.value.path()).read_bytes()


def test_a_no_deal_from_the_first_question_to_a_strangers_printer(two: tuple[Phone, Phone], phone: Any) -> None:  # noqa: F811
    rosa, bill = two
    rosa.follow("Papers")
    rosa.heading("Papers")
    rosa.look("papers-none")
    rosa.follow("Begin one")
    rosa.heading("Begin a paper")
    rosa.look("papers-begin")
    rosa.follow("We say no")
    rosa.heading("We say no")
    rosa.look("papers-questions")
    rosa.page.get_by_label("Headline").fill("A pay rise that pays less")
    rosa.page.get_by_label("What does the offer say").fill("The offer says five per cent. Our break is on page nine.")
    expect(rosa.page.locator("#kept")).to_have_text("Saved.")
    bill.follow("Papers")
    expect(bill.page.get_by_role("link", name="A pay rise that pays less")).to_be_visible()  # before anybody pressed
    rosa.press("Begin", exact=True)
    rosa.heading("No. 1")
    full(rosa.page)
    rosa.look("paper")
    paper = rosa.page.url
    place = rosa.page.locator("#sheet").bounding_box()
    rosa.page.mouse.click(place["x"] + 150, place["y"] + 60)
    rosa.page.wait_for_url("**/header")  # a tap on the sheet opens what is tapped
    rosa.goto(paper)

    # Two write at once, each at a piece of their own, and both see how full it is.
    bill.goto(paper)
    bill.page.locator(".piece", has_text="What is missing").click()
    rosa.page.locator(".piece", has_text="The offer says").click()
    bill.page.get_by_label("Text").fill(
        "The cleaners are missing. They were not asked, and they had done the sum first."
    )
    rosa.page.get_by_label("Text").fill("The offer says five per cent.\n\n" + "We read all twelve pages of it. " * 40)
    for one in (rosa, bill):
        expect(one.page.locator("#status")).to_have_text("Saved.")
        full(one.page)
    rosa.look("paper-piece")
    rosa.page.emulate_media(color_scheme="dark")
    rosa.look("paper-piece-dark")
    rosa.page.emulate_media(color_scheme="light")
    # What was typed last is there after a reload, though nobody waited for it.
    rosa.page.on("dialog", lambda asked: asked.accept())
    last = "The offer says five per cent.\n\n" + "We read all twelve pages of it, twice. " * 30
    rosa.page.get_by_label("Text").fill(last)
    rosa.page.reload()
    expect(rosa.page.get_by_label("Text")).to_have_value(last)
    rosa.page.locator("#back").click()
    expect(rosa.page.locator(".pieces")).to_have_count(3)
    assert "The cleaners are missing" in rosa.page.locator("main:visible").inner_text()

    # Both at the same piece: nobody's words are lost.
    piece = rosa.page.locator(".piece", has_text="The offer says").get_attribute("href")
    rosa.goto(piece)
    with bill.page.expect_response(lambda answer: "json" in answer.headers.get("content-type", "")):
        bill.goto(piece)  # it asks once whether its words are still the last ones: they are
    rosa.page.get_by_label("Text").fill("Rosa says: read page nine.")
    expect(rosa.page.locator("#status")).to_have_text("Saved.")
    bill.page.get_by_label("Text").fill("Bill says: do the sum.")
    expect(bill.page.locator("#status")).to_contain_text("Somebody else has changed this")
    bill.press("Save", exact=True)
    assert "Rosa says: read page nine." in bill.page.get_by_label("What Rosa wrote").input_value()
    assert bill.page.get_by_label("Text", exact=True).input_value() == "Bill says: do the sum."
    bill.page.get_by_label("What Rosa wrote").wait_for()
    bill.look("paper-both")
    bill.page.get_by_label("Text", exact=True).fill("Read page nine, then do the sum. " * 30)
    bill.press("Save", exact=True)
    expect(bill.page.locator(".piece", has_text="Read page nine")).to_be_visible()

    # Bill takes out the wrong one, and undoes it.
    item = bill.page.locator(".pieces li", has_text="The cleaners are missing")
    item.locator("summary").click()
    item.get_by_role("button", name="Take it out").click()
    expect(bill.page.locator(".pieces li", has_text="The cleaners are missing")).to_have_count(0)
    bill.look("paper-taken-out")
    bill.press("Undo")
    expect(bill.page.locator(".pieces li", has_text="The cleaners are missing")).to_be_visible()

    # Proposed, objected to, changed, agreed.
    rosa.goto(paper)
    rosa.press("Propose it")
    expect(rosa.page.locator(".state")).to_contain_text("1 of 2 agree")
    bill.goto(paper)
    bill.page.locator("summary", has_text="I object").click()
    bill.press("Object", exact=True)
    expect(bill.page.locator(".problem")).to_contain_text("Say why you object")
    bill.page.locator("details:has(#reason)").evaluate("one => one.open = true")
    bill.page.get_by_label("What should be different?").fill("The headline promises too much.")
    bill.press("Object", exact=True)
    expect(bill.page.locator("#voices")).to_contain_text("The headline promises too much.")
    rosa.goto(paper)
    expect(rosa.page.locator("#voices")).to_contain_text("The headline promises too much.")
    rosa.look("paper-objected")
    rosa.page.locator(".piece").first.click()
    rosa.page.get_by_label("Headline").fill("Five per cent less")
    rosa.press("Save", exact=True)
    expect(rosa.page.locator(".state")).to_contain_text("0 of 2 agree")
    rosa.press("I agree")
    bill.goto(paper)
    bill.press("I agree")
    expect(bill.page.locator(".state")).to_contain_text("agreed")

    # Bill corrects a slip, which waits for Rosa.
    bill.page.locator(".piece", has_text="Read page nine").click()
    bill.page.get_by_label("Text", exact=True).fill(
        "Read page ten, then do the sum. " + "Read page nine, then do the sum. " * 29
    )
    bill.page.get_by_label("I correct a slip").check()
    bill.press("Save", exact=True)
    expect(bill.page.locator("#waiting")).to_contain_text("Take my correction back")
    rosa.goto(paper)
    rosa.page.locator("#waiting").scroll_into_view_if_needed()
    rosa.look("paper-correction-waits")
    rosa.press("Yes, correct it")
    expect(rosa.page.locator("#waiting")).to_have_count(0)
    expect(rosa.page.locator(".state")).to_contain_text("agreed")

    # Paper, and the same sheet again.
    bill.follow("Get the paper")
    bill.heading("Take it away")
    bill.look("paper-away")
    name, sheet = downloaded(bill.page, lambda: bill.press("Get the PDF"))
    assert re.fullmatch(r"(\d+|sheet)\.pdf", name)
    assert sheet.startswith(b"%PDF")
    bill.page.reload()
    _name, again = downloaded(bill.page, lambda: bill.follow("The same sheet again"))
    assert again == sheet

    # A ticket for the library, opened by somebody without an account.
    bill.page.get_by_role("link", name="Hand-outs, and a short address").click()
    bill.page.get_by_label("Where?").fill("Gate B")
    bill.page.get_by_label("From").fill("23:30")
    bill.press("Plan it")
    bill.press("Make a short address")
    bill.page.locator(".copy").first.wait_for()
    address = bill.page.locator(".copy").first.inner_text()
    bill.look("paper-handout")
    stranger = phone()
    answer = stranger.context.request.get(address)
    assert (answer.status, answer.body()) == (200, sheet)
    assert stranger.context.request.get(address[:-1] + ("a" if address[-1] != "a" else "b")).status == 404
    rosa.goto("/sites/mine")
    expect(rosa.page.locator(".next")).to_contain_text("Gate B")
    rosa.look("start-next")
    rosa.follow("Get the paper")


def test_what_is_typed_before_the_script_has_come_is_saved(two: tuple[Phone, Phone]) -> None:
    rosa, _bill = two
    rosa.goto(rosa.page.url + "/bulletins/new?kind=strike")
    rosa.page.get_by_label("Headline").fill("We stop on Monday")
    rosa.press("Begin", exact=True)
    rosa.heading("No. 1")
    late: list[Any] = []
    rosa.page.route("**/piece_editor.js*", lambda route: late.append(route))
    rosa.page.locator(".piece").first.click(no_wait_after=True)
    rosa.page.get_by_label("Headline").fill("We stop on Tuesday")
    late[0].continue_()
    rosa.page.wait_for_load_state()
    rosa.press("Save", exact=True)
    expect(rosa.page.locator(".piece").first).to_contain_text("We stop on Tuesday")
