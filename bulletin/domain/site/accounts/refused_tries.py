"""Refused tries, counted by kind and day: whoever runs the machine sees that somebody tries, and not who."""

from __future__ import annotations

import collections
import enum
import threading
from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import Connection, String, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from bulletin.db import Record, db, today

KEPT_FOR = timedelta(days=90)


class Try(enum.Enum):
    """What was refused."""

    WRONG_WORDS = "wrong words"
    WRONG_PIN = "wrong PIN"
    TOO_SOON = "too soon"  # after wrong ones
    CROWDED = "crowded"
    WRONG_CODE = "wrong code"  # of an invitation, or to found
    NO_PLACE = "no place"  # a member, at a site that is not theirs
    SIGNED_OUT = "signed out"
    CROSS_SITE = "cross site"
    OTHER_NAME = "other name"  # of the server, or http
    UNREADABLE = "unreadable"  # what two could read differently


class RefusedTry(Record):
    """How often something was refused on a day."""

    __tablename__ = "refused_try"

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)

    @classmethod
    def keep(cls, counted: Mapping[Try, int]) -> None:
        """Add what was counted to this day's, and forget what is old."""
        for kind, count in counted.items():
            row = db.session.get(cls, (today(), kind.value), with_for_update=True)
            if row is None:
                row = cls(day=today(), kind=kind.value, count=0)
                db.session.add(row)
            row.count += count
        db.session.execute(delete(cls).where(cls.day <= today() - KEPT_FOR))

    @classmethod
    def most_since(cls, day: date, connection: Connection) -> dict[Try, tuple[int, int]]:
        """Of each kind how often since this day, and how often on the worst day."""
        counts = func.sum(cls.count), func.max(cls.count)
        found = connection.execute(select(cls.kind, *counts).where(cls.day >= day).group_by(cls.kind))
        return {Try(kind): (every, most) for kind, every, most in found}


class Tally:
    """What was refused since it was kept last, in memory: whoever floods us makes nobody wait for the disk."""

    def __init__(self) -> None:
        self._counted: collections.Counter[Try] = collections.Counter()
        self._lock = threading.Lock()

    def note(self, kind: Try, count: int = 1) -> None:
        """One more."""
        with self._lock:
            self._counted[kind] += count

    def take(self) -> Mapping[Try, int]:
        """All of it, to be kept."""
        with self._lock:
            counted, self._counted = self._counted, collections.Counter()
        return counted
