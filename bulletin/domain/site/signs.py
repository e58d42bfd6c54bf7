"""Signs that cannot be seen: with them a name could show as another."""

from __future__ import annotations

import unicodedata

UNSEEN = ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # what follows stands the other way round


def hidden_in(text: str) -> bool:
    """Is there one of them in a text?"""
    return any(unicodedata.category(sign) in UNSEEN or sign in TURNING for sign in text)


def without_hidden(text: str) -> str:
    """A text with a space for each that could be an end, and without those that turn it."""
    return "".join(" " if unicodedata.category(sign) in UNSEEN else sign for sign in text if sign not in TURNING)
