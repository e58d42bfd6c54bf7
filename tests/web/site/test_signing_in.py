"""Signing in and out; what the cookies are like; guessing."""

from __future__ import annotations

import re
import uuid

import pytest
from werkzeug.test import TestResponse

from bulletin.press.answers import Answer
from bulletin.press.jobs import Press
from bulletin.web.guard.paths import safe_path
from tests.web.conftest import TEXT
from tests.web.house import House, Person, errors, house, led_to, read  # noqa: F401


def cookies(answer: TestResponse) -> dict[str, str]:
    return {line.partition("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}


def other_browser(person: Person) -> Person:
    return Person(person.app, handle=person.handle, phrase=person.phrase, site=person.site)


def test_rosa_signs_in_elsewhere_and_out_again(house: House) -> None:  # noqa: F811
    rosa = other_browser(house.rosa())
    assert rosa.opens(rosa.site).location == f"/sign-in?next={rosa.site}"
    answer = rosa.signs_in(next=rosa.site)
    assert led_to(answer) == rosa.site
    assert rosa.opens(rosa.site).status_code == 200
    assert rosa.opens("/").location == "/sites/mine"
    assert rosa.opens("/sites/mine").location == rosa.site
    rosa.sends("/sign-outs")
    assert rosa.opens(rosa.site).status_code == 303


def test_cookies_on_https(house: House) -> None:  # noqa: F811
    rosa = other_browser(house.rosa())
    rosa.base = "https://localhost"
    met = cookies(rosa.opens("/sign-in"))["__Host-browser"]
    device = cookies(rosa.signs_in())["__Host-device"]
    for cookie in (met, device):
        for part in ("; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"):
            assert part in cookie
        assert "Domain" not in cookie
    assert "Max-Age=5184000" in device
    shared = cookies(other_browser_https(rosa).signs_in(place="shared"))["__Host-device"]
    assert "Max-Age" not in shared
    assert "Expires" not in shared


def other_browser_https(person: Person) -> Person:
    other = other_browser(person)
    other.base = "https://localhost"
    return other


def test_the_plain_cookie_is_not_taken_on_https(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    value = rosa.client.get_cookie("device").value
    thief = house.person()
    thief.base = "https://localhost"
    thief.client.set_cookie("device", value, secure=True)
    assert thief.opens(rosa.site).status_code == 303


def test_a_browser_has_to_be_met_first(house: House) -> None:  # noqa: F811
    rosa = other_browser(house.rosa())
    fields = {"handle": "Rosa", "words": rosa.phrase, "place": "own"}
    refused = rosa.sends("/sign-in", **fields)
    assert refused.status_code == 422
    assert "with cookies allowed" in errors(refused)
    assert rosa.phrase not in refused.text
    assert 'value="Rosa"' in refused.text
    assert rosa.sends("/sign-in", **fields).status_code == 303


def test_whose_phone_it_is_must_be_said(house: House) -> None:  # noqa: F811
    rosa = other_browser(house.rosa())
    assert "checked" not in rosa.opens("/sign-in").text
    assert "own phone or a shared one" in errors(rosa.signs_in(place=""))


def test_a_wrong_handle_and_wrong_words_are_told_alike(house: House) -> None:  # noqa: F811
    rosa = other_browser(house.rosa())
    wrong = rosa.signs_in(phrase="abacus abdomen abdominal abide abiding ability")
    nobody = rosa.signs_in(handle="Nobody")
    assert errors(wrong) == errors(nobody) != ""
    assert {wrong.status_code, nobody.status_code} == {422}


def test_guessing_is_slowed_down_and_locks_nobody_out(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    guesser, at_home = other_browser(rosa), other_browser(rosa)
    for _ in range(8):
        last = guesser.signs_in(phrase="1" * 24)
    assert last.status_code == 429
    assert int(last.headers["Retry-After"]) > 0
    assert at_home.signs_in().status_code == 303


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "javascript:x", "x", ""]
)
def test_only_a_path_of_ours_is_gone_to(path: str) -> None:
    assert safe_path(path) == "/"


def test_a_stranger_is_nowhere(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    stranger = house.person()
    for rule in house.app.url_map.iter_rules():
        if "GET" in rule.methods and rule.rule.startswith(("/sites", "/devices")):
            path = rule.rule.replace("/sites/<uuid:site_id>", rosa.site)
            path = re.sub(r"<int:\w+>", "1", path)
            path = re.sub(r"<(?:\w+:)?\w+>", str(uuid.uuid4()), path)
            assert stranger.opens(path).status_code == 303, path


def test_the_press_is_open_on_ones_own_machine_and_for_members_elsewhere(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    stranger = house.person()
    assert stranger.opens("/").status_code == 200
    assert stranger.opens("/sheets/new").status_code == 200
    stranger.base = "http://abcdefgh.onion"
    assert stranger.opens("/").location.startswith("/sign-in")
    assert stranger.opens("/sheets/new").location == "/sign-in?next=/sheets/new"
    refused = stranger.sends("/previews", manuscript="An hour’s work")
    assert refused.status_code == 403
    assert "An hour’s work" in refused.text
    house.app.config["PUBLIC_URL"] = "http://localhost"
    stranger.base = "http://localhost"
    assert stranger.opens("/sheets/new").status_code == 303
    assert rosa.opens("/sheets/new").status_code == 200
    assert rosa.opens("/kinds").status_code == 200


def test_before_founding_the_start_leads_to_it(house: House) -> None:  # noqa: F811
    stranger = house.person()
    stranger.base = "http://abcdefgh.onion"
    assert stranger.opens("/").location == "/foundings/new"
    assert read(stranger.opens("/sign-in")).links.count("/foundings/new") == 1


def test_the_press_is_told_which_member_asks_and_a_stranger_is_nobody(
    house: House,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[object] = []

    def job(press: Press, *_: object) -> Answer:
        asked.append(press._asked_by())
        return Answer("exceeded")

    monkeypatch.setattr(Press, "_job", job)
    rosa, bill = house.rosa(), house.person()
    for person in (rosa, other_browser(rosa), bill):
        if person is not bill and person is not rosa:
            person.signs_in()
        assert person.sends("/sheets", manuscript=TEXT, paper="a4").status_code == 422
    first, second, stranger = asked
    assert first == second, "in whichever browser"
    assert first
    assert stranger is None
