"""Workmates: the list, one of them, and everything we hold about them."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response as AnyResponse

from bulletin.db import db, today
from bulletin.domain.actions.turnouts import Turnout
from bulletin.domain.people import phone_numbers
from bulletin.domain.people.contacts import Contact, StaleContact
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.people.follow_ups import FollowUp
from bulletin.domain.people.forgetting import waiting
from bulletin.domain.people.reading import Trace
from bulletin.domain.people.search import Listed, Wanted, everybody, looking_like
from bulletin.domain.people.units import UnitNames
from bulletin.domain.site.accounts.members import Membership
from bulletin.web.guard import identity, one_at_a_time
from bulletin.web.shared import edit_conflicts
from bulletin.web.shared.edit_conflicts import describe, fingerprint
from bulletin.web.shared.pagination import Page
from bulletin.web.shared.refused import answered, refusals
from bulletin.web.shared.rendering import render
from bulletin.web.shared.sent_forms import form_id

from . import contact_status, data_held, forgetting
from .forms import ContactForm, SearchForm, known_of, with_consent
from .mentions import places

pages = Blueprint("contacts", __name__, url_prefix="/sites/<uuid:site_id>/contacts")
pages.register_blueprint(contact_status.pages)
pages.register_blueprint(forgetting.pages)

PER_PAGE = 50
TALKS = 20  # on their page; the rest a page further
SUGGESTED = 5


@pages.get("")
def index(site_id: uuid.UUID) -> Response:
    """Everybody who is here, by name."""
    me = identity.open_site(site_id)
    units = UnitNames(site_id)
    return _list(me, units, SearchForm.for_site(units), Wanted())


@pages.post("/search")
def search(site_id: uuid.UUID) -> Response:
    """Some of them. `part`: a script asks for no more than the list, or a few names to choose from."""
    me = identity.open_site(site_id)
    units = UnitNames(site_id)
    form = SearchForm.for_site(units, request.form)
    part = request.form.get("part", "")
    if part == "names":
        wanted = form.wanted
        found = wanted.among(everybody(site_id))[:SUGGESTED] if wanted.words else []
        return render("people/contacts/names.html", found=found, units=units)
    return _list(me, units, form, form.wanted, only_list=part == "found")


@pages.get("/new")
def new(site_id: uuid.UUID) -> Response:
    """A name is enough."""
    me = identity.open_site(site_id)
    return _new_page(me, ContactForm.for_site(UnitNames(site_id)))


@pages.post("")
def create(site_id: uuid.UUID) -> AnyResponse:
    """Add somebody. Who may be in the list already is asked about first."""
    me = identity.open_site(site_id)
    made = form_id()
    if Contact.of(site_id, made) is not None:
        return redirect(url_for(".show", site_id=site_id, contact_id=made), 303)
    contact_status.refuse_gone(site_id, made)
    form = ContactForm.for_site(UnitNames(site_id), request.form)
    typed = form.asked(me)
    if typed is None:
        return _new_page(me, form, 422)
    with one_at_a_time.reading():
        alike = looking_like(everybody(site_id), typed["name"], typed["nickname"], phone=typed["phone"])
    if alike and request.form.get("other") != "yes":
        return _new_page(me, form, alike=alike)
    maybe = alike[0].id.hex if alike else ""
    with refusals(lambda why: _new_page(identity.open_site(site_id), form.complain(form.name, why), 422)):
        contact = Contact.add(site_id, by=me.member.handle, form_id=made, maybe=maybe, **with_consent(typed, me))
    there = url_for(".show", site_id=site_id, contact_id=contact.id)  # after the commit they may be forgotten
    db.session.commit()
    return redirect(there, 303)


@pages.get("/<uuid:contact_id>")
def show(site_id: uuid.UUID, contact_id: uuid.UUID) -> AnyResponse:
    """One of them: what was said, what is next, what they did."""
    me = identity.open_site(site_id)
    contact = contact_status.open_contact(site_id, contact_id)
    if contact.id != contact_id:  # merged into another
        return redirect(url_for(".show", site_id=site_id, contact_id=contact.id), 303)
    talks, follow_ups = Conversation.all_of(contact), FollowUp.all_of(contact)
    return render(
        "people/contacts/show.html",
        site=me.site,
        here={"site_id": site_id, "contact_id": contact.id},
        contact=contact,
        brief=contact.brief,
        details=contact.details,
        known=data_held.known(contact.details),
        where=UnitNames(site_id).of(contact.brief),
        phone=phone_numbers.shown(contact.brief.phone, me.site.country) if contact.brief.phone else "",
        due=[one for one in follow_ups if one.done_on is None],
        done=[one for one in reversed(follow_ups) if one.done_on is not None][:TALKS],
        today=today(me.site.zone),
        page=Page.of(talks, TALKS),
        took_part=Turnout.of_contact(contact),
        maybe=contact_status.maybe_same(contact),
        first=Trace.is_first(site_id, me.member_id.hex),
    )


@pages.get("/<uuid:contact_id>/edit")
def edit(site_id: uuid.UUID, contact_id: uuid.UUID) -> Response:
    """What is known of them, to be changed."""
    me = identity.open_site(site_id)
    contact = contact_status.open_contact(site_id, contact_id)
    return _edit_page(me, contact, ContactForm.about(contact, UnitNames(site_id), me.site.country))


@pages.post("/<uuid:contact_id>")
def update(site_id: uuid.UUID, contact_id: uuid.UUID) -> AnyResponse:
    """Save it. Where somebody else has saved meanwhile, both are shown and nothing is lost."""
    me = identity.open_site(site_id)
    contact = contact_status.open_contact(site_id, contact_id, to_change=True)
    form = ContactForm.for_site(UnitNames(site_id), request.form)
    typed = form.asked(me)
    if typed is None:
        return _edit_page(me, contact, form, 422)
    # A talk that was noted meanwhile is no reason to ask: nothing that stands in this form was changed by it.
    unchanged = form.seen.data == fingerprint(known_of(contact)) or typed == known_of(contact)
    based_on = contact.version if unchanged else edit_conflicts.version_of(form)
    known = with_consent(typed, me, contact.details.consent)

    def again(status: int, why: str = "") -> Response:
        me = identity.open_site(site_id)
        if why:
            form.complain(form.name, why)
        contact = contact_status.open_contact(site_id, contact_id)
        return _edit_page(me, contact, form, status, typed=None if why else typed)

    with answered(StaleContact, lambda _stale: again(409)), refusals(lambda why: again(422, why)):
        contact.change(based_on=based_on, **known)
    there = url_for(".show", site_id=site_id, contact_id=contact.id)
    identity.commit_and_forget()  # what was taken out is to be gone
    return redirect(there, 303)


@pages.get("/<uuid:contact_id>/everything")
def everything(site_id: uuid.UUID, contact_id: uuid.UUID) -> str:
    """Everything we hold about them, for them to see."""
    me = identity.open_site(site_id)
    contact = contact_status.open_contact(site_id, contact_id, everything=True)
    here = {"site_id": site_id, "contact_id": contact.id}
    sections, named = data_held.about(me, contact), places(contact)
    return render_template("people/contacts/everything.html", site=me.site, here=here, sections=sections, named=named)


@pages.post("/<uuid:contact_id>/everything")
def take_everything(site_id: uuid.UUID, contact_id: uuid.UUID) -> Response:
    """The same, as a text to give to them. Its file name says nothing."""
    me = identity.open_site(site_id)
    words = data_held.as_text(data_held.about(me, contact_status.open_contact(site_id, contact_id, everything=True)))
    response = Response(words, content_type="text/plain; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename="everything.txt")
    return response


def _list(me: Membership, units: UnitNames, form: SearchForm, wanted: Wanted, *, only_list: bool = False) -> Response:
    people = everybody(me.site_id)
    found = wanted.among(people)
    return render(
        "people/contacts/list.html" if only_list else "people/contacts/index.html",
        site=me.site,
        form=form,
        units=units,
        page=Page.of(found, PER_PAGE),
        count=_counted(len(found)),
        searched=wanted != Wanted(),
        nobody=not people,
        hidden=len(waiting(me.site_id)),
    )


def _counted(count: int) -> str:
    return str(ngettext("%(num)d person", "%(num)d people", count)) if count else str(_("Nobody found."))


def _new_page(me: Membership, form: ContactForm, status: int = 200, *, alike: list[Listed] | None = None) -> Response:
    return render(
        "people/contacts/new.html", status, site=me.site, form=form, alike=alike or [], units=UnitNames(me.site_id)
    )


def _edit_page(
    me: Membership, contact: Contact, form: ContactForm, status: int = 200, *, typed: dict[str, Any] | None = None
) -> Response:
    differ = None
    if typed is not None:
        saved = ContactForm.about(contact, UnitNames(me.site_id), me.site.country)
        now = known_of(contact)
        differ = [(saved[name].label.text, describe(saved[name])) for name in form.kept if now[name] != typed[name]]
    if status == 409:  # what is sent from here on has been seen beside what was saved
        form.version.data, form.seen.data = str(contact.version), fingerprint(known_of(contact))
    here = {"site_id": me.site_id, "contact_id": contact.id}
    return render("people/contacts/edit.html", status, site=me.site, here=here, form=form, differ=differ)
