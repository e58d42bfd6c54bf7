"""Bulletins: the numbers of a site's paper, and how far each has come."""

from __future__ import annotations

import enum
import uuid
from datetime import date
from typing import Self

from sqlalchemy import ForeignKeyConstraint, Select, String, func, select
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from bulletin.db import SiteOwned, db, now, today
from bulletin.domain.site.refusals import NotAllowed
from bulletin.domain.site.sites import Site
from bulletin.vault import kinds
from bulletin.vault.sealed import Sealed, sealed
from bulletin.vault.shapes import Shape, field, moment, plain_text, shape, shaped

from .refusals import Why

SIDES = (1, 2)
PAPERS = ("a4", "letter")
_two_sides = kinds.a_list_of(kinds.a_list_of(kinds.a_hex_id), len(SIDES))


class State(enum.StrEnum):
    """How far a bulletin has come. In the clear: that there is one, and how far, is no secret; what it says is."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    AGREED = "agreed"
    PRINTED = "printed"


@shape
class Agreed(Shape):
    """The words that a site's rule was met for: their digest, when, and by whom."""

    digest: str = plain_text()
    at: str = moment()
    by: tuple[str, ...] = field(kinds.several(kinds.plain_text()))


class Bulletin(SiteOwned):
    """One number of a site's paper. `order`: the ids of its articles as they stand, on each of two sides.

    `agreed`: None before it is. `touched`: the moment, to put those of one day in order; None where a release
    before wrote it.
    """

    __tablename__ = "bulletin"

    begun_on: Mapped[date] = mapped_column(default=today)
    touched_on: Mapped[date] = mapped_column(default=today)
    touched: Sealed[str | None] = sealed(
        kinds.or_none(kinds.of_text("moment", kinds.a_moment, empty=False)), optional=True
    )
    state: Mapped[str] = mapped_column(String(10), default=State.DRAFT.value)
    put_away_on: Mapped[date | None] = mapped_column()
    order: Sealed[list[list[str]]] = sealed(kinds.plain("order", _two_sides, [[], []]))
    agreed: Sealed[Agreed | None] = sealed(kinds.or_none(shaped(Agreed)))

    @classmethod
    def begin(cls, site: Site, *, form_id: uuid.UUID | None = None) -> Self:
        """A bulletin with nothing in it yet."""
        bulletin = cls(site=site, id=form_id, order=[[], []], agreed=None, state=State.DRAFT.value)
        bulletin.touch()
        db.session.add(bulletin)
        db.session.flush()
        return bulletin

    @classmethod
    def at(cls, site: Site) -> list[Self]:
        """A site's bulletins, the last touched first, without those put away."""
        here = select(cls).filter_by(site_id=site.id, put_away_on=None)
        return sorted(db.session.scalars(here), key=lambda one: (one.last_touched, one.id), reverse=True)

    @classmethod
    def put_away_at_site(cls, site: Site) -> list[Self]:
        """Those put away, the last first."""
        gone = select(cls).filter_by(site_id=site.id).where(cls.put_away_on.is_not(None))
        return sorted(db.session.scalars(gone), key=lambda one: (one.put_away_on, one.last_touched), reverse=True)

    @classmethod
    def of(cls, site: Site, bulletin_id: uuid.UUID, *, to_change: bool = False) -> Self | None:
        """One of a site's bulletins; `to_change` keeps others who would change it waiting until this is done."""
        found = select(cls).filter_by(site_id=site.id, id=bulletin_id)
        return db.session.scalars(found.with_for_update() if to_change else found).first()

    @property
    def stage(self) -> State:
        """How far it has come."""
        return State(self.state)

    @property
    def is_agreed(self) -> bool:
        """Are its words agreed, printed or not?"""
        return self.stage in (State.AGREED, State.PRINTED)

    @property
    def agreed_digest(self) -> str:
        """Of the words that were agreed; empty before."""
        return self.agreed.digest if self.agreed else ""

    def touch(self) -> None:
        """Somebody has just done something to it."""
        moment = now()
        self.touched_on, self.touched = moment.date(), moment.isoformat()

    @property
    def last_touched(self) -> str:
        """When somebody did something to it last: the moment, or the day where that is not known. To sort by."""
        return self.touched or self.touched_on.isoformat()

    def put_away(self) -> None:
        """Out of the list; nothing is deleted."""
        self.put_away_on = today()
        self.touch()

    def bring_back(self) -> None:
        """Into the list again."""
        self.put_away_on = None
        self.touch()

    # Where its articles stand.

    def place_of(self, article_id: uuid.UUID) -> tuple[int, int] | None:
        """The side, 1 or 2, and how many stand before it there; None for one that was deleted."""
        for side, there in zip(SIDES, self.order, strict=True):
            if article_id.hex in there:
                return side, there.index(article_id.hex)
        return None

    def put(self, article_id: uuid.UUID, side: int, index: int | None = None) -> None:
        """Put an article on a side, before the one that stands at `index`, or last."""
        order = self._without(article_id)
        there = order[side - 1]
        there.insert(len(there) if index is None else max(0, min(index, len(there))), article_id.hex)
        self.order = order
        self.touch()

    def take_out(self, article_id: uuid.UUID) -> None:
        """Take an article out of the order."""
        self.order = self._without(article_id)
        self.touch()

    def _without(self, article_id: uuid.UUID) -> list[list[str]]:
        return [[one for one in there if one != article_id.hex] for there in self.order]

    def move(self, article_id: uuid.UUID, way: str, *, seen: tuple[int, int] | None = None) -> None:
        """One up or down, from one side's end to the other's beginning too; or to the other "side".

        `seen`: where it stood for whoever moves it. Where it stands elsewhere by now it stays, so twice is once.
        """
        place = self.place_of(article_id)
        if place is None or place != (seen or place):
            return
        side, index = place
        if way == "side":
            self.put(article_id, 3 - side, None if side == 2 else 0)
        elif way == "up":
            if index:
                self.put(article_id, side, index - 1)
            elif side == 2:
                self.put(article_id, 1)
        elif way == "down":
            if index + 1 < len(self.order[side - 1]):
                self.put(article_id, side, index + 1)
            elif side == 1:
                self.put(article_id, 2, 0)


class OfBulletin(SiteOwned):
    """A row that belongs to a bulletin, and with it to a site."""

    __abstract__ = True

    bulletin_id: Mapped[uuid.UUID] = mapped_column(index=True)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[ForeignKeyConstraint]:
        return (ForeignKeyConstraint(["site_id", "bulletin_id"], ["bulletin.site_id", "bulletin.id"]),)

    @classmethod
    def rows_of(cls, bulletin: Bulletin) -> Select[Self]:
        """The query for all of a bulletin's."""
        return select(cls).filter_by(site_id=bulletin.site_id, bulletin_id=bulletin.id)

    @classmethod
    def count_of(cls, bulletin: Bulletin) -> int:
        """How many a bulletin has."""
        return db.session.scalar(cls.rows_of(bulletin).with_only_columns(func.count())) or 0

    @classmethod
    def sent_before(cls, bulletin: Bulletin, form_id: uuid.UUID | None) -> Self | None:
        """What this form has made already, where it was sent twice. Raises NotAllowed for the form of another one."""
        known = db.session.get(cls, (bulletin.site_id, form_id)) if form_id else None
        if known is not None and known.bulletin_id != bulletin.id:
            raise NotAllowed(Why.ANOTHERS_FORM)
        return known
