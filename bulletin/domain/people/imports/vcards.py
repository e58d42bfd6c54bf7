"""The cards that phones give out: vCard 2.1 (versit, 1996), 3.0 (RFC 2426), 4.0 (RFC 6350), and what they really write.

The file is cut into cards and lines here, cheaply and whatever is in it; what a line says, vobject reads. It never sees
a picture, nor a line that its patterns would take for ever for; and it is asked line by line, because of one that it
cannot read it would otherwise write the words into a log.
"""

from __future__ import annotations

import dataclasses
import io
import logging
import quopri
import re
from collections.abc import Iterator
from typing import Any

from vobject import base  # type: ignore[import-untyped]

from .entries import Book, Why

BEGIN, END = b"begin:vcard", b"end:vcard"
LINES_MAX = 60  # of one card that we want
LINE_MAX = 4_000  # bytes of one, unfolded
PIECES_MAX = 60  # that it was folded into: phones fold at 75 bytes
HEAD_MAX = 500  # letters before what it says
ALL_LINES_MAX = 40_000  # of a file that we want; vobject takes some 40 µs for each

# Where what is wanted goes; nothing else is looked at.
FIELDS = {
    **{b"FN": "name", b"N": "parts", b"NICKNAME": "nickname", b"TITLE": "title", b"ROLE": "title"},
    **{b"ORG": "organisation", b"TEL": "phones", b"EMAIL": "ways", b"IMPP": "ways"},
    b"X-ANDROID-CUSTOM": "nickname",  # where it says that it is one
}
KINDS = (b"KIND", b"X-ADDRESSBOOKSERVER-KIND")
NO_PEOPLE = (b"group", b"location", b"application", b"device")  # kinds of cards
PICTURES = {b"PHOTO", b"LOGO"}

