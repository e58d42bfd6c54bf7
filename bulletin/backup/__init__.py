"""Copies to be kept elsewhere, what goes into them, and how they come back."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping


class Why(enum.Enum):
    """Why a backup or a restore does not go on."""

    NOTHING_YET = "nothing yet"  # to back up
    WAITS_FOR_UPDATE = "waits for update"
    UNKNOWN_TABLES = "unknown tables"
    LACKING_TABLES = "lacking tables"  # in the database
    LARGE_ROW = "large row"
    RECIPIENT = "recipient"  # that is none
    NO_RECIPIENT = "no recipient"
    NO_KEY = "no key"  # in the file that should hold it
    OTHER_KEY = "other key"
    NO_MAKER = "no maker"  # in the file with the key
    OTHER_MAKER = "other maker"
    UNSIGNED = "unsigned"
    NO_BACKUP = "no backup"  # is this file
    NOT_OURS = "not ours"
    NOT_WHOLE = "not whole"
    DAMAGED = "damaged"
    NEWER = "newer"  # than this program
    WITHOUT_TABLES = "without tables"
    WRONG_ROWS = "wrong rows"
    LOOSE_ROWS = "loose rows"  # which point to others that are not there
    NETWORK_HERE = "network here"
    NO_LOG = "no log"  # is this file
    UNSIGNED_LOG = "unsigned log"
    GONE_MEANWHILE = "gone meanwhile"  # somebody has, and would have come back


class Done(enum.Enum):
    """What was done."""

    BACKED_UP = "backed up"
    KEEP_APART = "keep apart"
    NOT_SIGNED = "not signed"
    HOLDS = "holds"  # this backup
    UNPROVEN = "unproven"  # who made it
    REPLACES = "replaces"
    GOES_BY_LOG = "goes by log"  # that was given
    RESTORED = "restored"
    GONE_AGAIN = "gone again"
    FORGOTTEN_AGAIN = "forgotten again"
    HIDDEN_AGAIN = "hidden again"
    LEFT_AWAY = "left away"
    LOCKED_AGAIN = "locked again"
    SIGNED_OUT = "signed out"
    NEW_KEYS = "new keys"
    JOINED_SINCE = "joined since"
    WITHOUT_LOG = "without log"


class Many(enum.Enum):
    """So many of what a sentence counts."""

    SITES = "sites"
    MEMBERS = "members"
    PLACES = "places"
    ACCOUNTS = "accounts"
    CONTACTS = "contacts"
    TOLD = "told"
    LISTED = "listed"


@dataclasses.dataclass(init=False)
class Told:
    """Something to be said: its code, and what the sentence names."""

    code: enum.Enum
    values: Mapping[str, object]

    def __init__(self, code: enum.Enum, /, **values: object) -> None:
        self.code = code
        self.values = values


class Refused(Exception):
    """What does not go on: why, and what the sentence about it names. Nothing was touched."""

    def __init__(self, code: enum.Enum, /, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        return self.code.name
