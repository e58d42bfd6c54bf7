"""Signs that nobody sees, and that come along from elsewhere: understood where they mean something, otherwise dropped.

With some of them a name could show as another.
"""

from __future__ import annotations

import re
import unicodedata

from bulletin.press import invisible

_LINE_ENDS = re.compile(f"\r\n|[\r{invisible.ENDS_LINE}{invisible.ENDS_PARAGRAPH}]")
_MEANT = invisible.WORDS_HYPHENS | str.maketrans({"\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "➢"})  # Word's
_MEANS_NOTHING = re.compile(f"[{invisible.TURNING}{invisible.BYTE_ORDER}]")
_UNSEEN = re.compile(f"[{invisible.ALL}]")
_BLANK = re.compile(f"[{invisible.BLANKS}]")
# These change the sign before them, and so they stay beside one.
_JOINING = f"{invisible.JOINERS}{invisible.AS_EMOJI}"
_TAGGED_FLAG = re.compile(f"\U0001f3f4[{invisible.TAGS}]+")


def is_dropped(sign: str) -> bool:
    """Does it mean nothing in any text? What this Python’s tables do not know yet may be a new letter, or an emoji."""
    if sign in "\n\t":
        return False
    if _MEANS_NOTHING.match(sign):
        return True
    return unicodedata.category(sign) in ("Cc", "Cs") or ord(sign) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(sign) <= 0xFDEF


def in_lines(text: str) -> str:
    """A text with our ends of lines, and without what means nothing."""
    if text.isascii() and text.isprintable():
        return text
    text = _LINE_ENDS.sub("\n", text).translate(_MEANT)
    return "".join(sign for sign in text if not is_dropped(sign))


def on_one_line(text: str) -> str:
    """A text on one line, single spaces between its words, without what is not seen; empty where nothing is."""
    if not (text.isascii() and text.isprintable()):
        text = _without_unseen(_BLANK.sub(" ", in_lines(text)))
        if not can_be_seen(text):
            return ""
    return " ".join(text.split())


def can_be_seen(text: str) -> bool:
    """Is there anything in it that somebody sees?"""
    return any(_is_seen(sign) for sign in text)


def _is_seen(sign: str) -> bool:
    if _UNSEEN.match(sign) or is_dropped(sign):
        return False
    category = unicodedata.category(sign)
    return category == "Cn" or category[0] not in "CZM"  # Cn: this Python's tables do not know it


def _without_unseen(text: str) -> str:
    """Without what is not seen, unless it joins signs, or belongs to a flag."""
    kept = {at for flag in _TAGGED_FLAG.finditer(text) for at in range(*flag.span())}
    signs = (
        "" if _UNSEEN.match(sign) and sign not in _JOINING and at not in kept else sign for at, sign in enumerate(text)
    )
    return "".join(signs)
