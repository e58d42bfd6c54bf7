"""What a site tells to anyone: read without an account, without a cookie, without a script."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from tests.homes import ON_SQLITE
from tests.web.house import read
from tests.web.network.three_sites import deed, paper, tells, three, told_by  # noqa: F401
from tests.web.writing import one_house, settled  # noqa: F401

pytestmark = ON_SQLITE
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def test_anyone_reads_what_is_for_anyone_and_nothing_else(three):  # noqa: F811
    rosa, stranger = three["rosa"], three["stranger"]
    here = f"/public/{rosa.site.rpartition('/')[2]}"
    assert stranger.opens(here).status_code == 404
    tells(rosa, deed(rosa, words="For every site."))
    assert stranger.opens(here).status_code == 404
    tells(rosa, deed(rosa, words="For anyone < all."), "anyone")
    answers = [stranger.opens(f"{here}{way}") for way in ("", "/feed")]
    for answer in answers:
        assert answer.status_code == 200
        assert "For anyone" in answer.text
        assert "For every site" not in answer.text
        assert "Set-Cookie" not in answer.headers
        assert "<script" not in answer.text
    copies = {one.rpartition("/")[2]: one for one in told_by(rosa)}
    assert sorted(stranger.opens(f"{here}/{copy}").status_code for copy in copies) == [200, 404]
    assert {three["dave"].opens(copy).status_code for copy in copies.values()} == {200}


def test_a_member_gets_no_cookie_and_no_more_there(three):  # noqa: F811
    rosa, dave = three["rosa"], three["dave"]
    tells(rosa, deed(rosa, words="For every site."))
    tells(rosa, deed(rosa, words="For anyone."), "anyone")
    answer = dave.opens(f"/public/{rosa.site.rpartition('/')[2]}")
    assert "Set-Cookie" not in answer.headers
    assert "For every site" not in answer.text


def test_the_feed_is_one(three):  # noqa: F811
    rosa = three["rosa"]
    tells(rosa, paper(rosa, three["bill"]), "anyone")
    tells(rosa, deed(rosa, words="Bread & <b>roses</b>."), "anyone")
    answer = three["stranger"].opens(f"/public/{rosa.site.rpartition('/')[2]}/feed")
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(answer.data)  # noqa: S314  # our own
    for needed in ("a:id", "a:title", "a:updated", "a:author/a:name", "a:link[@rel='self']"):
        assert feed.find(needed, ATOM) is not None, needed
    entries = feed.findall("a:entry", ATOM)
    assert len(entries) == 2
    assert "Bread & <b>roses</b>." in [one.findtext("a:summary", "", ATOM) for one in entries]
    for one in entries:
        link = one.find("a:link", ATOM)
        assert link is not None
        assert three["stranger"].opens(link.attrib["href"].removeprefix("http://localhost")).status_code == 200


def test_whoever_has_no_account_makes_one_for_their_workplace(three):  # noqa: F811
    rosa, stranger = three["rosa"], three["stranger"]
    tells(rosa, paper(rosa, three["bill"]), "anyone")
    (copy,) = told_by(rosa)
    here = f"/public/{rosa.site.rpartition('/')[2]}/{copy.rpartition('/')[2]}"
    page = read(stranger.opens(here))
    assert "Make one for your workplace" in page.words
    assert f"{here}/setting" in page.links
    opened, text = stranger.opens(f"{here}/setting"), stranger.opens(f"{here}/text").text
    assert opened.status_code == 200
    for ours in ("headline: Nobody drives alone", "The door of bay 4 is mended."):
        assert ours in opened.text
        assert ours in text
    for theirs in ("The Driver", "driver.example", "imprint"):
        assert theirs not in text
    assert stranger.opens(f"{here}/sheet").data == b"%PDF Nobody drives alone"
    stranger.app.config["PUBLIC_URL"] = "http://localhost"
    try:
        elsewhere, shut = stranger.opens(here).text, stranger.opens(f"{here}/setting").status_code
    finally:
        stranger.app.config["PUBLIC_URL"] = ""
    assert shut == 404
    assert "/setting" not in elsewhere
    assert f'href="{here}/text"' in elsewhere
