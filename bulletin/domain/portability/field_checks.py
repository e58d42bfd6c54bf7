"""What the fields of a site's rows look like: asked of a file from elsewhere before anything in it is believed."""

from __future__ import annotations

import enum
import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, Date, Integer, String, Uuid
from sqlalchemy.types import TypeEngine

from bulletin.db import Moment, now
from bulletin.domain.actions.actions import FormOfAction, Motion
from bulletin.domain.actions.escalation_plan import Met
from bulletin.domain.papers.bulletins import State
from bulletin.domain.people.contacts import NAME_MAX, Consent, Gone, Stand
from bulletin.domain.people.conversations import TEXT_MAX
from bulletin.domain.site.events import Deed
from bulletin.domain.site.struggles import Struggle

Check = Callable[[Any], bool]

YEARS = range(1900, 2200)  # with others a time zone may lead out of what Python can count
LAST_YEAR = YEARS.stop - 1  # of a day, which has no zone: a month is added to some
WHOLE_MAX = 2**31 - 1
VERSION_MAX = 10**6  # there is room to count on from it
CLOCKS_DIFFER = timedelta(days=1)
JOINED_MAX, NOTES_JOINED_MAX = 4_000, 400_000  # letters of a contact who was merged with others, again and again
PHONE_MAX = 40
PAPERS = ("a4", "letter")
_HEX = re.compile(r"[0-9a-f]{32}")
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


# Simple ones.


def some_text(value: Any) -> bool:
    """Any text."""
    return isinstance(value, str)


def text_to(most: int) -> Check:
    """A text of at most so many letters."""
    return lambda value: isinstance(value, str) and len(value) <= most


def truth(value: Any) -> bool:
    """Yes or no."""
    return isinstance(value, bool)


def whole(value: Any) -> bool:
    """A number of things."""
    return type(value) is int and 0 <= value <= WHOLE_MAX


def hex_id(value: Any) -> bool:
    """The id of a row, as sealed fields write it."""
    return isinstance(value, str) and _HEX.fullmatch(value) is not None


