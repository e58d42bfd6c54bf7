"""What a print job answers, on its way through the pipe: a line of JSON, then bytes.

Nothing is unpickled: a job that has been taken over could answer with a program.
"""

from __future__ import annotations

import dataclasses
import json
import os
import time
from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from .mistake import Form, Mistake, Phrase, again, kept

HEAD_MAX = 64 * 1024  # bytes
ANSWER_MAX = 64 << 20  # bytes; a sheet full of pictures has a tenth
NUMBER_MAX = 10_000  # dots of a picture, points, lines
PART = 1 << 18  # bytes that are read at once

Refusal = TypeVar("Refusal", bound=Mistake)


class Garbled(Exception):
    """An answer that no job of ours gives, or that ends too early."""


@dataclasses.dataclass(frozen=True)
class Answer:
    """What became of a job, in a word; what belongs to it; the file it made."""

    word: str
    told: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    data: bytes = b""

    def number(self, name: str) -> Any:
        """A number in it, or None; Garbled where it is neither, or larger than anything on a sheet."""
        value = self.told.get(name)
        if value is not None and not (type(value) in (int, float) and abs(value) <= NUMBER_MAX):
            raise Garbled
        return value


def refusal(error: Mistake) -> Answer:
    """A job's answer where there is a sentence to be said."""
    return Answer("refused", {**kept(error), "line": error.line})


def refused(answer: Answer, kind: type[Refusal]) -> Refusal:
    """The refusal in an answer, to be raised; Garbled where there is none in it."""
    try:
        said = again(answer.told["problem"], answer.told["values"])
        line = answer.told["line"]
    except (KeyError, TypeError, AttributeError):
        raise Garbled from None
    if said is None or not isinstance(line, int | None):
        raise Garbled
    return kind(said.code, line=line, **{name: _form(value) for name, value in said.values.items()})


def _form(value: object) -> object:
    """A form of picture is a value, and crosses as a phrase."""
    return value.code if isinstance(value, Phrase) and isinstance(value.code, Form) else value


def send(answer: Answer, through: Connection) -> None:
    """Answer, in the job; nothing more can be said."""
    head = {"word": answer.word, "told": answer.told, "bytes": len(answer.data)}
    with os.fdopen(os.dup(through.fileno()), "wb") as pipe:
        pipe.write(json.dumps(head).encode() + b"\n" + answer.data)
    through.close()


def receive(through: Connection, wall_s: float) -> Answer:
    """The answer of a job, when all of it is there. Raises TimeoutError, EOFError where there is none, Garbled."""
    until = time.monotonic() + wall_s
    got = bytearray()
    while through.poll(max(0.0, until - time.monotonic())):
        part = os.read(through.fileno(), PART)
        if not part:
            return _understood(bytes(got))
        got += part
        if len(got) > ANSWER_MAX:
            raise Garbled
    raise TimeoutError


def _understood(got: bytes) -> Answer:
    if not got:
        raise EOFError
    head, _, data = got.partition(b"\n")
    if len(head) > HEAD_MAX:
        raise Garbled
    try:
        said = json.loads(head)
        answer = Answer(said["word"], said["told"], data)
        size = said["bytes"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Garbled from None
    if not (isinstance(answer.word, str) and isinstance(answer.told, dict) and size == len(data)):
        raise Garbled
    return answer
