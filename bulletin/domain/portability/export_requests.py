"""Exports: everything a site has, to be taken elsewhere. One member asks, another agrees, and all can see it."""

from __future__ import annotations

import dataclasses
import uuid
from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from bulletin.db import Moment, SiteOwned, db, now
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.members import Membership
from bulletin.domain.site.refusals import NotAllowed
from bulletin.vault.sealed import Sealed, sealed
from bulletin.vault.shapes import Shape, hex_id, moment, plain_text, shape

from .refusals import Why

LASTS = timedelta(days=7)  # from the asking on
AGAIN = timedelta(hours=1)  # after it was taken: a phone loses a file easily


@shape
class Request(Shape):
    """Who asked, and who agreed, by their handles and their ids; and when it was taken."""

    by: str = plain_text()
    by_id: str = hex_id("member")
    agreed_by: str = plain_text()
    agreed_by_id: str = hex_id("member")
    taken_at: str = moment(empty=True)


class Export(SiteOwned):
    """One that somebody asked for."""

    __tablename__ = "export"

    asked_at: Mapped[datetime] = mapped_column(Moment, default=now)
    what: Sealed[Request] = sealed(Request)

    @classmethod
    def ask(cls, by: Membership, *, form_id: uuid.UUID | None = None) -> Self:
        """Ask the others to be given everything. Raises NotAllowed where somebody has asked already."""
        db.session.refresh(by.site, with_for_update=True)  # of two who ask at once, the second sees the first
        every = list(db.session.scalars(select(cls).filter_by(site_id=by.site_id)))
        for one in every:
            if one.id == form_id:
                return one
            if one.stands:
                raise NotAllowed(Why.ASKED_ALREADY)
        for one in every:  # it has lapsed, or been taken: what happened says so
            db.session.delete(one)
        what = Request(by=by.member.handle, by_id=by.member_id.hex)
        made = cls(site_id=by.site_id, id=form_id, asked_at=now(), what=what)
        db.session.add(made)
        Event.note(by.site, Deed.EXPORT_ASKED, by=by.member.handle)
        return made

    @classmethod
    def at(cls, site_id: uuid.UUID) -> Self | None:
        """The one that stands at a site."""
        found = db.session.scalars(select(cls).filter_by(site_id=site_id).order_by(cls.asked_at.desc()))
        return next((one for one in found if one.stands), None)

    @classmethod
    def of(cls, site_id: uuid.UUID, export_id: uuid.UUID, *, to_change: bool = False) -> Self | None:
        """One that stands, by its id; `to_change`: who would change it too, waits."""
        found = select(cls).filter_by(site_id=site_id, id=export_id).execution_options(populate_existing=True)
        one = db.session.scalars(found.with_for_update() if to_change else found).first()
        return one if one is not None and one.stands else None

    @property
    def stands(self) -> bool:
        """Can it still be agreed to, or taken?"""
        taken = self.taken_at
        return self.ends_at > now() if taken is None else taken > now() - AGAIN

    @property
    def ends_at(self) -> datetime:
        """When it lapses, if nobody has taken it."""
        return self.asked_at + LASTS

    @property
    def by(self) -> str:
        """The handle of who asked."""
        return self.what.by

    @property
    def agreed_by(self) -> str:
        """The handle of who agreed last; empty where nobody has yet, or nobody need."""
        return self.what.agreed_by

    @property
    def taken_at(self) -> datetime | None:
        """When it was taken first."""
        taken = self.what.taken_at
        return datetime.fromisoformat(taken) if taken else None

    def is_of(self, me: Membership) -> bool:
        """Is it this member who asked?"""
        return self.what.by_id == me.member_id.hex

    def waits(self, at: list[Membership]) -> bool:
        """Does another member have to agree first? `at`: who is in the site; who has left it, or is locked out, agrees
        to nothing any more.
        """
        others = {one.member_id.hex for one in at if not one.locked} - {self.what.by_id}
        return bool(others) and self.what.agreed_by_id not in others

    def agree(self, by: Membership) -> None:
        """Agree to it as another member. Raises NotAllowed."""
        if self.is_of(by):
            raise NotAllowed(Why.NOT_BY_YOURSELF)
        if not by.may_second:
            raise NotAllowed(Why.HERE_TOO_SHORT)
        if not self.waits(Membership.at(by.site)):
            return
        self.what = dataclasses.replace(self.what, agreed_by=by.member.handle, agreed_by_id=by.member_id.hex)
        Event.note(by.site, Deed.EXPORT_AGREED, by=by.member.handle, whom=self.by)

    def withdraw(self, by: Membership) -> None:
        """Stop it: any member may, until it is taken. Raises NotAllowed."""
        if self.taken_at is not None:
            raise NotAllowed(Why.TAKEN_ALREADY)
        Event.note(by.site, Deed.EXPORT_WITHDRAWN, by=by.member.handle, whom=self.by)
        db.session.delete(self)

    def check(self, me: Membership) -> None:
        """Raise NotAllowed for whoever cannot take it now."""
        if not self.is_of(me):
            raise NotAllowed(Why.ONLY_THE_ASKER)
        if self.waits(Membership.at(me.site)):
            raise NotAllowed(Why.NOBODY_AGREED)

    def take(self, me: Membership) -> None:
        """It is taken, and all can see that it was; within the hour once more. Raises NotAllowed."""
        self.check(me)
        if self.taken_at is None:
            self.what = dataclasses.replace(self.what, taken_at=now().isoformat())
        Event.note(me.site, Deed.EXPORTED, by=me.member.handle)
