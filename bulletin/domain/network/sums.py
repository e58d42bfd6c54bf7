"""What comes up, in how many sites, and where: counted from what sites told, and never of people.

With fewer than FEW sites in there are none: each says it in its own words. Nothing is stored but what was told, so what
is taken back is gone from every sum at the next look.
"""

from __future__ import annotations

import collections
import dataclasses
import uuid
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Self

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager

from bulletin.db import db, today
from bulletin.domain.actions.actions import FormOfAction
from bulletin.domain.site.sites import Site
from bulletin.domain.site.struggles import Struggle

from . import tags
from .groups import Group, Sites, count_of, folded, sectors_and_places
from .tags import Mark, tag
from .told import Kind, Told
from .week_told import week_told_on

FEW = 8  # sites: with fewer there are no sums
MANY = 300  # sites: from here on the page opens on one's own sector, or place
WEEKS = 12  # counted one by one
LATELY = 4  # weeks in which what is new is new
RISES = 3  # sites at least that say something new …
SHARE = 4  # … and one in so many of those that say it
SECTORS, OFFERED = 3, 6  # shown beside each other; to choose from
SAYING, TRIED = 50, 8  # shown on a page of who says something, and of what was tried
UNFOLLOWED = 5
LONG_AGO = 26  # weeks


def week_now() -> date:
    """The Monday of the week that sites tell now, or told last."""
    return week_told_on(today())


@dataclasses.dataclass(frozen=True)
class Count:
    """In how many sites a struggle comes up. `weeks`: in each of the last twelve; `new`: where it had not, lately."""

    weeks: tuple[int, ...]
    new: int = 0
    more: int = 0  # than before, as these say themselves, this week

    @property
    def now(self) -> int:
        """This week."""
        return self.weeks[-1]

    @property
    def rises(self) -> bool:
        """Is it new in three sites at least, and in one in four of those that say it?"""
        return self.new >= RISES and self.new * SHARE >= self.now > 0


@dataclasses.dataclass(frozen=True)
class Line:
    """One struggle: in all of these sites, and by their sectors."""

    struggle: Struggle
    all: Count
    by_sector: tuple[Count, ...]


@dataclasses.dataclass(frozen=True)
class Sums:
    """What comes up in some sites. `told`: how many of them told something this week; `done`: where what was done."""

    week: date
    sites: Sites
    count: int
    told: int
    done: dict[str, int]
    lines: tuple[Line, ...]
    groups: tuple[Group, ...]  # that can be looked at by themselves
    sectors: tuple[Group, ...]  # that are beside each other in each line

    @classmethod
    def of(cls, sites: Sites) -> Self:
        """Counted now."""
        week = week_now()
        sectors, places = sectors_and_places()
        beside = sectors[:SECTORS] if sites.is_all and len(sectors) > 1 else ()
        told, done = set[uuid.UUID](), collections.defaultdict[str, set[uuid.UUID]](set)
        for site_id, kind, stored in _this_week(sites, week):
            told.add(site_id)
            for one in [tag(Mark.FORM, tags.PAPER)] if kind == Kind.PAPER else tags.split(stored):
                if one.startswith(f"{Mark.FORM}:"):
                    done[one.removeprefix(f"{Mark.FORM}:")].add(site_id)
        return cls(
            week=week,
            sites=sites,
            count=count_of(sites),
            told=len(told),
            done={form: len(done[form]) for form in (tags.PAPER, *FormOfAction) if form in done},
            lines=_lines(sites, week, beside),
            groups=_offered(sites, sectors, places),
            sectors=beside,
        )

    @property
    def lately(self) -> date:
        """Since when what is new is called so."""
        return self.week - timedelta(weeks=LATELY - 1)

    @property
    def most(self) -> int:
        """The highest bar of all sites."""
        return max((max(line.all.weeks) for line in self.lines), default=1)

    @property
    def most_of_sector(self) -> int:
        """The highest bar of any sector."""
        return max((max(one.weeks) for line in self.lines for one in line.by_sector), default=1)

    @property
    def lead(self) -> Line | None:
        """What the week is about: what rises most, else what comes up most."""

        def weight(line: Line) -> tuple[int, int]:
            return (line.all.new if line.all.rises else 0), line.all.now

        return max(self.lines, key=weight, default=None)


@dataclasses.dataclass(frozen=True)
class Saying:
    """A site that says a struggle comes up, this week."""

    told: Told
    is_new: bool
    is_more: bool


def saying(struggle: Struggle, sites: Sites, *, before: int = 0) -> list[Saying]:
    """Who says it this week, by their names, `before` of them left out; one more than a page shows, if there is."""
    found = _told(Kind.WEEK, struggle, sites).where(Told.week == week_now()).order_by(Site.name, Told.site_id)
    rows = db.session.scalars(found.offset(before).limit(SAYING + 1))
    marks = [(one, tags.split(one.tags)) for one in rows]
    return [Saying(one, tag(Mark.NEW, struggle) in all_, tag(Mark.MORE, struggle) in all_) for one, all_ in marks]


