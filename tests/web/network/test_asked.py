"""Somebody in no site whom the sites ask to do something: what they read, how they come, and how it ends."""

from __future__ import annotations

import datetime
import re

import pytest
import sqlalchemy as sa

from bulletin.db import db, today
from bulletin.domain.network.answering import mandates
from bulletin.domain.network.answering.matters import Matter
from bulletin.domain.portability import leaving
from bulletin.domain.site.accounts.asked import AskedAccount
from bulletin.domain.site.accounts.devices import Device
from bulletin.domain.site.accounts.members import Member
from bulletin.domain.site.invitations import LASTS, Invitation
from tests.homes import ON_SQLITE
from tests.web.house import errors, house, led_to, read  # noqa: F401
from tests.web.network.four_sites import answered, at, four, member_of, put, puts, says, text_of  # noqa: F401
from tests.web.network.three_sites import paper, tells
from tests.web.writing import one_house, settled  # noqa: F401

A_DAY = datetime.timedelta(days=1)


def asks_ines(four, who="rosa", **more):  # noqa: F811
    """Where the site that asks sees it; a third say yes."""
    task = put(four, who, "asked", member="", name="Ines", **more)
    answered(four, "ada" if who != "ada" else "dave", task)
    return task


def link(person, task):
    answer = person.vouches(f"{at(person, task)}/link")
    return re.findall(r'id="code"[^>]*>([^<]+)<', answer.text)[0] if answer.status_code == 200 else answer


def comes(four, task, who="rosa"):  # noqa: F811
    ines = type(four["rosa"])(four["rosa"].app)
    assert led_to(ines.becomes("/invitations/answers", "Ines", code=link(four[who], task))) == "/network"
    return ines


def sweeps(four):  # noqa: F811
    with four["rosa"].app.app_context():
        mandates.end_over()
        db.session.commit()


def accounts(four):  # noqa: F811
    """Whose handle it is, and where they are signed in; of everybody who is in no site."""
    with four["rosa"].app.app_context():
        return sorted(
            (member.handle.partition("-")[0], len(Device.of(member)))
            for member in db.session.scalars(sa.select(Member))
            if not member.has_place()
        )


@ON_SQLITE
def test_they_read_the_network_and_nothing_else_until_a_yes_is_taken_back(four):  # noqa: F811
    rosa, dave = four["rosa"], four["dave"]
    tells(rosa, paper(rosa, four["bill"]))
    task = asks_ines(four)
    for person in (rosa, dave):
        assert "Ines, in no group: Keep the list of printers" in text_of(person)
    ines = comes(four, task)
    page = text_of(ines)
    assert "You are asked to Keep the list of printers Put by Depot North" in page
    assert not re.search("Make ours|Our week|We need, we have|Take this page along|For us to answer|Propose", page)
    copy = re.findall(r'href="(/network/[0-9a-f-]{36})"', ines.opens("/network").text)[0]
    assert "Make ours" not in text_of(ines, copy)
    assert ines.opens(f"{copy}/sheet").data.startswith(b"%PDF")
    assert ines.opens("/").location == "/sites/mine"
    assert ines.opens("/sites/mine").location == "/network"
    assert ines.signs_in().status_code == 303
    assert ines.opens("/network").status_code == 200
    for closed in (
        rosa.site,
        "/sites",
        "/kinds",
        "/sheets/new",
        "/network/paper/new",
        at(rosa, task),
        "/foundings/new",
    ):
        assert ines.opens(closed).status_code == 404, closed
    for closed in ("/network/table", "/network/paper", "/previews", "/foundings/further", f"{copy}/drafts"):
        assert ines.sends(closed).status_code == 404, closed
    answered(four, "ada", task, "nothing")
    for gone in ("/network", copy, f"{copy}/sheet", "/devices", "/sites/mine", "/devices/words"):
        assert ines.opens(gone).status_code == 404, gone
    assert "in no group:" not in text_of(dave)
    assert ines.sends("/sign-outs").status_code == 303
    sweeps(four)
    assert accounts(four) == []
    assert ines.signs_in().status_code == 422
    assert ines.opens("/network").status_code == 303, "a stranger is asked who they are"


def test_with_the_yes_back_before_the_account_is_gone_they_read_on(four):  # noqa: F811
    task = asks_ines(four)
    ines = comes(four, task)
    answered(four, "ada", task, "nothing")
    assert ines.opens("/network").status_code == 404
    answered(four, "dave", task)
    assert ines.opens("/network").status_code == 200


