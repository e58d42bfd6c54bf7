"""Nobody takes everything along alone: one asks, another agrees, and all can read of it."""

from __future__ import annotations

import uuid

import pytest

from bulletin.db import db, now
from bulletin.domain.portability import leaving
from bulletin.domain.portability.export_requests import Export
from bulletin.domain.portability.refusals import Why
from bulletin.domain.site.events import Deed, Event
from tests.domain.conftest import long_here
from tests.refusals import not_allowed


@pytest.fixture
def here(depot, rosa):
    with rosa.inside(depot):
        yield depot
        db.session.rollback()


def deeds(site) -> list[str]:
    """What happened with exports, the first first, each with by and whom."""
    told = [(event.deed, event.by, event.whom) for event in reversed(Event.at(site.id)) if "export" in event.deed]
    return [" ".join(filter(None, one)) for one in told]


def asked(person, site) -> Export:
    export = Export.ask(person.at(site))
    db.session.commit()
    return export


def test_who_is_alone_needs_nobody(here, rosa):
    export = asked(rosa, here)
    export.take(rosa.at(here))
    assert deeds(here) == [f"{Deed.EXPORT_ASKED} Rosa", f"{Deed.EXPORTED} Rosa"]


def test_of_two_the_other_agrees_and_only_who_asked_takes_it(here, rosa, bill, join):
    join(bill)
    export = asked(rosa, here)
    with not_allowed(Why.NOBODY_AGREED):
        export.take(rosa.at(here))
    with not_allowed(Why.NOT_BY_YOURSELF):
        export.agree(rosa.at(here))
    export.agree(bill.at(here))
    export.agree(bill.at(here))
    with not_allowed(Why.ONLY_THE_ASKER):
        export.take(bill.at(here))
    export.take(rosa.at(here))
    assert deeds(here) == ["export asked Rosa", "export agreed Bill Rosa", "exported Rosa"]


def test_who_joined_lately_agrees_to_nothing_and_who_joins_after_the_asking_counts(here, rosa, bill, clara, join):
    join(bill)
    export = asked(rosa, here)
    dora = type(rosa)("Dora")
    join(clara)
    join(dora, by=bill)
    with not_allowed(Why.HERE_TOO_SHORT):
        export.agree(dora.at(here))
    long_here()
    export.agree(dora.at(here))
    export.take(rosa.at(here))


def test_who_asked_alone_waits_when_somebody_has_joined_since(here, rosa, bill, join):
    export = asked(rosa, here)
    join(bill)
    with not_allowed(Why.NOBODY_AGREED):
        export.take(rosa.at(here))


def test_who_is_locked_out_need_not_agree(here, rosa, bill, join):
    join(bill)
    export = asked(rosa, here)
    bill.at(here).removal_seconded_at = rosa.at(here).joined_at
    export.take(rosa.at(here))


@pytest.mark.parametrize("how", ["locked out", "gone"])
def test_who_agreed_and_is_here_no_more_agrees_no_more(here, rosa, bill, clara, join, how):
    join(bill)
    join(clara)
    export = asked(rosa, here)
    export.agree(bill.at(here))
    db.session.commit()
    if how == "gone":
        leaving.take_away(bill.at(here))
        db.session.flush()
    else:
        bill.at(here).removal_seconded_at = now()
    db.session.flush()
    with not_allowed(Why.NOBODY_AGREED):
        export.take(rosa.at(here))
    long_here()
    export.agree(clara.at(here))
    export.take(rosa.at(here))
    assert deeds(here)[-2:] == ["export agreed Clara Rosa", "exported Rosa"]


def test_anybody_may_stop_it_until_it_is_taken(here, rosa, bill, join):
    join(bill)
    export = asked(rosa, here)
    export.withdraw(bill.at(here))
    db.session.commit()
    assert Export.at(here.id) is None
    assert deeds(here)[-1] == "export withdrawn Bill Rosa"
    export = asked(bill, here)
    export.agree(rosa.at(here))
    export.take(bill.at(here))
    with not_allowed(Why.TAKEN_ALREADY):
        export.withdraw(rosa.at(here))


def test_one_at_a_time_and_sent_twice_it_is_one(here, rosa, bill, join):
    join(bill)
    form_id = uuid.uuid4()
    first = Export.ask(rosa.at(here), form_id=form_id)
    db.session.flush()
    assert Export.ask(rosa.at(here), form_id=form_id) is first
    with not_allowed(Why.ASKED_ALREADY):
        Export.ask(bill.at(here), form_id=uuid.uuid4())
    assert deeds(here) == ["export asked Rosa"]


def test_it_lapses_after_seven_days(here, rosa, bill, join, later):
    join(bill)
    export = asked(rosa, here)
    export.agree(bill.at(here))
    db.session.commit()
    later(days=6, hours=23)
    assert Export.of(here.id, export.id, to_change=True) is export
    later(hours=2)
    assert Export.of(here.id, export.id) is None
    assert Export.at(here.id) is None
    again = asked(bill, here)
    assert Export.at(here.id) is again
    assert db.session.query(Export).filter_by(site_id=here.id).count() == 1


def test_it_can_be_taken_again_within_the_hour_and_each_time_is_told(here, rosa, later):
    export = asked(rosa, here)
    export.take(rosa.at(here))
    later(minutes=59)
    export.take(rosa.at(here))
    later(minutes=2)
    assert not export.stands
    assert deeds(here) == ["export asked Rosa", "exported Rosa", "exported Rosa"]
