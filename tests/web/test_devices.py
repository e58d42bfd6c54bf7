"""Devices: hidden, ended, run out."""

from __future__ import annotations

import datetime

import pytest

from bulletin.domain import devices
from tests.web.house import House, Person, errors, house, read  # noqa: F401
from tests.web.test_signing_in import other_browser


def later(monkeypatch: pytest.MonkeyPatch, **span: int) -> None:
    moment = devices.now() + datetime.timedelta(**span)
    monkeypatch.setattr(devices, "now", lambda: moment)


def test_hide_needs_the_words(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    rosa.opens("/sign-in")
    assert rosa.sends("/devices/current/hiding").location == "/devices/current/key"
    assert rosa.opens(rosa.site).location == f"/devices/current/key?next={rosa.site}"
    dull = rosa.opens("/devices/current/key")
    assert "Rosa" not in dull.text
    assert "Depot" not in dull.text
    assert "sites" not in "".join(read(dull).links)
    wrong = rosa.sends("/devices/current/key", words="1" * 24)
    assert "not the words" in errors(wrong)
    assert rosa.opens(rosa.site).status_code == 303
    assert rosa.sends("/devices/current/key", words=rosa.phrase, next=rosa.site).location == rosa.site
    assert rosa.opens(rosa.site).status_code == 200


def test_a_hidden_device_does_nothing(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    rosa.sends("/devices/current/hiding")
    assert rosa.sends(f"{rosa.site}/invitations").location == "/devices/current/key"
    assert rosa.sends("/devices/endings").location == "/devices/current/key"


def test_idle_for_long_it_asks_for_the_words(house: House, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    rosa = house.rosa()
    later(monkeypatch, hours=12, minutes=2)
    assert "/devices/current/key" in rosa.opens(rosa.site).location
    assert "/devices/current/key" in rosa.opens(rosa.site).location


def test_a_shared_one_ends_after_half_an_hour(house: House, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    rosa = other_browser(house.rosa())
    rosa.signs_in(place="shared")
    later(monkeypatch, minutes=31)
    assert rosa.opens(rosa.site).location.startswith("/sign-in")


def test_rosa_signs_out_a_lost_phone(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    lost = other_browser(rosa)
    lost.signs_in(label="Old phone")
    page = rosa.opens("/devices")
    assert "Old phone" in page.text
    assert rosa.sends(read(page).action("/revocation")).status_code == 303
    assert lost.opens(rosa.site).location.startswith("/sign-in")
    assert rosa.opens(rosa.site).status_code == 200


def test_nobody_ends_anothers(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    other_browser(rosa).signs_in()
    bill = house.joined(rosa, "Bill")
    action = rosa.reads("/devices").action("/revocation")
    assert bill.sends(action).status_code == 404


def test_a_device_is_renamed(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    assert rosa.sends("/devices/current/label", label="Blue case").status_code == 303
    assert "Blue case" in rosa.opens("/devices").text
    assert "take out 1" in errors(rosa.sends("/devices/current/label", label="x" * 41))


def test_ending_all_clears_the_browser(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    other = other_browser(rosa)
    other.signs_in()
    answer = rosa.sends("/devices/endings")
    assert answer.headers["Clear-Site-Data"] == '"cookies", "storage", "cache"'
    for person in (rosa, other):
        assert person.opens(rosa.site).location.startswith("/sign-in")
