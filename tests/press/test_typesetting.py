"""One HTML string: complete, escaped, without a style attribute, the same for screen and paper."""

from __future__ import annotations

import re

import pytest

from bulletin.press import typesetting
from bulletin.press.kinds import KINDS
from bulletin.press.manuscript import read
from bulletin.press.typesetting import Setting, typeset

from .conftest import NAMES, case


def texts(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.mark.parametrize("name", NAMES)
def test_every_word_of_a_case_is_on_its_sheet(name):
    manuscript = case(name)
    words = re.findall(r"\w+", " ".join(piece.text for piece in manuscript.pieces))
    assert set(words) <= set(re.findall(r"\w+", texts(typeset(manuscript))))


def test_the_samples_of_a_kind_are_in_the_languages_they_are_named_after():
    for kind in KINDS.values():
        assert next(iter(kind.samples.values())) == kind.sample
        for language, sample in kind.samples.items():
            assert (read(sample).kind, read(sample).language) == (kind.name, language)
            assert len(read(sample).headline.split()) <= 7


@pytest.mark.parametrize("kind", KINDS)
def test_a_sheet_has_no_style_attribute_no_script_and_one_h1(kind):
    html = typeset(read(KINDS[kind].sample))
    assert html.count("<h1") == 1
    for forbidden in (" style=", "<script", "<style", "javascript:", "http://", "src="):
        assert forbidden not in html.replace('xmlns="http://www.w3.org/2000/svg"', "")


def test_html_and_jinja_in_every_field_are_escaped(written):
    rude = "<b>{{ 7*7 }}</b>"
    fields = dict.fromkeys(("masthead", "site", "number", "headline", "strapline", "imprint"), rude)
    html = typeset(written(f"{rude}\n\n::: echo {rude}\n{rude}\n:::", **fields))
    assert "49" not in html
    assert "<b>{{" not in html
    assert html.count("&lt;b&gt;{{ 7*7 }}&lt;/b&gt;") >= 6


def test_the_same_manuscript_gives_the_same_html(northfield):
    assert typeset(northfield) == typeset(northfield)


def test_a_headline_is_broken_where_it_reads_well(written):
    html = typeset(written(headline="The rota is ours to refuse"))
    assert re.findall(r'class="line step-\d+">([^<]*)<', html) == ["The rota is ours", "to refuse"]


def test_a_headline_of_two_sentences_is_broken_between_them(written):
    html = typeset(written(headline="They pick it. We pack it.", kind="solidarity"))
    assert re.findall(r'class="line step-\d+">([^<]*)<', html) == ["They pick it.", "We pack it."]


def head_of(manuscript, **setting) -> tuple[str, list[str]]:
    html = typeset(manuscript, setting=Setting(**setting))
    return re.search(r'<h1 class="headline ([^"]*)"', html)[1], re.findall(r'class="line step-\d+">([^<]*)<', html)


def test_lines_of_a_headline_stand_apart_where_their_letters_would_touch(written):
    twelve = head_of(written(headline="Twelve pence is not a rise"))  # the p of pence over the dot of rise
    assert twelve == ("leading-97", ["Twelve pence", "is not a rise"])
    assert head_of(written(headline="Nobody drives alone"))[0] == "leading-91"
    assert "raised" in head_of(written(headline="Żądamy odpoczynku po każdej nocy", language="pl"))[0]
    assert b".leading-97{" in typesetting.asset("steps.css")


def test_a_headline_is_not_broken_unevenly_to_be_a_little_larger(written):
    manuscript = written(headline="Twelve pence is not a rise", kind="no-deal")
    assert head_of(manuscript, headline_mm=112.0)[1] == ["Twelve pence", "is not a rise"]


def test_a_headline_with_more_room_is_larger(written):
    def step(setting: Setting) -> int:
        return int(re.search(r'class="line step-(\d+)"', typeset(manuscript, setting=setting))[1])

    manuscript = written(headline="Nobody drives alone")
    assert step(Setting(headline_mm=100)) > step(Setting(headline_mm=62)) > step(Setting(headline_mm=30))


def test_dates_are_written_as_in_the_language(written):
    for language, day in (("en", "23 November 2026"), ("en-US", "November 23, 2026"), ("pl", "23 listopada 2026")):
        assert day in typeset(written(date="2026-11-23", language=language))


def test_a_reply_address_is_a_code_with_an_alternative_text_and_words(written):
    html = typeset(written(reply="https://r.example.org/k7/"))
    assert "<title>QR code of the address: r.example.org/k7</title>" in html
    assert "<b>r.example.org/k7</b>" in html
    assert "<svg" not in typeset(written())


def test_what_a_kind_has_across_its_front_stands_before_the_columns_and_once(written):
    html = typeset(
        written("Why.\n\n::: demands We want\n1. Gloves.\n:::\n\n::: demands Later\n1. Tea.\n:::", kind="strike")
    )
    before, _, columns = html.partition('<div class="columns">')
    assert html.count("Gloves.") == 1
    assert "Gloves." in before
    assert "Tea." in columns


def test_the_notice_at_the_end_is_torn_off_below_the_imprint_if_its_kind_has_a_slip(written):
    for kind, torn in (("solidarity", True), ("regular", False)):
        html = typeset(written("Text.\n\n::: notice To them\nGreetings.\n:::", kind=kind))
        assert html.count("Greetings.") == 1
        assert (html.index("Greetings.") > html.index('class="imprint"')) is torn


def test_titles_named_overleaf_stand_there_for_sure(northfield):
    html = typeset(northfield)
    assert "Turn over</b>: Bay 4" in html
    flowing = typeset(case("udhr-en"), setting=Setting(sides=2))
    assert re.search(r"Turn over</b></p>", flowing)


def test_plain_text_has_every_word_and_no_mark(northfield):
    text = typesetting.plain_text(northfield)
    assert "THE ROTA IS OURS TO REFUSE" in text
    assert "r.example.org/k7" in text
    assert "- Thursday 26 November, 14:15 and 22:15: open meeting" in text
    assert not re.search(r":::|\*\*|<|\n\n\n\n", text)


def test_only_what_a_sheet_links_to_is_an_asset(northfield):
    links = re.findall(r'href="/press/([^"?]+)[?]v=[0-9a-f]{12}"', typeset(northfield))
    assert len(links) == 4
    for name in links:
        assert b"{" in typesetting.asset(name)
    for name in re.findall(rb"url\(\"?([^)\"?]+)[?]v=", typesetting.asset("faces.css")):
        assert typesetting.asset(name.decode())
    for name in ("../manuscript.py", "sample.md", "/etc/passwd", "", "page.css"):
        with pytest.raises(KeyError):
            typesetting.asset(name)
