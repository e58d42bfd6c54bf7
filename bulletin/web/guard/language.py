"""The language of a request."""

from __future__ import annotations

from contextlib import AbstractContextManager

from flask_babel import get_locale, get_translations

from bulletin import sentences


def speak() -> AbstractContextManager[None]:
    """Say what is said inside in the language of this request; for no longer, as threads serve others after it."""
    return sentences.speak(get_locale(), get_translations())
