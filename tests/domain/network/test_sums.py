"""What comes up in how many sites: what a recount of what stands says, and behind each number is who says it."""

from __future__ import annotations

import collections
import datetime
import uuid

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import event

from bulletin.db import db
from bulletin.domain.actions.actions import FormOfAction, Motion, Result
from bulletin.domain.network import sharing, sums, tags
from bulletin.domain.network.groups import EVERY_SITE, Groups, Sites
from bulletin.domain.network.sums import Sums
from bulletin.domain.network.told import BEFORE, DeedTold, Kind, NeedTold, PaperTold, Told
from bulletin.domain.network.week_told import DoneTold, TopicTold, WeekTold
from bulletin.domain.site.founding import found_site
from bulletin.domain.site.sites import Network, Site
from bulletin.domain.site.struggles import Struggle
from bulletin.vault import tenancy
from bulletin.vault.readers import Audience, Reader
from tests.domain.conftest import ABOUT, set_clock
from tests.homes import ON_SQLITE

FRIDAY = datetime.datetime(2026, 11, 27, 12, tzinfo=datetime.UTC)
NOW = datetime.date(2026, 11, 23)
WEEK = datetime.timedelta(weeks=1)
STAFFING, PAY, HOURS = Struggle.STAFFING, Struggle.PAY, Struggle.HOURS
WHERE = (("Hospital", "north"), ("hospital ", "coast"), ("Warehouse", "north"), ("", ""))


@pytest.fixture
def nine(monkeypatch, depot, rosa):
    """Nine sites with what they say of themselves; whoever asks reads what is told to all."""
    set_clock(monkeypatch, lambda: FRIDAY)
    network = db.session.query(Network).one()
    while Site.count() < 9:
        found_site(network, rosa.member, **ABOUT, name=f"Site {Site.count()}")
    sites = db.session.query(Site).order_by(Site.name).all()
    for number, site in enumerate(sites):
        site.sector, site.whereabouts = WHERE[number % len(WHERE)]
        site.in_since = NOW - 52 * WEEK
    db.session.flush()
    tenancy.read_as(db.session, Reader.MEMBER)
    return sites


def tells(site: Site, said, week: datetime.date = NOW) -> Told:
    before = tenancy.bound_site(db.session)
    tenancy.bind(db.session, site.id)
    told = Told.tell(site.id, uuid.uuid4(), said, Audience.SITES, week)
    db.session.flush()
    tenancy.unbind(db.session)
    if before is not None:
        tenancy.bind(db.session, before)
    return told


def takes_back(told: Told) -> None:
    tenancy.bind(db.session, told.site_id)
    sharing.take_back(told.site_id, told.id)
    db.session.flush()
    tenancy.unbind(db.session)


def says(*struggles: Struggle, **more) -> WeekTold:
    return WeekTold(topics=tuple(TopicTold(struggle=one, **more) for one in struggles))


def line(struggle: Struggle, sites: Sites = EVERY_SITE):
    return next(one for one in Sums.of(sites).lines if one.struggle is struggle)


@ON_SQLITE
def test_a_struggle_is_counted_in_sites_week_by_week_and_by_sector(nine):
    tells(nine[0], says(STAFFING), NOW - WEEK)
    for site in nine[:3]:
        tells(site, says(STAFFING, PAY))
    staffing = line(STAFFING)
    assert (staffing.all.now, staffing.all.weeks[-2:]) == (3, (1, 3))
    counted = Sums.of(EVERY_SITE)
    assert (counted.count, counted.told) == (9, 3)
    by_sector = {group.words: one.now for group, one in zip(counted.sectors, staffing.by_sector, strict=True)}
    assert by_sector == {"Hospital": 2, "Warehouse": 1}, "a capital and a blank make no sector of its own"


@ON_SQLITE
def test_new_is_what_a_site_had_not_said_in_the_weeks_before_and_never_in_its_first(nine):
    for site in nine[:4]:
        tells(site, says(PAY), NOW - WEEK)
        tells(site, says(PAY, STAFFING))
    tells(nine[4], says(STAFFING))
    assert (line(STAFFING).all.new, line(STAFFING).all.rises) == (4, True)
    assert (line(PAY).all.new, line(PAY).all.rises) == (0, False)
    assert Sums.of(EVERY_SITE).lead.struggle is STAFFING


@ON_SQLITE
def test_what_was_said_long_ago_is_new_again(nine):
    tells(nine[0], says(STAFFING), NOW - BEFORE - WEEK)
    tells(nine[0], says(PAY), NOW - WEEK)
    tells(nine[0], says(STAFFING))
    assert line(STAFFING).all.new == 1


@ON_SQLITE
def test_some_sites_are_counted_by_themselves(nine):
    for site in nine:
        tells(site, says(HOURS))
    hospitals, north = Sites(sector="hospital"), Sites(place="north")
    assert (Sums.of(hospitals).count, line(HOURS, hospitals).all.now, line(HOURS, north).all.now) == (5, 5, 5)
    assert {one.told.site.name for one in sums.saying(HOURS, north)} == {
        site.name for site in nine if site.whereabouts == "north"
    }
    assert [group.count for group in Groups.now().sectors] == [5, 2]
    assert Sums.of(Sites(sector="% or 1=1")).count == 0


