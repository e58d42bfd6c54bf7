"""What refusals say, once, for the pages and the command: codes of the rooms below, as sentences in a language.

A refusal is an exception with a `code` (a member of an enum) and `values` (what its sentence names). The English stands
in the tables of this package; in which language it is said, whoever asks has set by `speak()`.
"""

from __future__ import annotations

import contextlib
import contextvars
import enum
from collections.abc import Iterator, Mapping
from gettext import NullTranslations
from typing import Any, Protocol

_translations: contextvars.ContextVar[NullTranslations] = contextvars.ContextVar("translations")
_ENGLISH = NullTranslations()


class Refusal(Protocol):
    """What the rooms below raise: why, and what the sentence about it names."""

    code: enum.Enum
    values: Mapping[str, Any]


@contextlib.contextmanager
def speak(translations: NullTranslations) -> Iterator[None]:
    """Say what is said inside in the language of these translations."""
    token = _translations.set(translations)
    try:
        yield
    finally:
        _translations.reset(token)


def say(refusal: BaseException) -> str:
    """The one sentence that says why something was refused, and what to do."""
    code = getattr(refusal, "code", None)
    if code is None:
        return str(refusal)
    raise LookupError(code)
