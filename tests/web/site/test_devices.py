"""Devices: hidden, ended, run out."""

from __future__ import annotations

import datetime
import re

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from bulletin.domain.site.accounts import devices
from tests.databases import Database
from tests.homes import ON_SQLITE
from tests.web.house import House, Person, errors, house, read  # noqa: F401
from tests.web.site.test_signing_in import other_browser

pytestmark = ON_SQLITE


def later(monkeypatch: pytest.MonkeyPatch, **span: int) -> None:
    moment = devices.now() + datetime.timedelta(**span)
    monkeypatch.setattr(devices, "now", lambda: moment)


def test_hide_needs_the_words(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    rosa.opens("/sign-in")
    assert rosa.sends("/devices/current/hiding").location == "/devices/current/key"
    assert read(rosa.opens(rosa.opens(rosa.site).location)).hidden["next"] == rosa.site
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
    for path in (f"{rosa.site}/invitations", "/devices/endings"):
        refused = rosa.sends(path)
        assert refused.status_code == 403
        assert "/devices/current/key" in read(refused).links


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


def test_a_name_in_the_clear_is_gone_from_the_disk_after_the_next_page(home: Database, house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    with home.engine().begin() as connection:
        connection.execute(sa.text("UPDATE device SET label = 'Blue case'"))
    assert "Blue case" in rosa.opens("/devices").text
    with home.engine().begin() as connection:
        assert connection.scalar(sa.text("SELECT label FROM device")) == ""
    assert "Blue case" in rosa.opens("/devices").text


def test_a_name_outlives_a_change_of_words(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    rosa.sends("/devices/current/label", label="Blue case")
    shown = read(rosa.sends("/devices/words", words=rosa.phrase, secret="words", step="about"))  # noqa: S106
    assert rosa.sends("/devices/words", **shown.hidden, typed=" ".join(shown.phrase), step="typed").status_code == 303
    assert "Blue case" in rosa.opens("/devices").text


def test_ending_all_clears_the_browser(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    other = other_browser(rosa)
    other.signs_in()
    answer = rosa.sends("/devices/endings")
    assert answer.headers["Clear-Site-Data"] == '"cookies", "storage", "cache"'
    for person in (rosa, other):
        assert person.opens(rosa.site).location.startswith("/sign-in")


def test_who_taps_sign_out_everywhere_twice_ends_on_the_same_page(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    cookie = rosa.client.get_cookie("device", domain="localhost").value
    first = rosa.sends("/devices/endings")
    rosa.client.set_cookie("device", cookie)  # the first answer was never seen
    second = rosa.sends("/devices/endings")
    assert first.location == second.location == "/sign-in"
    assert rosa.client.get_cookie("device", domain="localhost") is None


def asks_by_script(person: Person, path: str, **fields: str) -> TestResponse:
    headers = {"Sec-Fetch-Site": "same-origin", "Accept": "application/json"}
    return person.client.post(path, data=fields, headers=headers, base_url=person.base)


def test_a_script_hides_the_page_and_comes_back_by_the_words(house: House) -> None:  # noqa: F811
    rosa = house.rosa()  # has never seen the page to sign in on
    whose = rosa.reads(rosa.site).hidden["whose"]
    assert asks_by_script(rosa, "/devices/current/hiding").status_code == 204
    assert read(rosa.opens(rosa.opens(rosa.site).location)).hidden["next"] == rosa.site
    wrong = asks_by_script(rosa, "/devices/current/key", words="1" * 24, whose=whose)
    assert wrong.status_code == 422
    assert "not the words" in wrong.json["errors"][0]["sentence"]
    assert asks_by_script(rosa, "/devices/current/key", words=rosa.phrase, whose=whose).status_code == 204
    assert rosa.opens(rosa.site).status_code == 200


def test_a_script_is_told_who_is_signed_out(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    rosa.client.delete_cookie("device", domain="localhost")
    answer = asks_by_script(rosa, "/devices/current/key", words=rosa.phrase)
    assert answer.status_code == 403
    assert "Sign in on another page" in answer.json["errors"][0]["sentence"]


def test_a_hidden_page_does_not_open_with_anothers_words(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    bill = house.joined(rosa, "Bill")
    whose = rosa.reads(rosa.site).hidden["whose"]
    answer = asks_by_script(bill, "/devices/current/key", words=bill.phrase, whose=whose)
    assert answer.status_code == 403
    assert "Somebody else" in answer.json["errors"][0]["sentence"]


def test_the_page_of_a_hidden_device_says_nothing_of_it(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    rosa.sends("/devices/current/hiding")
    dull = rosa.opens("/devices/current/key")
    assert "<title>Notebook</title>" in dull.text
    for word in ("hidden", "device", "lock", "sign", "Rosa"):
        assert word not in read(dull).words.lower(), word


def test_devices_without_names_are_told_by_their_day_alone(house: House, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    rosa = house.rosa()
    other_browser(rosa).signs_in()
    later(monkeypatch, hours=1)
    told = rosa.reads("/devices").words
    assert re.search(r"Last used on \w{3} \d{1,2} \w+ \d{4}", told)
    assert not re.search(r"\d\d:\d\d", told)
    assert "/sites/mine" in rosa.reads("/devices").links
