"""Invitations: made, looked at, answered once."""

from __future__ import annotations

import datetime
import re

import pytest

from bulletin.db import db
from bulletin.domain.site import invitations
from bulletin.domain.site.accounts import handles
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.governance import register
from bulletin.vault import words
from bulletin.web.shared import formats
from tests.homes import ON_BOTH
from tests.web.house import SITE, House, Person, Read, errors, house, read  # noqa: F401

ENDINGS = handles.endings  # before anybody's tests have put others in their place


@ON_BOTH
def test_bill_joins_by_a_code_and_both_read_it(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    bill = house.joined(rosa, "Bill")
    assert bill.site == rosa.site
    for person in (rosa, bill):
        assert "Bill joined." in read(person.opens(f"{rosa.site}/events")).words
        assert "Bill" in read(person.opens(f"{rosa.site}/members")).words


def test_looking_at_a_link_spends_nothing(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    code = rosa.invites()
    stranger = house.person()
    for _ in range(3):
        assert stranger.opens("/invitations/answer").status_code == 200
    assert stranger.opens("/invitations/answers").status_code == 405
    assert stranger.answers(code, "Bill").status_code == 303


def test_the_link_page_has_the_secret_behind_the_hash_only(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    answer = rosa.sends(f"{rosa.site}/invitations")
    page = read(answer)
    assert page.by_id["link"] == f"http://localhost/invitations/answer#{page.by_id['code']}"
    assert "<svg" in answer.text
    assert "style=" not in answer.text


def test_a_code_is_answered_once(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    code = rosa.invites()
    assert house.person().answers(code, "Bill").status_code == 303
    again = house.person().answers(code)
    assert again.status_code == 422
    assert "cannot be answered now" in errors(again)


def test_spent_between_two_steps_nobody_joins(house: House) -> None:  # noqa: F811
    rosa, bill, clara = house.rosa(), house.person(), house.person()
    code = rosa.invites()
    about = {"code": code, "handle": "Bill", "secret": "words", "place": "own", "step": "about"}
    shown = read(bill.sends("/invitations/answers", **about))
    clara.answers(code, "Clara")
    late = bill.sends("/invitations/answers", **shown.hidden, typed=" ".join(shown.phrase), step="typed")
    assert late.status_code == 422
    assert "Bill" not in read(rosa.opens(f"{rosa.site}/members")).words


def test_run_out_spent_and_unknown_are_told_alike(house: House, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    rosa = house.rosa()
    old, spent, stranger = rosa.invites(), rosa.invites(), house.person()
    house.person().answers(spent, "Bill")
    unknown = words.link_text(b"0" * words.LINK_BYTES)
    told = {errors(stranger.answers(spent)), errors(stranger.answers(unknown))}
    future = invitations.today() + datetime.timedelta(days=22)
    monkeypatch.setattr(invitations, "today", lambda: future)
    answer = stranger.answers(old)
    told.add(errors(answer))
    assert len(told) == 1
    assert "cannot be answered now" in told.pop()
    assert "Did you join with it already?" in read(answer).words
    assert "/sign-in" in read(answer).links


def test_one_that_waits_for_the_word_of_another_is_told_so(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    house.joined(rosa, "Bill")
    house.joined(rosa, "Clara")
    answer = house.person().answers(rosa.invites())
    assert "Another member has to say first that it is fine: try again later." in errors(answer)
    assert "Did you join" not in answer.text


def test_from_three_on_another_says_that_it_is_fine(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    bill = house.joined(rosa, "Bill")
    house.joined(rosa, "Clara")
    code = rosa.invites()
    assert "has to say first" in errors(house.person().answers(code))
    page = bill.reads(f"{rosa.site}/invitations")
    for _ in range(2):  # a thumb taps twice
        assert bill.sends(page.action("/seconding")).status_code == 303
    assert house.person().answers(code, "Dolores").status_code == 303
    told = read(rosa.opens(f"{rosa.site}/events")).words
    assert told.count("Bill said that an invitation by Rosa is fine.") == 1


def test_one_does_not_second_ones_own(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    bill = house.joined(rosa, "Bill")
    house.joined(rosa, "Clara")
    rosa.invites()
    action = bill.reads(f"{rosa.site}/invitations").action("/seconding")
    refused = rosa.sends(action)
    assert refused.status_code == 409
    assert "Another one of you has to say so." in errors(refused)


def test_taken_back_it_cannot_be_answered(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    code = rosa.invites()
    assert rosa.sends(rosa.reads(f"{rosa.site}/invitations").action("/withdrawal")).status_code == 303
    assert "cannot be answered now" in errors(house.person().answers(code))


def test_a_member_of_another_site_joins_at_once(house: House) -> None:  # noqa: F811
    rosa, bill = house.rosa(), house.person()
    bill.becomes("/foundings/further", "Bill", code=rosa.invites("/founding-invitations"), **SITE)
    code = rosa.invites()
    asked = read(bill.sends("/invitations/answers", code=code))
    assert "Depot North" in asked.words
    assert "will see your sign-in name, Bill" in asked.words
    assert bill.opens(rosa.site).status_code == 404
    answer = bill.sends("/invitations/answers", **asked.hidden, step="join")
    assert answer.location == rosa.site
    assert bill.opens(rosa.site).status_code == 200
    twice = bill.answers(rosa.invites())
    assert "in this group already" in errors(twice)


def begun(person: Person, code: str, handle: str) -> Read:
    """The page that shows somebody their words."""
    about = {"code": code, "handle": handle, "secret": "words", "place": "own", "step": "about"}
    return read(person.sends("/invitations/answers", **about))


@ON_BOTH
def test_a_handle_that_somebody_takes_meanwhile_costs_nobody_their_words(house: House) -> None:  # noqa: F811
    rosa, bill = house.rosa(), house.person()
    shown = begun(bill, rosa.invites(), "Bill")
    assert shown.hidden["whole"] == "Bill"
    house.person().answers(rosa.invites(), "bill")
    typed = " ".join(shown.phrase)
    changed = bill.sends("/invitations/answers", **shown.hidden, typed=typed, step="typed")
    assert changed.status_code == 422
    assert "Your sign-in name is Bill-10 now: change it on your paper" in errors(changed)
    bill.handle, bill.phrase = "Bill-10", typed
    done = bill.sends("/invitations/answers", **read(changed).hidden, typed=typed, step="typed")
    assert done.status_code == 303
    bill.site = done.location
    assert "Bill-10" in read(rosa.opens(f"{rosa.site}/members")).words
    assert bill.signs_in().status_code == 303


def test_letters_of_two_alphabets_are_no_handle(house: House) -> None:  # noqa: F811
    rosa, bill = house.rosa(), house.person()
    code = rosa.invites()

    def complaint(handle: str) -> str:
        about = {"code": code, "handle": handle, "secret": "words", "place": "own", "step": "about"}
        return errors(bill.sends("/invitations/answers", **about))

    for mixed in ("R\u043esa", "\u0420osa", "Bil\u03bf"):  # a Cyrillic o, a Cyrillic R, a Greek o
        assert "Letters of two alphabets" in complaint(mixed), mixed
    for free in ("Rosa 2", "\u0420\u043e\u0437\u0430", "\u592a\u90ce\u305f\u308d\u3046", "\u0930\u094b\u095b\u093e"):
        assert complaint(free) == "", free
    assert "take out" in complaint("x" * 36)


@pytest.mark.parametrize("name", ["Rosa", "R.o.s.a", "Ro sa", "R\u00f3sa", "r0sa", "Ro\u200bsa", "Rosa\ufe0f"])
def test_who_is_called_as_somebody_here_gets_other_figures(house: House, name: str) -> None:  # noqa: F811
    rosa, other = house.rosa(), house.person()
    assert begun(other, rosa.invites(), name).hidden["whole"].endswith("-10"), name


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handles, "endings", ENDINGS)


@pytest.mark.usefixtures("figures")
@pytest.mark.parametrize("taken", ["Quill", "Nobody"])
def test_whoever_joins_learns_nothing_of_people_at_other_sites(house: House, taken: str) -> None:  # noqa: F811
    rosa = house.rosa()
    other, stranger = house.person(), house.person()
    other.becomes("/foundings/further", taken, code=rosa.invites("/founding-invitations"), **SITE)
    shown = begun(stranger, rosa.invites(), "Quill")
    assert re.fullmatch(r"Quill-\d\d", shown.hidden["whole"])
    assert shown.hidden["whole"] != other.handle
    forged = {**shown.hidden, "whole": other.handle}
    for step in ("seen", "typed"):
        answer = stranger.sends("/invitations/answers", **forged, typed=" ".join(shown.phrase), step=step)
        assert read(answer).hidden["whole"] == shown.hidden["whole"], "what they say is no question about anybody"


@pytest.mark.usefixtures("figures")
def test_rosa_signs_in_with_her_figures_however_she_types_them(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    assert re.fullmatch(r"Rosa-\d\d", rosa.handle)
    figures = rosa.handle[-2:]
    for typed in (rosa.handle, f"rosa {figures}", f"ROSA{figures}", f"rosa\u2013{figures}"):
        assert Person(rosa.app).signs_in(handle=typed, phrase=rosa.phrase).status_code == 303, typed
    assert "do not fit together" in errors(Person(rosa.app).signs_in(handle="Rosa", phrase=rosa.phrase))


def test_a_member_whose_handle_looks_like_anothers_here_does_not_come_with_it(
    house: House,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rosa, other = house.rosa(), house.person()
    with monkeypatch.context() as before:  # as releases before gave handles
        before.setattr(handles, "offered", lambda name, *_, **__: name)
        other.becomes("/foundings/further", "R\u00f3sa", code=rosa.invites("/founding-invitations"), **SITE)
    refused = other.answers(rosa.invites())
    assert refused.status_code == 422
    assert "looks like yours" in errors(refused)


def test_a_list_of_invitations_tells_them_apart_by_the_hour(house: House, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    rosa = house.rosa()
    bill = house.joined(rosa, "Bill")
    for minutes in (5, 12):
        noon = datetime.datetime(2026, 7, 3, 12, minutes, tzinfo=datetime.UTC)
        monkeypatch.setattr(invitations, "today", noon.date)
        monkeypatch.setattr(register, "now", lambda noon=noon: noon)
        rosa.invites()
    told = bill.reads(f"{rosa.site}/invitations").words
    assert "By Rosa, Fri 3 July 2026, 13:05" in told  # the Depot's summer time
    assert "By Rosa, Fri 3 July 2026, 13:12" in told
    assert "Withdraw it" in told
    assert "Take it back" not in told
    assert "Take it back" in rosa.reads(f"{rosa.site}/invitations").words


def test_ones_own_invitation_to_found_a_site_is_listed_and_taken_back(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    bill = house.joined(rosa, "Bill")
    code = rosa.invites("/founding-invitations")
    assert "To start a group" not in bill.reads(f"{rosa.site}/invitations").words
    page = rosa.reads(f"{rosa.site}/invitations")
    assert "To start a group" in page.words
    assert bill.sends(page.action("/withdrawal")).status_code == 404
    assert rosa.sends(page.action("/withdrawal")).status_code == 303
    assert "cannot be answered now" in errors(house.person().answers(code))
    assert "Rosa took back their invitation to start a group." in rosa.reads(f"{rosa.site}/events").words


def test_the_page_of_a_link_says_what_it_is_for(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    join = read(rosa.sends(f"{rosa.site}/invitations")).words
    found = read(rosa.sends(f"{rosa.site}/founding-invitations")).words
    assert "The link to start a group" in found
    assert "who starts a group of their own with it" in found
    assert "to start a group" not in join


def test_a_moment_is_told_with_the_day_it_is_where_the_site_is(house: House) -> None:  # noqa: F811
    late = datetime.datetime(2026, 7, 3, 13, 5, tzinfo=datetime.UTC)
    with house.app.test_request_context():
        assert formats.moment(late, "Pacific/Auckland") == "Sat 4 July 2026, 01:05"
        assert formats.moment(late, "Europe/London") == "Fri 3 July 2026, 14:05"


def test_what_happened_says_when_the_newest_first(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    rosa.invites()
    rosa.sends(rosa.reads(f"{rosa.site}/invitations").action("/withdrawal"))
    told = rosa.reads(f"{rosa.site}/events").words
    order = [told.index(f"Rosa {deed}") for deed in ("took back their inv", "made an inv", "started the group")]
    assert order == sorted(order)
    assert re.search(r"\d\d:\d\d\s+Rosa started", told)


def test_what_happened_comes_a_page_at_a_time_the_latest_first(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    with rosa.inside() as place:
        for number in range(120):
            Event.note(place.site, Deed.INVITED, by=f"Somebody {number:03}")
        db.session.commit()
    seen = []
    for page in (1, 2, 3):
        told = rosa.reads(f"{rosa.site}/events?page={page}")
        assert f"Page {page} of 3" in told.words
        seen += re.findall(r"Somebody \d{3}", told.words)
    assert seen == [f"Somebody {number:03}" for number in reversed(range(120))]
    assert "started the group" in told.words
    first = rosa.reads(f"{rosa.site}/events")
    assert first.words.count("Somebody") == 50
    assert f"{rosa.site}/events?page=2" in first.links


def test_the_first_page_says_who_asks_and_what_this_is(house: House) -> None:  # noqa: F811
    rosa, stranger = house.rosa(), house.person()
    code = read(rosa.sends(f"{rosa.site}/invitations")).by_id["code"]
    asked = read(stranger.sends("/invitations/answers", code=code)).words
    assert "Rosa asks you to join Depot North." in asked
    assert "It is a notebook that you keep together" in asked


def test_a_word_for_oneself_is_shown_to_who_wrote_it_alone(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    bill = house.joined(rosa, "Bill")
    rosa.sends(f"{rosa.site}/invitations", note="  the one   from nights")
    assert "the one from nights" in rosa.reads(f"{rosa.site}/invitations").words
    theirs = bill.reads(f"{bill.site}/invitations").words
    assert ("By Rosa" in theirs, "from nights" in theirs) == (True, False)
    rosa.sends(f"{rosa.site}/invitations", note="x" * 400)
    assert "x" * 41 not in rosa.opens(f"{rosa.site}/invitations").text
