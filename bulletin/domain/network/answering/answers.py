"""What a site answers to something that was put to all: once, yes or no, and taken back while it is open."""

from __future__ import annotations

import collections
import dataclasses
import enum
import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Self

from sqlalchemy import Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship

from bulletin.db import SiteWritten, batches, db, today
from bulletin.domain.actions.actions import TEXT_MAX
from bulletin.domain.site.sites import Site
from bulletin.vault.readers import Audience
from bulletin.vault.shapes import N_, Shape, choice, flag, plain_text, shape, shaped

from .matters import KEPT, SENTENCE_MAX, Kind, Matter


class Again(enum.StrEnum):
    """Would a site do it again?"""

    YES = "yes"
    NO = "no"


@shape
class AnswerSaid(Shape):
    """Why a site answers so; and after its day what it did, what came of it, and whether it would again."""

    why: str = plain_text(N_("Why, if you like"), most=SENTENCE_MAX, lines=True, named=True, asked=True)
    did: str = plain_text(N_("What did you do?"), most=TEXT_MAX, lines=True, named=True)
    came: str = plain_text(N_("What came of it?"), most=TEXT_MAX, lines=True, named=True)
    again: Again | None = choice("", Again, nothing="")
    brought_in: bool = flag()  # a yes to a site that was not in yet: taken back, it is out again


class Answer(SiteWritten):
    """One site's answer to one matter. `if_n`: yes, if so many sites say yes, its own counted."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("site_id", "matter_id"),)

    matter_id: Mapped[uuid.UUID] = mapped_column(index=True)
    yes: Mapped[bool] = mapped_column()
    if_n: Mapped[int] = mapped_column(default=0)
    said_on: Mapped[date] = mapped_column(default=today)
    kept_until: Mapped[date | None] = mapped_column()
    body: Mapped[str] = mapped_column(Text)  # the JSON of an AnswerSaid
    site: Mapped[Site] = relationship(viewonly=True)

    @classmethod
    def give(cls, site_id: uuid.UUID, matter: Matter, *, yes: bool, if_n: int = 0, **said: Any) -> Self:
        """In the place of the one before, if there is one. `said`: why, and whether it brought a site in."""
        cls.take_back(site_id, matter.id)
        answer = cls(
            site_id=site_id,
            matter_id=matter.id,
            audience=Audience.DECIDERS.value,
            said_on=today(),
            yes=yes,
            if_n=if_n,
            kept_until=matter.ends_on and matter.ends_on + KEPT,
            body=_as_text(AnswerSaid(**said)),
        )
        db.session.add(answer)
        db.session.flush()
        return answer

    @classmethod
    def take_back(cls, site_id: uuid.UUID, matter_id: uuid.UUID) -> None:
        """It is gone, and comes back with no restore."""
        if (answer := cls.of(site_id, matter_id)) is not None:
            db.session.delete(answer)
            db.session.flush()

    @classmethod
    def of(cls, site_id: uuid.UUID, matter_id: uuid.UUID) -> Self | None:
        """What a site answered."""
        return db.session.scalars(select(cls).filter_by(site_id=site_id, matter_id=matter_id)).first()

    @classmethod
    def to(cls, matters: Iterable[Matter]) -> Mapping[uuid.UUID, list[Self]]:
        """The answers of sites that are in, by what they answer."""
        found: dict[uuid.UUID, list[Self]] = collections.defaultdict(list)
        for some in batches(matter.id for matter in matters):
            theirs = select(cls).join(cls.site).options(contains_eager(cls.site))
            theirs = theirs.where(cls.matter_id.in_(some), Site.in_since.is_not(None)).order_by(cls.said_on, cls.id)
            for answer in db.session.scalars(theirs):
                found[answer.matter_id].append(answer)
        return found

    @property
    def said(self) -> AnswerSaid:
        """Its words."""
        said: AnswerSaid = shaped(AnswerSaid).as_opened(json.loads(self.body))
        return said

    def say(self, **words: Any) -> None:
        """What the site did, and what came of it."""
        self.body = _as_text(dataclasses.replace(self.said, **words))


def _as_text(said: AnswerSaid) -> str:
    return json.dumps(shaped(AnswerSaid).as_stored(said), ensure_ascii=False)


@dataclasses.dataclass(frozen=True)
class Count:
    """How many sites say yes and no: of its answers, or what is left of them."""

    yes: int
    no: int


def count(matter: Matter, answers: Iterable[Answer]) -> Count:
    """What an answered matter comes to; of what is done together those are in whose number is reached."""
    if matter.count_yes is not None:
        return Count(matter.count_yes, matter.count_no or 0)
    given = list(answers)
    yes = {one.site_id: one.if_n for one in given if one.yes}
    sure = len(joined(yes)) if matter.kind == Kind.TOGETHER else len(yes)
    return Count(sure, len(given) - len(yes))


def joined(if_n: Mapping[Any, int]) -> set[Any]:
    """Of those who join if so many join: the largest number of them for whom that holds."""
    number = len(if_n)
    while (held := sum(one <= number for one in if_n.values())) < number:
        number = held
    return {name for name, one in if_n.items() if one <= number}
