"""How a site puts something to the others, or answers: as it agrees to its papers. One member does not speak for it.

What it means to say waits, under the site's key, until as many of those who decide as its rule asks for have said that
it is fine, and fewer that it is not. Then it is said, in the clear, without who agreed.
"""

from __future__ import annotations

import dataclasses
import enum
import uuid
from datetime import date
from typing import Any, Self

from sqlalchemy import select

from bulletin.db import SiteOwned, db, today
from bulletin.domain.network import inside, sharing
from bulletin.domain.network.refusals import Why
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.governance import register
from bulletin.domain.site.refusals import NotAllowed
from bulletin.vault import kinds
from bulletin.vault.sealed import Sealed, sealed
from bulletin.vault.shapes import Shape, choice, count, field, flag, hex_id, iso_day, plain_text, shape

from . import known, mandates, may_put
from .answers import Answer
from .matters import SENTENCE_MAX, Kind, Matter, as_text, from_text, kind_of

NUMBER_MAX = 9_999
_MEMBERS = kinds.several(kinds.of_text("member", kinds.a_hex_id, empty=False))


class Says(enum.StrEnum):
    """What a site says."""

    NOTHING = "nothing"  # or what it said is taken back
    YES = "yes"
    NO = "no"


@shape
class Meant(Shape):
    """What a site means to say, or has said. `puts`: what sort of thing it puts to others, in the words of `body`, if
    it answers nothing; `replaces`: what it put before. `by`: the handle of whose words they are; yes, no: who of its
    members says so. `yes_on`: on which day it said yes last.
    """

    puts: Kind | None = choice("", Kind, nothing="")
    body: str = plain_text(named=True)
    ends_on: str = iso_day()
    replaces: str = hex_id("matter")
    says: Says = choice("", Says, default=Says.NOTHING)
    if_n: int = count()
    why: str = plain_text(named=True)
    by: str = plain_text()
    yes: tuple[str, ...] = field(_MEMBERS)
    no: tuple[str, ...] = field(_MEMBERS)
    waits: bool = flag()
    yes_on: str = iso_day()

    @property
    def said(self) -> Any:
        """What is put, if anything: see matters."""
        return from_text(self.puts, self.body) if self.puts else None

    @property
    def until(self) -> date | None:
        """Its last day, if it has one."""
        return date.fromisoformat(self.ends_on) if self.ends_on else None


class Intent(SiteOwned):
    """What a site means to say of one matter, or said; it has that one's id."""

    __tablename__ = "intent"

    what: Sealed[Meant] = sealed(Meant)

    @classmethod
    def of(cls, site_id: uuid.UUID, matter_id: uuid.UUID) -> Self | None:
        """That of the bound site."""
        return db.session.get(cls, (site_id, matter_id))

    @classmethod
    def at(cls, site_id: uuid.UUID) -> dict[uuid.UUID, Meant]:
        """All of the bound site's, by the matter."""
        return {one.id: one.what for one in db.session.scalars(select(cls).filter_by(site_id=site_id))}


def put(
    me: Membership,
    said: Shape,
    matter_id: uuid.UUID,
    *,
    until: date | None = None,
    if_n: int = 0,
    replaces: uuid.UUID | None = None,
) -> None:
    """Say that the site should put this to the others. `if_n`: it joins if so many do. Raises NotAllowed."""
    known.hold()
    sharing.check_decides(me)
    if Intent.of(me.site_id, matter_id) is not None or _is_taken(matter_id):
        return  # this form was sent before
    kind = kind_of(said)
    may_put.check_words(said)
    may_put.check(me, kind, said, until)
    ends_on = until.isoformat() if until else ""
    mine = Meant(puts=kind, body=as_text(said), ends_on=ends_on, says=Says.YES, if_n=_number(if_n))
    if replaces is not None and db.session.get(Matter, (me.site_id, replaces)) is not None:
        mine = dataclasses.replace(mine, replaces=replaces.hex)
    _mean(me, matter_id, dataclasses.replace(mine, by=me.member.handle, yes=(me.member_id.hex,), waits=True))


