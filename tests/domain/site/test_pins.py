"""Six digits on a phone of one's own: what opens it, what is counted, and what a copy of it gives to others."""

from __future__ import annotations

import datetime

import pytest
from sqlalchemy import select

from bulletin.db import db
from bulletin.domain.site.accounts import new_words
from bulletin.domain.site.accounts.devices import IDLE, PIN_TRIES, Device
from bulletin.domain.site.accounts.idleness import Idleness
from bulletin.domain.site.founding import found_site
from bulletin.domain.site.sites import IDLE_MINUTES
from bulletin.vault import keys
from tests.domain.conftest import ABOUT
from tests.domain.site.test_membership import ask, visit

PIN = "480215"
NOON = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)


def phone(person, pin=PIN):
    """A phone of somebody's, with its cookie."""
    device, token = Device.begin(person.member, person.private, shared=False)
    if pin:
        device.set_pin(token, keys.lock(person.private, pin))
    db.session.commit()
    return device, token


def kept(device):
    """All that the disk has of a phone."""
    return [device.open_key, device.locked_key, device.former_digest, device.former_locked_key]


def test_hidden_it_opens_by_cookie_and_digits_together_and_by_neither_alone(rosa, depot):
    device, token = phone(rosa)
    device.hide()
    assert device.private_key(token) is None
    locked = device.pin_lock(token)
    with pytest.raises(keys.WrongWords):
        keys.unlock(locked, "480216")
    assert device.pin_lock(keys.new_secret()) is None
    with pytest.raises(keys.DoesNotOpen):
        keys.unwrap(keys.new_secret(), device.locked_key, device._context("pin"))
    private = keys.unlock(locked, PIN)
    following = device.reveal(token, private)
    assert device.private_key(following).secret == rosa.private.secret


@pytest.mark.parametrize("pin", [PIN, ""])
def test_opened_again_it_has_another_cookie_and_a_copy_of_the_one_before_opens_nothing(rosa, depot, pin):
    device, copied = phone(rosa, pin)
    device.hide()
    following = device.reveal(copied, rosa.private)
    db.session.commit()
    assert following != copied
    assert Device.with_token(copied).private_key(copied) is None
    assert Device.with_token(following).private_key(following)
    assert device.use_is_due(following)
    device.use(following)  # its new cookie has come
    db.session.commit()
    assert Device.with_token(copied) is None
    assert not device.use_is_due(following)


def test_an_answer_that_was_lost_is_given_again(rosa, depot):
    """Rosa's phone has no signal when its new cookie is sent: it asks once more with the one it has."""
    device, token = phone(rosa)
    device.hide()
    lost = device.reveal(token, keys.unlock(device.pin_lock(token), PIN))
    again = device.reveal(token, keys.unlock(device.pin_lock(token), PIN))
    assert again == lost
    assert device.private_key(lost).secret == rosa.private.secret


def test_who_has_the_cookie_and_not_the_key_cannot_know_the_next_one(rosa, bill):
    token = keys.new_secret()
    assert keys.successor(token, rosa.private) != keys.successor(token, bill.private)
    assert keys.successor(token, rosa.private) != keys.successor(keys.new_secret(), rosa.private)


def test_five_tries_are_counted_and_no_sixth(rosa, depot):
    device, token = phone(rosa)
    assert [device.count_try() for _ in range(PIN_TRIES + 2)] == [True] * PIN_TRIES + [False] * 2
    assert device.wrong_pins == PIN_TRIES
    following = device.reveal(token, rosa.private)
    db.session.commit()
    assert device.wrong_pins == PIN_TRIES - 1  # for the cookie before, which a copy has too
    device.use(following)
    assert device.wrong_pins == 0


@pytest.mark.parametrize(
    ("pin", "chosen", "limit"),
    [
        ("", None, IDLE),
        (PIN, None, datetime.timedelta(minutes=IDLE_MINUTES)),
        (PIN, 1, datetime.timedelta(minutes=1)),
        (PIN, 60, datetime.timedelta(minutes=60)),
    ],
)
def test_it_is_idle_after_what_its_site_has_chosen_and_without_digits_after_twelve_hours(
    rosa, depot, stopped, pin, chosen, limit
):
    depot.idle_minutes = chosen or depot.idle_minutes
    stopped(NOON.isoformat())
    device, token = phone(rosa, pin)
    stopped((NOON + limit - datetime.timedelta(seconds=1)).isoformat())
    assert device.private_key(token)
    stopped((NOON + limit).isoformat())
    assert device.private_key(token) is None


def test_of_several_sites_the_shortest_counts(rosa, bill, depot, join):
    device, _ = phone(rosa)
    mill, _ = found_site(depot.network, rosa.member, **{"name": "Mill", **ABOUT})
    others, _ = found_site(depot.network, bill.member, **{"name": "Elsewhere", **ABOUT})
    depot.idle_minutes, mill.idle_minutes, others.idle_minutes = 40, 30, 2
    db.session.commit()
    assert device.idle == datetime.timedelta(minutes=30)


def test_what_lies_idle_is_overwritten_by_the_sweep_and_no_moment_is_kept_for_it(rosa, bill, depot, stopped):
    stopped(NOON.isoformat())
    (idle, _), (used, token), (plain, _) = phone(rosa), phone(rosa), phone(bill, "")
    seen = Idleness()
    for minutes, open_then in ((0, 3), (10, 3), (14, 3), (16, 2), (24, 2), (26, 1)):
        stopped((NOON + datetime.timedelta(minutes=minutes)).isoformat())
        if minutes == 10:
            used.use(token)
        seen.sweep()
        db.session.commit()
        assert sum(device.open_key is not None for device in (idle, used, plain)) == open_then, minutes
    assert idle.open_key is None
    assert idle.locked_key is not None, "its digits open it still"
    assert plain.open_key is not None, "without digits it is twelve hours"


def test_who_is_locked_out_by_two_opens_no_phone_by_digits_any_more(rosa, bill, clara, depot, join):
    join(bill), join(clara, by=bill)
    device, token = phone(clara)
    device.hide()
    device.reveal(token, clara.private)
    db.session.commit()
    ask(rosa, depot, clara)
    assert device.locked_key is not None
    ask(bill, depot, clara)
    assert kept(device) == [None, None, keys.digest(token), None], "and where they are let in again the words open it"


def test_who_has_left_leaves_no_phone(rosa, bill, clara, depot, join, later):
    join(bill), join(clara, by=bill)
    phone(clara)
    ask(rosa, depot, clara), ask(bill, depot, clara)
    later(days=4)
    visit(rosa, depot)
    assert db.session.scalars(select(Device)).all() == []


def test_new_words_leave_no_digits_that_open_the_old_key(rosa, depot):
    (here, token), _other = phone(rosa), phone(rosa)
    new, locked = keys.new_member("six other words that Rosa chose")
    with rosa.inside(depot):
        new_words.change(here, token, rosa.private, new, locked)
        db.session.commit()
    assert db.session.scalars(select(Device.id)).all() == [here.id]
    assert here.locked_key is None
    assert here.private_key(token).secret == new.secret


def test_a_shared_phone_has_none(rosa, depot):
    device, token = Device.begin(rosa.member, rosa.private, shared=True)
    with pytest.raises(ValueError, match="own"):
        device.set_pin(token, keys.lock(rosa.private, PIN))
