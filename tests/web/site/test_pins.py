"""Six digits on a phone of one's own, as its owner uses them, and as whoever has taken it tries to."""

from __future__ import annotations

import concurrent.futures
import contextlib
import datetime
import threading

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from bulletin.domain.site.accounts import devices, idleness
from bulletin.domain.site.accounts.devices import PIN_TRIES
from bulletin.vault import keys
from bulletin.web.guard import proofs
from tests.databases import Database
from tests.homes import ON_BOTH
from tests.web.house import House, Person, errors, house, read  # noqa: F401
from tests.web.site.test_devices import asks_by_script, later
from tests.web.site.test_members import answers, asks_to_put_out
from tests.web.site.test_signing_in import other_browser

PIN, WRONG = "480215", "480216"
KEY, PAGE, HIDE = "/devices/current/key", "/devices/pin", "/devices/current/hiding"


def chooses(person: Person, pin: str = PIN, **fields: str) -> TestResponse:
    return person.sends(PAGE, pin=pin, pin_again=pin, **fields)


def with_pin(person: Person) -> Person:
    assert chooses(person, words=person.phrase).status_code == 303
    person.pin = PIN
    return person


def copy_of(person: Person) -> Person:
    """A phone with all that is in this one's browser."""
    copied = other_browser(person)
    for name in ("device", "browser"):
        cookie = person.client.get_cookie(name)
        assert cookie
        copied.client.set_cookie(name, cookie.value)
    return copied


def token_of(person: Person) -> str:
    cookie = person.client.get_cookie("device")
    assert cookie
    return cookie.value


def is_signed_out(person: Person) -> bool:
    return str(person.opens(person.site).location).startswith("/sign-in")


def test_who_signs_in_on_their_own_phone_is_asked_for_six_digits_and_goes_on(house: House) -> None:  # noqa: F811
    rosa = other_browser(house.rosa())
    answer = rosa.signs_in(next=f"{rosa.site}/contacts")
    assert answer.location.startswith(f"{PAGE}?next={rosa.site}/contacts&proof=")
    page = rosa.reads(answer.location)
    assert "who only holds your phone" not in page.words, "she has typed them just now"
    assert "15 minutes" in page.words
    assert f"{rosa.site}/contacts" in page.links, "not now"
    assert chooses(rosa, **page.hidden).location == f"{rosa.site}/contacts"
    assert rosa.sends(HIDE).location == KEY
    asked = rosa.opens(f"{rosa.site}/contacts").location
    assert asked.startswith(f"{KEY}?next=")
    assert "contacts" not in asked, "nor does its address say what was open"
    dull = rosa.opens(asked)
    assert read(dull).hidden["next"] == f"{rosa.site}/contacts"
    for other in ("https://example.org", rosa.site, "x"):
        assert read(rosa.opens(f"{KEY}?next={other}")).hidden["next"] == ""
    for word in ("Rosa", "Depot", "hidden", "lock", "sign"):
        assert word not in read(dull).words, word
    assert 'inputmode="numeric"' in dull.text
    assert 'autocomplete="one-time-code"' in dull.text, "no browser offers to keep it as a password"
    assert rosa.sends(KEY, pin=PIN, next=f"{rosa.site}/contacts").location == f"{rosa.site}/contacts"
    assert rosa.opens(rosa.site).status_code == 200


def test_who_joins_and_who_founds_is_asked_and_on_a_shared_phone_nobody(house: House) -> None:  # noqa: F811
    founder, guest, shared = house.person(), house.person(), house.person()
    rosa = house.rosa()
    joined = guest.answers(rosa.invites(), "Bill")
    assert joined.location.startswith(f"{PAGE}?next={rosa.site}&proof=")
    assert chooses(guest, **guest.reads(joined.location).hidden).location == rosa.site
    with guest.inside() as place:
        assert place.member.handle == "Bill"
    shared.handle, shared.phrase, shared.site = rosa.handle, rosa.phrase, rosa.site
    assert shared.signs_in(place="shared", next=rosa.site).location == rosa.site
    assert shared.opens(PAGE).location == "/devices"
    assert chooses(shared).location == "/devices"
    assert "Choose six digits" not in shared.reads("/devices").words
    assert founder.opens(PAGE).location.startswith("/sign-in")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"pin": "", "pin_again": ""}, "Type 6 digits."),
        ({"pin": "48021", "pin_again": "48021"}, "Type 6 digits."),
        ({"pin": "123456", "pin_again": "123456"}, "Many people choose these"),
        ({"pin": PIN, "pin_again": WRONG}, "These are not the same digits"),
        ({"pin": PIN, "pin_again": PIN, "words": ""}, "words"),
        ({"pin": PIN, "pin_again": PIN, "words": "1" * 24}, "These are not the words"),
    ],
)
def test_what_cannot_be_chosen_is_said(house: House, fields: dict[str, str], said: str) -> None:  # noqa: F811
    rosa = house.rosa()
    refused = rosa.sends(PAGE, **{"next": rosa.site, "words": rosa.phrase, **fields})
    assert refused.status_code == 422
    assert said in errors(refused)
    assert read(refused).hidden["next"] == rosa.site
    assert PIN not in refused.text


