"""A bulletin as a plain text file: a YAML header, then Markdown with blocks."""

from __future__ import annotations

import dataclasses
import datetime
import re
import unicodedata
import urllib.parse
from collections.abc import Iterator, Sequence

import yaml
from babel import Locale, UnknownLocaleError
from markdown_it.token import Token

from . import faces, languages, markdown
from .kinds import KINDS

MANUSCRIPT_MAX = 50_000  # characters; five sheets and more
TABLE_ROWS_MAX, TABLE_COLUMNS_MAX = 60, 6
BLOCKS = ("article", "editorial", "echo", "demands", "notice", "box", "quote")
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


class ManuscriptError(ValueError):
    """What is wrong with a manuscript, in one sentence for the person who wrote it.

    `line` is the line it concerns, counted from 1, or None where it concerns the whole;
    `str()` begins with "Line 12: " where there is one.
    """

    def __init__(self, sentence: str, line: int | None = None) -> None:
        self.sentence = sentence
        self.line = line
        super().__init__(f"Line {line}: {sentence}" if line else sentence)


@dataclasses.dataclass(frozen=True)
class Piece:
    """One block of a manuscript. `name` is one of BLOCKS, or "text" for what stands outside all blocks."""

    name: str
    title: str
    html: str
    text: str
    words: int
    line: int


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

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """All that goes into the columns, in order."""
        return self.front + (self.back or ())


def read(source: str | bytes) -> Manuscript:
    """Read a manuscript; raises ManuscriptError with the first thing that is wrong."""
    lines = _decoded(source).split("\n")
    end = _end_of_header(lines)
    header = _header(lines[1:end])
    language = _language(*header.get("language", ("en", None)))
    _check_characters(lines)
    quotes = languages.words(language).quotes
    front, back = _pieces("\n".join(lines[end + 1 :]), offset=end + 2, quotes=quotes)
    front, back, box = _without_reply_box(front, back)

    def plain(key: str) -> str:
        return markdown.with_quotation_marks(header[key][0], quotes) if key in header else ""

    return Manuscript(
        kind=_kind(*header["kind"]),
        headline=plain("headline"),
        masthead=plain("masthead"),
        site=plain("site"),
        number=plain("number"),
        date=_date(*header["date"]) if "date" in header else None,
        language=language,
        strapline=plain("strapline"),
        reply=_reply(*header["reply"]) if "reply" in header else "",
        imprint=plain("imprint"),
        front=front,
        back=back,
        box=box,
    )


def _decoded(source: str | bytes) -> str:
    if isinstance(source, bytes):
        if b"\0" in source:
            raise ManuscriptError("This is not a text file: it holds NUL bytes. Save the text as plain text.")
        try:
            source = source.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            raise ManuscriptError("This is not UTF-8: save the text again as plain text in UTF-8.", line) from None
    if len(source) > MANUSCRIPT_MAX:
        raise ManuscriptError(
            f"The text has {len(source):,} characters: a sheet holds about 8,000, and no more than"
            f" {MANUSCRIPT_MAX:,} are read."
        )
    text = unicodedata.normalize("NFC", source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    if not text.strip():
        raise ManuscriptError("There is no text yet: start with the header, a line of three dashes.")
    return text


def _check_characters(lines: Sequence[str]) -> None:
    for number, line in enumerate(lines, start=1):
        if missing := faces.missing(line):
            name = unicodedata.name(missing, f"U+{ord(missing):04X}").lower()
            shown = f"‘{missing}’ ({name})" if missing.isprintable() else f"({name})"
            raise ManuscriptError(f"None of our typefaces has the character {shown}: leave it out.", number)


def _end_of_header(lines: Sequence[str]) -> int:
    if lines[0].rstrip() != "---":
        raise ManuscriptError("The header is missing: the first line is three dashes, then ‘kind: …’ and so on.", 1)
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == "---":
            return number
    raise ManuscriptError("The header does not end: put a line of three dashes behind it.", 1)


def _header(lines: Sequence[str]) -> dict[str, tuple[str, int]]:
    """Key -> its text and its line. Read as events, so that no object is ever made and no alias followed."""
    header: dict[str, tuple[str, int]] = {}
    events = iter(_events("\n".join(lines) + "\n"))
    for event in events:
        line = _line_of(event)
        if not isinstance(event, yaml.ScalarEvent):
            raise ManuscriptError(_NOT_A_HEADER, line)
        key = event.value
        if key not in HEADER:
            known = ", ".join(HEADER)
            raise ManuscriptError(f"The header has no ‘{_short(key)}’. It may have: {known}.", line)
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
            if isinstance(event, yaml.MappingStartEvent) and depth == 0:
                depth = 1
            elif isinstance(event, yaml.MappingEndEvent) and depth == 1:
                depth = 2
            elif depth == 0:
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
    except yaml.YAMLError:
        raise ManuscriptError("The header holds a character that cannot be read.", 2) from None


def _line_of(event: yaml.Event) -> int:
    """The line of the manuscript: the header's first line is its second."""
    return event.start_mark.line + 2 if event.start_mark else 2


def _short(text: str) -> str:
    return text if len(text) <= 30 else text[:29] + "…"


def _kind(name: str, line: int) -> str:
    if name not in KINDS:
        raise ManuscriptError(f"There is no kind ‘{_short(name)}’: it is one of {', '.join(KINDS)}.", line)
    return name


def _date(text: str, line: int) -> datetime.date:
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            raise ValueError
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise ManuscriptError(
            f"‘{_short(text)}’ is not a date: write year-month-day, such as 2026-11-23.", line
        ) from None


def _language(tag: str, line: int | None) -> str:
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        raise ManuscriptError(
            f"We do not know the language ‘{_short(tag)}’: write its code, such as en, es or pl.", line
        ) from None
    if locale.text_direction == "rtl":
        raise ManuscriptError("Right-to-left scripts cannot be set yet; Latin, Greek and Cyrillic can.", line)
    return tag


def _reply(address: str, line: int) -> str:
    sentence = "No phone can open this reply address: write it out, with https:// at its start."
    try:
        parts = urllib.parse.urlsplit(address)
        host = parts.hostname
    except ValueError:
        raise ManuscriptError(sentence, line) from None
    if parts.scheme not in ("http", "https") or not host or " " in address or not address.isprintable():
        raise ManuscriptError(sentence, line)
    return address


def _pieces(body: str, offset: int, quotes: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...] | None]:
    """The pieces of the front, and of the back where `::: side` begins one. `offset`: the line the body begins on."""
    tokens = markdown.reader(quotes).parse(body)
    lines = body.split("\n")
    sides: list[list[Piece]] = [[]]
    loose: list[Token] = []
    at = 0

    def close_loose() -> None:
        if loose:
            sides[-1].append(_piece("text", "", loose, offset, quotes))
            loose.clear()

    while at < len(tokens):
        token = tokens[at]
        if token.type == "side" and token.level == 0:
            close_loose()
            if len(sides) == 2:
                raise ManuscriptError("A sheet has two sides: ‘::: side’ stands twice.", token.map[0] + offset)  # type: ignore[index]  # blocks have a map
            sides.append([])
        elif token.type == "container_piece_open" and token.level == 0:
            close_loose()
            end = next(
                i for i in range(at, len(tokens)) if tokens[i].type == "container_piece_close" and tokens[i].level == 0
            )
            sides[-1].append(_block(token, tokens[at + 1 : end], lines, offset, quotes))
            at = end
        else:
            loose.append(token)
        at += 1
    close_loose()
    front, *back = (tuple(side) for side in sides)
    return front, (back[0] if back else None)


