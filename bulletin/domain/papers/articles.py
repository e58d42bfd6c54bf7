"""Articles: the pieces of a bulletin, written by several people at once; what each said before is kept until print.

The header of a bulletin is an article too, named HEADER, with the bulletin's own id: a line `key: text` for each field.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Self

from sqlalchemy import ForeignKeyConstraint, Select, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from bulletin.db import SiteOwned, db, now, today
from bulletin.domain.site.refusals import NotAllowed
from bulletin.press.parts import Part
from bulletin.vault import kinds
from bulletin.vault.kinds import Kind
from bulletin.vault.sealed import Sealed, sealed
from bulletin.vault.shapes import N_, Shape, field, moment, plain_text, shape

from .bulletins import SIDES, Bulletin, OfBulletin
from .headers import HEADER, fields_of, lines_of
from .refusals import Why

TEXT_MAX = 50_000  # characters of one article: what the press takes of a whole bulletin
TITLE_MAX = 200
ARTICLES_MAX = 100  # in one bulletin, those deleted counted
KEPT_SHARE = 0.6  # a text that becomes shorter than this at once is kept as it was
ONE_SITTING = timedelta(minutes=10)  # in which one person's savings are one version


def _is_place(value: Any) -> bool:
    """A side, and how many stand before it there, if that is known."""
    return isinstance(value, list) and len(value) == 2 and value[0] in SIDES and kinds.or_none(_whole).check(value[1])


_whole = kinds.plain("count", kinds.whole, 0)


class Stale(Exception):
    """Somebody else has saved this meanwhile; nothing was changed. `theirs` is the article as it stands now."""

    def __init__(self, theirs: Article) -> None:
        self.theirs = theirs
        super().__init__()


@shape
class Body(Shape):
    """What a piece says, and by whom and since when it says this. `name`: HEADER, or one of the press's blocks."""

    name: str = plain_text()
    title: str = plain_text(N_("Heading"), most=TITLE_MAX, named=True)
    text: str = plain_text(N_("Words"), most=TEXT_MAX, lines=True, named=True)
    question: str = plain_text(N_("The question it answers"), named=True)
    by: str = plain_text(N_("Written by"), named=True)
    since: str = moment()
    at: str = moment()
    was: tuple[int, int | None] = field(Kind("place", _is_place, tuple, list, (1, None)), sparse=True)  # if deleted


class Article(OfBulletin):
    """One piece of a bulletin."""

    __tablename__ = "article"

    version: Mapped[int] = mapped_column(default=1)
    deleted_on: Mapped[date | None] = mapped_column()
    body: Sealed[Body] = sealed(Body)

    @classmethod
    def write(
        cls,
        bulletin: Bulletin,
        part: Part,
        *,
        by: str,
        question: str = "",
        article_id: uuid.UUID | None = None,
    ) -> Self:
        """A new article, at the end of its side; the same again for an `article_id` that is here. Raises NotAllowed."""
        known = cls.sent_before(bulletin, article_id)
        if known is not None:
            return known
        if cls.count_of(bulletin) >= ARTICLES_MAX:
            raise NotAllowed(Why.ARTICLES_FULL)
        _check_length(part.title, part.text)
        written_at = now().isoformat()
        body = Body(
            name=part.name, title=part.title, text=part.text, question=question, by=by, since=written_at, at=written_at
        )
        article = cls(site_id=bulletin.site_id, id=article_id, bulletin_id=bulletin.id, version=1, body=body)
        db.session.add(article)
        db.session.flush()
        if part.name != HEADER:
            bulletin.put(article.id, part.side)
        return article

    @classmethod
    def of(cls, bulletin: Bulletin, article_id: uuid.UUID, *, to_change: bool = False) -> Self | None:
        """One article of a bulletin, deleted or not."""
        found = cls.rows_of(bulletin).filter_by(id=article_id)
        return db.session.scalars(found.with_for_update() if to_change else found).first()

    @classmethod
    def all_of(cls, bulletin: Bulletin) -> list[Self]:
        """Every article of a bulletin, the header and deleted ones too."""
        return list(db.session.scalars(cls.rows_of(bulletin)))

    @classmethod
    def of_site(cls, site_id: uuid.UUID) -> Select[Self]:
        """The query for every article of a site, by its bulletin."""
        return select(cls).filter_by(site_id=site_id).order_by(cls.bulletin_id, cls.id)

    @classmethod
    def headers(cls, site_id: uuid.UUID) -> dict[uuid.UUID, dict[str, str]]:
        """The headers of a site's bulletins, by the bulletin's id."""
        found = select(cls).filter_by(site_id=site_id).where(cls.id == cls.bulletin_id)
        return {article.id: article.fields for article in db.session.scalars(found)}

    @classmethod
    def header_of(cls, bulletin: Bulletin) -> dict[str, str]:
        """A bulletin's header."""
        return db.session.scalars(cls.rows_of(bulletin).filter_by(id=bulletin.id)).one().fields

    # What it says.

    @property
    def name(self) -> str:
        """What kind of piece it is: HEADER, or one of the press's blocks."""
        return self.body.name

    @property
    def title(self) -> str:
        """Its heading."""
        return self.body.title

    @property
    def text(self) -> str:
        """Its words."""
        return self.body.text

    @property
    def question(self) -> str:
        """The question it answers; empty for one that nobody asked for."""
        return self.body.question

    @property
    def by(self) -> str:
        """The handle of who saved it last."""
        return self.body.by

    @property
    def at(self) -> datetime:
        """When it was saved last."""
        return datetime.fromisoformat(self.body.at)

    @property
    def fields(self) -> dict[str, str]:
        """A header's fields."""
        return fields_of(self.text)

    # What may be done to it.

    def save(self, title: str, text: str, *, by: str, based_on: int, name: str = "") -> bool:
        """Give it other words; True if they are other. Raises Stale, and NotAllowed for what is too long."""
        if not self.would_change(title, text, based_on=based_on, name=name):
            return False
        body = self.body
        said = dataclasses.replace(body, name=name or body.name, title=title, text=text)
        since = body.since
        if body.by != by or now() - datetime.fromisoformat(since) > ONE_SITTING or self._would_lose(text):
            Version.keep(self)
            since = now().isoformat()
        self.body = dataclasses.replace(said, since=since, by=by, at=now().isoformat())
        self.version += 1
        return True

    def would_change(self, title: str, text: str, *, based_on: int, name: str = "") -> bool:
        """Are these other words, which can be saved? Raises as save() does."""
        _check_length(title, text)
        if dataclasses.replace(self.body, name=name or self.name, title=title, text=text) == self.body:
            return False
        if based_on != self.version:
            raise Stale(self)
        return True

    def _would_lose(self, text: str) -> bool:
        """Would words go that a thumb may have taken out by mistake, or that it was begun with?"""
        return bool(self.text.strip()) and (
            self.version == 1 or len(text.strip()) < len(self.text.strip()) * KEPT_SHARE
        )

    def delete(self, bulletin: Bulletin) -> None:
        """Take it out of its bulletin; it can be brought back until the bulletin is printed."""
        place = bulletin.place_of(self.id)
        if self.name == HEADER or place is None:
            return
        self.body = dataclasses.replace(self.body, was=place)
        bulletin.take_out(self.id)
        self.deleted_on = today()

    def bring_back(self, bulletin: Bulletin) -> None:
        """Undo its deletion: it stands where it stood."""
        if self.deleted_on is None:
            return
        side, index = self.body.was
        bulletin.put(self.id, side, index)
        self.deleted_on = None


