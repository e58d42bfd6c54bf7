"""What a refusal says, in the language of whoever asked."""

from __future__ import annotations

import enum
from contextlib import AbstractContextManager

from flask_babel import get_locale, get_translations

from bulletin import sentences


def speak() -> AbstractContextManager[None]:
    """Say what is said inside in the language of this request."""
    return sentences.speak(get_locale(), get_translations())


def say(refusal: sentences.Refusal) -> str:
    """Why something was refused, and what to do."""
    with speak():
        return sentences.say(refusal)


def say_code(code: enum.Enum, /, **values: object) -> str:
    """A code in words."""
    with speak():
        return sentences.say_code(code, **values)
