"""We need, we have: three sites in week one, and how they reach each other."""

from __future__ import annotations

import re
import uuid

from werkzeug.test import TestResponse

from bulletin.db import db
from bulletin.domain.network.told import STANDS, Told
from bulletin.domain.people.contacts import Contact
from tests.homes import ON_SQLITE
from tests.web.house import Person, errors, read
from tests.web.network.three_sites import answers, asks, deed, takes_back, tells, three, told_by  # noqa: F401
from tests.web.writing import one_house, settled  # noqa: F401

pytestmark = ON_SQLITE
MILL, DEPOT = "mill@sites.example", "Rosa’s break room, Tuesdays"


def text_of(person: Person, path: str = "/network") -> str:
    return " ".join(read(person.opens(path)).words.split())


def need_of(person: Person) -> str:
    """The address of what their site asked for last."""
    return told_by(person)[0]


def everywhere(three: dict[str, Person]) -> str:  # noqa: F811
    people = [three[name] for name in ("rosa", "bill", "dave", "ada")]
    pages = [(person, path) for person in people for path in ("/network", person.site, f"{person.site}/told")]
    return " ".join(text_of(person, path) for person, path in pages)


def test_the_mill_asks_the_depot_can_and_both_see_how_to_reach_each_other_and_nobody_else(three):  # noqa: F811
    rosa, bill, dave, ada = (three[name] for name in ("rosa", "bill", "dave", "ada"))
    assert asks(dave, "A printer for A3", reach=MILL).location == "/network"
    need = need_of(dave)
    for person in (rosa, ada):
        page = person.opens("/network").text
        assert page.index("We need: A printer for A3") < page.index('id="papers"'), "above the papers"
        assert MILL not in page
        assert "Mill Lane: We need: A printer for A3" in text_of(person, person.site)
    assert "Nobody has answered yet." in text_of(dave)
    assert answers(rosa, need, reach=DEPOT).location == need
    for path in ("/network", need):
        assert f"How to reach Mill Lane: {MILL}" in text_of(bill, path)
        assert f"Depot North: We can How to reach Depot North: {DEPOT}" in text_of(dave, path)
        third = text_of(ada, path)
        assert "We need: A printer for A3" in third
        for word in ("Depot", DEPOT, MILL, "Nobody has answered"):
            assert word not in third
    assert "Depot North: We can (A printer for A3)" in text_of(dave, dave.site)
    assert "Depot" not in text_of(ada, ada.site)
    assert DEPOT not in ada.opens(f"{ada.site}/told").text
    assert three["stranger"].opens(need).status_code == 303
    assert three["stranger"].opens("/network").status_code == 303


def test_whose_place_was_taken_reads_nothing_and_answers_nothing(three):  # noqa: F811
    rosa, bill, dave = three["rosa"], three["bill"], three["dave"]
    asks(dave, "A printer for A3", reach=MILL)
    need = need_of(dave)
    answers(rosa, need, reach=DEPOT)
    assert "printer" in text_of(bill, need)
    assert bill.vouches(f"{bill.site}/departures").status_code == 303
    ways = ("/network", need, f"{bill.site}/needs/new", f"{bill.site}/needs/{need.rpartition('/')[2]}/answers/new")
    assert not [way for way in ways if bill.opens(way).status_code == 200]


def test_taken_back_it_is_gone_and_so_is_an_answer(three):  # noqa: F811
    rosa, dave = three["rosa"], three["dave"]
    asks(dave, "A printer for A3", reach=MILL)
    need = need_of(dave)
    answers(rosa, need, reach=DEPOT)
    back = re.findall(r'action="([^"]*/withdrawal)"', rosa.opens(f"{rosa.site}/told").text)
    assert rosa.sends(back[0]).status_code == 303
    assert "Nobody has answered yet." in text_of(dave)
    assert MILL not in text_of(rosa, need)
    answers(rosa, need)
    assert "Depot North: We can" in text_of(dave)
    assert takes_back(dave, need).status_code == 303
    assert "printer" not in everywhere(three)
    assert {rosa.opens(way).status_code for way in (need, answering(rosa, need))} == {404}
    assert answers(rosa, need).status_code == 404


def test_after_two_weeks_it_is_gone_by_itself(three):  # noqa: F811
    rosa, dave = three["rosa"], three["dave"]
    asks(dave, "A printer for A3", reach=MILL)
    need = need_of(dave)
    answers(rosa, need, reach=DEPOT)
    for person in (rosa, dave):  # as if they had been sent two weeks ago
        with person.inside() as place:
            for one in Told.own(place.site_id):
                one.told_on -= STANDS
            place.site.tended_on = None
            db.session.commit()
    assert "printer" not in everywhere(three)
    assert {rosa.opens(way).status_code for way in (need, answering(rosa, need))} == {404}
    for person in (rosa, dave):
        person.sends(f"{person.site}/told/about", reach="")  # somebody comes, and what is due is done
        with person.inside() as place:
            assert Told.own(place.site_id) == []


