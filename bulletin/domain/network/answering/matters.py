"""Something for all sites to answer: what one of them puts to the others, until its day."""

from __future__ import annotations

import enum
import json
import uuid
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any, Self

from sqlalchemy import ColumnElement, Index, Select, String, Text, or_, select
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship

from bulletin.db import SiteWritten, db, today
from bulletin.domain.actions.actions import TEXT_MAX
from bulletin.domain.site.sites import Site
from bulletin.vault.readers import Audience
from bulletin.vault.shapes import N_, Shape, hex_id, iso_day, plain_text, shape, shaped

NAME_MAX, SENTENCE_MAX = 120, 300  # letters of what is done together, and of other sentences
KEPT = timedelta(days=30)  # answers stand so long after its day, then a count does
A_YEAR = timedelta(days=365)  # the longest
OUT_STANDS = timedelta(days=60)  # so long all are asked whether a site shall be out


class Kind(enum.StrEnum):
    """What is asked."""

    KNOWN = "known"  # do you know us?
    TOGETHER = "together"  # shall we do this?
    ASKED = "asked"  # shall somebody do this for all of us?
    OUT = "out"  # shall a site be put out?


@shape
class KnownPut(Shape):
    """By what others know a site that would like to come in."""

    who: str = plain_text(N_("By what do they know you?"), most=SENTENCE_MAX, lines=True, named=True, asked=True)


@shape
class TogetherPut(Shape):
    """What sites would do together, on a day. `paper`: what was told beside it, if anything."""

    what: str = plain_text(N_("What?"), most=NAME_MAX, named=True, asked=True)
    why: str = plain_text(N_("Why?"), most=TEXT_MAX, lines=True, named=True, asked=True)
    day: str = iso_day()
    paper: str = hex_id("told")


@shape
class AskedPut(Shape):
    """A task for all sites, and whom it is given to: a member of the site that puts it, or somebody in no site."""

    task: str = plain_text(N_("To do what, in one sentence?"), most=SENTENCE_MAX, named=True, asked=True)
    member: str = hex_id("member")
    name: str = plain_text(most=NAME_MAX)


@shape
class OutPut(Shape):
    """Which site shall be put out, and why."""

    site: str = hex_id("site")
    why: str = plain_text(N_("Why?"), most=SENTENCE_MAX, lines=True, named=True, asked=True)


SHAPES: dict[str, type[Shape]] = {
    **{Kind.KNOWN: KnownPut, Kind.TOGETHER: TogetherPut},
    **{Kind.ASKED: AskedPut, Kind.OUT: OutPut},
}


def kind_of(said: Shape) -> Kind:
    """What is asked in such words."""
    return Kind(next(kind for kind, cls in SHAPES.items() if isinstance(said, cls)))


def as_text(said: Shape) -> str:
    """What is said, as a row holds it."""
    return json.dumps(shaped(type(said)).as_stored(said), ensure_ascii=False)


def from_text(kind: str, text: str) -> Any:
    """The same the other way round."""
    return shaped(SHAPES[kind]).as_opened(json.loads(text))


class Matter(SiteWritten):
    """One of them. `needs`: how many sites it takes, where that is said beforehand; `count_yes`, `count_no`: what
    became of its answers, thirty days after its day. One that has no day stands until it is taken back.
    """

    __tablename__ = "matter"
    __table_args__ = (Index("ix_matter_id", "id"),)

    kind: Mapped[str] = mapped_column(String(10))
    body: Mapped[str] = mapped_column(Text)  # the JSON of a shape
    needs: Mapped[int] = mapped_column(default=0)
    put_on: Mapped[date] = mapped_column(default=today)
    ends_on: Mapped[date | None] = mapped_column()
    count_yes: Mapped[int | None] = mapped_column()
    count_no: Mapped[int | None] = mapped_column()
    site: Mapped[Site] = relationship(viewonly=True)

    @classmethod
    def put(cls, site_id: uuid.UUID, matter_id: uuid.UUID, said: Shape, needs: int, ends_on: date | None) -> Self:
        """Put it to all sites: to whoever decides there."""
        matter = cls(
            site_id=site_id,
            id=matter_id,
            audience=Audience.DECIDERS.value,
            kind=kind_of(said).value,
            body=as_text(said),
            needs=needs,
            put_on=today(),
            ends_on=ends_on,
        )
        db.session.add(matter)
        return matter

    @classmethod
    def standing(cls) -> list[Self]:
        """All whose answers stand, the newest first."""
        recent = or_(cls.ends_on.is_(None), cls.ends_on >= today() - KEPT)
        return list(db.session.scalars(_shown(cls, recent, cls.count_yes.is_(None))))

    @classmethod
    def to_come_in(cls, sites: Collection[uuid.UUID] | None = None) -> list[Self]:
        """By what these sites have asked to come in, the newest first; without `sites` all that are not in."""
        whose = cls.site_id.in_(sites) if sites is not None else Site.in_since.is_(None)
        return list(db.session.scalars(_shown(cls, cls.kind == Kind.KNOWN.value, whose, cls.count_yes.is_(None))))

    @classmethod
    def undecided(cls, also: Collection[uuid.UUID]) -> list[Self]:
        """The same without sites that asked to come in and are in, but for `also`: of thousands each of them did."""
        still_asked = or_(cls.kind != Kind.KNOWN.value, Site.in_since.is_(None), cls.id.in_(also))
        recent = or_(cls.ends_on.is_(None), cls.ends_on >= today() - KEPT)
        return list(db.session.scalars(_shown(cls, still_asked, recent, cls.count_yes.is_(None))))

    @classmethod
    def counted(cls, most: int) -> list[Self]:
        """Those that are a count by now, the newest first."""
        return list(db.session.scalars(_shown(cls, cls.count_yes.is_not(None)).limit(most)))

    @classmethod
    def of(cls, matter_id: uuid.UUID) -> Self | None:
        """One of them, if the reader may read it."""
        return db.session.scalars(_shown(cls, cls.id == matter_id)).first()

    @classmethod
    def own(cls, site_id: uuid.UUID) -> list[Self]:
        """What a site has put to others."""
        return list(db.session.scalars(select(cls).filter_by(site_id=site_id).order_by(cls.put_on.desc(), cls.id)))

    @property
    def said(self) -> Any:
        """What it says: a KnownPut, a TogetherPut, an AskedPut or an OutPut."""
        return from_text(self.kind, self.body)

    @property
    def is_open(self) -> bool:
        """Can it be answered?"""
        return self.ends_on is None or self.ends_on >= today()

    @property
    def about(self) -> uuid.UUID | None:
        """The site that shall come in or be out."""
        if self.kind == Kind.KNOWN:
            return self.site_id
        return uuid.UUID(self.said.site) if self.kind == Kind.OUT else None


def _shown(cls: type[Matter], *which: ColumnElement[bool]) -> Select[Any]:
    """What sites that are in put to the others; and who would like to come in."""
    shown = select(cls).join(cls.site).options(contains_eager(cls.site)).where(*which)
    shown = shown.where(or_(Site.in_since.is_not(None), cls.kind == Kind.KNOWN.value))
    return shown.order_by(cls.put_on.desc(), cls.id)
