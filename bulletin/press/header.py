"""The header of a manuscript: `key: text` by the line, every value taken as text."""

from __future__ import annotations

import datetime
import re
import urllib.parse
from collections.abc import Sequence

import yaml
from babel import Locale, UnknownLocaleError

from .kinds import KINDS
from .mistake import ManuscriptError, Wrong

HEADER = {  # key -> most characters it may have
    "kind": 40,
    "masthead": 60,
    "site": 80,
    "number": 20,
    "date": 10,
    "language": 35,
    "headline": 120,
    "strapline": 240,
    "reply": 200,
    "imprint": 300,
    "lines": 10,
}
KEEP, FLOW = "keep", "flow"  # what becomes of a single line break
LINES = (KEEP, FLOW)
REQUIRED = ("kind", "headline")

Header = dict[str, tuple[str, int]]  # key -> its text and its line

_DASHES = re.compile(r"\s*[-–—]{1,4}\s*")  # phones make one long dash of three
_QUOTED = re.compile(r"""["'].*["']""", re.DOTALL)


def span(lines: Sequence[str]) -> tuple[int, int]:
    """Where the two lines of dashes around the header are, counted from 0."""
    first = next(number for number, line in enumerate(lines) if line.strip())
    if not _DASHES.fullmatch(lines[first]):
        raise ManuscriptError(Wrong.HEADER_MISSING, line=first + 1)
    for number in range(first + 1, len(lines)):
        if _DASHES.fullmatch(lines[number]):
            return first, number
    raise ManuscriptError(Wrong.HEADER_OPEN, line=first + 1)


def read(lines: Sequence[str], line: int) -> Header:
    """The header's lines, without the dashes; `line` is that of the first.

    Each is `key: text`, with the text taken as typed, colons and all; as in YAML, which this looks
    like, an indented line goes on with the one above, and a text in quotation marks loses them.
    """
    begun: list[tuple[str, list[str], int]] = []
    for number, typed in enumerate(lines, start=line):
        if not typed.strip() or typed.startswith("#"):
            continue
        if typed[0].isspace() and begun:
            begun[-1][1].append(typed.strip())
            continue
        key, colon, text = typed.partition(":")
        if not colon:
            raise ManuscriptError(Wrong.NO_COLON, line=number, typed=short(typed.strip()))
        begun.append((key.strip().lower(), [text.strip()], number))
    header: Header = {}
    for key, parts, number in begun:
        if key not in HEADER:
            raise ManuscriptError(Wrong.UNKNOWN_KEY, line=number, key=short(key), known=", ".join(HEADER))
        if key in header:
            raise ManuscriptError(Wrong.KEY_TWICE, line=number, key=key)
        header[key] = _text(key, parts, number), number
    for key in REQUIRED:
        if not header.get(key, ("", 0))[0]:
            raise ManuscriptError(Wrong.KEY_MISSING, line=line, key=key)
    return {key: value for key, value in header.items() if value[0]}


def _text(key: str, parts: Sequence[str], line: int) -> str:
    if parts[0] in ("|", "|-", ">", ">-"):  # YAML's marks for a text on the lines below
        parts = parts[1:]
    text = " ".join(" ".join(parts).split())
    if _QUOTED.fullmatch(text):
        text = _unquoted(text)
    if len(text) > HEADER[key]:
        raise ManuscriptError(Wrong.LONG_VALUE, line=line, key=key, characters=len(text), most=HEADER[key])
    return text


def _unquoted(text: str) -> str:
    """A text in quotation marks as YAML reads it, or as typed where they are not around all of it."""
    try:
        events = [event for event in yaml.parse(text, Loader=yaml.SafeLoader) if isinstance(event, yaml.ScalarEvent)]
    except yaml.YAMLError:
        return text
    return " ".join(str(events[0].value).split()) if len(events) == 1 else text


def short(text: str) -> str:
    return text if len(text) <= 30 else text[:29] + "…"


def kind(name: str, line: int) -> str:
    if name not in KINDS:
        raise ManuscriptError(Wrong.UNKNOWN_KIND, line=line, kind=short(name), known=", ".join(KINDS))
    return name


def date(text: str, line: int) -> datetime.date:
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            raise ValueError
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise ManuscriptError(Wrong.NO_DATE, line=line, typed=short(text)) from None


def language(tag: str, line: int | None) -> str:
    try:
        if not re.fullmatch(r"(?!und|root)[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag):
            raise ValueError
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        raise ManuscriptError(Wrong.UNKNOWN_LANGUAGE, line=line, typed=short(tag)) from None
    if locale.text_direction == "rtl":
        raise ManuscriptError(Wrong.RIGHT_TO_LEFT, line=line)
    return tag


def keeps_lines(text: str, line: int) -> bool:
    """Does a line end where it was typed to end? Else it flows on, as in Markdown."""
    if text not in LINES:
        raise ManuscriptError(Wrong.NO_LINES, line=line, typed=short(text), known=", ".join(LINES))
    return text == KEEP


def reply(address: str, line: int) -> str:
    try:
        parts = urllib.parse.urlsplit(address)
        host = parts.hostname if parts.port is None or parts.port else None
    except ValueError:
        raise ManuscriptError(Wrong.NO_ADDRESS, line=line) from None
    if (
        parts.scheme not in ("http", "https")
        or not host
        or "@" in parts.netloc
        or " " in address
        or not address.isprintable()
    ):
        raise ManuscriptError(Wrong.NO_ADDRESS, line=line)
    return address
