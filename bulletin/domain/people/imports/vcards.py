"""The cards that phones give out: vCard 2.1 (versit, 1996), 3.0 (RFC 2426), 4.0 (RFC 6350), and what they really write.

The file is cut into cards and lines here, cheaply and whatever is in it; what a line says, vobject reads. It never sees
a picture, nor a line that its patterns would take for ever for; and it is asked line by line, because of one that it
cannot read it would otherwise write the words into a log.
"""

from __future__ import annotations

import dataclasses
import io
import logging
import re
from collections.abc import Iterator
from typing import Any

from vobject import base  # type: ignore[import-untyped]

from .entries import Book, Why

BEGIN = b"begin:vcard"
LINES_MAX = 60  # of one card that we want
LINE_MAX = 4_000  # bytes of one, unfolded
PIECES_MAX = 60  # that it was folded into: phones fold at 75 bytes
HEAD_MAX = 500  # letters before what it says
ALL_LINES_MAX = 40_000  # of a file that we want; vobject takes some 40 µs for each

# Where what is wanted goes; nothing else is looked at.
FIELDS = {
    **{b"FN": "name", b"N": "parts", b"NICKNAME": "nickname", b"TITLE": "title", b"ROLE": "title"},
    **{b"ORG": "organisation", b"TEL": "phones", b"EMAIL": "ways", b"IMPP": "ways"},
}
PICTURES = {b"PHOTO", b"LOGO"}

_PROPERTY = re.compile(rb"(?:[\w-]+\.)?([\w-]+)[;:]")
_QUOTED = re.compile(rb"[^:]*quoted-printable", re.IGNORECASE)
_BASE64 = re.compile(rb"[^:]*(?:base64|encoding=b\b)", re.IGNORECASE)
# The head of a line as vobject reads it, in a way that cannot backtrack: its own tries all ways to divide commas.
_HEAD = re.compile(
    r"(?:[\w-]++\.)?+[\w-]++(?:;++(?:[\w-]++(?:=(?:\"[^\"]*+\"|[^\";:,]*+)(?:,(?:\"[^\"]*+\"|[^\";:,]*+))*+)?+)?+)*+:",
    re.ASCII,
)
# As many parts as are read of what says several, each after a semicolon: vobject would take its time for all.
_PARTS = {b"N": 3, b"ORG": 1}
_PART = r"(?:\\.|[^\\;])*+"
_FIRST = {name: re.compile(rf"(?:{_PART};){{0,{count - 1}}}{_PART}", re.DOTALL) for name, count in _PARTS.items()}
_CHARSET = re.compile(r";CHARSET=\"?([\w-]+)\"?", re.IGNORECASE)
_CODINGS = re.compile(  # not all that Python knows: some unpack, some take the square of the length
    r"utf-?8|us-ascii|iso-?8859-?\d+|latin-?1|windows-125\d|cp125\d|koi8-[ru]|shift[_-]jis|euc-(?:jp|kr)|gbk?|gb2312"
    r"|gb18030|big5|iso-2022-jp",
    re.IGNORECASE,
)

logging.getLogger("vobject").disabled = logging.getLogger("vobject.base").disabled = True


@dataclasses.dataclass
class _Line:
    """What is wanted of a card: the number of its first line, and its pieces, unfolded; none where it is too long."""

    number: int
    pieces: list[bytes] = dataclasses.field(default_factory=list)
    room: int = LINE_MAX

    def add(self, piece: bytes) -> bool:
        """Add a piece. False where it becomes too long just now."""
        if self.room < 0:
            return True
        self.room -= len(piece)
        if self.room < 0 or len(self.pieces) == PIECES_MAX:
            self.room = -1
            self.pieces.clear()
            return False
        self.pieces.append(piece)
        return True


@dataclasses.dataclass
class _Card:
    """One, cut out."""

    wanted: list[_Line] = dataclasses.field(default_factory=list)
    too_long: bool = False


def is_one(data: bytes) -> bool:
    """Does a file begin as cards do?"""
    return BEGIN in data[:65_536].lower()


def read(data: bytes, book: Book) -> None:
    """Read cards, their lines ended by a single newline, into a book."""
    number = lines = 0
    for number, card in enumerate(_cards(data, book), 1):
        lines += len(card.wanted)
        if card.too_long:
            book.leave_out(Why.CARD_TOO_LONG, number)
        elif book.full or lines > ALL_LINES_MAX:
            book.leave_out(Why.TOO_MANY, number)
        else:
            book.take(number, _fields(card, book) if card.wanted else {})
    if not number:
        book.leave_out(Why.EMPTY, 1)


