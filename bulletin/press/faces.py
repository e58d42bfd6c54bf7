"""What the bundled faces can print, and how wide and how high the headline face runs. No font is loaded for it."""

from __future__ import annotations

import bisect
import functools
import json
import pathlib
from typing import Any, NamedTuple

FONTS = pathlib.Path(__file__).parent / "fonts"
TEXT, HEAD, HEAD_FULL = "Bulletin Text", "Bulletin Head", "Bulletin Head Full"
SIGNS = "Bulletin Signs"  # what the text has no glyph for: emoji, in black
FULL_LANGUAGES = ("vi", "kk", "az")  # whose headings need letters that HEAD lacks; sheet.css names them too


class Glyph(NamedTuple):
    """A character of the headline face: how wide it runs, how far it goes above the base line and (negative) below."""

    advance: float
    top: float
    bottom: float


_SIGN = Glyph(1.27, 0.95, -0.25)
_UNKNOWN = Glyph(0.6, 0.77, -0.23)  # a character the headline face lacks is set from the text face, about so large


@functools.cache
def _data(name: str) -> Any:
    return json.loads((FONTS / f"{name}.json").read_text(encoding="ascii"))


@functools.cache
def _covered(family: str) -> tuple[list[int], list[int]]:
    runs = _data("coverage")[family]
    return [first for first, _ in runs], [last for _, last in runs]


@functools.cache
def _has(family: str, char: str) -> bool:
    firsts, lasts = _covered(family)
    at = bisect.bisect_right(firsts, ord(char)) - 1
    return at >= 0 and ord(char) <= lasts[at]


def missing(line: str) -> list[str]:
    """The characters of a line that no bundled face has."""
    lacking = {char for char in set(line) if not (char == "\t" or _has(TEXT, char) or _has(SIGNS, char))}
    return [char for char in line if char in lacking] if lacking else []


@functools.cache
def _glyphs(family: str) -> dict[int, Glyph]:
    measures = _data("widths")[family]
    em = measures["units_per_em"]
    return {
        first + i: Glyph(*(measure / em for measure in glyph))
        for first, *run in measures["runs"]
        for i, glyph in enumerate(zip(*run, strict=True))
    }


def glyphs(text: str, language: str = "en") -> list[Glyph]:
    """The characters of a text in the headline face of a language, in em, kerning apart."""
    known = _glyphs(HEAD_FULL if language.split("-")[0] in FULL_LANGUAGES else HEAD)
    return [known.get(ord(char)) or (_SIGN if _has(SIGNS, char) else _UNKNOWN) for char in text]


def width(text: str, language: str = "en") -> float:
    """How wide a text runs in the headline face of a language, in em, kerning apart."""
    return sum(glyph.advance for glyph in glyphs(text, language))
