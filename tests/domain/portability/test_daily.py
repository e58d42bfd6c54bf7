"""What falls due by itself: once a day, and written down where the site sees it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bulletin.db import db
from bulletin.domain.actions import turnouts
from bulletin.domain.actions.actions import Action
from bulletin.domain.people.contacts import Contact
from bulletin.domain.portability.daily import run_if_due
from bulletin.domain.site.events import Deed, Event
from tests.domain.notebook import traces


def tend(site) -> bool:
    tended = run_if_due(site)
    db.session.commit()
    return tended


def test_nothing_falls_due_at_an_empty_site(here):
    assert not tend(here)
    assert Event.at(here.id) == []


def test_it_is_done_once_a_day(here, later):
    jo = Contact.add(here.id, "Jo", by="Rosa")
    later(days=365)
    assert not tend(here), "announced, nothing deleted"
    later(days=30)
    jo.announced_on += timedelta(days=1)
    assert not tend(here)
    jo.announced_on -= timedelta(days=1)
    assert not tend(here), "it was, today"
    later(days=1)
    assert tend(here)


def test_names_become_counts_and_who_was_announced_is_forgotten_with_a_word_to_the_site(here, later):
    jo, bill = (Contact.add(here.id, name, by="Rosa") for name in ("Jo", "Bill"))
    start = datetime.now(UTC)
    march = Action.propose(here.id, start, start + timedelta(hours=1), by="Rosa")
    db.session.flush()
    turnouts.note(march, [jo, bill], by="Rosa", came=True)
    later(days=31)
    assert tend(here)
    assert turnouts.Turnout.all_for(march) == {}
    later(days=340)
    assert not tend(here)
    bill.touch()
    later(days=30)
    assert tend(here)
    assert [event.deed for event in Event.at(here.id)] == [Deed.FORGOTTEN_STALE]
    assert traces(here.id, (), ["Jo"]) == [], "not in the event either"
    assert Contact.at(here.id) == [bill]
    assert turnouts.count_turnout(march).came == 2
