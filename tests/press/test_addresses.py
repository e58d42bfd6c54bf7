"""The address in a code is one that any phone takes; on paper it stands as people read it."""

from __future__ import annotations

import re
import urllib.parse

import pytest
import segno
from hypothesis import given, settings, strategies as st

from bulletin.press.addresses import as_uri
from bulletin.press.manuscript import read
from bulletin.press.typesetting import typeset


@pytest.mark.parametrize(
    ("read_aloud", "dialled"),
    [
        ("https://bücher.example/straße?q=zwölf&x=1#füße",
         "https://xn--bcher-kva.example/stra%C3%9Fe?q=zw%C3%B6lf&x=1#f%C3%BC%C3%9Fe"),
        ("https://Straße.example/", "https://xn--strae-oqa.example/"),
        ("https://завод.example:8443/наш/", "https://xn--80aegj1b.example:8443/%D0%BD%D0%B0%D1%88/"),
        ("http://ＢÜCHER。example/%C3%A4/100%ä", "http://xn--bcher-kva.example/%C3%A4/100%25%C3%A4"),
        ("https://r.example.org/k7?a=b c", "https://r.example.org/k7?a=b c"),
        ("https://r.example.org/k%C3%A47", "https://r.example.org/k%C3%A47"),
        ("https://[::1]/ä", "https://[::1]/%C3%A4"),
        ("https://ä.example:x/", "https://ä.example:x/"),
    ],
)  # fmt: skip
def test_hosts_are_punycode_and_the_rest_is_percent_signs(read_aloud, dialled):
    assert as_uri(read_aloud) == dialled


def test_the_code_on_a_sheet_holds_that_and_the_paper_what_people_read():
    head = "---\nkind: regular\nheadline: Rosa\nreply: https://bücher.example/füße\n---\nText.\n"
    html = typeset(read(head))
    assert "<b>bücher.example/füße</b>" in html
    code = segno.make_qr("https://xn--bcher-kva.example/f%C3%BC%C3%9Fe", error="m")
    drawn = re.search(r'<path[^>]* d="([^"]+)"', code.svg_inline(border=0, omitsize=True))
    assert drawn[1] in html


@given(st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=20))
@settings(max_examples=40, deadline=None)
def test_what_comes_back_is_what_was_typed(word):
    made = as_uri(f"https://r.example.org/{word}?{word}")
    assert made.isascii()
    assert urllib.parse.unquote(made) == f"https://r.example.org/{word}?{word}"
