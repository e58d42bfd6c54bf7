"""What is shown between a file of people and the ticks: which column is which, and who is in it."""

from __future__ import annotations

import base64
import binascii
import collections
import dataclasses
import json
import uuid
from collections.abc import Collection, Sequence
from typing import Any, Self

from flask import Response, request
from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import FileField, SelectField

from bulletin.domain.people import phone_numbers
from bulletin.domain.people.contacts import name_key
from bulletin.domain.people.imports import csv_lists, files
from bulletin.domain.people.imports.csv_heads import propose
from bulletin.domain.people.imports.entries import ImportEntry
from bulletin.domain.people.imports.named_units import NamedUnits
from bulletin.domain.people.imports.records import AlreadyHere
from bulletin.domain.people.search import Listed, everybody
from bulletin.domain.people.units import Department, Shift
from bulletin.domain.site.accounts.members import Membership
from bulletin.web.guard import one_at_a_time
from bulletin.web.people.labels import CODINGS, ROLES
from bulletin.web.shared.formats import listed
from bulletin.web.shared.forms import PlainForm, TicksField, options
from bulletin.web.shared.rendering import render

LIKE_SHOWN = 3  # of those who may be somebody in the file
TEXT_MAX = 1_000_000  # bytes of a list whose columns are asked for: it goes from page to page


@dataclasses.dataclass
class SentList:
    """A file as it came; or a list that comes back from a page of ours, with what somebody said of it."""

    data: bytes
    coding: str = ""  # chosen, or guessed; empty for Unicode
    roles: list[str] | None = None  # of its columns; None where nobody said
    headed: bool = True

    @classmethod
    def of_request(cls) -> Self | None:
        """The list that came back; None where a file is sent."""
        packed = request.form.get("list")
        if packed is None:
            return None
        try:
            data = base64.b64decode(packed, validate=True)
        except (binascii.Error, ValueError):
            data = b""
        said = request.form.get("said") == "yes"
        typed = [request.form.get(f"column-{index}", "") for index in range(csv_lists.COLUMNS_MAX)]
        roles = [role if role in ROLES else "" for role in typed] if said else None
        return cls(data, request.form.get("coding", ""), roles, request.form.get("headed", "yes") == "yes")

    @property
    def packed(self) -> str:
        """As a page carries it."""
        return base64.b64encode(self.data).decode()


class PeopleForm(PlainForm):
    """Who of them, and where they all work."""

    page_order = ("take", "put_on_map", "department", "shift")
    take = FileField(_l("Who is it?"))  # only for what is said of the ticks
    put_on_map = TicksField(_l("Not on the map yet"), choices=options({"yes": _l("Put them on the map")}))
    department = SelectField(_l("Department of all you tick"), validate_choice=False)
    shift = SelectField(_l("Shift of all you tick"), validate_choice=False)

    def offer(self, site_id: uuid.UUID) -> None:
        """The site's departments and shifts; what is none of them is none."""
        for field, units in ((self.department, Department.at(site_id)), (self.shift, Shift.at(site_id))):
            field.choices = [("", _("Not said")), *((unit.id.hex, unit.name) for unit in units)]
            if field.data not in dict(field.choices):
                field.data = ""


def columns(me: Membership, sent: SentList, problem: str = "") -> Response:
    """The page that asks which column is which."""
    text, coding = files.decoded(sent.data, me.site.language, sent.coding)
    rows = csv_lists.beginning(text)
    roles, headed = propose(rows) if sent.roles is None and rows else (sent.roles or [], sent.headed)
    asked = [
        {"values": [row[at].strip()[:60] for row in rows if row[at : at + 1] and row[at].strip()], "at": at}
        for at in range(max(map(len, rows), default=0))
    ]
    return render(
        "people/imports/columns.html",
        422 if problem else 200,
        site=me.site,
        columns=[column for column in asked if column["values"]],
        chosen=dict(enumerate(roles)),
        headed=headed,
        roles=ROLES,
        sent=sent,
        coding=coding,
        codings=CODINGS,
        problem=problem,
    )


def people(
    me: Membership,
    entries: Sequence[ImportEntry],
    source: str,
    form: PeopleForm | None = None,
    ticked: Collection[int] = (),
    status: int = 200,
    told: Sequence[str] = (),
    sent: SentList | None = None,
) -> Response:
    """The page with all that was read, and nothing ticked."""
    if form is None:
        form = PeopleForm(data={"put_on_map": ["yes"]})
        form.offer(me.site_id)
    with one_at_a_time.reading():
        here, missing = AlreadyHere(everybody(me.site_id)), NamedUnits(me.site_id).missing(entries)
        namesakes = collections.Counter(name_key(entry.name) for entry in entries)
        rows = []
        for entry in entries:
            like = here.like(entry)[:LIKE_SHOWN]
            namesake = namesakes[name_key(entry.name)] > 1 and source == "list"
            about = {"like": listed(one.name for one in like), "same": _same(entry, like, me), "namesake": namesake}
            rows.append(_row(entry, me.site.country) | about)
    packed = json.dumps([entry.packed() for entry in entries], ensure_ascii=False, separators=(",", ":"))
    return render(
        "people/imports/list.html",
        status,
        site=me.site,
        rows=rows,
        packed=packed,
        source=source,
        form=form,
        ticked=ticked,
        told=told,
        sent=sent or SentList.of_request(),
        codings=CODINGS,
        missing=listed(name for _kind, name in missing),
        own_units=any(entry.department or entry.shift for entry in entries),
    )


def _same(entry: ImportEntry, like: Sequence[Listed], me: Membership) -> list[tuple[str, str, str]]:
    """Who of those can be given a number from here: their ids, their names, and the number that they have."""
    country = me.site.country
    return [
        (one.id.hex, one.name, phone_numbers.shown(one.brief.phone, country) if one.brief.phone else "")
        for one in like
        if entry.phones and entry.phone != one.brief.phone
    ]


def _row(entry: ImportEntry, country: str) -> dict[str, Any]:
    about = (entry.nickname, entry.title, entry.organisation, entry.department, entry.shift)
    return {
        "name": entry.name,
        "about": " · ".join(filter(None, about)),
        "reach": phone_numbers.shown(entry.phone, country) if entry.phone else entry.reach,
    }
