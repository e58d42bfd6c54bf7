"""What a refusal says, in the language of whoever asked."""

from __future__ import annotations

import enum

from bulletin import sentences
from bulletin.web.guard.language import speak


def say(refusal: sentences.Refusal) -> str:
    """Why something was refused, and what to do."""
    with speak():
        return sentences.say(refusal)


def say_code(code: enum.Enum, /, **values: object) -> str:
    """A code in words."""
    with speak():
        return sentences.say_code(code, **values)
