"""Some of the sites that are in: all of one sector, or of one place, as these say it of themselves."""

from __future__ import annotations

import collections
import dataclasses
import functools
from collections.abc import Callable, Iterable
from typing import Any, Self

from sqlalchemy import func, select

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
        for column, written in self._written:
            query = query.where(column.in_(written))
        return query

    @functools.cached_property  # a page asks six times
    def _written(self) -> list[tuple[Any, list[str]]]:
        """Each way in which they write what they have in common."""
        found = []
        for column, wanted in ((Site.sector, self.sector), (Site.whereabouts, self.place)):
            if wanted:
                every = db.session.scalars(select(column).where(Site.in_since.is_not(None)).distinct())
                found.append((column, [words for words in every if folded(words) == wanted]))
        return found

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


@dataclasses.dataclass(frozen=True)
class Groups:
    """What the sites that are in say of themselves, by one look at all: each sector and place with its count."""

    said: tuple[tuple[str, str, int], ...]

    @classmethod
    def now(cls) -> Self:
        """As they say it now."""
        alike = select(Site.sector, Site.whereabouts, func.count()).where(Site.in_since.is_not(None))
        found = db.session.execute(alike.group_by(Site.sector, Site.whereabouts))
        return cls(tuple((sector, place, count) for sector, place, count in found))

    @property
    def count(self) -> int:
        """How many sites are in."""
        return self.count_of(EVERY_SITE)

    def count_of(self, sites: Sites) -> int:
        """How many of these are."""
        return sum(
            count
            for sector, place, count in self.said
            if sites.sector in ("", folded(sector)) and sites.place in ("", folded(place))
        )

    @functools.cached_property
    def sectors(self) -> tuple[Group, ...]:
        """What two sites at least say alike of their sector; the commonest first."""
        return _alike(((sector, count) for sector, _place, count in self.said), lambda key: Sites(sector=key))

    @functools.cached_property
    def places(self) -> tuple[Group, ...]:
        """The same of their place."""
        return _alike(((place, count) for _sector, place, count in self.said), lambda key: Sites(place=key))


def _alike(said: Iterable[tuple[str, int]], sites: Callable[[str], Sites]) -> tuple[Group, ...]:
    written = collections.defaultdict[str, collections.Counter[str]](collections.Counter)
    for words, count in said:
        written[folded(words)][words] += count
    alike = ((key, each) for key, each in written.items() if key and each.total() > 1)
    groups = [Group(sites(key), each.most_common(1)[0][0].strip(), tuple(each), each.total()) for key, each in alike]
    return tuple(sorted(groups, key=lambda group: (-group.count, group.words)))
