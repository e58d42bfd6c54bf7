"""Make ours from this: a draft at home, with what is one's own."""

from __future__ import annotations

import uuid

from tests.homes import ON_SQLITE
from tests.web import writing
from tests.web.house import Person, read
from tests.web.network.three_sites import paper, takes_back, tells, three, told_by  # noqa: F401
from tests.web.writing import one_house, settled  # noqa: F401

pytestmark = ON_SQLITE


def told(three: dict[str, Person]) -> str:  # noqa: F811
    tells(three["rosa"], paper(three["rosa"], three["bill"]))
    (copy,) = told_by(three["rosa"])
    return copy


def makes_ours(person: Person, copy: str, **fields: str) -> str:
    answer = person.sends(f"{copy}/drafts", **{"form_id": uuid.uuid4().hex, **fields})
    assert answer.status_code == 303, read(answer).words
    return answer.location


def test_a_draft_has_the_words_and_what_is_ones_own(three):  # noqa: F811
    copy, dave = told(three), three["dave"]
    assert f'href="{copy}/drafts/new"' in dave.opens("/network").text
    first = writing.begin(dave, "Ours.", headline="Before")
    about = {"masthead": "Mill Post", "number": "3", "reply": "https://mill.example", "published_by": "The Mill"}
    writing.save_header(dave, first, **about)
    draft = makes_ours(dave, copy)
    text = writing.manuscript(dave, draft)
    assert "Three drivers were *sent home*." in text
    assert "The door of bay 4 is mended." in text
    for ours in ("masthead: Mill Post", "number: 4", "reply: https://mill.example", "imprint: The Mill."):
        assert ours in text
    for theirs in ("The Driver", "driver.example", "number: 7", "Depot North"):
        assert theirs not in text
    assert writing.state(dave, draft) == "being written"
    assert "Made from: The Driver, No. 7, Depot North" in read(dave.opens(draft)).words
    assert "Made from" not in dave.opens(f"{first}").text


def test_where_it_comes_from_is_printed_if_one_wishes_and_stays_noted(three):  # noqa: F811
    copy, dave = told(three), three["dave"]
    draft = makes_ours(dave, copy, named="yes")
    assert "This text comes from The Driver, No. 7, Depot North." in writing.manuscript(dave, draft)
    writing.save_header(dave, draft, headline="Another")
    assert "Made from: The Driver, No. 7, Depot North" in read(dave.opens(draft)).words
    following = dave.sends(f"{dave.site}/bulletins", earlier=draft.rpartition("/")[2].replace("-", ""))
    assert "Made from" not in dave.opens(following.location).text


def test_one_piece_can_be_taken(three):  # noqa: F811
    copy, dave = told(three), three["dave"]
    assert f'href="{copy}/drafts/new?piece=1"' in dave.opens(copy).text
    page = dave.opens(f"{copy}/drafts/new?piece=1")
    assert "bay 4" in page.text
    assert "sent home" not in page.text
    draft = makes_ours(dave, copy, piece="1")
    text = writing.manuscript(dave, draft)
    assert "The door of bay 4 is mended." in text
    assert "sent home" not in text
    assert "headline: Bay 4" in text
    assert dave.sends(f"{copy}/drafts", piece="9").status_code == 409


def test_sent_twice_it_is_made_once_and_a_draft_outlives_what_it_was_made_from(three):  # noqa: F811
    copy, dave, form = told(three), three["dave"], uuid.uuid4().hex
    draft = makes_ours(dave, copy, form_id=form)
    assert makes_ours(dave, copy, form_id=form) == draft
    assert dave.opens(f"{dave.site}/bulletins").text.count("Nobody drives alone") == 1
    takes_back(three["rosa"], copy)
    assert "The door of bay 4 is mended." in writing.manuscript(dave, draft)
    assert dave.sends(f"{copy}/drafts").status_code == 404


def test_who_is_in_two_sites_says_for_which(three):  # noqa: F811
    copy, dave, ada = told(three), three["dave"], three["ada"]
    ward = ada.site
    dave_site = dave.site
    dave.answers(ada.invites())
    dave.site = dave_site
    assert "At which of your groups?" in dave.opens(f"{copy}/drafts/new").text
    draft = makes_ours(dave, copy, at=ward.rpartition("/")[2].replace("-", ""))
    assert draft.startswith(ward)


def test_a_stranger_makes_none(three):  # noqa: F811
    copy = told(three)
    assert three["stranger"].sends(f"{copy}/drafts").status_code == 403
    assert three["stranger"].opens(copy).status_code == 303
