"""Where somebody is named in what is noted of others: that is not forgotten with them, and people must mend it."""

from __future__ import annotations

import dataclasses
import enum
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select

from bulletin.db import SiteOwned, db
from bulletin.domain.actions.actions import Action
from bulletin.domain.actions.escalation_plan import Step
from bulletin.domain.papers.articles import Article
from bulletin.domain.papers.distributions import Distribution
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.people.follow_ups import FollowUp
from bulletin.domain.people.name_matching import name_key


class Where(enum.StrEnum):
    """What sort of thing a name stands in."""

    TALK = "talk"
    PERSON = "person"
    FOLLOW_UP = "follow-up"
    ACTION = "action"
    STEP = "step"
    PAPER = "paper"
    HAND_OUT = "hand-out"


@dataclasses.dataclass(frozen=True)
class Mention:
    """One of them. `id`: of whom or what its page is about; `inner`: of the talk, the plan or the article there."""

    where: Where
    id: uuid.UUID
    inner: uuid.UUID | None = None


def mentions(contact: Contact) -> list[Mention]:
    """Where the names of somebody stand beside what is theirs, each place once.

    Looks for names as they are compared, so it finds them however they are typed; a given name alone is looked for only
    where they have no other.
    """
    brief = contact.brief
    keys = {name_key(name) for name in (brief["name"], *brief["nickname"].split(","))} - {""}
    found = (place for place, told in _everywhere(contact) if _named(keys, told))
    return list(dict.fromkeys(found))


def _named(keys: Iterable[str], told: Any) -> bool:
    text = f" {name_key(' '.join(_texts(told)))} "
    return any(f" {key} " in text for key in keys)


def _texts(told: Any) -> Iterator[str]:
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict):
        for value in told.values():
            yield from _texts(value)
    elif isinstance(told, list):
        for value in told:
            yield from _texts(value)


def _everywhere(contact: Contact) -> Iterator[tuple[Mention, Any]]:
    """Everything that people typed at a site and that is not this contact's own."""
    site_id = contact.site_id
    for other in _rows(Contact, site_id):
        if other.id != contact.id and other.merged_into is None:
            yield Mention(Where.PERSON, other.id), [other.details[name] for name in ("known_by", "notes", "reach")]
    for talk in _rows(Conversation, site_id):
        if talk.contact_id != contact.id:
            yield Mention(Where.TALK, talk.contact_id, talk.id), [talk.said, talk.earlier]
    for plan in _rows(FollowUp, site_id):
        if plan.contact_id != contact.id:
            yield Mention(Where.FOLLOW_UP, plan.contact_id, plan.id), plan.what["reason"]
    for action in _rows(Action, site_id):
        plan, outcome, lesson = action.plan, action.outcome or {}, action.lesson or {}
        told = [
            plan["title"],
            plan["place"],
            plan["demand"],
            outcome.get("words"),
            outcome.get("next"),
            *lesson.values(),
        ]
        yield Mention(Where.ACTION, action.id), told
    for step in _rows(Step, site_id):
        yield Mention(Where.STEP, step.id), [step.what[name] for name in ("action", "test", "threshold")]
    for article in _rows(Article, site_id):
        yield Mention(Where.PAPER, article.bulletin_id, article.id), article.body
    for handed_out in _rows(Distribution, site_id):
        yield (
            Mention(Where.HAND_OUT, handed_out.bulletin_id, handed_out.id),
            [handed_out.what["place"], handed_out.went],
        )


def _rows(record: type[SiteOwned], site_id: uuid.UUID) -> Any:
    return db.session.scalars(select(record).filter_by(site_id=site_id))
