"""Telling: word for word, to whom one chose, and taken back."""

from __future__ import annotations

import re
import uuid

import pytest

from bulletin.db import db
from bulletin.domain.network import sharing
from bulletin.domain.people.contacts import Contact
from bulletin.domain.site import site_keys
from bulletin.domain.site.accounts.members import Membership
from bulletin.vault import keys
from bulletin.web.network import pieces
from tests.homes import ON_SQLITE
from tests.web import writing
from tests.web.house import House, errors, house, invited_by_two, read  # noqa: F401
from tests.web.network.three_sites import deed, paper, takes_back, tells, three, told_by  # noqa: F401
from tests.web.workmates import add
from tests.web.writing import one_house, settled  # noqa: F401

pytestmark = ON_SQLITE


def test_a_printed_paper_is_told_with_one_button_and_read_by_every_site(three):  # noqa: F811
    rosa, bill, dave = three["rosa"], three["bill"], three["dave"]
    path = paper(rosa, bill)
    for page in (path, f"{path}/away"):
        assert "Tell all groups: No. 7 is out" in " ".join(read(rosa.opens(page)).words.split())
    before = rosa.opens(f"{path}/told/new")
    assert "Three drivers were <em>sent home</em>." in before.text
    answer = tells(rosa, path)
    assert answer.status_code == 303
    (copy,) = told_by(rosa)
    network = dave.opens("/network").text
    assert "Nobody drives alone" in network
    assert "Depot North" in network
    read_there = dave.opens(copy).text
    assert "Three drivers were <em>sent home</em>." in read_there
    assert dave.opens(f"{copy}/sheet").data == b"%PDF Nobody drives alone"
    assert "Depot North: No. 7: Nobody drives alone" in dave.opens(dave.site).text
    assert "Told all groups on" in rosa.opens(f"{path}/away").text
    assert "by Rosa" in read(bill.opens(f"{bill.site}/told")).words


def test_what_is_taken_back_is_gone_from_every_page(three):  # noqa: F811
    rosa, bill, dave = three["rosa"], three["bill"], three["dave"]
    path = paper(rosa, bill)
    tells(rosa, path, "anyone")
    (copy,) = told_by(rosa)
    public = f"/public/{rosa.site.rpartition('/')[2]}"
    ways = [copy, f"{copy}/sheet", f"{copy}/drafts/new"]
    open_ways = [
        public,
        f"{public}/feed",
        *(f"{public}/{copy.rpartition('/')[2]}{end}" for end in ("", "/sheet", "/text")),
    ]
    assert {dave.opens(way).status_code for way in ways} == {200}
    assert {three["stranger"].opens(way).status_code for way in open_ways} == {200}
    assert takes_back(bill, copy).status_code == 303
    assert {dave.opens(way).status_code for way in ways} == {404}
    assert {three["stranger"].opens(way).status_code for way in open_ways} == {404}
    assert "Nobody drives alone" not in dave.opens("/network").text + dave.opens(dave.site).text
    assert "Tell all groups: No. 7 is out" in rosa.opens(f"{path}/away").text
    assert takes_back(rosa, copy).status_code == 404


def test_what_was_done_is_told_with_what_came_of_it_and_no_place_and_no_number(three):  # noqa: F811
    rosa, dave = three["rosa"], three["dave"]
    path = deed(rosa, result="won")
    assert "Tell all groups: what we did" in rosa.opens(path).text
    assert tells(rosa, path, again="Begin much earlier").status_code == 303
    (copy,) = told_by(rosa)
    text = " ".join(read(dave.opens(copy)).words.split())
    for word in ("At the gate", "Won", "The rota is back.", "Two at each gate", "Begin much earlier"):
        assert word in text
    for word in ("Gate B", "40", "Rosa"):
        assert word not in text.replace("Rosa’s", "")
    assert "Won" in dave.opens("/network").text


def test_words_can_be_looked_at_again_before_they_are_sent(three):  # noqa: F811
    path = deed(three["rosa"])
    looked = tells(three["rosa"], path, title="Before dawn", outcome="The rota is *nearly* back.", look="yes")
    assert looked.status_code == 200
    assert '<p class="lines">The rota is *nearly* back.</p>' in looked.text
    assert "Before dawn" in looked.text
    assert told_by(three["rosa"]) == []


def test_what_is_planned_is_a_strength_test_or_says_nothing_is_never_offered(three):  # noqa: F811
    rosa = three["rosa"]
    quiet, test = deed(rosa, words="", result=None), deed(rosa, test=True)
    for path in (quiet, test):
        assert "told/new" not in rosa.opens(path).text
        assert rosa.opens(f"{path}/told/new").location == path
        assert rosa.sends(f"{path}/told", audience="sites", outcome="Told all the same.").status_code == 409
        assert told_by(rosa) == []
    draft = writing.begin(rosa, "Not yet.", headline="Not yet")
    assert rosa.opens(f"{draft}/told/new").location == draft
    assert rosa.sends(f"{draft}/told", audience="sites").location == draft
    assert told_by(rosa) == []
    assert "told/new" not in rosa.opens(draft).text


