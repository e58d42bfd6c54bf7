"""The people of a site: who is in it, who decides, asking that somebody be put out, and leaving."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from bulletin.domain.portability import leaving
from bulletin.domain.site.accounts.devices import Device
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.governance import consequences, register
from bulletin.domain.site.governance.roll import Matter
from bulletin.web.guard import identity
from bulletin.web.shared.rendering import render

from . import questions
from .questions import Asked

pages = Blueprint("members", __name__, url_prefix="/sites/<uuid:site_id>")


@pages.get("/members")
def index(site_id: uuid.UUID) -> Response:
    """Everybody, the longest here first."""
    return _page(identity.open_site(site_id))


@pages.post("/members/<uuid:membership_id>/removal")
def ask_removal(site_id: uuid.UUID, membership_id: uuid.UUID) -> AnyResponse:
    """Ask everybody whether somebody is put out; the second who says so locks them out."""
    me = identity.open_site(site_id)
    person = next((place for place in Membership.at(me.site) if place.id == membership_id), None) or abort(404)
    about = person.member_id.hex
    return questions.done(me, lambda: consequences.ask(me, Matter.REMOVAL, about), lambda why: _page(me, why, 409))


@pages.get("/departures/new")
def going(site_id: uuid.UUID) -> str:
    """What leaving means, before it is done."""
    me = identity.open_site(site_id)
    return render_template("site/members/going.html", site=me.site, last=Membership.count_at(me.site) == 1)


@pages.post("/departures")
def leave(site_id: uuid.UUID) -> AnyResponse:
    """Leave; the last one takes the site along."""
    leaving.leave(identity.open_site(site_id))
    identity.commit_and_forget()
    response = redirect(url_for("signing_in.left"), 303)
    if Device.with_token(identity.token()) is None:  # the account has gone too
        identity.forget(response)
    return response


def _page(me: Membership, problem: str = "", status: int = 200) -> Response:
    standing = register.sound_standing_of(me.site)
    every = [Asked.of(question, standing, me) for question in standing.questions.values()] if standing else []
    return render(
        "site/members/index.html",
        status,
        site=me.site,
        me=me,
        people=Membership.at(me.site),
        known=standing.people if standing else {},
        handles={one.member: one.handle for one in standing.people.values()} if standing else {},
        deciders={one.member for one in standing.deciders()} if standing else set(),
        removals={one.question.about: one for one in every if one.question.matter is Matter.REMOVAL},
        newcomers={one.question.about: one for one in every if one.question.matter is Matter.NEWCOMER},
        decides=standing is not None and standing.decides(me.member_id.hex),
        to_check=standing is not None and standing.to_check(),
        broken=standing is None,
        problem=problem,
    )
