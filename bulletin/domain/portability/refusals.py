"""Why something about files to take along is not allowed, and the words for people in them, as codes."""

from __future__ import annotations

import enum
from typing import Protocol


class Why(enum.Enum):
    """Why a site's things are not given, or not taken in."""

    NOBODY_AGREED = "nobody agreed"  # yet
    TOO_BIG = "too big"  # mb: what is taken in elsewhere
    WOULD_NOT_ARRIVE = "would not arrive"  # page: where to look
    NOT_ALONE = "not alone"
    NOT_EMPTY = "not empty"
    NOT_OURS = "not ours"
    MADE_BY_NEWER = "made by newer"
    NOT_SOUND = "not sound"
    TOO_MANY_ROWS = "too many rows"
    TOO_MANY_PEOPLE = "too many people"


class Page(enum.Enum):
    """Where a row is seen, by its table; those that are not here are of papers."""

    CONTACT = "contact"
    CONVERSATION = "conversation"
    FOLLOW_UP = "follow_up"
    ACTION = "action"
    TURNOUT = "turnout"
    STEP = "step"
    DEPARTMENT = "department"
    SHIFT = "shift"
    EVENT = "event"
    PAPER = "paper"


class Word(enum.Enum):
    """What people read in a file that was taken along: the heads and some cells of its tables, and what is in it."""

    YES = "yes"
    NO = "no"
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    ORGANISES = "organises"
    WITH_US = "with us"
    UNDECIDED = "undecided"
    AGAINST = "against"
    CAREFUL = "careful"
    STAND = "stand"
    STOOD = "stood"
    DEPARTMENT = "department"
    SHIFT = "shift"
    DAY = "day"
    WITH = "with"
    CAME_UP = "came up"
    NOTE = "note"
    ASK = "ask"
    COMMITMENT = "commitment"
    NOTED_BY = "noted by"
    WITHDRAWN = "withdrawn"
    REASON = "reason"
    WHOSE = "whose"
    DONE_ON = "done on"
    OUTCOME = "outcome"
    LESSON = "lesson"
    ACTION = "action"
    WHO = "who"
    ASKED = "asked"
    COMMITTED = "committed"
    CAME = "came"
    NAMES_NOT_KEPT = "names not kept"
    PEOPLE = "people"
    DAYS = "days"
    START = "start"
    END = "end"
    LANGUAGE = "language"
    README = "readme"  # missing: MISSING, or nothing
    OWN_README = "own readme"
    MISSING = "missing"  # count: print runs that did not fit


class Say(Protocol):
    """What gives the words of a code, in the language of whoever takes the file along."""

    def __call__(self, code: enum.Enum, /, **values: object) -> str: ...
