"""What sites tell each other: frozen copies, in the clear because a site chose so, read by whom they are for."""

from __future__ import annotations

import enum
import json
import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Self

from sqlalchemy import Index, LargeBinary, Select, String, Text, func, or_, select
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship

from bulletin.db import SiteWritten, batches, db, today
from bulletin.domain.actions.actions import PLACE_MAX, TEXT_MAX, FormOfAction, Result
from bulletin.domain.people.issue_trends import monday
from bulletin.domain.site.sites import Site
from bulletin.domain.site.struggles import Struggle
from bulletin.vault.readers import Audience
from bulletin.vault.shapes import N_, Shape, choice, choices, hex_id, iso_day, plain_text, shape, shaped

from . import tags
from .groups import EVERY_SITE, Sites
from .week_told import WeekTold

STANDS = timedelta(days=14)  # how long what somebody asks for stands, and each answer
BEFORE = timedelta(weeks=8)  # in which a struggle was not said that is called new
SENTENCE_MAX = 200  # letters of what is asked for


class Kind(enum.StrEnum):
    """What sort of thing is told."""

    PAPER = "paper"
    DEED = "deed"
    NEED = "need"  # or something that one has
    ANSWER = "answer"  # to it, for the site that asked alone
    WEEK = "week"  # a site's own


class Sort(enum.StrEnum):
    """Which way round somebody asks."""

    NEED = "we need"
    HAVE = "we have"


@shape
class PaperTold(Shape):
    """What a told paper is called. Its text and its sheet lie beside it."""

    masthead: str = plain_text()
    number: str = plain_text()
    headline: str = plain_text()
    language: str = plain_text()


@shape
class DeedTold(Shape):
    """What a site did, what came of it, and what it learned."""

    form: FormOfAction = choice("", FormOfAction, default=FormOfAction.OTHER)
    title: str = plain_text(N_("What it is called"), most=PLACE_MAX, named=True, asked=True)
    day: str = iso_day()
    struggles: tuple[Struggle, ...] = choices("", Struggle)
    result: Result | None = choice("", Result, nothing="")
    demand: str = plain_text(N_("What was demanded"), most=TEXT_MAX, lines=True, named=True, asked=True)
    outcome: str = plain_text(N_("What came of it"), most=TEXT_MAX, lines=True, named=True, asked=True)
    tried: str = plain_text(N_("What we tried"), most=TEXT_MAX, lines=True, named=True, asked=True)
    happened: str = plain_text(N_("What happened"), most=TEXT_MAX, lines=True, named=True, asked=True)
    again: str = plain_text(N_("What we would do again"), most=TEXT_MAX, lines=True, named=True, asked=True)


@shape
class NeedTold(Shape):
    """What a site needs, or has for others, in a sentence."""

    sort: Sort = choice("", Sort, default=Sort.NEED)
    sentence: str = plain_text(N_("What, in one sentence?"), most=SENTENCE_MAX, named=True, asked=True)


@shape
class AnswerTold(Shape):
    """That a site can, or would like it: which told row it answers."""

    need: str = hex_id("told")


SHAPES: dict[str, type[Shape]] = {
    **{Kind.PAPER: PaperTold, Kind.DEED: DeedTold},
    **{Kind.NEED: NeedTold, Kind.ANSWER: AnswerTold, Kind.WEEK: WeekTold},
}


