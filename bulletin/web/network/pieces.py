"""A paper as a page: its pieces, each with its words as they are set, for a narrow screen."""

from __future__ import annotations

import dataclasses

from bulletin.press import manuscript, parts
from bulletin.press.mistake import ManuscriptError


@dataclasses.dataclass(frozen=True)
class Shown:
    """One piece. `html`: made of Markdown, in which nothing typed is markup; `index`: which one it is, from 0."""

    index: int
    title: str
    html: str
    quoted: bool  # what somebody said: the title is who


def shown(text: str) -> list[Shown]:
    """The pieces of a sound manuscript, without its pictures, which are on the sheet."""
    head, written = parts.split(text)
    about = {key: head[key] for key in ("kind", "headline", "language", "lines") if key in head}
    taken = [part for part in written if part.name != parts.IMAGE]
    found = []
    for index, part in enumerate(taken):
        try:
            read = manuscript.read(parts.join(about, [dataclasses.replace(part, side=1)]).text)
        except ManuscriptError:
            continue  # one that says nothing by itself
        for piece in filter(None, (*read.pieces, read.box)):
            found.append(Shown(index, piece.title, piece.html, part.name == "quote"))
    return found