def _block(opening: Token, inside: list[Token], lines: Sequence[str], offset: int, quotes: str) -> Piece:
    first, last = opening.map  # type: ignore[misc]  # blocks have a map
    line = first + offset
    name, _, title = opening.info.strip().partition(" ")
    title = title.strip().rstrip(":").rstrip()
    if name == "image":
        raise ManuscriptError("Pictures cannot be printed yet: leave this block out.", line)
    if name not in BLOCKS:
        known = ", ".join((*BLOCKS, "side"))
        raise ManuscriptError(f"There is no block ‘{_short(name)}’: it is one of {known}.", line)
    for token in inside:
        if token.level == opening.level + 1 and token.type in ("container_piece_open", "side"):
            raise ManuscriptError(
                f"The block ‘{name}’ is still open: close it with a line ‘:::’ before the next one begins.", line
            )
    if last >= len(lines) or not lines[last].strip().startswith(":::"):
        raise ManuscriptError(f"The block ‘{name}’ does not end: close it with a line ‘:::’.", line)
    if len(title) > HEADER["headline"]:
        raise ManuscriptError(
            f"This title has {len(title):,} characters: there is room for {HEADER['headline']}.", line
        )
    if not inside:
        raise ManuscriptError(f"The block ‘{name}’ is empty: write something in it, or leave it out.", line)
    return _piece(name, title, inside, offset, quotes, line)


def _piece(name: str, title: str, tokens: list[Token], offset: int, quotes: str, line: int | None = None) -> Piece:
    _check_structure(tokens, offset)
    reader = markdown.reader(quotes)
    text = markdown.plain(tokens)
    return Piece(
        name=name,
        title=markdown.with_quotation_marks(title, quotes),
        html=reader.renderer.render(tokens, reader.options, {}),
        text=text,
        words=len(text.split()) + len(title.split()),
        line=line or (tokens[0].map or [0])[0] + offset,
    )


def _check_structure(tokens: Sequence[Token], offset: int) -> None:
    """Refuse by line what would only be refused by the clock once it is laid out."""
    base = min(token.level for token in tokens)
    line, rows, cells = offset, 0, 0
    for token in tokens:
        line = token.map[0] + offset if token.map else line
        if token.type in ("container_piece_open", "side"):
            raise ManuscriptError("A block cannot stand in a list or a quotation: begin its line with the ‘:::’.", line)
        if token.level - base > markdown.NESTING_MAX:
            raise ManuscriptError("Lists and quotations go three deep at most: flatten this one.", line)
        match token.type:
            case "table_open":
                rows = 0
            case "tr_open":
                rows, cells = rows + 1, 0
            case "td_open" | "th_open":
                cells += 1
        if rows > TABLE_ROWS_MAX:
            raise ManuscriptError(f"A table has at most {TABLE_ROWS_MAX} rows here: shorten this one.", line)
        if cells > TABLE_COLUMNS_MAX:
            raise ManuscriptError(f"A table has at most {TABLE_COLUMNS_MAX} columns here: this one has more.", line)
        for child in token.children or ():
            if child.type == "image":
                raise ManuscriptError("Pictures cannot be printed yet: leave out the ‘![…](…)’.", line)


def _without_reply_box(
    front: tuple[Piece, ...], back: tuple[Piece, ...] | None
) -> tuple[tuple[Piece, ...], tuple[Piece, ...] | None, Piece | None]:
    """The last `box` is the text of the reply block, wherever it stands."""
    for side in (back or (), front):
        for piece in reversed(side):
            if piece.name == "box":
                rest = tuple(other for other in side if other is not piece)
                return (front, rest, piece) if side is back else (rest, back, piece)
    return front, back, None
