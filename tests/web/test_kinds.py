"""The first page: what there is to start from."""

from __future__ import annotations

import gzip
import struct

import pytest
from flask import url_for

from bulletin.press.kinds import KINDS

from .conftest import Page


def test_each_kind_has_its_picture_its_sentence_and_its_questions(rosa):
    page = Page(rosa.opens("/").text)
    pictures = page.all("img")
    assert len(pictures) == len(KINDS)
    for kind, picture in zip(KINDS.values(), pictures, strict=True):
        assert picture["src"].startswith(f"/static/kinds/{kind.name}.png?v=")
        assert kind.title in picture["alt"]
        drawn = rosa.opens(picture["src"]).data[16:24]  # where a PNG says how large it is
        assert struct.unpack(">II", drawn) == (int(picture["width"]), int(picture["height"]))
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
    weights = {}
    for url in ("/", "/static/css/notebook.css", "/static/js/sheet.js", "/static/js/hide.js", "/static/icon.svg"):
        weights[url] = len(gzip.compress(rosa.opens(url).data))
    assert weights["/static/css/notebook.css"] <= 4096
    assert weights["/static/js/sheet.js"] + weights["/static/js/hide.js"] <= 5120
    assert sum(weights.values()) <= 15_000
    source = rosa.opens("/").text
    page = Page(source)
    assert 1 + len(page.all("link", "script")) <= 6
    # In what is not open yet: no request, and nothing loud for who looks over a shoulder.
    assert all(picture["loading"] == "lazy" for picture in page.all("img"))
    assert source.count("<img") == len(KINDS) == sum(part.count("<img") for part in source.split("<details")[1:])


def test_the_first_page_shouts_nothing(rosa):
    page = Page(rosa.opens("/").text)
    for loud in ("strike", "Strike", "!"):
        assert loud not in page.words["main"]
        assert loud not in page.words["title"]