def tried(struggle: Struggle, sites: Sites) -> list[Told]:
    """What was done about it, the newest first."""
    found = _told(Kind.DEED, struggle, sites).order_by(Told.told_on.desc(), Told.id)
    return list(db.session.scalars(found.limit(TRIED)))


def unfollowed() -> list[Told]:
    """Weeks that name a motion that was passed, four weeks ago or more, where nothing that was done was told since."""
    last = week_now()
    passed = _told(Kind.WEEK, Mark.PASSED, Sites()).order_by(Told.week.desc(), Told.id)
    then = Told.week.between(last - timedelta(weeks=LONG_AGO), last - timedelta(weeks=LATELY))
    old = list(db.session.scalars(passed.where(then).limit(50)))
    if not old:
        return []
    since = select(Told.site_id, Told.week, Told.tags).where(Told.site_id.in_({one.site_id for one in old}))
    since = since.where(Told.kind.in_((Kind.DEED.value, Kind.WEEK.value)), Told.week > last - timedelta(weeks=LONG_AGO))
    latest = dict[uuid.UUID, date]()
    for site_id, week, stored in db.session.execute(since):
        if any(map(_is_deed, tags.split(stored))):
            latest[site_id] = max(week, latest.get(site_id, date.min))
    return [one for one in old if latest.get(one.site_id, date.min) <= one.week][:UNFOLLOWED]


def _is_deed(one: str) -> bool:
    words = {tag(Mark.FORM, tags.PAPER), tag(Mark.FORM, FormOfAction.MOTION)}
    return one.startswith(f"{Mark.FORM}:") and one not in words


def _told(kind: Kind, wanted: str, sites: Sites) -> Select[Any]:
    found = select(Told).join(Told.site).options(contains_eager(Told.site))
    filtered: Select[Any] = sites.filter(found)
    return filtered.where(Told.kind == kind.value, Told.tags.like(tags.pattern(wanted)))


def _offered(sites: Sites, sectors: tuple[Group, ...], places: tuple[Group, ...]) -> tuple[Group, ...]:
    """The largest groups, and the one that is looked at."""
    every = sorted((*sectors, *places), key=lambda group: -group.count)
    return tuple(group for index, group in enumerate(every) if index < OFFERED or group.sites == sites)


def _this_week(sites: Sites, week: date) -> list[tuple[uuid.UUID, str, str]]:
    kinds = (Kind.WEEK.value, Kind.PAPER.value, Kind.DEED.value)
    found = select(Told.site_id, Told.kind, Told.tags).join(Told.site).where(Told.week == week, Told.kind.in_(kinds))
    return [(site_id, kind, stored) for site_id, kind, stored in db.session.execute(sites.filter(found))]


def _lines(sites: Sites, week: date, sectors: tuple[Group, ...]) -> tuple[Line, ...]:
    first = week - timedelta(weeks=WEEKS - 1)
    found = select(Told.week, Told.tags, Site.sector, func.count()).join(Told.site)
    found = found.where(Told.kind == Kind.WEEK.value, Told.week.between(first, week))
    rows = db.session.execute(sites.filter(found).group_by(Told.week, Told.tags, Site.sector)).all()
    every, where = _Tally(), {group.sites.sector: _Tally() for group in sectors}
    for told_week, stored, sector, count in rows:
        ago = (week - told_week).days // 7
        for tally in filter(None, (every, where.get(folded(sector)))):
            tally.add(ago, tags.split(stored), count)
    said = [struggle for struggle in Struggle if any(every.weeks[struggle][-LATELY:])]
    lines = [Line(one, every.count(one), tuple(tally.count(one) for tally in where.values())) for one in said]
    return tuple(
        sorted(lines, key=lambda line: (not line.all.rises, -line.all.now, -sum(line.all.weeks), line.struggle))
    )


class _Tally:
    """Sites counted by struggle and week."""

    def __init__(self) -> None:
        self.weeks: Mapping[str, list[int]] = collections.defaultdict(lambda: [0] * WEEKS)
        self.marks = collections.Counter[str]()

    def add(self, ago: int, said: Iterable[str], count: int) -> None:
        for one in said:
            mark, colon, _word = one.partition(":")
            if not colon:
                self.weeks[one][WEEKS - 1 - ago] += count
            elif (mark == Mark.NEW and ago < LATELY) or (mark == Mark.MORE and ago == 0):
                self.marks[one] += count

    def count(self, struggle: Struggle) -> Count:
        marks = (self.marks[tag(mark, struggle)] for mark in (Mark.NEW, Mark.MORE))
        return Count(tuple(self.weeks[struggle]), *marks)
