"""The people of a site: who is in it, who decides, asking that somebody be put out, and leaving."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from bulletin.db import db
from bulletin.domain.portability import leaving
from bulletin.domain.site.accounts.devices import Device
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.governance import consequences, idling, register
from bulletin.domain.site.governance.roll import Matter
from bulletin.domain.site.sites import IDLE_MINUTES_MAX
from bulletin.web.guard import identity
from bulletin.web.shared.forms import PlainForm, WholeNumberField
from bulletin.web.shared.grave import grave
from bulletin.web.shared.refused import refusals
from bulletin.web.shared.rendering import render

from . import questions
from .questions import Asked

pages = Blueprint("members", __name__, url_prefix="/sites/<uuid:site_id>")


MINUTES = _l("Give the minutes as a number from 1 to 60.")


class IdleForm(PlainForm):
    """After how long phones ask for their digits."""

    minutes = WholeNumberField(_l("Minutes without use"), IDLE_MINUTES_MAX, MINUTES)


@pages.get("/members")
def index(site_id: uuid.UUID) -> Response:
    """Everybody, the longest here first."""
    return _page(identity.open_site(site_id))


@pages.get("/members/<uuid:membership_id>")
def show(site_id: uuid.UUID, membership_id: uuid.UUID) -> Response:
    """One of them, and what can be asked about them."""
    me = identity.open_site(site_id)
    return _person_page(me, _person(me, membership_id))


@pages.post("/members/<uuid:membership_id>/removal")
@grave(lambda site_id, membership_id: show(site_id, membership_id))
def ask_removal(site_id: uuid.UUID, membership_id: uuid.UUID) -> AnyResponse:
    """Ask everybody whether somebody is put out; the second who says so locks them out."""
    me = identity.open_site(site_id)
    person = _person(me, membership_id)
    about = person.member_id.hex
    return questions.done(
        me, lambda: consequences.ask(me, Matter.REMOVAL, about), lambda why: _person_page(me, person, why, 409)
    )


@pages.post("/members/idle-minutes")
@grave(lambda site_id: _page(identity.open_site(site_id), idle=IdleForm(request.form)))
def choose_idle_minutes(site_id: uuid.UUID) -> AnyResponse:
    """How soon the phones of all members ask for their digits."""
    me, form = identity.open_site(site_id), IdleForm(request.form)
    if form.validate() and not form.minutes.data:
        form.complain(form.minutes, str(MINUTES))
    if form.errors:
        return _page(me, status=422, idle=form)
    with refusals(lambda why: _page(identity.open_site(site_id), why, 409)):
        idling.choose(me, form.minutes.data)
    db.session.commit()
    return redirect(url_for(".index", site_id=site_id), 303)


@pages.get("/departures/new")
def going(site_id: uuid.UUID) -> Response:
    """What leaving means, before it is done."""
    me = identity.open_site(site_id)
    return render("site/members/going.html", site=me.site, last=Membership.count_at(me.site) == 1)


@pages.post("/departures")
@grave(lambda site_id: going(site_id))
def leave(site_id: uuid.UUID) -> AnyResponse:
    """Leave; the last one takes the site along."""
    leaving.leave(identity.open_site(site_id))
    identity.commit_and_forget()
    response = redirect(url_for("signing_in.left"), 303)
    if Device.with_token(identity.token()) is None:  # the account has gone too
        identity.forget(response)
    return response


def _person(me: Membership, membership_id: uuid.UUID) -> Membership:
    return next((place for place in Membership.at(me.site) if place.id == membership_id), None) or abort(404)


def _person_page(me: Membership, person: Membership, problem: str = "", status: int = 200) -> Response:
    standing, about = register.sound_standing_of(me.site), person.member_id.hex
    known = standing.people.get(about) if standing else None
    removal = standing.open_on(Matter.REMOVAL, about) if standing else None
    return render(
        "site/members/show.html",
        status,
        site=me.site,
        me=me,
        person=person,
        handle=known.handle if known else person.member.handle,
        decides_too=standing is not None and standing.decides(about),
        removal=Asked.of(removal, standing, me) if removal and standing else None,
        may_ask=standing is not None
        and known is not None
        and not known.is_locked
        and standing.decides(me.member_id.hex),
        problem=problem,
    )


def _page(me: Membership, problem: str = "", status: int = 200, *, idle: IdleForm | None = None) -> Response:
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
        idle=idle or IdleForm(data={"minutes": me.site.idle_minutes}),
    )
