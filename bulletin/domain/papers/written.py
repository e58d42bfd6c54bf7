"""A bulletin as its articles make it: all that it says at one moment, its manuscript, and what that comes to."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import itertools
import re
from collections.abc import Sequence

from bulletin.press import parts
from bulletin.press.kinds import KINDS
from bulletin.press.parts import Part, Source

from .articles import Article
from .bulletins import Bulletin, State
from .headers import head_of, lines_of


class Written:
    """All that a bulletin says at one moment: its header, its articles in their order, and its manuscript.

    What it says is read once: after a change, ask for another.
    """

    def __init__(self, bulletin: Bulletin) -> None:
        every = {article.id.hex: article for article in Article.all_of(bulletin)}
        self.bulletin = bulletin
        self.header = every[bulletin.id.hex]
        self.sides: list[list[Article]] = [[every[one] for one in there if one in every] for there in bulletin.order]
        self.articles = [article for side in self.sides for article in side]
        self.deleted = [article for article in every.values() if article.deleted_on is not None]

    @functools.cached_property
    def fields(self) -> dict[str, str]:
        """The header's fields."""
        return self.header.fields

    @functools.cached_property
    def parts(self) -> list[Part]:
        """Its articles as the press takes them; all on one side where its kind has no other."""
        kind = KINDS.get(self.fields.get("kind", ""))
        one_side = kind is not None and kind.sides_max == 1
        return [
            Part(article.name, article.title, _as_list(article.name, article.text), 1 if one_side else number)
            for number, side in enumerate(self.sides, start=1)
            for article in side
        ]

    @property
    def times_saved(self) -> int:
        """How often anything in it was saved: another number says that somebody has written since."""
        return self.header.version + sum(article.version for article in (*self.articles, *self.deleted))

    def say_again(self, headline: str, begun_with: Sequence[Part], *, by: str) -> bool:
        """Give a draft the words that the form it began with has by now; False where it is another paper now."""
        said = [part for side in (1, 2) for part in begun_with if part.side == side]
        same = [one.name for one in self.articles] == [one.name for one in said]
        if self.bulletin.stage is not State.DRAFT or not same:
            return False
        for article, part in zip(self.articles, said, strict=True):
            article.save(part.title, part.text, by=by, based_on=article.version)
        fields = lines_of(self.fields | {"headline": headline})
        self.header.save("", fields, by=by, based_on=self.header.version)
        self.bulletin.touch()
        return True

    def parts_with(self, article: Article, title: str, text: str) -> list[Part]:
        """Its articles as they would be, if one of them had other words."""
        words = _as_list(article.name, text)
        return [
            dataclasses.replace(part, title=title, text=words) if one.id == article.id else part
            for one, part in zip(self.articles, self.parts, strict=True)
        ]

    @functools.cached_property
    def source(self) -> Source:
        """Its manuscript, and where in it each article stands."""
        return parts.join(head_of(self.fields), self.parts)

    @functools.cached_property
    def digest(self) -> str:
        """What these words, and no others, come to."""
        return digest(self.source)


def _as_list(name: str, text: str) -> str:
    """An article's words; demands that somebody typed one to a line, without numbers, with them."""
    lines = text.split("\n")
    if name != "demands" or any(re.match(r"\s*(\d+[.)]|[-*+|])\s?", line) for line in lines):
        return text
    numbers = itertools.count(1)
    return "\n".join(f"{next(numbers)}. {line.strip()}" if line.strip() else "" for line in lines)


def digest(source: Source) -> str:
    """SHA-256 of a manuscript, in hex."""
    return hashlib.sha256(source.text.encode()).hexdigest()
