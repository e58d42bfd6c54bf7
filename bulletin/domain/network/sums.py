"""What comes up, in how many sites, and where: counted from what sites told, and never of people.

With fewer than FEW sites in there are none: each says it in its own words. Nothing is stored but what was told, so what
is taken back is gone from every sum at the next look.
"""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Self

from sqlalchemy import Select, String, case, func, or_, select, type_coerce
from sqlalchemy.orm import aliased, contains_eager

from bulletin.db import db, today
from bulletin.domain.actions.actions import FormOfAction
from bulletin.domain.site.sites import Site
from bulletin.domain.site.struggles import Struggle

from . import tags
from .groups import Group, Groups, Sites
from .tags import Mark, tag
from .told import Kind, Told
from .week_told import week_told_on

MANY = 300  # sites: from here on the page opens on one's own sector, or place
WEEKS = 12  # counted one by one
LATELY = 4  # weeks in which what is new is new
RISES = 3  # sites at least that say something new …
SHARE = 4  # … and one in so many of those that say it
SECTORS, OFFERED = 3, 6  # shown beside each other; to choose from
SAYING, TRIED = 50, 8  # shown on a page of who says something, and of what was tried
UNFOLLOWED = 5
LONG_AGO = 26  # weeks
SAYS_SOMETHING = (Kind.WEEK.value, Kind.PAPER.value, Kind.DEED.value)
DEEDS = [form for form in FormOfAction if form is not FormOfAction.MOTION]  # something was done, and not only said


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
    def of(cls, sites: Sites, groups: Groups | None = None) -> Self:
        """Counted now. `groups`: as somebody has just read them."""
        week, groups = week_now(), groups or Groups.now()
        sectors = groups.sectors
        told, done = _this_week(sites, week)
        beside = sectors[:SECTORS] if sites.is_all and len(sectors) > 1 else ()
        return cls(
            week=week,
            sites=sites,
            count=groups.count_of(sites),
            told=told,
            done=done,
            lines=_lines(sites, week, beside),
            groups=_offered(sites, sectors, groups.places),
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
    found = _unfollowed(LATELY, 2 * LATELY, UNFOLLOWED)  # of many sites there are enough, and the rest is not looked at
    return found + _unfollowed(2 * LATELY + 1, LONG_AGO, UNFOLLOWED - len(found))


def _unfollowed(newest: int, oldest: int, most: int) -> list[Told]:
    """Those that are from `newest` to `oldest` weeks old."""
    if not most:
        return []
    last, later = week_now(), aliased(Told)
    deed = or_(*(later.tags.like(tags.pattern(tag(Mark.FORM, form))) for form in DEEDS))
    since = select(later.id).where(later.site_id == Told.site_id, later.week > Told.week, deed)
    since = since.where(later.kind.in_((Kind.DEED.value, Kind.WEEK.value)))
    passed = _told(Kind.WEEK, Mark.PASSED, Sites()).order_by(Told.week.desc(), Told.id)
    then = Told.week.between(last - timedelta(weeks=oldest), last - timedelta(weeks=newest))
    return list(db.session.scalars(passed.where(then, ~since.exists()).limit(most)))


def _told(kind: Kind, wanted: str, sites: Sites) -> Select[Any]:
    found = select(Told).join(Told.site).options(contains_eager(Told.site))
    filtered: Select[Any] = sites.filter(found)
    return filtered.where(Told.kind == kind.value, Told.tags.like(tags.pattern(wanted)))


def _offered(sites: Sites, sectors: tuple[Group, ...], places: tuple[Group, ...]) -> tuple[Group, ...]:
    """The largest groups, and the one that is looked at."""
    every = sorted((*sectors, *places), key=lambda group: -group.count)
    return tuple(group for index, group in enumerate(every) if index < OFFERED or group.sites == sites)


def _this_week(sites: Sites, week: date) -> tuple[int, dict[str, int]]:
    """How many of them told something, and in how many what was done; a paper is told as one, or named by a week."""
    # Their ids as they are stored, and counted here: a database sorts them once for each form.
    site_id = type_coerce(Told.site_id, String)
    found = (
        select(site_id, Told.kind, Told.tags).join(Told.site).where(Told.week == week, Told.kind.in_(SAYS_SOMETHING))
    )
    done = collections.defaultdict[str, set[str]](set)
    told = set[str]()
    for site, kind, stored in db.session.execute(sites.filter(found)):
        told.add(site)
        for form in (tags.PAPER,) if kind == Kind.PAPER else tags.forms(stored):
            done[form].add(site)
    return len(told), {form: len(done[form]) for form in (tags.PAPER, *FormOfAction) if form in done}


def _lines(sites: Sites, week: date, sectors: tuple[Group, ...]) -> tuple[Line, ...]:
    first = week - timedelta(weeks=WEEKS - 1)
    # One row for all weeks that say the same: what is told in two sectors is counted beside, so that nothing is sorted.
    beside = (func.sum(case((Site.sector.in_(group.written), 1), else_=0)) for group in sectors)
    found = select(Told.week, Told.tags, func.count(), *beside).join(Told.site).group_by(Told.week, Told.tags)
    found = found.where(Told.kind == Kind.WEEK.value, Told.week.between(first, week))
    every, *where = tallies = [_Tally() for _ in (None, *sectors)]
    for told_week, stored, *counts in db.session.execute(sites.filter(found)):
        for tally, count in zip(tallies, counts, strict=True):
            if count:
                tally.add((week - told_week).days // 7, tags.split(stored), count)
    said = [struggle for struggle in Struggle if any(every.weeks[struggle][-LATELY:])]
    lines = [Line(one, every.count(one), tuple(tally.count(one) for tally in where)) for one in said]
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
