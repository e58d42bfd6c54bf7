"""Print jobs: one bounded child process each, forked from a warm server. No WeasyPrint in this process.

The server is `multiprocessing`'s forkserver: one thread, WeasyPrint imported and warmed (see warm).
A pool is not used because ending one late job breaks it for everybody else's.
"""

from __future__ import annotations

import dataclasses
import enum
import logging
import multiprocessing
import re
import signal
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from . import answers, bare, job, pieces
from .answers import Answer
from .manuscript import Manuscript, ManuscriptError, read
from .mistake import Busy, Mistake, NoSheet, PictureError, TooLong, Unfit, Unprintable
from .pictures import WIDTH_MM, PreparedPicture
from .places import AT_ONCE, WAIT_S, Places
from .sandbox import Wall
from .typesetting import Setting

WALL_S = 12.0  # of one job

Made = TypeVar("Made")

_log = logging.getLogger(__name__)


class _Refusals(NamedTuple):
    """What is raised where a job makes nothing."""

    told: type[Mistake]  # by the job itself
    other: type[Mistake]
    too_much: enum.Enum
    stumbled: enum.Enum
    ended: enum.Enum  # by the system: to be tried again, so it is not kept as what a text is like


SHEET = _Refusals(TooLong, Unprintable, NoSheet.TOO_MUCH, NoSheet.STUMBLED, NoSheet.ENDED)
PICTURE = _Refusals(PictureError, PictureError, Unfit.TOO_MUCH, Unfit.STUMBLED, Unfit.ENDED)


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
        bare.start_servers_bare()
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
        used = _used(manuscript.pieces, pictures)
        return self._made(SHEET, _sheet, job.sheet, manuscript, paper, fit, used)

    def card(self, manuscript: Manuscript, number: int, *, pictures: Mapping[str, bytes] | None = None) -> bytes:
        """A card as a PNG: the headline for number 0, else the piece of that number; raises Unprintable or Busy.

        LookupError where there is no such piece. `pictures` as for `print`.
        """
        if not 0 <= number <= len(manuscript.pieces):
            raise LookupError(f"there is no card {number}")
        shown = manuscript.pieces[number - 1 : number] if number else ()
        return self._made(SHEET, _card, job.card, manuscript, number, _used(shown, pictures))

    def prepare(self, data: bytes, *, width_mm: float = WIDTH_MM) -> PreparedPicture:
        """A picture that anybody sent, as it may be kept and printed; raises PictureError or Busy."""
        return self._made(PICTURE, _picture, job.picture, data, width_mm)

    def walls(self) -> set[Wall]:
        """What holds around a job on this system, by trying it from inside one; raises Unprintable or Busy."""
        return self._made(SHEET, _walls, job.walls)

    def works(self) -> bool:
        """Does a job come back, from a warm server? (For GET /up.)"""
        try:
            return self.print(read("---\nkind: meeting\nheadline: Up\n---\nUp."), fit=False).warm
        except (Unprintable, Busy, OSError):
            return False

    def _made(self, refusals: _Refusals, read: Callable[[Answer], Made], work: Callable[..., None], *args: Any) -> Made:
        """What a job made, read from its answer; raises one of these refusals where it made nothing."""
        try:
            answer = self._job(work, *args)
            if answer.word == "ended":  # once more: what had taken the memory may have been the job beside it
                answer = self._job(work, *args)
            if answer.word == "made":
                return read(answer)
            if answer.word == "refused":
                raise answers.refused(answer, refusals.told)
        except answers.Garbled:
            answer = Answer("stumbled", {"where": "answer"})
        if answer.word == "exceeded":
            raise refusals.other(refusals.too_much)
        if answer.word == "ended":
            _log.error("a print job was ended twice by the system, most likely for want of memory")
            raise Busy(refusals.ended)
        _log.error("a print job stumbled: %s", _place(answer.told.get("where")))
        raise refusals.other(refusals.stumbled)

    def _job(self, work: Callable[..., None], *args: Any) -> Answer:
        """What a child process answers, or what is known of it where it did not."""
        with self._places.place(self._asked_by()):
            return self._answer(work, args)

    def _answer(self, work: Callable[..., None], args: tuple[Any, ...]) -> Answer:
        ours, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(target=work, args=(theirs, *args), daemon=True)
        with ours:
            process.start()
            theirs.close()
            try:
                return answers.receive(ours, self._wall_s)
            except TimeoutError:
                return Answer("exceeded")
            except EOFError:
                process.join()
                return _without_answer(process.exitcode or 0)
            finally:
                process.kill()
                process.join()
                process.close()


def _without_answer(status: int) -> Answer:
    """What became of a job that ended without a word. Its own limits end it by other signals than the system does."""
    if status == -signal.SIGKILL:
        return Answer("ended")  # for want of memory, most likely
    return Answer("exceeded") if status < 0 else Answer("stumbled", {"where": f"exit {status}"})


def _sheet(answer: Answer) -> Sheet:
    setting = Setting(**{field.name: answer.number(field.name) for field in dataclasses.fields(Setting)})
    fullness = (answer.number("front"), answer.number("back"))
    sides = tuple(side for side in fullness if side is not None)
    return Sheet(answer.data, setting, sides, answer.told.get("warm") is True)


def _card(answer: Answer) -> bytes:
    return answer.data


def _picture(answer: Answer) -> PreparedPicture:
    return PreparedPicture(answer.data, answer.number("width_px"), answer.number("height_px"))


def _walls(answer: Answer) -> set[Wall]:
    return {wall for wall in Wall if wall.value in answer.told.get("standing", ())}


def _place(where: object) -> str:
    """Where a job says it stumbled, if that is all it says: whoever took it over must not write into the log."""
    return where if isinstance(where, str) and re.fullmatch(r"[\w.:, ]{1,200}", where, re.ASCII) else "unknown"


def _used(shown: Sequence[pieces.Piece], known: Mapping[str, bytes] | None) -> dict[str, bytes]:
    """The pictures of these pieces; raises Unprintable where one is missing."""
    known = known or {}
    try:
        pieces.check_pictures(shown, known)
    except ManuscriptError as error:
        told = error.with_line
        raise Unprintable(told.code, line=error.line, **told.values) from None
    return {piece.picture: bytes(known[piece.picture]) for piece in shown if piece.picture}