def test_anyone_is_never_chosen_by_itself_whatever_was_chosen_before(three):  # noqa: F811
    rosa = three["rosa"]
    first, second = deed(rosa), deed(rosa)
    page = rosa.opens(f"{first}/told/new").text
    assert re.search(r'<input checked[^>]*value="sites"', page)
    assert 'name="sector"' in page
    tells(rosa, first, "anyone", sector="Haulage", whereabouts="north", languages="Polish")
    again = rosa.opens(f"{second}/told/new").text
    assert "Who reads it: all groups" in again
    assert re.search(r'<input checked[^>]*value="sites"', again)
    assert 'name="sector"' not in again
    assert "Depot North · Haulage · north · Polish" in three["dave"].opens("/network").text
    rosa.sends(f"{rosa.site}/told/about", sector="", whereabouts="south", languages="")
    assert "Depot North · south" in three["dave"].opens("/network").text


@pytest.mark.parametrize("audience", ["", "management"])
def test_nobody_is_told_where_nobody_said_whom(three, audience):  # noqa: F811
    answer = tells(three["rosa"], deed(three["rosa"]), audience)
    assert answer.status_code == 422
    assert "Choose who reads it." in errors(answer)
    assert "Two at each gate" in answer.text, "nothing typed is lost"


def test_a_name_from_the_notebook_is_shown_before_it_is_sent(three):  # noqa: F811
    rosa = three["rosa"]
    with rosa.inside() as place:
        Contact.add(place.site_id, "Dora Quick", by="Rosa")
        db.session.commit()
    named = deed(rosa, words="Dora Quick spoke to all of them.")
    page = rosa.opens(f"{named}/told/new")
    assert "‘Dora Quick’: This is somebody’s name" in " ".join(read(page).words.split())
    first, later = deed(rosa), {"outcome": "Dora Quick spoke."}
    answer = tells(rosa, first, **later)  # typed there, so not seen yet
    assert answer.status_code == 200
    assert "Look at this before you send it" in answer.text
    assert told_by(rosa) == []
    seen = {**read(answer).hidden, **later, "audience": "sites", "form_id": uuid.uuid4().hex}
    assert rosa.sends(f"{first}/told", **seen).status_code == 303
    assert len(told_by(rosa)) == 1


def test_who_waits_to_be_forgotten_is_a_name_still_and_their_page_says_where_it_stands_told(three):  # noqa: F811
    rosa = three["rosa"]
    dora = add(rosa, "Dora Quick")
    named = deed(rosa, words="Dora Quick spoke to all of them.")
    first = tells(rosa, named)
    rosa.sends(f"{named}/told", **read(first).hidden, audience="sites", form_id=uuid.uuid4().hex)
    assert len(told_by(rosa)) == 1
    rosa.sends(f"{dora}/forgetting")
    assert tells(rosa, deed(rosa), outcome="Dora Quick spoke.").status_code == 200, "asked first, as before"
    assert len(told_by(rosa)) == 1
    assert f'href="{rosa.site}/told"' in rosa.opens(f"{dora}/forgetting").text.partition("The name also stands here")[2]


def test_sent_twice_it_is_told_once_and_told_anew_it_takes_the_place_of_the_first(three):  # noqa: F811
    rosa, dave = three["rosa"], three["dave"]
    path, form = deed(rosa), uuid.uuid4().hex
    for _ in range(2):
        assert tells(rosa, path, form_id=form).status_code == 303
    assert len(told_by(rosa)) == 1
    assert tells(rosa, path, outcome="It is back for good.").status_code == 303
    (copy,) = told_by(rosa)
    assert "It is back for good." in dave.opens(copy).text


def test_one_who_is_at_another_site_takes_nothing_back(three):  # noqa: F811
    rosa, dave = three["rosa"], three["dave"]
    tells(rosa, deed(rosa))
    (copy,) = told_by(rosa)
    assert takes_back(dave, copy).status_code == 404
    assert dave.opens(copy).status_code == 200
    assert "Take it back" not in dave.opens(f"{dave.site}/told").text


def test_a_site_that_is_not_in_reads_nothing_and_tells_nothing(three):  # noqa: F811
    rosa, dave = three["rosa"], three["dave"]
    path = deed(rosa)
    tells(rosa, path)
    (copy,) = told_by(rosa)
    theirs = deed(dave)
    with dave.inside() as place:
        place.site.in_since = None
        db.session.commit()
    ways = ("/network", copy, f"{copy}/drafts/new", f"{dave.site}/told", f"{theirs}/told/new")
    assert {dave.opens(way).status_code for way in ways} == {404}
    assert dave.sends(f"{copy}/drafts").status_code == dave.sends(f"{theirs}/told").status_code == 404
    assert "The network" not in dave.opens(dave.site).text
    assert three["ada"].opens(copy).status_code == 200


