"""A member's sites, and the first page of each."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from bulletin.db import db
from bulletin.domain.actions.overview import Overview
from bulletin.domain.inbox.letters import ParkedLetter
from bulletin.domain.network import inside, needs, weeks
from bulletin.domain.network.told import Told
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.events import Event
from bulletin.domain.site.sites import SCREEN_NAME_MAX
from bulletin.web.guard import identity
from bulletin.web.shared.forms import PlainForm, line_field
from bulletin.web.shared.pagination import Page
from bulletin.web.shared.rendering import render

from . import questions

pages = Blueprint("home", __name__, url_prefix="/sites")

EVENTS = 50  # on a page
FROM_OTHERS = 3  # lines on the first page


class NamesForm(PlainForm):
    """What a site's screens call it."""

    screen_name = line_field(_l("Name on the screen"), SCREEN_NAME_MAX)


@pages.get("")
def index() -> str:
    """Where I am a member."""
    me = identity.signed_in()
    return render_template("site/home/index.html", memberships=me.memberships(), locked_out=me.locked_out())


@pages.get("/mine")
def mine() -> AnyResponse:
    """To the only one, or to the list; who is in none and reads for all goes to the network."""
    me = identity.signed_in()
    memberships = me.memberships()
    if not me.has_place():
        return redirect(url_for("told.index"))
    if len(memberships) == 1:
        return redirect(url_for(".show", site_id=memberships[0].site_id))
    return redirect(url_for(".index"))


@pages.get("/<uuid:site_id>")
def show(site_id: uuid.UUID) -> str:
    """Counts, and what to do first."""
    me = identity.open_site(site_id)
    several = len(me.member.memberships()) > 1
    overview = vars(Overview.of(me))
    overview["asked"] = questions.about(me, overview["asked"])
    here = identity.device()
    overview["offers_pin"] = here is not None and not (here.pin_offered or here.shared or here.has_pin)
    overview["parked"] = ParkedLetter.count_at(site_id)
    return render_template("site/home/show.html", site=me.site, several=several, **_network(me), **overview)


def _network(me: Membership) -> dict[str, Any]:
    """From the others: nothing while there is one site."""
    if not inside.has_others(me.site):
        return {"in_network": False, "others": [], "answers": []}
    identity.open_network()
    answers = [one for one in needs.answers_at(me.site_id) if one.asking.id == me.site_id][:FROM_OTHERS]
    others = Told.by_others(me.site_id, FROM_OTHERS)[: FROM_OTHERS - len(answers)]
    told_week = weeks.pointed_to(one.said for one in others if one.is_week)
    to_tell = weeks.told_for(me.site_id, weeks.week_of(me.site)) is None
    return {"in_network": True, "others": others, "answers": answers, "told_week": told_week, "week_to_tell": to_tell}


@pages.get("/<uuid:site_id>/events")
def events(site_id: uuid.UUID) -> str:
    """What happened, to whom, by whom, the latest first."""
    me = identity.open_site(site_id)
    page = Page.of(range(Event.count_at(me.site_id)), EVENTS)
    return render_template(
        "site/home/events.html", site=me.site, page=page, events=Event.some_at(me.site_id, page.items)
    )


@pages.get("/<uuid:site_id>/names")
def names(site_id: uuid.UUID) -> Response:
    """What it is called on the screen, and what it is called."""
    site = identity.open_site(site_id).site
    return render("site/home/names.html", site=site, form=NamesForm(obj=site))


@pages.post("/<uuid:site_id>/names")
def rename(site_id: uuid.UUID) -> AnyResponse:
    """Call it something else on the screen; for everybody in it."""
    site = identity.open_site(site_id).site
    form = NamesForm(request.form)
    if not form.validate():
        return render("site/home/names.html", 422, site=site, form=form)
    site.screen_name = form.screen_name.data
    db.session.commit()
    return redirect(url_for(".show", site_id=site_id), 303)
