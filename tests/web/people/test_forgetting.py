"""To be forgotten, on the screen: what will happen is said before, and one who decides stops it."""

from __future__ import annotations

import uuid

import pytest

from bulletin.domain.people.forgetting import A_WEEK_MAX
from tests.homes import ON_SQLITE
from tests.web import test_pages
from tests.web.clock import clock  # noqa: F401
from tests.web.conftest import Page
from tests.web.house import Person, read
from tests.web.workmates import add, listed, note, noted, plan
from tests.web.writing import cast, one_house, settled  # noqa: F401

pytestmark = ON_SQLITE


@pytest.fixture
def rosa(cast) -> Person:  # noqa: F811
    return cast["rosa"]


@pytest.fixture
def bill(cast) -> Person:  # noqa: F811
    return cast["bill"]


def people(person: Person) -> list[str]:
    return listed(person.opens(f"{person.site}/contacts"))


def happened(person: Person) -> str:
    return person.reads(f"{person.site}/events").words


def test_what_will_happen_is_said_before_and_who_waits_is_on_a_page_for_all(rosa, bill):
    anna = add(rosa, "Anna Berg")
    page = rosa.reads(f"{anna}/forgetting").words
    for said in ("Forget Anna Berg?", "they are hidden", "can stop it", "gone for good"):
        assert said in page
    assert rosa.sends(f"{anna}/forgetting", asked="no").location == f"{rosa.site}/contacts/forgetting"
    assert (rosa.opens(anna).status_code, people(rosa)) == (404, [])
    assert "Anna" not in rosa.sends(f"{rosa.site}/contacts/search", words="Anna").text.replace('value="Anna"', "")
    assert "1 is to be forgotten" in bill.reads(bill.site).words
    listed = bill.reads(f"{bill.site}/contacts/forgetting").words
    assert "Anna Berg" in listed
    assert "hidden by Rosa" in listed
    assert "Rosa hid somebody who is to be forgotten." in happened(bill)
    assert "Anna" not in happened(bill)


def test_another_stops_it_with_a_reason_and_what_was_typed_is_not_lost(rosa, bill):
    anna = add(rosa, "Anna Berg")
    rosa.sends(f"{anna}/forgetting")
    answer = bill.sends(f"{anna}/forgetting/stop", reason="")
    assert (answer.status_code, "Say in a few words why" in read(answer).words) == (422, True)
    long = bill.sends(f"{anna}/forgetting/stop", reason="y" * 301)
    assert (long.status_code, "y" * 301 in long.text) == (422, True)
    assert bill.sends(f"{anna}/forgetting/stop", reason="We talk tomorrow").location == anna
    assert people(rosa) == ["Anna Berg"]
    assert "Bill stopped that somebody is forgotten: We talk tomorrow" in happened(rosa)
    assert bill.sends(f"{anna}/forgetting/stop", reason="Twice").location == anna


def test_who_asked_is_confirmed_by_another_and_gone_the_next_day(rosa, bill, clock):  # noqa: F811
    anna = add(rosa, "Anna Berg")
    rosa.sends(f"{anna}/forgetting", asked="yes")
    assert "Yes, they asked for it" not in rosa.reads(f"{anna}/forgetting").words, "not by the same one"
    assert "Yes, they asked for it" in bill.reads(f"{anna}/forgetting").words
    bill.sends(f"{anna}/forgetting/confirmation")
    assert "cannot be stopped any more" in rosa.reads(f"{anna}/forgetting").words
    assert rosa.sends(f"{anna}/forgetting/stop", reason="No").status_code == 422
    clock.set("2026-11-23T12:00+00:00")
    rosa.opens(rosa.site)
    assert rosa.opens(f"{anna}/forgetting").status_code == 404
    assert "Nobody is waiting now." in rosa.reads(f"{rosa.site}/contacts/forgetting").words


def test_the_sixth_in_a_week_is_a_question_on_everybodys_first_page(rosa, bill):
    paths = [add(rosa, f"Anna {number}") for number in ("One", "Two", "Three", "Four", "Five", "Six")]
    for path in paths[:A_WEEK_MAX]:
        assert rosa.sends(f"{path}/forgetting").status_code == 303
    assert "everybody is asked" in rosa.reads(f"{paths[-1]}/forgetting").words
    assert rosa.sends(f"{paths[-1]}/forgetting").status_code == 409
    asked = rosa.vouches(f"{rosa.site}/contacts/forgetting/question").location
    assert "/questions/" in asked
    assert "Shall more people be forgotten than five in a week?" in bill.reads(bill.site).words
    assert "Waiting to be forgotten" in bill.reads(asked).words


