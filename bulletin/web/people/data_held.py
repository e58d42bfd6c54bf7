"""Everything we hold about one person, in plain words: for the page, and as a text to give to them."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from bulletin.domain.actions.actions import Action
from bulletin.domain.actions.turnouts import Turnout
from bulletin.domain.people import phone_numbers
from bulletin.domain.people.contacts import Consent, Contact, Gone
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.people.follow_ups import FollowUp
from bulletin.domain.people.imports.records import Import
from bulletin.domain.people.units import UnitNames
from bulletin.domain.site.members import Membership
from bulletin.web.shared.formats import day, listed, moment
from bulletin.web.shared.labels import action_name, stand_name, struggle_name

from .contact_status import maybe_same

FROM = {"cards": _l("a phone’s address book"), "list": _l("a list")}  # as imports call them


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


def _person(me: Membership, contact: Contact) -> list[tuple[str, str]]:
    brief, details, units = contact.brief, contact.details, UnitNames(me.site_id)
    other = maybe_same(contact)
    gone = {"": _("no"), Gone.LEFT.value: _("left the job"), Gone.MOVED.value: _("moved to another site")}
    knows = details["consent"] == Consent.KNOWS.value
    return [
        (_("Name"), brief["name"]),
        (_("Nickname"), brief["nickname"]),
        (_("What they do"), brief["title"]),
        (_("Department"), units.departments.get(brief["department"], "")),
        (_("Shift"), units.shifts.get(brief["shift"], "")),
        (_("Telephone"), phone_numbers.shown(brief["phone"], me.site.country) if brief["phone"] else ""),
        (_("Other ways to reach them"), details["reach"]),
        (_("Languages"), details["languages"]),
        (_("Who knows them"), details["known_by"]),
        (_("Notes"), details["notes"]),
        (
            _("Knows that they are in this list"),
            _since(_("yes") if knows else _("not yet"), _on(details["consent_on"])),
        ),
        (_("Where they stand"), _since(stand_name(brief["stand"]), _on(brief["stood_on"]))),
        (_("Last talk"), _on(brief["talked_on"])),
        (_("Gone"), _since(gone[brief["gone"]], _on(brief["gone_on"]))),
        (_("May be the same as"), other.name if other else ""),
        (_("Added by"), _since(details["added_by"], _on(details["added_on"]))),
        (
            _("Came from"),
            "; ".join(
                map(
                    str,
                    filter(
                        None,
                        (FROM.get(details["came_from"], details["came_from"]), *_imports(contact, me.site.time_zone)),
                    ),
                )
            ),
        ),
        (_("Last touched"), day(contact.touched_on)),
        (_("Will be removed, as untouched"), day(contact.removed_on) if contact.removed_on else _("no")),
        (_("Saved so many times"), str(contact.version)),
    ]


def _imports(contact: Contact, zone: str) -> list[str]:
    """Those that brought them and can still be undone."""
    return [
        _("taken in by %(who)s, %(when)s", who=one.what["by"], when=moment(one.made_at, zone))
        for one in Import.at(contact.site_id)
        if contact.id.hex in dict(one.what["contacts"])
    ]


def _talk(talk: Conversation, zone: str) -> list[tuple[str, str]]:
    entry = talk.entry
    rows = [(_("Noted by"), _since(entry["by"], _at(entry["at"], zone)))]
    if talk.said is None:
        return [*rows, (_("Withdrawn by"), _since(entry["withdrawn_by"], _at(entry["withdrawn_at"], zone)))]
    rows += _said(talk.said)
    for before in talk.earlier:
        rows.append((_("Corrected by"), _since(before["by"], _at(before["at"], zone))))
        rows += [(_("before that: %(name)s", name=name), said) for name, said in _said(before["said"])]
    return rows


def _said(said: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (_("Where they stood"), stand_name(said["stand"]) if said["stand"] is not None else _("left open")),
        (_("What came up"), listed(struggle_name(one) for one in said["struggles"])),
        (_("Note"), said["note"]),
        (_("What we asked"), said["ask"]),
        (_("What they said they will do"), said["commitment"]),
    ]


def _follow_up(one: FollowUp, zone: str) -> list[tuple[str, str]]:
    what = one.what
    done = _since(day(one.done_on), what["ended_by"]) if one.done_on else _("not yet")
    return [
        (_("Day"), _on(what["on"])),
        (_("Reason"), what["reason"]),
        (_("Whose it is"), what["whose"] or _("nobody’s")),
        (_("Noted by"), _since(what["by"], _at(what["at"], zone))),
        (_("Done"), done),
    ]


def _part(one: Turnout, action: Action, zone: str) -> list[tuple[str, str]]:
    return [
        (_("What"), action_name(action)),
        (_("When"), moment(action.start, zone)),
        (_("Said that they would come"), _("yes") if one.committed else _("no")),
        (_("Came"), _("yes") if one.came else _("no")),
        (_("Noted by"), one.how["by"]),
    ]


def _on(iso: str) -> str:
    return day(date.fromisoformat(iso)) if iso else ""


def _since(what: Any, when: str) -> str:
    return listed(filter(None, (what, when)))


def _at(iso: str, zone: str) -> str:
    return moment(datetime.fromisoformat(iso), zone)
