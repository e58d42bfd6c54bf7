"""Telling what is finished, word for word, and taking it back: for who is in the site that tells."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from bulletin.db import db
from bulletin.domain.actions.actions import Action
from bulletin.domain.network import inside, needs, sharing
from bulletin.domain.network.cautions import cautions
from bulletin.domain.network.sharing import Sharing
from bulletin.domain.network.told import DeedTold, Kind, Told
from bulletin.domain.papers.advice.rules import Advice
from bulletin.domain.papers.bulletins import Bulletin
from bulletin.domain.papers.written import Written
from bulletin.domain.site import departures
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.events import Deed, Event
from bulletin.web.guard import identity
from bulletin.web.papers import advice
from bulletin.web.shared.refused import refusals
from bulletin.web.shared.rendering import render
from bulletin.web.shared.sent_forms import form_id

from . import pieces
from .forms import AboutForm, DeedForm, TellForm

pages = Blueprint("telling", __name__, url_prefix="/sites/<uuid:site_id>")


@pages.get("/told")
def index(site_id: uuid.UUID) -> Response:
    """What this site told, to whom and by whom; and what others see of it."""
    me = _open(site_id)
    return _index(me, AboutForm(obj=me.site))


@pages.post("/told/about")
def keep_about(site_id: uuid.UUID) -> AnyResponse:
    """What others see of it, anew."""
    me = _open(site_id)
    form = AboutForm(request.form)
    if not form.validate():
        return _index(me, form, 422)
    with refusals(lambda why: _index(_open(site_id), form.complain(form.sector, why), 409)):
        sharing.check_decides(me)
        form.keep(me.site)
    db.session.commit()
    return redirect(url_for(".index", site_id=site_id, _anchor="about"), 303)


@pages.post("/told/<uuid:told_id>/withdrawal")
def take_back(site_id: uuid.UUID, told_id: uuid.UUID) -> AnyResponse:
    """It is gone from every page of everybody's. Anybody in the site may."""
    me = identity.open_site(site_id)
    if not sharing.take_back(me.site_id, told_id):
        abort(404)
    Event.note(me.site, Deed.TAKEN_BACK, by=me.member.handle)
    identity.commit_and_forget()
    return redirect(url_for(".index", site_id=site_id), 303)


@pages.get("/bulletins/<uuid:bulletin_id>/told/new")
def new_paper(site_id: uuid.UUID, bulletin_id: uuid.UUID) -> Response:
    """A paper, as others will read it."""
    me = _open(site_id)
    return _paper_page(me, _written(me, bulletin_id), TellForm.at(me.site))


@pages.post("/bulletins/<uuid:bulletin_id>/told")
def tell_paper(site_id: uuid.UUID, bulletin_id: uuid.UUID) -> AnyResponse:
    """Send it."""
    me = _open(site_id)
    written, form = _written(me, bulletin_id, to_change=True), TellForm(request.form)
    if not form.validate():
        return _paper_page(me, written, form, 422)
    if not form.has_seen(_cautions_of(me, written)):
        return _paper_page(me, written, form)

    def refuse(why: str) -> Response:
        me = _open(site_id)
        return _paper_page(me, _written(me, bulletin_id), form.complain(form.audience, why), 409)

    with refusals(refuse):
        sharing.tell_paper(me, written, form.chosen, row_id(me, form_id()))
    return _sent(me, form)


@pages.get("/actions/<uuid:action_id>/told/new")
def new_deed(site_id: uuid.UUID, action_id: uuid.UUID) -> Response:
    """What was done, as others will read it."""
    me = _open(site_id)
    action = Action.of(me.site_id, action_id) or abort(404)
    if not sharing.may_be_told(action):  # it is not offered there
        abort(redirect(url_for("actions.show", site_id=site_id, action_id=action_id), 303))
    said = sharing.deed_as_told(me, action)
    return _deed_page(me, action_id, said, DeedForm.of(me.site, said))


