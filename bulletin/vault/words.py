"""Passphrases a person can write on paper and type back tired; and secrets of links, for where there is no script.

The words are those of the EFF's long list, which xkcdpass carries; the four with a hyphen are left out, because
nobody remembers whether a hyphen was one word or two.
"""

from __future__ import annotations

import difflib
import enum
import functools
import hashlib
import importlib.resources
import secrets
import unicodedata
from typing import Literal

Kind = Literal["words", "digits"]

WORDS = 6  # 77.5 bits
DIGITS = 24  # 79.7 bits
GROUP = 4  # digits, or characters of a link's secret
LINK_BYTES = 16
TICKET_BYTES = 10  # 80 bits, 16 characters: read off a note, typed at a copy shop
TYPED_MAX = 500  # characters that are looked at: putting accents in their order takes the square of their number

_LINK_CHECK_BITS = 12  # with 128 bits of secret: 28 characters, seven groups of four
_LINK_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O or U
_LINK_CHARACTERS = (LINK_BYTES * 8 + _LINK_CHECK_BITS) // 5
_TICKET_CHARACTERS = TICKET_BYTES * 8 // 5
_TAKEN_FOR_DIGITS = str.maketrans("oil", "011")


class Slip(enum.Enum):
    """Why what was typed cannot be right."""

    NOTHING = "nothing"
    NO_DIGIT = "no digit"  # among digits
    DIGITS = "digits"  # too few, or too many
    WORDS = "words"  # too few, or too many
    NOT_OURS = "not ours"  # a word
    NEARLY_OURS = "nearly ours"
    NOT_IN_CODES = "not in codes"  # a letter
    CODE_LENGTH = "code length"
    CODE_CHECK = "code check"
    FAR_TOO_LONG = "far too long"
    PIN = "pin"  # not six digits
    COMMON_PIN = "common pin"


class Count(enum.Enum):
    """Small numbers, which are words in a sentence."""

    ONE = 1
    TWO = 2
    THREE = 3
    FOUR = 4
    FIVE = 5
    SIX = 6
    SEVEN = 7
    EIGHT = 8
    NINE = 9
    TEN = 10
    ELEVEN = 11
    TWELVE = 12


