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
from bulletin.domain.inbox.letters import ParkedLetter
from bulletin.domain.network.told import Told
from bulletin.domain.papers.articles import Article
from bulletin.domain.papers.distributions import Distribution
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.people.follow_ups import FollowUp
from bulletin.domain.people.name_matching import name_key
from bulletin.vault.sealed import sealed_columns, sealed_field
from bulletin.vault.shapes import has_own_words, own_words


class Where(enum.StrEnum):
    """What sort of thing a name stands in."""

    TALK = "talk"
    PERSON = "person"
    FOLLOW_UP = "follow-up"
    ACTION = "action"
    STEP = "step"
    PAPER = "paper"
    HAND_OUT = "hand-out"
    TOLD = "told"  # to others
    LETTER = "letter"  # that could not be filed


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
    keys = {name_key(name) for name in (brief.name, *brief.nickname.split(","))} - {""}
    found = (place for place, told in _everywhere(contact) if _named(keys, told))
    return list(dict.fromkeys(found))


def _named(keys: Iterable[str], told: Iterable[str]) -> bool:
    text = f" {name_key(' '.join(told))} "
    return any(f" {key} " in text for key in keys)


def _everywhere(contact: Contact) -> Iterator[tuple[Mention, Iterator[str]]]:
    """Everything that people typed at a site and that is not this contact's own."""
    site_id = contact.site_id
    for other, told in _rows(Contact, site_id):
        if other.id != contact.id and other.merged_into is None:
            yield Mention(Where.PERSON, other.id), told
    for talk, told in _rows(Conversation, site_id):
        if talk.contact_id != contact.id:
            yield Mention(Where.TALK, talk.contact_id, talk.id), told
    for plan, told in _rows(FollowUp, site_id):
        if plan.contact_id != contact.id:
            yield Mention(Where.FOLLOW_UP, plan.contact_id, plan.id), told
    for action, told in _rows(Action, site_id):
        yield Mention(Where.ACTION, action.id), told
    for step, told in _rows(Step, site_id):
        yield Mention(Where.STEP, step.id), told
    for article, told in _rows(Article, site_id):
        yield Mention(Where.PAPER, article.bulletin_id, article.id), told
    for handed_out, told in _rows(Distribution, site_id):
        yield Mention(Where.HAND_OUT, handed_out.bulletin_id, handed_out.id), told
    for letter, told in _rows(ParkedLetter, site_id):
        yield Mention(Where.LETTER, letter.id), told
    for copy in Told.own(site_id):
        yield Mention(Where.TOLD, copy.id), iter((*own_words(copy.said), copy.text or ""))


def _rows(record: type[SiteOwned], site_id: uuid.UUID) -> Iterator[tuple[Any, Iterator[str]]]:
    """The rows of a kind, each with the words of people's own in it, which are opened when they are read."""
    kinds = ((name, sealed_field(record, name).kind) for name in sealed_columns(record))
    names = [name for name, kind in kinds if kind is not None and kind.shape and has_own_words(kind.shape)]
    for row in db.session.scalars(select(record).filter_by(site_id=site_id)):
        yield row, _own_words(row, names)


def _own_words(row: SiteOwned, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from own_words(getattr(row, name))