class Told(SiteWritten):
    """One thing that a site tells. `week`: the Monday of the one it is about; `text`, `sheet`: of a paper, its
    manuscript and its PDF.
    """

    __tablename__ = "told"
    __table_args__ = (
        # Counting, and a site's own weeks, read these two alone, and not the rows with their bodies.
        Index("ix_told_counted", "kind", "week", "tags", "audience", "site_id"),
        Index("ix_told_own", "site_id", "kind", "week", "tags", "audience"),
        Index("ix_told_newest", "kind", "told_on", "id"),
        Index("ix_told_latest", "told_on", "id"),
        Index("ix_told_id", "id"),
    )

    kind: Mapped[str] = mapped_column(String(10))
    week: Mapped[date] = mapped_column()
    told_on: Mapped[date] = mapped_column(default=today)
    body: Mapped[str] = mapped_column(Text)  # the JSON of a shape
    tags: Mapped[str] = mapped_column(Text, default="", server_default="")  # by which it is counted
    text: Mapped[str | None] = mapped_column(Text, deferred=True)
    sheet: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    site: Mapped[Site] = relationship(viewonly=True)

    @classmethod
    def tell(cls, site_id: uuid.UUID, told_id: uuid.UUID, said: Shape, audience: str, day: date, **more: Any) -> Self:
        """Tell something as it stands now. `audience`: one, or the only() of a site; `day`: of what it is about;
        `more`: a paper's text and sheet.
        """
        told = cls.made(site_id, told_id, said, audience, day, cls._tags(site_id, said, monday(day)), **more)
        db.session.add(told)
        return told

    @classmethod
    def made(
        cls, site_id: uuid.UUID, told_id: uuid.UUID, said: Shape, audience: str, day: date, stored: str, **more: Any
    ) -> Self:
        """The row of it, which nobody has added yet. `stored`: its tags."""
        kind = next(kind for kind, cls_ in SHAPES.items() if isinstance(said, cls_))
        return cls(
            site_id=site_id,
            id=told_id,
            kind=kind,
            audience=str(audience),
            week=monday(day),
            tags=stored,
            told_on=today(),
            body=json.dumps(shaped(type(said)).as_stored(said), ensure_ascii=False),
            **more,
        )

    @classmethod
    def _tags(cls, site_id: uuid.UUID, said: Shape, week: date) -> str:
        if isinstance(said, DeedTold):
            return tags.of_deed(said.form, said.struggles, said.result)
        if not isinstance(said, WeekTold):
            return ""
        lately = select(cls.tags).filter_by(site_id=site_id, kind=Kind.WEEK.value)
        lately = lately.where(cls.week < week, cls.week >= week - BEFORE)
        return tags.of_week(said, list(db.session.scalars(lately)))

    @classmethod
    def of_kind(cls, kind: Kind, most: int, *, before: int = 0, sites: Sites = EVERY_SITE) -> list[Self]:
        """What the reader may read of one kind by these sites, the newest first, `before` of them left out."""
        found = sites.filter(_newest_first(cls).where(cls.kind == kind.value))
        return list(db.session.scalars(found.offset(before).limit(most)))

    @classmethod
    def by_others(cls, site_id: uuid.UUID, most: int) -> list[Self]:
        """What other sites told lately, answers left out."""
        theirs = _newest_first(cls).where(cls.site_id != site_id, cls.kind != Kind.ANSWER.value)
        return list(db.session.scalars(theirs.limit(most)))

    @classmethod
    def by_others_since(cls, day: date, site_ids: Iterable[uuid.UUID], most: int) -> list[Self]:
        """What was told from a day on by other sites than these, answers left out."""
        theirs = _newest_first(cls).where(cls.told_on >= day, cls.kind != Kind.ANSWER.value)
        return list(db.session.scalars(theirs.where(cls.site_id.not_in(site_ids)).limit(most)))

    @classmethod
    def of_weeks_since(cls, week: date, most: int, sites: Sites = EVERY_SITE) -> list[Self]:
        """The weeks that sites told, from one on, the newest first."""
        # None is told before it begins: so the index by the day finds the newest, and need not sort them all.
        weeks = _newest_first(cls).where(cls.kind == Kind.WEEK.value, cls.week >= week, cls.told_on >= week)
        return list(db.session.scalars(sites.filter(weeks).limit(most)))

    @classmethod
    def heard_since(cls, day: date) -> set[uuid.UUID]:
        """The sites that told something from a day on."""
        return set(db.session.scalars(select(cls.site_id).where(cls.told_on >= day).distinct()))

    @classmethod
    def own(cls, site_id: uuid.UUID) -> list[Self]:
        """What a site told, the newest first."""
        mine = select(cls).filter_by(site_id=site_id).order_by(cls.told_on.desc(), cls.id)
        return list(db.session.scalars(mine))

    @classmethod
    def count_on(cls, site_id: uuid.UUID, day: date) -> int:
        """How many things a site told on a day."""
        mine = select(func.count()).select_from(cls).filter_by(site_id=site_id, told_on=day)
        return db.session.scalar(mine) or 0

    @classmethod
    def own_weeks(cls, site_id: uuid.UUID) -> list[Self]:
        """The weeks that a site told, the last first."""
        mine = select(cls).filter_by(site_id=site_id, kind=Kind.WEEK.value).order_by(cls.week.desc(), cls.id)
        return list(db.session.scalars(mine))

    @classmethod
    def own_week(cls, site_id: uuid.UUID, week: date) -> Self | None:
        """What a site told as its week of a Monday."""
        mine = select(cls).filter_by(site_id=site_id, kind=Kind.WEEK.value, week=week)
        return db.session.scalars(mine).first()

    @classmethod
    def of(cls, told_id: uuid.UUID) -> Self | None:
        """One of them, if the reader may read it."""
        return db.session.scalars(_newest_first(cls).where(cls.id == told_id)).first()

    @classmethod
    def of_ids(cls, ids: Iterable[uuid.UUID]) -> list[Self]:
        """Those of them that the reader may read."""
        found = (db.session.scalars(_newest_first(cls).where(cls.id.in_(some))) for some in batches(ids))
        return [one for some in found for one in some]

    @classmethod
    def to_anyone(cls, site_id: uuid.UUID, most: int) -> list[Self]:
        """What a site tells to anyone, the newest first."""
        public = select(cls).filter_by(site_id=site_id, audience=Audience.ANYONE.value)
        return list(db.session.scalars(public.order_by(cls.told_on.desc(), cls.id).limit(most)))

    @classmethod
    def one_to_anyone(cls, site_id: uuid.UUID, told_id: uuid.UUID) -> Self | None:
        """One of those."""
        public = select(cls).filter_by(site_id=site_id, id=told_id, audience=Audience.ANYONE.value)
        return db.session.scalars(public).first()

    @property
    def said(self) -> Any:
        """What it says, as the shape of its kind."""
        return shaped(SHAPES[self.kind]).as_opened(json.loads(self.body))

    @property
    def is_paper(self) -> bool:
        """Is it a paper, with its text and its sheet?"""
        return self.kind == Kind.PAPER

    @property
    def is_need(self) -> bool:
        """Does somebody ask for something, or have something for others?"""
        return self.kind == Kind.NEED

    @property
    def is_week(self) -> bool:
        """Is it a site's own week?"""
        return self.kind == Kind.WEEK

    @property
    def is_over(self) -> bool:
        """Has it stood for as long as it does?"""
        return self.kind in PASSING and self.told_on <= today() - STANDS

    @property
    def is_for_anyone(self) -> bool:
        """May anyone read it, member of a site or not?"""
        return self.audience == Audience.ANYONE.value


PASSING = (Kind.NEED.value, Kind.ANSWER.value)


def _newest_first(cls: type[Told]) -> Select[Any]:
    """What sites that are in tell, as long as it stands."""
    shown = select(cls).join(cls.site).options(contains_eager(cls.site)).where(Site.in_since.is_not(None))
    shown = shown.where(or_(cls.kind.not_in(PASSING), cls.told_on > today() - STANDS))
    return shown.order_by(cls.told_on.desc(), cls.id.desc())  # both the same way, as an index lies
