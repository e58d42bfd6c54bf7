"""Something for us to answer: four sites, on their pages."""

from __future__ import annotations

import uuid

import pytest

from bulletin.domain.network.answering.matters import Matter
from bulletin.web.network.answering import matters
from tests.homes import ON_SQLITE
from tests.web.house import errors
from tests.web.network import three_sites
from tests.web.network.four_sites import (
    agrees,
    answered,
    asks_in,
    at,
    comes_in,
    four,  # noqa: F401
    hex_of,
    member_of,
    put,
    puts,
    says,
    text_of,
    to_answer,
)
from tests.web.writing import one_house, settled  # noqa: F401

pytestmark = ON_SQLITE


def test_the_depot_proposes_and_three_join_if_three_join(four):  # noqa: F811
    rosa, bill, dave, ada = (four[name] for name in ("rosa", "bill", "dave", "ada"))
    draft = puts(rosa, if_n="3").location
    assert "Nothing of it has gone out yet." in text_of(rosa, draft)
    assert "stickers" not in text_of(dave)
    assert "Shall we ask the others?" in text_of(bill, bill.site)
    agrees(bill, draft)
    for page in ("/network", dave.site):
        assert "Depot North proposes: Orange stickers. Are we in?" in text_of(dave, page)
    answered(four, "dave", draft, if_n="3", why="Us, too.")
    assert "not enough yet" in text_of(ada)
    answered(four, "ada", draft)
    for person in (rosa, dave, ada):
        assert "3 are in" in text_of(person)
        assert "we too" in text_of(person)
    assert "Mill Lane: We join, if 3 join Us, too." in text_of(rosa, draft)
    answered(four, "ada", draft, "nothing")
    assert "not enough yet" in text_of(rosa)


def test_a_paper_goes_along_and_we_join_offers_to_make_it_ours(four):  # noqa: F811
    rosa, dave = four["rosa"], four["dave"]
    three_sites.tells(rosa, three_sites.paper(rosa, four["bill"]))
    copy = three_sites.told_paper(dave)
    path = put(four, paper=uuid.UUID(copy.rpartition("/")[2]).hex)
    answered(four, "dave", path)
    page = dave.opens(at(dave, path)).text
    assert page.count(f"{copy}/drafts/new") == 2
    assert dave.opens(f"{copy}/drafts/new").status_code == 200
    three_sites.takes_back(rosa, copy)
    assert copy not in dave.opens(at(dave, path)).text


def test_what_is_typed_wrongly_is_said_and_not_lost(four):  # noqa: F811
    rosa, dave = four["rosa"], four["dave"]
    wrong = puts(rosa, what="x" * 200, why="A word of mine", day="soon")
    assert wrong.status_code == 422
    assert "A word of mine" in wrong.text
    assert "Give the day" in errors(wrong)
    late = puts(rosa, why="A word of mine", day="2020-01-01")
    assert late.status_code == 409
    assert "A word of mine" in late.text
    assert puts(rosa, why="The manager hit her. Call 07700 900123.").status_code == 200, "it asks first"
    path = put(four)
    wrong = says(dave, path, why="x" * 400, if_n="some")
    assert wrong.status_code == 422
    assert "x" * 400 in wrong.text
    assert says(dave, path, "perhaps").status_code == 422


def test_taken_back_it_is_gone_and_does_not_come_by_back(four):  # noqa: F811
    rosa, dave, ada = four["rosa"], four["dave"], four["ada"]
    form_id = uuid.uuid4().hex
    path = puts(rosa, form_id=form_id).location
    agrees(four["bill"], path)
    answered(four, "dave", path)
    answered(four, "rosa", path, "nothing")
    for person in (dave, ada):
        assert "stickers" not in text_of(person)
        assert person.opens(at(person, path)).status_code == 404
    assert puts(rosa, form_id=form_id).status_code == 410


def test_changed_it_is_asked_anew(four):  # noqa: F811
    rosa, dave = four["rosa"], four["dave"]
    path = put(four)
    answered(four, "dave", path)
    form = rosa.opens(f"{rosa.site}/answers/new?kind=together&instead={hex_of(path)}").text
    assert "One rota, four places." in form
    other = put(four, what="Green stickers", instead=hex_of(path))
    assert dave.opens(at(dave, path)).status_code == 404
    assert "Green stickers" in text_of(dave, dave.site)
    assert "1 is in" in text_of(dave, at(dave, other))


