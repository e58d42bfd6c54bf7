"""Names from a phone or a list: nothing is kept that was not ticked.

Between the file and the ticks what was read stands on the page alone, and is looked at anew when it comes back.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse
from wtforms import FileField, SelectField

from bulletin.db import db
from bulletin.domain.people import phone_numbers
from bulletin.domain.people.imports import csv_lists, files
from bulletin.domain.people.imports.entries import ENTRIES_MAX, ImportEntry
from bulletin.domain.people.imports.files import FILE_MAX, NoAddressBook
from bulletin.domain.people.imports.records import AlreadyHere, Import, maybe_there
from bulletin.domain.people.refusals import NoBook
from bulletin.domain.people.search import everybody
from bulletin.domain.people.units import Department, Shift
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.members import Membership
from bulletin.web.guard import identity, one_at_a_time
from bulletin.web.shared.formats import listed
from bulletin.web.shared.forms import PlainForm, form_id, unix_lines
from bulletin.web.shared.refused import refusals
from bulletin.web.shared.rendering import render
from bulletin.web.shared.sentences import say

from . import import_report
from .labels import ROLES

pages = Blueprint("imports", __name__, url_prefix="/sites/<uuid:site_id>/imports")

TEXT_MAX = 1_000_000  # letters of a list whose columns are asked for
SOURCES = ("cards", "list")


class FileForm(PlainForm):
    """An address book."""

    file = FileField(_l("The file"))


class PeopleForm(PlainForm):
    """Who of them, and where they all work."""

    page_order = ("take", "department", "shift")
    take = FileField(_l("Who is it?"))  # only for what is said of the ticks
    department = SelectField(_l("Department of all you tick"), validate_choice=False)
    shift = SelectField(_l("Shift of all you tick"), validate_choice=False)

    def offer(self, site_id: uuid.UUID) -> None:
        """The site's departments and shifts; what is none of them is none."""
        for field, units in ((self.department, Department.at(site_id)), (self.shift, Shift.at(site_id))):
            field.choices = [("", _("Not said")), *((unit.id.hex, unit.name) for unit in units)]
            if field.data not in dict(field.choices):
                field.data = ""


@pages.get("/new")
def new(site_id: uuid.UUID) -> Response:
    """How to get them out of a phone, a place for the file, and what was taken in today."""
    return _new(identity.open_site(site_id), FileForm())


@pages.post("/readings")
def read(site_id: uuid.UUID) -> AnyResponse:
    """Read a file, or a list once more with what its columns are; keep nothing."""
    identity.open_site(site_id)
    db.session.commit()  # nobody waits for the database while others' files are read
    with one_at_a_time.gate.turn(known=True):
        return _read(identity.open_site(site_id))


def _read(me: Membership) -> AnyResponse:
    site_id, form = me.site_id, FileForm()
    try:
        text = request.form.get("text")
        data = text.encode("utf-8", "replace") if text is not None else _file()
    except RequestEntityTooLarge:
        form.complain(form.file, say(NoAddressBook(NoBook.TOO_BIG, mb=FILE_MAX >> 20)))
        return _new(me, form, 413)
    country, roles, headed = me.site.country, _roles() if text is not None else None, _headed()
    if roles is not None and not {"name", "given", "family", "nickname"} & set(roles):
        sentence = _("Say which column has the name.")
        return _columns(me, str(text), roles, sentence)
    db.session.commit()  # nobody waits for the database while a file is read
    try:
        book = files.read(data, country, roles, headed=headed)
    except NoAddressBook as reason:
        form.complain(form.file, say(reason))
        return _new(identity.open_site(site_id), form, 422)
    me = identity.open_site(site_id)
    if book.columns or (text is None and book.rows and request.form.get("by_hand") == "yes"):
        text = files.text_of(data)
        if len(text) <= TEXT_MAX:
            return _columns(me, text)
        sentence = _("Write into its first row what the columns are: Name, Phone, Email. Then choose it again.")
        form.complain(form.file, sentence)
        return _new(me, form, 422)
    if not book.entries:
        sentence = _("Nobody can be read from this file.")
        form.complain(form.file, " ".join([str(sentence), *import_report.told(book)]))
        return _new(me, form, 422)
    return _list(me, book.entries, "list" if book.rows else "cards", told=import_report.told(book))


@pages.post("")
def create(site_id: uuid.UUID) -> AnyResponse:
    """Take in those who are ticked."""
    identity.open_site(site_id)
    db.session.commit()
    with one_at_a_time.gate.turn(known=True):
        return _create(identity.open_site(site_id))


