"""Coming in: for who decides in a site that is not in the network, and waits that two sites say they know it."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bulletin.db import db
from bulletin.domain.network import inside
from bulletin.domain.network.answering import agreeing, known
from bulletin.domain.network.answering.agreeing import Intent, Says
from bulletin.domain.network.cautions import cautions
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.governance import register
from bulletin.web.guard import identity
from bulletin.web.papers import advice
from bulletin.web.shared.refused import refusals
from bulletin.web.shared.rendering import render
from bulletin.web.shared.sent_forms import form_id

from .forms import KnownForm

pages = Blueprint("known", __name__, url_prefix="/sites/<uuid:site_id>/coming-in")


@pages.get("")
def show(site_id: uuid.UUID) -> Response:
    """Ask to come in; or see that one waits."""
    return _page(_open(site_id), KnownForm())


@pages.post("")
def create(site_id: uuid.UUID) -> AnyResponse:
    """Say that the site should ask."""
    me, form = _open(site_id), KnownForm(request.form)
    if not form.validate():
        return _page(me, form, 422)
    if not form.has_seen(cautions(me.site, form.texts(), me.site.language)):
        return _page(me, form)
    with refusals(lambda why: _page(_open(site_id), form.complain(form.who, why), 409)):
        agreeing.put(me, form.said(), form_id())
    return _done(me)


@pages.post("/agreement")
def agree(site_id: uuid.UUID) -> AnyResponse:
    """Say whether it is fine."""
    me = _open(site_id)
    if (said := request.form.get("agrees")) not in ("yes", "no"):
        abort(422)
    with refusals(lambda why: _page(_open(site_id), _complaint(why), 409)):
        agreeing.agree(me, _waiting(me) or uuid.uuid4(), yes=said == "yes")
    return _done(me)


@pages.post("/withdrawal")
def take_back(site_id: uuid.UUID) -> AnyResponse:
    """Say that the site should not ask any more."""
    me = _open(site_id)
    with refusals(lambda why: _page(_open(site_id), _complaint(why), 409)):
        if (asked := known.asks(me.site)) is not None:
            agreeing.say(me, asked, Says.NOTHING)
    return _done(me)


def _open(site_id: uuid.UUID) -> Membership:
    """The asking member, who decides in a site that is not in; of one that is, the network. Nothing of it is read."""
    me = identity.open_site(site_id)
    standing = register.sound_standing_of(me.site)
    if inside.is_in(me.site) and inside.answers(me):
        abort(redirect(url_for("told.index"), 303))
    return me if standing is not None and standing.decides(me.member_id.hex) else abort(404)


def _complaint(why: str) -> KnownForm:
    form = KnownForm()
    form.complain(form.who, why)
    return form


def _waiting(me: Membership) -> uuid.UUID | None:
    """What waits for the word of the site's own members."""
    return next((id_ for id_, one in Intent.at(me.site_id).items() if one.waits), None)


def _done(me: Membership) -> AnyResponse:
    site_id, came_in = me.site_id, inside.is_in(me.site)
    db.session.commit()
    return redirect(url_for("home.show" if came_in else ".show", site_id=site_id), 303)


def _page(me: Membership, form: KnownForm, status: int = 200) -> Response:
    given = cautions(me.site, form.texts(), me.site.language)
    form.has_seen(given)
    waiting = _waiting(me)
    return render(
        "network/matters/coming_in.html",
        status,
        site=me.site,
        me=me.member_id.hex,
        form=form,
        asked=known.asks(me.site),
        meant=Intent.at(me.site_id)[waiting] if waiting else None,
        needed=register.standing_of(me.site).number_in_force(),
        count=inside.count_in(),
        again_from=known.may_ask_from(me.site),
        cautions=list(dict.fromkeys(advice.told(one) for one in given)),
    )
