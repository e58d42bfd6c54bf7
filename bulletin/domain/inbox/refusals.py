"""Why a letter is not taken, or is not filed, as codes; their sentences stand in bulletin/sentences/."""

from __future__ import annotations

import enum


class Why(enum.Enum):
    """Why a letter is not taken from a phone. It stays there."""

    NO_TOKEN = "no token"  # noqa: S105  # of a phone that is signed in, whose member is at this site
    TOO_LONG = "too long"
    FULL = "full"  # until somebody opens the site


class Parking(enum.StrEnum):
    """Why a letter is kept as it came."""

    UNKNOWN = "unknown"  # by a newer release, or with more in it than this one knows
    UNOPENED = "unopened"  # sealed to no key that is left, or changed on the way
    UNPROVEN = "unproven"  # nobody was given what it says it was written with
    SIGNED_OUT = "signed out"  # the phone that it was written on
    GONE = "gone"  # who wrote it is no member any more
    OTHER_WORDS = "other words"  # than the form of this id had, which was saved
    REFUSED = "refused"  # what it says cannot be kept as it is


class NotFiled(Exception):
    """Why a letter is to be parked."""

    def __init__(self, why: Parking) -> None:
        super().__init__(why)
        self.why = why
