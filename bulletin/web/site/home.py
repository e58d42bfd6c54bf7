"""A member's sites, and the first page of each."""

from __future__ import annotations

import uuid
import zoneinfo
from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from bulletin.db import now, today
from bulletin.domain.actions.actions import Action
from bulletin.domain.actions.escalation_plan import Step
from bulletin.domain.papers import approval
from bulletin.domain.papers.articles import Article
from bulletin.domain.papers.bulletins import Bulletin, State
from bulletin.domain.papers.distributions import Distribution
from bulletin.domain.papers.printings import Printing
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.follow_ups import FollowUp
from bulletin.domain.site.events import Event
from bulletin.domain.site.invitations import Invitation
from bulletin.domain.site.members import Membership
from bulletin.web.guard import identity

pages = Blueprint("home", __name__, url_prefix="/sites")

NOTED_WITHIN = timedelta(days=14)  # so long one is reminded that nobody has said what came of an action


@pages.get("")
def index() -> str:
    """Where I am a member."""
    me = identity.signed_in()
    return render_template("site/home/index.html", memberships=me.memberships(), locked_out=me.locked_out())


@pages.get("/mine")
def mine() -> Response:
    """To the only one, or to the list."""
    memberships = identity.signed_in().memberships()
    if len(memberships) == 1:
        return redirect(url_for(".show", site_id=memberships[0].site_id))
    return redirect(url_for(".index"))


@pages.get("/<uuid:site_id>")
def show(site_id: uuid.UUID) -> str:
    """Counts, and what to do first."""
    me = identity.open_site(site_id)
    others = [membership for membership in Membership.at(me.site) if membership.id != me.id]
    invitations = Invitation.open_at(me.site)
    bulletins = Bulletin.at(me.site)
    actions = Action.at(site_id)
    here, follow_ups = today(zoneinfo.ZoneInfo(me.site.time_zone)), FollowUp.open_at(site_id)
    due = sum(one.due_on(here) for one in follow_ups)
    return render_template(
        "site/home/show.html",
        site=me.site,
        several=len(me.member.memberships()) > 1,
        people=len(others) + 1,
        open_invitations=len(invitations),
        to_second=sum(invitation.waits for invitation in invitations),
        removals=sum(membership.removal_by_id is not None for membership in others),
        about_me=me.removal_by_id is not None,
        begun=sum(bulletin.stage is State.DRAFT for bulletin in bulletins),
        to_agree=len(approval.waiting_for(me, bulletins)),
        to_print=sum(bulletin.stage is State.AGREED for bulletin in bulletins),
        next=_next(me),
        due=due + len(Contact.stale_at(site_id)),
        later=len(follow_ups) - due,
        coming=sum(not action.over for action in actions),
        to_note=sum(action.over and action.outcome is None and action.end > now() - NOTED_WITHIN for action in actions),
        no_next=len(Action.without_next_step(site_id)),
        steps_due=sum(step.overdue_on(here) for step in Step.at(site_id)),
    )


@pages.get("/<uuid:site_id>/events")
def events(site_id: uuid.UUID) -> str:
    """What happened, to whom, by whom."""
    me = identity.open_site(site_id)
    return render_template("site/home/events.html", site=me.site, events=Event.at(me.site_id))


def _next(me: Membership) -> dict[str, Any] | None:
    """The next hand-out, and how far its bulletin has come."""
    handed_out = Distribution.next_at(me.site_id)
    bulletin = Bulletin.of(me.site, handed_out.bulletin_id) if handed_out else None
    if handed_out is None or bulletin is None:
        return None
    return {
        "start": handed_out.start,
        "begun": handed_out.start <= now(),
        "place": handed_out.place,
        "number": Article.header_of(bulletin).get("number", ""),
        "agreed": bulletin.is_agreed,
        "printed": bulletin.stage is State.PRINTED,
        "current": any(run.of_words(bulletin.agreed_digest) for run in Printing.all_of(bulletin)),
        "here": {"site_id": me.site_id, "bulletin_id": bulletin.id},
    }