@pages.post("/actions/<uuid:action_id>/told")
def tell_deed(site_id: uuid.UUID, action_id: uuid.UUID) -> AnyResponse:
    """Send it, or look again at how it reads in other words."""
    me = _open(site_id)
    action, form = Action.of(me.site_id, action_id, to_change=True) or abort(404), DeedForm(request.form)
    said = form.said(sharing.deed_as_told(me, action))
    if not form.validate():
        return _deed_page(me, action_id, said, form, 422)
    if "look" in request.form or not form.has_seen(_cautions_about(me, said)):
        return _deed_page(me, action_id, said, form)
    with refusals(lambda why: _deed_page(_open(site_id), action_id, said, form.complain(form.outcome, why), 409)):
        sharing.tell_deed(me, action, said, form.chosen, row_id(me, form_id()))
    return _sent(me, form)


def _open(site_id: uuid.UUID) -> Membership:
    """The asking member's place in a site that is in; 404 for any other: it has nobody to tell anything."""
    me = identity.open_site(site_id)
    return me if inside.is_in(me.site) else abort(404)


def _written(me: Membership, bulletin_id: uuid.UUID, *, to_change: bool = False) -> Written:
    """A paper that may be told; of any other, the page that says how far it has come. `to_change`: others wait."""
    bulletin = Bulletin.of(me.site, bulletin_id, to_change=to_change) or abort(404)
    if sharing.printed_as_agreed(bulletin) is None:
        abort(redirect(url_for("bulletins.show", site_id=me.site_id, bulletin_id=bulletin_id), 303))
    return Written(bulletin)


def row_id(me: Membership, form_id: uuid.UUID) -> uuid.UUID:
    """The id for what a form tells: no other site's; and what was told and taken back does not come again by Back."""
    if departures.was_taken_back(me.site_id, form_id):
        abort(410, _("This was told, and taken back since. It was not sent. To tell it again, begin anew."))
    identity.open_network()  # who tells sees what others told
    there = Told.of(form_id)
    free = not departures.was_of_another(me.site_id, form_id) if there is None else there.site_id == me.site_id
    return form_id if free else uuid.uuid4()


def _sent(me: Membership, form: TellForm) -> AnyResponse:
    form.keep(me.site)  # what others see of it is asked once; left empty it stays so
    db.session.commit()
    return redirect(url_for(".index", site_id=me.site_id), 303)


def _cautions_of(me: Membership, written: Written) -> list[Advice]:
    texts = [f"{part.title}\n\n{part.text}" for part in written.parts]
    fields = written.fields
    headed = [fields.get("headline", ""), *texts]
    return cautions(me.site, headed, fields.get("language", "en"), beside=fields.get("masthead", ""))


def _cautions_about(me: Membership, said: DeedTold) -> list[Advice]:
    return cautions(me.site, [getattr(said, name) for name in DeedForm.kept], me.site.language)


def _paper_page(me: Membership, written: Written, form: TellForm, status: int = 200) -> Response:
    given = _cautions_of(me, written)
    form.has_seen(given)
    return render(
        "network/telling/paper.html",
        status,
        said=sharing.paper_as_told(written),
        pieces=pieces.shown(written.source.text),
        here={"site_id": me.site_id, "bulletin_id": written.bulletin.id},
        **_about(me, form, given),
    )


def _deed_page(me: Membership, action_id: uuid.UUID, said: DeedTold, form: DeedForm, status: int = 200) -> Response:
    given = _cautions_about(me, said)
    form.has_seen(given)
    return render(
        "network/telling/deed.html",
        status,
        said=said,
        here={"site_id": me.site_id, "action_id": action_id},
        **_about(me, form, given),
    )


def _about(me: Membership, form: TellForm, given: Sequence[Advice]) -> dict[str, object]:
    sentences = list(dict.fromkeys(advice.told(one) for one in given))
    return {"site": me.site, "form": form, "first": me.site.told_to is None, "cautions": sentences}


def _index(me: Membership, form: AboutForm, status: int = 200) -> Response:
    identity.open_network()
    answers = [one for one in needs.answers_at(me.site_id) if one.answering.id == me.site_id]
    told = [one for one in Told.own(me.site_id) if one.kind != Kind.ANSWER and not one.is_over]
    shown = {"told": told, "answers": answers, "known": Sharing.at(me.site_id)}
    return render("network/telling/index.html", status, site=me.site, form=form, **shown)
