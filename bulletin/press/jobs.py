"""Print jobs: one bounded child process each, forked from a warm server. No WeasyPrint in this process.

The server is `multiprocessing`'s forkserver: one thread, WeasyPrint imported and warmed (see warm).
A pool is not used because ending one late job breaks it for everybody else's.
"""

from __future__ import annotations

import dataclasses
import logging
import multiprocessing
import os
import pathlib
import resource
import sys
import traceback
from collections.abc import Callable, Hashable, Mapping, Sequence
from multiprocessing.connection import Connection
from typing import Any

from . import pieces
from .manuscript import Manuscript, ManuscriptError, read
from .mistake import Busy, NoSheet, PictureError, TooLong, Unfit, Unprintable
from .pictures import WIDTH_MM, PreparedPicture
from .places import AT_ONCE, WAIT_S, Places
from .typesetting import Setting

WALL_S = 12.0  # of one job
CPU_S = 10
MEMORY_BYTES = 1 << 30  # of address space; a job uses half of it

_log = logging.getLogger(__name__)


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
    """A warm press. `start()` it once in each process that prints, never before that process forks.

    `asked_by`: who asks for a job, where people are told apart; see Places for what each may ask for.
    """

    def __init__(
        self,
        *,
        at_once: int = AT_ONCE,
        wait_s: float = WAIT_S,
        wall_s: float = WALL_S,
        asked_by: Callable[[], Hashable] = lambda: None,
    ) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["bulletin.press.warm"])
        self._places = Places(at_once=at_once, wait_s=wait_s)
        self._asked_by = asked_by
        self._wall_s = wall_s

    def start(self) -> None:
        """Start the server that jobs are forked from; returns before it is warm."""
        from multiprocessing import forkserver

        forkserver.ensure_running()

    def print(
        self,
        manuscript: Manuscript,
        *,
        paper: str = "a4",
        fit: bool = True,
        pictures: Mapping[str, bytes] | None = None,
    ) -> Sheet:
        """Print; raises Unprintable or Busy. `pictures`: by name, their bytes as `prepare` made them."""
        return Sheet(*self._made("sheet", _print, manuscript, paper, fit, _used(manuscript.pieces, pictures)))

    def card(self, manuscript: Manuscript, number: int, *, pictures: Mapping[str, bytes] | None = None) -> bytes:
        """A card as a PNG: the headline for number 0, else the piece of that number; raises Unprintable or Busy.

        LookupError where there is no such piece. `pictures` as for `print`.
        """
        if not 0 <= number <= len(manuscript.pieces):
            raise LookupError(f"there is no card {number}")
        shown = manuscript.pieces[number - 1 : number] if number else ()
        return bytes(*self._made("card", _card, manuscript, number, _used(shown, pictures)))

    def prepare(self, data: bytes, *, width_mm: float = WIDTH_MM) -> PreparedPicture:
        """A picture that anybody sent, as it may be kept and printed; raises PictureError or Busy."""
        kind, *result = self._job(_prepare, data, width_mm)
        if kind == "picture":
            return PreparedPicture(*result)
        if kind == "stumbled":
            _log.error("a picture job stumbled: %s", result[0])
            raise PictureError(Unfit.STUMBLED)
        if kind == "too much":
            raise PictureError(Unfit.TOO_MUCH)
        refused: PictureError = result[0]
        raise refused

    def works(self) -> bool:
        """Does a job come back, from a warm server? (For GET /up.)"""
        try:
            return self.print(read("---\nkind: meeting\nheadline: Up\n---\nUp."), fit=False).warm
        except (Unprintable, Busy, OSError):
            return False

    def _made(self, wanted: str, work: Callable[..., None], *args: Any) -> list[Any]:
        """What a job on a manuscript answers; raises Unprintable where it is not what was wanted."""
        kind, *result = self._job(work, *args)
        if kind == wanted:
            return result
        if kind == "stumbled":
            _log.error("a print job stumbled: %s", result[0])
            raise Unprintable(NoSheet.STUMBLED)
        if kind == "too much":
            raise Unprintable(NoSheet.TOO_MUCH)
        refused: TooLong = result[0]
        raise refused

    def _job(self, work: Callable[..., None], *args: Any) -> tuple[Any, ...]:
        """What a child process answers: a word, then what belongs to it; "too much" where it met a limit."""
        with self._places.place(self._asked_by()):
            return self._answer(work, args)

    def _answer(self, work: Callable[..., None], args: tuple[Any, ...]) -> tuple[Any, ...]:
        ours, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(target=work, args=(theirs, *args), daemon=True)
        with ours:
            process.start()
            theirs.close()
            try:
                answer = ours.recv() if ours.poll(self._wall_s) else ("too much",)
            except EOFError:
                process.join()
                by_a_limit = (process.exitcode or 0) < 0  # that is, by a signal
                answer = ("too much",) if by_a_limit else ("stumbled", f"exit {process.exitcode}")
            finally:
                process.kill()
                process.join()
                process.close()
        return tuple(answer)


def _used(shown: Sequence[pieces.Piece], known: Mapping[str, bytes] | None) -> dict[str, bytes]:
    """The pictures of these pieces; raises Unprintable where one is missing."""
    known = known or {}
    try:
        pieces.check_pictures(shown, known)
    except ManuscriptError as error:
        told = error.with_line
        raise Unprintable(told.code, line=error.line, **told.values) from None
    return {piece.picture: bytes(known[piece.picture]) for piece in shown if piece.picture}


def _print(answer: Connection, manuscript: Manuscript, paper: str, fit: bool, pictures: dict[str, bytes]) -> None:
    """A sheet, in its child process."""
    warm = "weasyprint" in sys.modules
    _bounded(answer, lambda: _printed(manuscript, paper, fit, pictures, warm))


def _card(answer: Connection, manuscript: Manuscript, number: int, pictures: dict[str, bytes]) -> None:
    """A card, in its child process."""
    _bounded(answer, lambda: _carded(manuscript, number, pictures))


def _prepare(answer: Connection, data: bytes, width_mm: float) -> None:
    """A picture, in its child process."""
    _bounded(answer, lambda: _prepared(data, width_mm))


def _bounded(answer: Connection, work: Callable[[], tuple[Any, ...]]) -> None:
    """Do the work within the limits of a child process, and answer whatever becomes of it."""
    os.nice(5)  # the page goes first
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    if sys.platform != "darwin":  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    try:
        answer.send(work())
    except (RecursionError, MemoryError):
        answer.send(("too much",))
    except Exception as error:  # reported to the parent, which must not see the words in its message
        places = [
            f"{pathlib.Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)
        ]
        answer.send(("stumbled", f"{type(error).__name__} at {' '.join(places[-3:])}"))


def _prepared(data: bytes, width_mm: float) -> tuple[Any, ...]:
    from . import pictures

    try:
        picture = pictures.prepare(data, width_mm=width_mm)
    except PictureError as error:
        return "refused", error
    return "picture", picture.bytes, picture.width_px, picture.height_px


def _printed(manuscript: Manuscript, paper: str, fit: bool, pictures: dict[str, bytes], warm: bool) -> tuple[Any, ...]:
    from . import fitting

    try:
        sheet = fitting.press(manuscript, paper, fit=fit, pictures=pictures)
    except TooLong as error:
        return "unprintable", error
    return "sheet", sheet.pdf, sheet.setting, sheet.fullness, warm


def _carded(manuscript: Manuscript, number: int, pictures: dict[str, bytes]) -> tuple[Any, ...]:
    from . import cards

    try:
        return "card", cards.press(manuscript, number, pictures)
    except TooLong as error:
        return "unprintable", error
