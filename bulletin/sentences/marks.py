"""How a sentence is written down to be found by translators; the words stay as they are until they are said."""

from __future__ import annotations

from typing import NamedTuple


class Plural(NamedTuple):
    """A sentence with a number in it, in English for one and for more; `by` names the value that is the number."""

    one: str
    more: str
    by: str


Sentence = str | Plural


def N_(sentence: str) -> str:
    """Mark a sentence for translation: every extractor knows this name.

    What the sentence names stands in it as `%(name)s`, a percent sign as `%%`.
    """
    return sentence


def plural(one: str, more: str, *, by: str) -> Plural:
    """Mark a sentence that is another for one thing than for more."""
    return Plural(one, more, by)
