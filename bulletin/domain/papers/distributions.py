"""Hand-outs: where and when a bulletin is given out, and how it went."""

from __future__ import annotations

import dataclasses
import uuid
from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import Select, select

from bulletin.db import db, now
from bulletin.domain.site.refusals import NotAllowed
from bulletin.vault import kinds
from bulletin.vault.sealed import Sealed, sealed
from bulletin.vault.shapes import N_, Shape, choice, count, moment, plain_text, shape, shaped

from .bulletins import PAPERS, Bulletin, OfBulletin
from .refusals import Why

PLACE_MAX = 120
WENT_MAX = 2_000
LASTS_MAX = timedelta(days=2)  # one hand-out
AWAY_MAX = timedelta(days=366)


@shape
class Plan(Shape):
    """Where and when a bulletin is handed out."""

    place: str = plain_text(N_("Where"), most=PLACE_MAX, named=True)
    start: str = moment(N_("From"))
    end: str = moment(N_("Until"))
    by: str = plain_text(N_("Noted by"))


@shape
class Went(Shape):
    """What was said of it afterwards."""

    words: str = plain_text(N_("How it went"), most=WENT_MAX, lines=True, named=True)
    copies: int = count(N_("Copies"))
    by: str = plain_text(N_("Noted by"), named=True)


@shape
class Ticket(Shape):
    """A print ticket that was given out for it: see print_tickets."""

    id: str = plain_text()
    letters: str = plain_text()
    by: str = plain_text()
    paper: str = choice("", PAPERS, default="")


class Distribution(OfBulletin):
    """One hand-out of a bulletin. `went`: None before anybody has said so."""

    __tablename__ = "distribution"

    what: Sealed[Plan] = sealed(Plan)
    went: Sealed[Went | None] = sealed(kinds.or_none(shaped(Went)))
    tickets: Sealed[tuple[Ticket, ...]] = sealed(kinds.several(shaped(Ticket)))

    @classmethod
    def plan(
        cls,
        bulletin: Bulletin,
        place: str,
        start: datetime,
        end: datetime,
        *,
        by: str,
        form_id: uuid.UUID | None = None,
    ) -> Self:
        """Plan to hand a bulletin out, at aware moments. Raises NotAllowed."""
        cls._check(place, start, end)
        known = cls.sent_before(bulletin, form_id)
        if known is not None:
            return known
        what = Plan(place=place, start=start.isoformat(), end=end.isoformat(), by=by)
        planned = cls(site_id=bulletin.site_id, id=form_id, bulletin_id=bulletin.id, what=what, went=None, tickets=())
        db.session.add(planned)
        bulletin.touch()
        return planned

    @classmethod
    def at(cls, site_id: uuid.UUID) -> list[Self]:
        """All hand-outs of a site, the first first."""
        return cls._in_order(select(cls).filter_by(site_id=site_id))

    @classmethod
    def all_of(cls, bulletin: Bulletin) -> list[Self]:
        """The hand-outs of a bulletin, the first first."""
        return cls._in_order(cls.rows_of(bulletin))

    @classmethod
    def _in_order(cls, wanted: Select[Self]) -> list[Self]:
        return sorted(db.session.scalars(wanted), key=lambda one: (one.start, one.id))

    @classmethod
    def of(cls, bulletin: Bulletin, distribution_id: uuid.UUID) -> Self | None:
        """One hand-out of a bulletin."""
        mine = cls.rows_of(bulletin).filter_by(id=distribution_id)
        return db.session.scalars(mine).first()

    @classmethod
    def next_at(cls, site_id: uuid.UUID) -> Self | None:
        """The next hand-out of a site, or the one that is going on."""
        return next((one for one in cls.at(site_id) if one.end > now()), None)

    @property
    def place(self) -> str:
        """Where."""
        return self.what.place

    @property
    def start(self) -> datetime:
        """From when."""
        return datetime.fromisoformat(self.what.start)

    @property
    def end(self) -> datetime:
        """Until when."""
        return datetime.fromisoformat(self.what.end)

    @property
    def over(self) -> bool:
        """Has it ended?"""
        return self.end <= now()

    def change(self, place: str, start: datetime, end: datetime) -> None:
        """Another place or time. Raises NotAllowed."""
        self._check(place, start, end)
        self.what = dataclasses.replace(self.what, place=place, start=start.isoformat(), end=end.isoformat())

    def say_how_it_went(self, words: str, copies: int, *, by: str) -> None:
        """Note how it went, afterwards. Raises NotAllowed."""
        if len(words) > WENT_MAX:
            raise NotAllowed(Why.TEXT_TOO_LONG, most=WENT_MAX)
        self.went = dataclasses.replace(self.went or Went(), words=words, copies=copies, by=by)

    def cancel(self) -> None:
        """It does not take place."""
        db.session.delete(self)

    @staticmethod
    def _check(place: str, start: datetime, end: datetime) -> None:
        if not place.strip() or len(place) > PLACE_MAX:
            raise NotAllowed(Why.PLACE_NEEDED)
        if end.timestamp() <= start.timestamp():
            raise NotAllowed(Why.ENDS_TOO_EARLY)
        if end - start > LASTS_MAX:
            raise NotAllowed(Why.LASTS_TOO_LONG)
        if start > now() + AWAY_MAX:
            raise NotAllowed(Why.A_YEAR_AWAY)
        if start < now() - AWAY_MAX:
            raise NotAllowed(Why.A_YEAR_AGO)
