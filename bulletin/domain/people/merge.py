"""Merging: the same person twice in the list becomes one, and neither history is lost."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from bulletin.db import db
from bulletin.domain.site.refusals import NotAllowed

from .contacts import (
    BRIEF,
    DETAILS,
    LETTERS_MAX,
    LINE_MAX,
    NICKNAMES_MAX,
    NOTES_MAX,
    Consent,
    Contact,
    hold_before_all,
    merged_into_these,
    name_key,
    of_contacts,
)
from .refusals import Why


def merge(contact: Contact, other: Contact) -> None:
    """Take in another one who is the same person: their history is this one's, their row is empty from now on.

    Raises NotAllowed.
    """
    both = sorted((contact, other), key=lambda one: one.id)  # in one order: two who do this at once wait, once
    hold_before_all(contact.site_id)
    if other.id == contact.id or other.site_id != contact.site_id or any(one.held() is not one for one in both):
        raise NotAllowed(Why.NOT_TWO_PEOPLE)
    for record in of_contacts():
        for row in db.session.scalars(record.rows_of(other)):
            row.hand_over(contact)
    db.session.flush()
    _take_in(contact, other.brief, other.details, {one.id.hex for one in (*both, *merged_into_these(both))})
    other.merged_into, other.announced_on = contact.id, None
    other.brief, other.details = {**BRIEF}, {**DETAILS}
    contact.touch()
    for record in of_contacts():
        record.handed_over(contact)


def _take_in(contact: Contact, brief: Mapping[str, Any], details: Mapping[str, Any], ids: Collection[str]) -> None:
    """What was known of another one, who had one of these ids. Of two that differ, both are kept.

    What has no place where it belongs, the notes keep. Raises NotAllowed where they have none either.
    """
    mine, known = contact.brief, contact.details
    names = [*mine["nickname"].split(","), brief["name"], *brief["nickname"].split(",")]
    called: dict[str, str] = {}
    for name in filter(None, map(str.strip, names)):
        called.setdefault(name_key(name) or name, name)
    called.pop(name_key(mine["name"]), None)
    rest = [*called.values()][NICKNAMES_MAX:]
    fitting: Callable[..., str] = lambda name, *texts: _fitting(texts, LETTERS_MAX.get(name, LINE_MAX), rest)  # noqa: E731
    stays = {"gone": mine["gone"], "gone_on": mine["gone_on"]} if brief["gone"] else {"gone": "", "gone_on": ""}
    maybe = next((one for one in (mine["maybe"], brief["maybe"]) if one and one not in ids), "")
    number = brief["phone"] if mine["phone"] not in ("", brief["phone"]) else ""
    knows = next((one for one in (known, details) if one["consent"] == Consent.KNOWS), known)
    contact.brief = {
        **_filled(mine, brief),
        "title": fitting("title", mine["title"], brief["title"]),
        "nickname": fitting("nickname", *[*called.values()][:NICKNAMES_MAX]),
        **{**stays, "maybe": maybe},
    }
    contact.details = {
        **_filled(known, details),
        **{name: fitting(name, known[name], details[name]) for name in ("languages", "known_by")},
        "reach": fitting("reach", known["reach"], details["reach"], number),
        **{name: knows[name] for name in ("consent", "consent_on")},
    }
    notes = "\n\n".join(dict.fromkeys(filter(None, (known["notes"], details["notes"], ", ".join(rest)))))
    if len(notes) > NOTES_MAX:
        raise NotAllowed(Why.NOTES_TOO_LONG)
    contact.details = {**contact.details, "notes": notes}


def _filled(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value if value not in ("", None) else theirs[key] for key, value in mine.items()}


def _fitting(texts: Iterable[str], most: int, rest: list[str]) -> str:
    """All that fit on a line of so many letters; the others go to the rest."""
    line = ""
    for text in dict.fromkeys(filter(None, texts)):
        longer = f"{line}, {text}" if line else text
        if len(longer) > most:
            rest.append(text)
        else:
            line = longer
    return line
