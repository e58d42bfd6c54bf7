"""We need, we have: told to all sites for two weeks, and answered by a site for the one that asked alone."""

from __future__ import annotations

import dataclasses
import uuid

from sqlalchemy import select

from bulletin.db import db, today
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.refusals import NotAllowed
from bulletin.domain.site.sites import Site
from bulletin.vault.readers import Audience, only

from . import sharing
from .refusals import Why
from .sharing import Shared, Sharing
from .told import PASSING, SENTENCE_MAX, STANDS, AnswerTold, Kind, NeedTold, Told

MOST = 500  # answers that one site reads


@dataclasses.dataclass(frozen=True)
class Answered:
    """What was asked for, and a site that can. Neither outlives the other on any page."""

    need: Told
    answer: Told

    @property
    def asking(self) -> Site:
        """Whose it is."""
        return self.need.site

    @property
    def answering(self) -> Site:
        """Who can."""
        return self.answer.site


def ask(me: Membership, said: NeedTold, told_id: uuid.UUID) -> Told:
    """Tell all sites, never anyone. Raises NotAllowed."""
    if (known := sharing.told_before(me, told_id)) is not None:
        return known
    if not said.sentence.strip():
        raise NotAllowed(Why.NOTHING_ASKED)
    if len(said.sentence) > SENTENCE_MAX:
        raise NotAllowed(Why.TEXT_TOO_LONG, most=SENTENCE_MAX)
    sharing.check_may_tell(me)
    told = Told.tell(me.site_id, told_id, said, Audience.SITES, today())
    return sharing.shared(me, told, Audience.SITES, Shared(by=me.member.handle))


def need_of(told_id: uuid.UUID) -> Told | None:
    """What is asked for, as long as it stands and the reader may read it."""
    told = Told.of(told_id)
    return told if told is not None and told.is_need else None


def answer(me: Membership, need: Told, told_id: uuid.UUID) -> Told:
    """We can: for the site that asks, which reads how to reach this one, and is read by it. A site says so once.

    Raises NotAllowed.

    The site must be held (site_keys.hold): of two members who say so at once, one waits.
    """
    for one in answers_at(me.site_id):
        if one.need.id == need.id and one.answering.id == me.site_id:
            return one.answer
    sharing.check_may_tell(me)
    told = Told.tell(me.site_id, told_id, AnswerTold(need=need.id.hex), only(need.site_id), today())
    Sharing.keep(told, Shared(by=me.member.handle))
    return told


def answers_at(site_id: uuid.UUID) -> list[Answered]:
    """What other sites answered the bound one, and what it answered them."""
    answers = [(uuid.UUID(one.said.need), one) for one in Told.of_kind(Kind.ANSWER, MOST) if one.said.need]
    needs = {one.id: one for one in Told.of_ids(need_id for need_id, _ in answers) if one.is_need}
    found = [Answered(needs[need_id], one) for need_id, one in answers if need_id in needs]
    return [
        one
        for one in found
        if site_id in (one.asking.id, one.answering.id) and one.answer.audience == only(one.asking.id)
    ]


def end_what_is_over(site_id: uuid.UUID) -> bool:
    """What was asked for two weeks ago, and answered, goes. Was there any?"""
    over = select(Told.id).filter_by(site_id=site_id).where(Told.kind.in_(PASSING), Told.told_on <= today() - STANDS)
    gone = [sharing.take_back(site_id, told_id) for told_id in db.session.scalars(over).all()]
    return bool(gone)
