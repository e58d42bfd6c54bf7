"""What holds much in memory goes one at a time, and what takes long keeps nobody from writing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from bulletin.db import db
from bulletin.vault.queue import Gate


class OneAtATime(Gate):
    """Each holds a whole site or a whole file in memory; one more may wait for it."""

    KNOWN = FROM_ONE = 2


gate = OneAtATime()


@contextlib.contextmanager
def reading() -> Iterator[None]:
    """What is done here only reads: whoever wants to write meanwhile does not wait for it."""
    db.session.commit()
    db.session().read_only()
    try:
        yield
    finally:
        db.session.rollback()
