"""What sites do together: who is in, and who is asked afterwards what came of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from bulletin.domain.network import sharing
from bulletin.domain.network.refusals import Why
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.refusals import NotAllowed

from .answers import Again, Answer, joined
from .matters import Kind, Matter


def who_joins(answers: Iterable[Answer]) -> set[uuid.UUID]:
    """The sites that are in: those whose number is reached."""
    return joined({one.site_id: one.if_n for one in answers if one.yes})


def look_back(me: Membership, matter: Matter, did: str, came: str, again: Again | None) -> None:
    """Note what the site did, and what came of it: like what was done, one who decides tells it. Raises NotAllowed."""
    sharing.check_decides(me)
    mine = next((answer for one, answer in to_look_back(me.site_id, [matter]) if one.id == matter.id), None)
    if mine is None:
        raise NotAllowed(Why.NOT_JOINED)
    mine.say(did=did.strip(), came=came.strip(), again=again)


def to_look_back(site_id: uuid.UUID, matters: Iterable[Matter]) -> list[tuple[Matter, Answer]]:
    """What the site joined, whose day is over; it is asked what it did as long as answers stand."""
    over = [one for one in matters if one.kind == Kind.TOGETHER and not one.is_open and one.count_yes is None]
    answers, found = Answer.to(over), []
    for matter in over:
        mine = next((one for one in answers.get(matter.id, ()) if one.site_id == site_id), None)
        if mine is not None and site_id in who_joins(answers[matter.id]):
            found.append((matter, mine))
    return found
