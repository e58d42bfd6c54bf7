"""What a press has refused is asked for again by itself: nobody has to know that it was, and nobody hammers at it.

The page's own clock stands still here, and is moved on: what is due is due, on however busy a machine.
"""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from .conftest import TEXT
from .test_writing import sheet_of, text_of

BUSY: dict[str, Any] = {
    "errors": [{"field": "manuscript", "sentence": "All presses are taken."}],
    **{"sheet": "<h1>Nobody drives alone</h1>", "shape": "a4 sides-1", "fit": "Not yet measured.", "language": "en"},
    **{"measured": False, "setting": "", "advice": ""},
}
AS_A_PAPER = """<!doctype html><title>No. 1</title><script type="module" src="/static/js/measure_at_once.js"></script>
<form id="measuring" action="/made-up/proofs" data-now></form><p id="full">Not yet measured.</p>
<div id="fit"><p id="bars"></p></div><div id="result"><iframe id="sheet"></iframe></div>"""


def stop_the_clock(page: Any) -> None:
    now = datetime.datetime(2026, 11, 23, 5, 30, tzinfo=datetime.UTC)
    page.clock.install(time=now)
    page.clock.pause_at(now + datetime.timedelta(seconds=1))


def refusing(page: Any, *, times: int, lost: bool = False, **headers: str) -> list[str]:
    """The first measurements are refused, or get lost on their way; gives all that were asked for."""
    asked: list[str] = []

    def answer(route: Any) -> None:
        asked.append(route.request.url)
        if len(asked) > times:
            route.continue_()
        elif lost:
            route.abort()
        else:
            route.fulfill(status=503, headers=headers, json=BUSY)

    page.route("**/proofs", answer)
    return asked


def wait_s(page: Any, asked: list[str]) -> int:
    """How long, by the page's clock, until it asks once more: to the second."""
    before, waited = len(asked), 0
    while len(asked) == before:
        assert waited < 300, "it is not asked again"
        page.clock.run_for(1000)
        waited += 1
    return waited


def test_what_was_refused_to_a_button_is_measured_by_itself(phone):
    page = phone("/sheets/new")
    stop_the_clock(page)
    asked = refusing(page, times=1, **{"Retry-After": "30"})
    text_of(page).fill(TEXT)
    page.get_by_role("button", name="See the page").click()
    expect(page.locator("#manuscript-error")).to_contain_text("All presses are taken.")
    page.clock.run_for(29_000)
    assert len(asked) == 1
    page.clock.run_for(8_000)
    page.clock.resume()
    expect(page.locator("#fit")).to_contain_text("Fits on one side")
    expect(page.locator("#manuscript-error")).to_be_hidden()


@pytest.mark.parametrize("lost", [False, True], ids=["busy", "no signal"])
def test_a_text_at_rest_is_asked_for_again(phone, lost):
    page = phone("/sheets/new")
    stop_the_clock(page)
    asked = refusing(page, times=2, lost=lost)
    text_of(page).fill(TEXT)
    for _ in range(3):
        wait_s(page, asked)
    page.clock.resume()
    expect(page.locator("#fit")).to_contain_text("Fits on one side")
    expect(sheet_of(page).locator("h1")).to_contain_text("Nobody drives alone")


def test_it_is_asked_less_and_less_often_and_never_gives_up(phone):
    page = phone("/sheets/new")
    stop_the_clock(page)
    asked = refusing(page, times=9)
    text_of(page).fill(TEXT)
    assert wait_s(page, asked) <= 3
    for least in (5, 10, 20, 40, 60, 60):
        assert least <= wait_s(page, asked) <= 1.2 * least + 3


def test_a_paper_is_measured_at_once_or_asked_for_again(phone):
    page = phone("/")
    stop_the_clock(page)
    page.route("**/made-up", lambda route: route.fulfill(body=AS_A_PAPER, content_type="text/html"))
    parts = {
        "sheet": "",
        "shape": "",
        "words": "Half full",
        "full": False,
        "current": True,
        "sides": [],
        "problems": {},
    }
    asked = refusing(page, times=1)
    page.goto("/made-up")
    expect(page.locator("#full")).to_have_text("Not yet measured.")
    page.unroute("**/proofs")
    page.route("**/proofs", lambda route: (asked.append(""), route.fulfill(json=parts)))
    assert 5 <= wait_s(page, asked) <= 9
    expect(page.locator("#full")).to_have_text("Half full")


def test_what_a_button_has_measured_is_not_taken_back_by_a_look(phone):
    page = phone("/sheets/new")
    stop_the_clock(page)
    text_of(page).fill(TEXT)
    page.get_by_role("button", name="See the page").click()
    expect(page.locator("#fit")).to_contain_text("Fits on one side")
    asked = refusing(page, times=0)
    page.clock.run_for(10_000)
    expect(page.locator("#fit")).to_contain_text("Fits on one side")
    assert asked == []


def test_a_button_that_measures_nothing_leaves_it_to_be_measured(phone):
    page = phone("/sheets/new")
    stop_the_clock(page)
    text_of(page).fill(TEXT)
    page.get_by_role("button", name="Plain text").click()
    expect(page.get_by_role("textbox", name="Plain text")).to_be_visible()
    expect(page.locator("#fit")).to_have_text("Not yet measured.")
    page.clock.run_for(2_000)
    page.clock.resume()
    expect(page.locator("#fit")).to_contain_text("Fits on one side")


def test_what_is_said_of_a_file_stays_when_the_text_is_looked_at_and_measured(phone):
    page = phone("/sheets/new")
    stop_the_clock(page)
    text_of(page).fill(TEXT)
    page.get_by_label("Or choose a text file").set_input_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8" * 2_000_000}
    )
    expect(page.locator("#file-error")).to_contain_text("This file is too big")
    page.clock.run_for(2_000)
    page.clock.resume()
    expect(page.locator("#fit")).to_contain_text("Fits on one side")
    expect(page.locator("#file-error")).to_contain_text("This file is too big")
    page.get_by_role("button", name="See the page").click()
    expect(page.locator("#file-error")).to_be_hidden()
