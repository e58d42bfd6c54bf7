"""The header of a manuscript: one flat mapping in YAML, every value taken as text."""

from __future__ import annotations

import datetime
import re
import urllib.parse
from collections.abc import Iterator, Sequence

import yaml
from babel import Locale, UnknownLocaleError

from .kinds import KINDS
from .mistake import ManuscriptError

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
}
REQUIRED = ("kind", "headline")

_NOT_A_HEADER = "A line of the header is ‘key: text’; lists and other structures do not go here."

Header = dict[str, tuple[str, int]]  # key -> its text and its line


def end(lines: Sequence[str]) -> int:
    if lines[0].rstrip() != "---":
        raise ManuscriptError("The header is missing: the first line is three dashes, then ‘kind: …’ and so on.", 1)
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == "---":
            return number
    raise ManuscriptError("The header does not end: put a line of three dashes behind it.", 1)


def read(lines: Sequence[str]) -> Header:
    """The header's lines, without the dashes. Read as events, so that no object is ever made and no alias followed."""
    header: Header = {}
    events = iter(_events("\n".join(lines) + "\n"))
    for event in events:
        line = _line_of(event)
        if not isinstance(event, yaml.ScalarEvent):
            raise ManuscriptError(_NOT_A_HEADER, line)
        key = event.value
        if key not in HEADER:
            known = ", ".join(HEADER)
            raise ManuscriptError(f"The header has no ‘{short(key)}’. It may have: {known}.", line)
        if key in header:
            raise ManuscriptError(f"‘{key}’ stands twice in the header: keep one of them.", line)
        value = next(events)
        if not isinstance(value, yaml.ScalarEvent):
            raise ManuscriptError(f"‘{key}’ is not plain text: put all of it in quotation marks.", line)
        text = " ".join(value.value.split())
        if len(text) > HEADER[key]:
            raise ManuscriptError(
                f"‘{key}’ has {len(text):,} characters: there is room for {HEADER[key]}. Shorten it.", line
            )
        if text:
            header[key] = text, line
    for key in REQUIRED:
        if key not in header:
            raise ManuscriptError(f"The header has no {key}: add a line ‘{key}: …’.", 1)
    return header


def _events(header: str) -> Iterator[yaml.Event]:
    """The scalars of one flat mapping, without what surrounds them."""
    around = (yaml.StreamStartEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent, yaml.StreamEndEvent)
    depth = 0
    try:
        for event in yaml.parse(header, Loader=yaml.SafeLoader):
            if isinstance(event, around):
                continue
            if isinstance(event, yaml.MappingStartEvent) and depth == 0 and not (event.anchor or event.tag):
                depth = 1
            elif isinstance(event, yaml.MappingEndEvent) and depth == 1:
                depth = 2
            elif depth == 0 and not isinstance(event, yaml.MappingStartEvent):
                raise ManuscriptError(_NOT_A_HEADER, _line_of(event))
            elif getattr(event, "anchor", None) or getattr(event, "tag", None):
                raise ManuscriptError(
                    "‘&’, ‘*’ and ‘!’ at the start have a meaning of their own here: put the text in quotation marks.",
                    _line_of(event),
                )
            else:
                yield event
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 2 if mark else None
        raise ManuscriptError(
            "This line of the header cannot be read: write ‘key: text’, and put a text with a colon or a mark"
            ' like # or " in it in quotation marks.',
            line,
        ) from None
    except yaml.reader.ReaderError as error:
        line = header.count("\n", 0, error.position) + 2
        raise ManuscriptError("The header holds a character that cannot be read: leave it out.", line) from None


def _line_of(event: yaml.Event) -> int:
    """The line of the manuscript: the header's first line is its second."""
    return event.start_mark.line + 2 if event.start_mark else 2


def short(text: str) -> str:
    return text if len(text) <= 30 else text[:29] + "…"


def kind(name: str, line: int) -> str:
    if name not in KINDS:
        raise ManuscriptError(f"There is no kind ‘{short(name)}’: it is one of {', '.join(KINDS)}.", line)
    return name


def date(text: str, line: int) -> datetime.date:
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            raise ValueError
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise ManuscriptError(
            f"‘{short(text)}’ is not a date: write year-month-day, such as 2026-11-23.", line
        ) from None


def language(tag: str, line: int | None) -> str:
    try:
        if not re.fullmatch(r"(?!und|root)[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag):
            raise ValueError
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        raise ManuscriptError(
            f"We do not know the language ‘{short(tag)}’: write its code, such as en, es or pl.", line
        ) from None
    if locale.text_direction == "rtl":
        raise ManuscriptError("Right-to-left scripts cannot be set yet; Latin, Greek and Cyrillic can.", line)
    return tag


def reply(address: str, line: int) -> str:
    sentence = "No phone can open this reply address: write it out, with https:// at its start."
    try:
        parts = urllib.parse.urlsplit(address)
        host = parts.hostname if parts.port is None or parts.port else None
    except ValueError:
        raise ManuscriptError(sentence, line) from None
    if (
        parts.scheme not in ("http", "https")
        or not host
        or "@" in parts.netloc
        or " " in address
        or not address.isprintable()
    ):
        raise ManuscriptError(sentence, line)
    return address
