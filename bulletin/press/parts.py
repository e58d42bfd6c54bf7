"""A manuscript as its writers hold it: the lines of its header, and each piece as it was typed."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence

from markdown_it.token import Token

from . import header, invisible, markdown
from .manuscript import read
from .pieces import BLOCKS

TEXT = "text"  # a piece outside all blocks: what the bulletin opens with
HEADED = ("article", "editorial", "echo")  # pieces that would run into one another without a heading
HEADING_WORDS, HEADING_MAX = 5, 60  # most words of a longer sentence; most characters of a whole one
_LEADING_MARK = re.compile(r"(?:[-*+>#|•–]+|\d+[.)])\s+")
_SENTENCE = re.compile(rf"(?!{_LEADING_MARK.pattern}|\|)([^\n|]{{1,{HEADING_MAX}}}?)(?:\n\s*|(?<=[.!?…])\s+)(?=\S)")
IMAGE = "image"  # one whose title is the name of a picture
OF_WORDS = {TEXT, *BLOCKS} - {IMAGE}  # what a piece of words may be called


@dataclasses.dataclass(frozen=True)
class Part:
    """One piece as it was typed. `name`: one of pieces.BLOCKS, or TEXT; `side` 1 or 2."""

    name: str
    title: str = ""
    text: str = ""
    side: int = 1

    @property
    def empty(self) -> bool:
        """Has nobody written anything in it yet?"""
        return not self.text.strip()

    def headed(self) -> Part:
        """The same, with its first sentence as its heading, or its first words where that is long or all there is."""
        text = self.text.strip()
        if self.title or self.name not in HEADED:
            return self
        first = _SENTENCE.match(text)
        if first and len(first[1].split()) > 1:
            return dataclasses.replace(self, title=_unmarked(first[1]).rstrip(".:, "), text=text[first.end() :])
        if len(text.split()) <= HEADING_WORDS:
            return self
        words = _LEADING_MARK.sub("", text).split()[:HEADING_WORDS]
        return dataclasses.replace(self, title=_unmarked(" ".join(words)).rstrip(".:,;") + " …")


def _unmarked(words: str) -> str:
    """A heading takes no stars."""
    return re.sub(r"(?<!\w)[*_]+|[*_]+(?!\w)", "", words)


@dataclasses.dataclass(frozen=True)
class Source:
    """A manuscript put together. `lines[i]`: where the i-th part begins, None for an empty one."""

    text: str
    lines: tuple[int | None, ...]

    def whose(self, line: int | None) -> int | None:
        """Which part a line stands in; None for the header."""
        if line is None:
            return None
        begun = [(begins, index) for index, begins in enumerate(self.lines) if begins is not None and begins <= line]
        return max(begun)[1] if begun else None


def join(head: Mapping[str, str], parts: Sequence[Part]) -> Source:
    """A manuscript from its header and its parts; empty parts are left out, and so is a side with nothing on it."""
    lines = ["---", *(f"{key}: {' '.join(text.split())}" for key, text in head.items() if text.strip()), "---"]
    begins: list[int | None] = [None] * len(parts)
    side = 1
    for index, part in sorted(enumerate(parts), key=lambda numbered: numbered[1].side):
        if part.empty:
            continue
        if part.side != side:
            side = part.side
            lines += ["", "::: side"]
        lines += [""]
        if part.name != TEXT:
            lines += [f"::: {part.name} {' '.join(part.title.split())}".rstrip()]
        begins[index] = len(lines) + 1 if part.name == TEXT else len(lines)
        lines += part.text.strip("\n").split("\n")
        if part.name != TEXT:
            lines += [":::"]
    return Source("\n".join(lines) + "\n", tuple(begins))


def split(source: str) -> tuple[dict[str, str], list[Part]]:
    """The header and the parts of a sound manuscript; raises ManuscriptError. The way back from `join`."""
    read(source)
    lines = source.replace("\r\n", "\n").replace("\r", "\n").removeprefix(invisible.BYTE_ORDER).split("\n")
    start, end = header.span(lines)
    head = {key: text for key, (text, _line) in header.read(lines[start + 1 : end], line=start + 2).items()}
    body = lines[end + 1 :]
    return head, list(_parts(body))


def _parts(body: Sequence[str]) -> Iterable[Part]:
    side, loose = 1, 0

    def opening(until: int) -> Iterable[Part]:
        text = "\n".join(body[loose:until]).strip("\n")
        if text.strip():
            yield Part(TEXT, "", text, side)

    for token in _blocks(body):
        first, last = token.map or (0, 0)
        yield from opening(first)
        if token.type == "side":
            side, loose = 2, last
            continue
        name, _, title = token.info.strip().partition(" ")
        yield Part(name, title.strip(), "\n".join(body[first + 1 : last]).strip("\n"), side)
        loose = last + 1  # the line that closes it
    yield from opening(len(body))


def _blocks(body: Sequence[str]) -> Iterable[Token]:
    tokens = markdown.reader("en").parse("\n".join(body))  # any language will do: nothing is printed from here
    return (token for token in tokens if token.level == 0 and token.type in ("side", "container_piece_open"))
