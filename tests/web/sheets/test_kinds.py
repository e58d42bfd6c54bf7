"""The first page: what there is to start from."""

from __future__ import annotations

import gzip
import io

import pytest
from flask import url_for
from PIL import Image

from bulletin.press.kinds import KINDS
from tests.web.conftest import Page


def test_each_kind_has_its_picture_its_sentence_and_its_questions(rosa):
    page = Page(rosa.opens("/").text)
    cut, pictures = page.all("svg"), page.all("image")
    for at, (kind, window, picture) in enumerate(zip(KINDS.values(), cut, pictures, strict=True)):
        assert kind.title in window["aria-label"]
        left, top, width, height = map(int, window["viewbox"].split())  # what is seen of it: a column for each kind
        assert (left, top) == (at * width, 0)
        assert picture["href"].startswith("/static/kinds.webp?v=")
        assert (int(picture["width"]), int(picture["height"])) == (len(KINDS) * width, height)
        with Image.open(io.BytesIO(rosa.opens(picture["href"]).data)) as drawn:
            assert drawn.size == (len(KINDS) * width, height), "one picture holds all kinds"
        assert kind.purpose in page.words["main"]
        for question in kind.questions:
            assert f"{question.text} {'printed' if question.printed else 'for us, not saved'}" in page.words["main"]


@pytest.mark.parametrize("name", KINDS)
def test_starting_from_a_kind_opens_its_sample_and_its_sheet(rosa, app, name):
    with app.test_request_context():
        url = url_for("sheets.new", kind=name)
    assert url in [link.get("href") for link in Page(rosa.opens("/").text).all("a")]
    page = Page(rosa.opens(url).text)
    assert page.typed() == KINDS[name].sample
    [frame] = page.all("iframe")
    assert frame["srcdoc"].startswith("<!doctype html>")
    assert "Error" not in page.words["title"]


def test_the_first_page_is_small(rosa, app):
    """5-phone.md: at most 15 kB and 6 requests, of which 4 kB style sheets and 5 kB scripts."""
    source = rosa.opens("/").text
    page = Page(source)
    linked = {tag.get("href") or tag["src"] for tag in page.all("link", "script", "img", "image")}
    weights = {url: len(gzip.compress(rosa.opens(url).data)) for url in ("/", *linked)}
    assert sum(weights.values()) <= 15_000
    assert len(weights) <= 6
    styles, scripts = (
        [len(gzip.compress(rosa.opens(f"/static/{kind}/{name}").data)) for name in names]
        for kind, names in (("css", ["open.css"]), ("js", ["sheet_editor.js", "hide.js"]))
    )
    assert sum(styles) <= 4096
    assert sum(scripts) <= 5120


def test_the_first_page_shouts_nothing(rosa):
    page = Page(rosa.opens("/").text)
    for loud in ("strike", "Strike", "!"):
        assert loud not in page.words["main"]
        assert loud not in page.words["title"]
