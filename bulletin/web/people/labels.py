"""What is said of people, talks and lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from bulletin.domain.portability.mentions import Where

AHEAD = {"": _l("not now"), "1": _l("tomorrow"), "3": _l("in three days"), "7": _l("in a week")}  # days
ROLES = {
    "": _l("Leave it out"),
    "name": _l("Name"),
    "given": _l("First name"),
    "middle": _l("Middle name"),
    "family": _l("Last name"),
    "nickname": _l("Nickname"),
    "title": _l("What they do"),
    "phones": _l("Telephone"),
    "ways": _l("E-mail, or another way to reach them"),
    "notes": _l("Notes"),
}
IMPORTED_FROM = {"cards": _l("a phone’s address book"), "list": _l("a list")}  # as imports call them
PLACE_NAMES: Mapping[Where, Any] = {
    Where.TALK: _l("A talk with somebody else"),
    Where.PERSON: _l("What is known of somebody else"),
    Where.FOLLOW_UP: _l("Why to go back to somebody else"),
    Where.ACTION: _l("Something we did, or plan"),
    Where.STEP: _l("The plan"),
    Where.PAPER: _l("A paper"),
    Where.HAND_OUT: _l("A hand-out"),
}
