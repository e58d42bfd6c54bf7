"""A text without a header gets one; what a sample left in a text of one's own is said."""

from __future__ import annotations

import pytest

from bulletin.press.kinds import KINDS
from bulletin.press.manuscript import read
from bulletin.web.sheets import samples
from tests.web.conftest import TEXT, Page

PASTED = "Nobody drives alone\n\nThe night bus goes with two of us now.\n"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["", PASTED, "One line", "kind: meeting\nheadline: Nobody drives alone"])
def test_any_text_becomes_a_sound_one_of_the_kind_that_is_asked_for(kind, text):
    manuscript = read(samples.begun(text, kind)[0])
    assert manuscript.kind == ("meeting" if text.startswith("kind") else kind)
    assert manuscript.headline


@pytest.mark.parametrize("text", [TEXT, "\n" + TEXT, "—\nkind", "---"])
def test_a_text_with_a_header_stays_as_it_is(text):
    assert samples.begun(text, "regular") == (text, 0)


def test_the_example_is_sound_and_goes_behind_what_there_is():
    assert read(samples.EXAMPLE)
    assert samples.with_example(" \n") == samples.EXAMPLE
    assert [piece.name for piece in read(samples.with_example(TEXT)).pieces][-2:] == ["echo", "demands"]
    assert read(samples.with_example(PASTED)).headline == "Nobody drives alone"


def test_a_text_without_a_header_is_no_dead_end(rosa):
    page = Page(rosa.sends("/proofs", PASTED).text)
    offers = [button for button in page.all("button") if button.get("formaction") == "/beginnings"]
    assert [offer["value"] for offer in offers] == [*KINDS, "example"]
    assert {"class": "offer", "id": "offer"} in page.all("div")
    begun = Page(rosa.sends("/beginnings", PASTED, begin="meeting").text)
    assert begun.typed().startswith("---\nkind: meeting\nlines: keep\nheadline: Nobody drives alone\n---\n")
    assert "drives" in begun.all("iframe")[0]["srcdoc"]
    assert {"class": "offer", "id": "offer", "hidden": None} in begun.all("div")


def test_an_empty_page_offers_a_header_too(rosa):
    assert {"class": "offer", "id": "offer"} in Page(rosa.opens("/sheets/new").text).all("div")


def test_a_script_gets_the_text_with_its_header(rosa):
    answer = rosa.sends("/beginnings", PASTED, begin="no-deal", script=True).json
    assert answer["manuscript"].startswith("---\nkind: no-deal\n")
    assert answer["errors"] == []


@pytest.mark.parametrize("begin", ["", "novel", "../meeting"])
def test_a_beginning_there_is_none_of_changes_nothing(rosa, begin):
    assert Page(rosa.sends("/beginnings", PASTED, begin=begin).text).typed() == PASTED


def advice(rosa, text, url="/proofs"):
    return rosa.sends(url, text, script=True).json["advice"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_sample_as_it_is_needs_no_advice(rosa, kind):
    assert advice(rosa, KINDS[kind].sample) == ""


def test_what_is_left_of_the_sample_is_said_and_hinders_nobody(rosa, press):
    text = KINDS["regular"].sample.replace("Pennymarsh Laundry\nnumber", "The Depot\nnumber").replace("9\n", "7\n", 1)
    assert advice(rosa, text) == "Still from the sample: masthead, date, imprint, reply address."
    page = Page(rosa.sends("/proofs", text).text)
    assert page.words["main"].count("Still from the sample: ") == 2  # near the buttons, and with the result
    assert rosa.sends("/sheets", text).status_code == 200


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://example.org", True),
        ("https://r.example.org/mine", True),
        ("https://notexample.org", False),
        ("https://example.org.net", False),
    ],
)
def test_the_samples_host_is_told_from_ones_own(rosa, address, told):
    text = TEXT.replace("language: en", f"reply: {address}")
    assert advice(rosa, text) == ("Still from the sample: reply address." if told else "")


def test_a_sign_that_is_not_printed_is_named_with_its_line(rosa):
    told = "Line 7: None of our typefaces has U+E000: that is left out, and the rest is printed."
    assert advice(rosa, "---\nkind: regular\nheadline: We go\n---\nAll.\n\nOf \ue000 us ✊🏿.") == told
