"""Signs that come along from elsewhere: what they mean is kept, and what means nothing is gone."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings, strategies as st

from bulletin.domain.site.signs import can_be_seen, in_lines, on_one_line

NEW_EMOJI = "\U0001fae9\U0001fadf"  # of Unicode 16: a face with bags under its eyes, a splatter
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


@pytest.mark.parametrize(
    ("typed", "line", "text"),
    [
        ("Bay 4\u2028at six", "Bay 4 at six", "Bay 4\nat six"),
        ("Bay 4\x0bat six\u2029go", "Bay 4 at six go", "Bay 4\nat six\ngo"),
        ("a\r\nb\rc\x85d\x0ce", "a b c d e", "a\nb\nc\nd\ne"),
        ("\ufeffAda", "Ada", "Ada"),
        ("\u202a+44 7700 900123\u202c", "+44 7700 900123", "+44 7700 900123"),
        ("\u2068Ada\u2069 \u202eyzarc", "Ada yzarc", "Ada yzarc"),
        ("\u200e[12:31] Ada", "[12:31] Ada", "\u200e[12:31] Ada"),
        ("Anna\u200b\xadlena", "Annalena", "Anna\u200b\xadlena"),
        ("x\x00\x07y\x1ez\x1f", "xy-z", "xy-z"),
        ("\uf0b7 one", "• one", "• one"),
        ("a\tb", "a b", "a\tb"),
        (f"so tired {NEW_EMOJI}", f"so tired {NEW_EMOJI}", f"so tired {NEW_EMOJI}"),
        (ENGLAND, ENGLAND, ENGLAND),
        ("👩\u200d🏭 ❤\ufe0f", "👩\u200d🏭 ❤\ufe0f", "👩\u200d🏭 ❤\ufe0f"),
        ("می\u200cخواهم", "می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_what_is_meant_is_kept_and_the_rest_is_dropped(typed, line, text):
    assert on_one_line(typed) == line
    assert in_lines(typed) == text


@pytest.mark.parametrize(
    "name", ["", " \t", "\u200b", "\u3164", "\u2800\u2800", "\u115f\u1160", "\ufeff\u200e", "\u0301", "\xad", "\u200d"]
)
def test_nothing_to_see_is_nothing(name):
    assert not can_be_seen(name)
    assert on_one_line(name) == ""


def test_what_this_python_does_not_know_yet_can_be_seen():
    assert can_be_seen(NEW_EMOJI)
    unknown = "".join(sign for sign in map(chr, range(0x1F300, 0x1FB00)) if unicodedata.category(sign) == "Cn")
    assert on_one_line(unknown) == unknown


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
@settings(deadline=None, max_examples=60)
def test_once_cleaned_is_clean_and_no_letter_or_figure_is_lost(typed):
    for clean in (in_lines, on_one_line):
        assert clean(clean(typed)) == clean(typed)
    letters = [sign for sign in typed if unicodedata.category(sign)[0] in "LN" and can_be_seen(sign)]
    assert [sign for sign in on_one_line(typed) if sign in set(letters)] == letters
