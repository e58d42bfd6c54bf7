"""Devices: what a cookie opens and for how long, and what the disk says of it to whoever has no cookie."""

from __future__ import annotations

import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from bulletin.db import db
from bulletin.domain.site.accounts.devices import IDLE, SHARED_LASTS, Device
from bulletin.vault import keys

NOON = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)


def test_a_cookie_opens_its_own_device_until_it_is_hidden(rosa, depot):
    device, token = Device.begin(rosa.member, rosa.private, shared=False)
    db.session.commit()
    assert Device.with_token(token) is device
    assert device.private_key(token).secret == rosa.private.secret
    device.hide()
    db.session.commit()
    assert device.private_key(token) is None
    following = device.reveal(token, rosa.private)
    assert device.private_key(following).public == rosa.private.public
    assert device.private_key(token) is None, "a copy of the cookie from before opens nothing"


@pytest.mark.parametrize(
    ("shared", "span", "over", "hidden"),
    [
        (False, {"hours": 11}, False, False),
        (False, {"hours": 12}, False, True),
        (False, {"days": 14}, True, True),
        (True, {"minutes": 29}, False, False),
        (True, {"minutes": 30}, True, False),
    ],
)
def test_a_device_is_closed_and_ends_by_itself(rosa, depot, later, shared, span, over, hidden):
    device, token = Device.begin(rosa.member, rosa.private, shared=shared)
    db.session.commit()
    later(**span)
    assert (device.over(token), device.hidden(token)) == (over, hidden)
    assert (Device.with_token(token) is None) == over
    assert (device.private_key(token) is None) == hidden


@pytest.mark.parametrize("hour", [0, 11, 12, 23])
@pytest.mark.parametrize(
    ("shared", "span", "left", "opens"),
    [  # what is on the disk when the cookie opens nothing any more, and a day after that
        (False, {"hours": 12}, True, False),
        (False, {"days": 14}, False, False),
        (True, {"minutes": 30}, False, False),
    ],
)
def test_the_sweep_knows_the_day_alone_and_takes_nothing_that_a_cookie_still_opens(
    rosa, depot, stopped, shared, span, left, opens, hour
):
    begun = NOON.replace(hour=hour, minute=29)
    stopped(begun.isoformat())
    Device.begin(rosa.member, rosa.private, shared=shared)
    db.session.commit()
    closed = begun + datetime.timedelta(**span)
    stopped((closed - datetime.timedelta(seconds=1)).isoformat())
    Device.sweep()
    db.session.commit()
    (row,) = db.session.scalars(select(Device)).all()
    assert row.open_key or span == {"days": 14}, "it was hidden long before"
    stopped((closed + datetime.timedelta(days=1)).isoformat())
    Device.sweep()
    db.session.commit()
    rows = db.session.scalars(select(Device)).all()
    assert (len(rows) == 1, any(row.open_key for row in rows)) == (left, opens)


def test_a_device_in_daily_use_ends_after_sixty_days(rosa, depot, later):
    _, token = Device.begin(rosa.member, rosa.private, shared=False)
    for _ in range(59):
        later(days=1)
        Device.with_token(token).use(token)
        db.session.commit()
        Device.sweep()
    later(days=1)
    assert Device.with_token(token) is None
    Device.sweep()
    assert db.session.scalars(select(Device)).all() == []


@pytest.mark.parametrize(("shared", "limit"), [(False, IDLE), (True, SHARED_LASTS)])
def test_the_last_use_is_noted_again_when_a_third_of_its_limit_is_over(rosa, depot, stopped, shared, limit):
    stopped(NOON.isoformat())
    device, token = Device.begin(rosa.member, rosa.private, shared=shared)
    stopped((NOON + limit / 3).isoformat())
    assert not device.use_is_due(token)
    stopped((NOON + limit / 3 + datetime.timedelta(seconds=1)).isoformat())
    assert device.use_is_due(token)
    device.use(token)
    assert device.used_at(token) == NOON + limit / 3 + datetime.timedelta(seconds=1)
    assert not device.use_is_due(token)


def test_the_disk_says_no_more_than_the_days_and_only_its_cookie_says_when(rosa, depot, stopped):
    stopped("2026-11-22T14:37:12+00:00")
    device, token = Device.begin(rosa.member, rosa.private, shared=False)
    stopped("2026-11-23T15:48:59+00:00")
    device.use(token)
    db.session.commit()
    (row,) = db.session.execute(select(*sa.inspect(Device).columns)).mappings()
    told = {name: value for name, value in row.items() if isinstance(value, datetime.date)}
    assert told == {"began_on": datetime.date(2026, 11, 22), "used_on": datetime.date(2026, 11, 23)}
    for day in told.values():
        assert not isinstance(day, datetime.datetime)
    assert not [value for value in row.values() if "14:37" in repr(value) or "15:48" in repr(value)]
    assert device.used_at(token).isoformat() == "2026-11-23T15:48:59+00:00"
    with pytest.raises(keys.DoesNotOpen):
        device.used_at(keys.new_secret())
    assert device.used_at().isoformat() == "2026-11-24T00:00:00+00:00", "at the latest"


def stored(column):
    """The values of a column of devices, as they are on the disk."""
    return db.session.scalars(select(column).order_by(Device.id)).all()


def test_what_rosa_calls_her_phone_opens_with_her_key_alone_and_for_that_phone(rosa, bill, depot):
    device, _ = Device.begin(rosa.member, rosa.private, shared=False, label="Rosa’s phone")
    other, _ = Device.begin(rosa.member, rosa.private, shared=False)
    db.session.commit()
    assert stored(Device.clear_label) == ["", ""]
    assert "Rosa’s phone".encode() not in b"".join(filter(None, stored(Device.sealed_label)))
    assert (device.label(rosa.private), device.label(bill.private), other.label(rosa.private)) == (
        "Rosa’s phone",
        "",
        "",
    )
    other.sealed_label = device.sealed_label
    assert other.label(rosa.private) == "", "somebody has changed the row"
    device.call("", rosa.private)
    assert (device.label(rosa.private), device.sealed_label) == ("", None)


def test_a_name_that_a_release_before_left_in_the_clear_is_shown_and_sealed_when_rosa_is_here_next(rosa, bill, depot):
    (old, token), (lost, _), (bills, _) = [
        Device.begin(person.member, person.private, shared=False) for person in (rosa, rosa, bill)
    ]
    old.clear_label, lost.clear_label, bills.clear_label = "Rosa’s phone", "The lost one", "Bill’s"
    db.session.commit()
    assert old.label(rosa.private) == "Rosa’s phone"
    assert old.use_is_due(token)
    assert Device.seal_labels(rosa.member, rosa.private)
    db.session.commit()
    assert [device.label(rosa.private) for device in (old, lost)] == ["Rosa’s phone", "The lost one"]
    assert sorted(stored(Device.clear_label)) == ["", "", "Bill’s"]
    assert not Device.seal_labels(rosa.member, rosa.private)
    assert not old.use_is_due(token)


def test_a_row_that_does_not_say_when_counts_as_used_until_the_day_was_over(rosa, depot, stopped):
    """An older release wrote it: its migration closed what was idle then."""
    stopped(NOON.isoformat())
    device, token = Device.begin(rosa.member, rosa.private, shared=False)
    device.last_use = None
    stopped("2026-11-23T11:59:00+00:00")
    assert device.private_key(token).secret == rosa.private.secret
    assert device.use_is_due(token)
    stopped("2026-11-23T12:00:00+00:00")
    assert device.private_key(token) is None
