"""Words in, a sheet out; and whatever goes wrong, everything typed is still there."""

from __future__ import annotations

import io

import pytest

from bulletin.press.jobs import Busy
from bulletin.press.manuscript import MANUSCRIPT_MAX
from tests.refusals import too_long
from tests.web.conftest import TEXT, WRONG, Page

LONG = "Side 2 is 11 lines too long: shorten ‘The rota’, or cut about 70 words."


def test_rosa_sees_the_sheet_below_her_text(rosa):
    response = rosa.sends("/proofs")
    page = Page(response.text)
    assert response.status_code == 200
    assert page.typed() == TEXT
    [frame] = page.all("iframe")
    assert "drives alone" in frame["srcdoc"]
    assert frame["sandbox"] == "allow-same-origin"
    assert frame["title"]
    assert "hidden" not in page.all("section")[0]
    assert "seen" in page.words


@pytest.mark.parametrize(
    ("text", "paper", "shape"),
    [
        (TEXT, "a4", "sheet a4 sides-1"),
        (TEXT, "letter", "sheet letter sides-1"),
        (TEXT.replace("::: echo", "::: side\n:::\n\n::: echo"), "a4", "sheet a4 sides-2"),
    ],
)
def test_the_frame_has_the_proportions_of_the_sheet(rosa, text, paper, shape):
    [frame] = Page(rosa.sends("/previews", text, paper=paper).text).all("iframe")
    assert frame["class"] == shape


def test_rosa_takes_the_pdf_away_under_a_name_that_tells_nothing(rosa, press):
    response = rosa.sends("/sheets", paper="letter")
    assert response.status_code == 200
    assert response.data == b"%PDF Nobody drives alone"
    assert response.content_type == "application/pdf"
    assert response.headers["Content-Disposition"] == "attachment; filename=7.pdf"
    assert press.printed == ["letter"]


@pytest.mark.parametrize(
    ("number", "name"),
    [("12", "12"), ("3/2026", "3-2026"), ('"7"', "7"), ("", "sheet"), ("Strike", "sheet")],
)
def test_only_a_plain_number_names_the_file(rosa, number, name):
    response = rosa.sends("/sheets", TEXT.replace("number: 7", f"number: {number}" if number else "site: Depot"))
    assert response.headers["Content-Disposition"] == f"attachment; filename={name}.pdf"


@pytest.mark.parametrize("url", ["/previews", "/proofs", "/sheets", "/texts", "/beginnings"])
def test_what_is_wrong_is_said_three_times_and_nothing_typed_is_lost(rosa, url):
    response = rosa.sends(url, WRONG, paper="letter")
    page = Page(response.text)
    assert response.status_code == 422
    assert page.words["title"].startswith("Error: ")
    assert "Line 5: ‘next week’ is not a date" in page.words["problem"]
    assert "Line 5: ‘next week’ is not a date" in page.words["manuscript-error"]
    assert "date: next week" in page.words["manuscript-error"]
    assert {"href": "#manuscript", "data-line": "5"} in page.all("a")
    assert page.typed() == WRONG
    assert [box["value"] for box in page.all("input") if "checked" in box] == ["letter"]
    [text] = [field for field in page.all("textarea") if field["id"] == "manuscript"]
    assert text["aria-invalid"] == "true"
    assert text["aria-describedby"] == "manuscript-hint manuscript-error"


@pytest.mark.parametrize(
    "text",
    ["", " \n ", "\n\nno header", "</textarea><script>", "---\nkind: regular\n---\n", "x" * (MANUSCRIPT_MAX + 1)],
)
def test_any_text_comes_back_as_it_was(rosa, text):
    response = rosa.sends("/sheets", text)
    assert response.status_code == 422
    assert "<script>" not in response.text
    assert Page(response.text).typed() == text


def test_a_text_too_long_for_its_sheet_is_told_so_and_still_seen(rosa, press):
    press.failure = too_long(11, 70)
    page = Page(rosa.sends("/sheets").text)
    assert LONG in page.words["manuscript-error"]
    assert page.typed() == TEXT
    assert page.all("iframe")[0]["srcdoc"]


def test_when_all_presses_are_at_work_rosa_is_told_when_to_ask_again(rosa, press):
    press.failure = Busy()
    response = rosa.sends("/sheets")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "10"
    assert "All presses are at work" in Page(response.text).words["manuscript-error"]
    assert Page(response.text).typed() == TEXT


@pytest.mark.parametrize("paper", ["", "a5", "../a4"])
def test_paper_there_is_none_of_is_refused_beside_the_field(rosa, press, paper):
    response = rosa.sends("/sheets", paper=paper)
    page = Page(response.text)
    assert response.status_code == 422
    assert "Choose A4 or US Letter." in page.words["paper-error"]
    assert {"href": "#paper-0", "data-line": ""} in page.all("a")
    assert page.typed() == TEXT
    assert not press.printed


def test_a_chosen_file_takes_the_place_of_the_text(rosa):
    page = Page(rosa.sends("/previews", "", file=TEXT.replace("\n", "\r\n").encode("utf-8-sig")).text)
    assert page.typed() == TEXT
    assert page.typed("before") == ""