class Version(SiteOwned):
    """What an article said before. `number` is that of the article then."""

    __tablename__ = "version"
    __table_args__ = (ForeignKeyConstraint(["site_id", "article_id"], ["article.site_id", "article.id"]),)

    article_id: Mapped[uuid.UUID] = mapped_column(index=True)
    number: Mapped[int] = mapped_column()
    body: Sealed[Body] = sealed(Body)

    @classmethod
    def keep(cls, article: Article) -> Self:
        """Keep what an article says now."""
        version = cls(site_id=article.site_id, article_id=article.id, number=article.version, body=article.body)
        db.session.add(version)
        return version

    @classmethod
    def of(cls, article: Article) -> list[Self]:
        """What an article said before, the latest first."""
        mine = select(cls).filter_by(site_id=article.site_id, article_id=article.id)
        return list(db.session.scalars(mine.order_by(cls.number.desc())))

    @property
    def title(self) -> str:
        """Its heading then."""
        return self.body.title

    @property
    def text(self) -> str:
        """Its words then."""
        return self.body.text

    @property
    def by(self) -> str:
        """The handle of who had written that."""
        return self.body.by

    @property
    def at(self) -> datetime:
        """When it was saved last."""
        return datetime.fromisoformat(self.body.at)


def _check_length(title: str, text: str) -> None:
    if len(text) > TEXT_MAX or len(title) > TITLE_MAX:
        raise NotAllowed(Why.ARTICLE_TOO_LONG, most=TEXT_MAX)


def begin(
    bulletin: Bulletin,
    fields: Mapping[str, str],
    written: Sequence[Part],
    *,
    by: str,
    questions: Sequence[str] = (),
) -> None:
    """Write a bulletin's header and its first articles; `questions`: what each of them answers."""
    Article.write(bulletin, Part(HEADER, "", lines_of(fields)), by=by, article_id=bulletin.id)
    for index, part in enumerate(written):
        Article.write(bulletin, part, by=by, question=questions[index] if index < len(questions) else "")


def forget_versions(bulletin: Bulletin) -> None:
    """What was kept while it was written goes when it is printed: earlier words, and deleted articles."""
    every = Article.all_of(bulletin)
    ids = [article.id for article in every]
    db.session.execute(delete(Version).filter_by(site_id=bulletin.site_id).where(Version.article_id.in_(ids)))
    for article in every:
        if article.deleted_on is not None:
            db.session.delete(article)
