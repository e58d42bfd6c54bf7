"""The languages that a paper can be in: those whose letters our faces have."""

from __future__ import annotations

import unicodedata

import pypdfium2
import pytest
from babel import Locale

from bulletin.press import faces, fitting
from bulletin.press.languages import CAN_BE_SET
from bulletin.press.manuscript import read
from bulletin.press.typesetting import plain_text, typeset


def lacks(language: str) -> set[str]:
    """The letters that CLDR writes a language's months, days and languages with, and no face has."""
    locale = Locale.parse(language)
    named = [*locale.months["format"]["wide"].values(), *locale.days["format"]["wide"].values()]
    words = unicodedata.normalize("NFC", "".join([*named, *locale.languages.values()]))
    return {char for char in faces.missing(words) if char.isalnum()}


def test_a_language_that_is_offered_can_be_set():
    assert {language for language in CAN_BE_SET if lacks(language)} == set()
    assert not any(Locale.parse(language).text_direction == "rtl" for language in CAN_BE_SET)


@pytest.mark.parametrize("language", ["tr", "az", "tr-TR"])
def test_capitals_are_those_of_the_language(language):
    head = f"---\nkind: poster\nmasthead: Işık ilk\nlanguage: {language}\nheadline: Kalıyor iyi\n---\n"
    typed = head + "::: notice ilk\nx\n:::"
    told, sheet = plain_text(read(typed)), typeset(read(typed))
    assert "KALIYOR İYİ" in told
    assert "İLK" in told
    assert "IŞIK İLK" in sheet
    assert "KALIYOR" in sheet
    assert "KALIYOR IYI" in plain_text(read(typed.replace(language, "en")))


def test_a_heading_has_the_letters_of_its_language_and_only_bulgarian_those_of_bulgarian():
    def heading(language: str) -> bytes:
        typed = (
            f"---\nkind: poster\nlanguage: {language}\nheadline: Дума лята в тиші\n---\n::: notice где лягат\nx\n:::"
        )
        page = pypdfium2.PdfDocument(fitting.press(read(typed), "a4").pdf)[0]
        above = page.get_height() * 0.1  # where words of the paper itself stand, in its language
        return bytes(page.render(scale=0.5, crop=(0, 0, 0, above), grayscale=True).buffer)

    as_most = heading("ru")
    assert {language for language in ("uk", "be", "mk", "sr", "ky", "mn", "bg") if heading(language) != as_most} == {
        "bg"
    }


@pytest.mark.parametrize("language", ["zh", "hi", "ka", "hy", "th", "ha", "ar"])
def test_a_language_that_cannot_is_not_offered(language):
    assert language not in CAN_BE_SET
    assert lacks(language)