def test_what_was_typed_before_a_file_took_its_place_is_kept_too(rosa):
    page = Page(rosa.sends("/previews", "An hour's work", file=TEXT.encode()).text)
    assert page.typed() == TEXT
    assert page.typed("before") == "An hour's work"


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG\r\n\x1a\n\0\0", "---\nkind: éè".encode("latin-1"), TEXT.encode("utf-16")]
)
def test_a_file_that_is_no_text_is_refused_beside_its_field(rosa, content):
    response = rosa.sends("/sheets", TEXT, file=content)
    page = Page(response.text)
    assert response.status_code == 422
    assert page.words["file-error"].strip()
    assert page.typed() == TEXT


def test_a_file_too_big_does_not_cost_rosa_her_text(rosa):
    response = rosa.sends("/sheets", TEXT, file=b"\xff\xd8" * 2_000_000)
    page = Page(response.text)
    assert response.status_code == 413
    assert "This file is too big" in page.words["file-error"]
    assert page.typed() == TEXT


def test_a_text_too_big_to_be_taken_in_says_what_to_do(rosa):
    response = rosa.sends("/sheets", "x" * 600_000)
    assert response.status_code == 413
    assert "Shorten the text where you have it" in response.text
    assert "Go back" not in response.text  # where nothing is kept there is nothing to go back to


@pytest.mark.parametrize("body", [b"", b"--nothing", b"--b\r\nContent-Disposition: x", b"\0" * 600_000])
def test_a_body_that_is_no_form_gets_an_answer(anyone, body):
    response = anyone.post(
        "/sheets",
        data=body,
        headers={"Sec-Fetch-Site": "same-origin"},
        content_type="multipart/form-data; boundary=b",
    )
    assert response.status_code in (413, 422)


def test_plain_text_to_paste_stands_below_the_text(rosa):
    page = Page(rosa.sends("/texts").text)
    assert "A lead of one sentence." in page.typed("plain")
    assert page.typed() == TEXT


@pytest.mark.parametrize("text", [TEXT, WRONG, "anything"])
def test_rosa_may_save_her_text_right_or_wrong(rosa, text):
    response = rosa.sends("/manuscripts", text)
    assert response.text == text
    assert response.content_type == "text/plain; charset=utf-8"
    assert response.headers["Content-Disposition"] == "attachment; filename=text.txt"


def test_a_script_gets_only_the_moving_parts(rosa):
    answer = rosa.sends("/previews", script=True).json
    assert answer["errors"] == []
    assert answer["shape"] == "a4 sides-1"
    assert answer["language"] == "en"
    assert "drives alone" in answer["sheet"]
    assert answer["manuscript"] is None


def test_a_script_gets_a_files_text_even_where_it_is_wrong(rosa):
    response = rosa.sends("/previews", "An hour's work", file=WRONG.encode(), script=True)
    assert response.status_code == 422
    assert response.json["manuscript"] == WRONG
    assert response.json["earlier"] == "An hour's work"
    assert [(error["field"], error["line"]) for error in response.json["errors"]] == [("manuscript", 5)]
    assert response.json["sheet"] is None


def test_nothing_is_kept_between_two_people(app, rosa):
    rosa.sends("/previews", TEXT.replace("Nobody drives alone", "Between us"))
    assert "Between us" not in app.test_client().get("/sheets/new").text
    assert "Nothing you write is kept here" in rosa.opens("/sheets/new").text


def test_a_file_is_shown_before_it_is_printed(rosa, press):
    """The box shows other words than the file has: nobody would have seen what comes out."""
    page = Page(rosa.sends("/sheets", "An hour's work", file=TEXT.encode()).text)
    assert page.typed() == TEXT
    assert "The file’s words are in the box now." in page.words["status"]
    assert not press.printed
    assert rosa.sends("/sheets", page.typed()).content_type == "application/pdf"


def test_without_script_rosa_is_told_not_to_go_back_where_that_costs_her_text(rosa):
    assert "Do not use Back" not in rosa.opens("/sheets/new?kind=regular").text
    for url in ("/proofs", "/texts", "/beginnings"):
        assert "<p>Do not use Back: it brings an older text." in rosa.sends(url).text


def test_a_body_without_a_length_is_taken_up_to_the_limit_and_no_further(anyone):
    def send(size):
        return anyone.post(
            "/sheets",
            input_stream=io.BytesIO(b"paper=a4&manuscript=" + b"x" * size),
            headers={"Sec-Fetch-Site": "same-origin", "Transfer-Encoding": "chunked"},
            content_type="application/x-www-form-urlencoded",
            environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
        )

    assert send(1000).status_code == 422
    assert send(700_000).status_code == 413


def test_the_limit_is_always_said_in_the_same_words(rosa):
    assert "500 kB" in rosa.sends("/sheets", "x" * 600_000).text
    assert "less than 500 kB" in Page(rosa.sends("/sheets", file=b"x" * 600_000).text).words["file-error"]
    [form] = Page(rosa.opens("/sheets/new").text).all("form")
    assert "less than 500 kB" in form["data-say-too-big"]
    assert form["data-file-max"] == "500000"