@ON_SQLITE
def test_what_was_done_is_counted_in_sites_not_in_deeds(nine):
    for _ in range(2):
        tells(nine[0], DeedTold(form=FormOfAction.WALKOUT, result=Result.WON, struggles=(PAY,)))
    tells(nine[1], WeekTold(done=(DoneTold(form=FormOfAction.WALKOUT), DoneTold())))
    tells(nine[2], PaperTold(number="7"))
    tells(nine[3], NeedTold(sentence="A printer"))
    counted = Sums.of(EVERY_SITE)
    assert counted.done == {tags.PAPER: 2, FormOfAction.WALKOUT: 2}
    assert counted.told == 3, "who asks for something has told of nothing yet"
    assert [one.said.result for one in sums.tried(PAY, EVERY_SITE)] == [Result.WON] * 2


@ON_SQLITE
def test_a_motion_with_nothing_after_it_is_shown_until_something_is_told(nine):
    motion = WeekTold(done=(DoneTold(form=FormOfAction.MOTION, title="No agency", motion=Motion.PASSED),))
    for site in nine[:2]:
        tells(site, motion, NOW - 5 * WEEK)
    tells(nine[2], motion, NOW - WEEK)
    tells(nine[0], DeedTold(form=FormOfAction.PETITION), NOW - WEEK)
    tells(nine[1], WeekTold(done=(DoneTold(),)), NOW - WEEK)
    assert [one.site_id for one in sums.unfollowed()] == [nine[1].id], "a paper is no deed, and one week is not long"


@ON_SQLITE
def test_a_site_that_is_not_in_is_in_no_sum(nine):
    tells(nine[0], says(PAY))
    tells(nine[1], says(PAY))
    nine[1].in_since = None
    db.session.flush()
    assert (line(PAY).all.now, Sums.of(EVERY_SITE).count) == (1, 8)
    assert [one.told.site_id for one in sums.saying(PAY, EVERY_SITE)] == [nine[0].id]


def is_among(site: Site, sites: Sites) -> bool:
    said = site.sector.strip().lower(), site.whereabouts
    return sites.is_all or (sites.sector or said[0], sites.place or said[1]) == said


STEPS = st.lists(
    st.tuples(
        st.integers(0, 8),  # which site
        st.integers(0, 13),  # so many weeks ago
        st.sets(st.sampled_from([STAFFING, PAY, HOURS]), max_size=3),
        st.booleans(),  # taken back
    ),
    max_size=14,
)


@ON_SQLITE
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_sums_are_what_a_recount_of_what_stands_says(nine, steps):
    for told in db.session.query(Told).all():
        takes_back(told)
    standing = dict[tuple[int, int], Told]()
    for number, ago, struggles, back in sorted(steps, key=lambda step: -step[1]):
        if (number, ago) in standing:
            continue
        told = tells(nine[number], says(*sorted(struggles)), NOW - ago * WEEK)
        if back:
            takes_back(told)
        else:
            standing[number, ago] = told
    for sites in (EVERY_SITE, Sites(sector="hospital"), Sites(place="coast")):
        chosen = {number for number in range(9) if is_among(nine[number], sites)}
        recount = collections.Counter(
            (topic.struggle, ago)
            for (number, ago), told in standing.items()
            if number in chosen
            for topic in told.said.topics
        )
        counted = Sums.of(sites)
        shown = {(one.struggle, 11 - at): n for one in counted.lines for at, n in enumerate(one.all.weeks) if n}
        lately = {struggle for struggle, ago in recount if ago < 4}
        assert shown == {(s, ago): n for (s, ago), n in recount.items() if ago < 12 and s in lately}
        for struggle in lately:
            who = {one.told.site_id for one in sums.saying(struggle, sites)}
            assert len(who) == recount[struggle, 0], "every number is explained by who says it"
    for told in standing.values():
        takes_back(told)
    assert Sums.of(EVERY_SITE).lines == ()


def test_on_either_database_they_are_the_same(nine):
    for site in nine[:3]:
        tells(site, says(PAY), NOW - WEEK)
        tells(site, says(PAY, STAFFING, more=True))
    counted = Sums.of(EVERY_SITE)
    assert [(one.struggle, one.all.now, one.all.new, one.all.more) for one in counted.lines] == [
        (STAFFING, 3, 3, 3),
        (PAY, 3, 0, 3),
    ]
    assert {one.told.kind for one in sums.saying(STAFFING, Sites(place="north"))} == {Kind.WEEK}


@ON_SQLITE
def test_sums_read_indexes_and_no_row_of_what_was_told(nine, plans):
    """With the rows, whose bodies are long, a network of thousands of sites waits."""
    for site in nine:
        tells(site, says(STAFFING))
    plans.clear()
    Sums.of(EVERY_SITE)
    read = [step for step in plans if " told " in step]
    assert len(read) == 2, "what is told this week, and what comes up in twelve"
    assert not [step for step in read if "COVERING INDEX" not in step]


@ON_SQLITE
def test_what_is_told_is_found_by_its_id_and_by_its_day_in_an_index(nine, plans):
    told = tells(nine[0], says(STAFFING))
    plans.clear()
    assert Told.of(told.id).week == Told.own_week(nine[0].id, NOW).week
    assert not [step for step in plans if "SCAN" in step or "site_id=?)" in step], plans
    plans.clear()
    assert Told.by_others(nine[1].id, 3)[0].id == Told.of_weeks_since(NOW, 3)[0].id
    assert not [step for step in plans if "B-TREE" in step], "nothing has to be sorted to find the newest"


@pytest.fixture
def plans():
    """How SQLite comes by the rows of each query from here on."""
    steps: list[str] = []

    def explain(_connection, cursor, statement, parameters, *_more):
        if statement.startswith("SELECT") and "FROM told" in statement.replace("\n", ""):
            asked = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps.extend(step for *_ids, step in asked)

    event.listen(db.engine, "before_cursor_execute", explain)
    yield steps
    event.remove(db.engine, "before_cursor_execute", explain)