def say(me: Membership, matter: Matter, says: Says, *, if_n: int = 0, why: str = "") -> None:
    """Say what the site should answer, or that it should take its answer back. Raises NotAllowed.

    Other words than those that wait for the others begin anew: who has agreed to these has not agreed to those. Where
    somebody has besides who wrote them, they stay until as many say no: else one member could stall a site for ever.
    """
    known.hold()
    sharing.check_decides(me)
    _check_open(me, matter, says)
    if len(why) > SENTENCE_MAX:
        raise NotAllowed(Why.TEXT_TOO_LONG, most=SENTENCE_MAX)
    before = Intent.of(me.site_id, matter.id)
    old = before.what if before is not None else Meant()
    if_n, why = _number(if_n) if says is Says.YES else 0, why.strip()
    if old.waits and (old.says, old.if_n, old.why) == (says, if_n, why):
        return agree(me, matter.id, yes=True)
    others = set(old.yes) - {me.member_id.hex}
    if old.waits and len(others) > (old.by != me.member.handle) and len(old.yes) > len(old.no):
        raise NotAllowed(Why.AGREED_TO)
    mine = Meant(says=says, if_n=if_n, why=why, waits=True, yes_on=old.yes_on)
    return _mean(me, matter.id, dataclasses.replace(mine, by=me.member.handle, yes=(me.member_id.hex,)))


def agree(me: Membership, matter_id: uuid.UUID, *, yes: bool) -> None:
    """Say whether what the site means to say is fine. Where nobody says so any more, it is gone. Raises NotAllowed."""
    known.hold()
    sharing.check_decides(me)
    intent, member = Intent.of(me.site_id, matter_id), me.member_id.hex
    if intent is None or not intent.what.waits:
        raise NotAllowed(Why.NOT_WAITING)
    meant = intent.what
    for_it, against = (tuple(one for one in said if one != member) for said in (meant.yes, meant.no))
    meant = dataclasses.replace(
        meant, yes=(*for_it, member) if yes else for_it, no=against if yes else (*against, member)
    )
    if meant.yes:
        _mean(me, matter_id, meant)
    elif meant.puts or not meant.yes_on:
        db.session.delete(intent)
    else:
        intent.what = Meant(yes_on=meant.yes_on)


def needed(me: Membership, kind: Kind) -> int:
    """How many must say that it is fine: as to a paper; two at least where a site comes in or is put out."""
    rule = register.standing_of(me.site).number_in_force()
    return max(rule, 2) if kind in (Kind.KNOWN, Kind.OUT) and inside.is_in(me.site) else rule


def _mean(me: Membership, matter_id: uuid.UUID, meant: Meant) -> None:
    """Keep it, and say it where enough have agreed."""
    intent = Intent.of(me.site_id, matter_id)
    if intent is None:
        intent = Intent(site_id=me.site_id, id=matter_id, what=meant)
        db.session.add(intent)
    else:
        intent.what = meant
    db.session.flush()
    standing = register.standing_of(me.site)
    yes, no = ([one for one in said if standing.decides(one)] for said in (meant.yes, meant.no))
    matter = None if meant.puts else Matter.of(matter_id)
    kind = meant.puts or (Kind(matter.kind) if matter is not None else Kind.TOGETHER)
    # Nobody is given a task unasked; who is in no site says so by coming.
    wanted = meant.puts is not Kind.ASKED or not meant.said.member or meant.said.member in yes
    if len(yes) >= needed(me, kind) and len(yes) > len(no) and wanted:
        _say_it(me, matter_id, meant, matter)
        said_yes = today().isoformat() if meant.says is Says.YES else meant.yes_on
        intent.what = dataclasses.replace(meant, body="", puts=None, replaces="", waits=False, yes_on=said_yes)


