"""A dead spot takes nothing: what was typed stays on the page, is sent when there is signal, and is there once."""

from __future__ import annotations

import pathlib
from typing import Any

from playwright.sync_api import expect

from tests.browser.test_doors import Phone, house, installation, phone  # noqa: F401
from tests.browser.test_papers import two  # noqa: F401

SAID = "They count our minutes, and nobody counts theirs. " * 6


def says(by: Phone, words: str) -> None:
    expect(by.page.locator(".sending")).to_contain_text(words)


def signal(by: Phone, there: bool) -> None:
    by.context.set_offline(not there)


def test_a_dead_spot_takes_nothing(two: tuple[Phone, Phone], tmp_path: pathlib.Path) -> None:  # noqa: F811
    rosa, bill = two
    page, site = rosa.page, rosa.page.url

    # A kind's questions.
    rosa.goto(f"{site}/bulletins/new?kind=strike")
    page.get_by_label("Headline").fill("We stop on Monday")
    answers = page.locator("textarea")
    for index in range(answers.count()):
        answers.nth(index).fill(f"{index}: {SAID}")
    signal(rosa, False)
    rosa.press("Begin", exact=True)
    # Said by the form, or by what keeps it from the first key on.
    expect(page.locator("main:visible")).to_contain_text("our words are still here.")
    rosa.look("sending-questions")
    expect(answers.nth(0)).to_have_value(f"0: {SAID}")
    signal(rosa, True)
    rosa.heading("No. 1")
    assert page.locator("main:visible").inner_text().count("0: They count our minutes") == 1

    # A talk; the signal is back, and somebody has typed on meanwhile: it waits for the button.
    rosa.goto(f"{site}/conversations/new")
    page.get_by_label("With whom?").fill("Omar")
    page.get_by_label("be careful with them").check()
    page.get_by_label("A short note").fill("The lift sticks.")
    signal(rosa, False)
    rosa.press("Save", exact=True)
    says(rosa, "It is saved in this phone, sealed, and goes out by itself")
    rosa.look("sending-talk")
    page.get_by_label("A short note").fill("The lift sticks. He wrote it up twice.")
    signal(rosa, True)
    says(rosa, "press it again")
    rosa.press("Save", exact=True)
    page.wait_for_url("**/next")
    rosa.goto(f"{site}/contacts")
    rosa.follow("Omar")
    expect(page.locator("main:visible")).to_contain_text("The lift sticks. He wrote it up twice.")

    # A slow line, a sentence added: it is said, and saved where one wants it.
    rosa.goto(f"{site}/conversations/new")
    page.get_by_label("With whom?").fill("Pia")
    note = page.get_by_label("A short note")
    note.fill("Her shift is short.")

    def slow(route: Any) -> None:
        answer = route.fetch()
        note.fill("Her shift is short. Two of three came.")
        route.fulfill(response=answer)

    page.route("**/conversations", slow, times=1)
    rosa.press("Save", exact=True)
    says(rosa, "What you typed at last is not saved yet")
    rosa.press("Save", exact=True)
    rosa.heading("Saved before, with other words")
    rosa.look("sending-other-words")
    expect(page.locator("#typed")).to_have_value("Pia\n\nHer shift is short. Two of three came.")
    with page.context.expect_page() as opened:
        rosa.follow("See what is kept, on another page")
    opened.value.close()

    # A file; what is wrong with it is said as the server says it, and what it goes on to is a step back.
    rosa.goto(f"{site}/imports/new")
    rosa.press("Show who is in it")
    expect(page.locator("#problem")).to_be_focused()
    assert page.title().startswith("Error: ")
    names = tmp_path / "names.csv"
    names.write_text("Name;Phone\nElif;07700 900123\nGoran;07700 900456\n")
    page.locator("input[type=file]").set_input_files(names)
    signal(rosa, False)
    rosa.press("Show who is in it")
    says(rosa, "No signal")
    signal(rosa, True)
    rosa.heading("Who is to be kept?")
    page.locator("#take").get_by_label("Elif").check()
    expect(page.locator("#ticked")).to_contain_text("(1)")  # its own script runs
    page.go_back()
    expect(page.locator("input[type=file]")).to_be_visible()

    # The server is not reached, and then it is busy: the same.
    bill.goto(f"{site}/map")
    refused = iter([503, 502])

    def refuse(route: Any) -> None:
        status = next(refused, None)
        route.fulfill(status=status, headers={"Retry-After": "1"}) if status else route.continue_()

    bill.page.route("**/departments", refuse)
    bill.page.get_by_label("Name of the department").fill("Packing")
    bill.page.locator("form", has_text="Name of the department").get_by_role("button").click()
    says(bill, "too much to do just now")
    bill.heading("Packing")

    # Hidden while it waits: nothing comes into view before the words are typed, and then it is sent.
    bill.goto(f"{site}/map")
    bill.page.get_by_label("Name of the shift").fill("Nights")
    signal(bill, False)
    bill.page.locator("form", has_text="Name of the shift").get_by_role("button").click()
    says(bill, "No signal")
    bill.press("Hide")
    with bill.page.expect_response(lambda answer: answer.request.method == "POST"):
        signal(bill, True)
    expect(bill.page.locator("#blank")).to_be_visible()
    bill.page.locator("#blank-words").fill(bill.phrase)
    bill.press("Go on")
    bill.heading("Nights")


