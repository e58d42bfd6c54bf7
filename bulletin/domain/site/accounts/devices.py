"""Devices: where a member is signed in, and for how long."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Self

from sqlalchemy import ForeignKey, LargeBinary, String, false, func, or_, select, update
from sqlalchemy.orm import Mapped, column_property, joinedload, mapped_column, relationship

from bulletin.db import Record, db, now
from bulletin.domain.site.sites import IDLE_MINUTES, Site
from bulletin.vault import keys

from .members import Member, Membership

IDLE = timedelta(hours=12)  # where there is no PIN: then the words are asked for again
PIN_TRIES = 5  # wrong ones; then it is signed out
SHARED_LASTS = timedelta(minutes=30)
UNUSED_LASTS = timedelta(days=14)
LASTS = timedelta(days=60)
LABEL_MAX = 40


class Device(Record):
    """A browser where a member is signed in. Only its cookie opens the member's key in it, and when it was last used.

    `open_key` is empty while it is hidden or has been idle for long. The words fill it again; on a phone of one's own
    six digits do, which together with the cookie open `locked_key`. Whenever it is opened again it gets another cookie,
    so that a copy of the one before opens nothing; that one still asks for the digits until the new one has come, since
    an answer can be lost. In the clear stands no more than the day of its first use and of its last. What its member
    calls it opens with their key.
    """

    __tablename__ = "device"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("member.id"), index=True)
    member: Mapped[Member] = relationship()
    token_digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    open_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    locked_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    wrong_pins: Mapped[int] = mapped_column(default=0, server_default="0")  # since it was last opened by the right ones
    pin_offered: Mapped[bool] = mapped_column(default=True, server_default=false())  # has its member been asked?
    former_digest: Mapped[bytes | None] = mapped_column(LargeBinary, index=True, unique=True)
    former_locked_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed_label: Mapped[bytes | None] = mapped_column(LargeBinary)
    # As releases before wrote it; sealed and emptied when its member is here next.
    clear_label: Mapped[str] = mapped_column("label", String(LABEL_MAX), default="")
    shared: Mapped[bool] = mapped_column(default=False)
    began_on: Mapped[date] = mapped_column()
    used_on: Mapped[date] = mapped_column()
    last_use: Mapped[bytes | None] = mapped_column(
        LargeBinary
    )  # the moment; empty where an older release wrote the row
    # Of a token by which it can send letters, and read nothing (inbox.letters); none for a shared one.
    letter_digest: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    idle_minutes: Mapped[int | None] = column_property(  # the least that a site of its member's has chosen
        select(func.min(Site.idle_minutes))
        .join_from(Site, Membership)
        .where(Membership.member_id == member_id)
        .correlate_except(Site, Membership)
        .scalar_subquery()
    )

    @classmethod
    def begin(cls, member: Member, private: keys.PrivateKey, *, shared: bool, label: str = "") -> tuple[Self, bytes]:
        """Sign a member in: the device, and the secret for its cookie."""
        token = keys.new_secret()
        device = cls(
            id=uuid.uuid4(),
            member=member,
            member_id=member.id,
            token_digest=keys.digest(token),
            shared=shared,
            began_on=now().date(),
        )
        device.call(label, private)
        device.open_for(token, private)
        db.session.add(device)
        return device, token

    def begin_anew(self, private: keys.PrivateKey, *, label: str) -> bytes:
        """Sign its member in once more, on a phone of their own: what it wrote before is theirs still. As begin()."""
        token = keys.new_secret()
        self.began_on = now().date()
        self.forget_pin()
        if label:
            self.call(label, private)
        self.open_for(token, private)
        return token

    @classmethod
    def with_token(cls, token: bytes) -> Self | None:
        """The device whose cookie this is, or was until it was opened again, if it has not run out."""
        digest = keys.digest(token)
        theirs = select(cls).where(or_(cls.token_digest == digest, cls.former_digest == digest))
        device = db.session.scalars(theirs.options(joinedload(cls.member))).first()
        return None if device is None or device.over(token) else device

    @classmethod
    def that_writes(cls, digest: bytes) -> Self | None:
        """The phone that sends letters by the token of this digest, if it has not been signed out."""
        device = db.session.scalars(select(cls).filter_by(letter_digest=digest)).first()
        return None if device is None or device.over() else device

    @classmethod
    def of(cls, member: Member) -> list[Self]:
        """Where a member is signed in, the last used first, as far as the days say it."""
        last = (cls.used_on.desc(), cls.began_on.desc(), cls.id)
        mine = select(cls).filter_by(member_id=member.id).order_by(*last)
        return [device for device in db.session.scalars(mine) if not device.over()]

    @classmethod
    def sweep(cls) -> None:
        """Delete what has run out, and close what has been idle, as over() and hidden() say it without the cookie.

        That may be a day after the cookie opens nothing any more; what is on the disk until then, only it could open.
        """
        shared = cls.shared & (cls.used_on < _day_before(SHARED_LASTS))
        over = or_(cls.began_on <= _day_before(LASTS), cls.used_on < _day_before(UNUSED_LASTS), shared)
        for device in db.session.scalars(select(cls).where(over)):
            db.session.delete(device)
        idle = select(cls).where(cls.used_on < _day_before(IDLE), cls.open_key.is_not(None))
        for device in db.session.scalars(idle):
            device.hide()

    @classmethod
    def shut_all(cls, member: Member) -> None:
        """Let nothing but the words open any of a member's."""
        for device in db.session.scalars(select(cls).filter_by(member_id=member.id)):
            device.hide()
            device.forget_pin()

    @classmethod
    def seal_labels(cls, member: Member, private: keys.PrivateKey) -> bool:
        """Seal what a release before has left in the clear of a member's devices; whether there was any."""
        clear = list(db.session.scalars(select(cls).filter_by(member_id=member.id).where(cls.clear_label != "")))
        for device in clear:
            device.call(device.clear_label, private)
        return bool(clear)

    def label(self, private: keys.PrivateKey) -> str:
        """What its member calls it; empty where it has no name, or where somebody else has changed it."""
        if self.sealed_label is None:
            return self.clear_label
        try:
            return keys.unwrap(private.secret, self.sealed_label, self._context("label")).decode()
        except keys.DoesNotOpen:
            return ""

    def call(self, label: str, private: keys.PrivateKey) -> None:
        """Give it another name, under its member's key."""
        sealed = keys.wrap(private.secret, label.encode(), self._context("label")) if label else None
        self.sealed_label, self.clear_label = sealed, ""

    def used_at(self, token: bytes | None = None) -> datetime:
        """When it was last used, or up to a third of its limit before; without its cookie the end of that day."""
        if token is None or self.last_use is None or self.former_digest == keys.digest(token):
            return datetime.combine(self.used_on + timedelta(days=1), time.min, UTC)
        return datetime.fromisoformat(keys.unwrap(token, self.last_use, self._context("last use")).decode())

    def over(self, token: bytes | None = None) -> bool:
        """Has it run out? Without its cookie: for sure."""
        unused = now() - self.used_at(token)
        return self.began_on <= _day_before(LASTS) or unused >= (SHARED_LASTS if self.shared else UNUSED_LASTS)

    @property
    def idle(self) -> timedelta:
        """How long it may be without use until it is hidden."""
        return timedelta(minutes=self.idle_minutes or IDLE_MINUTES) if self.has_pin else IDLE

    def has(self, token: bytes) -> bool:
        """Is this its cookie, and not the one that it had before it was opened again?"""
        return self.token_digest == keys.digest(token)

    def hidden(self, token: bytes | None = None) -> bool:
        """Are the words or the PIN needed to go on? Without its cookie: for sure."""
        if self.open_key is None or (token is not None and not self.has(token)):
            return True
        return now() - self.used_at(token) >= self.idle

    def private_key(self, token: bytes) -> keys.PrivateKey | None:
        """The member's key; None while it is hidden."""
        if self.open_key is None or self.hidden(token):
            return None
        return keys.PrivateKey(keys.unwrap(token, self.open_key, self._context()))

    def use_is_due(self, token: bytes) -> bool:
        """Is what was noted of its last use older than a third of its limit, or as a release before noted it?"""
        limit = SHARED_LASTS if self.shared else self.idle
        unsaid = self.last_use is None or self.clear_label != "" or self.former_digest is not None
        return unsaid or self._lacks_letter_token or now() - self.used_at(token) > limit / 3

    def use(self, token: bytes) -> None:
        """Note that it is in use: the moment for its cookie alone, and the day. The cookie before is asked no more."""
        moment = now()
        if self.former_digest is not None:  # not else: the count would begin anew every few minutes while it is open
            self.former_digest = self.former_locked_key = None
            self.wrong_pins = 0
        self.used_on = moment.date()
        self.last_use = keys.wrap(token, moment.isoformat().encode(), self._context("last use"))
        if self._lacks_letter_token and (private := self.private_key(token)) is not None:
            self._let_write(private)

    def hide(self) -> None:
        """Overwrite what the cookie opens: from now on the PIN is needed, or the words."""
        self.open_key = None

    def open_for(self, token: bytes, private: keys.PrivateKey) -> None:
        """Let this cookie open the member's key."""
        self.token_digest = keys.digest(token)
        self.open_key = keys.wrap(token, private.secret, self._context())
        self._let_write(private)
        self.use(token)

    @property
    def _lacks_letter_token(self) -> bool:
        return self.letter_digest is None and not self.shared

    def _let_write(self, private: keys.PrivateKey) -> None:
        self.letter_digest = None if self.shared else keys.digest(letter_token(self, private))

    def reveal(self, token: bytes, private: keys.PrivateKey) -> bytes:
        """Open it again, by the key that the words or the PIN have opened; the secret for its next cookie."""
        locked, following, tried = self.pin_lock(token), keys.successor(token, private), self.wrong_pins
        self.open_for(following, private)
        self.locked_key = locked and keys.wrap(following, locked, self._context("pin"))
        self.former_digest = keys.digest(token)
        self.former_locked_key = locked and keys.wrap(token, locked, self._context("pin"))
        self.wrong_pins = max(0, tried - 1)  # it was right; the others end when the next cookie has come
        return following

    # The PIN

    @property
    def has_pin(self) -> bool:
        return self.locked_key is not None

    @property
    def ends_on(self) -> date:
        """The day on which it has run out at the latest."""
        return self.began_on + LASTS

    def pin_lock(self, token: bytes) -> bytes | None:
        """The member's key as its PIN unlocks it, by keys.unlock(); None where it has none."""
        locked = self.locked_key if self.has(token) else self.former_locked_key
        return None if locked is None else keys.unwrap(token, locked, self._context("pin"))

    def set_pin(self, token: bytes, locked: bytes) -> None:
        """From now on these six digits are asked for, which unlock the member's key from `locked`."""
        if self.shared or not self.has(token):
            raise ValueError("a PIN is for a phone of one's own, that is open")
        self.locked_key = keys.wrap(token, locked, self._context("pin"))
        self.former_digest = self.former_locked_key = None
        self.wrong_pins = 0
        self.use(token)

    def forget_pin(self) -> None:
        """Let only the words open it again."""
        self.locked_key = self.former_locked_key = None

    def count_try(self) -> bool:
        """Count one more try of its PIN as wrong, until it is found right; False where there is none left.

        In the database and not here: of those that are tried at once each is counted by itself.
        """
        left = update(Device).where(Device.id == self.id, Device.wrong_pins < PIN_TRIES)
        counted = left.values(wrong_pins=Device.wrong_pins + 1).returning(Device.wrong_pins)
        found = db.session.scalars(counted.execution_options(synchronize_session=False)).first()
        db.session.expire(self, ["wrong_pins"])
        return found is not None

    def count_right(self) -> None:
        """Count the last try no more. What was wrong stays counted until it is opened anew, under another cookie."""
        right = update(Device).where(Device.id == self.id, Device.wrong_pins > 0)
        db.session.execute(right.values(wrong_pins=Device.wrong_pins - 1).execution_options(synchronize_session=False))

    def end(self) -> None:
        """Sign out here."""
        db.session.delete(self)

    def _context(self, *what: str) -> bytes:
        return keys.context("device", self.id, self.member_id, *what)


def letter_token(device: Device, private: keys.PrivateKey) -> bytes:
    """What a phone may keep where anybody could read it: from the member's key, and not leading back to it. The same
    for as long as the phone is signed in, since one that is locked, and asks for nothing, sends by it.
    """
    return keys.derived(private.secret, "letters", device.id)


def _day_before(span: timedelta) -> date:
    return (now() - span).date()
