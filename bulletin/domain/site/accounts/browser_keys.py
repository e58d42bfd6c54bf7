"""The key under which the cookies of browsers are signed, and figures of handles are chosen. It opens nothing."""

from __future__ import annotations

from typing import Self

import sqlalchemy as sa
from sqlalchemy import LargeBinary, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from bulletin.db import Record, db
from bulletin.vault import keys


class BrowserKey(Record):
    """One to an installation: whoever has it can make a browser look known, and has a place in a line by that."""

    __tablename__ = "browser_key"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    secret: Mapped[bytes] = mapped_column(LargeBinary)

    @classmethod
    def here(cls) -> Self | None:
        """That of this installation; None where somebody took it away."""
        return db.session.scalars(select(cls)).first()

    @classmethod
    def begin_anew(cls, connection: sa.Connection) -> None:
        """One for a database that has none, as after a restore: no backup has it, and browsers are strangers again."""
        connection.execute(sa.insert(cls).values(id=1, secret=keys.new_secret()))

    @classmethod
    def made(cls) -> Self:
        """That of this installation, made where there is none."""
        if (found := cls.here()) is not None:
            return found
        try:
            with db.session.begin_nested():  # another may have been quicker
                db.session.add(cls(id=1, secret=keys.new_secret()))
        except IntegrityError:
            pass
        return db.session.scalars(select(cls)).one()
