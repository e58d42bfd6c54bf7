"""What is due: whom to go back to, and why."""

from __future__ import annotations

import datetime
import itertools
import uuid

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms.fields import SelectField

from bulletin.db import db, today
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.follow_ups import FollowUp
from bulletin.domain.people.search import named
from bulletin.domain.site.accounts.members import Membership
from bulletin.web.guard import identity
from bulletin.web.shared.forms import DayField, PlainForm, options
from bulletin.web.shared.pagination import Page
from bulletin.web.shared.refused import refusals
from bulletin.web.shared.rendering import render

pages = Blueprint("follow_ups", __name__, url_prefix="/sites/<uuid:site_id>/follow-ups")

PER_PAGE = 40
STALE_SHOWN = 20


class LaterForm(PlainForm):
    """Another day."""

    page_order = ("on",)
    on = DayField(_l("Another day"))


class OtherForm(PlainForm):
    """Another member."""

    page_order = ("whose",)
    whose = SelectField(_l("Who?"), validate_choice=False)


@pages.get("")
def index(site_id: uuid.UUID) -> str:
    """By day, overdue first; of a day, mine first. And whom nobody has touched for a year."""
    me = identity.open_site(site_id)
    mine = me.member.handle
    due = sorted(FollowUp.open_at(site_id), key=lambda one: (one.on, one.what.whose != mine))
    page = Page.of(due, PER_PAGE)
    stale = Contact.stale_at(site_id)
    asked = request.args.get("done", type=uuid.UUID)
    done = FollowUp.of(site_id, asked) if asked else None
    return render_template(
        "people/follow_ups/index.html",
        site=me.site,
        done=done if done is not None and done.done_on else None,
        mine=mine,
        today=today(me.site.zone),
        days=[(on, list(those)) for on, those in itertools.groupby(page.items, lambda one: one.on)],
        names=named(site_id, (one.contact_id for one in page.items)),
        page=page,
        stale=stale[:STALE_SHOWN],
        more_stale=max(0, len(stale) - STALE_SHOWN),
    )


@pages.get("/<uuid:follow_up_id>")
def show(site_id: uuid.UUID, follow_up_id: uuid.UUID) -> Response:
    """One of them: done, later, or somebody else's."""
    me = identity.open_site(site_id)
    return _page(me, _open(site_id, follow_up_id))


@pages.post("/<uuid:follow_up_id>/completion")
def finish(site_id: uuid.UUID, follow_up_id: uuid.UUID) -> AnyResponse:
    """It is done."""
    me = identity.open_site(site_id)
    _open(site_id, follow_up_id).finish(by=me.member.handle)
    db.session.commit()
    return redirect(url_for(".index", site_id=site_id, done=follow_up_id), 303)


@pages.post("/<uuid:follow_up_id>/reopening")
def reopen(site_id: uuid.UUID, follow_up_id: uuid.UUID) -> AnyResponse:
    """It was not done: a thumb slips."""
    identity.open_site(site_id)
    _open(site_id, follow_up_id).reopen()
    db.session.commit()
    return _seen(site_id)


@pages.post("/<uuid:follow_up_id>/postponement")
def postpone(site_id: uuid.UUID, follow_up_id: uuid.UUID) -> AnyResponse:
    """Another day: in so many days, or a date."""
    me = identity.open_site(site_id)
    one = _open(site_id, follow_up_id)
    form, ahead = LaterForm(request.form), request.form.get("when", "")
    if ahead in ("1", "7"):
        on = max(today(me.site.zone), _seen_on(one)) + datetime.timedelta(days=int(ahead))
    elif form.validate():
        on = form.on.data
    else:
        return _page(me, one, 422, later=form)

    def refuse(why: str) -> Response:
        me = identity.open_site(site_id)
        return _page(me, _open(site_id, follow_up_id), 422, later=form.complain(form.on, why))

    with refusals(refuse):
        one.postpone(on)
    db.session.commit()
    return _seen(site_id)


@pages.post("/<uuid:follow_up_id>/handover")
def hand_over(site_id: uuid.UUID, follow_up_id: uuid.UUID) -> AnyResponse:
    """Another member does it."""
    me = identity.open_site(site_id)
    one = _open(site_id, follow_up_id)
    form = OtherForm(request.form)
    if form.whose.data not in _handles(me):
        form.complain(form.whose, _("Choose somebody who is in the group."))
        return _page(me, one, 422, other=form)
    one.hand_to(form.whose.data)
    db.session.commit()
    return _seen(site_id)


def _open(site_id: uuid.UUID, follow_up_id: uuid.UUID) -> FollowUp:
    return FollowUp.of(site_id, follow_up_id) or abort(404)


def _seen_on(one: FollowUp) -> datetime.date:
    """The day that the page showed: sent twice, it is a week later, not two."""
    try:
        return datetime.date.fromisoformat(request.form.get("from", ""))
    except ValueError:
        return one.on


def _seen(site_id: uuid.UUID) -> AnyResponse:
    return redirect(url_for(".index", site_id=site_id), 303)


def _handles(me: Membership) -> list[str]:
    return [place.member.handle for place in Membership.at(me.site)]


def _page(
    me: Membership,
    one: FollowUp,
    status: int = 200,
    *,
    later: LaterForm | None = None,
    other: OtherForm | None = None,
) -> Response:
    contact = Contact.of(me.site_id, one.contact_id) or abort(404)
    other = other or OtherForm(data={"whose": one.what.whose})
    other.whose.choices = options({handle: handle for handle in _handles(me)})
    return render(
        "people/follow_ups/show.html",
        status,
        site=me.site,
        here={"site_id": me.site_id, "follow_up_id": one.id},
        one=one,
        contact=contact,
        today=today(me.site.zone),
        later=later or LaterForm(),
        other=other,
    )
