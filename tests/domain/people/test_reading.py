"""Traces of reading: kept for ninety days, and of nobody who was forgotten."""

from __future__ import annotations

from bulletin.db import db
from bulletin.domain.people import erasure, reading
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.reading import Trace
from bulletin.domain.portability import daily
from bulletin.domain.site.events import Deed, Event
from tests.domain.notebook import traces
from tests.homes import ON_SQLITE

pytestmark = ON_SQLITE


def added(site, name="Jo") -> Contact:
    contact = Contact.add(site.id, name, by="Rosa")
    db.session.flush()
    return contact


def test_it_is_kept_for_ninety_days_and_no_longer(here, rosa, later):
    me = rosa.at(here)
    Trace.note(me, added(here).id.hex)
    later(days=89)
    daily.run_if_due(here)
    assert [day.count for day in reading.days(here.id, me.member_id.hex)] == [1]
    later(days=1)
    daily.run_if_due(here)
    assert reading.days(here.id, me.member_id.hex) == []


def test_who_is_forgotten_was_opened_by_nobody(here, rosa):
    jo, bill = added(here), added(here, "Bill")
    jo_id = jo.id
    for one in (jo, bill):
        Trace.note(rosa.at(here), one.id.hex, everything=True)
    erasure.forget(jo)
    db.session.commit()
    assert traces(here.id, [jo_id]) == []
    (day,) = reading.days(here.id, rosa.at(here).member_id.hex)
    assert (day.count, day.everything, [one.name for one in day.people]) == (1, 1, ["Bill"])


def test_a_row_for_a_member_and_day_whatever_they_open_and_what_is_known_is_not_written_again(here, rosa):
    me = rosa.at(here)
    ids = [added(here, f"Jo {number}").id.hex for number in range(reading.MANY + 1)]
    for one in (*ids[:-1], *ids[:-1]):
        Trace.note(me, one)
    assert [one.deed for one in Event.at(here.id)].count(Deed.READ_MANY) == 0
    assert not Trace.is_noted(here.id, me.member_id.hex, ids[-1])
    Trace.note(me, ids[-1])
    Trace.note(me, ids[-1], everything=True)
    assert [one.deed for one in Event.at(here.id)].count(Deed.READ_MANY) == 1
    assert len(Trace.of(here.id, me.member_id.hex)) == 1
    assert Trace.is_noted(here.id, me.member_id.hex, ids[-1], everything=True)
