"""Our week: what it is made of, what is only offered, what is never; and that what stands is what is shown."""

from __future__ import annotations

import datetime
import itertools
import uuid

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from bulletin.db import db
from bulletin.domain.actions import actions, turnouts
from bulletin.domain.actions.actions import Action, FormOfAction, Motion, Result
from bulletin.domain.network import looks, needs, sharing, weeks
from bulletin.domain.network.overview import NetworkPage
from bulletin.domain.network.refusals import Why
from bulletin.domain.network.told import STANDS, NeedTold, Told
from bulletin.domain.network.week_told import DoneTold, TopicTold, WeekTold
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.portability.mentions import Where, mentions
from bulletin.domain.site.founding import found_site
from bulletin.domain.site.refusals import NotAllowed
from bulletin.domain.site.sites import Network
from bulletin.domain.site.struggles import Struggle
from bulletin.vault import tenancy
from bulletin.vault.readers import Audience, Reader
from tests.domain.conftest import ABOUT, set_clock
from tests.homes import ON_SQLITE
from tests.refusals import refused

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
FRIDAY = datetime.datetime(2026, 11, 27, 12, tzinfo=datetime.UTC)
MONDAY = datetime.date(2026, 11, 23)


@pytest.fixture
def clock(monkeypatch):
    """clock(moment): it stands still; on a Friday to begin with."""

    def stop(moment: datetime.datetime) -> None:
        set_clock(monkeypatch, lambda: moment)

    stop(FRIDAY)
    return stop


@pytest.fixture
def here(clock, depot, rosa):
    tenancy.read_as(db.session, Reader.MEMBER)
    with rosa.inside(depot):
        yield depot


def done(site, form="picket", ago=DAY, *, noted=True, test=False, others=0, **more) -> Action:
    """An action of a while ago, of which somebody has noted something."""
    start = actions.now() - ago
    action = Action.propose(site.id, start, start + HOUR, by="Rosa", form=form, test=test, place="Gate B", **more)
    if noted:
        action.note_outcome(by="Rosa", words="", others=others, motion=Motion.PASSED if form == "motion" else None)
    db.session.flush()
    return action


def tell(me, said=None, told_id=None, audience=Audience.SITES, sources=()) -> Told:
    told = weeks.tell(me, said or WeekTold(sentence="All calm."), sources, audience, told_id or uuid.uuid4())
    db.session.flush()
    return told


def offered(me) -> dict[FormOfAction | None, bool]:
    return {one.done.form: one.ticked for one in weeks.offers(me)}


def test_what_is_over_and_was_open_stands_ticked_and_the_rest_is_offered(here, rosa):
    me = rosa.at(here)
    for form in FormOfAction:
        done(here, form.value)
    ticked = {form for form, is_ticked in offered(me).items() if is_ticked}
    assert set(offered(me)) == set(FormOfAction)
    assert ticked == weeks.IN_THE_OPEN
    quiet = {FormOfAction.MEETING, FormOfAction.VOTE, FormOfAction.PETITION, FormOfAction.MOTION}
    assert not ticked & {*quiet, FormOfAction.WORK_TO_RULE, FormOfAction.SOCIAL, FormOfAction.OTHER}
    assert [one.done.motion for one in weeks.offers(me) if one.done.form is FormOfAction.MOTION] == [Motion.PASSED]


def test_what_is_planned_a_test_dropped_or_of_another_week_is_not_there(here, rosa):
    me = rosa.at(here)
    done(here, ago=-DAY)
    done(here, test=True)
    done(here, noted=False)  # planned once: nobody has said that it took place
    done(here, ago=6 * DAY)
    done(here, ago=-HOUR / 2)  # going on
    assert weeks.offers(me) == []


def test_how_many_came_is_offered_from_twenty_on_and_never_by_itself(here, rosa):
    me = rosa.at(here)
    done(here, others=19, title="Few")
    many = done(here, others=26, title="Many")
    dora = Contact.add(here.id, "Dora", by="Rosa")
    db.session.flush()
    turnouts.note(many, [dora], by="Rosa", committed=True, came=True)
    db.session.flush()
    assert {one.done.title: (one.people, one.done.people) for one in weeks.offers(me)} == {
        "Few": (0, 0),
        "Many": (25, 0),
    }


