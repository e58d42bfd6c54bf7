"""What is known of a contact: every field there is, with its label, its limit, and how two people's become one's."""

from __future__ import annotations

import enum
import functools
from collections.abc import Mapping

from bulletin.vault import kinds
from bulletin.vault.shapes import N_, Field, Shape, choice, field, fields_of, hex_id, iso_day, plain_text, shape

NAME_MAX = 80
LINE_MAX = 120  # letters of whatever else is said of somebody on one line
REACH_MAX = 300  # and of all ways to reach them
NOTES_MAX = 4_000
PHONE_MAX = 40
JOINED_MAX, NOTES_JOINED_MAX = 4_000, 400_000  # letters of a contact who was merged with others, again and again


class Stand(enum.IntEnum):
    """Where somebody stands, on the day it was noted; nobody has it for good. Without one it is not known yet."""

    ORGANISES = 1
    WITH_US = 2
    UNDECIDED = 3
    AGAINST = 4
    CAREFUL = 5


class Consent(enum.StrEnum):
    """Does this person know that they are in this list?"""

    NOT_YET = "not yet"
    KNOWS = "knows"


class Gone(enum.StrEnum):
    """Why somebody is not at the site any more."""

    LEFT = "left"
    MOVED = "moved"


class Merging(enum.StrEnum):
    """What becomes of a field where two people are one. In this order: what has no room on its line, notes keep."""

    FIRST = "first"  # what is known of the first; where that is nothing, of the other
    JOINED = "joined"  # both on one line: what a text is merged as where its field does not say
    NAMES = "names"  # both, and the other's name
    WAYS = "ways"  # both, and the other's number
    IF_BOTH = "if both"  # it is so of both, or it is not
    KNOWS = "knows"  # they know of one of them: it is one person
    OTHERS = "others"  # whoever is neither of the two
    PLACES = "places"  # that of the first; the name of the other's, where it is another, the notes keep
    NOTES = "notes"  # both, one below the other, and what had no room


line = functools.partial(plain_text, most=LINE_MAX, room=JOINED_MAX)


@shape
class Brief(Shape):
    """What lists show of somebody. `maybe`: who may be the same person."""

    name: str = plain_text(N_("Name"), most=NAME_MAX, room=NAME_MAX, asked=True, merge=Merging.FIRST)
    nickname: str = line(N_("Nickname"), asked=True, merge=Merging.NAMES)
    title: str = line(N_("What they do"), asked=True)
    stand: Stand | None = choice(N_("Where they stand"), Stand, nothing=None)
    department: str = hex_id("department", N_("Department"), asked=True, merge=Merging.PLACES)
    shift: str = hex_id("shift", N_("Shift"), asked=True, merge=Merging.PLACES)
    phone: str = field(kinds.of_text("phone", kinds.plain_text(PHONE_MAX).check), N_("Telephone"), asked=True)  # E.164
    stood_on: str = iso_day(of="stand")
    talked_on: str = iso_day(N_("Last talk"))
    gone: Gone | None = choice(N_("Gone"), Gone, nothing="", merge=Merging.IF_BOTH)
    gone_on: str = iso_day(of="gone", merge=Merging.IF_BOTH)
    maybe: str = hex_id("contact", N_("May be the same as"), merge=Merging.OTHERS, column=None)


@shape
class Details(Shape):
    """What their own page has besides."""

    reach: str = line(N_("Other ways to reach them"), most=REACH_MAX, asked=True, named=True, merge=Merging.WAYS)
    languages: str = line(N_("Languages"), asked=True)
    known_by: str = line(N_("Who knows them"), asked=True, named=True)
    notes: str = plain_text(
        N_("Notes"), most=NOTES_MAX, room=NOTES_JOINED_MAX, lines=True, asked=True, named=True, merge=Merging.NOTES
    )
    consent: Consent = choice(
        N_("Knows that they are in this list"), Consent, default=Consent.NOT_YET, asked=True, merge=Merging.KNOWS
    )
    consent_on: str = iso_day(of="consent", merge=Merging.KNOWS)
    added_by: str = line(N_("Added by"), merge=Merging.FIRST)
    added_on: str = iso_day(of="added_by")
    came_from: str = line(N_("Came from"), merge=Merging.FIRST, column=None)


@functools.cache
def fields() -> Mapping[str, Field]:
    """All of them by name: what people are asked first, then what is noted besides."""
    every = {**fields_of(Brief), **fields_of(Details)}
    return dict(sorted(every.items(), key=lambda pair: not pair[1].asked))
