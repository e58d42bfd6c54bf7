"""What becomes of a workmate: gone, here again, kept, put together with another."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from bulletin.db import db
from bulletin.domain.people import merge as merging
from bulletin.domain.people.contacts import Contact, Gone, OfContact, nicknames
from bulletin.domain.people.search import Listed, called, everybody, looking_like
from bulletin.domain.people.units import UnitNames
from bulletin.domain.site import departures
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.events import Deed, Event
from bulletin.web.guard import identity, one_at_a_time, traces
from bulletin.web.shared.refused import refusals
from bulletin.web.shared.rendering import render

from .forms import OtherForm

pages = Blueprint("contact_status", __name__, url_prefix="/<uuid:contact_id>")

OFFERED = 12  # people to choose from


@pages.post("/departure")
def leave(site_id: uuid.UUID, contact_id: uuid.UUID) -> AnyResponse:
    """They left the job, or moved to another site."""
    identity.open_site(site_id)
    contact = open_contact(site_id, contact_id, to_change=True)
    contact.leave(Gone.MOVED if request.form.get("why") == Gone.MOVED.value else Gone.LEFT)
    seen = _seen(contact)  # before the commit: after it somebody else may have them forgotten
    db.session.commit()
    return seen


@pages.post("/return")
def come_back(site_id: uuid.UUID, contact_id: uuid.UUID) -> AnyResponse:
    """They are here again."""
    identity.open_site(site_id)
    contact = open_contact(site_id, contact_id, to_change=True)
    contact.come_back()
    seen = _seen(contact)
    db.session.commit()
    return seen


@pages.post("/keeping")
def keep(site_id: uuid.UUID, contact_id: uuid.UUID) -> AnyResponse:
    """Untouched for long, and not to be removed."""
    identity.open_site(site_id)
    contact = open_contact(site_id, contact_id, to_change=True)
    contact.touch()
    seen = _seen(contact)
    db.session.commit()
    if request.form.get("back") == "due":
        return redirect(url_for("follow_ups.index", site_id=site_id), 303)
    return seen


@pages.get("/merging")
def ask_merging(site_id: uuid.UUID, contact_id: uuid.UUID) -> Response:
    """Who is the same person?"""
    me = identity.open_site(site_id)
    with one_at_a_time.reading():
        return _merging_page(me, open_contact(site_id, contact_id), OtherForm())


@pages.post("/merging")
def merge(site_id: uuid.UUID, contact_id: uuid.UUID) -> AnyResponse:
    """Put two together; or look for the other one by a name first."""
    me = identity.open_site(site_id)
    contact = open_contact(site_id, contact_id)
    form = OtherForm(request.form)
    if not form.validate():
        return _merging_page(me, contact, form, 422)
    chosen = contact_by_hex(site_id, form.other.data)
    if chosen is None:
        with one_at_a_time.reading():
            return _choose(me, open_contact(site_id, contact_id), form)
    if chosen.id == contact.id and form.other.data != contact.id.hex:  # sent twice: they are one already
        return _seen(contact)

    def refuse(why: str) -> Response:
        me = identity.open_site(site_id)
        return _merging_page(me, open_contact(site_id, contact_id), form.complain(form.name, why), 422)

    with refusals(refuse):  # it holds both, always in one order
        merging.merge(contact, chosen)
        Event.note(me.site, Deed.MERGED, by=me.member.handle)
    seen = _seen(contact)
    identity.commit_and_forget()
    return seen


@pages.post("/distinction")
def tell_apart(site_id: uuid.UUID, contact_id: uuid.UUID) -> AnyResponse:
    """Whom they look like is somebody else."""
    identity.open_site(site_id)
    contact = open_contact(site_id, contact_id, to_change=True)
    contact.change(based_on=contact.version, maybe="")
    seen = _seen(contact)
    db.session.commit()
    return seen


def open_contact(
    site_id: uuid.UUID, contact_id: uuid.UUID, *, to_change: bool = False, everything: bool = False
) -> Contact:
    """One of a site's; 404 as if there were none. That this member opened their page is noted."""
    return traces.leave(Contact.of(site_id, contact_id, to_change=to_change) or abort(404), everything=everything)


def refuse_gone(site_id: uuid.UUID, form_id: uuid.UUID, made: type[OfContact] | None = None) -> None:
    """Who was forgotten does not come back by a form that made them, or this of them, and is sent again: Back, or a
    page left open.
    """
    of_them = departures.was_forgotten(site_id, form_id) or departures.was_form(site_id, form_id)
    if of_them or (made is not None and made.is_hidden(site_id, form_id)):
        abort(410, _("Whoever this form was about was forgotten since. It was not saved. To add somebody, begin anew."))


def contact_by_hex(site_id: uuid.UUID, written: str | None) -> Contact | None:
    """The one with this id, as a form or a record has it; None where it is none."""
    try:
        contact_id = uuid.UUID(hex=written or "")
    except ValueError:
        return None
    return Contact.of(site_id, contact_id)


def maybe_same(contact: Contact) -> Contact | None:
    """Who may be the same person, as it was noted when they were added."""
    other = contact_by_hex(contact.site_id, contact.brief.maybe)
    return None if other is None or other.id == contact.id else other


def _seen(contact: Contact) -> AnyResponse:
    return redirect(url_for("contacts.show", site_id=contact.site_id, contact_id=contact.id), 303)


def _offered(contact: Contact, name: str = "") -> list[Listed]:
    """Who may be meant: by what was typed, or else who looks alike."""
    people = [one for one in everybody(contact.site_id) if one.id != contact.id]
    brief = contact.brief
    if name:
        found = [*called(people, name), *looking_like(people, name)]
    else:
        maybe = maybe_same(contact)
        found = [one for one in people if maybe is not None and one.id == maybe.id]
        found += looking_like(people, brief.name, *nicknames(brief.nickname), phone=brief.phone)
    return list({one.id: one for one in found}.values())[:OFFERED]


def _choose(me: Membership, contact: Contact, form: OtherForm) -> Response:
    offered = None
    if not form.name.data:
        form.complain(form.name, _("Choose somebody, or type the name you look for."))
    elif not (offered := _offered(contact, form.name.data)):
        form.complain(form.name, _("Nobody in the list is called so: try a part of the name."))
    return _merging_page(me, contact, form, 422 if form.errors else 200, offered)


def _merging_page(
    me: Membership, contact: Contact, form: OtherForm, status: int = 200, offered: list[Listed] | None = None
) -> Response:
    return render(
        "people/contacts/merging.html",
        status,
        site=me.site,
        here={"site_id": me.site_id, "contact_id": contact.id},
        contact=contact,
        offered=_offered(contact, form.name.data or "") if offered is None else offered,
        units=UnitNames(me.site_id),
        form=form,
    )
