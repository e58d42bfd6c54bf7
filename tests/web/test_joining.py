"""Invitations: made, looked at, answered once."""

from __future__ import annotations

import datetime

import pytest

from bulletin.domain import invitations
from tests.web.house import SITE, House, errors, house, read  # noqa: F401


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


def test_run_out_unseconded_and_unknown_are_told_alike(house: House, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    rosa = house.rosa()
    old = rosa.invites()
    house.joined(rosa, "Bill")
    house.joined(rosa, "Clara")
    unseconded = rosa.invites()
    stranger = house.person()
    told = {errors(stranger.answers(unseconded)), errors(stranger.answers("0" * 28))}
    future = invitations.now() + datetime.timedelta(days=8)
    monkeypatch.setattr(invitations, "now", lambda: future)
    told.add(errors(stranger.answers(old)))
    assert any("cannot be answered now" in sentence for sentence in told)
    assert len({sentence for sentence in told if "cannot be" in sentence}) == 1


def test_from_three_on_a_second_member_agrees(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    bill = house.joined(rosa, "Bill")
    house.joined(rosa, "Clara")
    code = rosa.invites()
    assert "cannot be answered now" in errors(house.person().answers(code))
    page = bill.reads(f"{rosa.site}/invitations")
    assert bill.sends(page.action("/seconding")).status_code == 303
    assert house.person().answers(code, "Dolores").status_code == 303
    told = read(rosa.opens(f"{rosa.site}/events")).words
    assert "Bill seconded an invitation by Rosa." in told


def test_one_does_not_second_ones_own(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    bill = house.joined(rosa, "Bill")
    house.joined(rosa, "Clara")
    rosa.invites()
    action = bill.reads(f"{rosa.site}/invitations").action("/seconding")
    refused = rosa.sends(action)
    assert refused.status_code == 409
    assert "Another member has to second this." in errors(refused)


def test_taken_back_it_cannot_be_answered(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    code = rosa.invites()
    assert rosa.sends(rosa.reads(f"{rosa.site}/invitations").action("/withdrawal")).status_code == 303
    assert "cannot be answered now" in errors(house.person().answers(code))


def test_a_member_of_another_site_joins_at_once(house: House) -> None:  # noqa: F811
    rosa, bill = house.rosa(), house.person()
    bill.becomes("/foundings/further", "Bill", code=rosa.invites("/founding-invitations"), **SITE)
    answer = bill.answers(rosa.invites())
    assert answer.status_code == 303
    assert bill.opens(rosa.site).status_code == 200
    twice = bill.answers(rosa.invites())
    assert "in this site already" in errors(twice)


def test_a_handle_that_is_taken_costs_nobody_their_words(house: House) -> None:  # noqa: F811
    rosa, bill = house.rosa(), house.person()
    code = rosa.invites()
    about = {"code": code, "handle": "Bill", "secret": "words", "place": "own", "step": "about"}
    shown = read(bill.sends("/invitations/answers", **about))
    house.person().answers(rosa.invites(), "bill")
    refused = bill.sends("/invitations/answers", **shown.hidden, typed=" ".join(shown.phrase), step="typed")
    assert "has this handle already" in errors(refused)
    renamed = {**read(refused).hidden, "handle": "Will", "secret": "words", "place": "own"}
    asked = read(bill.sends("/invitations/answers", **renamed))
    done = bill.sends("/invitations/answers", **asked.hidden, typed=" ".join(shown.phrase), step="typed")
    assert done.status_code == 303
