"""We need, we have: asked of all sites, and answered by one."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bulletin.db import db
from bulletin.domain.network import inside, needs
from bulletin.domain.network.cautions import cautions
from bulletin.domain.network.told import Told
from bulletin.domain.papers.advice.rules import Advice
from bulletin.domain.site.accounts.members import Membership
from bulletin.web.guard import identity
from bulletin.web.papers import advice
from bulletin.web.shared.refused import refusals
from bulletin.web.shared.rendering import render
from bulletin.web.shared.sent_forms import form_id

from .forms import NeedForm, ReachForm
from .telling import row_id

pages = Blueprint("needs", __name__, url_prefix="/sites/<uuid:site_id>/needs")


@pages.get("/new")
def new(site_id: uuid.UUID) -> Response:
    """What is it?"""
    me = _open(site_id)
    return _page(me, NeedForm.at(me.site, sort=request.args.get("sort")))


@pages.post("")
def create(site_id: uuid.UUID) -> AnyResponse:
    """See how it reads, and send it."""
    me, form = _open(site_id), NeedForm(request.form)
    if not form.validate():
        return _page(me, form, 422, reads=not (form.sort.errors or form.sentence.errors))
    if "look" in request.form or not form.has_seen(_cautions(me, form)):
        return _page(me, form, reads=bool(form.sentence.data))
    with refusals(lambda why: _page(_open(site_id), form.complain(form.sentence, why), 409)):
        needs.ask(me, form.said(), row_id(me, form_id()))
    form.keep(me.site)
    db.session.commit()
    return redirect(url_for("told.index"), 303)


@pages.get("/<uuid:need_id>/answers/new")
def new_answer(site_id: uuid.UUID, need_id: uuid.UUID) -> Response:
    """What they see of us."""
    me = _open(site_id)
    return _answer_page(me, _of_others(me, need_id), ReachForm(obj=me.site))


@pages.post("/<uuid:need_id>/answers")
def answer(site_id: uuid.UUID, need_id: uuid.UUID) -> AnyResponse:
    """We can: from here on both see how to reach each other."""
    me, form = _open(site_id), ReachForm(request.form)
    need = _of_others(me, need_id)
    if not form.validate():
        return _answer_page(me, need, form, 422)

    def refuse(why: str) -> Response:
        me = _open(site_id)
        return _answer_page(me, _of_others(me, need_id), form.complain(form.reach, why), 409)

    with refusals(refuse):
        needs.answer(me, need, row_id(me, form_id()))
    form.keep(me.site)
    db.session.commit()
    return redirect(url_for("told.show", copy_id=need_id), 303)


def _open(site_id: uuid.UUID) -> Membership:
    """The asking member's place in a site that is in, who reads what sites tell; 404 for any other."""
    me = identity.open_site(site_id)
    if not inside.is_in(me.site):
        abort(404)
    identity.open_network()
    return me


def _of_others(me: Membership, need_id: uuid.UUID) -> Told:
    need = needs.need_of(need_id)
    return need if need is not None and need.site_id != me.site_id else abort(404)


def _cautions(me: Membership, form: NeedForm) -> list[Advice]:
    return cautions(me.site, [form.sentence.data or ""], me.site.language)


def _page(me: Membership, form: NeedForm, status: int = 200, *, reads: bool = False) -> Response:
    """`reads`: show how it reads, above Send."""
    given = _cautions(me, form)
    form.has_seen(given)
    return render(
        "network/needs/new.html",
        status,
        site=me.site,
        form=form,
        said=form.said() if reads else None,
        first=me.site.told_to is None,
        cautions=list(dict.fromkeys(advice.told(one) for one in given)),
    )


def _answer_page(me: Membership, need: Told, form: ReachForm, status: int = 200) -> Response:
    return render("network/needs/answer.html", status, site=me.site, need=need, form=form)
