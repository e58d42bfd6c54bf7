"""Many at the door at once, somebody who guesses, and a disk that is full: nobody is locked out, nothing is told."""

from __future__ import annotations

import base64
import concurrent.futures
import html
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from bulletin.db import Session, StorageFull, db
from bulletin.domain.site.accounts.browser_keys import BrowserKey
from bulletin.domain.site.accounts.devices import Device
from bulletin.domain.site.accounts.members import Member
from bulletin.domain.site.accounts.throttle import FREE, Throttle
from bulletin.domain.site.invitations import Invitation
from bulletin.domain.site.sites import Network, Site
from bulletin.vault import keys, tenancy
from bulletin.vault.queue import Gate
from bulletin.web.guard.browsers import Browsers
from bulletin.web.guard.errors import BY_STATUS
from tests.homes import ON_BOTH
from tests.web.conftest import TEXT
from tests.web.house import SITE, House, Person, errors, house, led_to, read  # noqa: F401
from tests.web.site.test_signing_in import other_browser

AT_ONCE = 8
WRONG = "abacus abdomen abdominal abide abiding ability"


class Stretching:
    """Counts the Argon2 that is asked for, and how much of it at once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[dict[str, int]] = []
        self.running = self.most = 0
        self.lock = threading.Lock()
        self.argon2 = keys.Argon2id
        monkeypatch.setattr(keys, "Argon2id", self._prepare)

    def _prepare(self, *, salt: bytes, **cost: int) -> Stretching._Counted:
        self.asked.append(cost)
        return self._Counted(self, self.argon2(salt=salt, **cost))

    class _Counted:
        def __init__(self, stretching: Stretching, argon2: Any) -> None:
            self.stretching, self.argon2 = stretching, argon2

        def derive(self, typed: bytes) -> bytes:
            with self.stretching.lock:
                self.stretching.running += 1
                self.stretching.most = max(self.stretching.most, self.stretching.running)
            try:
                return self.argon2.derive(typed)
            finally:
                with self.stretching.lock:
                    self.stretching.running -= 1

    def of(self, deed: Callable[[], object]) -> list[dict[str, int]]:
        """What one deed asks for."""
        before = len(self.asked)
        deed()
        return self.asked[before:]


@pytest.fixture
def stretching(monkeypatch: pytest.MonkeyPatch) -> Stretching:
    return Stretching(monkeypatch)


def at_once(people: list[Person], **fields: str) -> list[TestResponse]:
    """Each has opened the page; then all of them send it in the same moment."""
    together = threading.Barrier(len(people), timeout=20)

    def send(person: Person) -> TestResponse:
        together.wait()
        known = {"handle": person.handle, "words": person.phrase, "place": "own", **fields}
        return person.sends("/sign-in", **known)

    with concurrent.futures.ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(send, people))


def until(true: Callable[[], bool]) -> None:
    for _ in range(2000):
        if true():
            return
        time.sleep(0.005)
    raise AssertionError("it never came true")


# At once


@ON_BOTH
def test_eight_sign_in_at_once(house: House, stretching: Stretching) -> None:  # noqa: F811
    rosa = house.rosa()
    people = [rosa, house.joined(rosa, "Sam")]
    browsers = [other_browser(people[number % 2]) for number in range(AT_ONCE)]
    for person in browsers:
        person.opens("/sign-in")
    stretching.asked.clear()
    answers = at_once(browsers)
    assert [answer.status_code for answer in answers] == [303] * AT_ONCE
    assert len(stretching.asked) == AT_ONCE
    assert stretching.most == 1, "two at once would need twice the memory"
    assert len({person.client.get_cookie("device").value for person in browsers}) == AT_ONCE
    for person in browsers:
        page = person.reads("/devices")
        assert len([action for action in page.actions if action.endswith("/revocation")]) >= AT_ONCE // 2, page.words
        assert person.opens(rosa.site).status_code == 200


def test_one_browser_sends_the_form_eight_times_at_once(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    browsers = [other_browser(rosa) for _ in range(AT_ONCE)]
    browsers[0].opens("/sign-in")
    known_as = browsers[0].client.get_cookie("browser").value
    for person in browsers[1:]:
        person.client.set_cookie("browser", known_as)
    assert [answer.status_code for answer in at_once(browsers)] == [303] * AT_ONCE


def test_who_has_their_words_comes_in_among_those_who_guess(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    guessers = [Person(house.app, handle=rosa.handle, phrase=WRONG) for _ in range(AT_ONCE - 1)]
    people = [*guessers, other_browser(rosa)]
    for person in people:
        person.opens("/sign-in")
    assert [answer.status_code for answer in at_once(people)] == [422] * (AT_ONCE - 1) + [303]


def invented(house: House, count: int) -> list[Person]:  # noqa: F811
    """So many browsers that nobody has met, by the cookies they made themselves."""
    people = [Person(house.app, handle="Rosa", phrase=WRONG) for _ in range(count)]
    for person in people:
        person.client.set_cookie("browser", base64.urlsafe_b64encode(keys.new_secret()).decode())
        person.client.set_cookie("device", base64.urlsafe_b64encode(keys.new_secret()).decode())
    return people


def met(house: House, count: int) -> list[Person]:  # noqa: F811
    """So many that opened the page first."""
    people = [Person(house.app, handle="Rosa", phrase=WRONG) for _ in range(count)]
    for person in people:
        person.opens("/sign-in")
    return people


def guesses(person: Person) -> TestResponse:
    return person.sends("/sign-in", handle="Rosa", words=WRONG, place="own", label="My phone")


def test_invented_cookies_take_no_place_and_leave_no_trace(house: House, stretching: Stretching) -> None:  # noqa: F811
    """The attack as it was: 24 of them had all places, and 15 of 15 people were refused."""
    rosa = house.rosa()
    stretching.asked.clear()
    before = count(house, Throttle)
    answers = [guesses(one) for one in invented(house, 24)]
    assert {answer.status_code for answer in answers} == {422}
    assert stretching.asked == [], "none was even looked at"
    assert count(house, Throttle) == before
    assert other_browser(rosa).signs_in().status_code == 303


def test_who_only_opened_the_page_leaves_no_trace_either(house: House) -> None:  # noqa: F811
    house.rosa()
    before = count(house, Throttle)
    assert {guesses(one).status_code for one in met(house, 3)} == {422}
    assert count(house, Throttle) == before


def test_a_flood_leaves_room_for_pages_and_for_who_has_been_here(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    at_home = other_browser(rosa)
    assert at_home.signs_in().status_code == 303
    answers: list[TestResponse] = []
    came: list[TestResponse] = []
    flood = [threading.Thread(target=lambda one=one: answers.append(guesses(one))) for one in met(house, 30)]
    again = threading.Thread(target=lambda: came.append(at_home.signs_in()))
    with keys.turn():
        for thread in flood:
            thread.start()
        until(lambda: len(answers) == 30 - Gate.OTHERS + 1)
        again.start()
        until(lambda: len(keys._gate._known) == 1)
        assert rosa.opens(rosa.site).status_code == 200
    for thread in (*flood, again):
        thread.join(60)
    assert came[0].status_code == 303
    refused = [answer for answer in answers if answer.status_code == 503]
    assert len(refused) == 30 - Gate.OTHERS + 1
    assert {answer.status_code for answer in answers} == {422, 503}
    assert int(refused[0].headers["Retry-After"]) > 0
    assert "Many people are signing in" in errors(refused[0])
    assert 'value="Rosa"' in refused[0].text
    assert 'value="My phone"' in refused[0].text
    assert "abdomen" not in refused[0].text


def test_joining_and_founding_make_a_browser_known_too(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    browsers: Browsers = house.app.extensions["browsers"]

    def known(person: Person) -> bool:
        found = browsers.read(person.client.get_cookie("browser").value)
        return found is not None and found.known

    assert known(rosa)
    assert known(house.joined(rosa, "Sam"))
    stranger = met(house, 1)[0]
    assert not known(stranger)
    rosa.client.delete_cookie("browser")  # as it was before there were such cookies
    rosa.opens(rosa.site)
    assert known(rosa)


def test_where_the_key_for_cookies_is_gone_who_may_write_makes_it_once(house: House) -> None:  # noqa: F811
    with house.app.app_context():
        db.session.delete(BrowserKey.made())
        db.session.commit()
    assert house.person().opens("/sign-in").headers.get("Set-Cookie") is None
    rosa = house.rosa()
    house.app.extensions["browsers"] = Browsers()  # as after a start
    assert other_browser(rosa).signs_in().status_code == 303
    assert count(house, BrowserKey) == 1
    assert rosa.opens(rosa.site).headers.get("Set-Cookie") is None, "her browser is known still"


def test_into_a_crowd_one_brings_all_but_the_words(house: House, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    rosa, sam = house.rosa(), house.person()
    fields = {"code": rosa.invites(), "handle": "Sam", "secret": "words", "place": "own", "step": "about"}
    shown = read(sam.sends("/invitations/answers", **fields))
    asked = read(sam.sends("/invitations/answers", **shown.hidden, step="seen"))
    monkeypatch.setattr(Gate, "KNOWN", 0)
    phrase = " ".join(shown.phrase)
    refused = sam.sends("/invitations/answers", **asked.hidden, typed=phrase, step="typed")
    monkeypatch.undo()
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert phrase not in refused.text
    kept = read(refused).hidden
    assert kept == {**asked.hidden, "step": "typed"}
    assert "Type your six words" in errors(sam.sends("/invitations/answers", **kept))


# Guessing


@ON_BOTH
def test_tries_sent_together_are_counted_one_by_one(house: House, stretching: Stretching) -> None:  # noqa: F811
    rosa = house.rosa()
    browsers = met(house, 2 * FREE - 2)
    for person in browsers:
        person.client.set_cookie("browser", browsers[0].client.get_cookie("browser").value)
    stretching.asked.clear()
    statuses = [answer.status_code for answer in at_once(browsers)]
    assert sorted(statuses) == [422] * FREE + [429] * (FREE - 2)
    assert len(stretching.asked) == FREE
    assert other_browser(rosa).signs_in().status_code == 303


def test_an_unknown_handle_costs_what_a_known_one_does(house: House, stretching: Stretching) -> None:  # noqa: F811
    rosa = house.rosa()
    right = stretching.of(lambda: other_browser(rosa).signs_in())
    cost = {"length": keys.KEY_BYTES, "iterations": keys.COST.passes, "lanes": 1, "memory_cost": keys.COST.memory_kib}
    assert right == [cost]
    # What is no word of the list at all is refused before, for either.
    for wrong, costs in ((WRONG, [cost]), ("123456" * 4, [cost]), ("open sesame", [])):
        known = stretching.of(lambda typed=wrong: other_browser(rosa).signs_in(phrase=typed))
        unknown = stretching.of(lambda typed=wrong: house.person().signs_in(handle="Nobody", phrase=typed))
        assert known == unknown == costs, wrong


def test_a_guesser_waits_and_the_owner_does_not(house: House, stretching: Stretching) -> None:  # noqa: F811
    rosa = house.rosa()
    guesser, at_home = other_browser(rosa), other_browser(rosa)
    statuses = [guesser.signs_in(phrase=WRONG).status_code for _ in range(FREE)]
    assert statuses == [422] * FREE
    refused: list[TestResponse] = []
    assert stretching.of(lambda: refused.append(guesser.signs_in())) == [], "it is not even looked at"
    assert refused[0].status_code == 429
    assert int(refused[0].headers["Retry-After"]) > 0
    assert "Wait" in errors(refused[0])
    assert rosa.phrase not in refused[0].text
    assert rosa.opens(rosa.site).status_code == 200, "where she is signed in, she stays"
    assert at_home.signs_in().status_code == 303
    rosa.sends("/devices/current/hiding")
    rosa.opens("/devices/current/key")
    assert rosa.sends("/devices/current/key", words=rosa.phrase).status_code == 303


def test_an_unknown_handle_waits_like_a_known_one(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    for_rosa, for_nobody = other_browser(rosa), house.person()
    for _ in range(FREE + 1):
        known = for_rosa.signs_in(phrase=WRONG)
        unknown = for_nobody.signs_in(handle="Nobody", phrase=WRONG)
        assert known.status_code == unknown.status_code
    assert known.status_code == 429
    assert [word for word in errors(known).split() if not word.isdigit()] == [
        word for word in errors(unknown).split() if not word.isdigit()
    ]


# A full disk


class Disk:
    """Takes so many commits more, and is full then."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.room: int | None = None
        commit = Session.commit

        def refuse(session: Session) -> None:
            if self.room is not None:
                self.room -= 1
                if self.room < 0:
                    raise StorageFull("The disk is full.")
            commit(session)

        monkeypatch.setattr(Session, "commit", refuse)

    def each(self, deed: Callable[[], TestResponse]) -> list[TestResponse]:
        """The answers to a deed where its first commit fails, where its second does, … until all of them are taken."""
        answers: list[TestResponse] = []
        while not answers or answers[-1].status_code == 507:
            self.room = len(answers)
            answers.append(deed())
        self.room = None
        return answers


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def refused(answers: list[TestResponse], least: int) -> list[TestResponse]:
    """Those that met a full disk, each with its sentence and the headers of any page."""
    full = answers[:-1]
    assert len(full) >= least
    for answer in full:
        assert str(BY_STATUS[507]) in " ".join(read(answer).words.split())
        assert "no-store" in answer.headers["Cache-Control"]
        assert "Set-Cookie" not in answer.headers, "who was not signed in gets no device"
    return full