SHARES = """
const asked = window.matchMedia;
window.matchMedia = (query) => query.includes("pointer: coarse") ? { matches: true } : asked.call(window, query);
navigator.canShare = () => true;
navigator.share = async ({ files }) => {
  const given = document.getElementById("given") ?? document.createElement("p");
  given.id = "given";
  given.textContent = files[0].name;
  document.body.append(given);
};
"""


def test_a_dead_spot_takes_no_correction_and_no_print_run(two: tuple[Phone, Phone]) -> None:  # noqa: F811
    rosa, bill = two
    rosa.goto(f"{rosa.page.url}/bulletins/new?kind=strike")
    rosa.page.get_by_label("Headline").fill("We stop on Monday")
    rosa.page.locator("textarea").first.fill(SAID)
    rosa.press("Begin", exact=True)
    rosa.heading("No. 1")
    paper = rosa.page.url

    # A button alone: the page stays, and says that it was not done yet.
    signal(rosa, False)
    rosa.press("Propose it")
    says(rosa, "No signal: this was not done yet.")
    rosa.look("sending-button")
    signal(rosa, True)
    expect(rosa.page.locator(".state")).to_contain_text("1 of 2 agree")
    bill.goto(paper)
    bill.press("I agree")
    expect(bill.page.locator(".state")).to_contain_text("agreed")

    # The correction: kept by the page, and sent when the signal is back; what is wrong with it is said there.
    page = bill.page
    page.locator(".piece").first.click()
    page.get_by_label("Line below it").fill("Everybody")
    bill.press("Save", exact=True)
    expect(page.locator("#problem")).to_be_focused()
    expect(page.get_by_label("Line below it")).to_have_value("Everybody")
    page.get_by_label("I correct a slip").check()
    signal(bill, False)
    bill.press("Save", exact=True)
    says(bill, "No signal: your words are still here.")
    bill.look("sending-correction")
    signal(bill, True)
    page.wait_for_url("**/bulletins/*")
    expect(page.locator("main:visible")).to_contain_text("A correction waits")

    # The sheet, on a phone that shares files: the page stays with what was filled in, and the file comes later.
    page.add_init_script(SHARES)
    bill.follow("Get the paper")
    page.get_by_label("How many copies?").fill("250")
    signal(bill, False)
    bill.press("Get the PDF")
    says(bill, "No signal: your words are still here.")
    bill.look("sending-print-run")
    page.locator(".card summary").first.click()
    page.get_by_role("link", name="Save or send it").first.click()
    expect(page.locator(".sending", has_text="No signal. Try again.")).to_be_visible()
    signal(bill, True)
    expect(page.locator("#given")).to_have_text("1.pdf")
    expect(page.get_by_label("How many copies?")).to_have_value("250")
    page.get_by_role("link", name="Save or send it").first.click()
    expect(page.locator("#given")).to_have_text("1-0.png")
