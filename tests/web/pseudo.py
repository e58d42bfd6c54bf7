"""A language that marks what is translated: each piece of a sentence stands in ⟦ ⟧, what is put into it stands outside.

So on a page in it, letters outside the marks are people's own words, names and days as CLDR has them, or a mistake: a
string that no translator would ever see.
"""

from __future__ import annotations

import datetime
import functools
import html.parser
import io
import itertools
import pathlib
import re
from collections.abc import Iterator

from babel import Locale
from babel.dates import format_timedelta
from babel.messages import Catalog
from babel.messages.mofile import write_mo

from bulletin.sentences.catalogues import messages

sentences = functools.cache(messages)  # they are read from all sources: once is enough
PLACEHOLDER = re.compile(r"(%\(\w+\)[a-z]|%%)")
MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
WORD = re.compile(r"[^\W\d_]+")
# What somebody reads, or hears read, beside the text of a page.
ATTRIBUTES = ("title", "alt", "placeholder", "aria-label", "label")
EMPTY = ("br", "img", "input", "link", "meta", "meter")
UNREAD = ("style", "script")
WRITTEN = ("textarea", "pre", "q", "ins", "del", "phrase")  # what somebody writes, or a sheet says
WIDTHS = ("wide", "abbreviated")  # narrow ones, such as M, would hide letters


def marked(sentence: str) -> str:
    """A sentence in the language of marks."""
    parts = PLACEHOLDER.split(sentence)
    return "".join(part if PLACEHOLDER.fullmatch(part) else f"⟦{part}⟧" for part in parts if part)


@functools.cache
def _catalogue(locale: str) -> bytes:
    catalog = Catalog(locale, fuzzy=False)
    for message in sentences():
        if isinstance(message.id, tuple):
            catalog.add(message.id, [marked(message.id[-1])] * catalog.num_plurals)
        elif message.id:
            catalog.add(message.id, marked(message.id))
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def write(folder: pathlib.Path, *locales: str) -> pathlib.Path:
    """Catalogues as `make messages` leaves them, where these locales have the marks."""
    for locale in locales:
        place = folder / locale / "LC_MESSAGES"
        place.mkdir(parents=True)
        (place / "messages.mo").write_bytes(_catalogue(locale))
    return folder


@functools.cache
def names(locale: str) -> frozenset[str]:
    """What CLDR says in a language of its own: days, months, countries, languages, and how far away something is."""
    known = Locale.parse(locale)
    said = {*known.territories.values(), *known.languages.values(), *known.periods.values()}
    said |= {*WORD.findall(known.list_patterns["standard"]["middle"])}
    for field in (known.months, known.days):
        said |= {name for forms in field.values() for width in WIDTHS for name in forms[width].values()}
    for unit, count in itertools.product(("minutes", "hours", "days", "weeks"), (1, 3, -1, -3)):
        ahead = format_timedelta(datetime.timedelta(**{unit: count}), add_direction=True, locale=known)
        said |= {*WORD.findall(ahead)}
    return frozenset(said)


@functools.cache
def _any_of(known: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(known, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


@functools.cache
def unmarked(text: str, known: frozenset[str]) -> list[str]:
    """What stands outside the marks and is nothing that is `known`."""
    if not WORD.search(MARKED.sub("", text)):
        return []
    outside = _any_of(known).sub("\0", MARKED.sub("\0", text))
    return [piece.strip() for piece in re.split(r"[\0\n]", outside) if WORD.search(piece)]


class Seen(html.parser.HTMLParser):
    """Every text of a page that somebody reads, each with where it stands."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        for name, value in known.items():
            button = tag == "input" and known.get("type") in ("submit", "button") and name == "value"
            if name in ATTRIBUTES or name.startswith("data-say") or button:
                self.texts.append((f"{tag} {name}", value))
        if tag not in EMPTY:
            self._open.append(tag)
            if known.get("class", "").startswith("phrase"):
                self._open.append("phrase")  # the words that open an account

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not {*UNREAD, *WRITTEN} & {*self._open}:
            self.texts.append((self._open[-1] if self._open else "", data))


def in_json(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in what a script is told, each with the name it has there."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, inside in value.items():
            yield from in_json(inside, key)
    elif isinstance(value, list):
        for inside in value:
            yield from in_json(inside, name)
