"""Guessing costs time: per handle and browser, so that nobody can lock another out."""

from __future__ import annotations

import collections
import dataclasses
import threading
import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import LargeBinary, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from bulletin.db import Moment, Record, db, now
from bulletin.vault import keys

from .members import handle_key

FREE = 5  # tries that cost no waiting
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)


class _Counted:
    """Failures one after the other, and how long one waits for them."""

    if TYPE_CHECKING:
        failures: Any
        failed_at: Any

    @property
    def wait(self) -> timedelta:
        """How long until the next try is looked at; zero where it is now."""
        if self.failures < FREE or self.failed_at is None:
            return timedelta(0)
        pause: timedelta = min(FIRST_WAIT * 2 ** min(self.failures - FREE, 20), LONGEST_WAIT)
        failed_at: datetime = self.failed_at
        return max(timedelta(0), failed_at + pause - now())

    def failed(self) -> None:
        """One more failure."""
        self.failures += 1
        self.failed_at = now()

    def succeeded(self) -> None:
        """Signed in."""
        self.failures = 0


@dataclasses.dataclass
class StrangersTries(_Counted):
    """How often a browser that was never anybody's here has failed to sign in as one handle."""

    failures: int = 0
    failed_at: datetime = datetime.min


class Strangers:
    """The tries of browsers that the server does not know, in memory alone: whoever floods us fills no disk.

    Of more than MOST the oldest are forgotten: they are bound to a browser, and a stranger can have any number.
    """

    MOST = 10_000

    def __init__(self) -> None:
        self._tries: collections.OrderedDict[bytes, StrangersTries] = collections.OrderedDict()
        self._lock = threading.Lock()

    def at(self, handle: str, browser: bytes) -> StrangersTries:
        """Those of a handle in a browser."""
        digest = _digest(handle, browser)
        with self._lock:
            found = self._tries.setdefault(digest, StrangersTries())
            self._tries.move_to_end(digest)
            if len(self._tries) > self.MOST:
                self._tries.popitem(last=False)
        return found


class Throttle(_Counted, Record):
    """How often one browser has failed to sign in as one handle. Neither is written down, only their digest.

    A wait is of seconds, so there is the moment of the last failure: until somebody signs in, or for a day.
    """

    __tablename__ = "throttle"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    failures: Mapped[int] = mapped_column(default=0)
    failed_at: Mapped[datetime | None] = mapped_column(Moment)
    signed_in: Mapped[bool] = mapped_column(default=False)  # has this browser ever been this member's?

    @classmethod
    def at(cls, handle: str, browser: bytes) -> Self:
        """The throttle of a handle in a browser, made where there is none."""
        digest = _digest(handle, browser)
        mine = select(cls).filter_by(digest=digest).with_for_update()  # tries at once are counted one by one
        found = db.session.scalars(mine).first()
        if found is None:
            try:
                with db.session.begin_nested():  # another request of this browser may have been quicker
                    db.session.add(cls(digest=digest, failures=0, signed_in=False))
            except IntegrityError:
                pass
            found = db.session.scalars(mine).one()
        return found

    @classmethod
    def sweep(cls) -> None:
        """Forget failures of long ago; a browser that has signed in stays known."""
        old = cls.failed_at <= now() - FORGOTTEN_AFTER
        db.session.execute(delete(cls).where(old, cls.signed_in.is_(False)))
        db.session.execute(update(cls).where(old).values(failures=0, failed_at=None))

    def succeeded(self) -> None:
        """Signed in: this browser is known for this handle."""
        self.failures, self.failed_at, self.signed_in = 0, None, True


def _digest(handle: str, browser: bytes) -> bytes:
    return keys.digest(keys.context("throttle", handle_key(handle), browser))
