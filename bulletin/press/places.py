"""Who is at the press, and who waits: a few at once, a few more in line, and nobody has all of it."""

from __future__ import annotations

import collections
import contextlib
import threading
import time
from collections.abc import Callable, Hashable, Iterator

from .mistake import Busy

AT_ONCE = 2  # jobs
WAITING = 8  # that keep a thread waiting each; with more of them pages have none left
WAIT_S = 20.0  # for a free press
A_MINUTE = 40  # jobs of one person; who types and rests is measured twenty times
MINUTE_S = 60.0


class _Ticket:
    """A place. `whose`: None where nobody is told apart."""

    def __init__(self, whose: Hashable) -> None:
        self.whose = whose


class Places:
    """Places at the press, in the order people came.

    One person has one of them at a time and one in line, so that whoever sends what is hard to print holds one press
    and not both; and no more than A_MINUTE jobs in a minute.
    """

    def __init__(
        self, *, at_once: int = AT_ONCE, wait_s: float = WAIT_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._at_once, self._wait_s, self._clock = at_once, wait_s, clock
        self._changed = threading.Condition()
        self._at_work: list[_Ticket] = []
        self._waiting: list[_Ticket] = []
        self._times: dict[Hashable, collections.deque[float]] = {}  # when each began their jobs of the last minute

    @contextlib.contextmanager
    def place(self, whose: Hashable) -> Iterator[None]:
        """Wait for a place, and have it; raises Busy where there is none in time, or too many wait already."""
        ticket = _Ticket(whose)
        with self._changed:
            self._refuse_more(whose)
            self._waiting.append(ticket)
            try:
                if not self._changed.wait_for(lambda: self._next() is ticket, timeout=self._wait_s):
                    raise Busy
                self._at_work.append(ticket)
            finally:
                self._waiting.remove(ticket)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._at_work.remove(ticket)
                self._changed.notify_all()

    def _next(self) -> _Ticket | None:
        """Whose turn it is: the first in line who has nothing at the press."""
        if len(self._at_work) >= self._at_once:
            return None
        at_work = {one.whose for one in self._at_work}
        return next((one for one in self._waiting if one.whose is None or one.whose not in at_work), None)

    def _refuse_more(self, whose: Hashable) -> None:
        if len(self._waiting) >= WAITING:
            raise Busy
        if whose is None:
            return
        now = self._clock()
        self._times = {who: times for who, times in self._times.items() if times[-1] > now - MINUTE_S}
        times = self._times.get(whose) or collections.deque(maxlen=A_MINUTE)
        too_often = len(times) == A_MINUTE and times[0] > now - MINUTE_S
        if too_often or any(one.whose == whose for one in self._waiting):
            raise Busy
        times.append(now)
        self._times[whose] = times