def _say_it(me: Membership, matter_id: uuid.UUID, meant: Meant, matter: Matter | None) -> None:
    if meant.puts:
        may_put.check(me, meant.puts, meant.said, meant.until)
        if _is_taken(matter_id):
            raise NotAllowed(Why.OVER)
        matter = _put(me, matter_id, meant)
    elif matter is None or not _is_there(me, matter):
        raise NotAllowed(Why.OVER)
    elif meant.says is Says.NOTHING:
        _take_back(me, matter)
    else:
        _check_open(me, matter, meant.says)
        yes, held = meant.says is Says.YES, known.holds(Answer.of(me.site_id, matter.id))
        brings = yes and (held or known.waits(matter))
        Answer.give(me.site_id, matter, yes=yes, if_n=meant.if_n, why=meant.why, brought_in=brings)
        known.settle(matter, lost=held and not yes)
        Event.note(me.site, Deed.ANSWERED, by=meant.by)


def _put(me: Membership, matter_id: uuid.UUID, meant: Meant) -> Matter:
    """Of what is put to the others the site says yes itself, unless it asks to come in."""
    old = db.session.get(Matter, (me.site_id, uuid.UUID(meant.replaces))) if meant.replaces else None
    if old is not None:
        _take_back(me, old)
    needs = mandates.needed(inside.count_in()) if meant.puts is Kind.ASKED else meant.if_n
    matter = Matter.put(me.site_id, matter_id, meant.said, needs, meant.until)
    db.session.flush()
    if meant.puts is not Kind.KNOWN:
        Answer.give(me.site_id, matter, yes=True, if_n=meant.if_n)
    known.settle(matter)
    Event.note(me.site, Deed.PUT, by=meant.by)
    return matter


def _is_taken(matter_id: uuid.UUID) -> bool:
    """Is there a question of this id at any site, or an answer to one? Ids come from forms: who took another's would be
    given what was said to that one.
    """
    with mandates.counting():
        asked = select(Matter.id).where(Matter.id == matter_id).limit(1)
        said = select(Answer.id).where(Answer.matter_id == matter_id).limit(1)
        return any(db.session.scalar(one) is not None for one in (asked, said))


def _take_back(me: Membership, matter: Matter) -> None:
    """What a site put is gone with its answer, and a site that asks to come in no more is out; else its answer is."""
    held = known.holds(Answer.of(me.site_id, matter.id))
    Answer.take_back(me.site_id, matter.id)
    if matter.site_id == me.site_id:
        if matter.kind == Kind.KNOWN and inside.is_in(me.site) and known.asks(me.site) == matter:
            known.go_out(me.site)
        db.session.delete(matter)
        db.session.flush()
    else:
        known.settle(matter, lost=held)
    Event.note(me.site, Deed.ANSWER_TAKEN_BACK, by=me.member.handle)


def _is_there(me: Membership, matter: Matter) -> bool:
    """Is the site one of those that are asked, or its own asks?"""
    return inside.is_in(me.site) or matter.site_id == me.site_id


def _check_open(me: Membership, matter: Matter, says: Says) -> None:
    if not matter.is_open or not _is_there(me, matter):
        raise NotAllowed(Why.OVER)
    mine = Answer.of(me.site_id, matter.id)
    if says is Says.NOTHING:
        if mine is None and matter.site_id != me.site_id:
            raise NotAllowed(Why.NOT_SAID)
        return
    if matter.about == me.site_id:
        raise NotAllowed(Why.ABOUT_YOU)
    if matter.kind == Kind.KNOWN and says is Says.YES and (mine is None or not mine.yes):
        known.check_may_say(me.site, _known_lately(me))


def _known_lately(me: Membership) -> int:
    """How often the site has said within a month that it knows another, also what it took back since."""
    month = (today() - known.MONTH).isoformat()
    recent = [matter_id for matter_id, meant in Intent.at(me.site_id).items() if meant.yes_on > month]
    theirs = [one for one in recent if (matter := Matter.of(one)) is None or matter.kind == Kind.KNOWN]
    return len(theirs)


def _number(if_n: int) -> int:
    return min(max(0, if_n), NUMBER_MAX)