def _create(me: Membership) -> AnyResponse:
    site_id, sent = me.site_id, form_id()
    if Import.of(site_id, sent) is not None:  # sent twice
        return redirect(url_for(".show", site_id=site_id, import_id=sent), 303)
    try:
        entries, ticked = _sent()
    except (ValueError, RecursionError):
        form = FileForm()
        form.complain(form.file, _("The page with the names came back broken: choose the file again."))
        return _new(me, form, 422)
    people = PeopleForm(request.form)
    people.offer(site_id)
    source = SOURCES[request.form.get("source") == "list"]
    if not ticked:
        people.complain(people.take, _("Tick who is to be kept."))
        return _list(me, entries, source, people, ticked, 422)
    taken = [entries[index] for index in sorted(ticked)]
    with one_at_a_time.reading():
        maybe = maybe_there(site_id, taken)
    me = identity.open_site(site_id)

    def refuse(why: str) -> Response:
        me = identity.open_site(site_id)
        return _list(me, entries, source, people.complain(people.take, why), ticked, 422)

    with refusals(refuse):
        made = Import.take_in(
            site_id,
            taken,
            maybe=maybe,
            by=me.member.handle,
            source=source,
            department=people.department.data,
            shift=people.shift.data,
            form_id=sent,
        )
    Event.note(me.site, Deed.CONTACTS_IMPORTED, by=me.member.handle, whom=str(made.count))
    db.session.commit()
    return redirect(url_for(".show", site_id=site_id, import_id=sent), 303)


@pages.get("/<uuid:import_id>")
def show(site_id: uuid.UUID, import_id: uuid.UUID) -> str:
    """How many came in, and the way back."""
    me = identity.open_site(site_id)
    return render_template("people/imports/show.html", site=me.site, taken=_import(site_id, import_id))


@pages.post("/<uuid:import_id>/undoing")
def undo(site_id: uuid.UUID, import_id: uuid.UUID) -> str:
    """Delete those whom nobody has touched since."""
    me = identity.open_site(site_id)
    removed, stayed = _import(site_id, import_id).undo()
    Event.note(me.site, Deed.IMPORT_UNDONE, by=me.member.handle, whom=str(removed))
    identity.commit_and_forget()
    return render_template("people/imports/undone.html", site=me.site, removed=removed, stayed=stayed)


def _import(site_id: uuid.UUID, import_id: uuid.UUID) -> Import:
    return Import.of(site_id, import_id) or abort(404)


def _file() -> bytes:
    file = request.files.get("file")
    return file.read(FILE_MAX + 1) if file else b""


def _roles() -> list[str]:
    """What somebody says the columns are."""
    typed = [request.form.get(f"column-{index}", "") for index in range(csv_lists.COLUMNS_MAX)]
    return [role if role in ROLES else "" for role in typed]


def _headed() -> bool:
    return request.form.get("headed", "yes") == "yes"


def _sent() -> tuple[list[ImportEntry], set[int]]:
    """What was on the page, and which of it is ticked. Raises ValueError, RecursionError."""
    packed = json.loads(request.form.get("people", ""))
    if not isinstance(packed, list) or not 0 < len(packed) <= ENTRIES_MAX:
        raise ValueError("no list")
    ticked = {int(one) for one in request.form.getlist("take") if one.isdecimal() and len(one) < 6}
    return [ImportEntry.unpacked(one) for one in packed], {one for one in ticked if one < len(packed)}


def _new(me: Membership, form: FileForm, status: int = 200) -> Response:
    recent = Import.at(me.site_id)
    return render("people/imports/new.html", status, site=me.site, form=form, recent=recent, most=import_report.most())


def _columns(me: Membership, text: str, roles: Sequence[str] = (), problem: str = "") -> Response:
    """The page that asks which column is which."""
    rows = csv_lists.beginning(unix_lines(text))
    count = max(map(len, rows), default=0)
    columns = [
        {"values": [row[at].strip()[:60] for row in rows if row[at : at + 1] and row[at].strip()], "at": at}
        for at in range(count)
    ]
    return render(
        "people/imports/columns.html",
        422 if problem else 200,
        site=me.site,
        columns=[column for column in columns if column["values"]],
        chosen=dict(enumerate(roles)),
        headed=_headed(),
        roles=ROLES,
        text=text,
        problem=problem,
    )


def _list(
    me: Membership,
    entries: Sequence[ImportEntry],
    source: str,
    form: PeopleForm | None = None,
    ticked: set[int] = frozenset(),  # type: ignore[assignment]
    status: int = 200,
    told: Sequence[str] = (),
) -> Response:
    """The page with all that was read, and nothing ticked."""
    if form is None:
        form = PeopleForm()
        form.offer(me.site_id)
    with one_at_a_time.reading():
        here, country = AlreadyHere(everybody(me.site_id)), me.site.country
        rows: list[dict[str, Any]] = [
            {
                "name": entry.name,
                "about": " · ".join(filter(None, (entry.nickname, entry.title, entry.organisation))),
                "reach": phone_numbers.shown(entry.phone, country) if entry.phone else entry.reach,
                "like": listed(one.name for one in here.like(entry)[:3]),
            }
            for entry in entries
        ]
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
    )
