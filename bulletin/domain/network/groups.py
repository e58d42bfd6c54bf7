"""Some of the sites that are in: all of one sector, or of one place, as these say it of themselves."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from bulletin.db import db
from bulletin.domain.site.sites import Site


def folded(words: str) -> str:
    """What a site says of itself, so that a capital or a blank does not make two of one."""
    return " ".join(words.casefold().split())


@dataclasses.dataclass(frozen=True)
class Sites:
    """Some of the sites that are in. `sector` or `place`: what they have in common, folded; neither: all of them."""

    sector: str = ""
    place: str = ""

    @property
    def is_all(self) -> bool:
        """Are there no others?"""
        return not (self.sector or self.place)

    def filter(self, query: Any) -> Any:
        """A query of told rows joined to their sites, of these alone."""
        query = query.where(Site.in_since.is_not(None))
        for column, wanted in ((Site.sector, self.sector), (Site.whereabouts, self.place)):
            if wanted:
                every = db.session.scalars(select(column).where(Site.in_since.is_not(None)).distinct())
                query = query.where(column.in_([words for words in every if folded(words) == wanted]))
        return query

    @property
    def words(self) -> str:
        """What they have in common."""
        return self.sector or self.place


EVERY_SITE = Sites()


@dataclasses.dataclass(frozen=True)
class Group:
    """What some sites have in common, as most of them write it, in each way it is written, and how many they are."""

    sites: Sites
    words: str
    written: tuple[str, ...]
    count: int


def sectors_and_places() -> tuple[tuple[Group, ...], tuple[Group, ...]]:
    """What two sites at least say alike of their sector, and of their place; the commonest first."""
    return _alike(Site.sector, lambda key: Sites(sector=key)), _alike(Site.whereabouts, lambda key: Sites(place=key))


def count_of(sites: Sites) -> int:
    """How many these are."""
    return db.session.scalar(sites.filter(select(func.count()).select_from(Site))) or 0


def _alike(column: InstrumentedAttribute[str], sites: Callable[[str], Sites]) -> tuple[Group, ...]:
    said = db.session.execute(select(column, func.count()).where(Site.in_since.is_not(None)).group_by(column))
    written = collections.defaultdict[str, collections.Counter[str]](collections.Counter)
    for words, count in said:
        written[folded(words)][words] = count
    alike = ((key, each) for key, each in written.items() if key and each.total() > 1)
    groups = [Group(sites(key), each.most_common(1)[0][0].strip(), tuple(each), each.total()) for key, each in alike]
    return tuple(sorted(groups, key=lambda group: (-group.count, group.words)))
