"""Print jobs: one bounded child process each, forked from a warm server. No WeasyPrint in this process.

The server is `multiprocessing`'s forkserver: one thread, WeasyPrint imported and warmed (see warm).
A pool is not used because ending one late job breaks it for everybody else's.
"""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import multiprocessing
import os
import pathlib
import resource
import sys
import threading
import traceback
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Any

from .manuscript import Manuscript, read
from .typesetting import Setting

AT_ONCE = 2  # jobs
WAIT_S = 20.0  # for a free press
WALL_S = 12.0  # of one job
CPU_S = 10
MEMORY_BYTES = 1 << 30  # of address space; a job uses half of it

_log = logging.getLogger(__name__)

_STUMBLED = (
    "The press stumbled over this text, which is its mistake and not yours:"
    " take out what you added last, and try again."
)
_TOO_MUCH = "The text is too long or its lists too deep to be printed: make it shorter and plainer."


class Unprintable(Exception):
    """The manuscript is sound but makes no sheet; `str()` is one sentence that says what to do."""


class Busy(Exception):
    """Every press is taken and stayed so; try again in a moment."""


@dataclasses.dataclass(frozen=True)
class Sheet:
    """What comes off the press. `warm`: the job found WeasyPrint imported; a failed preload is silent."""

    pdf: bytes
    setting: Setting  # typeset() with it gives the HTML that was printed
    fullness: tuple[float, ...]  # of each side, 1.0 is full to the last line
    warm: bool

    @property
    def size_pt(self) -> float:
        """The size of its text."""
        return self.setting.size_pt


class Press:
    """A warm press. `start()` it once in each process that prints, never before that process forks."""

    def __init__(self, *, at_once: int = AT_ONCE, wait_s: float = WAIT_S, wall_s: float = WALL_S) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["bulletin.press.warm"])
        self._free = threading.BoundedSemaphore(at_once)
        self._wait_s = wait_s
        self._wall_s = wall_s

    def start(self) -> None:
        """Start the server that jobs are forked from; returns before it is warm."""
        from multiprocessing import forkserver

        forkserver.ensure_running()

    def print(self, manuscript: Manuscript, *, paper: str = "a4", fit: bool = True) -> Sheet:
        """Print; raises Unprintable or Busy."""
        with self._press():
            kind, *result = self._job(manuscript, paper, fit)
        if kind == "sheet":
            return Sheet(*result)
        if kind == "stumbled":
            _log.error("a print job stumbled: %s", result[0])
            raise Unprintable(_STUMBLED)
        raise Unprintable(result[0])

    def works(self) -> bool:
        """Does a job come back, from a warm server? (For GET /up.)"""
        try:
            return self.print(read("---\nkind: meeting\nheadline: Up\n---\nUp."), fit=False).warm
        except (Unprintable, Busy, OSError):
            return False

    @contextlib.contextmanager
    def _press(self) -> Iterator[None]:
        if not self._free.acquire(timeout=self._wait_s):
            raise Busy("Every press is taken: try again in a moment.")
        try:
            yield
        finally:
            self._free.release()

    def _job(self, manuscript: Manuscript, paper: str, fit: bool) -> tuple[Any, ...]:
        ours, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(target=_print, args=(theirs, manuscript, paper, fit), daemon=True)
        with ours:
            process.start()
            theirs.close()
            try:
                answer = ours.recv() if ours.poll(self._wall_s) else ("unprintable", _TOO_MUCH)
            except EOFError:
                process.join()
                by_a_limit = (process.exitcode or 0) < 0  # that is, by a signal
                answer = ("unprintable", _TOO_MUCH) if by_a_limit else ("stumbled", f"exit {process.exitcode}")
            finally:
                process.kill()
                process.join()
                process.close()
        return tuple(answer)


def _print(answer: Connection, manuscript: Manuscript, paper: str, fit: bool) -> None:
    """The job, in its child process."""
    warm = "weasyprint" in sys.modules
    os.nice(5)  # the page goes first
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    if sys.platform != "darwin":  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    try:
        answer.send(_printed(manuscript, paper, fit, warm))
    except (RecursionError, MemoryError):
        answer.send(("unprintable", _TOO_MUCH))
    except Exception as error:  # reported to the parent, which must not see the words in its message
        places = [
            f"{pathlib.Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)
        ]
        answer.send(("stumbled", f"{type(error).__name__} at {' '.join(places[-3:])}"))


def _printed(manuscript: Manuscript, paper: str, fit: bool, warm: bool) -> tuple[Any, ...]:
    from . import fitting

    try:
        sheet = fitting.press(manuscript, paper, fit=fit)
    except fitting.TooLong as error:
        return "unprintable", str(error)
    return "sheet", sheet.pdf, sheet.setting, sheet.fullness, warm