def test_what_was_told_is_pointed_to_and_gone_with_it(here, rosa):
    me = rosa.at(here)
    action = done(here, "meeting", title="Everybody at the gate")
    action.note_outcome(by="Rosa", words="It was full.", result=Result.WON)
    copy = sharing.tell_deed(me, action, sharing.deed_as_told(me, action), Audience.SITES, uuid.uuid4())
    db.session.flush()
    (offer,) = weeks.offers(me)
    assert (offer.ticked, offer.done.told) == (True, copy.id.hex)
    dora = Contact.add(here.id, "Dora Quick", by="Rosa")
    said = WeekTold(done=(offer.done,), topics=(TopicTold(words="What Dora Quick said"),))
    week = tell(me, said, sources=[offer.source])
    assert week.id in [one.id for one in mentions(dora) if one.where is Where.TOLD], "whoever is named is found"
    assert "Everybody" not in week.body
    assert action.id.hex not in week.body
    assert set(weeks.pointed_to([week.said])) == {copy.id.hex}
    tenancy.read_as(db.session, Reader.NOBODY)
    assert set(weeks.pointed_to([week.said])) == {copy.id.hex}, "its own site reads it"
    tenancy.read_as(db.session, Reader.MEMBER)
    sharing.take_back(here.id, copy.id)
    db.session.flush()
    assert weeks.pointed_to([week.said]) == {}


def test_a_week_names_what_came_after_the_one_before_was_sent_and_nothing_twice(here, rosa, clock):
    me = rosa.at(here)
    first = done(here, title="On Thursday")
    tell(me, WeekTold(done=(DoneTold(form=FormOfAction.PICKET),)), sources=[first.id.hex])
    clock(FRIDAY + 2 * DAY)
    done(here, title="On Saturday")
    assert weeks.week_of(here) == MONDAY
    clock(FRIDAY + 5 * DAY)  # Wednesday: still the week before
    assert weeks.week_of(here) == MONDAY
    clock(FRIDAY + 6 * DAY)
    assert weeks.week_of(here) == MONDAY + weeks.WEEK
    assert [one.done.title for one in weeks.offers(me)] == ["On Saturday"]


def test_what_comes_up_begins_from_what_was_said_last_time_and_never_from_talks(here, rosa, clock):
    me = rosa.at(here)
    dora = Contact.add(here.id, "Dora", by="Rosa")
    db.session.flush()
    Conversation.note(dora, by="Rosa", struggles=["pay"])
    assert weeks.last_topics(here.id) == ()
    topics = (TopicTold(struggle=Struggle.HOURS, more=True), TopicTold(words="the new scanners"))
    told = tell(me, WeekTold(topics=topics))
    clock(FRIDAY + 7 * DAY)
    assert weeks.last_topics(here.id) == (TopicTold(struggle=Struggle.HOURS), TopicTold(words="the new scanners"))
    sharing.take_back(here.id, told.id)
    assert weeks.last_topics(here.id) == ()


@ON_SQLITE
def test_the_notebook_suggests_where_many_were_talked_with_and_once_in_four_weeks(here, rosa, clock):
    me = rosa.at(here)
    everybody = [Contact.add(here.id, f"Person {number}", by="Rosa") for number in range(20)]
    db.session.flush()
    for number, contact in enumerate(everybody[:19]):
        about = ["pay", *(["safety"] if number < 5 else []), *(["war"] if number < 4 else []), "other"]
        Conversation.note(contact, by="Rosa", struggles=about, day=MONDAY - 7 * DAY)
    assert not any(_suggested(here, clock, number) for number in range(8)), "nineteen people are too few"
    Conversation.note(everybody[19], by="Rosa", struggles=["war"], day=MONDAY)
    due = [number for number in range(4) if _suggested(here, clock, number)]
    assert due in ([], [1], [2], [3]), "a week that is not over is not looked at"
    Conversation.note(everybody[19], by="Rosa", struggles=[], day=MONDAY - 8 * DAY)
    due = [number for number in range(4) if _suggested(here, clock, number)]
    assert len(due) == 1, "once in four weeks"
    war = [Struggle.WAR] if due[0] else []  # four people, until the week with the fifth is over
    assert _suggested(here, clock, due[0]) == [Struggle.PAY, Struggle.SAFETY, *war]
    tell(me, WeekTold(topics=(TopicTold(struggle=Struggle.PAY),)))
    assert Struggle.PAY not in _suggested(here, clock, due[0]), "said already"


def _suggested(site, clock, number: int) -> list[Struggle]:
    clock(FRIDAY + number * 7 * DAY)
    return weeks.suggested(site)


def test_a_week_is_told_once_and_after_it_was_taken_back_again(here, rosa, bill, join):
    me, form = rosa.at(here), uuid.uuid4()
    join(bill)
    told = tell(me, told_id=form)
    assert tell(me, told_id=form) is told
    assert told.week == MONDAY
    with refused(NotAllowed, Why.WEEK_TOLD, by="Rosa"):
        tell(bill.at(here))
    sharing.take_back(here.id, told.id)
    assert tell(bill.at(here), WeekTold(sentence="Otherwise.")).said.sentence == "Otherwise."


