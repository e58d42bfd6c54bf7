"""People of a site: another's is absent; two remove, one leaves, the last one takes it along."""

from __future__ import annotations

import datetime
import uuid

import pytest

from bulletin.domain import departures, members
from bulletin.web import identity
from tests.web.house import SITE, House, Person, errors, house, read  # noqa: F401


@pytest.fixture
def depot(house: House) -> tuple[Person, Person, Person]:  # noqa: F811
    rosa = house.rosa()
    return rosa, house.joined(rosa, "Bill"), house.joined(rosa, "Clara")


def place_of(handle: str, seen_by: Person) -> str:
    """The path of somebody's place at the site."""
    with seen_by.app.app_context():
        member = members.Member.named(handle)
        assert member
        place = member.membership_at(uuid.UUID(seen_by.site.rpartition("/")[2]))
        assert place
        return f"{seen_by.site}/members/{place.id}"


def test_a_site_one_is_not_in_looks_absent(house: House, depot: tuple[Person, ...]) -> None:  # noqa: F811
    rosa = depot[0]
    dave = house.person()
    dave.becomes("/foundings/further", "Dave", code=rosa.invites("/founding-invitations"), **SITE)
    nowhere = f"/sites/{uuid.uuid4()}"
    place = place_of("Bill", rosa).removeprefix(rosa.site)
    for rule in house.app.url_map.iter_rules():
        if not rule.rule.startswith("/sites/<uuid:site_id>"):
            continue
        path = rule.rule.removeprefix("/sites/<uuid:site_id>").replace("/members/<uuid:membership_id>", place)
        path = path.replace("<uuid:invitation_id>", str(uuid.uuid4()))
        ask = dave.opens if "GET" in rule.methods else dave.sends
        theirs, none = ask(rosa.site + path), ask(nowhere + path)
        assert theirs.status_code == none.status_code == 404, path
        assert theirs.text == none.text
    assert rosa.opens(f"{rosa.site}/members").text.count("Locked out") == 0


def test_two_remove_a_third_who_is_out_at_once(depot: tuple[Person, ...]) -> None:
    rosa, bill, clara = depot
    place = place_of("Clara", rosa)
    assert rosa.sends(f"{place}/removal").status_code == 303
    assert clara.opens(rosa.site).status_code == 200
    assert "Rosa asks that you be removed." in read(clara.opens(f"{rosa.site}/members")).words
    assert rosa.sends(f"{place}/removal/seconding").status_code == 409
    assert clara.sends(f"{place}/removal/seconding").status_code == 409
    assert bill.sends(f"{place}/removal/seconding").status_code == 303
    assert clara.opens(rosa.site).status_code == 404
    assert "You are in no site now" in clara.opens("/sites").text
    told = read(rosa.opens(f"{rosa.site}/events")).words
    assert "Bill seconded that Clara be removed: locked out." in told


def test_a_day_later_they_are_gone_and_the_key_is_new(
    depot: tuple[Person, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    rosa, bill, clara = depot
    place = place_of("Clara", rosa)
    rosa.sends(f"{place}/removal")
    bill.sends(f"{place}/removal/seconding")
    tomorrow = members.now() + datetime.timedelta(days=1, minutes=1)
    monkeypatch.setattr(members, "now", lambda: tomorrow)
    rosa.app.extensions["broom"].swept_at = None
    told = read(rosa.opens(f"{rosa.site}/events")).words
    assert "The key of the site changed." in told
    assert "Rosa founded the site." in told
    assert "Rosa founded the site." in read(bill.opens(f"{rosa.site}/events")).words
    assert clara.opens("/sites").location.startswith("/sign-in")
    assert clara.signs_in().status_code == 422


def test_a_removal_is_taken_back(depot: tuple[Person, ...]) -> None:
    rosa, bill, clara = depot
    place = place_of("Clara", rosa)
    rosa.sends(f"{place}/removal")
    bill.sends(f"{place}/removal/seconding")
    assert rosa.sends(f"{place}/removal/withdrawal").status_code == 303
    assert clara.opens(rosa.site).status_code == 200


def test_of_two_neither_removes_the_other(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    house.joined(rosa, "Bill")
    refused = rosa.sends(f"{place_of('Bill', rosa)}/removal")
    assert refused.status_code == 409
    assert "In a site of two" in errors(refused)


def test_bill_leaves_and_the_key_changes(depot: tuple[Person, ...]) -> None:
    rosa, bill, _clara = depot
    page = bill.reads(f"{rosa.site}/departures/new")
    assert "deleted, for good" not in page.words
    assert bill.sends(page.action("/departures")).status_code == 303
    assert bill.opens(rosa.site).status_code == 303
    told = read(rosa.opens(f"{rosa.site}/events")).words
    assert "Bill left." in told
    assert "The key of the site changed." in told


def test_the_last_one_is_warned_and_deletes_the_site(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    page = rosa.reads(f"{rosa.site}/departures/new")
    assert "the site and everything in it is deleted, for good" in page.words
    rosa.sends(page.action("/departures"))
    assert rosa.opens(rosa.site).location.startswith("/sign-in")
    assert rosa.signs_in().status_code == 422


def test_sweeping_is_done_once_a_minute(house: House, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    swept: list[int] = []
    rosa = house.rosa()
    monkeypatch.setattr(departures, "carry_out_removals", lambda: swept.append(1))
    house.app.extensions["broom"].swept_at = None
    rosa.opens(rosa.site)
    rosa.opens(rosa.site)
    assert swept == [1]
    assert identity.SWEEP_S == 60
