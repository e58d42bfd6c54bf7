"""A bulletin as a plain text file: a YAML header, then Markdown with blocks."""

from __future__ import annotations

import dataclasses
import datetime
import re
import unicodedata
from collections.abc import Container, Sequence

from . import header, invisible, markdown, pieces, signs
from .kinds import KINDS
from .mistake import ManuscriptError, OneSided, Wrong
from .pieces import Piece
from .signs import LeftOut

__all__ = ["MANUSCRIPT_MAX", "Manuscript", "ManuscriptError", "Piece", "decode", "read"]

MANUSCRIPT_MAX = 50_000  # characters; five sheets and more
MARKS_MAX = 30  # accents on one letter; no language has more than a few
PARAGRAPH_MAX = 8_000  # characters without an empty line between them
LINES_MAX = 1_500  # with something on them; ten sheets and more
SIGNS = {"[": 300, "*_": 3_000}  # how often in the text: for each, its other end is looked for
MARKS = {"*_": 600, "\"'": 400}  # how often in a paragraph: reading takes the square of it
_ACROSS = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*")
_DEEP = re.compile(r"(?:[ \t]*(?:>|[-+*•](?=[ \t])|\d{1,9}[.)](?=[ \t]))){9,}")  # more than is printed
WORD_MAX = 200  # characters without a space between them: the longest addresses


@dataclasses.dataclass(frozen=True)
class Manuscript:
    """A manuscript that has been read and found sound."""

    kind: str
    headline: str
    masthead: str = ""
    site: str = ""
    number: str = ""
    date: datetime.date | None = None
    language: str = "en"
    strapline: str = ""
    reply: str = ""
    imprint: str = ""
    front: tuple[Piece, ...] = ()
    back: tuple[Piece, ...] | None = None  # None: the text flows on; else `::: side` forced it
    box: Piece | None = None  # the last `box`: the words of the reply block
    left_out: tuple[LeftOut, ...] = ()  # what no face has, line by line
    for_whom: str = ""  # in the place of “Free. Pass it on.” No text of a manuscript says it

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """All that goes into the columns, in order."""
        return self.front + (self.back or ())


def read(source: str | bytes, *, pictures: Container[str] | None = None) -> Manuscript:
    """Read a manuscript; raises ManuscriptError with the first thing that is wrong.

    `pictures` are the names of those at hand; None: who typesets or prints it will say which are missing.
    """
    typed = decode(source).split("\n")
    lines, left_out = signs.without_unset(typed)
    if not any(line.strip() for line in lines):
        raise ManuscriptError(Wrong.NOTHING)
    start, end = header.span(lines)
    head = header.read(lines[start + 1 : end], line=start + 2)
    language = header.language(*head.get("language", ("en", None)))
    if unset := signs.unset(lines):
        letter, line = unset
        raise ManuscriptError(Wrong.SCRIPT, line=line, letter=letter)
    _check_lengths(lines)
    keep_lines = "lines" in head and header.keeps_lines(*head["lines"])
    body = "\n".join(lines[end + 1 :])
    front, back = pieces.read(body, offset=end + 2, language=language, keep_lines=keep_lines)
    front, back, box = pieces.without_reply_box(front, back)
    back = back or None  # a side with nothing on it is none
    kind = header.kind(*head["kind"])
    if back is not None and KINDS[kind].sides_max == 1:
        raise ManuscriptError(Wrong.ONE_SIDE, line=end + 1, kind=OneSided(kind))

    def plain(key: str) -> str:
        return markdown.with_quotation_marks(head[key][0], language) if key in head else ""

    manuscript = Manuscript(
        kind=kind,
        headline=plain("headline"),
        masthead=plain("masthead"),
        site=plain("site"),
        number=plain("number"),
        date=header.date(*head["date"]) if "date" in head else None,
        language=language,
        strapline=plain("strapline"),
        reply=header.reply(*head["reply"]) if "reply" in head else "",
        imprint=plain("imprint"),
        front=front,
        back=back,
        box=box,
        left_out=left_out,
    )
    if not (front or back or box):
        raise ManuscriptError(Wrong.NO_BODY, line=end + 1)
    pieces.check_pictures(manuscript.pieces, pictures)
    return manuscript


def decode(source: str | bytes) -> str:
    """The text of a file, its lines ended as Unix ends them; raises ManuscriptError where it is none."""
    if isinstance(source, bytes):
        if b"\0" in source:
            raise ManuscriptError(Wrong.NO_TEXT_FILE)
        try:
            source = source.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            raise ManuscriptError(Wrong.NOT_UTF8, line=line) from None
    if len(source) > MANUSCRIPT_MAX:
        raise ManuscriptError(Wrong.TOO_LONG, characters=len(source), most=MANUSCRIPT_MAX)
    _check_marks(source)
    text = unicodedata.normalize(
        "NFC", source.removeprefix(invisible.BYTE_ORDER).replace("\r\n", "\n").replace("\r", "\n")
    )
    return signs.understood(text)


def _check_marks(source: str) -> None:
    """Refuse what normalizing takes the square of its length for: 14 s for 50,000 accents on one letter."""
    run = 0
    for at, char in enumerate(source):
        run = run + 1 if char > "\u02ff" and unicodedata.category(char).startswith("M") else 0
        if run > MARKS_MAX:
            line = source.count("\n", 0, at) + 1
            raise ManuscriptError(Wrong.MANY_ACCENTS, line=line, most=MARKS_MAX)


def _check_lengths(lines: Sequence[str]) -> None:
    """Refuse what takes long to read and longer to set, and cannot be meant."""
    paragraph, begun, written = 0, 1, 0
    found = dict.fromkeys(SIGNS, 0)
    counts = dict.fromkeys(MARKS, 0)
    for number, line in enumerate(lines, start=1):
        if long := re.search(rf"[^ \t{markdown.BREAK}]{{{WORD_MAX + 1},}}", line):
            raise ManuscriptError(Wrong.LONG_WORD, line=number, characters=len(long[0]))
        paragraph, begun = (paragraph + len(line.strip()), begun) if line.strip() else (0, number + 1)
        written += bool(paragraph)
        if written > LINES_MAX:
            raise ManuscriptError(Wrong.MANY_LINES, line=number, number=str(number - 1))
        if _ACROSS.fullmatch(line):
            continue
        if _DEEP.match(line):
            raise ManuscriptError(Wrong.DEEP, line=number)
        for sought, most in SIGNS.items():
            found[sought] += sum(map(line.count, sought))
            if found[sought] > most:
                raise ManuscriptError(Wrong.MANY_SIGNS, line=number, mark=sought[0], most=most)
        for marks, most in MARKS.items():
            counts[marks] = sum(map(line.count, marks), counts[marks] if paragraph else 0)
            if counts[marks] > most:
                raise ManuscriptError(Wrong.MANY_MARKS, line=begun, mark=marks[0], count=counts[marks])
        if paragraph > PARAGRAPH_MAX:
            raise ManuscriptError(Wrong.LONG_PARAGRAPH, line=begun)
