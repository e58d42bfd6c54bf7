"""Other words: the old ones open nothing, the new ones open all sites, and the others read of it."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from bulletin.db import db
from bulletin.domain.site.accounts.devices import Device
from bulletin.domain.site.accounts.members import Member, Membership
from bulletin.domain.site.sites import Site
from bulletin.vault import keys
from bulletin.web.guard import proofs
from bulletin.web.site import new_words
from tests.homes import ON_SQLITE
from tests.web.house import SITE, House, Person, errors, house, read  # noqa: F401
from tests.web.site.test_signing_in import other_browser

PATH = "/devices/words"
WITH_WORDS, WITH_DIGITS = ({"secret": kind, "step": "about"} for kind in ("words", "digits"))


def last_step(person: Person, kind: str = "words") -> dict[str, str]:
    """All that the last form sends; the person has the new words on paper."""
    person.opens(PATH)
    shown = read(person.sends(PATH, words=person.phrase, secret=kind, step="about"))
    fresh = " ".join(shown.phrase)
    assert fresh, shown.words
    asked = read(person.sends(PATH, **shown.hidden, step="seen"))
    assert fresh not in asked.words
    assert person.phrase not in asked.words
    return {**asked.hidden, "typed": fresh, "step": "typed"}


def changes_words(person: Person) -> str:
    """All of it; the old words."""
    old, sent = person.phrase, last_step(person)
    answer = person.sends(PATH, **sent)
    assert (answer.status_code, answer.location) == (303, "/devices"), answer.text
    person.phrase = sent["typed"]
    return old


def in_two_sites(house: House) -> tuple[Person, Person, list[str]]:  # noqa: F811
    """Rosa, who is in the Depot and in Dave's Mill; Bill of the Depot; and the paths of both."""
    rosa, dave = house.rosa(), house.person()
    depot, mill = rosa.site, {**SITE, "site_name": "Mill"}
    dave.becomes("/foundings/further", "Dave", code=rosa.invites("/founding-invitations"), **mill)
    bill = house.joined(rosa, "Bill")
    assert rosa.answers(dave.invites()).status_code == 303
    return rosa, bill, [depot, dave.site]


def rows(house: House, record: Any) -> list[dict[str, Any]]:  # noqa: F811
    with house.app.app_context():
        return [dict(row) for row in db.session.execute(sa.select(record.__table__)).mappings()]


def put_back(house: House, record: Any, row: dict[str, Any]) -> None:  # noqa: F811
    """By hand, in the database, as it was."""
    with house.app.app_context():
        db.session.execute(sa.update(record).where(record.id == row["id"]).values(**row))
        db.session.commit()


@ON_SQLITE
def test_the_new_words_open_all_sites_and_the_old_ones_nothing(house: House) -> None:  # noqa: F811
    rosa, bill, sites = in_two_sites(house)
    generations = {row["id"]: row["generation"] for row in rows(house, Site)}
    lost = other_browser(rosa)
    lost.signs_in(label="Old phone")
    old = changes_words(rosa)
    assert old != rosa.phrase
    for site in sites:
        assert rosa.opens(site).status_code == 200  # signed in here, still
        assert lost.opens(site).location.startswith("/sign-in")
    elsewhere = other_browser(rosa)
    assert "do not fit together" in errors(elsewhere.signs_in(phrase=old))
    assert elsewhere.signs_in().status_code == 303
    for site in sites:
        assert elsewhere.opens(site).status_code == 200
        assert "Rosa changed their words" in elsewhere.reads(f"{site}/events").words
    assert "Rosa changed their words" in bill.reads(f"{sites[0]}/events").words
    assert all(row["generation"] > generations[row["id"]] for row in rows(house, Site))
    assert bill.sends(f"{sites[0]}/invitations").status_code == 200
    assert rosa.opens(sites[0]).status_code == 200  # it knows her: she has a copy of the newer key
    assert "otherwise than you know them" not in bill.reads(f"{sites[0]}/events").words


