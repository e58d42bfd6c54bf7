"""Everything we hold about one person, in plain words: for the page, and as a text to give to them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from bulletin.domain.actions.actions import Action
from bulletin.domain.actions.turnouts import Part, Turnout
from bulletin.domain.people import phone_numbers
from bulletin.domain.people.contacts import Consent, Contact, Details, Gone, fields
from bulletin.domain.people.conversations import Conversation, Earlier, Entry, Said
from bulletin.domain.people.follow_ups import FollowUp, Plan
from bulletin.domain.people.imports.records import Import
from bulletin.domain.people.units import UnitNames
from bulletin.domain.site.accounts.members import Membership
from bulletin.vault.shapes import Field, Shape, fields_of
from bulletin.web.shared.formats import begins, day, listed, moment
from bulletin.web.shared.labels import action_name, stand_name, struggle_name
from bulletin.web.shared.turnout_words import turnout_words

from .contact_status import maybe_same
from .labels import IMPORTED_FROM

Words = Callable[[Any], str]


@dataclasses.dataclass(frozen=True)
class Section:
    """One thing that is held: what it is, and its fields by name."""

    name: str
    rows: list[tuple[str, str]]


def about(me: Membership, contact: Contact) -> list[Section]:
    """All of it; what is empty, too: that we do not know something is also worth knowing."""
    zone = me.site.time_zone
    talks, due, asked = Conversation.all_of(contact), FollowUp.all_of(contact), Turnout.of_contact(contact)
    return [
        Section(str(_("Who they are")), _person(me, contact)),
        *(Section(str(_("A talk on %(day)s", day=day(one.day))), _talk(one, zone)) for one in talks),
        *(Section(str(_("To go back to them")), _follow_up(one, zone)) for one in due),
        *(Section(str(_("Asked to take part")), _part(one, action, zone)) for one, action in asked),
    ]


def as_text(sections: list[Section]) -> str:
    """The same as a text."""
    parts = (
        "\n".join((section.name, "-" * len(section.name), *(f"{name}: {said or '–'}" for name, said in section.rows)))
        for section in sections
    )
    return "\n\n".join(parts) + "\n"


def known(details: Details) -> list[tuple[str, str]]:
    """What was written of somebody, for their page: the labels, and what each says."""
    written = (one for one in fields_of(Details).values() if one.asked and one.kind.name == "text")
    return [(_(one.label), getattr(details, one.name)) for one in written]


def _person(me: Membership, contact: Contact) -> list[tuple[str, str]]:
    units, other = UnitNames(me.site_id), maybe_same(contact)
    gone = {None: _("no"), Gone.LEFT: _("left the job"), Gone.MOVED: _("moved elsewhere")}
    words: dict[str, Words] = {
        "department": lambda one: units.departments.get(one, ""),
        "shift": lambda one: units.shifts.get(one, ""),
        "phone": lambda one: phone_numbers.shown(one, me.site.country) if one else "",
        "consent": lambda one: _("yes") if one == Consent.KNOWS else _("not yet"),
        "stand": stand_name,
        "gone": lambda one: gone.get(one, one),
        "maybe": lambda _one: other.name if other else "",
        "came_from": lambda one: _came_from(one, contact, me.site.time_zone),
    }
    return [
        *_rows(fields(), (contact.brief, contact.details), me.site.time_zone, words),
        (_("Last touched"), day(contact.touched_on)),
        (_("Will be removed, as untouched"), day(contact.removed_on) if contact.removed_on else _("no")),
        (_("Saved so many times"), str(contact.version)),
    ]


def _came_from(source: str, contact: Contact, zone: str) -> str:
    return "; ".join(map(str, filter(None, (IMPORTED_FROM.get(source, source), *_imports(contact, zone)))))


def _imports(contact: Contact, zone: str) -> list[str]:
    """Those that brought them and can still be undone."""
    return [
        _("taken in by %(who)s, %(when)s", who=one.what.by, when=moment(one.made_at, zone))
        for one in Import.at(contact.site_id)
        if contact.id.hex in one.what.contacts
    ]


def _talk(talk: Conversation, zone: str) -> list[tuple[str, str]]:
    noted = fields_of(Entry)
    if talk.said is None:
        return _rows(noted, (talk.entry,), zone)
    rows = _rows({name: one for name, one in noted.items() if name != "withdrawn_by"}, (talk.entry,), zone)
    rows += _said(talk.said, zone)
    for before in talk.earlier:
        rows += _rows(fields_of(Earlier), (before,), zone)
        rows += [(_("before that: %(name)s", name=name), said) for name, said in _said(before.said, zone)]
    return rows


def _said(said: Said, zone: str) -> list[tuple[str, str]]:
    stood: Words = lambda stand: _("left open") if stand is None else stand_name(stand)  # noqa: E731
    return _rows(fields_of(Said), (said,), zone, {"stand": stood})


def _follow_up(one: FollowUp, zone: str) -> list[tuple[str, str]]:
    done = listed((day(one.done_on), one.what.ended_by)) if one.done_on else _("not yet")
    whose: Words = lambda handle: handle or _("nobody’s")  # noqa: E731
    return [*_rows(fields_of(Plan), (one.what,), zone, {"whose": whose}), (_("Done"), done)]


def _part(one: Turnout, action: Action, zone: str) -> list[tuple[str, str]]:
    said = turnout_words(action.plan.form)
    return [
        (_("What"), action_name(action)),
        (_("When"), begins(action, zone)),
        *_rows(fields_of(Part), (one.how,), zone, labels={"committed": said.promised, "came": said.column}),
    ]


def _rows(
    known: Mapping[str, Field],
    values: Sequence[Shape],
    zone: str,
    words: Mapping[str, Words] | None = None,
    labels: Mapping[str, Any] | None = None,
) -> list[tuple[str, str]]:
    """What some shapes say, by the labels of these fields, or by `labels`.

    `words`: of a field, where its kind does not say enough.
    """
    said = {name: getattr(value, name) for value in values for name in fields_of(type(value))}
    since = {one.of: one for one in known.values() if one.of}
    rows = []
    for name, one in known.items():
        if one.label:
            show = (words or {}).get(name) or (lambda value, kind=one.kind.name: _in_words(kind, value, zone))
            when = since.get(name)
            told = [show(said[name]), _in_words(when.kind.name, said[when.name], zone) if when else ""]
            label = str((labels or {}).get(name) or _(one.label))
            rows.append((label, listed([told[0], told[1]]) if told[1] else told[0]))
    # What a newer release has noted is held too, whatever it calls it.
    return rows + [(key.replace("_", " "), str(one)) for value in values for key, one in value.unknown]


def _in_words(kind: str, value: Any, zone: str) -> str:
    """What is said of most values of a kind."""
    match kind:
        case "day":
            return _on(value)
        case "moment":
            return _at(value, zone) if value else ""
        case "flag":
            return str(_("yes") if value else _("no"))
        case "Struggles":
            return listed(map(struggle_name, value))
    return "" if value is None else str(value)


def _on(iso: str) -> str:
    return day(date.fromisoformat(iso)) if iso else ""


def _at(iso: str, zone: str) -> str:
    return moment(datetime.fromisoformat(iso), zone)