def test_an_answer_twice_is_one(three):  # noqa: F811
    rosa, bill, dave = three["rosa"], three["bill"], three["dave"]
    asks(dave, "A printer for A3")
    need, form = need_of(dave), uuid.uuid4().hex
    for person, id_ in ((rosa, form), (rosa, form), (bill, uuid.uuid4().hex)):
        assert answers(person, need, form_id=id_).status_code == 303
    assert text_of(dave).count("Depot North: We can") == 1
    with rosa.inside() as place:
        assert len(Told.own(place.site_id)) == 1
    assert answers(dave, need).status_code == 404, "nobody answers themselves"


def test_what_a_site_has_others_would_like(three):  # noqa: F811
    rosa, dave = three["rosa"], three["dave"]
    asks(dave, "A megaphone", sort="we have")
    page = text_of(rosa)
    assert "We have: A megaphone" in page
    assert "We would like it" in page
    answers(rosa, need_of(dave))
    assert "Depot North: We would like it How to reach Depot North: they have not said." in text_of(dave)


def test_it_is_shown_word_for_word_before_it_is_sent_and_is_for_sites_alone(three):  # noqa: F811
    rosa, dave, stranger = three["rosa"], three["dave"], three["stranger"]
    looked = dave.sends(f"{dave.site}/needs", sort="we need", sentence="A <b>printer</b>", look="yes")
    assert "We need: A &lt;b&gt;printer&lt;/b&gt;" in looked.text
    page = looked.text
    assert page.index("A &lt;b&gt;") < page.index("Who reads it: all groups") < page.index(">Send<")
    assert told_by(dave) == []
    asks(dave, "A printer", audience="anyone")
    assert "A printer" in text_of(rosa)
    assert stranger.opens(f"/public/{dave.site.rpartition('/')[2]}").status_code == 404
    for sentence, sort, status in (
        ("B", "", 422),
        ("B", "we take", 422),
        ("x" * 201, "we need", 422),
        (" ", "we have", 409),
    ):
        answer = asks(dave, sentence, sort=sort)
        assert (answer.status_code, bool(errors(answer))) == (status, True)
    assert len(told_by(dave)) == 1


def test_what_was_typed_of_how_to_reach_them_is_not_lost(three):  # noqa: F811
    dave = three["dave"]
    too_long = asks(dave, "A printer", reach="x" * 81)
    assert "“How other groups reach us” has room for 80 letters: take out 1." in errors(too_long)
    assert "x" * 81 in too_long.text
    assert "We need: A printer" in too_long.text
    nothing = asks(dave, "", reach=MILL)
    assert nothing.status_code == 409
    assert MILL in nothing.text


def test_a_name_from_the_notebook_is_pointed_at(three):  # noqa: F811
    dave = three["dave"]
    with dave.inside() as place:
        Contact.add(place.site_id, "Dora Quick", by="Dave")
        db.session.commit()
    answer = asks(dave, "Somebody to talk with Dora Quick")
    assert answer.status_code == 200
    assert "‘Dora Quick’: This is somebody’s name" in " ".join(read(answer).words.split())
    assert told_by(dave) == []
    assert asks(dave, "Somebody to talk with Dora Quick", **{"seen": read(answer).hidden["seen"]}).status_code == 303


def test_how_to_reach_a_site_stands_by_its_copies_for_other_sites_only(three):  # noqa: F811
    rosa, dave, stranger = three["rosa"], three["dave"], three["stranger"]
    tells(rosa, deed(rosa), "anyone", reach=DEPOT)
    (copy,) = told_by(rosa)
    assert f"How to reach Depot North: {DEPOT}" in text_of(dave, copy)
    public = f"/public/{rosa.site.rpartition('/')[2]}"
    for path in (public, f"{public}/feed", f"{public}/{copy.rpartition('/')[2]}"):
        assert DEPOT not in stranger.opens(path).text
    rosa.sends(f"{rosa.site}/told/about", sector="", whereabouts="", languages="", reach="")
    assert "How to reach" not in text_of(dave, copy)


def test_who_is_in_two_sites_answers_for_one_and_sees_what_each_may(three):  # noqa: F811
    dave, ada = three["dave"], three["ada"]
    mill = dave.site
    dave.answers(ada.invites())
    asks(three["rosa"], "A printer", reach=DEPOT)
    need = need_of(three["rosa"])
    page = text_of(dave)
    assert "We can: Mill Lane" in page
    assert "We can: St Anne’s" in page
    dave.site = mill
    answers(dave, need, reach=MILL)
    page = text_of(dave)
    assert "You said: We can (Mill Lane)" in page
    assert "We can: St Anne’s" in page
    assert DEPOT not in text_of(ada)
    assert text_of(three["rosa"]).count("How to reach Mill Lane") == 1


def answering(person: Person, need: str) -> str:
    return f"{person.site}/needs/{need.rpartition('/')[2]}/answers/new"


def test_a_site_that_is_not_in_asks_and_answers_nothing(three):  # noqa: F811
    rosa, dave = three["rosa"], three["dave"]
    asks(dave, "A printer")
    need = need_of(dave)
    with rosa.inside() as place:
        place.site.in_since = None
        db.session.commit()
    refused: list[TestResponse] = [rosa.opens(answering(rosa, need)), answers(rosa, need), asks(rosa, "A megaphone")]
    assert {one.status_code for one in refused} == {404}
