"""What the bundled faces can print, and how wide the headline face runs. No font is loaded for it."""

from __future__ import annotations

import bisect
import functools
import json
import pathlib
from typing import Any

FONTS = pathlib.Path(__file__).parent / "fonts"
TEXT, HEAD, HEAD_FULL = "Bulletin Text", "Bulletin Head", "Bulletin Head Full"
FULL_LANGUAGES = ("vi", "kk", "az")  # whose headings need letters that HEAD lacks; sheet.css names them too

_UNKNOWN_EM = 0.6  # a character the headline face lacks is set from the text face, about this wide


@functools.cache
def _data(name: str) -> Any:
    return json.loads((FONTS / f"{name}.json").read_text(encoding="ascii"))


@functools.cache
def _covered() -> tuple[list[int], list[int]]:
    runs = _data("coverage")[TEXT]
    return [first for first, _ in runs], [last for _, last in runs]


@functools.cache
def _has(char: str) -> bool:
    firsts, lasts = _covered()
    at = bisect.bisect_right(firsts, ord(char)) - 1
    return at >= 0 and ord(char) <= lasts[at]


def missing(line: str) -> list[str]:
    """The characters of a line that no bundled face has."""
    return [char for char in line if not (char == "\t" or _has(char))]


@functools.cache
def _advances(family: str) -> dict[int, float]:
    widths = _data("widths")[family]
    em = widths["units_per_em"]
    return {first + i: advance / em for first, advances in widths["runs"] for i, advance in enumerate(advances)}


def width(text: str, language: str = "en") -> float:
    """How wide a text runs in the headline face of a language, in em, kerning apart."""
    advances = _advances(HEAD_FULL if language.split("-")[0] in FULL_LANGUAGES else HEAD)
    return sum(advances.get(ord(char), _UNKNOWN_EM) for char in text)
