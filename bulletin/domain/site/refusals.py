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
    NOT_HERE = "not here"  # any more, or locked out
    DOES_NOT_DECIDE = "does not decide"  # yet
    ABOUT_YOU = "about you"  # who a question is about does not answer it
    NOBODY_ASKS = "nobody asks"  # any more
    NOT_BY_YOURSELF = "not by yourself"  # whoever asked cannot second it
    MANY_OPEN = "many open"  # most: invitations that nobody has answered
    THREE_UNDECIDED = "three undecided"  # most: whom one has brought, and who do not decide yet
    ASKS_ALREADY = "asks already"  # something else
    ASKED_AND_LOST = "asked and lost"  # until: when one may ask again
    NUMBER_TOO_HIGH = "number too high"  # most
    ANOTHERS_FORM = "another's form"  # its id was used by somebody else
    LOCKED_OUT_SOMEWHERE = "locked out somewhere"  # or not known there: the site could not learn of another key
    IN_ALREADY = "in already"  # or removed a moment ago
    HANDLE_ALIKE = "handle alike"  # to that of somebody at this site
    REGISTER_BROKEN = "register broken"  # the register of members was changed from outside