def _cards(data: bytes, book: Book) -> Iterator[_Card]:
    """Cut a file into its cards. Pictures and whatever else is not wanted are passed over as bytes."""
    card: _Card | None = None
    into: _Line | None = None  # the property that one is in, if it is wanted
    at = inside = 0  # how many cards began; how deep one is in the cards of others
    soft = agent = raw = False  # the line before goes on here; a card of another follows; base64 may go on here
    for number, line in enumerate(io.BytesIO(data), 1):
        if line == b"\n":
            into, soft, raw = None, False, False
            continue
        start = line[:12].rstrip().lower()
        if start in (BEGIN, b"end:vcard"):
            into, soft, raw = None, False, False
            if start == BEGIN and card is not None and (agent or inside):
                inside, agent = inside + 1, False
                book.leave_out(Why.AGENT, at)
            elif start == BEGIN:
                if card is not None:
                    book.leave_out(Why.NO_END, at)
                    yield card
                card, at = _Card(), at + 1
            elif inside:
                inside -= 1
            elif card is not None:
                yield card
                card = None
            else:
                book.leave_out(Why.OUTSIDE, number)
            continue
        if card is None:
            book.leave_out(Why.OUTSIDE, number)
            continue
        if inside:
            continue
        if soft or line[0] in b" \t":
            piece = b"\n" + line if soft else line[1:]  # what reads quoted-printable wants to see its soft breaks
            soft = soft and line.rstrip().endswith(b"=")
            if into is not None and not into.add(piece.removesuffix(b"\n")):
                book.leave_out(Why.LINE_TOO_LONG, number)
            continue
        found = _PROPERTY.match(line)
        if found is None:
            if not raw:
                book.leave_out(Why.UNREADABLE, number)
            continue
        name = found[1].upper()
        agent = name == b"AGENT"
        raw = bool(_BASE64.match(line))
        soft = line.rstrip().endswith(b"=") and bool(_QUOTED.match(line))
        into = None
        if name in PICTURES:
            book.leave_out(Why.PICTURE, at)
        elif name in FIELDS and len(card.wanted) < LINES_MAX:
            into = _Line(number)
            card.wanted.append(into)
            if not into.add(line.removesuffix(b"\n")):
                book.leave_out(Why.LINE_TOO_LONG, number)
        elif name in FIELDS:
            card.too_long = True
    if card is not None:
        book.leave_out(Why.NO_END, at)
        yield card


def _fields(card: _Card, book: Book) -> dict[str, list[str]]:
    """What a card says, by where it goes."""
    vcard = base.newFromBehavior("VCARD")
    fields: dict[str, list[str]] = {}
    for line in card.wanted:
        if not line.pieces:
            continue
        try:
            name, value = _said(vcard, _decoded(b"".join(line.pieces)))
        except Exception:  # a stranger's file in a library that was written for friends'
            book.leave_out(Why.UNREADABLE, line.number)
            continue
        fields.setdefault(FIELDS[name], []).append(value)
    parts = fields.pop("parts", [])
    fields.setdefault("name", []).extend(parts)  # where they are not called anything, as their parts say
    return fields


def _said(vcard: Any, text: str) -> tuple[bytes, str]:
    """The name of a property, and what it says; whatever vobject raises."""
    head = _HEAD.match(text)
    if head is None or len(head[0]) > HEAD_MAX:
        raise ValueError("not one line of a card")
    line = _content(re.sub(";+(?=[;:])", "", head[0]), text[head.end() :])
    name = line.name.encode()
    if name in _FIRST:
        line.value = _FIRST[name].match(line.value)[0]  # type: ignore[index]
    else:
        # vobject takes what is before the first comma; writers of 2.1 leave commas as they are.
        line.value = re.sub(r"\\.|,", lambda sign: "\\," if sign[0] == "," else sign[0], line.value, flags=re.DOTALL)
    line = vcard.add(line).transformToNative()
    value = line.value
    if name == b"N":
        words = (value.given, value.additional, value.family)
        value = " ".join(" ".join(word) if isinstance(word, list) else word for word in words)
    elif name == b"ORG":
        first = value[0] if value else ""
        value = ", ".join(first) if isinstance(first, list) else first
    elif isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if name == b"TEL":
        value = value.removeprefix("tel:").partition(";")[0]
    elif name == b"EMAIL":
        value = value.removeprefix("mailto:")
    return name, value


def _content(head: str, value: str) -> Any:
    """A line as vobject has it, by another coding where the one it names does not read it."""
    head = re.sub("quoted-printable", "QUOTED-PRINTABLE", head, flags=re.IGNORECASE)
    if (named := _CHARSET.search(head)) and not _CODINGS.fullmatch(named[1]):
        head = _CHARSET.sub("", head)
    for coding in ("", "cp1252", "latin-1"):
        if coding:
            head = f"{_CHARSET.sub('', head)[:-1]};CHARSET={coding}:"
        try:
            return base.textLineToContentLine(head + value)
        except (UnicodeDecodeError, UnicodeEncodeError):
            pass
    raise ValueError("no coding reads it")


def _decoded(line: bytes) -> str:
    """The letters of a line: UTF-8, or what it says itself, or what Windows has in the west."""
    codings = ["utf-8"]
    named = _CHARSET.search(line.partition(b":")[0].decode("ascii", "replace"))
    if named and _CODINGS.fullmatch(named[1]):
        codings.append(named[1])
    for coding in (*codings, "cp1252"):
        try:
            return line.decode(coding)
        except (UnicodeDecodeError, LookupError):
            pass
    return line.decode("latin-1")
