"""The people of a site: who is in it, asking that somebody be removed, and leaving."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import Blueprint, Response, abort, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from ..db import db
from ..domain import departures
from ..domain.events import Deed, Event
from ..domain.members import Membership, NotAllowed
from . import identity

pages = Blueprint("members", __name__, url_prefix="/sites/<uuid:site_id>")


@pages.get("/members")
def index(site_id: uuid.UUID) -> Response:
    """Everybody, the longest here first."""
    return _page(identity.open_site(site_id))


@pages.post("/members/<uuid:membership_id>/removal")
def ask_removal(site_id: uuid.UUID, membership_id: uuid.UUID) -> AnyResponse:
    """Ask that somebody be removed."""
    return _about(site_id, membership_id, Membership.ask_removal, Deed.REMOVAL_ASKED)


@pages.post("/members/<uuid:membership_id>/removal/seconding")
def second_removal(site_id: uuid.UUID, membership_id: uuid.UUID) -> AnyResponse:
    """Second it: they are locked out at once."""
    return _about(site_id, membership_id, Membership.second_removal, Deed.REMOVAL_SECONDED)


@pages.post("/members/<uuid:membership_id>/removal/withdrawal")
def withdraw_removal(site_id: uuid.UUID, membership_id: uuid.UUID) -> AnyResponse:
    """Take it back."""
    return _about(site_id, membership_id, Membership.withdraw_removal, Deed.REMOVAL_WITHDRAWN)


@pages.get("/departures/new")
def going(site_id: uuid.UUID) -> str:
    """What leaving means, before it is done."""
    me = identity.open_site(site_id)
    return render_template("members/going.html", site=me.site, last=Membership.count_at(me.site) == 1)


@pages.post("/departures")
def leave(site_id: uuid.UUID) -> AnyResponse:
    """Leave; the last one takes the site along."""
    departures.leave(identity.open_site(site_id))
    db.session.commit()
    return redirect("/", 303)


def _about(
    site_id: uuid.UUID, membership_id: uuid.UUID, deed: Callable[[Membership, Membership], None], noted: Deed
) -> AnyResponse:
    me = identity.open_site(site_id)
    person = next((membership for membership in Membership.at(me.site) if membership.id == membership_id), None)
    if person is None:
        abort(404)
    try:
        deed(person, me)
    except NotAllowed as reason:
        db.session.rollback()
        return _page(me, str(reason), 409)
    Event.note(me.site, noted, by=me.member.handle, whom=person.member.handle)
    db.session.commit()
    return redirect(url_for(".index", site_id=site_id), 303)


def _page(me: Membership, problem: str = "", status: int = 200) -> Response:
    people = Membership.at(me.site)
    html = render_template("members/index.html", site=me.site, me=me, people=people, problem=problem)
    return make_response(html, status)
