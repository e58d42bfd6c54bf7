"""People of a site: another's is absent; two remove, one leaves, the last one takes it along."""

from __future__ import annotations

import datetime
import uuid

import pytest

from bulletin import sweeper
from bulletin.domain.portability import leaving
from bulletin.domain.site import members
from tests.web.house import SITE, House, Person, errors, house, read  # noqa: F401

WEEK = datetime.timedelta(days=7)


@pytest.fixture
def newcomers(house: House) -> tuple[Person, Person, Person]:  # noqa: F811
    rosa = house.rosa()
    return rosa, house.joined(rosa, "Bill"), house.joined(rosa, "Clara")


@pytest.fixture
def depot(newcomers: tuple[Person, ...], monkeypatch: pytest.MonkeyPatch) -> tuple[Person, ...]:
    """The three of them, a week later: they may second a removal."""
    later = members.now() + WEEK
    monkeypatch.setattr(members, "now", lambda: later)
    return newcomers


def done_at(person: Person) -> str:
    return person.reads(f"{person.site}/events").words


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
    mine = clara.opens("/sites").text
    assert "You are in no site now" in mine
    assert "Two members have asked that you be removed from a site." in mine
    assert "Depot" not in mine
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
    rosa.app.extensions["sweeper"].swept_at = None
    rosa.opens(rosa.site)  # after it Clara is gone
    rosa.opens(rosa.site)  # after it the key is new
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


def test_whoever_taps_twice_sees_what_the_first_tap_did(depot: tuple[Person, ...]) -> None:
    rosa, bill, _clara = depot
    place = place_of("Clara", rosa)
    for person, ending, sentence in (
        (rosa, "", "asked that Clara be removed"),
        (bill, "/seconding", "seconded that Clara be removed"),
        (rosa, "/withdrawal", "took back that Clara be removed"),
    ):
        for _ in range(2):
            answer = person.sends(f"{place}/removal{ending}")
            assert (answer.status_code, answer.location) == (303, f"{rosa.site}/members"), ending
        assert done_at(rosa).count(sentence) == 1


def test_a_locked_out_member_is_not_asked_about_again(depot: tuple[Person, ...]) -> None:
    rosa, bill, _clara = depot
    place = place_of("Clara", rosa)
    rosa.sends(f"{place}/removal")
    bill.sends(f"{place}/removal/seconding")
    assert bill.sends(f"{place}/removal").status_code == 303
    assert done_at(rosa).count("asked that Clara") == 1
    assert errors(bill.sends(f"{place}/removal/withdrawal")) != ""


def removal_of_clara(person: Person) -> tuple[bool, bool, str]:
    """May this person second it, may they take it back; and all that is said."""
    page = person.reads(f"{person.site}/members")
    ways = [action.rpartition("/")[2] for action in page.actions]
    return "seconding" in ways, "withdrawal" in ways, page.words


def test_only_who_may_second_or_take_back_is_offered_it(depot: tuple[Person, ...]) -> None:
    rosa, bill, clara = depot
    place = place_of("Clara", rosa)
    rosa.sends(f"{place}/removal")
    assert removal_of_clara(rosa)[:2] == (False, True)
    assert "Another member has to second it." in removal_of_clara(rosa)[2]
    assert removal_of_clara(clara)[:2] == (False, False)
    second, take_back, told = removal_of_clara(bill)
    assert (second, take_back) == (True, True)
    assert "They are locked out at once, and gone in a day. Only Rosa, who asked, can take that back." in told
    bill.sends(f"{place}/removal/seconding")
    assert removal_of_clara(rosa)[:2] == (False, True)
    second, take_back, told = removal_of_clara(bill)
    assert (second, take_back) == (False, False)
    assert "Only Rosa, who asked for it, can take it back." in told


def test_before_seven_days_are_over_it_is_said_why_one_cannot_second(newcomers: tuple[Person, ...]) -> None:
    rosa, bill, _clara = newcomers
    rosa.sends(f"{place_of('Clara', rosa)}/removal")
    second, take_back, told = removal_of_clara(bill)
    assert (second, take_back) == (False, True)
    assert "You can second it when you have been here for seven days." in told


def test_who_leaves_one_of_two_sites_is_told_and_stays_signed_in(depot: tuple[Person, ...]) -> None:
    rosa, bill, _clara = depot
    form = read(bill.answers(rosa.invites("/founding-invitations")))
    bill.sends("/foundings/further", **form.hidden, **{**SITE, "site_name": "The Mill"})
    left = read(bill.opens(bill.sends(f"{rosa.site}/departures").location)).words
    assert "You are not in that site any more" in left
    assert "account" not in left
    assert bill.opens("/sites").status_code == 200


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
    assert "Leave Depot North" in page.words
    answer = bill.sends(page.action("/departures"))
    assert "your account is deleted" in read(bill.opens(answer.location)).words
    assert bill.client.get_cookie("device", domain="localhost") is None
    assert bill.opens(rosa.site).status_code == 303
    rosa.opens(rosa.site)  # after it the key is new
    told = read(rosa.opens(f"{rosa.site}/events")).words
    assert "Bill left." in told
    assert "The key of the site changed." in told


def test_the_last_one_is_warned_and_deletes_the_site(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    page = rosa.reads(f"{rosa.site}/departures/new")
    assert "the site and everything in it is deleted, for good" in page.words
    assert "Depot North" in page.words
    rosa.sends(page.action("/departures"))
    assert rosa.opens(rosa.site).location.startswith("/sign-in")
    assert rosa.signs_in().status_code == 422


def test_sweeping_is_done_once_a_minute(house: House, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    swept: list[int] = []
    rosa = house.rosa()
    monkeypatch.setattr(leaving, "carry_out_removals", lambda: swept.append(1))
    house.app.extensions["sweeper"].swept_at = None
    rosa.opens(rosa.site)
    rosa.opens(rosa.site)
    assert swept == [1]
    assert sweeper.SWEEP_S == 60