@pytest.mark.parametrize("end", ["over", "the site takes it back", "the site is out", "the one who said yes is out"])
@ON_SQLITE
def test_however_it_ends_the_next_request_finds_nothing_and_the_account_goes(four, end):  # noqa: F811
    rosa, ada = four["rosa"], four["ada"]
    task = asks_ines(four)
    ines = comes(four, task)
    if end == "the site takes it back":
        says(rosa, task, "nothing")
        says(four["bill"], task, "nothing")
    with (ada if end == "the one who said yes is out" else rosa).inside() as place:
        if end == "over":
            db.session.scalars(sa.select(Matter)).one().ends_on = today() - A_DAY
        elif "out" in end:
            place.site.in_since = None
        db.session.commit()
    assert ines.opens("/network").status_code == 404
    assert link(rosa, task).status_code in (404, 409)
    sweeps(four)
    assert accounts(four) == []


@ON_SQLITE
def test_who_deletes_the_site_that_asked_takes_their_account_too(four):  # noqa: F811
    comes(four, asks_ines(four))
    with four["rosa"].inside() as place:
        leaving.end_site(place.site)
        db.session.commit()
    assert accounts(four) == []


@ON_SQLITE
def test_a_link_is_made_by_the_site_that_asked_once_it_stands_and_answered_once(four):  # noqa: F811
    rosa, dave, cleo = four["rosa"], four["dave"], four["cleo"]
    task = put(four, "rosa", "asked", member="", name="Ines")
    assert link(rosa, task).status_code == 409, "too few say yes"
    answered(four, "ada", task)
    assert link(dave, task).status_code == 409, "another site asked"
    assert link(cleo, task).status_code == 404, "who is new does not decide"
    bare = rosa.sends(f"{at(rosa, task)}/link")
    assert (bare.status_code, "Type your six words" in errors(bare)) == (422, True), errors(bare)
    first, code = link(rosa, task), link(rosa, task)
    stranger = type(rosa)(rosa.app)
    assert stranger.sends("/invitations/answers", code=first).status_code == 422, "the last one alone opens anything"
    assert "sign out first" in errors(dave.sends("/invitations/answers", code=code, step="join"))
    assert "Keep the list of printers" in read(stranger.sends("/invitations/answers", code=code)).words
    stranger.becomes("/invitations/answers", "Ines", code=code)
    assert type(rosa)(rosa.app).sends("/invitations/answers", code=code).status_code == 422, "it is spent"
    assert "made the link for somebody in no group" in read(rosa.opens(f"{rosa.site}/events")).words
    assert [rosa.opens(f"{rosa.site}/{page}").status_code for page in ("invitations", "members")] == [200, 200]
    assert "Ines" not in read(rosa.opens(f"{rosa.site}/members")).words


@ON_SQLITE
def test_a_new_link_ends_the_account_before_when_it_is_answered(four):  # noqa: F811
    task = asks_ines(four)
    ines = comes(four, task)
    assert "They have an account." in text_of(four["rosa"], task)
    code = link(four["rosa"], task)
    assert ines.opens("/network").status_code == 200, "not yet"
    again = type(ines)(ines.app)
    again.becomes("/invitations/answers", "Ines", code=code)
    assert again.opens("/network").status_code == 200
    assert ines.opens("/network").status_code == 303
    assert accounts(four) == [("Ines", 1)]


@ON_SQLITE
def test_a_link_that_lay_about_opens_nothing_and_holds_no_key(four):  # noqa: F811
    rosa = four["rosa"]
    task = asks_ines(four)
    code = link(rosa, task)
    with rosa.app.app_context():
        held = sa.select(Invitation.wrapped_key).where(Invitation.matter_id.is_not(None))
        assert list(db.session.scalars(held)) == [None]
    answered(four, "ada", task, "nothing")
    assert type(rosa)(rosa.app).sends("/invitations/answers", code=code).status_code == 422
    answered(four, "ada", task)
    assert type(rosa)(rosa.app).sends("/invitations/answers", code=code).status_code == 200
    with rosa.app.app_context():
        db.session.scalars(sa.select(Invitation).where(Invitation.matter_id.is_not(None))).one().issued_on -= (
            LASTS + A_DAY
        )
        db.session.commit()
    assert type(rosa)(rosa.app).sends("/invitations/answers", code=code).status_code == 422


@ON_SQLITE
def test_somebody_without_a_name_is_asked_for_and_a_member_needs_none(four):  # noqa: F811
    answer = puts(four["rosa"], "asked", member="", name=" ")
    assert answer.status_code == 422
    assert "Write what they are called" in errors(answer)
    assert "Keep the list of printers" in answer.text
    both = puts(four["rosa"], "asked", member=member_of(four["rosa"]), name="Ines")
    assert "or leave the name out" in errors(both)
    long = puts(four["rosa"], "asked", member="", name="I" * 121)
    assert long.status_code == 422


@ON_SQLITE
def test_whoever_was_put_by_name_as_a_member_gets_no_link(four):  # noqa: F811
    rosa = four["rosa"]
    task = put(four, "rosa", "asked", member=member_of(rosa))
    answered(four, "ada", task)
    assert link(rosa, task).status_code == 409
    with rosa.app.app_context():
        assert db.session.scalars(sa.select(AskedAccount)).all() == []
