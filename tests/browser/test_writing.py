"""Rosa writes on her phone: the sheet follows, and nothing typed is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .conftest import TEXT

WRONG = TEXT.replace("2026-11-23", "next week")  # line 5
TOO_LONG = TEXT + "\n".join(f"::: echo Story {n}\n{'Much has happened here. ' * 60}\n:::\n" for n in range(30))


def text_of(page):
    return page.get_by_label("Text", exact=True)


def sheet_of(page):
    return page.frame_locator("#sheet")


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def script(request):
    return request.param


def test_from_a_kind_to_its_sample_and_its_sheet(phone, script):
    page = phone("/", java_script_enabled=script)
    page.get_by_role("link", name="Start from this").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your text")
    assert text_of(page).input_value().startswith("---\nkind: regular\n")
    expect(sheet_of(page).locator("h1")).to_be_visible()


def test_the_sheet_follows_as_rosa_types(phone):
    page = phone("/sheets/new")
    expect(page.locator("#result")).to_be_hidden()
    text_of(page).fill(TEXT)
    expect(sheet_of(page).locator("h1")).to_contain_text("Nobody drives alone")
    text_of(page).press("Control+End")
    text_of(page).press_sequentially("::: echo Bay 5\nSo is this one.\n:::\n")
    expect(sheet_of(page).get_by_role("heading", name="Bay 5")).to_be_visible()
    expect(text_of(page)).to_be_focused()
    assert page.url.endswith("/sheets/new")


def test_only_the_words_change_where_the_style_is_the_same(phone):
    """A new document in the frame would flicker, and be scrolled to its top."""
    page = phone("/sheets/new?kind=regular")
    expect(sheet_of(page).locator("h1")).to_be_visible()
    page.evaluate("document.getElementById('sheet').contentDocument.documentElement.dataset.mark = 'same'")
    text_of(page).fill(text_of(page).input_value().replace("headline: ", "headline: Once more "))
    expect(sheet_of(page).locator("h1")).to_contain_text("Once more")
    expect(sheet_of(page).locator("html")).to_have_attribute("data-mark", "same")


def test_a_late_answer_does_not_undo_a_newer_sheet(phone):
    page = phone("/sheets/new")
    held = []
    page.route("**/previews", lambda route: route.continue_() if held else held.append(route))
    text_of(page).fill(TEXT.replace("Nobody drives alone", "The first words"))
    with page.expect_request("**/previews"):
        pass
    text_of(page).fill(TEXT.replace("Nobody drives alone", "The second words"))
    expect(sheet_of(page).locator("h1")).to_contain_text("The second words")
    held[0].fulfill(json={"errors": [], "sheet": "<h1>The first words</h1>", "shape": "a4 sides-1", "language": "en"})
    text_of(page).press("End")
    expect(sheet_of(page).locator("h1")).to_contain_text("The second words")


def test_the_sheet_follows_the_paper(phone):
    page = phone("/sheets/new?kind=meeting")
    for name, ratio in (("US Letter", 279.4 / 215.9), ("A4", 297 / 210)):
        page.get_by_label(name).check()
        expect(page.locator("#sheet")).to_have_class(f"sheet {'letter' if 'L' in name else 'a4'} sides-1")
        box = page.locator("#sheet").bounding_box()
        assert box["height"] / box["width"] == pytest.approx(ratio, abs=0.02)


def test_without_script_a_button_shows_the_sheet(phone):
    page = phone("/sheets/new", java_script_enabled=False)
    text_of(page).fill(TEXT)
    page.get_by_label("US Letter").check()
    page.get_by_role("button", name="See the page").click()
    expect(sheet_of(page).locator("h1")).to_contain_text("Nobody drives alone")
    expect(page.get_by_role("heading", name="The page", exact=True)).to_be_in_viewport()
    expect(text_of(page)).to_have_value(TEXT)
    expect(page.get_by_label("US Letter")).to_be_checked()


def test_with_script_the_button_goes_to_the_sheet(phone):
    page = phone("/sheets/new?kind=regular")
    page.get_by_role("button", name="See the page").click()
    expect(page.get_by_role("heading", name="The page", exact=True)).to_be_in_viewport()
    assert page.url.endswith("?kind=regular")


def test_rosa_takes_the_pdf_away(phone, script, tmp_path):
    page = phone("/sheets/new", java_script_enabled=script)
    text_of(page).fill(TEXT)
    with page.expect_download() as download:
        page.get_by_role("button", name="Get the PDF").click()
    assert download.value.suggested_filename == "7.pdf"
    download.value.save_as(tmp_path / "7.pdf")
    assert (tmp_path / "7.pdf").read_bytes().startswith(b"%PDF-")
    expect(text_of(page)).to_have_value(TEXT)
    if script:
        expect(page.get_by_role("status")).to_have_text("Here it is: 7.pdf")


def test_a_text_too_long_is_told_so_beside_the_field(phone, script):
    page = phone("/sheets/new", java_script_enabled=script)
    text_of(page).fill(TOO_LONG)
    page.get_by_role("button", name="Get the PDF").click()
    error = page.locator("#manuscript-error")
    expect(error).to_contain_text("too long", timeout=90_000)
    expect(text_of(page)).to_have_value(TOO_LONG)
    expect(text_of(page)).to_have_attribute("aria-invalid", "true")
    if script:
        expect(error).to_be_focused()
        expect(error).to_be_in_viewport()


def test_an_error_leads_to_its_line(phone):
    page = phone("/sheets/new")
    wrong = TOO_LONG.replace("::: echo Story 20", "::: ekho Story 20")
    text_of(page).fill(wrong)
    error = page.locator("#manuscript-error")
    expect(error).to_contain_text("ekho")
    expect(error.locator("q")).to_have_text("::: ekho Story 20")
    page.get_by_role("link", name="Go to the line").click()
    expect(text_of(page)).to_be_focused()
    chosen = text_of(page).evaluate("one => one.value.slice(one.selectionStart, one.selectionEnd)")
    assert chosen == "::: ekho Story 20"
    # Above it two thirds of the text, below it one third: the view is somewhere there, not at an end.
    scrolled = text_of(page).evaluate("one => one.scrollTop / one.scrollHeight")
    assert 0.6 < scrolled < 0.75
    page.keyboard.type("::: echo Story 20")
    expect(error).to_be_hidden()


def test_without_script_an_error_is_summed_up_and_leads_to_the_field(phone):
    page = phone("/sheets/new", java_script_enabled=False)
    text_of(page).fill(WRONG)
    page.get_by_role("button", name="See the page").click()
    expect(page).to_have_title("Error: Your text · Notebook")
    summary = page.get_by_role("alert")
    expect(summary).to_be_in_viewport()
    summary.get_by_role("link").click()
    expect(text_of(page)).to_be_focused()
    expect(text_of(page)).to_have_value(WRONG)


def test_a_mended_text_takes_the_error_away(phone):
    page = phone("/sheets/new")
    text_of(page).fill(WRONG)
    expect(page.locator("#manuscript-error")).to_contain_text("Line 5")
    text_of(page).fill(TEXT)
    expect(page.locator("#manuscript-error")).to_be_hidden()
    expect(text_of(page)).not_to_have_attribute("aria-invalid", "true")


def test_a_file_takes_the_place_of_the_text_and_what_was_typed_is_kept(phone, script):
    page = phone("/sheets/new", java_script_enabled=script)
    text_of(page).fill("An hour's work")
    page.get_by_label("Or choose a text file").set_input_files(
        {"name": "seven.md", "mimeType": "text/markdown", "buffer": TEXT.encode("utf-8-sig")}
    )
    if not script:
        page.get_by_role("button", name="See the page").click()
    expect(text_of(page)).to_have_value(TEXT)
    expect(sheet_of(page).locator("h1")).to_contain_text("Nobody drives alone")
    page.get_by_text("What stood here before").click()
    expect(page.get_by_label("The text as it was")).to_have_value("An hour's work")


def test_a_file_too_big_costs_rosa_nothing(phone, script):
    page = phone("/sheets/new", java_script_enabled=script)
    text_of(page).fill(TEXT)
    page.get_by_label("Or choose a text file").set_input_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8" * 2_000_000}
    )
    if not script:
        page.get_by_role("button", name="See the page").click()
    expect(page.locator("#file-error")).to_contain_text("This file is too big")
    expect(text_of(page)).to_have_value(TEXT)


def test_without_signal_rosa_is_told_and_goes_on_writing(phone):
    page = phone("/sheets/new")
    page.context.set_offline(True)
    text_of(page).fill(TEXT)
    expect(page.get_by_role("status")).to_contain_text("No answer. Your text is still here")
    page.get_by_role("button", name="Get the PDF").click()
    expect(page.get_by_role("status")).to_contain_text("No answer. Your text is still here")
    page.context.set_offline(False)
    text_of(page).press("End")
    text_of(page).press_sequentially(" ")
    expect(sheet_of(page).locator("h1")).to_contain_text("Nobody drives alone")
    expect(page.get_by_role("status")).to_be_empty()


def test_plain_text_is_there_to_copy(phone, script):
    page = phone("/sheets/new", java_script_enabled=script)
    text_of(page).fill(TEXT)
    page.get_by_role("button", name="Plain text").click()
    plain = page.get_by_role("textbox", name="Plain text")
    expect(plain).to_be_in_viewport()
    assert "A lead of one sentence." in plain.input_value()
    expect(text_of(page)).to_have_value(TEXT)
    assert page.url.endswith("/sheets/new" if script else "/texts#plain")


def test_plain_text_is_copied_by_a_button_until_the_text_is_another(phone):
    page = phone("/sheets/new", permissions=["clipboard-read", "clipboard-write"])
    text_of(page).fill(TEXT)
    page.get_by_role("button", name="Plain text").click()
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("Copied.")
    assert "A lead of one sentence." in page.evaluate("navigator.clipboard.readText()")
    expect(page.get_by_role("button", name="Plain text")).to_be_hidden()
    text_of(page).press("x")
    expect(page.get_by_role("textbox", name="Plain text")).to_be_hidden()
    expect(page.get_by_role("button", name="Plain text")).to_be_visible()


def test_without_signal_every_button_answers_and_keeps_the_text(phone):
    page = phone("/sheets/new")
    text_of(page).fill(TEXT)
    expect(sheet_of(page).locator("h1")).to_be_visible()
    page.context.set_offline(True)
    for name in ("See the page", "Get the PDF", "Plain text", "Put this into the text"):
        if name.startswith("Put"):
            page.get_by_text("What you can type").click()
        page.evaluate("document.getElementById('status').textContent = ''")
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("status")).to_contain_text("No answer. Your text is still here")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save a copy").click()
    assert download.value.path().read_text() == TEXT
    expect(text_of(page)).to_have_value(TEXT)
    assert page.url.endswith("/sheets/new")


def test_what_is_seen_is_what_is_printed(phone, script):
    page = phone("/sheets/new", java_script_enabled=script)
    text_of(page).fill(TEXT)
    page.get_by_role("button", name="See the page").click()
    expect(page.locator("#fit")).to_have_text(re.compile(r"^Fits on one side: \d+ % full\. Letters of 12 pt\."))
    expect(page.locator("#fit")).to_be_in_viewport()
    expect(sheet_of(page).locator("html")).to_have_class(re.compile("fit-48"))


def test_a_text_at_rest_is_measured_by_itself(phone):
    page = phone("/sheets/new")
    text_of(page).fill(TEXT)
    expect(page.locator("#fit")).to_have_text("Not yet measured.")
    expect(page.locator("#fit")).to_contain_text("Fits on one side")
    text_of(page).fill(WRONG)
    expect(page.locator("#fit")).to_have_text("As it was before the mistake.")
    text_of(page).fill(TEXT.replace("A lead", "The lead"))
    expect(page.locator("#fit")).to_have_text("Not yet measured.")
    # The look until then is as large as the last that was measured.
    expect(sheet_of(page).locator("html")).to_have_class(re.compile("fit-48"))
    text_of(page).fill(TOO_LONG)
    expect(page.locator("#manuscript-error")).to_contain_text("too long", timeout=90_000)
    expect(text_of(page)).to_be_focused()


def test_busy_presses_trouble_nobody_who_did_not_ask(phone):
    page = phone("/sheets/new")
    page.route("**/proofs", lambda route: route.fulfill(status=503, json={"errors": [{"field": "manuscript"}]}))
    text_of(page).fill(TEXT)
    with page.expect_response("**/proofs"):
        pass
    expect(page.locator("#manuscript-error")).to_be_hidden()
    expect(page.locator("#fit")).to_have_text("Not yet measured.")


def test_a_measure_of_an_older_text_is_dropped_and_there_is_one_at_a_time(phone):
    page = phone("/sheets/new")
    held = []
    page.route("**/proofs", lambda route: held.append(route))
    page.clock.install()
    text_of(page).fill(TEXT.replace("Nobody", "Once nobody"))
    with page.expect_request("**/proofs"):
        pass
    text_of(page).fill(TEXT)
    expect(sheet_of(page).locator("h1")).to_contain_text("Nobody drives alone")
    page.clock.run_for(1800)
    assert len(held) == 1
    held[0].continue_()
    expect(page.locator("#fit")).to_have_text("Not yet measured.")
    page.unroute("**/proofs")
    expect(page.locator("#fit")).to_contain_text("Fits on one side")
    expect(sheet_of(page).locator("h1")).to_contain_text("Nobody drives alone")


@pytest.mark.parametrize("name", ["See the page", "Get the PDF"])
@pytest.mark.parametrize("text", ["", WRONG], ids=["empty", "wrong"])
def test_a_mistake_is_shown_with_its_box_whichever_button_was_asked(phone, name, text):
    page = phone("/sheets/new")
    text_of(page).fill(text)
    page.get_by_role("button", name=name).click()
    error = page.locator("#manuscript-error")
    expect(error).to_be_focused()
    expect(error).to_be_in_viewport(ratio=1)
    expect(text_of(page)).to_be_in_viewport(ratio=0.9)
    expect(page).to_have_title("Error: Your text · Notebook")
    text_of(page).fill(TEXT)
    expect(page).to_have_title("Your text · Notebook")


def test_a_pasted_text_gets_its_header_from_a_button(phone, script):
    page = phone("/sheets/new", java_script_enabled=script)
    text_of(page).fill("Nobody drives alone\n\nThe night bus goes with two of us now.\n")
    page.get_by_role("button", name="See the page").click()
    expect(page.locator("#manuscript-error")).to_contain_text("What kind of page is this?")
    if script:
        expect(page.get_by_role("button", name="Meeting call")).to_be_in_viewport(ratio=1)
        reached = page.get_by_role("button", name="Meeting call").bounding_box()
        assert reached["y"] + reached["height"] <= page.locator(".deeds").bounding_box()["y"]
    page.get_by_role("button", name="Meeting call").click()
    expect(text_of(page)).to_have_value(
        "---\nkind: meeting\nlines: keep\nheadline: Nobody drives alone\n---\nThe night bus goes with two of us now."
    )
    expect(page.get_by_role("button", name="Meeting call")).to_be_hidden()
    expect(page.locator("#manuscript-error")).to_be_hidden()
    expect(sheet_of(page).locator("h1")).to_contain_text("Nobody drives alone")


def test_the_example_goes_into_an_empty_box(phone, script):
    page = phone("/sheets/new", java_script_enabled=script)
    page.get_by_text("What you can type").click()
    page.get_by_role("button", name="Put this into the text").click()
    expect(text_of(page)).to_have_value(re.compile("^---\nkind: regular\n"))
    expect(sheet_of(page).locator("h1")).to_contain_text("Your headline")


def test_what_is_left_of_the_sample_is_said_with_the_pdf(phone):
    page = phone("/sheets/new?kind=meeting")
    text_of(page).fill(text_of(page).input_value().replace("Who gets", "Whose are"))
    expect(page.locator(".advice").first).to_have_text(
        "Still from the sample: masthead, where it is from, date, imprint, reply address."
    )
    with page.expect_download():
        page.get_by_role("button", name="Get the PDF").click()
    expect(page.get_by_role("status")).to_contain_text("Here it is: 3.pdf. Still from the sample:")


def test_without_script_a_file_is_shown_before_it_is_printed(phone):
    page = phone("/sheets/new", java_script_enabled=False)
    page.get_by_label("Or choose a text file").set_input_files(
        {"name": "seven.md", "mimeType": "text/markdown", "buffer": TEXT.encode()}
    )
    page.get_by_role("button", name="Get the PDF").click()
    expect(text_of(page)).to_have_value(TEXT)
    expect(page.get_by_role("status")).to_contain_text("The file’s words are in the box now.")
    with page.expect_download():
        page.get_by_role("button", name="Get the PDF").click()


def test_without_script_back_is_warned_of_where_it_costs_the_text(phone):
    page = phone("/sheets/new?kind=meeting", java_script_enabled=False)
    expect(page.get_by_text("Do not use")).to_have_count(0)
    page.get_by_role("button", name="See the page").click()
    expect(page.get_by_text("Do not use Back")).to_be_visible()
    expect(page.get_by_text("Do not use your browser’s Back")).to_be_visible()


def test_hide_leaves_an_empty_page_and_keeps_the_text(phone):
    page = phone("/sheets/new?kind=meeting")
    text_of(page).fill(TEXT)
    page.mouse.wheel(0, 200)
    page.keyboard.press("Home")
    page.get_by_role("button", name="Hide").click()
    expect(page).to_have_title("Notebook")
    assert page.locator("body").inner_text().split() == ["Notebook", "Show", "again"]
    page.keyboard.press("Enter")
    expect(text_of(page)).to_have_value(TEXT)
    expect(page).to_have_title("Your text · Notebook")


def test_without_script_nothing_promises_to_hide(phone):
    expect(phone("/", java_script_enabled=False).get_by_text("Hide")).to_be_hidden()


def test_rosa_is_asked_before_what_she_wrote_is_gone(phone):
    page = phone("/sheets/new")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    text_of(page).press_sequentially("words")
    page.reload()
    assert asked == ["beforeunload"]


def test_saving_a_copy_keeps_the_page(phone, script):
    page = phone("/sheets/new", java_script_enabled=script)
    text_of(page).fill(WRONG)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save a copy").click()
    assert download.value.suggested_filename == "text.txt"
    expect(text_of(page)).to_have_value(WRONG)


def test_what_is_typed_never_runs(phone):
    page = phone("/sheets/new")
    text_of(page).fill(TEXT + "<script>parent.ran = 1</script><img src=x onerror='parent.ran = 1'>\n")
    expect(sheet_of(page).locator("body")).to_contain_text("<script>parent.ran")
    assert page.evaluate("window.ran") is None
