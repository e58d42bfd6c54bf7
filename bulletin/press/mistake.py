"""What is wrong with a manuscript or a picture, as codes with what their sentences name.

The sentences stand elsewhere: the press speaks no language but that of its sheets.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from typing import Any


class Wrong(enum.Enum):
    """What is wrong with a manuscript."""

    NO_TEXT_FILE = "no text file"
    NOT_UTF8 = "not UTF-8"
    TOO_LONG = "too long"
    MANY_ACCENTS = "many accents"  # on one letter
    NOTHING = "nothing"  # in the file
    NO_BODY = "no body"  # below the header
    SCRIPT = "script"  # that no typeface has
    LONG_WORD = "long word"
    LONG_PARAGRAPH = "long paragraph"
    MANY_LINES = "many lines"
    MANY_SIGNS = "many signs"  # in the text
    MANY_MARKS = "many marks"  # in one paragraph

    HEADER_MISSING = "header missing"
    HEADER_OPEN = "header open"  # it does not end
    NO_COLON = "no colon"
    UNKNOWN_KEY = "unknown key"
    KEY_TWICE = "key twice"
    KEY_MISSING = "key missing"
    LONG_VALUE = "long value"  # of a key
    UNKNOWN_KIND = "unknown kind"
    NO_DATE = "no date"
    UNKNOWN_LANGUAGE = "unknown language"
    RIGHT_TO_LEFT = "right to left"
    NO_LINES = "no lines"  # that we know: keep or flow
    NO_ADDRESS = "no address"  # of the web

    ONE_SIDE = "one side"  # is all this kind has
    TWO_SIDES = "two sides"  # are all a sheet has
    UNKNOWN_BLOCK = "unknown block"
    BLOCK_OPEN = "block open"  # where the next begins
    BLOCK_ENDLESS = "block endless"
    BLOCK_EMPTY = "block empty"
    BLOCK_INSIDE = "block inside"  # a list or a quotation
    LONG_TITLE = "long title"
    DEEP = "deep"  # lists in lists
    ROWS = "rows"
    COLUMNS = "columns"

    PICTURE_UNNAMED = "picture unnamed"
    PICTURE_NAME = "picture name"  # that is none
    PICTURE_UNTOLD = "picture untold"  # what it shows
    PICTURE_PARAGRAPHS = "picture paragraphs"
    PICTURE_TOLD_LONG = "picture told long"
    PICTURE_INSIDE = "picture inside"  # a line of text
    PICTURES = "pictures"  # more than a sheet holds
    PICTURE_MISSING = "picture missing"


class Unfit(enum.Enum):
    """Why a file cannot be taken as a picture."""

    EMPTY = "empty"
    BIG = "big"  # in bytes
    HEIC = "HEIC"
    OTHER_FORM = "other form"
    NO_PICTURE = "no picture"
    DAMAGED = "damaged"
    MANY_DOTS = "many dots"
    SMALL = "small"
    NARROW = "narrow"
    TOO_MUCH = "too much"  # for its process
    STUMBLED = "stumbled"  # by our mistake
    ENDED = "ended"  # by the system, for want of memory


class Form(enum.Enum):
    """What a picture is that we do not read."""

    GIF = "GIF"
    BMP = "BMP"
    TIFF = "TIFF"
    PDF = "PDF"
    SVG = "SVG"
    AVIF = "AVIF"
    JPEG_XL = "JPEG XL"
    FILM = "film"


class NoSheet(enum.Enum):
    """Why a sound manuscript makes no sheet, or no card."""

    NO_ROOM = "no room"  # under the headline
    LINES = "lines"  # too many
    PICTURE_OUT = "picture out"  # must go, or much of the text
    PICTURE_TALL = "picture tall"
    TITLED_TALL = "titled tall"  # a part of the piece
    BEGINNING_TALL = "beginning tall"
    ON_LINE_TALL = "on line tall"
    CARD_HEADLINE = "card headline"
    CARD_TITLED = "card titled"  # a piece that is too long
    CARD_TEXT = "card text"
    TOO_MUCH = "too much"  # for its process
    STUMBLED = "stumbled"  # by our mistake
    ENDED = "ended"  # by the system, for want of memory
    BUSY = "busy"


class Named(enum.Enum):
    """How sentences speak of lines, sides and pieces."""

    LINE = "line"  # in front of a sentence
    IN_PICTURE = "in picture"  # in front of a sentence
    SIDE = "side"
    WHOLE_TEXT = "whole text"
    ONLY_SIDE = "only side"
    PICTURE = "picture"
    TITLED = "titled"  # a piece
    BEGINNING = "beginning"
    ON_LINE = "on line"  # a piece without a title
    HEADLINE_AND_FOOT = "headline and foot"
    LEFT_OUT = "left out"  # signs that no typeface has
    AND_SO_ON = "and so on"
    OR = "or"


class OneSided(enum.Enum):
    """Kinds of one side, by their names, as a sentence speaks of them."""

    MEETING = "meeting"
    RIGHTS = "rights"
    REPORT = "report"
    POSTER = "poster"


@dataclasses.dataclass(init=False)
class Phrase:
    """A part of a sentence, or a sentence by itself: its code and what it names."""

    code: enum.Enum
    values: Mapping[str, object]

    def __init__(self, code: enum.Enum, /, **values: object) -> None:
        self.code = code
        self.values = values


class Mistake(Exception):
    """What is wrong, and what the sentence about it names. `line`: that of the manuscript it concerns, from 1."""

    def __init__(self, code: enum.Enum, /, *, line: int | None = None, **values: object) -> None:
        super().__init__(code)  # from which it is made again in another process; the rest follows
        self.code = code
        self.line = line
        self.values = values

    def __str__(self) -> str:
        # Never a value: this may get into a log.
        return self.code.name if self.line is None else f"{self.code.name}, line {self.line}"


class ManuscriptError(Mistake, ValueError):
    """A manuscript that cannot be read; its line is None where it concerns the whole."""

    @property
    def with_line(self) -> Phrase:
        """To be said where nothing else shows the line."""
        sentence = Phrase(self.code, **self.values)
        return sentence if self.line is None else Phrase(Named.LINE, number=str(self.line), sentence=sentence)


class PictureError(Mistake, ValueError):
    """A file that cannot be taken as a picture."""


class Unprintable(Mistake):
    """A sound manuscript that makes no sheet, or no card. `line` is that of the piece to change first."""


class TooLong(Unprintable):
    """There is no size at which it fits; by how much, from the layout at the smallest."""


class Busy(Mistake):
    """Every press is taken and stayed so, or the machine has no memory left; try again in a moment."""

    def __init__(self, code: enum.Enum = NoSheet.BUSY) -> None:
        super().__init__(code)


# What was said once can be kept, and said again.


def kept(said: Mistake | Phrase) -> dict[str, Any]:
    """A code and its values as JSON takes them."""
    return {"problem": _name(said.code), "values": {name: _kept(value) for name, value in said.values.items()}}


def again(problem: str, values: Mapping[str, Any]) -> Phrase | None:
    """What was kept; None where another release said it, and this one has no such code."""
    code = _CODES.get(problem)
    said = {name: again(**value) if isinstance(value, dict) else value for name, value in values.items()}
    return None if code is None or None in said.values() else Phrase(code, **said)


def _name(code: enum.Enum) -> str:
    return f"{type(code).__name__}.{code.name}"


def _kept(value: object) -> object:
    if isinstance(value, enum.Enum):
        value = Phrase(value)
    return kept(value) if isinstance(value, Phrase) else value


_CODES = {_name(code): code for kind in (Wrong, Unfit, Form, NoSheet, Named, OneSided) for code in kind}