def test_who_was_put_together_with_others_counts_and_that_it_was_done_is_read_by_all(rosa, bill):
    paths = [add(rosa, f"Anna {letter}ov") for letter in "ABCDEF"]
    for path in paths[1:4]:
        assert bill.sends(f"{paths[0]}/merging", other=uuid.UUID(path[-36:]).hex).status_code == 303
    assert bill.sends(f"{paths[0]}/forgetting").status_code == 303
    assert bill.sends(f"{paths[4]}/merging", other=uuid.UUID(paths[5][-36:]).hex).status_code == 303
    assert bill.sends(f"{paths[4]}/forgetting").status_code == 409, "these were six"
    assert "Bill put two in the list together, as one person." in happened(rosa)
    assert "Anna" not in happened(rosa)


def test_a_form_sent_again_is_refused_where_what_it_made_is_hidden(rosa, bill):
    anna, carl = add(rosa, "Anna Berg"), uuid.UUID(add(rosa, "Carl")[-36:]).hex
    talk = {"form_id": uuid.uuid4().hex, "name": "Anna Berg", "note": "Words"}
    assert note(rosa, **talk).status_code == 303
    next_ = {"form_id": uuid.uuid4().hex, "when": "1", "reason": "Pay", "whose": rosa.handle}
    plan(rosa, anna, form_id=next_["form_id"])
    other = noted(rosa, f"{rosa.site}/contacts/{uuid.UUID(carl)}")
    bill.sends(f"{anna}/forgetting")
    for again in (
        note(rosa, **talk),
        note(rosa, **talk, contact_id=carl),
        rosa.sends(f"{other}/next", **next_),
    ):
        assert (again.status_code, "was forgotten since" in read(again).words) == (410, True)


def test_a_form_sent_again_makes_nobody_anew_who_is_gone_for_good(rosa, bill, clock):  # noqa: F811
    """By name: whoever it was with had another id than the form, and then there was nobody of that name."""
    anna, carl = add(rosa, "Anna Berg"), uuid.UUID(add(rosa, "Carl")[-36:]).hex
    talk = {"form_id": uuid.uuid4().hex, "name": "Anna Berg", "note": "Words"}
    assert note(rosa, **talk).status_code == 303
    next_ = {"form_id": uuid.uuid4().hex, "when": "1", "reason": "Pay", "whose": rosa.handle}
    plan(rosa, anna, form_id=next_["form_id"])
    other = noted(rosa, f"{rosa.site}/contacts/{uuid.UUID(carl)}")
    bill.sends(f"{anna}/forgetting")
    clock.set("2026-11-30T12:00+00:00")
    rosa.opens(rosa.site)
    assert "Nobody is waiting now." in rosa.reads(f"{rosa.site}/contacts/forgetting").words
    for again in (note(rosa, **talk), note(rosa, **talk, contact_id=carl), rosa.sends(f"{other}/next", **next_)):
        assert (again.status_code, "was forgotten since" in read(again).words) == (410, True)
    assert people(rosa) == ["Carl"]
    talk["form_id"] = uuid.uuid4().hex
    assert note(rosa, **talk).status_code == 303, "a form of today is about somebody new"


def test_the_pages_are_sound(rosa, bill):
    anna = add(rosa, "Anna Berg")
    pages = {"before": rosa.opens(f"{anna}/forgetting")}
    rosa.sends(f"{anna}/forgetting", asked="yes")
    pages |= {
        "list": rosa.opens(f"{rosa.site}/contacts/forgetting"),
        "waiting": bill.opens(f"{anna}/forgetting"),
        "wrong": bill.sends(f"{anna}/forgetting/stop"),
        "what was opened": bill.opens(f"{bill.site}/reading"),
    }
    pages = {name: Page(answer.text) for name, answer in pages.items()}
    test_pages.test_every_page_has_one_heading_a_title_and_a_language(pages)
    test_pages.test_no_two_things_on_a_page_share_an_id(pages)
    test_pages.test_every_field_has_its_label_and_what_describes_it_is_there(pages)
    test_pages.test_links_within_a_page_lead_somewhere(pages)
    test_pages.test_no_form_leaves_its_words_in_the_browser(pages)
