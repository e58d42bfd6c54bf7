"""A queue for what takes much memory: one at a time, known browsers first, and no more wait than there is room for."""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import Iterator


class Crowded(Exception):
    """Too many wait already; `wait_s`, so many seconds later there is likely to be a place."""

    wait_s = 3


class _Ticket:
    """A place in a line. `whose`: where one has come from, None for all whom nobody knows."""

    def __init__(self, whose: object) -> None:
        self.whose, self.lost = whose, False


class Gate:
    """One Argon2 at a time: two at once need twice the memory, and eight fell over.

    Known browsers go first, in the order they came; but while others wait, after KNOWN_IN_A_ROW of them one other goes.
    The others stand in a line of their own, each at a random place in it. Into a full line a newcomer comes for one of
    those who wait, or not at all, by chance: nobody has it for themselves by being quick. Each who waits keeps a thread
    waiting, so there are KNOWN and OTHERS places, and of the first FROM_ONE for each.
    """

    KNOWN_IN_A_ROW = 4
    KNOWN, FROM_ONE, OTHERS = 6, 2, 8

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._known: list[_Ticket] = []
        self._others: list[_Ticket] = []
        self._inside: int | None = None  # the thread whose turn it is
        self._whose: _Ticket | None = None  # and its ticket
        self._in_a_row = 0

    @contextlib.contextmanager
    def turn(self, *, known: object = None) -> Iterator[None]:
        """Wait for one's turn, and have it; who has it already goes on. Raises Crowded where there is no place.

        `known`: the browser that asks, if it is a known one.
        """
        if self._inside == threading.get_ident():
            yield
            return
        ticket = _Ticket(known)
        line = self._others if known is None else self._known
        with self._changed:
            self._stand_in(line, ticket)
            try:
                self._changed.wait_for(lambda: ticket.lost or (self._inside is None and self._next() is ticket))
                if ticket.lost:
                    raise Crowded
                self._inside, self._whose = threading.get_ident(), ticket
            finally:  # an interrupted wait too must not keep its place
                if not ticket.lost:
                    line.remove(ticket)
            self._in_a_row = self._in_a_row + 1 if known is not None and self._others else 0
        try:
            yield
        finally:
            with self._changed:
                self._inside = self._whose = None
                self._changed.notify_all()

    def _stand_in(self, line: list[_Ticket], ticket: _Ticket) -> None:
        inside = [self._whose] if self._whose and (self._whose.whose is None) is (ticket.whose is None) else []
        if line is self._known:
            alike = sum(one.whose == ticket.whose for one in (*line, *inside))
            if len(line) + len(inside) >= self.KNOWN or alike >= self.FROM_ONE:
                raise Crowded
            line.append(ticket)
            return
        if len(line) + len(inside) >= self.OTHERS:
            at = secrets.randbelow(len(line) + 1)
            if at == len(line):
                raise Crowded
            line.pop(at).lost = True
            self._changed.notify_all()
        line.insert(secrets.randbelow(len(line) + 1), ticket)

    def _next(self) -> _Ticket:
        known_first = not self._others or self._in_a_row < self.KNOWN_IN_A_ROW
        return self._known[0] if self._known and known_first else self._others[0]
