"""Follow-ups: whom to go back to, on which day, and why."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Self

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, mapped_column

from bulletin.db import db, now, today
from bulletin.domain.site.refusals import NotAllowed
from bulletin.vault.sealed import Sealed, sealed
from bulletin.vault.shapes import N_, Shape, iso_day, moment, plain_text, shape

from .contacts import Contact, OfContact
from .refusals import Why

REASON_MAX = 300
AHEAD_MAX = timedelta(days=366)


@shape
class Plan(Shape):
    """When to go back to somebody, why, and who does; `whose` and who else is named is a handle."""

    on: str = iso_day(N_("Day"), empty=False, column="day")
    reason: str = plain_text(N_("Reason"), most=REASON_MAX, named=True)
    whose: str = plain_text(N_("Whose it is"))
    by: str = plain_text(N_("Noted by"), column="noted_by")
    at: str = moment(of="by", column=None)
    ended_by: str = plain_text(column=None)


class FollowUp(OfContact):
    """One of them. In the clear is whether it is over."""

    __tablename__ = "follow_up"

    done_on: Mapped[date | None] = mapped_column()
    what: Sealed[Plan] = sealed(Plan)

    @classmethod
    def _more_args(cls) -> tuple[Index]:
        return (Index(None, "site_id", "done_on"),)

    @classmethod
    def plan(
        cls, contact: Contact, on: date, reason: str, *, whose: str, by: str, form_id: uuid.UUID | None = None
    ) -> Self:
        """Go back to somebody on a day, for a reason. Raises NotAllowed."""
        known = db.session.get(cls, (contact.site_id, form_id)) if form_id else None
        if known is not None:
            return known
        _check(on, reason)
        contact = contact.lock()
        what = Plan(on=on.isoformat(), reason=reason, whose=whose, by=by, at=now().isoformat())
        made = cls(site_id=contact.site_id, id=form_id, contact_id=contact.id, what=what)
        db.session.add(made)
        contact.touch()
        return made

    @classmethod
    def open_at(cls, site_id: uuid.UUID) -> list[Self]:
        """What is to be done at a site, overdue first."""
        return cls._in_order(db.session.scalars(select(cls).filter_by(site_id=site_id, done_on=None)))

    @classmethod
    def all_of(cls, contact: Contact) -> list[Self]:
        """Those about somebody, the first first."""
        return cls._in_order(db.session.scalars(cls.rows_of(contact)))

    @classmethod
    def of(cls, site_id: uuid.UUID, follow_up_id: uuid.UUID) -> Self | None:
        """One of a site's."""
        return db.session.scalars(select(cls).filter_by(site_id=site_id, id=follow_up_id)).first()

    @classmethod
    def _in_order(cls, found: Iterable[Self]) -> list[Self]:
        return sorted(found, key=lambda one: (one.what.on, one.what.at, one.id))

    @property
    def on(self) -> date:
        """For which day."""
        return date.fromisoformat(self.what.on)

    def overdue_on(self, day: date) -> bool:
        """Is its day over where it is this day, and it not done?"""
        return self.done_on is None and self.on < day

    def due_on(self, day: date) -> bool:
        """Is it for this day or earlier, and not done?"""
        return self.done_on is None and self.on <= day

    def finish(self, *, by: str) -> None:
        """It is done; who said so first, did it. Raises NotAllowed."""
        contact = self.lock()
        if self.done_on is None:
            self.done_on = today()
            self.what = dataclasses.replace(self.what, ended_by=by)
            contact.touch()  # nobody is removed as untouched whom somebody means to see

    def reopen(self) -> None:
        """It was not done after all. Raises NotAllowed."""
        self.lock()
        self.done_on = None
        self.what = dataclasses.replace(self.what, ended_by="")

    def postpone(self, on: date) -> None:
        """Another day. Raises NotAllowed."""
        contact = self.lock()
        _check(on, self.what.reason)
        self.what = dataclasses.replace(self.what, on=on.isoformat())
        contact.touch()

    def hand_to(self, whose: str) -> None:
        """Another member does it. Raises NotAllowed."""
        self.lock()
        self.what = dataclasses.replace(self.what, whose=whose)


def _check(on: date, reason: str) -> None:
    if on < today() - timedelta(days=1):  # it may still be yesterday where the site is
        raise NotAllowed(Why.DAY_OVER)
    if on > today() + AHEAD_MAX:
        raise NotAllowed(Why.A_YEAR_AWAY)
    if not reason.strip() or len(reason) > REASON_MAX:
        raise NotAllowed(Why.REASON_NEEDED)
