"""What the network's page shows, the same to every site: what stands, in its order, and nobody beside another."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Collection
from datetime import date
from typing import Self

from sqlalchemy import select

from bulletin.db import db, today
from bulletin.domain.site.sites import Site

from . import weeks
from .groups import EVERY_SITE, Groups, Sites
from .inside import FEW
from .told import Kind, Told

NEEDS, PAPERS, DEEDS, WEEKS, NEW = 8, 5, 6, 20, 8  # shown on a page
WEEKS_BESIDE_SUMS = 8


@dataclasses.dataclass(frozen=True)
class NetworkPage:
    """One page of it. `new`: what others told since the member's last look, `since` that day; `told_week`: what a week
    names that was told by itself; `quiet`: sites that nobody has heard from lately.
    """

    number: int
    more: bool
    groups: Groups
    count: int
    needs: list[Told]
    papers: list[Told]
    deeds: list[Told]
    weeks: list[Told]
    told_week: dict[str, Told]
    since: date | None
    new: list[Told]
    quiet: list[Site]
    sites: Sites

    @classmethod
    def of(
        cls,
        number: int,
        mine: Collection[uuid.UUID],
        since: date | None,
        sites: Sites = EVERY_SITE,
        groups: Groups | None = None,
    ) -> Self:
        """What its page of a number shows to a member of these sites. What is new and who is quiet is on the first.

        `groups`: as somebody has just read them.
        """
        first, groups = number == 1, groups or Groups.now()
        count = groups.count
        some = {Kind.NEED: NEEDS, Kind.PAPER: PAPERS, Kind.DEED: DEEDS}
        found = {
            kind: Told.of_kind(kind, most + 1, before=most * (number - 1), sites=sites) for kind, most in some.items()
        }
        told = weeks.latest(WEEKS if count < FEW else WEEKS_BESIDE_SUMS, sites) if first else []
        return cls(
            number=number,
            more=any(len(found[kind]) > most for kind, most in some.items()),
            groups=groups,
            count=count,
            needs=found[Kind.NEED][:NEEDS],
            papers=found[Kind.PAPER][:PAPERS],
            deeds=found[Kind.DEED][:DEEDS],
            weeks=told,
            told_week=weeks.pointed_to(one.said for one in told),
            since=since,
            new=Told.by_others_since(since, mine, NEW) if first and since else [],
            quiet=_quiet(mine) if first and count < FEW else [],
            sites=sites,
        )

    @property
    def has_sums(self) -> bool:
        """Are enough sites in to count them? On the first page."""
        return self.number == 1 and self.count >= FEW


def _quiet(mine: Collection[uuid.UUID]) -> list[Site]:
    """Those that are in for eight weeks at least, and have told nothing that still stands in as many."""
    since = today() - weeks.LATELY
    long_in = select(Site).where(Site.in_since <= since).order_by(Site.name, Site.id)
    heard = {*Told.heard_since(since), *mine}
    return [site for site in db.session.scalars(long_in) if site.id not in heard]
