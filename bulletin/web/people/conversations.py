"""Talks: noted in under twenty seconds; then, if one likes, what was asked and promised."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from bulletin.db import db, today
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.conversations import Conversation, Said
from bulletin.domain.people.follow_ups import FollowUp
from bulletin.domain.people.search import Listed, called, everybody, looking_like
from bulletin.domain.people.units import UnitNames
from bulletin.domain.site.accounts.members import Membership
from bulletin.web.guard import identity, one_at_a_time
from bulletin.web.shared.forms import options
from bulletin.web.shared.refused import refusals
from bulletin.web.shared.rendering import render
from bulletin.web.shared.sent_forms import form_id

from .contact_status import contact_by_hex, open_contact, refuse_gone
from .conversation_forms import CorrectionForm, NewTalkForm, NextForm

pages = Blueprint("conversations", __name__, url_prefix="/sites/<uuid:site_id>/conversations")

OFFERED = 8  # people to choose from
SOMEBODY_NEW = "new"


@pages.get("/new")
def new(site_id: uuid.UUID) -> Response:
    """With anybody, or with `contact_id`."""
    me = identity.open_site(site_id)
    contact = None
    if "contact_id" in request.args:
        contact = contact_by_hex(site_id, request.args["contact_id"]) or abort(404)
    return _new_page(me, NewTalkForm(data={"day": today(me.site.zone)}), contact)


@pages.post("")
def create(site_id: uuid.UUID) -> AnyResponse:
    """Note it. Where it is not clear with whom, the page asks, and keeps what was typed."""
    me = identity.open_site(site_id)
    made = form_id()
    if Conversation.at(site_id, made) is not None:
        return redirect(url_for(".ask_next", site_id=site_id, conversation_id=made), 303)
    refuse_gone(site_id, made, Conversation)
    form = NewTalkForm(request.form)
    form.offer(site_id)
    form.validate()
    contact = contact_by_hex(site_id, request.form.get("who") or request.form.get("contact_id"))
    if contact is None and not form.name.data:
        form.complain(form.name, _("Enter the name, or what people call them."))
    if form.errors:
        return _new_page(me, form, contact, 422)

    def refuse(why: str) -> Response:
        me = identity.open_site(site_id)
        chosen = contact_by_hex(site_id, request.form.get("contact_id"))
        return _new_page(me, form.complain(form.day, why), chosen, 422)

    with refusals(refuse):
        if contact is None:
            contact, asked = _who(me, form.name.data, made)
            if contact is None:
                if "asked" in request.form:
                    form.complain(form.name, _("Say who it was, or that it was somebody new."))
                return _new_page(me, form, status=422 if form.errors else 200, asked=asked)
        talk = Conversation.note(
            contact, by=me.member.handle, day=form.day.data or today(me.site.zone), form_id=made, **form.said
        )
    there = url_for(".ask_next", site_id=site_id, conversation_id=talk.id)  # after the commit it may be forgotten
    db.session.commit()
    return redirect(there, 303)


@pages.get("/<uuid:conversation_id>/next")
def ask_next(site_id: uuid.UUID, conversation_id: uuid.UUID) -> Response:
    """It is saved; what is next one may say, or skip."""
    me = identity.open_site(site_id)
    talk, contact = _open(site_id, conversation_id)
    said = talk.said or Said()
    return _next_page(me, talk, contact, NextForm(data={"ask": said.ask, "commitment": said.commitment, "when": ""}))


@pages.post("/<uuid:conversation_id>/next")
def extend(site_id: uuid.UUID, conversation_id: uuid.UUID) -> AnyResponse:
    """What was asked and promised, and a plan to go back to them."""
    me = identity.open_site(site_id)
    talk, contact = _open(site_id, conversation_id)
    form = NextForm(request.form)
    form.validate()
    on = None if form.errors else form.day(today(me.site.zone))
    if on is not None and not form.reason.data:
        form.complain(form.reason, _("Say in a few words why: you will be glad of it on the day."))
    elif on is None and form.reason.data and not form.errors:
        form.complain(form.when, _("Say when to go back to them, or leave out why."))
    if form.errors:
        return _next_page(me, talk, contact, form, 422)
    if on is not None:
        refuse_gone(site_id, form_id(), FollowUp)
    by = me.member.handle
    whose = form.whose.data if form.whose.data in {place.member.handle for place in Membership.at(me.site)} else by

    def refuse(why: str) -> Response:
        me = identity.open_site(site_id)
        form.complain(form.on if on is not None else form.ask, why)
        return _next_page(me, *_open(site_id, conversation_id), form, 422)

    with refusals(refuse):
        if form.ask.data or form.commitment.data:
            talk.extend(by=by, ask=form.ask.data, commitment=form.commitment.data)
        if on is not None:
            FollowUp.plan(contact, on, form.reason.data, whose=whose, by=by, form_id=form_id())
    db.session.commit()
    return redirect(url_for("home.show", site_id=site_id), 303)


@pages.post("/<uuid:conversation_id>/person")
def somebody_else(site_id: uuid.UUID, conversation_id: uuid.UUID) -> AnyResponse:
    """It was with another one of that name, who is not in the list yet."""
    me = identity.open_site(site_id)
    talk, contact = _open(site_id, conversation_id)
    sent = form_id()
    there = url_for(".ask_next", site_id=site_id, conversation_id=talk.id)
    if contact.id != sent:  # else it was sent twice
        refuse_gone(site_id, sent)
        by = me.member.handle
        other = Contact.add(site_id, contact.name, by=by, maybe=contact.id.hex, form_id=sent)
        db.session.flush()
        talk.give_to(other)
    db.session.commit()
    return redirect(there, 303)


@pages.get("/<uuid:conversation_id>")
def edit(site_id: uuid.UUID, conversation_id: uuid.UUID) -> Response:
    """It was noted wrongly, or should not have been noted."""
    me = identity.open_site(site_id)
    talk, contact = _open(site_id, conversation_id)
    form = CorrectionForm()
    if talk.said is not None:
        stand = talk.said.stand
        said = {name: getattr(talk.said, name) for name in CorrectionForm.page_order if hasattr(talk.said, name)}
        form = CorrectionForm(data={**said, "stand": "" if stand is None else str(int(stand))})
    return _edit_page(me, talk, contact, form)


@pages.post("/<uuid:conversation_id>")
def correct(site_id: uuid.UUID, conversation_id: uuid.UUID) -> AnyResponse:
    """What it said before stays to be seen."""
    me = identity.open_site(site_id)
    talk, contact = _open(site_id, conversation_id)
    form = CorrectionForm(request.form)
    form.offer(site_id)
    if not form.validate():
        return _edit_page(me, talk, contact, form, 422)
    with refusals(
        lambda why: _edit_page(identity.open_site(site_id), *_open(site_id, conversation_id), form, 409, problem=why)
    ):
        talk.correct(by=me.member.handle, ask=form.ask.data, commitment=form.commitment.data, **form.said)
    there = url_for("contacts.show", site_id=site_id, contact_id=contact.id, _anchor=f"t{talk.id.hex}")
    db.session.commit()
    return redirect(there, 303)


@pages.post("/<uuid:conversation_id>/withdrawal")
def withdraw(site_id: uuid.UUID, conversation_id: uuid.UUID) -> AnyResponse:
    """It should not have been noted."""
    me = identity.open_site(site_id)
    talk, contact = _open(site_id, conversation_id)
    there = url_for("contacts.show", site_id=site_id, contact_id=contact.id)
    if talk.said is not None:
        talk.withdraw(by=me.member.handle)
        identity.commit_and_forget()
    return redirect(there, 303)


def _open(site_id: uuid.UUID, conversation_id: uuid.UUID) -> tuple[Conversation, Contact]:
    talk = Conversation.at(site_id, conversation_id) or abort(404)
    return talk, open_contact(site_id, talk.contact_id)


def _who(me: Membership, name: str, made: uuid.UUID) -> tuple[Contact | None, list[Listed]]:
    """With whom: the one who is called so, or somebody new; nobody, and who may be meant, where that is not clear."""
    with one_at_a_time.reading():
        people = everybody(me.site_id)
        exactly = called(people, name)
        alike = list({one.id: one for one in (*exactly, *looking_like(people, name))}.values())
    if request.form.get("who") != SOMEBODY_NEW:
        if len(exactly) == 1:
            return Contact.of(me.site_id, exactly[0].id), []
        if alike:
            return None, alike[:OFFERED]
    maybe = alike[0].id.hex if alike else ""
    # The talk's own id: it is made once, however often the form is sent.
    return Contact.add(me.site_id, name, by=me.member.handle, form_id=made, maybe=maybe), []


def _new_page(
    me: Membership,
    form: NewTalkForm,
    contact: Contact | None = None,
    status: int = 200,
    *,
    asked: list[Listed] | None = None,
) -> Response:
    form.offer(me.site_id)
    units = UnitNames(me.site_id)
    return render(
        "people/conversations/new.html",
        status,
        site=me.site,
        form=form,
        contact=contact,
        asked=asked or [],
        units=units,
    )


def _next_page(me: Membership, talk: Conversation, contact: Contact, form: NextForm, status: int = 200) -> Response:
    handles = [place.member.handle for place in Membership.at(me.site)]
    form.whose.choices = options(
        {me.member.handle: _("I do"), **{one: one for one in handles if one != me.member.handle}}
    )
    form.from_day(today(me.site.zone))
    before = next((one for one in Conversation.all_of(contact) if one.id != talk.id and one.said is not None), None)
    return render(
        "people/conversations/extend.html", status, site=me.site, talk=talk, contact=contact, form=form, before=before
    )


def _edit_page(
    me: Membership, talk: Conversation, contact: Contact, form: CorrectionForm, status: int = 200, *, problem: str = ""
) -> Response:
    form.offer(me.site_id)
    return render(
        "people/conversations/edit.html", status, site=me.site, talk=talk, contact=contact, form=form, problem=problem
    )
