"""Signs that nobody sees, and that come along from elsewhere: understood where they mean something, otherwise dropped.

With some of them a name could show as another.
"""

from __future__ import annotations

import re
import unicodedata

# What ends a line in Word, in old terminals and in some messengers.
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_MEANT = str.maketrans({"\x1e": "-", "\x1f": "", "\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "➢"})  # Word's
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # what follows stands the other way round
BYTE_ORDER = "\ufeff"
# What takes no room at all (Unicode's Default_Ignorable_Code_Point), or is a letter with nothing in it. Joiners and the
# choice of how an emoji looks are among them: they change the sign before them, and so they stay beside one.
_BLANK = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_JOINING = "\u200c\u200d\ufe0e\ufe0f"
_TAGGED_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007f]+")


def is_dropped(sign: str) -> bool:
    """Does it mean nothing in any text? What this Python’s tables do not know yet may be a new letter, or an emoji."""
    if sign in "\n\t":
        return False
    if sign in TURNING or sign == BYTE_ORDER:
        return True
    return unicodedata.category(sign) in ("Cc", "Cs") or ord(sign) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(sign) <= 0xFDEF


def in_lines(text: str) -> str:
    """A text with our ends of lines, and without what means nothing."""
    if text.isascii() and text.isprintable():
        return text
    text = _LINE_ENDS.sub("\n", text).translate(_MEANT)
    return "".join(sign for sign in text if not is_dropped(sign))


def on_one_line(text: str) -> str:
    """A text on one line, single spaces between its words, without what takes no room; empty where nothing is seen."""
    if not (text.isascii() and text.isprintable()):
        text = _without_blanks(in_lines(text))
        if not can_be_seen(text):
            return ""
    return " ".join(text.split())


def can_be_seen(text: str) -> bool:
    """Is there anything in it that somebody sees?"""
    return any(_is_seen(sign) for sign in text)


def _is_seen(sign: str) -> bool:
    if _BLANK.match(sign) or is_dropped(sign):
        return False
    category = unicodedata.category(sign)
    return category == "Cn" or category[0] not in "CZM"  # Cn: this Python's tables do not know it


def _without_blanks(text: str) -> str:
    """Without what takes no room, unless it joins signs, or belongs to a flag."""
    kept = {at for flag in _TAGGED_FLAG.finditer(text) for at in range(*flag.span())}
    signs = (
        "" if _BLANK.match(sign) and sign not in _JOINING and at not in kept else sign for at, sign in enumerate(text)
    )
    return "".join(signs)
