"""Signs from elsewhere: what phones, messengers and Word put among the words.

What nobody sees is dropped, what has a plain form gets it, and what no face has is left out and named. A letter or a
figure is never left out: a text in a script that cannot be set is refused.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Iterable, Sequence

from . import faces, invisible
from .markdown import BREAK
from .mistake import Named, Phrase

SHOWN_MAX = 8  # signs that are named at once

# Faces and paper have no use for them. Soft hyphens and places to divide a word stay.
_UNSEEN = re.compile(
    f"[{invisible.MARKS}{invisible.TURNING}{invisible.JOINERS}{invisible.DRESS}{invisible.TAGS}{invisible.BYTE_ORDER}"
    f"{invisible.FILLERS}{invisible.NOTHING}\u20d0-\u20ff]"  # the last: rings and keys around the sign before
)
_BLANK = re.compile(f"[{invisible.BLANKS}]")
_BREAKS = re.compile(f"[{invisible.ENDS_LINE}{invisible.ENDS_PARAGRAPH}]")
_SIGN = "[\u2190-\u2bff\U0001f000-\U0001faff]"
_DRESS = f"[{invisible.AS_EMOJI}\U0001f3fb-\U0001f3ff]*"  # which form and which skin a sign is to have
_JOINED = re.compile(rf"({_SIGN}){_DRESS}(?:{invisible.JOINER}{_SIGN}{_DRESS})*")
_REGIONAL = range(0x1F1E6, 0x1F200)  # letters, two of which are a flag
_CIRCLED = {0x24EA: 0, **{0x2460 + number: number + 1 for number in range(20)}}
_FOR_BULLETS = "\uf06f\uf071\uf076\uf0a7\uf0a8\uf0b7\uf0d8\uf0fc\uf0fe"  # Word's; lists.py reads them
_BULLET = re.compile(rf"(?m)^([ \t>]*)[{_FOR_BULLETS}](?=[ \t])")


@dataclasses.dataclass(frozen=True)
class LeftOut:
    """Signs on one line of a manuscript that no face has, as a sentence names them."""

    line: int
    signs: tuple[str, ...]

    @property
    def with_line(self) -> Phrase:
        """To be said where nothing else shows the line."""
        return Phrase(Named.LINE, number=str(self.line), sentence=told(self.signs))


def told(signs: Iterable[str]) -> Phrase:
    """What is said of signs that are left out."""
    shown = [*signs]
    more = "" if len(shown) <= SHOWN_MAX else " …"
    return Phrase(Named.LEFT_OUT, signs=" ".join(shown[:SHOWN_MAX]) + more)


def understood(text: str) -> str:
    """A text with the signs in it that people meant: a hand of any colour is a hand, a flag its letters."""
    text = _BLANK.sub(" ", _BULLET.sub(r"\1•", text).translate(invisible.WORDS_HYPHENS))
    text = _UNSEEN.sub("", _JOINED.sub(r"\1", _BREAKS.sub(BREAK, text)))
    return text.translate({ord(char): _plain(char) for char in faces.missing("".join(set(text))) if char > "\u2000"})


def _plain(char: str) -> str:
    """The letter or the figure that a sign is a form of, where the faces have that."""
    if ord(char) in _REGIONAL:
        return chr(ord("A") + ord(char) - _REGIONAL.start)
    if ord(char) in _CIRCLED:
        return f"({_CIRCLED[ord(char)]})"
    plain = unicodedata.normalize("NFKC", char)
    return plain if plain.isascii() and plain.isprintable() and char != BREAK else char


def unset(lines: Iterable[str]) -> tuple[str, int] | None:
    """The first letter or figure that no face has, and its line, counted from 1."""
    for number, line in enumerate(lines, start=1):
        for char in faces.missing(line):
            if char.isalnum():
                return char, number
    return None


def without_unset(lines: Sequence[str]) -> tuple[list[str], tuple[LeftOut, ...]]:
    """The lines without the signs that no face has, and which those are."""
    if not faces.missing("".join(set().union(*lines))):  # nearly every text
        return [*lines], ()
    kept, left_out = [], []
    for number, line in enumerate(lines, start=1):
        if missing := dict.fromkeys(char for char in faces.missing(line) if char != BREAK and not char.isalnum()):
            left_out.append(LeftOut(number, tuple(map(_shown, missing))))
            line = "".join(char for char in line if char not in missing)
        kept.append(line)
    return kept, tuple(left_out)


def _shown(char: str) -> str:
    """A sign as a sentence names it; one that is newer than this Python is shown too."""
    newer = unicodedata.category(char) == "Cn" and re.fullmatch(_SIGN, char)
    return f"‘{char}’" if char.isprintable() or newer else unicodedata.name(char, f"U+{ord(char):04X}")
