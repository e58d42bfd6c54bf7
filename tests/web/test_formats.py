"""What is said of moments: true to the minute, and near by with the weekday."""

from __future__ import annotations

import datetime

import pytest
from flask import Flask
from flask_babel import Babel

from bulletin.web.shared import formats
from tests.web.clock import clock  # noqa: F401


@pytest.fixture
def said(clock):  # noqa: F811
    """It is Sunday, 22 November 2026, at noon."""
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("moment", "ahead"),
    [
        ("2026-11-22T12:00:20", "in 0 minutes"),
        ("2026-11-22T12:34", "in 34 minutes"),
        ("2026-11-22T13:00", "in 1 hour"),
        ("2026-11-22T13:34", "in 1 hour 34 minutes"),  # 94 minutes are not two hours
        ("2026-11-22T23:59", "in 11 hours 59 minutes"),
        ("2026-11-23T12:00", "in 1 day"),
        ("2026-11-23T23:00", "in 1 day"),  # 35 hours, and tomorrow
        ("2026-11-24T05:30", "in 2 days"),
        ("2026-12-09T05:30", "in 17 days"),  # not two weeks
    ],
)
@pytest.mark.usefixtures("said")
def test_how_long_it_is_until_then_is_true(moment, ahead):
    assert formats.ahead(datetime.datetime.fromisoformat(f"{moment}+00:00"), "Europe/London") == ahead


@pytest.mark.usefixtures("said")
def test_days_are_counted_where_the_site_is():
    in_auckland_tomorrow = datetime.datetime.fromisoformat("2026-11-23T12:00+00:00")  # it is Monday there, 01:00
    assert formats.ahead(in_auckland_tomorrow, "Pacific/Auckland") == "in 1 day"
    assert formats.moment(in_auckland_tomorrow, "Pacific/Auckland") == "tomorrow 01:00"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-11-08", "Sun 8 November 2026"),
        ("2026-11-24", "Tue 24 November 2026"),
        ("2026-12-06", "Sun 6 December 2026"),
        ("2026-12-07", "7 December 2026"),
        ("2025-11-22", "22 November 2025"),
    ],
)
@pytest.mark.usefixtures("said")
def test_a_day_near_by_carries_its_weekday(day, words):
    assert formats.iso_day(day) == words
