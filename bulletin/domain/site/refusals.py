"""Why a deed is not allowed, as a code; its sentence stands in bulletin/sentences/."""

from __future__ import annotations

import enum


class NotAllowed(Exception):
    """A deed that the rules of a site do not allow: why, and what the sentence about it names."""

    def __init__(self, code: enum.Enum, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        return self.code.name  # never a value: this may get into a log


class Why(enum.Enum):
    """Why something about members and invitations is not allowed."""

    LEAVE_YOURSELF = "leave yourself"  # nobody asks for their own removal
    ONLY_TWO = "only two"  # where neither can remove the other
    ASKED_ALREADY = "asked already"
    NOBODY_ASKS = "nobody asks"  # any more
    NOT_BY_YOURSELF = "not by yourself"  # whoever asked cannot second it
    HERE_TOO_SHORT = "here too short"
    ASKER_TAKES_BACK = "asker takes back"
    ANOTHERS_FORM = "another's form"  # its id was used by somebody else
    IN_ALREADY = "in already"  # or removed a moment ago
