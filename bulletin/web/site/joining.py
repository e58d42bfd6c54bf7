"""Answering an invitation. Looking at its link spends nothing, and its secret is in no address."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import HiddenField, StringField

from bulletin.db import db
from bulletin.domain.network.answering import mandates
from bulletin.domain.site.accounts.members import Member
from bulletin.domain.site.accounts.refused_tries import Try
from bulletin.domain.site.governance import bringing_in
from bulletin.domain.site.invitations import Invitation
from bulletin.vault import keys, words
from bulletin.web.guard import identity, refused_tries
from bulletin.web.guard.paths import covered
from bulletin.web.shared.forms import PlainForm
from bulletin.web.shared.refused import refusals
from bulletin.web.shared.rendering import render
from bulletin.web.shared.sentences import say

from . import founding, newcomers
from .newcomers import NewcomerForm
from .pins import first

pages = Blueprint("joining", __name__, url_prefix="/invitations")


class CodeForm(PlainForm):
    """The secret of an invitation, as its link has it."""

    code = StringField(_l("Code"))


class JoiningForm(NewcomerForm):
    """Somebody new, with the code they came by."""

    page_order = ("handle", "secret", "place")
    code = HiddenField()


@pages.get("/answer")
def new() -> Response:
    """The page that a link opens: a script puts the code in its field, or somebody types it."""
    return _code_page(CodeForm())


@pages.post("/answers")
def create() -> AnyResponse:
    """A member is asked once more, and joins; somebody new becomes a member first."""
    if identity.device() is not None and not identity.is_open():
        return redirect(url_for("devices.hidden", next=covered(url_for(".new"), identity.token())), 303)
    try:
        secret = words.from_link_text(request.form.get("code", ""))
    except words.Mistyped as mistake:
        refused_tries.count(Try.WRONG_CODE)
        return _refuse(say(mistake) if request.form.get("code") else _("Type the code, or open the link again."))
    if "step" in request.form and (back := newcomers.sent_twice(JoiningForm(request.form))) is not None:
        return back
    invitation = _found(secret)
    if invitation is None:
        return _refuse_code(secret)
    if invitation.site is None:
        return founding.further_page(founding.further_form(request.form["code"]))
    member = identity.member()
    if member is None:
        return _become(invitation, secret)
    if invitation.matter_id is not None:
        return _refuse(_("This is for somebody in no group, and makes an account of its own: sign out first."))
    with refusals(_refuse):
        invitation.check(member)
    if request.form.get("step") != "join":
        form = CodeForm(data={"code": request.form["code"]})
        who = bringing_in.asked_by(invitation, secret)
        return render("site/joining/member.html", form=form, site=invitation.site, me=member, who=who)
    db.session.refresh(member, with_for_update=True)  # nobody changes their words meanwhile: the place has their key
    return _join(invitation, secret, member, identity.private_key())


def _become(invitation: Invitation, secret: bytes) -> AnyResponse:
    if "step" not in request.form:
        return _newcomer_page(JoiningForm(data={"code": request.form["code"]}), invitation, secret)
    form = JoiningForm(request.form)
    if not form.validate():
        return _newcomer_page(form, invitation, secret, 422)
    newcomer = newcomers.meet(form)
    if newcomer is None:
        return make_response(newcomers.page(form, url_for(".create")), 422 if form.errors else 200)
    # Again: others were served meanwhile.
    if (back := newcomers.sent_twice(form)) is not None:
        return back
    found = _found(secret)
    if found is None:
        return _refuse_code(secret)
    if not form.validate():
        return _newcomer_page(form, found, secret, 422)
    if not newcomers.offer(form):
        return make_response(newcomers.page(form, url_for(".create")), 422)
    member = newcomer.join()
    device, token = newcomer.begin_device(member)
    response = _read_for_all(found, member) if found.matter_id else _join(found, secret, member, newcomer.private)
    response.location = first(response.location, device, newcomer.private)
    identity.remember(response, token, shared=newcomer.shared)
    return response


def _join(invitation: Invitation, secret: bytes, member: Member, private: keys.PrivateKey) -> AnyResponse:
    with refusals(_refuse):
        membership = bringing_in.answer(invitation, secret, member)
    db.session.flush()
    identity.open_as(membership, private)
    site_id = membership.site_id
    db.session.commit()
    return redirect(url_for("home.show", site_id=site_id), 303)


def _read_for_all(invitation: Invitation, member: Member) -> AnyResponse:
    """Whom the sites ask to do something is in none by that."""
    mandates.take_up(invitation, member)
    db.session.commit()
    return redirect(url_for("told.index"), 303)


def _found(secret: bytes) -> Invitation | None:
    return bringing_in.found(secret) or mandates.found(secret)


def _refuse(sentence: str, *, spent: bool = False) -> Response:
    form = CodeForm(request.form)
    form.complain(form.code, sentence)
    return _code_page(form, 422, spent=spent)


def _refuse_code(secret: bytes) -> Response:
    """The same for a code that never was, one that has run out, and one that is spent."""
    if bringing_in.waits(secret):
        return _refuse(_("Another member has to say first that it is fine: try again later."))
    refused_tries.count(Try.WRONG_CODE)
    return _refuse(_("This code cannot be answered now. Ask whoever gave it to you for a new one."), spent=True)


def _code_page(form: CodeForm, status: int = 200, *, spent: bool = False) -> Response:
    return render("site/joining/new.html", status, form=form, spent=spent)


def _newcomer_page(form: JoiningForm, invitation: Invitation, secret: bytes, status: int = 200) -> Response:
    task = mandates.task_by(invitation) if invitation.matter_id else None
    who = "" if task else bringing_in.asked_by(invitation, secret)
    return render("site/joining/newcomer.html", status, form=form, site=invitation.site, who=who, task=task)
