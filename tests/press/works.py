"""What a job could do instead of its work. A job's process imports this, so it imports nothing that takes long:
with pytest in it, most of a job's second went by before it had begun."""

from __future__ import annotations

import os
import signal
import time
from multiprocessing.connection import Connection


def asleep(*_args: object) -> None:
    time.sleep(60)


def looping(*_args: object) -> None:
    while True:
        pass


def crashing(*_args: object) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def ended_by_the_system(*_args: object) -> None:
    """As Linux does where memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)


def over_its_time(*_args: object) -> None:
    os.kill(os.getpid(), signal.SIGXCPU)


def stumbling(*_args: object) -> None:
    raise KeyError("Bill Turner, 0170 123")


def answering(answer: Connection, said: bytes) -> None:
    with os.fdopen(os.dup(answer.fileno()), "wb") as pipe:
        pipe.write(said)
    answer.close()


def answering_half(answer: Connection, said: bytes) -> None:
    os.write(answer.fileno(), said)
    time.sleep(60)
