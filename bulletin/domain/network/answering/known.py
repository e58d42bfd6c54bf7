"""We know them: which sites come in, who may say so, and how one is out again."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from bulletin.db import db, today
from bulletin.domain.network import inside
from bulletin.domain.network.refusals import Why
from bulletin.domain.site import departures
from bulletin.domain.site.refusals import NotAllowed
from bulletin.domain.site.sites import Network, Site

from .answers import Answer
from .matters import OUT_STANDS, Kind, Matter

TWO = 2  # sites bring one in
MONTH, TIMES = timedelta(days=30), 3  # after which it may, and how often within it


@dataclasses.dataclass(frozen=True)
class Knows:
    """A site, and which sites say that they know it; none of one that was there from the beginning."""

    site: Site
    asks: Matter | None
    by: tuple[Site, ...]


def hold() -> None:
    """Let nobody else put or answer anything until this transaction ends: what is counted is the whole of it.

    Before any site is held.
    """
    db.session.scalars(select(Network).with_for_update()).all()


def may_ask_from(site: Site) -> str | None:
    """From which ISO day on a site may ask to come in that two thirds have put out; None: today."""
    if site.put_out_on is None or site.put_out_on + OUT_STANDS <= today():
        return None
    return (site.put_out_on + OUT_STANDS).isoformat()


def asks(site: Site) -> Matter | None:
    """By what a site asked to come in, or has; what it asked before it was put out is over."""
    mine = select(Matter).where(Matter.site_id == site.id, Matter.kind == Kind.KNOWN.value)
    found = db.session.scalars(mine.order_by(Matter.put_on.desc())).first()
    return None if found is None or _is_over(found) else found


def _is_over(matter: Matter) -> bool:
    out = matter.site.put_out_on
    return out is not None and matter.put_on <= out


def check_may_say(site: Site, lately: int) -> None:
    """May this site say that it knows another? `lately`: how often it has within a month. Raises NotAllowed."""
    if inside.count_in() < inside.FEW:
        return
    if site.in_since is None or site.in_since + MONTH > today():
        raise NotAllowed(Why.NOT_LONG_IN)
    if lately >= TIMES:
        raise NotAllowed(Why.KNOWS_MANY, most=TIMES)


def settle(matter: Matter, *, lost: bool = False) -> None:
    """See whether the site that it is about comes in by it, or is out. Who holds all, and reads what deciders read.

    `lost`: a yes that holds it was taken back. By nothing else is a site out: whom one spoke for that has gone since
    stays.
    """
    site = db.session.get(Site, matter.about, populate_existing=True) if matter.about else None
    if site is None:
        return
    answers = Answer.to([matter])[matter.id]
    yes = sum(one.yes for one in answers if one.site_id != site.id)
    if matter.kind == Kind.OUT:
        if inside.is_in(site) and 3 * yes >= 2 * inside.count_in():
            go_out(site)
            site.put_out_on = today()
    elif asks(site) == matter:
        # Where fewer than two others are left, they are enough.
        enough = yes >= min(TWO, inside.count_in() - inside.is_in(site))
        if enough and not inside.is_in(site):
            site.in_since = today()
            departures.note_out(site.id, out=False)
        elif lost and not enough and inside.is_in(site):
            go_out(site)


def waits(matter: Matter) -> bool:
    """Does a site ask by it that is not in?"""
    site = about(matter.about) if matter.kind == Kind.KNOWN and matter.about else None
    return matter.kind == Kind.KNOWN and site is None


def holds(answer: Answer | None) -> bool:
    """Was it a yes when the site was not in? By a later one that is taken back nobody is out: else any site could say
    yes to one that few stand by, and no, and put it out by itself.
    """
    return answer is not None and answer.yes and answer.said.brought_in


def go_out(site: Site) -> None:
    """It is out from here on, and no restore brings it in. Those it spoke for stay."""
    site.in_since = None
    departures.note_out(site.id, out=True)


def everyone() -> list[Site]:
    """Every site that is in, and every one that asks, by name."""
    asking = {one.site_id for one in Matter.to_come_in() if not _is_over(one)}
    every = db.session.scalars(select(Site).order_by(Site.name))
    return [site for site in every if inside.is_in(site) or site.id in asking]


def who_knows(sites: Sequence[Site]) -> list[Knows]:
    """These sites, each with who says that they know it."""
    newest_first = [one for one in Matter.to_come_in([site.id for site in sites]) if not _is_over(one)]
    asking = {one.site_id: one for one in reversed(newest_first)}
    answers = Answer.to(asking.values())
    by = {site_id: [one.site for one in answers[matter.id] if one.yes] for site_id, matter in asking.items()}
    return [
        Knows(site, asking.get(site.id), tuple(sorted(by.get(site.id, ()), key=lambda one: one.name))) for site in sites
    ]


def about(site_id: uuid.UUID) -> Site | None:
    """A site that can be put out."""
    site = db.session.get(Site, site_id)
    return site if site is not None and inside.is_in(site) else None
