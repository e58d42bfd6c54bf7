"""Each page fits the phone, the hand and the eyes that hold it."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .conftest import PHONE
from .test_writing import TEXT, WRONG, text_of

TARGET_PX = 48
PAGES = ("/", "/sheets/new", "/sheets/new?kind=regular", "/nowhere")


def open_all(page):
    """Open what can be opened: it has to fit too."""
    for summary in page.locator("summary").all():
        if summary.is_visible():
            summary.click()


def at_rest(page):
    """Wait until nothing scrolls: two frames, one after the other, at the same place."""
    page.evaluate("""async () => {
      const frame = () => new Promise(requestAnimationFrame);
      for (let before = -1; before !== scrollY; await frame()) { before = scrollY; await frame(); }
    }""")


def width(page):
    return page.evaluate("document.documentElement.scrollWidth")


def make_wrong(page):
    text_of(page).fill(WRONG + "x" * 200)
    expect(page.locator("#manuscript-error")).to_be_visible()


@pytest.mark.parametrize("path", PAGES)
def test_nothing_sticks_out_at_320_px(phone, path):
    page = phone(path, size={"width": 320, "height": 568})
    open_all(page)
    assert width(page) == 320


@pytest.mark.parametrize("path", PAGES)
def test_nothing_sticks_out_at_letters_of_200_percent(phone, large_print, path):
    page = phone(path, other=large_print)
    open_all(page)
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    for size in (PHONE, {"width": 320, "height": 568}):
        page.set_viewport_size(size)
        assert width(page) == size["width"]


def test_an_error_sticks_out_nowhere(phone, large_print):
    for other in (None, large_print):
        page = phone("/sheets/new", other=other, size={"width": 320, "height": 568})
        make_wrong(page)
        assert width(page) == 320
    page = phone("/sheets/new", java_script_enabled=False, size={"width": 320, "height": 568})
    text_of(page).fill(WRONG.replace("next week", "next" * 60))
    page.get_by_role("button", name="See the page").click()
    box = page.get_by_role("alert").bounding_box()
    assert box["x"] + box["width"] <= 320


def axe_finds_nothing(page):
    """By day and by night."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{scheme}: {found.generate_report()}"


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(phone, path):
    page = phone(path)
    open_all(page)
    axe_finds_nothing(page)


@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 800}], ids=["phone", "desk"])
def test_axe_finds_nothing_where_something_is_wrong(phone, size):
    page = phone("/sheets/new", size=size)
    make_wrong(page)
    axe_finds_nothing(page)


@pytest.mark.parametrize("path", PAGES)
def test_whatever_a_thumb_must_hit_is_48_px_high(phone, path):
    page = phone(path)
    for target in page.locator("button, .button, summary, .choices label, .top a, input[type=file], textarea").all():
        if target.is_visible():
            assert target.bounding_box()["height"] >= TARGET_PX - 0.5, target.inner_text()


def test_the_main_button_is_at_the_thumb_from_beginning_to_end(phone):
    page = phone("/sheets/new?kind=regular")
    button = page.get_by_role("button", name="Get the PDF")
    for place in (0, 600, 10_000):
        page.mouse.wheel(0, place)
        expect(button).to_be_in_viewport(ratio=1)
    assert button.bounding_box()["y"] > PHONE["height"] * 0.75


@pytest.mark.parametrize("size", [PHONE, {"width": 740, "height": 360}], ids=["large print", "on its side"])
def test_where_the_bar_does_not_stay_the_buttons_come_right_after_the_fields(phone, large_print, size):
    page = phone("/sheets/new?kind=regular", other=large_print if size is PHONE else None, size=size)
    assert page.locator(".deeds").evaluate("one => getComputedStyle(one).position") == "static"
    tops = [page.locator(one).bounding_box()["y"] for one in ("#paper-0", "#look", ".help", "#sheet")]
    assert tops == sorted(tops)


@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 800}], ids=["phone", "desk"])
def test_tabbing_to_buttons_that_are_in_sight_scrolls_nothing(phone, size):
    page = phone("/sheets/new?kind=regular", size=size, reduced_motion="reduce")  # it jumps where it would glide
    page.mouse.wheel(0, 100)
    page.wait_for_function("scrollY > 0")
    at_rest(page)
    page.locator("#paper-0").focus()
    at_rest(page)
    before = page.evaluate("scrollY")
    for name in ("look", "get"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == name
        at_rest(page)
        assert page.evaluate("scrollY") == before


def test_what_is_tabbed_to_is_not_below_the_bar(phone):
    page = phone("/sheets/new?kind=regular", reduced_motion="reduce")
    for _ in range(12):
        page.keyboard.press("Tab")
        at_rest(page)
        # The frame is taller than the screen.
        if page.evaluate("document.activeElement.matches('main :not(.deeds *, iframe)')"):
            bottom = page.evaluate("document.activeElement.getBoundingClientRect().bottom")
            assert bottom <= page.locator(".deeds").bounding_box()["y"] + 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_bar_lies_above_a_sheet_that_is_out_of_date(phone, scheme):
    page = phone("/sheets/new?kind=regular", color_scheme=scheme)
    make_wrong(page)
    expect(page.locator("#fit")).to_have_text("As it was before the mistake.")
    page.locator("#sheet").evaluate("one => one.scrollIntoView({behavior: 'instant'})")
    box = page.locator("#get").bounding_box()
    assert page.locator("#sheet").bounding_box()["y"] + 200 < box["y"]
    hit = "([x, y]) => document.elementFromPoint(x, y).id"
    assert page.evaluate(hit, [box["x"] + 20, box["y"] + 20]) == "get"


def test_the_name_of_a_file_has_room_in_large_print(phone, large_print):
    page = phone("/sheets/new", other=large_print, size=PHONE)
    size = page.locator("#file").evaluate("one => getComputedStyle(one).fontSize")
    assert size == "18px"


def test_on_a_wide_screen_text_and_sheet_stand_side_by_side(phone):
    page = phone("/sheets/new?kind=regular", size={"width": 1280, "height": 800})
    text, sheet = text_of(page).bounding_box(), page.locator("#sheet").bounding_box()
    assert sheet["x"] > text["x"] + text["width"]
    page.mouse.move(sheet["x"] + 50, 400)
    page.mouse.wheel(0, 600)
    expect(text_of(page)).to_be_in_viewport()
    expect(page.get_by_role("button", name="Get the PDF")).to_be_in_viewport(ratio=1)


def test_the_keyboard_goes_from_the_text_to_the_pdf(phone):
    page = phone("/sheets/new")
    text_of(page).fill(TEXT)
    reached = []
    for _ in range(9):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id"))
    assert reached.index("file") < reached.index("paper-0") < reached.index("look") < reached.index("get")


def test_the_first_page_takes_six_requests_at_most(phone, browser, server):
    context = browser.new_context(viewport=PHONE, base_url=server)
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/", wait_until="networkidle")
    assert len(asked) <= 6
    assert all(url.startswith(server) for url in asked)
    context.close()
