"""Accounts of who is in no site, and is asked to do something for all of them: such a one ends with the task."""

from __future__ import annotations

import uuid
from typing import Self

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bulletin.db import Record, db

from .members import Member


class AskedAccount(Record):
    """Whose account is somebody's who was asked, and by what. Whether that stands is not here, but counted."""

    __tablename__ = "asked_account"
    __table_args__ = (UniqueConstraint("site_id", "matter_id"),)

    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("member.id"), primary_key=True)
    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("site.id"))  # which put it
    matter_id: Mapped[uuid.UUID] = mapped_column()
    member: Mapped[Member] = relationship()

    @classmethod
    def of(cls, member: Member) -> Self | None:
        """What makes this account one, if it is one of these."""
        return db.session.get(cls, member.id)

    @classmethod
    def by(cls, site_id: uuid.UUID, matter_id: uuid.UUID) -> Self | None:
        """The account of whom a site would have asked."""
        return db.session.scalars(select(cls).filter_by(site_id=site_id, matter_id=matter_id)).first()

    @classmethod
    def every(cls) -> list[Self]:
        """All there are: not many."""
        return list(db.session.scalars(select(cls)))