def day(value: Any) -> bool:
    """An ISO day."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).year <= LAST_YEAR
    except ValueError:
        return False


def moment(value: Any) -> bool:
    """An ISO moment with its zone."""
    try:
        read = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return False
    return read is not None and read.tzinfo is not None and read.year in YEARS


def past(value: Any) -> bool:
    """A moment that is over."""
    return moment(value) and datetime.fromisoformat(value) <= now() + CLOCKS_DIFFER


def clock(value: Any) -> bool:
    """A time of the day."""
    return isinstance(value, str) and _CLOCK.fullmatch(value) is not None


def one_of(kind: Iterable[Any]) -> Check:
    """A value of these."""
    values = [one.value if isinstance(one, enum.Enum) else one for one in kind]
    return lambda value: type(value) in (str, int) and value in values


def empty_or(check: Check) -> Check:
    """This, or an empty text."""
    return lambda value: value == "" or check(value)


def none_or(check: Check) -> Check:
    """This, or nothing."""
    return lambda value: value is None or check(value)


def several(check: Check) -> Check:
    """A list of these."""
    return lambda value: isinstance(value, list) and all(map(check, value))


def by_text(check: Check) -> Check:
    """These, by some text."""
    return lambda value: isinstance(value, dict) and all(map(check, value.values()))


def fields(more: Mapping[str, Check] | None = None, /, **known: Check) -> Check:
    """At least these; what a later program adds does no harm. `more`: those whose names Python has taken."""
    known |= more or {}
    return lambda value: isinstance(value, dict) and all(key in value and ok(value[key]) for key, ok in known.items())


def _texts(names: str, most: int = WHOLE_MAX) -> dict[str, Check]:
    return dict.fromkeys(names.split(), text_to(most))


_SAID = fields(
    struggles=several(one_of(Struggle)), stand=none_or(one_of(Stand)), **_texts("note ask commitment", TEXT_MAX)
)
_BODY = fields(**_texts("name title text question by"), since=moment, at=moment)
_UNIT = {"department": empty_or(hex_id), "shift": empty_or(hex_id)}


def _three(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 3 and all(map(whole, value))


def _two_sides(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(several(hex_id), value))


def _days_of_the_week(value: Any) -> bool:
    return isinstance(value, list) and all(whole(one) and one < 7 for one in value)


def _was(value: Any) -> bool:
    """Where a deleted article stood, if it is one."""
    place = value.get("was", [1, 0])
    return isinstance(place, list) and len(place) == 2 and place[0] in (1, 2) and none_or(whole)(place[1])


# By table and field.

SEALED: Mapping[str, Mapping[str, Check]] = {
    "action": {
        "plan": fields(
            **_texts("title place demand by"),
            form=one_of(FormOfAction),
            start=moment,
            end=moment,
            struggles=several(one_of(Struggle)),
            test=truth,
            after=empty_or(hex_id),
        ),
        "outcome": none_or(
            fields(
                **_texts("words next by"),
                others=whole,
                collected=none_or(whole),
                spent=none_or(whole),
                motion=empty_or(one_of(Motion)),
            )
        ),
        "lesson": none_or(fields(**_texts("tried happened again by"))),
        "sums": by_text(_three),
    },
    "article": {"body": lambda value: _BODY(value) and _was(value)},
    "bulletin": {"order": _two_sides, "agreed": none_or(fields(digest=some_text, at=moment, by=several(some_text)))},
    "contact": {
        "brief": fields(
            name=text_to(NAME_MAX),
            phone=text_to(PHONE_MAX),
            **_texts("nickname title", JOINED_MAX),
            **_UNIT,
            stand=none_or(one_of(Stand)),
            stood_on=empty_or(day),
            talked_on=empty_or(day),
            gone=empty_or(one_of(Gone)),
            gone_on=empty_or(day),
            maybe=empty_or(hex_id),
        ),
        "details": fields(
            **_texts("languages reach known_by added_by came_from", JOINED_MAX),
            notes=text_to(NOTES_JOINED_MAX),
            consent=one_of(Consent),
            consent_on=empty_or(day),
            added_on=empty_or(day),
        ),
    },
    "conversation": {
        "said": none_or(_SAID),
        "entry": fields(**_texts("by withdrawn_by"), at=moment, withdrawn_at=empty_or(moment)),
        "earlier": several(fields(said=_SAID, by=some_text, at=moment)),
    },
    "correction": {"what": fields(**_texts("by before after"), at=moment)},
    "department": {"name": some_text, "headcounts": by_text(whole)},
    "distribution": {
        "what": fields(**_texts("place by"), start=moment, end=moment),
        "went": none_or(fields(**_texts("words by"), copies=whole)),
        "tickets": several(fields(**_texts("id letters by"), paper=one_of(PAPERS))),
    },
    "event": {"what": fields(**_texts("by whom"), deed=one_of(Deed), at=past)},
    "follow_up": {"what": fields(**_texts("reason whose by ended_by"), on=day, at=moment)},
    "picture": {"about": fields(**_texts("name alt kind by"), agreed=truth), "data": some_text},
    "printing": {
        "about": fields(**_texts("by digest"), paper=one_of(PAPERS), copies=whole, at=moment),
        "pdf": some_text,
    },
    "shift": {
        "name": some_text,
        "times": fields(
            days=_days_of_the_week, start=empty_or(clock), end=empty_or(clock), language=text_to(JOINED_MAX)
        ),
    },
    "step": {
        "what": fields(
            **_texts("action test threshold met_by by"),
            on=day,
            at=moment,
            action_id=empty_or(hex_id),
            met=one_of(Met),
        )
    },
    "turnout": {"how": fields(**_UNIT, by=some_text, committed=truth, came=truth)},
    "version": {"body": _BODY},
    "voice": {"said": fields(**_texts("member by digest reason"), agrees=truth, at=moment)},
}
_STATES = {one.value for one in State}


def read_clear(table: str, column: str, type_: TypeEngine[Any], nullable: bool, value: Any) -> Any:
    """A value that the database can read, from JSON; ValueError where it cannot be one."""
    if value is None:
        if nullable:
            return None
        raise ValueError("something is missing")
    if isinstance(type_, Moment) and moment(value):
        return datetime.fromisoformat(value)
    if isinstance(type_, Uuid) and isinstance(value, str):
        return uuid.UUID(value)
    if isinstance(type_, Date) and day(value):
        return date.fromisoformat(value)
    if isinstance(type_, Boolean) and truth(value):
        return value
    if isinstance(type_, Integer) and whole(value) and value <= VERSION_MAX:
        return value
    if (
        isinstance(type_, String)
        and some_text(value)
        and len(value) <= (type_.length or WHOLE_MAX)
        and value.isprintable()
    ):
        if (table, column) == ("bulletin", "state") and value not in _STATES:
            raise ValueError("no state of a bulletin")
        return value
    raise ValueError("of another kind")