@ON_SQLITE
def test_rows_of_before_put_back_by_hand_get_no_key(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    bill = house.joined(rosa, "Bill")
    (member,) = (row for row in rows(house, Member) if row["handle"] == "Rosa")
    (place,) = (row for row in rows(house, Membership) if row["member_id"] == member["id"])
    old = changes_words(rosa)
    put_back(house, Member, member)
    put_back(house, Membership, place)
    thief = other_browser(rosa)
    assert thief.signs_in(phrase=old).status_code == 303  # whoever writes in the database has made this row
    assert thief.opens(rosa.site).status_code == 404
    bill.sends(f"{bill.site}/invitations")
    assert "otherwise than you know them" in bill.reads(f"{bill.site}/events").words
    with house.app.app_context():
        db.session.get(Site, uuid.UUID(bill.site.rpartition("/")[2])).rotation_due = True
        db.session.commit()
    bill.sends(f"{bill.site}/invitations")
    (after,) = (row for row in rows(house, Membership) if row["id"] == place["id"])
    assert after["sealed_key"] == place["sealed_key"]
    assert thief.opens(rosa.site).status_code == 404


@ON_SQLITE
def test_without_the_old_words_nothing_is_changed(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    before = rows(house, Member)
    sent = last_step(rosa)
    forged = keys.wrap(keys.new_secret(), b"2099-01-01T00:00:00+00:00", b"")
    for proof in ("", "x", forged.hex()):
        refused = rosa.sends(PATH, **{**sent, "proof": proof})
        assert refused.status_code == 422
        assert "once more" in errors(refused)
        assert read(refused).hidden["locked"] == sent["locked"]
    for typed in ("", "x", "1" * 24):
        refused = rosa.sends(PATH, words=typed, **WITH_WORDS)
        assert refused.status_code == 422
        assert not read(refused).phrase
    assert "not the words you have now" in errors(refused)
    assert rows(house, Member) == before


@ON_SQLITE
def test_guessing_the_old_words_costs_time(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    rosa.opens(PATH)
    answers = [rosa.sends(PATH, words="1" * 24, **WITH_WORDS) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert "Retry-After" in answers[-1].headers
    assert rosa.sends(PATH, words=rosa.phrase, **WITH_WORDS).status_code == 429


@ON_SQLITE
def test_who_needs_long_types_the_old_words_again_and_keeps_the_new_ones(
    house: House,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rosa = house.rosa()
    sent = last_step(rosa, "digits")
    later = proofs.now() + new_words.PROOF_LASTS
    with monkeypatch.context() as patched:
        patched.setattr(proofs, "now", lambda: later)
        again = rosa.sends(PATH, **sent)
        assert "once more" in errors(again)
        hidden = read(again).hidden
        asked = read(rosa.sends(PATH, **hidden, words=rosa.phrase, **WITH_DIGITS))
        assert not asked.phrase
        answer = rosa.sends(PATH, **asked.hidden, typed=sent["typed"], step="typed")
    assert answer.location == "/devices"
    assert other_browser(rosa).signs_in(phrase=sent["typed"]).status_code == 303


@ON_SQLITE
def test_what_was_mistyped_loses_nothing(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    sent = last_step(rosa)
    wrong = rosa.sends(PATH, **{**sent, "typed": "1" * 24})
    assert "not what you were shown" in errors(wrong)
    assert read(wrong).hidden["locked"] == sent["locked"]
    other = read(rosa.sends(PATH, **{**sent, "step": "again"}))
    assert len(other.phrase) == 6
    assert " ".join(other.phrase) != sent["typed"]
    assert rosa.sends(PATH, **read(wrong).hidden, typed=sent["typed"], step="typed").location == "/devices"


@ON_SQLITE
def test_a_second_tap_that_overtakes_the_first_does_it_once(
    house: House,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rosa = house.rosa()
    sent, opened, answers = last_step(rosa), new_words.NewWordsForm.opened, list[Any]()

    def meanwhile(form: new_words.NewWordsForm, **known: bool) -> keys.PrivateKey | None:
        private = opened(form, **known)
        monkeypatch.setattr(new_words.NewWordsForm, "opened", opened)
        second = threading.Thread(target=lambda: answers.append(rosa.sends(PATH, **sent)))
        second.start()
        second.join()
        return private

    monkeypatch.setattr(new_words.NewWordsForm, "opened", meanwhile)
    answers.append(rosa.sends(PATH, **sent))
    assert [answer.location for answer in answers] == ["/devices"] * 2
    assert rosa.reads(f"{rosa.site}/events").words.count("changed their words") == 1
    assert other_browser(rosa).signs_in(phrase=sent["typed"]).status_code == 303


@ON_SQLITE
def test_who_is_locked_out_of_a_site_keeps_their_words(house: House) -> None:  # noqa: F811
    rosa, _bill, sites = in_two_sites(house)
    sent, before = last_step(rosa), rows(house, Member)
    with house.app.app_context():
        place = db.session.scalars(
            sa.select(Membership)
            .filter_by(site_id=uuid.UUID(sites[1].rpartition("/")[2]))
            .join(Member)
            .filter_by(handle="Rosa")
        ).one()
        place.lock_out()
        db.session.commit()
    for answer in (rosa.opens(PATH), rosa.sends(PATH, **sent), rosa.sends(PATH, words=rosa.phrase, step="about")):
        assert "locked out of one of your groups" in errors(answer)
    assert rows(house, Member) == before
    assert rosa.opens(sites[0]).status_code == 200


@ON_SQLITE
def test_a_key_that_a_site_does_not_know_is_not_made_known_by_new_words(house: House) -> None:  # noqa: F811
    """Somebody who writes in the database puts Rosa's handle on another account: it is not bound to the register."""
    rosa = house.rosa()
    sent = last_step(rosa)
    with house.app.app_context():
        db.session.execute(sa.update(Member).values(handle="Rosa B"))
        db.session.commit()
    before = rows(house, Member)
    assert rosa.sends(PATH, **sent).status_code == 409
    assert rows(house, Member) == before


def test_it_is_done_at_all_sites_or_not_at_all(house: House, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    rosa, bill, sites = in_two_sites(house)
    sent = last_step(rosa)
    before = (rows(house, Member), rows(house, Membership), rows(house, Device))

    def breaks(*_: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(Device, "open_for", breaks)
        assert rosa.sends(PATH, **sent).status_code == 500
    assert (rows(house, Member), rows(house, Membership), rows(house, Device)) == before
    assert "changed their words" not in bill.reads(f"{sites[0]}/events").words
    assert all(rosa.opens(site).status_code == 200 for site in sites)
    assert rosa.sends(PATH, **sent).location == "/devices"
    assert all(rosa.opens(site).status_code == 200 for site in sites)


@ON_SQLITE
def test_a_stranger_and_a_hidden_device_are_sent_away(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    assert house.person().opens(PATH).location.startswith("/sign-in")
    sent = last_step(rosa)
    rosa.sends("/devices/current/hiding")
    assert rosa.opens(PATH).location.startswith("/devices/current/key")
    assert rosa.sends(PATH, **sent).status_code == 403


@ON_SQLITE
def test_the_proof_is_of_one_device(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    other = other_browser(rosa)
    other.signs_in()
    assert other.sends(PATH, **last_step(rosa)).status_code == 422
