"""What holds of every page, whichever it is."""

from __future__ import annotations

import collections

import pytest

from bulletin.press.jobs import Busy

from .conftest import TEXT, WRONG, Page


@pytest.fixture
def pages(rosa, press):
    """Every page there is, in each of its states."""
    pages = {
        "kinds": rosa.opens("/"),
        "blank": rosa.opens("/sheets/new"),
        "sample": rosa.opens("/sheets/new?kind=regular"),
        "seen": rosa.sends("/proofs"),
        "wrong": rosa.sends("/proofs", WRONG),
        "headless": rosa.sends("/proofs", "Only words."),
        "begun": rosa.sends("/beginnings", "Only words.", begin="meeting"),
        "wrong paper": rosa.sends("/previews", paper="a5"),
        "wrong file": rosa.sends("/previews", file=b"\0"),
        "big file": rosa.sends("/previews", file=b"x" * 600_000),
        "replaced": rosa.sends("/previews", "Mine", file=TEXT.encode()),
        "plain text": rosa.sends("/texts"),
        "absent": rosa.opens("/nowhere"),
        "strange": rosa.client.post("/sheets"),
        "too long": rosa.sends("/sheets", "x" * 600_000),
    }
    press.failure = Busy()
    pages["busy"] = rosa.sends("/sheets")
    press.failure = RuntimeError()
    pages["broken"] = rosa.sends("/sheets")
    return {name: Page(response.text) for name, response in pages.items()}


def test_every_page_has_one_heading_a_title_and_a_language(pages):
    for name, page in pages.items():
        assert len(page.all("h1")) == 1, name
        assert page.words["h1"].strip(), name
        assert page.words["title"].strip().endswith("· Notebook"), name
        assert page.all("html") == [{"lang": "en"}], name


def test_no_two_things_on_a_page_share_an_id(pages):
    for name, page in pages.items():
        ids = collections.Counter(attrs["id"] for _, attrs in page.tags if "id" in attrs)
        assert not [one for one, count in ids.items() if count > 1], name


def test_every_field_has_its_label_and_what_describes_it_is_there(pages):
    for name, page in pages.items():
        labelled = {label["for"] for label in page.all("label")}
        ids = {attrs.get("id") for _, attrs in page.tags}
        for field in page.all("input", "textarea", "select"):
            assert field.get("type") == "hidden" or field["id"] in labelled, name
        for _, attrs in page.tags:
            for described in (attrs.get("aria-describedby") or "").split():
                assert described in ids, f"{name}: {described}"


def test_links_within_a_page_lead_somewhere(pages):
    for name, page in pages.items():
        ids = {attrs.get("id") for _, attrs in page.tags}
        for link in page.all("a"):
            if link["href"].startswith("#"):
                assert link["href"][1:] in ids, name


def test_a_page_has_one_primary_button_at_most(pages):
    for name, page in pages.items():
        primary = [attrs for _, attrs in page.tags if "primary" in (attrs.get("class") or "")]
        assert len(primary) <= 1, name


def test_no_form_leaves_its_words_in_the_browser(pages):
    for name, page in pages.items():
        for form in page.all("form"):
            assert form["autocomplete"] == "off", name
