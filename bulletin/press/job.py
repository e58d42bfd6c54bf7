"""One print job, in the process that was forked for it: enclosed, bounded, and answering whatever becomes of it."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import sys
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection

from . import answers, sandbox
from .answers import Answer
from .manuscript import Manuscript
from .mistake import PictureError, TooLong


def sheet(answer: Connection, manuscript: Manuscript, paper: str, fit: bool, pictures: dict[str, bytes]) -> None:
    """A sheet."""
    warm = "weasyprint" in sys.modules
    _bounded(answer, lambda: _printed(manuscript, paper, fit, pictures, warm))


def card(answer: Connection, manuscript: Manuscript, number: int, pictures: dict[str, bytes]) -> None:
    """A card."""
    _bounded(answer, lambda: _carded(manuscript, number, pictures))


def picture(answer: Connection, data: bytes, width_mm: float) -> None:
    """A picture."""
    _bounded(answer, lambda: _prepared(data, width_mm))


def walls(answer: Connection) -> None:
    """Which walls hold around a job."""
    _bounded(answer, lambda: _walls(answer.fileno()))


def _bounded(answer: Connection, work: Callable[[], Answer]) -> None:
    """Do the work within the walls and the limits of a job, and answer whatever becomes of it."""
    os.nice(5)  # the page goes first
    sandbox.enclose(answer.fileno())
    try:
        done = work()
    except (RecursionError, MemoryError):
        done = Answer("exceeded")
    except Exception as error:  # reported to the parent, which must not see the words in its message
        places = [
            f"{pathlib.Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)
        ]
        done = Answer("stumbled", {"where": f"{type(error).__name__} at {' '.join(places[-3:])}"})
    answers.send(done, answer)


def _printed(manuscript: Manuscript, paper: str, fit: bool, pictures: dict[str, bytes], warm: bool) -> Answer:
    from . import fitting

    try:
        sheet = fitting.press(manuscript, paper, fit=fit, pictures=pictures)
    except TooLong as error:
        return answers.refusal(error)
    sides = dict(zip(("front", "back"), sheet.fullness, strict=False))
    return Answer("made", {**dataclasses.asdict(sheet.setting), **sides, "warm": warm}, sheet.pdf)


def _carded(manuscript: Manuscript, number: int, pictures: dict[str, bytes]) -> Answer:
    from . import cards

    try:
        return Answer("made", data=cards.press(manuscript, number, pictures))
    except TooLong as error:
        return answers.refusal(error)


def _prepared(data: bytes, width_mm: float) -> Answer:
    from . import pictures

    try:
        picture = pictures.prepare(data, width_mm=width_mm)
    except PictureError as error:
        return answers.refusal(error)
    return Answer("made", {"width_px": picture.width_px, "height_px": picture.height_px}, picture.bytes)


def _walls(answer: int) -> Answer:
    return Answer("made", {"standing": [wall.value for wall in sandbox.standing(answer)]})
