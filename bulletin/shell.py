"""What the commands share: how a job ends, and how it speaks to whoever typed it."""

from __future__ import annotations

import contextlib
import ctypes
import resource
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .sentences import Refusal
    from .sentences.marks import Sentence

DONE, WRONG_MANUSCRIPT, WRONG_USE = 0, 1, 2


class CommandError(Exception):
    """Ends one job: `status` for the shell, `str()` for the person."""

    def __init__(self, status: int, sentence: str) -> None:
        self.status = status
        super().__init__(sentence)


def _(sentence: Sentence, /, **values: object) -> str:
    """A sentence of a command in the language it speaks, with what it names put in."""
    from . import sentences

    return sentences.told(sentence, **values)


def told(refusal: Refusal) -> str:
    """What a refusal of the rooms below says."""
    from . import sentences

    return sentences.say(refusal)


def say(sentence: str) -> None:
    """Say it where messages go, beside what is printed."""
    print(sentence, file=sys.stderr)


def sentence_at(where: str, sentence: str) -> str:
    """A sentence with what it concerns in front, where that is known."""
    return f"{where}: {sentence}" if where else sentence


def reason(error: OSError) -> str:
    """What the system says, to stand inside a sentence."""
    return (error.strerror or str(error)).lower()


NOT_DUMPABLE = 4  # PR_SET_DUMPABLE, an option of Linux's prctl


def leave_no_core() -> None:
    """Have a crash of this process leave no copy of its memory, in which keys may be; nor may others look into that."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):
            nothing = ctypes.c_ulong(0)
            ctypes.CDLL(None).prctl(NOT_DUMPABLE, nothing, nothing, nothing, nothing)