def test_the_port_waits_sees_nothing_and_comes_in(four, monkeypatch):  # noqa: F811
    rosa, dave, pia = four["rosa"], four["dave"], four["pia"]
    path = put(four)
    assert "Your group is not in the network yet" in text_of(pia, pia.site)
    pages = ("/network", at(pia, path), f"{pia.site}/answers", f"{pia.site}/answers/known", f"{pia.site}/told")
    assert [page for page in pages if pia.opens(page).status_code != 404] == []
    asked = asks_in(four)
    waits = text_of(pia, f"{pia.site}/coming-in")
    assert "You wait. 3 groups were asked: all that are in." in waits
    assert "Mill" not in waits
    answered(four, "rosa", asked)
    assert says(dave, asked).status_code == 303
    assert pia.opens("/network").status_code == 404
    says(four["nora"], asked)
    assert "stickers" in text_of(pia)
    assert "known to Depot North, Mill Lane" in text_of(rosa, f"{rosa.site}/answers/known")
    monkeypatch.setattr(matters, "SITES_A_PAGE", 3)
    first, second = (text_of(rosa, f"{rosa.site}/answers/known?page={number}") for number in (1, 2))
    assert (first.count("in since"), second.count("in since")) == (3, 1)
    assert pia.opens(f"{pia.site}/coming-in").location == "/network"
    answered(four, "dave", asked, "nothing")
    assert pia.opens("/network").status_code == 404
    assert "You wait." in text_of(pia, f"{pia.site}/coming-in")


def test_the_port_takes_back_that_it_asks(four):  # noqa: F811
    asks_in(four)
    for name in ("pia", "quin"):
        assert four[name].sends(f"{four[name].site}/coming-in/withdrawal").status_code == 303
    assert "Ask to come in" in four["pia"].opens(f"{four['pia'].site}/coming-in").text
    with pytest.raises(StopIteration):
        to_answer(four["rosa"], "would like to come in")


def test_two_thirds_put_the_port_out(four):  # noqa: F811
    pia = four["pia"]
    comes_in(four)
    out = put(four, "rosa", "out", about=hex_of(pia.site))
    assert "it is the others who are asked" in text_of(pia, at(pia, out))
    assert says(pia, out, "no").status_code == 409
    for who in ("dave", "ada"):
        answered(four, who, out)
    assert pia.opens("/network").status_code == 404
    assert "The others have put your group out." in text_of(pia, f"{pia.site}/coming-in")


def test_somebody_is_asked_to_do_something_and_a_yes_taken_back_ends_it(four):  # noqa: F811
    rosa, ada = four["rosa"], four["ada"]
    task = put(four, "rosa", "asked", member=member_of(rosa))
    assert "Keep the list of printers" in text_of(ada)
    assert "Asked to" not in text_of(ada)
    answered(four, "ada", task)
    for person in (rosa, ada):
        assert f"{rosa.handle}, Depot North: Keep the list of printers" in text_of(person)
    assert "Take our yes back" in text_of(ada)
    answered(four, "ada", task, "nothing")
    assert "Asked to" not in text_of(rosa)


def test_who_is_new_sees_nothing_of_it_and_says_nothing(four):  # noqa: F811
    cleo, rosa = four["cleo"], four["rosa"]
    path = put(four, "dave")
    assert cleo.opens("/network").status_code == 200
    for page in ("/network", cleo.site):
        assert "stickers" not in text_of(cleo, page)
        assert "For us to answer" not in text_of(cleo, page)
    for page in (f"{cleo.site}/answers", at(cleo, path), f"{cleo.site}/answers/known", f"{cleo.site}/coming-in"):
        assert cleo.opens(page).status_code == 404
    assert puts(cleo).status_code == 404
    assert says(cleo, path).status_code == 404
    with rosa.inside():
        assert Matter.own(uuid.UUID(rosa.site[-36:])) == []