def test_nothing_at_all_and_too_much_is_refused(here, rosa):
    for said in (WeekTold(), WeekTold(sentence=" \n")):
        with refused(NotAllowed, Why.WEEK_EMPTY):
            tell(rosa.at(here), said)
    with refused(NotAllowed, Why.TEXT_TOO_LONG, most=200):
        tell(rosa.at(here), WeekTold(sentence="x" * 201))


def test_who_was_silent_for_eight_weeks_is_named_to_the_others(here, rosa, bill, clock):
    mill, _ = found_site(db.session.query(Network).one(), bill.member, name="Mill", **ABOUT)
    here.in_since = mill.in_since = FRIDAY.date()
    tell(rosa.at(here))
    db.session.commit()

    def quiet(*mine) -> list[str]:
        return [site.name for site in NetworkPage.of(1, {site.id for site in mine}, None).quiet]

    assert quiet() == []
    clock(FRIDAY + 56 * DAY)
    assert quiet(here) == ["Mill"]
    assert quiet(mill) == []
    clock(FRIDAY + 57 * DAY)
    assert quiet() == ["Depot", "Mill"]
    assert NetworkPage.of(2, set(), None).quiet == []


def test_a_member_alone_opens_when_they_last_looked(here, rosa, bill, clock):
    member, private = rosa.member, rosa.private
    assert looks.since(member, private) is None
    looks.note(member, private)
    first = member.sealed_looks
    assert looks.is_noted(member, private)
    assert looks.since(member, private) is None, "all day as it was at its first look"
    clock(FRIDAY + 3 * DAY)
    assert looks.since(member, private) == FRIDAY.date()
    looks.note(member, private)
    assert looks.since(member, private) == FRIDAY.date()
    assert len(member.sealed_looks) == len(first), "also not how often"
    assert b"2026" not in member.sealed_looks
    assert looks.since(member, bill.private) is None
    bill.member.sealed_looks = member.sealed_looks
    assert looks.since(bill.member, bill.private) is None


STEPS = st.lists(st.tuples(st.sampled_from(["week", "need", "deed", "back", "wait"]), st.integers(0, 9)), max_size=9)


@ON_SQLITE
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_was_told_taken_back_or_is_over_the_page_shows_what_stands(here, rosa, clock, steps):
    me, standing, moment, number = (
        rosa.at(here),
        dict[uuid.UUID, tuple[str, datetime.date]](),
        FRIDAY,
        itertools.count(),
    )
    clock(moment)
    for one in Told.own(here.id):
        sharing.take_back(here.id, one.id)
    db.session.flush()
    for deed, which in steps:
        told_id = uuid.uuid4()
        if deed == "wait":
            moment += which * 3 * DAY
            clock(moment)
        elif deed == "back" and standing:
            taken = sorted(standing)[which % len(standing)]
            sharing.take_back(here.id, taken)
            del standing[taken]
        elif deed == "week" and weeks.told_for(here.id, weeks.week_of(here)) is None:
            tell(me, told_id=told_id)
            standing[told_id] = "week", weeks.week_of(here)
        elif deed == "need":
            needs.ask(me, NeedTold(sentence=f"A printer {next(number)}"), told_id)
            standing[told_id] = "need", moment.date()
        elif deed == "deed":
            action = done(here)
            action.note_outcome(by="Rosa", words="Fine.")
            sharing.tell_deed(me, action, sharing.deed_as_told(me, action), Audience.SITES, told_id)
            standing[told_id] = "deed", moment.date()
        db.session.flush()
    page = NetworkPage.of(1, set(), FRIDAY.date())
    last = max((day for kind, day in standing.values() if kind == "week"), default=None)
    shows = {
        "need": {id_ for id_, (kind, day) in standing.items() if kind == "need" and day > moment.date() - STANDS},
        "deed": {id_ for id_, (kind, _) in standing.items() if kind == "deed"},
        "week": {
            id_
            for id_, (kind, day) in standing.items()
            if kind == "week" and day == last and day >= weeks.monday(moment.date() - weeks.LATELY)
        },
    }
    assert {one.id for one in page.weeks} == shows["week"]
    assert {one.id for one in page.deeds} <= shows["deed"]
    assert len(page.deeds) == min(len(shows["deed"]), 6)
    assert {one.id for one in page.needs} <= shows["need"]
    assert len(page.needs) == min(len(shows["need"]), 8)
    assert {one.id for one in page.new} <= {
        *shows["need"],
        *shows["deed"],
        *(i for i, (k, _) in standing.items() if k == "week"),
    }
