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
    "department": _l("Department"),
    "shift": _l("Shift"),
    "phones": _l("Telephone"),
    "ways": _l("E-mail, or another way to reach them"),
    "notes": _l("Notes"),
}
CODINGS = {  # old code pages, by whose letters they hold
    "cp1252": _l("Western European"),
    "cp1250": _l("Central European"),
    "cp1251": _l("Cyrillic"),
    "cp1253": _l("Greek"),
    "cp1254": _l("Turkish"),
    "cp1255": _l("Hebrew"),
    "cp1256": _l("Arabic"),
    "cp1257": _l("Baltic"),
    "cp1258": _l("Vietnamese"),
    "cp874": _l("Thai"),
    "cp932": _l("Japanese"),
    "gb18030": _l("Chinese"),
    "big5": _l("Chinese, traditional"),
    "cp949": _l("Korean"),
    "mac_roman": _l("Western European, from an old Mac"),
    "cp850": _l("Western European, from DOS"),
    "cp866": _l("Cyrillic, from DOS"),
    "koi8_r": _l("Cyrillic, KOI8"),
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
    Where.TOLD: _l("Something we told others"),
    Where.LETTER: _l("Something from a phone that needs fixing"),
}
