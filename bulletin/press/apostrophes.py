"""Apostrophes that begin a word, which quotation marks are taken for; and feet and inches."""

from __future__ import annotations

import re

APOSTROPHE = "’"
_WORDS = {  # what loses its first letters, in the languages where that is written
    "en": "bout|cause|cos|em|ere|fraid|n|nother|nuff|round|til|till|tis|twas|twere|twill|tween",
    "de": "n|ne|nem|nen|ner|nes|s|ran|rauf|raus|rein|rüber|rum|runter",
    "nl": "s|t|n|k|m|r|ns|tis|twas",
    "it": "sta|ste|sti|sto|notte|ndrangheta",
}
_DECADE = r"\d0(?:s|er|ers)?(?!\w)"
_YEAR = r"\d\d(?!\w)(?![^']*(?<=[\w.,!?])'(?!\w))"  # unless a quotation ends behind it
_FEET = re.compile(r"(?<=\d)'(\d{1,2})\"")
_INCHES = re.compile(r"(?<=\d)''(?!')")
_ALONE = re.compile(r"(?<!\S)'([nN])'(?!\S)")  # rock 'n' roll


def put_right(text: str, language: str) -> str:
    """A text with the apostrophes and the measures in it as they are printed. `language`: the first part of its tag."""
    if "'" not in text:
        return text
    text = _INCHES.sub("″", _FEET.sub(r"′\1″", text))
    text = _ALONE.sub(rf"{APOSTROPHE}\1{APOSTROPHE}", text)
    words = _WORDS.get(language)
    elided = rf"|(?i:{words})(?![\w'])" if words else ""
    return re.sub(rf"(?<![\w'])'(?={_DECADE}|{_YEAR}{elided})", APOSTROPHE, text)