class Mistyped(ValueError):
    """What was typed cannot be right, whoever typed it: why, and what the sentence about it names."""

    def __init__(self, code: Slip, /, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        return self.code.name  # never what was typed: this may get into a log


@functools.cache
def word_list() -> tuple[str, ...]:
    """The 7,772 words, in the order of the alphabet."""
    text = importlib.resources.files("xkcdpass").joinpath("static", "eff-long").read_text(encoding="utf-8")
    return tuple(sorted(word for word in set(text.split()) if word.isalpha()))


def new(kind: Kind) -> str:
    """A new passphrase: six words, or 24 digits in six groups of four."""
    if kind == "words":
        return " ".join(secrets.choice(word_list()) for _ in range(WORDS))
    return _grouped("".join(secrets.choice("0123456789") for _ in range(DIGITS)))


def normal(typed: str) -> str:
    """The one form of everything that means the same passphrase; what keys are made from.

    Case, accents, the width and the script of digits, and everything between the words count for nothing: letters or
    digits run together are left. Where words fall apart is not kept, because a phone puts in spaces and hyphens of
    its own (it costs less than a thousandth of a bit). Among words, digits are numbers of lines and go; among digits,
    o is a nought, i and l are ones. Neither is ambiguous, because no phrase of ours has both.
    """
    kept = "".join(character for character in _folded(typed) if character.isalnum())
    letters = "".join(character for character in kept if character.isalpha())
    return letters if 2 * len(letters) >= len(kept) else kept.translate(_TAKEN_FOR_DIGITS)


def looks_like(typed: str, *, spelling: bool = False) -> Kind:
    """Which kind of passphrase this is; Mistyped where it can be neither.

    This looks only at what was typed and at public lists, so its sentences tell nobody anything about an account.
    `spelling` is for typing back at founding and joining, when the words are on the table anyway: it names a word that
    is not ours and the nearest that is. Not at sign-in: a sentence there would print a part of the passphrase on
    the screen beside a field that hides it, and a word list that changed must lock nobody out.
    """
    canonical = normal(typed)
    if not canonical:
        raise Mistyped(Slip.NOTHING, words=Count(WORDS), digits=DIGITS)
    if not canonical.isalpha():
        if strange := next(filter(str.isalpha, canonical), None):
            raise Mistyped(Slip.NO_DIGIT, digits=DIGITS, letter=strange)
        if len(canonical) != DIGITS:
            raise Mistyped(Slip.DIGITS, digits=DIGITS, typed=len(canonical))
        return "digits"

    apart = "".join(character if character.isalpha() else " " for character in _folded(typed)).split()
    if len(apart) != WORDS and not _falls_apart(canonical):
        count = Count(len(apart)) if len(apart) <= len(Count) else len(apart)
        raise Mistyped(Slip.WORDS, words=Count(WORDS), typed=count)
    if spelling and not _falls_apart(canonical):
        for word in apart:
            if not _is_ours(word):
                raise _not_ours(word)
    return "words"


def new_link_secret() -> bytes:
    """The secret of a new link: 16 random bytes, few enough to be typed."""
    return secrets.token_bytes(LINK_BYTES)


def link_text(secret: bytes) -> str:
    """How the 16 bytes of a link's secret are written: seven groups of four, without letters that look like digits.

    The last 12 bits are a check, so that a slip of the finger is told before it is looked up.
    """
    if len(secret) != LINK_BYTES:
        raise ValueError(f"a link's secret has {LINK_BYTES} bytes")
    number = int.from_bytes(secret, "big") << _LINK_CHECK_BITS | _check(secret)
    return _grouped(_in_characters(number, _LINK_CHARACTERS), "-")


def from_link_text(typed: str) -> bytes:
    """The secret of a link from what somebody typed, or from the whole link pasted; Mistyped where it cannot be one."""
    kept = _characters(typed.rpartition("#")[2])
    for character in kept:
        if character not in _LINK_ALPHABET:
            raise Mistyped(Slip.NOT_IN_CODES, letter=character)
    if len(kept) != _LINK_CHARACTERS:
        raise Mistyped(Slip.CODE_LENGTH, most=_LINK_CHARACTERS, typed=len(kept))
    number = _from_characters(kept)
    secret = (number >> _LINK_CHECK_BITS).to_bytes(LINK_BYTES, "big")
    if _check(secret) != number & (1 << _LINK_CHECK_BITS) - 1:
        raise Mistyped(Slip.CODE_CHECK)
    return secret


def new_ticket_secret() -> bytes:
    """The secret of a new print ticket."""
    return secrets.token_bytes(TICKET_BYTES)


def ticket_text(secret: bytes) -> str:
    """How the 10 bytes of a ticket are written: 16 small letters and digits, as they stand in its address."""
    if len(secret) != TICKET_BYTES:
        raise ValueError(f"a ticket's secret has {TICKET_BYTES} bytes")
    return _in_characters(int.from_bytes(secret, "big"), _TICKET_CHARACTERS).lower()


def from_ticket_text(typed: str) -> bytes | None:
    """The secret of a ticket from what somebody typed; None where it cannot be one."""
    if len(typed) > TYPED_MAX:
        return None
    kept = _characters(typed)
    if len(kept) != _TICKET_CHARACTERS or not set(kept) <= set(_LINK_ALPHABET):
        return None
    return _from_characters(kept).to_bytes(TICKET_BYTES, "big")


def _in_characters(number: int, count: int) -> str:
    """A number in so many characters of our alphabet, five bits each."""
    return "".join(_LINK_ALPHABET[number >> place & 31] for place in range((count - 1) * 5, -1, -5))


def _from_characters(characters: str) -> int:
    """The way back."""
    return functools.reduce(lambda sum_, character: sum_ << 5 | _LINK_ALPHABET.index(character), characters, 0)


def _characters(typed: str) -> str:
    """What was typed as such characters, all of which may still have to be in the alphabet."""
    kept = "".join(character for character in _folded(typed) if character.isalnum())
    return kept.translate(_TAKEN_FOR_DIGITS).upper()


def _folded(typed: str) -> str:
    """Small letters without accents and without what cannot be seen, and the digits of any script as ours.

    Mistyped where it is too long for anything of ours.
    """
    if len(typed) > TYPED_MAX:
        raise Mistyped(Slip.FAR_TOO_LONG)
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", typed).casefold())
    bare = (character for character in apart if unicodedata.category(character) not in ("Mn", "Cf"))
    digits = (str(unicodedata.decimal(character, character)) for character in bare)
    return "".join(digits).replace("ı", "i")  # the small i of a Turkish keyboard's capital I


def _falls_apart(letters: str) -> bool:
    """Can these letters be read as six of our words, wherever the spaces went?"""
    longest = max(map(len, word_list()))
    if len(letters) > WORDS * longest:
        return False
    ends = {0}  # where the words so far can have ended
    for _ in range(WORDS):
        ends = {end + length for end in ends for length in range(1, longest + 1) if _is_ours(letters[end:][:length])}
    return len(letters) in ends


@functools.cache
def _as_set() -> frozenset[str]:
    return frozenset(word_list())


def _is_ours(word: str) -> bool:
    return word in _as_set()


def _not_ours(word: str) -> Mistyped:
    word = word[:20]
    if near := difflib.get_close_matches(word, word_list(), n=1, cutoff=0.7):
        return Mistyped(Slip.NEARLY_OURS, word=word, near=near[0])
    return Mistyped(Slip.NOT_OURS, word=word)


def _grouped(characters: str, between: str = " ") -> str:
    return between.join(characters[start : start + GROUP] for start in range(0, len(characters), GROUP))


def _check(secret: bytes) -> int:
    return int.from_bytes(hashlib.sha256(b"bulletin/1 link" + secret).digest()[:2], "big") >> 16 - _LINK_CHECK_BITS