def count(house: House, record: type) -> int:  # noqa: F811
    with house.app.app_context():
        found = db.session.query(record).count()
        db.session.rollback()
    return found


def test_signing_in_on_a_full_disk(house: House, disk: Disk) -> None:  # noqa: F811
    rosa = house.rosa()
    elsewhere = other_browser(rosa)
    before, tries = count(house, Device), []

    def sign_in() -> TestResponse:
        tries.append(count(house, Device))
        return elsewhere.signs_in(next=rosa.site)

    answers = disk.each(sign_in)
    for answer in refused(answers, least=3):
        assert rosa.phrase not in answer.text
    assert set(tries) == {before}
    assert led_to(answers[-1]) == rosa.site
    assert count(house, Device) == before + 1
    another, disk.room = other_browser(rosa), 0
    assert {another.signs_in().status_code for _ in range(FREE + 2)} == {507}
    disk.room = None
    assert another.signs_in().status_code == 303, "a full disk is no wrong guess"


@ON_BOTH
def test_what_a_member_does_on_a_full_disk_is_done_wholly_or_not_at_all(house: House, disk: Disk) -> None:  # noqa: F811
    rosa = house.rosa()
    invited = disk.each(lambda: rosa.sends(f"{rosa.site}/invitations"))
    refused(invited, least=2)
    assert read(invited[-1]).by_id["code"]
    with house.app.app_context():
        site = db.session.query(Site).one()
        tenancy.bind(db.session, site.id)
        assert len(Invitation.open_at(site)) == 1
        db.session.rollback()
    refused(disk.each(lambda: rosa.sends("/devices/current/label", label="Kitchen")), least=2)
    assert "Kitchen" in rosa.opens("/devices").text
    disk.room = 0
    assert rosa.opens(rosa.site).status_code == 200, "who only reads needs no room"
    disk.room = None