def test_after_fifteen_minutes_it_asks_and_what_was_sent_is_kept_and_goes_on(
    house: House,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rosa = with_pin(house.rosa())
    later(monkeypatch, minutes=16)
    sent = {"department": "Packing"}
    refused = rosa.sends(f"{rosa.site}/map/departments", **sent)
    assert (refused.status_code, refused.headers["X-Hidden"]) == (403, "yes"), "the script asks on the page itself"
    page = read(refused)
    assert page.hidden == sent, "and without it they are on this page"
    assert PIN not in rosa.sends(PAGE, pin=PIN, pin_again=PIN).text
    assert KEY in page.links
    assert asks_by_script(rosa, KEY, pin=PIN).status_code == 204
    assert rosa.sends(page.action("/departments"), **page.hidden).status_code == 303


def test_a_place_elsewhere_is_not_gone_to(house: House) -> None:  # noqa: F811
    rosa = with_pin(house.rosa())
    rosa.sends(HIDE)
    for path in ("https://example.org/", "//example.org", "/\\example.org"):
        assert rosa.sends(KEY, pin=PIN, next=path).location == "/"
        rosa.sends(HIDE)


# Who has taken it


@ON_BOTH
def test_who_has_copied_the_whole_phone_reads_no_name_and_has_five_guesses(house: House) -> None:  # noqa: F811
    rosa = with_pin(house.rosa())
    rosa.sends(HIDE)
    thief = copy_of(rosa)
    for path in ("/", "/sites", "/devices", "/network", PAGE, rosa.site, f"{rosa.site}/members", f"{KEY}?next=/sites"):
        page = thief.client.get(path, follow_redirects=True)
        for name in ("Rosa", "Depot", "Northfield"):
            assert name not in page.text, path
    left = [f"You have {left} {'tries' if left > 1 else 'try'} left" for left in range(PIN_TRIES - 1, 0, -1)]
    for guess, said in enumerate(left, 100_010):
        assert said in errors(thief.sends(KEY, pin=str(guess)))
    last = thief.sends(KEY, pin="100020")
    assert last.location.startswith("/sign-in?ended=pin")
    assert "wrong five times" in thief.reads(last.location).words
    assert is_signed_out(thief)
    assert is_signed_out(rosa), "its owner comes back by their words"
    assert rosa.signs_in().status_code == 303


@ON_BOTH
@pytest.mark.parametrize("one_process", [True, False])
def test_of_twenty_guesses_at_once_five_are_tried(
    house: House,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    one_process: bool,
) -> None:
    rosa = with_pin(house.rosa())
    if not one_process:  # where nobody waits for a turn the database alone counts
        monkeypatch.setattr(keys, "turn", lambda **_: contextlib.nullcontext())
    rosa.sends(HIDE)
    thieves = [copy_of(rosa) for _ in range(20)]
    tried: list[str] = []
    unlock = keys.unlock

    def watched(locked: bytes, pin: str, **more: object) -> keys.PrivateKey:
        tried.append(pin)
        return unlock(locked, pin, **more)

    monkeypatch.setattr(keys, "unlock", watched)
    together = threading.Barrier(len(thieves), timeout=20)

    def guess(number: int) -> int:
        together.wait()
        while (answer := thieves[number].sends(KEY, pin=f"{100_010 + number}")).status_code == 503:
            pass  # too many wait
        return answer.status_code

    with concurrent.futures.ThreadPoolExecutor(len(thieves)) as pool:
        list(pool.map(guess, range(len(thieves))))
    assert len(tried) == PIN_TRIES
    assert is_signed_out(rosa)


def test_guesses_on_the_page_that_changes_them_are_counted_with_the_others(house: House) -> None:  # noqa: F811
    rosa = with_pin(house.rosa())
    for _ in range(2):
        assert "tries left" in errors(chooses(rosa, "735914", pin_now=WRONG))
    rosa.sends(HIDE)
    for _ in range(2):
        rosa.sends(KEY, pin=WRONG)
    assert asks_by_script(rosa, KEY, pin=WRONG).status_code == 403
    assert is_signed_out(rosa)
    assert rosa.sends(KEY, pin=PIN).location == "/sign-in", "the right ones come too late"


def test_the_right_digits_are_no_guess(house: House) -> None:  # noqa: F811
    rosa = with_pin(house.rosa())
    for _ in range(3):
        for _ in range(PIN_TRIES - 1):
            rosa.sends(KEY, pin=WRONG)
        assert rosa.sends(KEY, pin=PIN).status_code == 303


def test_a_copy_of_the_cookie_opens_nothing_when_its_owner_is_back(house: House) -> None:  # noqa: F811
    rosa = with_pin(house.rosa())
    rosa.sends(HIDE)
    thief = copy_of(rosa)
    rosa.sends(KEY, pin=PIN)
    assert thief.opens(rosa.site).location.startswith(KEY)
    assert rosa.opens(rosa.site).status_code == 200
    assert is_signed_out(thief)
    assert thief.sends(KEY, pin=PIN).location == "/sign-in"
    assert rosa.opens(rosa.site).status_code == 200


def test_a_copy_has_five_guesses_also_when_its_owner_comes_between(house: House):  # noqa: F811
    rosa = with_pin(house.rosa())
    rosa.sends(HIDE)
    thief = copy_of(rosa)
    tried = sum(thief.sends(KEY, pin=WRONG).status_code == 422 for _ in range(4))
    assert asks_by_script(rosa, KEY, pin=PIN).status_code == 204  # she reads on, and asks for nothing
    tried += sum(thief.sends(KEY, pin=WRONG).status_code == 422 for _ in range(4))
    assert tried <= 5


def test_an_answer_that_was_lost_is_given_again(house: House) -> None:  # noqa: F811
    rosa = with_pin(house.rosa())
    rosa.sends(HIDE)
    before = copy_of(rosa)  # her own phone, which never had the answer
    rosa.sends(KEY, pin=PIN)
    assert before.sends(KEY, pin=PIN).status_code == 303
    assert token_of(before) == token_of(rosa)
    assert before.opens(rosa.site).status_code == 200


def test_it_is_signed_out_from_another_one_and_opens_by_no_digits(home: Database, house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    lost = other_browser(rosa)
    lost.signs_in()
    with_pin(lost)
    lost.sends(HIDE)
    rosa.sends(rosa.reads("/devices").action("/revocation"))
    with home.engine().begin() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM device WHERE locked_key IS NOT NULL")) == 0
    assert lost.sends(KEY, pin=PIN).location == "/sign-in"


def test_two_others_close_the_phone_of_who_has_no_other(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    bill, clara = house.joined(rosa, "Bill"), house.joined(rosa, "Clara")
    with_pin(clara)
    thief = copy_of(clara)
    assert thief.opens(clara.site).status_code == 200, "it was taken from her hand"
    answers(bill, asks_to_put_out(rosa, "Clara"), "yes")
    assert thief.opens("/sites").location.startswith(KEY)
    assert "Your words" in thief.reads(KEY).words
    assert thief.sends(KEY, pin=PIN).status_code == 422, "the digits open nothing"
    assert clara.comes_back().status_code == 200


def test_what_lies_idle_is_closed_on_the_disk_too(
    home: Database,
    house: House,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_pin(house.rosa())
    sweeper = house.app.extensions["sweeper"]
    for minutes in (1, 17):
        moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=minutes)
        for room in (devices, idleness):
            monkeypatch.setattr(room, "now", lambda moment=moment: moment)
        sweeper.swept_at = None
        with house.app.app_context():
            sweeper.sweep()
        with home.engine().begin() as connection:
            opened = connection.scalar(sa.text("SELECT count(*) FROM device WHERE open_key IS NOT NULL"))
        assert opened == (minutes == 1)


def test_a_copy_of_an_open_phone_without_digits_does_not_choose_them_and_outlive_hide(house: House) -> None:  # noqa: F811
    rosa = other_browser(house.rosa())
    rosa.signs_in()
    rosa.sends("/devices/pin/later")
    thief = copy_of(rosa)
    assert "who only holds your phone" in thief.reads(PAGE).words
    assert chooses(thief).status_code == 422
    rosa.sends(HIDE)
    thief.sends(KEY, pin=PIN)
    assert thief.opens(rosa.site).status_code != 200


def test_what_says_that_the_words_were_typed_is_of_that_phone_that_use_and_that_quarter_of_an_hour(
    house: House,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rosa = house.rosa()
    proof = read(rosa.opens(other_browser(rosa).signs_in().location)).hidden["proof"]
    old = read(rosa.sends("/devices/words", words=rosa.phrase, secret="words", step="about"))  # noqa: S106
    for wrong in (proof, old.hidden["proof"], "x", "é"):  # another phone's; one to change the words with
        assert chooses(rosa, proof=wrong).status_code == 422
    here = other_browser(rosa)
    page = here.reads(here.signs_in().location)
    moment = proofs.now() + datetime.timedelta(minutes=16)
    monkeypatch.setattr(proofs, "now", lambda: moment)
    assert chooses(here, **page.hidden).status_code == 422
    assert chooses(here, **page.hidden, words=here.phrase).status_code == 303


# Lost, changed, asked once


def test_the_words_open_it_where_the_digits_are_lost_and_others_are_chosen(house: House) -> None:  # noqa: F811
    rosa = with_pin(house.rosa())
    rosa.sends(HIDE)
    assert "Lost it?" in rosa.reads(KEY).words
    wrong = rosa.sends(KEY, words="1" * 24)
    assert "These are not the words" in errors(wrong)
    answer = rosa.sends(KEY, words=rosa.phrase, next=rosa.site)
    page = rosa.reads(answer.location)
    assert chooses(rosa, "735914", **page.hidden).location == rosa.site, "nobody asks for those that are lost"
    rosa.sends(HIDE)
    assert rosa.sends(KEY, pin=PIN).status_code == 422
    assert rosa.sends(KEY, pin="735914").status_code == 303


def test_they_are_changed_with_the_old_ones_or_the_words(house: House) -> None:  # noqa: F811
    rosa = with_pin(house.rosa())
    assert "Change the six digits" in rosa.reads("/devices").words
    assert "Type 6 digits." in errors(chooses(rosa, "735914"))
    assert chooses(rosa, "735914", pin_now=PIN).location == "/devices"
    assert "These are not the words" in errors(chooses(rosa, "269483", words="1" * 24))
    assert chooses(rosa, "269483", words=rosa.phrase).location == "/devices"
    rosa.sends(HIDE)
    assert rosa.sends(KEY, pin="269483").status_code == 303


def test_new_words_ask_for_new_digits(house: House) -> None:  # noqa: F811
    rosa = with_pin(house.rosa())
    shown = read(rosa.sends("/devices/words", words=rosa.phrase, secret="words", step="about"))  # noqa: S106
    done = rosa.sends("/devices/words", **shown.hidden, typed=" ".join(shown.phrase), step="typed")
    assert done.location.startswith(f"{PAGE}?next=/devices&proof=")
    assert chooses(rosa, "735914", **rosa.reads(done.location).hidden).location == "/devices"
    rosa.sends(HIDE)
    assert rosa.sends(KEY, pin=PIN).status_code == 422
    assert rosa.sends(KEY, pin="735914").status_code == 303


def test_a_phone_from_before_goes_on_and_is_asked_once(home: Database, house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    assert "Six digits for this phone?" not in rosa.reads(rosa.site).words, "she was asked when she came in"
    with home.engine().begin() as connection:  # as the migration leaves it
        connection.execute(sa.text("UPDATE device SET pin_offered = FALSE"))
    page = rosa.reads(rosa.site)
    assert "Six digits for this phone?" in page.words
    assert f"{PAGE}?next={rosa.site}" in page.links
    assert rosa.sends(page.action("/later")).status_code == 303
    assert "Six digits for this phone?" not in rosa.reads(rosa.site).words


def test_a_page_that_was_hidden_asks_for_them_and_says_how_long_it_stays(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    assert 'id="blank-pin"' not in rosa.opens(rosa.site).text
    with_pin(rosa)
    page = rosa.opens(rosa.site).text
    assert 'id="blank-pin"' in page
    assert 'data-idle-minutes="15"' in page
    told = rosa.reads("/devices").words
    assert "after 15 minutes without use" in told
    assert "not used for 14 days" in told
    assert "60 days at most" in house.person().reads("/sign-in").words


def test_a_site_says_how_soon_and_everybody_reads_who_changed_it(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    bill, newcomer = house.joined(rosa, "Bill"), house.joined(rosa, "Dora", decides=False)
    path = f"{rosa.site}/members/idle-minutes"
    for minutes in ("0", "61", "soon", ""):
        assert "from 1 to 60" in errors(rosa.vouches(path, minutes=minutes))
    assert newcomer.vouches(path, minutes="60").status_code == 409
    assert rosa.vouches(path, minutes="5").status_code == 303
    assert "Rosa changed after how many minutes" in bill.reads(f"{rosa.site}/events").words
    assert "after 5 minutes without use" in with_pin(bill).reads("/devices").words


def test_a_sheet_for_the_words_has_none_on_it(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    sheet = rosa.reads("/devices/sheet")
    assert "By hand. No photo." in sheet.words
    there = set(rosa.phrase.split()) & set(sheet.words.split())
    assert len(there) < 3, "one or two may be words of the page: they are common ones"
    assert "Rosa" not in sheet.words
