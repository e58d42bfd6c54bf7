"""Six digits that open a phone of one's own again. Few enough to be guessed: who asks for them counts the tries."""

from __future__ import annotations

import itertools
import unicodedata

from .words import TYPED_MAX, Mistyped, Slip

DIGITS = 6


def normal(typed: str) -> str:
    """The six digits of whatever script, without what stands between them; Mistyped where it is something else."""
    if len(typed) > TYPED_MAX:
        raise Mistyped(Slip.FAR_TOO_LONG)
    digits = [str(unicodedata.decimal(sign)) for sign in typed if sign.isdecimal()]
    if any(sign.isalnum() and not sign.isdecimal() for sign in typed) or len(digits) != DIGITS:
        raise Mistyped(Slip.PIN, digits=DIGITS)
    return "".join(digits)


def chosen(typed: str) -> str:
    """The same, of new ones; Mistyped where they are among those that are tried first."""
    pin = normal(typed)
    if _is_common(pin):
        raise Mistyped(Slip.COMMON_PIN)
    return pin


def _is_common(pin: str) -> bool:
    """In equal steps (000000, 123456), of two digits, a half twice (123123), back again (123321), doubled (112233)."""
    steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(pin)}
    few = len(steps) == 1 or len(set(pin)) < 3
    half = DIGITS // 2
    return few or pin[:half] == pin[half:] or pin == pin[::-1] or pin[::2] == pin[1::2]
