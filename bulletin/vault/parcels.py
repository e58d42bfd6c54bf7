"""Files sealed to words, to be opened elsewhere. The words open a key, as a member's do, and the key opens the file.

Not in a common format such as age's: its programs ask scrypt for half a gigabyte, which a small machine has not got.
`bulletin open` opens ours without an installation.
"""

from __future__ import annotations

from . import keys

BEGINS = b"Bulletin parcel 1\n"

_CONTEXT = keys.context("parcel")


class NotSealed(Exception):
    """This is no file of ours, or not all of it."""


def seal(plain: bytes, words: str) -> bytes:
    """A file that these words open, and nothing else."""
    key, locked = keys.new_member(words, known=_CONTEXT)
    return b"".join((BEGINS, locked, keys.wrap(key.secret, plain, _CONTEXT)))


def unseal(sealed: bytes, typed: str) -> bytes:
    """What was sealed. Raises keys.WrongWords, NotSealed, Crowded.

    The cost of trying words is ours: a file from elsewhere must not ask for more memory than there is.
    """
    if not sealed.startswith(BEGINS):
        raise NotSealed
    locked, wrapped = sealed[len(BEGINS) :][: keys.LOCKED_BYTES], sealed[len(BEGINS) + keys.LOCKED_BYTES :]
    try:
        key = keys.unlock(locked, typed, known=_CONTEXT, cost=keys.COST)
        return keys.unwrap(key.secret, wrapped, _CONTEXT)
    except keys.DoesNotOpen as error:
        if isinstance(error, keys.WrongWords):
            raise
        raise NotSealed from None
