"""Founding: a code, a network, a site, somebody in it."""

from __future__ import annotations

import re

from tests.homes import ON_SQLITE
from tests.web.house import SITE, House, errors, house, read  # noqa: F401

pytestmark = ON_SQLITE


def test_rosa_founds_a_network_and_is_at_her_site(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    page = rosa.opens(rosa.site)
    assert page.status_code == 200
    assert "You are the only one here." in read(page).words
    assert "Rosa started the group." in read(rosa.opens(f"{rosa.site}/events")).words


def test_the_words_are_in_no_field_and_asked_back_without_being_shown(house: House) -> None:  # noqa: F811
    rosa = house.person()
    about = {"handle": "Rosa", "secret": "digits", "place": "own", "code": house.code, "network": "N", **SITE}
    answer = rosa.sends("/foundings", **about, step="about")
    page = read(answer)
    assert len(page.phrase) == 6
    assert "".join(page.phrase) not in "".join(page.hidden.values())
    assert answer.headers["Cache-Control"] == "no-store"
    wrong = rosa.sends("/foundings", **page.hidden, step="typed", typed="1" * 24)
    assert wrong.status_code == 422
    assert "not what you were shown" in errors(wrong)
    again = read(rosa.sends("/foundings", **read(wrong).hidden, step="again"))
    assert again.phrase
    assert again.phrase != page.phrase
    right = rosa.sends("/foundings", **again.hidden, step="typed", typed=" ".join(again.phrase))
    assert right.status_code == 303


def test_what_is_missing_is_said_and_what_was_typed_is_kept(house: House) -> None:  # noqa: F811
    answer = house.person().sends("/foundings", network="Northfield", handle="Rosa", step="about")
    assert answer.status_code == 422
    told = errors(answer)
    for part in ("Enter the code", "Choose the country", "Choose words or digits", "own phone or a shared one"):
        assert part in told
    assert 'value="Northfield"' in answer.text
    assert "<title>Error: " in answer.text


def test_a_wrong_code_founds_nothing(house: House) -> None:  # noqa: F811
    about = {"handle": "Rosa", "secret": "digits", "place": "own", "network": "N", **SITE}
    other = "0000-0000-0000-0000-0000-0000-0000"
    answer = house.person().sends("/foundings", **about, code=other, step="about")
    assert answer.status_code == 422
    assert read(answer).phrase == []


def test_a_second_network_is_not_founded(house: House) -> None:  # noqa: F811
    house.rosa()
    stranger = house.person()
    assert stranger.opens("/foundings/new").location == "/"
    assert stranger.sends("/foundings", code=house.code).location == "/"


def test_a_site_founded_by_invitation_stands_alone(house: House) -> None:  # noqa: F811
    rosa, bill = house.rosa(), house.person()
    code = rosa.invites("/founding-invitations")
    form = bill.answers(code)
    assert "A group of your own" in form.text
    mill = {**SITE, "site_name": "The Mill"}
    assert bill.becomes("/foundings/further", "Bill", code=code, **mill).status_code == 303
    assert bill.opens(bill.site).status_code == 200
    assert rosa.opens(bill.site).status_code == 404
    assert bill.opens(rosa.site).status_code == 404
    assert "cannot be answered now" in errors(house.person().answers(code))


def test_a_member_founds_a_further_site_without_new_words(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    code = rosa.invites("/founding-invitations")
    form = read(rosa.answers(code))
    answer = rosa.sends("/foundings/further", **form.hidden, **{**SITE, "site_name": "The Mill"})
    assert answer.status_code == 303
    assert answer.location != rosa.site
    listed = rosa.opens("/sites").text
    assert "The Mill" in listed
    assert "Depot North" in listed
    assert rosa.opens("/sites/mine").location == "/sites"


def proposed(house: House, languages: str) -> dict[str, str]:  # noqa: F811
    """What of a site's form is chosen already, for a browser that asks for these languages."""
    page = house.person().client.get("/foundings/new", headers={"Accept-Language": languages}).text
    picked = re.findall(r'<select[^>]*name="site_(\w+)".*?</select>', page, re.S)
    found = {}
    for name in picked:
        select = re.search(rf'<select[^>]*name="site_{name}".*?</select>', page, re.S)[0]
        option = re.search(r'<option selected value="([^"]*)"', select)
        found[name] = option[1] if option else ""
    found["paper"] = re.search(r'<input checked[^>]*name="site_paper"[^>]*value="(\w+)"', page)[1]
    return found


def test_what_the_browser_says_of_where_it_is_is_filled_in(house: House) -> None:  # noqa: F811
    britain = {"country": "GB", "time_zone": "Europe/London", "language": "en", "paper": "a4"}
    assert proposed(house, "en-GB,en;q=0.8") == britain
    mexico = {"country": "MX", "language": "es", "paper": "letter"}
    assert proposed(house, "es-MX") == {**mexico, "time_zone": ""}, "there are several"
    assert proposed(house, "x-,--,,de-419,en-QQ;q=0.5") == {
        "country": "",
        "time_zone": "",
        "language": "de",
        "paper": "a4",
    }
