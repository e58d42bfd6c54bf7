"""What happened at a site, some of it at a time."""

from __future__ import annotations

import pytest

from bulletin.db import db
from bulletin.domain.site.events import Deed, Event
from bulletin.vault import sealed


@pytest.fixture
def a_week(here, stopped):
    """Fourteen things, of which six were on one day."""
    for number, day in enumerate([1, 2, 2, 3, 3, 3, 3, 3, 3, 4, 6, 6, 7, 7]):
        stopped(f"2026-11-{day:02}T12:{number:02}+00:00")
        Event.note(here, Deed.INVITED, by=f"M{number}")
    db.session.commit()
    return [f"M{number}" for number in reversed(range(14))]


@pytest.mark.parametrize("size", [1, 2, 5, 14, 20])
def test_pages_put_together_are_all_of_it_the_latest_first(here, a_week, size):
    assert Event.count_at(here.id) == 14
    pages = [Event.some_at(here.id, range(first, min(first + size, 14))) for first in range(0, 14, size)]
    assert [event.by for page in pages for event in page] == a_week
    assert Event.some_at(here.id, range(0)) == []


def test_a_page_opens_no_more_than_the_days_on_it(here, a_week, monkeypatch):
    opened = []
    real = sealed.Sealed.as_opened
    monkeypatch.setattr(sealed.Sealed, "as_opened", lambda self, stored: opened.append(1) or real(self, stored))
    Event.some_at(here.id, range(0, 2))
    assert len(opened) == 2