def test_founding_on_a_full_disk(house: House, disk: Disk) -> None:  # noqa: F811
    rosa = house.person()
    about = {"handle": "Rosa", "secret": "words", "place": "own", "code": house.code, "network": "Northfield", **SITE}
    shown = read(rosa.sends("/foundings", **about, step="about"))
    phrase = " ".join(shown.phrase)
    asked = read(rosa.sends("/foundings", **shown.hidden, step="seen"))
    answers = disk.each(lambda: rosa.sends("/foundings", **asked.hidden, typed=phrase, step="typed"))
    for answer in refused(answers, least=1):
        assert phrase not in answer.text
        assert read(answer).hidden == {**asked.hidden, "step": "typed"}, "to send again, without the words"
    assert answers[-1].status_code == 303, "the code was not spent by what was not kept"
    assert [count(house, record) for record in (Network, Site, Member, Device)] == [1, 1, 1, 1]


def test_a_text_sent_on_a_full_disk_is_shown_again(house: House, disk: Disk) -> None:  # noqa: F811
    rosa = house.rosa()
    disk.room = 0
    sent = [rosa.sends(where, manuscript=TEXT, paper="a4") for where in ("/previews", "/proofs", "/sheets")]
    headers = {"Sec-Fetch-Site": "same-origin", "Accept": "application/json"}
    script = rosa.client.post("/previews", data={"manuscript": TEXT}, headers=headers, base_url=rosa.base)
    disk.room = None
    assert {answer.status_code for answer in (*sent, script)} == {507}
    for answer in refused([*sent, script], least=3):
        assert TEXT.strip() in html.unescape(answer.text)
    assert [error["sentence"] for error in script.json["errors"]] == [str(BY_STATUS[507])]
