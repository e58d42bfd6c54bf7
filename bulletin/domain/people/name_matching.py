"""Likeness of names: people type one name in many ways, and so one person may come into a list twice."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Sequence

SLIP_FROM = 4  # letters in a word, from which on a slip in typing is looked for
OTHER_LETTER_FROM = 5  # and one letter for another: in a shorter word it makes another name, as Rosa and Rose
DOUBLED_FROM = 3  # letters, from which on a letter typed twice is one: Ana and Anna, but not Le and Lee
SLIPS_TO = 40  # letters in a name, up to which all its slips are looked for: there are as many
IDEOGRAPHS = "\u2e80"  # from here on a sign is a word or a syllable: another one makes another name

# Marks that belong to the letter: nukta, the voicing of kana, virama. Others are accents, which people leave out.
OF_THE_LETTER = (0, 7, 8, 9)
# Letters that Unicode takes for other letters, and that people type as these on a keyboard that lacks them.
SAME = str.maketrans(
    {
        **{"ı": "i", "đ": "d", "ð": "d", "ø": "o", "ł": "l", "ħ": "h", "æ": "ae", "œ": "oe", "þ": "th"},
        **{"ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه"},
        **dict.fromkeys("'’‘ʼʻ`´\u0640", ""),  # apostrophes, and the stroke that lengthens an Arabic word
    }
)


def name_key(name: str) -> str:
    """What ways to type one name have in common: no accents, no apostrophes, no capitals, one space."""
    folded = name.casefold().translate(SAME)
    if not folded.isascii():
        apart = unicodedata.normalize("NFKD", folded).translate(SAME)
        folded = unicodedata.normalize("NFC", "".join(sign for sign in apart if _tells_apart(sign)))
    return " ".join("".join(sign if sign.isalnum() or _is_mark(sign) else " " for sign in folded).split())


def alike(name: str, other: str) -> bool:
    """May these be the name of one person? The same words in any order or without spaces, one's among the other's,
    initials, or a slip in typing.
    """
    one, two = name_key(name), name_key(other)
    if not one or not two:
        return name.strip() == other.strip()
    words, others = sorted((one.split(), two.split()), key=len)
    return _in_one(one) == _in_one(two) or _among(words, others) or _one_slip(words, others)


def slips(key: str) -> set[str]:
    """A name without spaces, without each of its signs, and with no sign twice running: two that differ by a slip in
    typing have one of these in common.
    """
    plain = key.replace(" ", "")
    single = "".join(sign for sign, _run in itertools.groupby(plain))
    count = len(plain) if len(plain) <= SLIPS_TO else 0
    return {plain, single, *(plain[:at] + plain[at + 1 :] for at in range(count))} - {""}


def _tells_apart(sign: str) -> bool:
    return unicodedata.combining(sign) in OF_THE_LETTER and unicodedata.category(sign) != "Cf"


def _is_mark(sign: str) -> bool:
    """Is it a part of the letter before it, as vowels are in Indian and Thai writing?"""
    return not sign.isascii() and unicodedata.category(sign).startswith("M")


def _in_one(key: str) -> str:
    """Without spaces, and letters that were typed twice as one."""
    together = key.replace(" ", "")
    single = "".join(sign if sign.isalpha() else sign * len([*run]) for sign, run in itertools.groupby(together))
    return single if len(single) >= DOUBLED_FROM else together


def _among(words: Sequence[str], others: Sequence[str]) -> bool:
    """Is each of the words one of the others, at most some as initials?"""
    left, unlike = _without(others, words), _without(words, others)
    if len(unlike) == len(words):
        return False
    for word in unlike:
        meant = next((one for one in left if _is_initial(word, one)), None)
        if meant is None:
            return False
        left.remove(meant)
    return True


def _without(words: Sequence[str], others: Sequence[str]) -> list[str]:
    left = [*words]
    for word in others:
        if word in left:
            left.remove(word)
    return left


def _is_initial(word: str, other: str) -> bool:
    return min(len(word), len(other)) == 1 and word[0] == other[0] and word[0].isalpha() and word[0] < IDEOGRAPHS


def _one_slip(words: Sequence[str], others: Sequence[str]) -> bool:
    """Do they differ in one word, and that by one letter: another, one more, or two in the wrong order?"""
    left, right = _without(words, others), _without(others, words)
    if len(left) != 1 or len(right) != 1:
        return False
    one, two = sorted((left[0], right[0]), key=len)
    if len(one) < SLIP_FROM or len(two) - len(one) > 1 or max(one) >= IDEOGRAPHS:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), len(one))
    rest, other = one[start:], two[start:]
    if len(one) < len(two):
        return rest == other[1:]
    return rest[1::-1] + rest[2:] == other or (len(one) >= OTHER_LETTER_FROM and rest[1:] == other[1:])
