"""Why something about people is not allowed, as codes; their sentences stand in bulletin/sentences/."""

from __future__ import annotations

import enum

from .contact_fields import fields


class Why(enum.Enum):
    """Why something about contacts, talks and follow-ups is not allowed."""

    LIST_FULL = "list full"
    NOT_THERE = "not there"  # forgotten meanwhile
    NAME_NEEDED = "name needed"  # or a shorter one
    TOO_LONG_FOR = "too long for"
    NOT_TWO_PEOPLE = "not two people"  # to be merged
    NOTES_TOO_LONG = "notes too long"  # of two who are merged
    DAY_TO_COME = "day to come"  # of a talk
    TWO_YEARS_AGO = "two years ago"  # a talk
    WITHDRAWN = "withdrawn"
    TEXT_TOO_LONG = "text too long"
    DAY_OVER = "day over"  # of a follow-up
    A_YEAR_AWAY = "a year away"  # a follow-up
    REASON_NEEDED = "reason needed"  # for a follow-up, or a shorter one
    NO_PHONE_NUMBER = "no phone number"
    SIGN_IN_NUMBER = "sign in number"  # a letter in a telephone number, or what else nobody dials
    EXTENSION = "extension"  # of a telephone number
    UNITS_FULL = "units full"  # departments, or shifts
    NO_ROOM = "no room"  # for all who were ticked
    MANY_FORGOTTEN = "many forgotten"  # most: within a week, without everybody being asked
    DID_NOT_ASK = "did not ask"  # to be forgotten, or a restore has lost whether they did
    FORGETTING_STANDS = "forgetting stands"  # two have said that the person asked for it
    NOT_FOR_YOU_YET = "not for you yet"  # but for who decides
    SAY_WHY = "say why"  # a forgetting is stopped; or shorter


class NoBook(enum.Enum):
    """Why a file is no address book."""

    TOO_BIG = "too big"
    LONG_LIST = "long list"  # cards may be longer: most of that are pictures
    SPREADSHEET = "spreadsheet"
    WEB_PAGE = "web page"
    PDF = "pdf"
    PICTURE = "picture"
    EMPTY = "empty"


# What is noted of a contact, by its key: what a sentence about it calls it.
Field = enum.Enum("Field", {name.upper(): name for name in fields()}, module=__name__)  # type: ignore[misc]
