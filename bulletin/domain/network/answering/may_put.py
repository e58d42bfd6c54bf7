"""What a site may put to the others: looked at when it is proposed, and again when enough have agreed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

from bulletin.db import db, today
from bulletin.domain.network import inside
from bulletin.domain.network.refusals import Why
from bulletin.domain.network.told import Told
from bulletin.domain.site.accounts.members import Member, Membership
from bulletin.domain.site.governance import register
from bulletin.domain.site.refusals import NotAllowed
from bulletin.vault.shapes import Shape, fields_of

from . import known
from .matters import A_YEAR, OUT_STANDS, Kind, Matter

OPEN_MAX = 5  # things that one site puts to others at a time


def check(me: Membership, kind: Kind, said: Any, until: date | None) -> None:
    """May this site put this to the others now? Raises NotAllowed."""
    if kind is Kind.KNOWN and inside.is_in(me.site):
        raise NotAllowed(Why.IN_ALREADY)
    if kind is not Kind.KNOWN and not inside.is_in(me.site):
        raise NotAllowed(Why.NOT_IN)
    if sum(one.is_open and one.kind != Kind.KNOWN for one in Matter.own(me.site_id)) >= OPEN_MAX:
        raise NotAllowed(Why.MUCH_OPEN, most=OPEN_MAX)
    _CHECKS[kind](me, said, until)


def check_words(said: Shape) -> None:
    """Is all of it said, and short enough? Raises NotAllowed."""
    for name, about in fields_of(type(said)).items():
        if about.asked and not getattr(said, name).strip():
            raise NotAllowed(Why.WORDS_MISSING)
        if about.most and len(getattr(said, name)) > about.most:
            raise NotAllowed(Why.TEXT_TOO_LONG, most=about.most)


def _check_known(me: Membership, _said: Any, _until: date | None) -> None:
    if day := known.may_ask_from(me.site):
        raise NotAllowed(Why.PUT_OUT, until=date.fromisoformat(day))
    if known.asks(me.site) is not None:
        raise NotAllowed(Why.ASKS_ALREADY)


def _check_together(me: Membership, said: Any, until: date | None) -> None:
    _check_day(until)
    if not said.day or until is None or not today(me.site.zone) <= date.fromisoformat(said.day) <= until:
        raise NotAllowed(Why.NO_DAY)
    told = Told.of(uuid.UUID(said.paper)) if said.paper else None
    if said.paper and (told is None or told.site_id != me.site_id or not told.is_paper):
        raise NotAllowed(Why.NO_SUCH_PAPER)


def _check_asked(me: Membership, said: Any, until: date | None) -> None:
    _check_day(until)
    if not said.member and not said.name.strip():
        raise NotAllowed(Why.WORDS_MISSING)
    if not said.member:
        return
    member = db.session.get(Member, uuid.UUID(said.member))
    if member is None or not register.standing_of(me.site).decides(said.member) or member.handle != said.name:
        raise NotAllowed(Why.NO_SUCH_MEMBER)


def _check_out(me: Membership, said: Any, until: date | None) -> None:
    if until is None or until > today() + OUT_STANDS:
        raise NotAllowed(Why.NO_DAY)
    if not said.site or uuid.UUID(said.site) == me.site_id or known.about(uuid.UUID(said.site)) is None:
        raise NotAllowed(Why.NO_SUCH_SITE)


_CHECKS: dict[Kind, Callable[[Membership, Any, date | None], None]] = {
    **{Kind.KNOWN: _check_known, Kind.TOGETHER: _check_together},
    **{Kind.ASKED: _check_asked, Kind.OUT: _check_out},
}


def _check_day(until: date | None) -> None:
    if until is None or not today() <= until <= today() + A_YEAR:
        raise NotAllowed(Why.NO_DAY)
