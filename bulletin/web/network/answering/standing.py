"""How what sites ask each other stands, as one site sees it; and what is said of it."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, abort
from flask_babel import gettext as _, lazy_gettext as _l

from bulletin.db import db
from bulletin.domain.network import inside
from bulletin.domain.network.answering import agreeing, mandates, together
from bulletin.domain.network.answering.agreeing import Intent, Meant, Says
from bulletin.domain.network.answering.answers import Answer, Count, count
from bulletin.domain.network.answering.matters import Kind, Matter
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.sites import Site
from bulletin.vault import tenancy
from bulletin.vault.readers import Reader
from bulletin.web.guard import identity

ANSWERS: Mapping[str, Mapping[str, Any]] = {
    Kind.KNOWN: {Says.YES: _l("We know them"), Says.NO: _l("We do not know them")},
    Kind.TOGETHER: {Says.YES: _l("We join"), Says.NO: _l("Not us")},
    Kind.ASKED: {Says.YES: _l("Yes"), Says.NO: _l("No")},
    Kind.OUT: {Says.YES: _l("Yes, out"), Says.NO: _l("No, they stay")},
}
EARLIER = 5  # that are a count by now, on a page


@dataclasses.dataclass(frozen=True)
class Stands:
    """One of them. `mine`: the site's answer; `meant`: what it means to say, which waits; `needed`: for how many;
    `decided`: nothing follows from it any more.
    """

    matter: Matter
    answers: tuple[Answer, ...]
    mine: Answer | None
    meant: Meant | None
    needed: int
    own: bool
    decided: bool
    joined: bool
    mandate: bool

    @property
    def count(self) -> Count:
        """How many sites say yes and no."""
        return count(self.matter, self.answers)

    @property
    def waits(self) -> bool:
        """Is it for this site to answer?"""
        fresh = self.mine is None and not self.own and not self.decided
        return self.matter.is_open and (fresh or self.meant is not None)

    @property
    def kind(self) -> str:
        """What is asked."""
        return self.matter.kind


@dataclasses.dataclass(frozen=True)
class Here:
    """What one site sees: what it is to answer; what waits for its own members' word (by the id); what it joined and
    may look back at; the rest that stands; who is asked to do something; what is a count by now.
    """

    site: Site
    me: str
    to_answer: list[Stands]
    waiting: dict[uuid.UUID, Meant]
    to_look_back: list[Stands]
    coming: list[Stands]
    asked: list[Stands]
    others: list[Stands]
    earlier: list[Stands]
    ours: list[Matter]

    @property
    def for_my_word(self) -> dict[uuid.UUID, Meant]:
        """What the site would put to others, of which the asking member has said nothing."""
        return {id_: one for id_, one in self.waiting.items() if one.puts and self.me not in (*one.yes, *one.no)}


def install(app: Flask) -> None:
    """Give templates what waits, and the words for it."""
    app.jinja_env.globals.update(asked_here=asked_here, matter_name=matter_name, answer_name=answer_name)


def open_deciding(site_id: uuid.UUID) -> Membership:
    """The place of a member who decides in a site that is in, and reads from here on what sites ask each other and
    answer; 404 for any other.
    """
    me = identity.open_site(site_id)
    if not inside.answers(me):
        abort(404)
    tenancy.read_as(db.session, Reader.DECIDER)
    return me


def asked_here(site: Site) -> Here | None:
    """What a site that is open is to answer; None for whoever does not decide there. Plain reading: nothing else is."""
    me = identity.signed_in().membership_at(site.id)
    return asked(me) if me is not None else None


def asked(me: Membership) -> Here | None:
    """The same for a member whose site is open."""
    if not inside.answers(me) or not (inside.has_others(me.site) or Matter.own(me.site_id)):
        return None
    reader = tenancy.reader_of(db.session)
    tenancy.read_as(db.session, Reader.DECIDER)
    here = here_of(me)
    tenancy.read_as(db.session, reader)
    return here


def here_of(me: Membership) -> Here:
    """What a site sees, for a member who decides there and reads it."""
    meant = Intent.at(me.site_id)
    waiting = {id_: one for id_, one in meant.items() if one.waits}
    matters = Matter.undecided(waiting)
    stand = stands_of(me, matters, meant)
    to_answer = [one for one in stand if one.waits]
    back = {matter.id for matter, answer in together.to_look_back(me.site_id, matters) if not answer.said.did}
    coming = [one for one in stand if one.kind == Kind.TOGETHER and one.matter.is_open and not one.waits]
    asked = [one for one in stand if one.mandate]
    shown = {one.matter.id for one in (*to_answer, *coming, *asked)} | back
    return Here(
        site=me.site,
        me=me.member_id.hex,
        to_answer=to_answer,
        waiting=waiting,
        to_look_back=[one for one in stand if one.matter.id in back],
        coming=coming,
        asked=asked,
        others=[one for one in stand if one.matter.id not in shown and one.kind != Kind.KNOWN and not one.decided],
        earlier=stands_of(me, Matter.counted(EARLIER), meant),
        ours=Matter.own(me.site_id),
    )


def stands_of(me: Membership, matters: list[Matter], meant: Mapping[uuid.UUID, Meant]) -> list[Stands]:
    """How these stand, as the site sees it."""
    answers = Answer.to(matters)
    stand = {one.matter.id for one in mandates.mandates(matters)}
    return [_stands(me, one, tuple(answers.get(one.id, ())), meant, one.id in stand) for one in matters]


def _stands(
    me: Membership, matter: Matter, answers: tuple[Answer, ...], meant: Mapping[uuid.UUID, Meant], mandate: bool
) -> Stands:
    mine = next((one for one in answers if one.site_id == me.site_id), None)
    intent, kind = meant.get(matter.id), Kind(matter.kind)
    about = db.session.get(Site, matter.about) if matter.about else None
    decided = {Kind.KNOWN: bool(about and inside.is_in(about)), Kind.OUT: not (about and inside.is_in(about))}
    return Stands(
        matter=matter,
        answers=answers,
        mine=mine,
        meant=intent if intent is not None and intent.waits else None,
        needed=agreeing.needed(me, kind),
        own=me.site_id in (matter.site_id, matter.about),
        decided=decided.get(kind, False),
        joined=me.site_id in together.who_joins(answers),
        mandate=mandate,
    )


def answer_name(kind: str, says: str) -> Any:
    """What a site says, or would."""
    return _("We take it back") if says == Says.NOTHING else ANSWERS[kind][says]


def matter_name(kind: str, said: Any, site: Site) -> str:
    """What is asked, in a line; whom somebody is asked by name, templates say."""
    return _NAMES[Kind(kind)](said, site)


def _out_name(said: Any, _site: Site) -> str:
    other = db.session.get(Site, uuid.UUID(said.site))
    return _("Shall %(site)s be put out of the network?", site=other.name if other else _("a group that has gone"))


def _together_name(said: Any, site: Site) -> str:
    # Without the stop at its end: another comes.
    return _("%(site)s proposes: %(what)s. Are we in?", site=site.name, what=said.what.rstrip(". "))


_NAMES: Mapping[Kind, Callable[[Any, Site], str]] = {
    Kind.KNOWN: lambda said, site: _("%(site)s would like to come in. Do we know them?", site=site.name),
    Kind.TOGETHER: _together_name,
    Kind.OUT: _out_name,
}
