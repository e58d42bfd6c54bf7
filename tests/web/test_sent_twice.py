"""A thumb taps twice, a signal is lost, a session runs out: one row is made, and nothing that was typed is lost."""

from __future__ import annotations

import base64

import sqlalchemy as sa

from bulletin.db import db
from bulletin.domain.site.accounts.devices import Device
from bulletin.domain.site.accounts.members import Member
from bulletin.domain.site.invitations import Invitation
from bulletin.domain.site.sites import Site
from bulletin.vault import keys
from tests.homes import ON_BOTH
from tests.web.house import SITE, House, house, led_to, read  # noqa: F401


def count(house: House, record: type) -> int:  # noqa: F811
    with house.app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(record)) or 0


def last_step(person, path, handle, **fields):
    """All that the last form sends."""
    about = {"handle": handle, "secret": "words", "place": "own", "step": "about", **fields}
    shown = read(person.sends(path, **about))
    asked = read(person.sends(path, **shown.hidden, step="seen"))
    person.handle, person.phrase = handle, " ".join(shown.phrase)
    return {**asked.hidden, "typed": person.phrase, "step": "typed"}


@ON_BOTH
def test_whoever_sends_the_last_form_twice_is_let_in_both_times(house):  # noqa: F811
    rosa, again = house.person(), house.person()
    sent = last_step(rosa, "/foundings", "Rosa", code=house.code, network="Northfield", **SITE)
    assert rosa.sends("/foundings", **sent).status_code == 303
    answer = again.sends("/foundings", **sent)  # the first answer, with its cookie, was never seen
    assert led_to(answer) == "/sites/mine"
    assert again.opens("/devices").status_code == 200
    assert (count(house, Member), count(house, Site), count(house, Device)) == (1, 1, 2)

    rosa.site = rosa.opens("/sites/mine").location
    bill, twin = house.person(), house.person()
    sent = last_step(bill, "/invitations/answers", "Bill", code=rosa.invites())
    assert bill.sends("/invitations/answers", **sent).status_code == 303
    assert led_to(twin.sends("/invitations/answers", **sent)) == "/sites/mine"
    assert count(house, Member) == 2


def test_sending_it_twice_is_no_other_way_in(house):  # noqa: F811
    rosa, stranger = house.person(), house.person()
    sent = last_step(rosa, "/foundings", "Rosa", code=house.code, network="Northfield", **SITE)
    rosa.sends("/foundings", **sent)
    wrong = {**sent, "typed": "1" * 24}
    assert stranger.sends("/foundings", **wrong).status_code == 303
    assert stranger.opens("/sites").location.startswith("/sign-in")
    own = keys.new_member("1" * 24)[1]
    forged = {**wrong, "locked": base64.b64encode(own).decode()}
    stranger.sends("/foundings", **forged)
    assert stranger.opens("/sites").location.startswith("/sign-in")


def test_words_are_changed_once_by_a_form_that_is_sent_twice(house):  # noqa: F811
    rosa = house.rosa()
    about = {"secret": "digits", "step": "about"}
    rosa.opens("/devices/words")
    shown = read(rosa.sends("/devices/words", words=rosa.phrase, **about))
    assert shown.phrase
    sent = {**shown.hidden, "typed": " ".join(shown.phrase), "step": "typed"}
    answers = [rosa.sends("/devices/words", **sent) for _ in range(2)]
    assert [answer.location for answer in answers] == ["/devices"] * 2
    assert rosa.reads(f"{rosa.site}/events").words.count("changed their words") == 1
    assert count(house, Device) == 1


@ON_BOTH
def test_an_invitation_asked_for_twice_is_one_and_its_last_link_works(house):  # noqa: F811
    rosa = house.rosa()
    form = rosa.reads(f"{rosa.site}/invitations").hidden
    first = read(rosa.sends(f"{rosa.site}/invitations", **form)).by_id["code"]
    second = read(rosa.sends(f"{rosa.site}/invitations", **form)).by_id["code"]
    assert (count(house, Invitation), first != second) == (1, True)
    assert rosa.reads(f"{rosa.site}/events").words.count("made an invitation") == 1
    bill = house.person()
    assert bill.sends("/invitations/answers", code=first).status_code == 422
    assert bill.answers(second, "Bill").status_code == 303


def test_another_members_form_id_takes_nothing_back(house):  # noqa: F811
    rosa = house.rosa()
    bill = house.joined(rosa, "Bill")
    form = rosa.reads(f"{rosa.site}/invitations").hidden
    code = read(rosa.sends(f"{rosa.site}/invitations", **form)).by_id["code"]
    assert bill.sends(f"{rosa.site}/invitations", **form).status_code == 409
    assert house.person().answers(code, "Clara").status_code == 303


def test_who_was_signed_out_meanwhile_gets_back_what_they_sent(house):  # noqa: F811
    rosa = house.rosa()
    rosa.client.delete_cookie("device", domain="localhost")
    answer = rosa.sends(f"{rosa.site}/invitations", form_id="0" * 32, note="a word or two", words="not these")
    page = read(answer)
    assert answer.status_code == 403
    assert page.hidden == {"form_id": "0" * 32, "note": "a word or two"}
    assert page.action("/invitations") == f"{rosa.site}/invitations"
    assert "/sign-in" in page.links
    assert "not these" not in answer.text


def test_our_script_is_told_where_to_go_on_and_is_not_sent_there(house):  # noqa: F811
    rosa = house.rosa()
    headers = {"Sec-Fetch-Site": "same-origin", "X-Sent-By": "script", "Accept": "text/html, */*;q=0.5"}
    path, fields = f"{rosa.site}/map/shifts", {"form_id": "0" * 32, "shift": ""}
    wrong = rosa.client.post(path, data=fields, headers=headers, base_url=rosa.base)
    assert (wrong.status_code, "<h1>" in wrong.text) == (422, True)
    fine = rosa.client.post(path, data=fields | {"shift": "Nights"}, headers=headers, base_url=rosa.base)
    assert (fine.status_code, fine.data) == (204, b"")
    assert "Nights" in rosa.opens(fine.location).text