_PROPERTY = re.compile(rb"(?:[\w-]+\.)?([\w-]+)[;:]")
_QUOTED = re.compile(rb"[^:]*quoted-printable", re.IGNORECASE)
_BASE64 = re.compile(rb"[^:]*(?:base64|encoding=b\b)", re.IGNORECASE)
# The head of a line as vobject reads it, in a way that cannot backtrack: its own tries all ways to divide commas.
_HEAD = re.compile(
    r"(?:[\w-]++\.)?+[\w-]++(?:;++(?:[\w-]++(?:\([^()]*+\))?+(?:=(?:\"[^\"]*+\"|[^\";:,]*+)(?:,(?:\"[^\"]*+\"|[^\";:,]*+))*+)?+)?+)*+:",
    re.ASCII,
)
# As many parts as are read of what says several, each after a semicolon: vobject would take its time for all.
_PARTS = {b"N": 3, b"ORG": 1}
_PART = r"(?:\\.|[^\\;])*+"
_FIRST = {name: re.compile(rf"(?:{_PART};){{0,{count - 1}}}{_PART}", re.DOTALL) for name, count in _PARTS.items()}
# What of a head says how to read the rest; types, labels and whatever else a phone makes up are passed over.
_NAME = re.compile(r"(?:[\w-]++\.)?+([\w-]++)", re.ASCII)
_TOLD = re.compile(r";((?:ENCODING|CHARSET)=\"?[\w-]+\"?|QUOTED-PRINTABLE|BASE64)(?=[;:])", re.IGNORECASE | re.ASCII)
_ASIDE = re.compile(r"\([^()]*\)")  # X-CUSTOM(CHARSET=UTF-8,…), as Samsung labels a number
_ANDROID = re.compile(r"vnd\.android\.cursor\.item/nickname;((?:\\.|[^\\;])*)", re.DOTALL)
_EXTENSION = re.compile(r";ext=([^;]+)", re.IGNORECASE)
_SOFT_AND_FOLDED = re.compile(rb"=\n[ \t]")
_CHARSET = re.compile(r";CHARSET=\"?([\w-]+)\"?", re.IGNORECASE)
_CODINGS = re.compile(  # not all that Python knows: some unpack, some take the square of the length
    r"utf-?8|us-ascii|iso-?8859-?\d+|latin-?1|windows-(?:125\d|874|31j)|cp(?:125\d|437|85\d|86\d|874|932|936|949|950)"
    r"|macintosh|mac-?roman|koi8-[ru]|tis-620|shift[_-]jis|ms932|euc-(?:jp|kr)|gbk?|gb2312|gb18030|big5|iso-2022-jp",
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
    old: bool = False  # of version 2.1, where a comma is a comma
    nobody: bool = False  # a group of others' cards, or a place


def is_one(data: bytes) -> bool:
    """Does a file begin as cards do?"""
    return BEGIN in data[:65_536].lower().replace(b" ", b"")


def read(data: bytes, book: Book) -> None:
    """Read cards, their lines ended by a single newline, into a book."""
    number = lines = 0
    for number, card in enumerate(_cards(data, book), 1):
        lines += len(card.wanted)
        if card.too_long:
            book.leave_out(Why.CARD_TOO_LONG, number)
        elif card.nobody:
            book.leave_out(Why.NOBODY, number)
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
    indent = b""  # before each line of a card that somebody has copied out of something
    for number, line in enumerate(io.BytesIO(data), 1):
        if card is None and line[0] in b" \t":
            indent = line[: len(line) - len(line.lstrip(b" \t"))]
        line = line.removeprefix(indent)
        if line == b"\n":
            into, soft, raw = None, False, False
            continue
        start = line[:24].rstrip().lower().replace(b": ", b":")
        if start in (BEGIN, END):
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
        name, says = found[1].upper(), line[found.end() : found.end() + 40].strip().lower()
        agent = name == b"AGENT"
        raw = bool(_BASE64.match(line))
        soft = line.rstrip().endswith(b"=") and bool(_QUOTED.match(line))
        into = None
        card.old |= name == b"VERSION" and says == b"2.1"
        card.nobody |= name in KINDS and says in NO_PEOPLE
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
    lines = [(line, b"".join(line.pieces)) for line in card.wanted if line.pieces]
    both_ways = any(_is_folded_twice(said) for _line, said in lines)
    for line, said in lines:
        whole = _SOFT_AND_FOLDED.sub(b"=\n", said) if both_ways else said
        try:
            name, value = _said(vcard, _decoded(whole), old=card.old)
        except Exception:  # a stranger's file in a library that was written for friends'
            book.leave_out(Why.UNREADABLE, line.number)
            continue
        fields.setdefault(FIELDS[name], []).append(value)
    called = fields.get("name", [])
    if len(called) > 1:  # in several languages
        fields.setdefault("nickname", []).extend(called[1:])
    parts = fields.pop("parts", [])
    fields.setdefault("name", []).extend(parts)  # where they are not called anything, as their parts say
    return fields


def _is_folded_twice(line: bytes) -> bool:
    """Does each soft break have a blank after it that belongs to nobody? With it no letter comes together."""
    if not _SOFT_AND_FOLDED.search(line):
        return False
    head, _colon, value = line.partition(b":")
    coding = _coding_of(head) or "utf-8"
    return not _is_read(value, coding) and _is_read(_SOFT_AND_FOLDED.sub(b"=\n", value), coding)


def _is_read(quoted: bytes, coding: str) -> bool:
    try:
        quopri.decodestring(quoted).decode(coding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _said(vcard: Any, text: str, *, old: bool = False) -> tuple[bytes, str]:
    """The name of a property, and what it says; whatever vobject raises."""
    head = _HEAD.match(text)
    if head is None or len(head[0]) > HEAD_MAX:
        raise ValueError("not one line of a card")
    told = "".join(f";{one}" for one in _TOLD.findall(_ASIDE.sub("", head[0])))
    line = _content(f"{_NAME.match(head[0])[1]}{told}:", text[head.end() :])  # type: ignore[index]
    name = line.name.encode()
    if line.value.endswith("\\") and not re.search(r"(?:\\\\)+\Z", line.value):  # vobject would say "eof" there
        line.value = line.value[:-1]
    if name == b"X-ANDROID-CUSTOM":
        nickname = _ANDROID.match(line.value)
        return name, nickname[1] if nickname else ""
    if name in _FIRST:
        line.value = _FIRST[name].match(line.value)[0]  # type: ignore[index]
    if name not in _FIRST or old:
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
    if name == b"TEL" and value.lower().startswith("tel:"):
        number, extension = value[4:].partition(";")[0], _EXTENSION.search(value)
        value = f"{number} ext. {extension[1]}" if extension else number
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
    for coding in filter(None, ("utf-8", _coding_of(line.partition(b":")[0]), "cp1252")):
        try:
            return line.decode(coding)
        except (UnicodeDecodeError, LookupError):
            pass
    return line.decode("latin-1")


def _coding_of(head: bytes) -> str:
    """The one that the head of a line names, if it is one that we know."""
    named = _CHARSET.search(head.decode("ascii", "replace"))
    return named[1] if named and _CODINGS.fullmatch(named[1]) else ""
