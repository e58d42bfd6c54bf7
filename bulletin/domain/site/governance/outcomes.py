"""What the rules among people have brought about, to be carried out and written down."""

from __future__ import annotations

import dataclasses
import enum

from .roll import Person, Question


class What(enum.Enum):
    """What the rules have brought about."""

    PASSED = "passed"
    ENDED = "ended"  # a question, without
    LOCKED = "locked"
    LET_IN = "let in"
    LAPSES = "lapses"  # announced
    LAPSED = "lapsed"


@dataclasses.dataclass(frozen=True)
class Outcome:
    """One thing they have brought about: with the question it was about, and the person, if there is one."""

    what: What
    question: Question | None = None
    person: Person | None = None
