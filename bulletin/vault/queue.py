"""A queue for what takes much memory: one at a time, known devices first, and no more wait than there is room for."""

from __future__ import annotations

import collections
import contextlib
import threading
from collections.abc import Iterator


class Crowded(Exception):
    """Too many wait already; `wait_s`, so many seconds later there is likely to be a place."""

    wait_s = 3


class Gate:
    """One Argon2 at a time: two at once need twice the memory, and eight fell over.

    Known devices go first, in the order they came; but while others wait, after KNOWN_IN_A_ROW of them one other goes.
    Each who waits keeps a thread waiting, so there are EACH places for either sort, and ROOM for both together.
    """

    KNOWN_IN_A_ROW = 4
    EACH, ROOM = 8, 10

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._known: collections.deque[object] = collections.deque()
        self._others: collections.deque[object] = collections.deque()
        self._inside: int | None = None  # the thread whose turn it is
        self._known_inside = False
        self._in_a_row = 0

    @contextlib.contextmanager
    def turn(self, *, known: bool) -> Iterator[None]:
        """Wait for one's turn, and have it; who has it already goes on. Raises Crowded where there is no place."""
        if self._inside == threading.get_ident():
            yield
            return
        ticket, queue = object(), self._known if known else self._others
        with self._changed:
            self._refuse_more(queue, known)
            queue.append(ticket)
            try:
                self._changed.wait_for(lambda: self._inside is None and self._next() is ticket)
                self._inside, self._known_inside = threading.get_ident(), known
            finally:  # an interrupted wait too must not keep its place
                queue.remove(ticket)
            self._in_a_row = self._in_a_row + 1 if known and self._others else 0
        try:
            yield
        finally:
            with self._changed:
                self._inside = None
                self._changed.notify_all()

    def _refuse_more(self, queue: collections.deque[object], known: bool) -> None:
        inside = self._inside is not None
        alike = len(queue) + (inside and self._known_inside is known)
        if alike >= self.EACH or len(self._known) + len(self._others) + inside >= self.ROOM:
            raise Crowded

    def _next(self) -> object:
        known_first = not self._others or self._in_a_row < self.KNOWN_IN_A_ROW
        return self._known[0] if self._known and known_first else self._others[0]
