"""What is not allowed, by its code and what its sentence names; the sentences themselves are seen on the pages."""

from __future__ import annotations

import contextlib
import enum
from collections.abc import Iterator

import pytest

from bulletin.domain.site.refusals import NotAllowed
from bulletin.press.mistake import Named, NoSheet, Phrase, TooLong


@contextlib.contextmanager
def refused(kind: type[Exception], code: enum.Enum, /, **values: object) -> Iterator[pytest.ExceptionInfo]:
    """What is done inside is refused for this reason, and for no other; and what may get into a log names nothing."""
    with pytest.raises(kind) as refused:
        yield refused
    assert (refused.value.code, dict(refused.value.values)) == (code, values)
    assert str(refused.value).partition(", line ")[0] == code.name


@contextlib.contextmanager
def not_allowed(code: enum.Enum, /, **values: object) -> Iterator[None]:
    """What is done inside is not allowed for this reason, and for no other."""
    with refused(NotAllowed, code, **values):
        yield


def too_long(lines: int, words: int, *, piece: Phrase | None = None, line: int | None = None) -> TooLong:
    """What the press says of a second side: it is so many lines too long, shorten a piece or cut so many words."""
    piece = piece or Phrase(Named.TITLED, title="The rota")
    side = Phrase(Named.SIDE, number=2)
    return TooLong(NoSheet.LINES, line=line, side=side, count=lines, lines=str(lines), piece=piece, words=words)
