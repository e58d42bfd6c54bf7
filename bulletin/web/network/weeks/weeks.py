"""Our week: what a site may say of it, word for word as the others will read it, and Send."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bulletin.db import db
from bulletin.domain.network import inside, sharing, weeks
from bulletin.domain.network.cautions import cautions
from bulletin.domain.network.week_told import WeekTold
from bulletin.domain.papers.advice.rules import Advice
from bulletin.domain.site.accounts.members import Membership
from bulletin.vault.shapes import own_words
from bulletin.web.guard import identity
from bulletin.web.network.telling import row_id
from bulletin.web.papers import advice
from bulletin.web.shared.refused import refusals
from bulletin.web.shared.rendering import render
from bulletin.web.shared.sent_forms import form_id

from .forms import WeekForm

pages = Blueprint("weeks", __name__, url_prefix="/sites/<uuid:site_id>/weeks")


@pages.get("/new")
def new(site_id: uuid.UUID) -> AnyResponse:
    """The week as it makes itself; where it was told already, what was told."""
    me = _open(site_id)
    if (there := weeks.told_for(site_id, weeks.week_of(me.site))) is not None:
        return redirect(url_for("told.show", copy_id=there.id), 303)
    form = _with_offers(me, WeekForm.at(me.site))
    form.begin()
    return _page(me, form)


@pages.post("")
def create(site_id: uuid.UUID) -> AnyResponse:
    """Send it, or look again at how it reads; nothing is sent that was not shown."""
    me, sent = _open(site_id), form_id()
    if sharing.told_before(me, sent) is not None:
        return redirect(url_for("told.index"), 303)
    form = _with_offers(me, WeekForm(request.form))
    if not form.validate():
        return _page(me, form, 422)
    said = form.said()
    shown, seen = form.is_as_shown(), form.has_seen(_cautions(me, said))
    if "look" in request.form or not (shown and seen):
        return _page(me, form)

    def refuse(why: str) -> Response:
        me = _open(site_id)
        return _page(me, _with_offers(me, form).complain(form.sentence, why), 409)

    with refusals(refuse):
        weeks.tell(me, said, [one.source for one in form.offers], form.chosen, row_id(me, sent))
    form.keep(me.site)
    db.session.commit()
    return redirect(url_for("told.index"), 303)


def _open(site_id: uuid.UUID) -> Membership:
    """The asking member's place in a site that is in, who reads what sites tell; 404 for any other."""
    me = identity.open_site(site_id)
    if not inside.is_in(me.site):
        abort(404)
    identity.open_network()
    return me


def _with_offers(me: Membership, form: WeekForm) -> WeekForm:
    offers = weeks.offers(me)
    told = weeks.pointed_to([WeekTold(done=tuple(one.done for one in offers))])
    form.offer(offers, weeks.last_topics(me.site_id), weeks.suggested(me.site), told)
    return form


def _cautions(me: Membership, said: WeekTold) -> list[Advice]:
    return cautions(me.site, own_words(said), me.site.language)


def _page(me: Membership, form: WeekForm, status: int = 200) -> Response:
    said = form.said()
    given = _cautions(me, said)
    form.is_as_shown()
    form.has_seen(given)
    return render(
        "network/weeks/new.html",
        status,
        site=me.site,
        week=weeks.week_of(me.site),
        form=form,
        said=said,
        told=form.told,
        first=me.site.told_to is None,
        cautions=list(dict.fromkeys(advice.told(one) for one in given)),
    )
