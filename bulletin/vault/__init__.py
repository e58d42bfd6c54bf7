"""Who may read what: words, the keys they unlock, the fields those keys open, and the walls between sites."""

from __future__ import annotations

import collections
import contextlib
import threading
from collections.abc import Iterator


class Gate:
    """One Argon2 at a time: two at once need twice the memory, and eight fell over.

    Known devices go first, in the order they came; but while others wait, after KNOWN_IN_A_ROW of them one other goes.
    """

    KNOWN_IN_A_ROW = 4

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._known: collections.deque[object] = collections.deque()
        self._others: collections.deque[object] = collections.deque()
        self._taken = False
        self._in_a_row = 0

    @contextlib.contextmanager
    def turn(self, *, known: bool) -> Iterator[None]:
        """Wait for one's turn, and have it."""
        ticket, queue = object(), self._known if known else self._others
        with self._changed:
            queue.append(ticket)
            try:
                self._changed.wait_for(lambda: not self._taken and self._next() is ticket)
                self._taken = True
            finally:  # an interrupted wait too must not keep its place
                queue.remove(ticket)
            self._in_a_row = self._in_a_row + 1 if known and self._others else 0
        try:
            yield
        finally:
            with self._changed:
                self._taken = False
                self._changed.notify_all()

    def _next(self) -> object:
        known_first = not self._others or self._in_a_row < self.KNOWN_IN_A_ROW
        return self._known[0] if self._known and known_first else self._others[0]
