"""Names from a phone or a list: nothing is kept that was not ticked.

Between the file and the ticks what was read stands on the page alone, and is looked at anew when it comes back.
"""

from __future__ import annotations

import json
import re
import uuid

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse
from wtforms import FileField

from bulletin.db import db
from bulletin.domain.people.imports import files
from bulletin.domain.people.imports.csv_heads import NAMES
from bulletin.domain.people.imports.entries import ENTRIES_MAX, ImportEntry
from bulletin.domain.people.imports.files import FILE_MAX, NoAddressBook
from bulletin.domain.people.imports.records import Import, maybe_there
from bulletin.domain.people.refusals import NoBook
from bulletin.domain.site import departures
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.events import Deed, Event
from bulletin.web.guard import identity, one_at_a_time
from bulletin.web.shared.forms import PlainForm
from bulletin.web.shared.refused import refusals
from bulletin.web.shared.rendering import render
from bulletin.web.shared.sent_forms import form_id
from bulletin.web.shared.sentences import say

from . import pages as import_pages, report as import_report
from .pages import TEXT_MAX, PeopleForm, SentList

pages = Blueprint("imports", __name__, url_prefix="/sites/<uuid:site_id>/imports")

SOURCES = ("cards", "list")
SAME = re.compile(r"([0-9]{1,5}) ([0-9a-f]{32})")  # the number of an entry, and the id of whom it is


class FileForm(PlainForm):
    """An address book."""

    file = FileField(_l("The file"))


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
        sent = SentList.of_request() or SentList(_file())
    except RequestEntityTooLarge:
        form.complain(form.file, say(NoAddressBook(NoBook.TOO_BIG, mb=FILE_MAX >> 20)))
        return _new(me, form, 413)
    country, language, by_hand = me.site.country, me.site.language, request.form.get("by_hand") == "yes"
    if sent.roles is not None and not by_hand and not NAMES & set(sent.roles):
        return import_pages.columns(me, sent, _("Say which column has the name."))
    db.session.commit()  # nobody waits for the database while a file is read
    roles = None if by_hand else sent.roles
    try:
        book = files.read(sent.data, country, roles, headed=sent.headed, language=language, coding=sent.coding)
    except NoAddressBook as reason:
        form.complain(form.file, say(reason))
        return _new(identity.open_site(site_id), form, 422)
    me = identity.open_site(site_id)
    sent.coding = book.coding
    can_be_asked = book.rows and len(sent.data) <= TEXT_MAX
    if book.columns or (book.rows and by_hand):
        if can_be_asked:
            return import_pages.columns(me, sent)
        sentence = _("Write into its first row what the columns are: Name, Phone, Email. Then choose it again.")
        form.complain(form.file, sentence)
        return _new(me, form, 422)
    told = import_report.told(book)
    if not book.entries:
        sentence = " ".join([_("Nobody can be read from this file."), *told])
        if can_be_asked:
            return import_pages.columns(me, sent, sentence)
        return _new(me, form.complain(form.file, sentence), 422)
    source = "list" if book.rows else "cards"
    return import_pages.people(me, book.entries, source, told=told, sent=sent if can_be_asked else None)


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
    if departures.was_form(site_id, sent):
        abort(410, _("These names were taken in some time ago. To take names in once more, choose the file again."))
    try:
        entries, ticked = _sent()
    except (ValueError, RecursionError):
        form = FileForm()
        form.complain(form.file, _("The page with the names came back broken: choose the file again."))
        return _new(me, form, 422)
    people = PeopleForm(request.form)
    people.offer(site_id)
    source = SOURCES[request.form.get("source") == "list"]
    same = _same(entries)
    ticked -= same.keys()
    if not ticked and not same:
        people.complain(people.take, _("Tick who is to be kept."))
        return import_pages.people(me, entries, source, people, ticked, 422)
    taken = [entries[index] for index in sorted(ticked)]
    with one_at_a_time.reading():
        maybe = maybe_there(site_id, taken)
    me = identity.open_site(site_id)

    def refuse(why: str) -> Response:
        me = identity.open_site(site_id)
        return import_pages.people(me, entries, source, people.complain(people.take, why), ticked, 422)

    with refusals(refuse):
        made = Import.take_in(
            site_id,
            taken,
            maybe=maybe,
            by=me.member.handle,
            source=source,
            department=people.department.data,
            shift=people.shift.data,
            put_on_map=bool(people.put_on_map.data),
            form_id=sent,
            same=[(entries[index], contact_id) for index, contact_id in same.items()],
        )
    if made.count:
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


def _sent() -> tuple[list[ImportEntry], set[int]]:
    """What was on the page, and which of it is ticked. Raises ValueError, RecursionError."""
    packed = json.loads(request.form.get("people", ""))
    if not isinstance(packed, list) or not 0 < len(packed) <= ENTRIES_MAX:
        raise ValueError("no list")
    ticked = {int(one) for one in request.form.getlist("take") if one.isdecimal() and len(one) < 6}
    return [ImportEntry.unpacked(one) for one in packed], {one for one in ticked if one < len(packed)}


def _same(entries: list[ImportEntry]) -> dict[int, uuid.UUID]:
    """Who of them is somebody known, as somebody has said: the ids of these."""
    said = filter(None, map(SAME.fullmatch, request.form.getlist("same")))
    return {int(one[1]): uuid.UUID(hex=one[2]) for one in said if int(one[1]) < len(entries)}


def _new(me: Membership, form: FileForm, status: int = 200) -> Response:
    recent = Import.at(me.site_id)
    return render("people/imports/new.html", status, site=me.site, form=form, recent=recent, most=import_report.most())
