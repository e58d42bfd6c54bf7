"""The escalation plan of a site: steps towards a date, each with what must be true before the next."""

from __future__ import annotations

import dataclasses
import enum
import uuid
from datetime import date, timedelta
from typing import Self

from sqlalchemy import select

from bulletin.db import SiteOwned, db, now, today
from bulletin.domain.site.refusals import NotAllowed
from bulletin.vault.sealed import Sealed, sealed
from bulletin.vault.shapes import N_, Shape, choice, hex_id, iso_day, moment, plain_text, shape

from .refusals import Why

NAME_MAX = 120
TEXT_MAX = 500
STEPS_MAX = 100
AWAY_MAX = timedelta(days=3 * 366)


class Met(enum.StrEnum):
    """Was the threshold of a step met?"""

    NOT_YET = "not yet"
    YES = "yes"
    NO = "no"


@shape
class Plan(Shape):
    """One step: what is done, how strength is seen there, and what must be reached."""

    on: str = iso_day(N_("Day"), empty=False)
    action: str = plain_text(N_("What is done"), most=NAME_MAX, named=True)
    test: str = plain_text(N_("How strength is seen"), most=TEXT_MAX, lines=True, named=True)
    threshold: str = plain_text(N_("What must be reached"), most=TEXT_MAX, lines=True, named=True)
    met: Met = choice(N_("Reached"), Met, default=Met.NOT_YET)
    met_by: str = plain_text()
    by: str = plain_text(N_("Noted by"))
    at: str = moment(of="by", column=None)
    action_id: str = hex_id("action", column=None)


class Step(SiteOwned):
    """One step."""

    __tablename__ = "step"

    what: Sealed[Plan] = sealed(Plan)

    @classmethod
    def add(
        cls,
        site_id: uuid.UUID,
        on: date,
        action: str,
        test: str,
        threshold: str,
        *,
        by: str,
        action_id: str = "",
        form_id: uuid.UUID | None = None,
    ) -> Self:
        """One more step. Raises NotAllowed."""
        steps = cls.at(site_id)
        known = next((step for step in steps if step.id == form_id), None)
        if known is not None:
            return known
        if len(steps) >= STEPS_MAX:
            raise NotAllowed(Why.STEPS_FULL, most=STEPS_MAX)
        step = cls(site_id=site_id, id=form_id)
        step.what = Plan(by=by, at=now().isoformat())
        step.change(on, action, test, threshold, action_id=action_id)
        db.session.add(step)
        return step

    @classmethod
    def at(cls, site_id: uuid.UUID) -> list[Self]:
        """A site's steps, the first first."""
        steps = db.session.scalars(select(cls).filter_by(site_id=site_id))
        return sorted(steps, key=lambda step: (step.what.on, step.what.at, step.id))

    @classmethod
    def of(cls, site_id: uuid.UUID, step_id: uuid.UUID) -> Self | None:
        """One of a site's."""
        return db.session.scalars(select(cls).filter_by(site_id=site_id, id=step_id)).first()

    @property
    def on(self) -> date:
        """Its day."""
        return date.fromisoformat(self.what.on)

    @property
    def met(self) -> Met:
        """Was its threshold met?"""
        return self.what.met

    def overdue_on(self, day: date) -> bool:
        """Is its day over where it is this day, and nobody has said whether it was met?"""
        return self.met is Met.NOT_YET and self.on < day

    def change(self, on: date, action: str, test: str, threshold: str, *, action_id: str = "") -> None:
        """Another day, action, test or threshold. Raises NotAllowed."""
        if not action.strip() or len(action) > NAME_MAX:
            raise NotAllowed(Why.STEP_NEEDED)
        if len(test) > TEXT_MAX or len(threshold) > TEXT_MAX:
            raise NotAllowed(Why.TEXT_TOO_LONG, most=TEXT_MAX)
        if abs(on - today()) > AWAY_MAX:
            raise NotAllowed(Why.YEARS_AWAY)
        self.what = dataclasses.replace(
            self.what, on=on.isoformat(), action=action, action_id=action_id, test=test, threshold=threshold
        )

    def say_met(self, met: Met, *, by: str) -> None:
        """Whether its threshold was met."""
        self.what = dataclasses.replace(self.what, met=met, met_by=by)

    def take_out(self) -> None:
        """It is no step any more."""
        db.session.delete(self)
