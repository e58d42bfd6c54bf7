"""What a refusal says, in the language of whoever asked."""

from __future__ import annotations

from flask_babel import get_locale, get_translations

from bulletin import sentences


def say(refusal: sentences.Refusal) -> str:
    """Why something was refused, and what to do, in the language of this request."""
    with sentences.speak(get_locale(), get_translations()):
        return sentences.say(refusal)
