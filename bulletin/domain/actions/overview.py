"""The first page of a site in figures: what waits for a member, what comes next, what is due."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any, Self

from bulletin.db import now, today
from bulletin.domain.papers import approval
from bulletin.domain.papers.articles import Article
from bulletin.domain.papers.bulletins import Bulletin, State
from bulletin.domain.papers.distributions import Distribution
from bulletin.domain.papers.printings import Printing
from bulletin.domain.people import forgetting
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.follow_ups import FollowUp
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.governance import register
from bulletin.domain.site.governance.roll import Matter, Question
from bulletin.domain.site.invitations import Invitation

from .actions import Action
from .escalation_plan import Step

NEAR = timedelta(days=3)  # of a hand-out: from then on it stands first
NOTED_WITHIN = timedelta(days=14)  # so long one is reminded that nobody has said what came of an action


@dataclasses.dataclass(frozen=True)
class Overview:
    """Counts of a site's members, papers, people and actions, as one of its members finds them."""

    people: int  # members
    open_invitations: int
    to_second: int  # invitations
    asked: tuple[Question, ...]  # what everybody is asked, and this member has not answered
    newcomers: int  # whom this member has not said they have met
    about_me: Question | None  # my own removal, where it is asked for
    to_check: bool  # was the register put together lately?
    broken: bool  # was it changed from outside?
    begun: int  # bulletins
    to_agree: int
    to_print: int
    objected: tuple[dict[str, Any], ...]  # papers that this member agrees to, and another one objects to
    next: dict[str, Any] | None  # the next hand-out, and how far its bulletin has come
    due: int  # follow-ups of today and before, and people who are to be removed as untouched
    later: int  # follow-ups
    hidden: int  # people who are to be forgotten
    coming: int  # actions
    to_note: int
    no_next: int
    steps_due: int
    nothing_yet: bool  # no workmate, no paper, nothing done

    @classmethod
    def of(cls, me: Membership) -> Self:
        """As it is now; the site must be open."""
        site, site_id, here = me.site, me.site_id, today(me.site.zone)
        invitations, bulletins, actions = Invitation.open_at(site), Bulletin.at(site), Action.at(site_id)
        follow_ups = FollowUp.open_at(site_id)
        due = sum(one.due_on(here) for one in follow_ups)
        fresh = now() - NOTED_WITHIN
        return cls(
            people=Membership.count_at(site),
            open_invitations=len(invitations),
            **_rules(me),
            begun=sum(bulletin.stage is State.DRAFT for bulletin in bulletins),
            to_agree=len(approval.waiting_for(me, bulletins)),
            objected=tuple(_named(one) for one in bulletins if approval.is_objected(one, me)),
            to_print=sum(bulletin.stage is State.AGREED for bulletin in bulletins),
            next=_next(me),
            due=due + len(Contact.stale_at(site_id)),
            later=len(follow_ups) - due,
            hidden=len(forgetting.waiting(site_id)),
            coming=sum(not action.over for action in actions),
            to_note=sum(action.over and action.outcome is None and action.end > fresh for action in actions),
            no_next=len(Action.without_next_step(site_id)),
            steps_due=sum(step.overdue_on(here) for step in Step.at(site_id)),
            nothing_yet=not (bulletins or actions or Contact.any_at(site_id)),
        )


def _rules(me: Membership) -> dict[str, Any]:
    """What the rules ask of this member."""
    mine, standing = me.member_id.hex, register.sound_standing_of(me.site)
    if standing is None:
        return {"to_second": 0, "asked": (), "newcomers": 0, "about_me": None, "to_check": False, "broken": True}
    waits = standing.waits_for(mine)
    invited = standing.invited.values() if standing.decides(mine) else ()
    return {
        "to_second": sum(mine not in one.yes and not standing.is_ready(one) for one in invited),
        "asked": tuple(question for question in waits if question.matter is not Matter.NEWCOMER),
        "newcomers": sum(question.matter is Matter.NEWCOMER for question in waits),
        "about_me": standing.open_on(Matter.REMOVAL, mine),
        "to_check": standing.to_check(),
        "broken": False,
    }


def _next(me: Membership) -> dict[str, Any] | None:
    """The next hand-out, and how far its bulletin has come."""
    handed_out = Distribution.next_at(me.site_id)
    bulletin = Bulletin.of(me.site, handed_out.bulletin_id) if handed_out else None
    if handed_out is None or bulletin is None:
        return None
    return {
        "start": handed_out.start,
        "begun": handed_out.start <= now(),
        "near": handed_out.start <= now() + NEAR,
        "place": handed_out.place,
        **_named(bulletin),
        "agreed": bulletin.is_agreed,
        "printed": bulletin.stage is State.PRINTED,
        "current": any(run.of_words(bulletin.agreed_digest) for run in Printing.all_of(bulletin)),
    }


def _named(bulletin: Bulletin) -> dict[str, Any]:
    """A bulletin as a line says it, and where it is."""
    header = Article.header_of(bulletin)
    return {
        "number": header.get("number", ""),
        "headline": header.get("headline", ""),
        "here": {"site_id": bulletin.site_id, "bulletin_id": bulletin.id},
    }
