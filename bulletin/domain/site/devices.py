"""Devices: where a member is signed in, and for how long."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import ForeignKey, LargeBinary, String, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bulletin.db import Moment, Record, db, now
from bulletin.vault import keys

from .members import Member

IDLE = timedelta(hours=12)  # then the words are asked for again
SHARED_LASTS = timedelta(minutes=30)
UNUSED_LASTS = timedelta(days=14)
LASTS = timedelta(days=60)
LABEL_MAX = 40


class Device(Record):
    """A browser where a member is signed in. Only its cookie opens the member's key in it.

    `open_key` is empty while it is hidden or has been idle for long; the words fill it again.
    """

    __tablename__ = "device"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("member.id"), index=True)
    member: Mapped[Member] = relationship()
    token_digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    open_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    label: Mapped[str] = mapped_column(String(LABEL_MAX), default="")
    shared: Mapped[bool] = mapped_column(default=False)
    began_at: Mapped[datetime] = mapped_column(Moment, default=now)
    used_at: Mapped[datetime] = mapped_column(Moment, default=now)

    @classmethod
    def begin(cls, member: Member, private: keys.PrivateKey, *, shared: bool, label: str = "") -> tuple[Self, bytes]:
        """Sign a member in: the device, and the secret for its cookie."""
        token = keys.new_secret()
        device = cls(
            member=member,
            member_id=member.id,
            token_digest=keys.digest(token),
            shared=shared,
            label=label,
        )
        device.reveal(token, private)
        db.session.add(device)
        return device, token

    @classmethod
    def with_token(cls, token: bytes) -> Self | None:
        """The device whose cookie this is, if it has not run out."""
        device = db.session.scalars(select(cls).filter_by(token_digest=keys.digest(token))).first()
        return None if device is None or device.over else device

    @classmethod
    def of(cls, member: Member) -> list[Self]:
        """Where a member is signed in, the last used first."""
        mine = select(cls).filter_by(member_id=member.id).order_by(cls.used_at.desc())
        return [device for device in db.session.scalars(mine) if not device.over]

    @classmethod
    def sweep(cls) -> None:
        """Delete what has run out, and close what has been idle."""
        shared = cls.shared & (cls.used_at <= now() - SHARED_LASTS)
        over = or_(cls.began_at <= now() - LASTS, cls.used_at <= now() - UNUSED_LASTS, shared)
        for device in db.session.scalars(select(cls).where(over)):
            db.session.delete(device)
        idle = select(cls).where(cls.used_at <= now() - IDLE, cls.open_key.is_not(None))
        for device in db.session.scalars(idle):
            device.hide()

    @property
    def over(self) -> bool:
        """Has it run out?"""
        unused = now() - self.used_at
        return now() - self.began_at >= LASTS or unused >= (SHARED_LASTS if self.shared else UNUSED_LASTS)

    @property
    def hidden(self) -> bool:
        """Are the words needed to go on?"""
        return self.open_key is None or now() - self.used_at >= IDLE

    def private_key(self, token: bytes) -> keys.PrivateKey | None:
        """The member's key; None while it is hidden."""
        if self.open_key is None or self.hidden:
            return None
        return keys.PrivateKey(keys.unwrap(token, self.open_key, self._context()))

    def use(self) -> None:
        """Note that it is in use, to the minute."""
        moment = now().replace(second=0, microsecond=0)
        if moment > self.used_at:
            self.used_at = moment

    def hide(self) -> None:
        """Overwrite what the cookie opens: from now on the words are needed."""
        self.open_key = None

    def reveal(self, token: bytes, private: keys.PrivateKey) -> None:
        """Open it again for its cookie."""
        self.open_key = keys.wrap(token, private.secret, self._context())
        self.used_at = now()

    def end(self) -> None:
        """Sign out here."""
        db.session.delete(self)

    def _context(self) -> bytes:
        return keys.context("device", self.id, self.member_id)
