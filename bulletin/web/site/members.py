"""The people of a site: who is in it, asking that somebody be removed, and leaving."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from bulletin.db import db
from bulletin.domain.portability import leaving
from bulletin.domain.site.devices import Device
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.members import Membership
from bulletin.web.guard import identity
from bulletin.web.shared.refused import refusals
from bulletin.web.shared.rendering import render

pages = Blueprint("members", __name__, url_prefix="/sites/<uuid:site_id>")


@pages.get("/members")
def index(site_id: uuid.UUID) -> Response:
    """Everybody, the longest here first."""
    return _page(identity.open_site(site_id))


@pages.post("/members/<uuid:membership_id>/removal")
def ask_removal(site_id: uuid.UUID, membership_id: uuid.UUID) -> AnyResponse:
    """Ask that somebody be removed."""
    me, person = _open(site_id, membership_id)
    if person.locked or person.removal_by_id == me.member_id:
        return _seen(me)
    return _about(me, person, Membership.ask_removal, Deed.REMOVAL_ASKED)


@pages.post("/members/<uuid:membership_id>/removal/seconding")
def second_removal(site_id: uuid.UUID, membership_id: uuid.UUID) -> AnyResponse:
    """Second it: they are locked out at once."""
    me, person = _open(site_id, membership_id)
    if person.locked:
        return _seen(me)
    return _about(me, person, Membership.second_removal, Deed.REMOVAL_SECONDED)


@pages.post("/members/<uuid:membership_id>/removal/withdrawal")
def withdraw_removal(site_id: uuid.UUID, membership_id: uuid.UUID) -> AnyResponse:
    """Take it back."""
    me, person = _open(site_id, membership_id)
    if person.removal_by_id is None and not person.locked:
        return _seen(me)
    return _about(me, person, Membership.withdraw_removal, Deed.REMOVAL_WITHDRAWN)


@pages.get("/departures/new")
def going(site_id: uuid.UUID) -> str:
    """What leaving means, before it is done."""
    me = identity.open_site(site_id)
    others = [person for person in Membership.at(me.site) if person.id != me.id]
    return render_template("site/members/going.html", site=me.site, last=all(person.locked for person in others))


@pages.post("/departures")
def leave(site_id: uuid.UUID) -> AnyResponse:
    """Leave; the last one takes the site along."""
    leaving.leave(identity.open_site(site_id))
    identity.commit_and_forget()
    response = redirect(url_for("signing_in.left"), 303)
    if Device.with_token(identity.token()) is None:  # the account has gone too
        identity.forget(response)
    return response


def _open(site_id: uuid.UUID, membership_id: uuid.UUID) -> tuple[Membership, Membership]:
    me = identity.open_site(site_id)
    return me, Membership.lock(me.site, membership_id) or abort(404)


def _about(
    me: Membership, person: Membership, deed: Callable[[Membership, Membership], None], noted: Deed
) -> AnyResponse:
    with refusals(lambda why: _page(me, why, 409)):
        deed(person, me)
    Event.note(me.site, noted, by=me.member.handle, whom=person.member.handle)
    return _seen(me)


def _seen(me: Membership) -> AnyResponse:
    """Whoever taps twice sees what the first tap did."""
    site_id = me.site_id
    db.session.commit()
    return redirect(url_for(".index", site_id=site_id), 303)


def _page(me: Membership, problem: str = "", status: int = 200) -> Response:
    people = Membership.at(me.site)
    return render("site/members/index.html", status, site=me.site, me=me, people=people, problem=problem)