def test_a_site_by_itself_sees_nothing_of_a_network(house):  # noqa: F811
    rosa = house.rosa()
    assert 'href="/network"' not in rosa.opens(rosa.site).text
    assert "told/new" not in rosa.opens(deed(rosa)).text


def test_who_came_yesterday_does_not_speak_for_the_site_and_what_is_told_is_said_to_everybody_in_it(three):  # noqa: F811
    rosa, bill = three["rosa"], three["bill"]
    path, nina = deed(rosa), invited_by_two(House(rosa.app, ""), rosa, bill, "Nina")
    for audience in ("sites", "anyone"):
        refused = tells(nina, path, audience, outcome="Nobody agreed to this.")
        assert refused.status_code == 409
        assert "You decide with the others when enough of them have met you." in errors(refused)
        assert "Nobody agreed to this." in refused.text, "nothing typed is lost"
    assert nina.sends(f"{nina.site}/told/about", sector="Ours", whereabouts="", languages="").status_code == 409
    assert told_by(rosa) == []
    tells(rosa, path)
    assert "Rosa told others something in the name of this group." in read(bill.opens(f"{bill.site}/events")).words
    takes_back(nina, told_by(rosa)[0])
    assert "Nina took back what was told to others." in read(bill.opens(f"{bill.site}/events")).words


def test_what_was_taken_back_does_not_come_again_by_back(three):  # noqa: F811
    rosa = three["rosa"]
    path = deed(rosa)
    form = read(rosa.opens(f"{path}/told/new")).hidden
    sent = {"audience": "anyone", "outcome": "It rained.", **form}
    assert rosa.sends(f"{path}/told", **sent).status_code == 303
    takes_back(rosa, told_by(rosa)[0])
    again = rosa.sends(f"{path}/told", **sent)
    assert again.status_code == 410
    assert "taken back since" in again.text
    assert told_by(rosa) == []
    assert tells(rosa, path).status_code == 303


def test_the_id_of_another_sites_row_in_a_form_makes_a_row_of_ones_own(three):  # noqa: F811
    rosa, dave, ada = three["rosa"], three["dave"], three["ada"]
    tells(rosa, deed(rosa, words="Of the Depot."))
    (copy,) = told_by(rosa)
    assert tells(dave, deed(dave, words="Of the Mill."), form_id=copy.rpartition("/")[2]).status_code == 303
    assert "Of the Depot." in ada.opens(copy).text
    assert told_by(dave) != [copy]


def test_one_site_does_not_push_all_others_off_the_page(three, monkeypatch):  # noqa: F811
    monkeypatch.setattr(sharing, "A_DAY_MAX", 2)
    rosa = three["rosa"]
    assert [tells(rosa, deed(rosa)).status_code for _ in range(3)] == [303, 303, 409]


@pytest.mark.parametrize("page", ["0", "-1", "10000000000000000000", "9" * 4000])
def test_a_page_that_is_none_is_no_mistake_of_ours(three, page):  # noqa: F811
    assert three["dave"].opens(f"/network?page={page}").status_code == 200


@pytest.mark.usefixtures("home")
def test_a_piece_that_says_nothing_by_itself_is_left_out():
    text = "---\nkind: regular\nheadline: A\n---\n\ue000\n\n::: article Bay 4\nIt is mended.\n:::\n"
    assert [piece.title for piece in pieces.shown(text)] == ["Bay 4"]


@pytest.mark.parametrize("copy", [b"made up", None], ids=["no key", "another key"])
def test_a_place_that_somebody_put_into_the_database_is_left_aside(three, home, copy):  # noqa: F811
    """Rosa's name at the Mill: nothing of the network opens by it, and nothing is shut."""
    rosa, dave = three["rosa"], three["dave"]
    tells(rosa, paper(rosa, three["bill"]))
    (told,) = told_by(rosa)
    pages = ("/network", told, f"{told}/sheet", f"{told}/drafts/new")
    before = {page: rosa.opens(page).text for page in pages}
    with rosa.inside() as place:
        mill = uuid.UUID(dave.site[-36:])
        made_up = Membership(id=uuid.uuid4(), site_id=mill, member_id=place.member_id, joined_on=place.joined_on)
        context = keys.context("site key", mill, place.member_id, "registered")
        made_up.sealed_key = copy or keys.seal_to(place.member.public_key, keys.new_site_key(), context)
        db.session.add(made_up)
        db.session.commit()
    for page in pages:
        answer = rosa.opens(page)
        assert (answer.status_code, "Mill Lane" in answer.text) == (200, "Mill Lane" in before[page]), page
    draft = rosa.sends(f"{told}/drafts", at=mill.hex, form_id=uuid.uuid4().hex)
    assert draft.location.startswith(rosa.site)


def test_the_page_opens_each_of_a_members_sites_once(three, monkeypatch):  # noqa: F811
    opened = []
    before = site_keys.open_site
    monkeypatch.setattr(site_keys, "open_site", lambda *args: opened.append(args) or before(*args))
    assert three["rosa"].opens("/network").status_code == 200
    assert len(opened) == 1
