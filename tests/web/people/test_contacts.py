"""Workmates are added, found, changed by two at once, put together, sent away, and forgotten."""

from __future__ import annotations

import contextlib
import datetime
import html
import re
import sqlite3
import uuid

import pytest
from sqlalchemy import orm

from bulletin.db import Session, db, now, today
from bulletin.domain.actions import turnouts
from bulletin.domain.actions.actions import Action
from bulletin.domain.people.contacts import Contact
from bulletin.domain.site.events import Deed, Event
from bulletin.web.people import contact_status, contacts, conversations
from tests.homes import ON_SQLITE
from tests.web import test_pages, writing
from tests.web.clock import clock  # noqa: F401
from tests.web.conftest import Page
from tests.web.house import SITE, Person, errors, founding_code, read
from tests.web.workmates import add, crowd, every_page, facts, in_the_site, listed, note, noted, plan
from tests.web.writing import cast, one_house, settled  # noqa: F401

pytestmark = ON_SQLITE
WORDS = "Zanzibarine"  # in no address


@pytest.fixture
def rosa(cast) -> Person:  # noqa: F811
    return cast["rosa"]


@pytest.fixture
def bill(cast) -> Person:  # noqa: F811
    return cast["bill"]


@pytest.fixture
def dave(cast, rosa) -> Person:  # noqa: F811
    """Somebody at another site."""
    dave = cast["stranger"]
    mill = {**SITE, "site_name": "The Mill"}
    answer = dave.becomes("/foundings/further", "Dave", code=founding_code(rosa, cast["bill"]), **mill)
    assert answer.status_code == 303, read(answer).words
    return dave


def people(person: Person) -> list[str]:
    return listed(person.opens(f"{person.site}/contacts"))


def found(person: Person, **fields: str) -> list[str]:
    return listed(person.sends(f"{person.site}/contacts/search", **fields))


def unit(person: Person, kind: str, name: str) -> str:
    """A department or a shift; its hex id."""
    assert person.sends(f"{person.site}/map/{kind}s", form_id=uuid.uuid4().hex, **{kind: name}).status_code == 303
    return re.findall(rf'<option value="(\w+)">{name}<', person.opens(f"{person.site}/contacts/new").text)[0]


def rows(person: Person) -> dict[str, int]:
    """How many rows there are in each table that is about people, looked at from outside."""
    address = person.app.config["SQLALCHEMY_DATABASE_URI"]
    with contextlib.closing(sqlite3.connect(address.database)) as connection:
        return {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            for table in ("contact", "conversation", "follow_up", "turnout")
        }


# The list


def test_an_empty_list_says_what_to_do_first(rosa):
    page = rosa.reads(f"{rosa.site}/contacts")
    assert "Nobody is in the list yet" in page.words
    assert f"{rosa.site}/contacts/new" in page.links
    assert f"{rosa.site}/imports/new" in page.links


def test_a_name_is_enough_and_the_list_is_by_name(rosa, bill):
    for name in ("Zoë", "ádám", "Bea"):
        add(rosa, name)
    assert people(bill) == ["ádám", "Bea", "Zoë"]


def test_fifty_stand_on_a_page(rosa):
    in_the_site(rosa, crowd, f"/{uuid.uuid4()}")
    assert len(people(rosa)) == 50
    assert listed(rosa.opens(f"{rosa.site}/contacts?page=2")) == ["Person 50", "Person 51"]
    assert listed(rosa.opens(f"{rosa.site}/contacts?page=99")) == ["Person 50", "Person 51"]
    assert found(rosa, words="person", page="2") == ["Person 50", "Person 51"]
    assert len(found(rosa, words="person")) == 50


def test_every_word_typed_begins_a_word_of_a_name_a_nickname_or_what_they_do(rosa):
    add(rosa, "Álvaro Núñez", nickname="Speedy", title="Van driver")
    add(rosa, "Anna Berg")
    assert found(rosa, words="nun alv") == ["Álvaro Núñez"]
    assert found(rosa, words="SPEED") == ["Álvaro Núñez"]
    assert found(rosa, words="driv") == ["Álvaro Núñez"]
    assert found(rosa, words="a") == ["Álvaro Núñez", "Anna Berg"]
    assert found(rosa, words="varo") == []


def test_the_list_is_narrowed_by_place_and_stand(rosa):
    packing, night = unit(rosa, "department", "Packing"), unit(rosa, "shift", "Nights")
    anna = add(rosa, "Anna", department=packing, shift=night)
    add(rosa, "Bea", department=packing)
    add(rosa, "Carl")
    noted(rosa, anna, stand="2")
    assert found(rosa, department=packing) == ["Anna", "Bea"]
    assert found(rosa, department=packing, shift=night) == ["Anna"]
    assert found(rosa, department="-") == ["Carl"]
    assert found(rosa, stand="2") == ["Anna"]
    assert found(rosa, stand="0") == ["Bea", "Carl"]
    assert found(rosa, stand="nonsense", department="nonsense") == ["Anna", "Bea", "Carl"]
    text = rosa.opens(f"{rosa.site}/contacts").text
    assert "Nights, Packing" in text
    assert "with us" in text


def test_what_is_looked_for_stands_in_the_form_again_and_in_no_address(rosa):
    add(rosa, WORDS)
    answer = rosa.sends(f"{rosa.site}/contacts/search", words=WORDS, gone="y")
    page = Page(answer.text)
    assert [one["value"] for one in page.all("input") if one.get("id") == "words"] == [WORDS]
    addresses = [str(one.get(name)) for one in page.all("a", "form", "script", "link") for name in ("href", "action")]
    assert not [one for one in addresses if WORDS in one]
    assert "?" not in "".join(one for one in addresses if "contacts" in one)


def test_a_script_gets_no_more_than_the_list_or_a_few_names(rosa):
    for number in range(9):
        add(rosa, f"Anna <{number}>")
    part = rosa.sends(f"{rosa.site}/contacts/search", words="an", part="found").text
    assert part.lstrip().startswith("<div")
    assert 'data-count="9 people"' in part
    assert "<html" not in part
    names = rosa.sends(f"{rosa.site}/contacts/search", words="an", part="names").text
    assert names.count("<button") == 5
    assert "Anna &lt;0&gt;" in names
    assert rosa.sends(f"{rosa.site}/contacts/search", words=" ", part="names").text.strip() == ""


# Somebody new


def test_all_that_may_be_said_of_somebody_is_kept(rosa, bill):
    more = {"nickname": "Bo", "title": "Picker", "languages": "Polish", "known_by": "Clara", "reach": "Signal"}
    path = add(rosa, "Bogdan", phone="07700 900123", notes="Two children.\r\nMondays", consent="knows", **more)
    text = facts(bill, path)
    for said in (*more.values(), "07700 900123", "Two children.\nMondays", f"yes, {today():%a} {today().day}"):
        assert said in text
    page = bill.opens(path).text
    assert 'href="tel:+447700900123"' in page
    assert "Bogdan" not in re.search(r"<title>.*?</title>", page)[0]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"phone": "twelve"}, "phone"),
        ({"phone": "12"}, "phone"),
        ({"phone": "020 7946 0018 ext 5"}, "phone"),
        ({"title": "x" * 121}, "title"),
        ({"notes": "x" * 4_001}, "notes"),
        ({"phone": "0770O 900123"}, "phone"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_all_typed_is_kept(rosa, fields, field):
    typed = {"name": "Bea", "notes": "Some notes", "phone": "07700 900123", "title": "Picker", **fields}
    answer = rosa.sends(f"{rosa.site}/contacts", **typed)
    assert answer.status_code == 422
    assert writing.beside(answer, field)
    assert "<title>Error: " in answer.text
    text = html.unescape(answer.text)
    assert not [said for said in typed.values() if said.strip() and said not in text]
    assert people(rosa) == []


def test_a_form_that_is_sent_twice_makes_one(rosa):
    fields = {"form_id": uuid.uuid4().hex, "name": "Bea"}
    first, second = (rosa.sends(f"{rosa.site}/contacts", **fields) for _ in range(2))
    assert first.location == second.location
    assert people(rosa) == ["Bea"]


def test_who_may_be_in_the_list_already_is_asked_about_first(rosa):
    known = add(rosa, "Anna Berg", phone="07700 900123")
    typed = {"name": "Ana Berg", "notes": "New here", "form_id": uuid.uuid4().hex}
    answer = rosa.sends(f"{rosa.site}/contacts", **typed)
    assert answer.status_code == 200
    assert "Is it one of these?" in answer.text
    assert listed(answer) == ["Anna Berg"]
    assert "New here" in answer.text
    assert people(rosa) == ["Anna Berg"]
    made = rosa.sends(f"{rosa.site}/contacts", **typed, other="yes").location
    assert f'href="{known}"' in rosa.opens(made).text  # may be the same
    by_number = rosa.sends(f"{rosa.site}/contacts", name="Somebody", phone="+44 7700 900123")
    assert listed(by_number) == ["Anna Berg"]


def test_different_people_are_told_apart(rosa):
    add(rosa, "Anna Berg")
    other = add(rosa, "Anna")
    assert "May be the same as" in rosa.opens(other).text
    assert rosa.sends(f"{other}/distinction").status_code == 303
    assert "May be the same as" not in rosa.opens(other).text


# Changed


def form_of(person: Person, contact: str) -> dict[str, str]:
    """What their form holds."""
    return {**person.reads(f"{contact}/edit").hidden, "name": "Anna"}


def test_what_two_people_change_at_once_is_not_lost(rosa, bill):
    anna = add(rosa, "Anna")
    before = form_of(rosa, anna)
    assert bill.sends(anna, **{**before, "notes": "Bill’s words"}).status_code == 303
    answer = rosa.sends(anna, **{**before, "notes": "Rosa’s words", "title": "Picker"})
    assert answer.status_code == 409
    assert "Bill’s words" in errors(answer)
    assert "Rosa’s words" in Page(answer.text).typed("notes")
    assert "Bill’s words" in facts(rosa, anna)
    again = {**read(answer).hidden, "name": "Anna", "notes": "Bill’s words, Rosa’s words"}
    assert rosa.sends(anna, **again).status_code == 303
    assert "Bill’s words, Rosa’s words" in facts(bill, anna)


def test_a_talk_noted_meanwhile_does_not_keep_anybody_from_saving(rosa, bill):
    anna = add(rosa, "Anna")
    before = form_of(rosa, anna)
    noted(bill, anna, stand="1")
    assert rosa.sends(anna, **{**before, "title": "Picker"}).status_code == 303
    page = rosa.opens(anna).text
    assert "Picker" in page
    assert "organises others" in page


def test_a_wrong_number_in_a_change_is_said_and_kept(rosa):
    anna = add(rosa, "Anna")
    answer = rosa.sends(anna, **{**form_of(rosa, anna), "phone": "twelve"})
    assert answer.status_code == 422
    assert writing.beside(answer, "phone")
    assert 'value="twelve"' in answer.text


# Here, gone, untouched


def test_who_left_is_out_of_the_list_until_they_are_here_again(rosa):
    anna = add(rosa, "Anna")
    rosa.sends(f"{anna}/departure", why="moved")
    assert people(rosa) == []
    assert found(rosa, gone="y") == ["Anna"]
    assert "Moved elsewhere" in rosa.opens(anna).text
    rosa.sends(f"{anna}/return")
    assert people(rosa) == ["Anna"]


def test_what_they_took_part_in_stands_on_their_page(rosa):
    anna = add(rosa, "Anna")
    in_the_site(rosa, _took_part, anna)
    page = rosa.reads(anna).words
    assert "Leaflets at Gate B" in page
    assert "came" in page
    assert "Leaflets at Gate B" in facts(rosa, anna)


def test_who_is_to_be_removed_as_untouched_can_be_kept(rosa):
    anna = add(rosa, "Anna")
    in_the_site(rosa, _announce, anna)
    assert "will be removed on" in rosa.opens(anna).text
    assert rosa.sends(f"{anna}/keeping").location == anna
    assert "will be removed on" not in rosa.opens(anna).text


# Put together


def test_two_who_are_one_are_put_together_with_both_histories(rosa, bill):
    anna, twin = add(rosa, "Anna Berg"), add(rosa, "Annie", nickname="Anna Berg", phone="07700 900123")
    noted(rosa, anna, note="Said in spring")
    noted(bill, twin, note="Said in autumn", stand="2")
    plan(bill, twin, "To bring the form")
    offered = rosa.opens(f"{anna}/merging").text
    twin_hex = uuid.UUID(twin.rpartition("/")[2]).hex
    assert f'value="{twin_hex}"' in offered
    for _ in range(2):  # sent twice, once
        assert rosa.sends(f"{anna}/merging", other=twin_hex).location == anna
    page = rosa.reads(anna).words
    for said in ("Said in spring", "Said in autumn", "To bring the form", "Annie", "with us", "07700 900123"):
        assert said in page
    assert people(rosa) == ["Anna Berg"]
    assert rosa.opens(twin).location == anna  # who has the old address comes to the right page


def test_the_other_one_is_looked_for_by_name(rosa):
    anna, other = add(rosa, "Anna"), add(rosa, "Completely Other")
    assert "Completely Other" not in rosa.opens(f"{anna}/merging").text
    answer = rosa.sends(f"{anna}/merging", name="Other")
    assert answer.status_code == 200
    assert uuid.UUID(other.rpartition("/")[2]).hex in answer.text
    for fields in (
        {},
        {"name": "Nobody here"},
        {"other": "nonsense"},
        {"other": uuid.UUID(anna.rpartition("/")[2]).hex},
    ):
        wrong = rosa.sends(f"{anna}/merging", **fields)
        assert wrong.status_code == 422
        assert writing.beside(wrong, "name")
    assert people(rosa) == ["Anna", "Completely Other"]


# Forgotten


def test_who_is_forgotten_leaves_no_row_and_no_name(rosa, bill, clock):  # noqa: F811
    before = rows(rosa)
    anna, twin = add(rosa, "Anna Berg"), add(rosa, "Annie")
    talk = noted(bill, anna, note="Said in spring")
    bill.sends(talk, note="Said in autumn")
    plan(bill, twin)
    in_the_site(rosa, _took_part, anna)
    rosa.sends(f"{anna}/merging", other=uuid.UUID(twin.rpartition("/")[2]).hex)
    add(rosa, "Anna")
    page = rosa.reads(f"{anna}/forgetting").words
    assert "gone for good" in page
    assert "backup" in page
    assert rosa.sends(f"{anna}/forgetting").status_code == 303
    clock.set("2026-11-29T12:00+00:00")
    rosa.opens(rosa.site)
    assert rows(rosa) == {**before, "contact": before["contact"] + 1}
    assert [rosa.opens(path).status_code for path in (anna, twin, f"{anna}/everything")] == [404] * 3
    assert "Somebody was forgotten. Asked by Rosa." in rosa.reads(f"{rosa.site}/events").words
    in_the_site(rosa, _tells_of_nobody, anna)
    assert people(rosa) == ["Anna"]


# Everything


def test_everything_we_hold_is_on_one_page_and_in_a_file_whose_name_says_nothing(rosa, bill):
    anna = add(rosa, "Anna Berg", notes="Some notes")
    talk = noted(rosa, anna, note="The first words", stand="3")
    bill.sends(talk, note="The second words", stand="2")
    rosa.sends(f"{noted(bill, anna, note='Not true')}/withdrawal")
    plan(bill, anna, "To bring the form")
    answer = rosa.sends(f"{anna}/everything")
    assert answer.headers["Content-Disposition"] == "attachment; filename=everything.txt"
    assert answer.headers["Cache-Control"] == "no-store"
    page = rosa.reads(f"{anna}/everything").words
    for text in (answer.text, page):
        for said in ("Anna Berg", "Some notes", "The first words", "The second words", "To bring the form", "Bill"):
            assert said in text
        assert "undecided" in text
        assert "Withdrawn" in text
        assert "Not true" not in text


# Elsewhere


def test_a_contact_at_another_site_looks_absent(rosa, dave):
    anna = add(rosa, "Anna")
    number = anna.rpartition("/")[2]
    theirs = f"{dave.site}/contacts/{number}"
    for path in ("", "/edit", "/merging", "/forgetting", "/everything"):
        assert dave.opens(theirs + path).status_code == 404
        assert dave.opens(anna + path).status_code == 404
    deeds = ("", "/departure", "/return", "/keeping", "/distinction", "/merging", "/forgetting", "/everything")
    for path in deeds:
        assert dave.sends(theirs + path, name="Anna").status_code == 404
    own = add(dave, "Dora")
    answer = dave.sends(f"{own}/merging", other=uuid.UUID(number).hex)
    assert answer.status_code == 422
    assert dave.opens(f"{dave.site}/conversations/new?contact_id={number}").status_code == 404
    assert note(dave, anna, name="").status_code == 422
    assert people(dave) == ["Dora"]
    assert people(rosa) == ["Anna"]


def test_no_page_grows_with_the_list(rosa):
    anna = add(rosa, "Anna")
    in_the_site(rosa, _many, anna)
    site = rosa.site
    pages = [rosa.opens(f"{site}/contacts"), rosa.opens(f"{site}/conversations/new"), rosa.opens(f"{anna}/merging")]
    pages += [rosa.sends(f"{site}/contacts", name="Anna"), note(rosa, name="Anna 1 Anna 2")]
    assert [len(page.data) for page in pages if len(page.data) > 60_000] == []


# What no page does, straight in the domain.


def _tells_of_nobody(site_id: uuid.UUID, _contact_id: uuid.UUID) -> None:
    assert [(one.by, one.whom) for one in Event.at(site_id) if one.deed is Deed.FORGOTTEN] == [("Rosa", "")]


def _took_part(site_id: uuid.UUID, contact_id: uuid.UUID) -> None:
    start = now() - datetime.timedelta(hours=5)
    action = Action.propose(site_id, start, start + datetime.timedelta(hours=1), by="Rosa", title="Leaflets at Gate B")
    db.session.flush()
    turnouts.note(action, [Contact.of(site_id, contact_id)], by="Rosa", committed=True, came=True)


def _announce(site_id: uuid.UUID, contact_id: uuid.UUID) -> None:
    contact = Contact.of(site_id, contact_id)
    contact.touched_on, contact.announced_on = today() - datetime.timedelta(days=370), today()


def _many(site_id: uuid.UUID, _contact_id: uuid.UUID) -> None:
    for number in range(300):
        Contact.add(site_id, f"Anna {number} {'x' * 60}", by="Rosa", title="y" * 60, nickname="z" * 60)


def test_every_page_is_sound(rosa, bill):
    answers = every_page(rosa, bill)
    assert [name for name, answer in answers.items() if answer.status_code not in (200, 409, 422)] == []
    pages = {name: Page(answer.text) for name, answer in answers.items()}
    test_pages.test_every_page_has_one_heading_a_title_and_a_language(pages)
    test_pages.test_no_two_things_on_a_page_share_an_id(pages)
    test_pages.test_every_field_has_its_label_and_what_describes_it_is_there(pages)
    test_pages.test_links_within_a_page_lead_somewhere(pages)
    test_pages.test_a_page_has_one_primary_button_at_most(pages)
    test_pages.test_no_form_leaves_its_words_in_the_browser(pages)


def test_who_was_forgotten_does_not_come_back_by_a_form_sent_again(rosa):
    form, talk = uuid.uuid4().hex, uuid.uuid4().hex
    made = {"form_id": form, "name": "Anna Berg"}
    anna = rosa.sends(f"{rosa.site}/contacts", **made).location
    note(rosa, name="Zed Newman", form_id=talk)
    zed = f"{rosa.site}/contacts/{uuid.UUID(talk)}"
    for path in (anna, zed):
        assert rosa.sends(f"{path}/forgetting").status_code == 303
    for answer in (rosa.sends(f"{rosa.site}/contacts", **made), note(rosa, name="Zed Newman", form_id=talk)):
        assert answer.status_code == 410
        assert "was forgotten since" in read(answer).words
        assert "Anna" not in answer.text
    assert people(rosa) == []
    assert rosa.opens(anna).status_code == rosa.opens(zed).status_code == 404
    add(rosa, "Anna Berg")
    assert people(rosa) == ["Anna Berg"]


@pytest.mark.parametrize("deed", ["/departure", "/return", "/keeping", "/distinction", "/merging", ""])
def test_who_is_forgotten_right_after_is_no_fault_of_ours(rosa, bill, monkeypatch, deed):
    anna, twin = add(rosa, "Anna"), add(rosa, "Twin")
    commit, touch, touched, done = Session.commit, Contact.touch, [], []

    def touching(contact):
        touch(contact)
        touched.append(True)

    def quick(session):
        commit(session)
        if touched and not done:
            done.append(True)
            assert bill.sends(f"{anna}/forgetting").status_code == 303

    hidden = rosa.reads(f"{anna}/edit").hidden
    fields = {"other": uuid.UUID(twin.rpartition("/")[2]).hex} if deed == "/merging" else {**hidden, "name": "Anne"}
    monkeypatch.setattr(Contact, "touch", touching)
    monkeypatch.setattr(Session, "commit", quick)
    answer = rosa.sends(f"{anna}{deed}", **fields)
    assert done
    assert (answer.status_code, answer.location) == (303, anna)
    assert rosa.opens(anna).status_code == 404


def test_who_may_be_the_same_is_looked_for_while_others_can_write(rosa, monkeypatch):
    amina = add(rosa, "Amina")
    modes = []

    def looked(*_args, **_more):
        modes.append(orm.Session.connection(db.session()).get_execution_options().get("read_only"))
        return []

    for module in (contacts, contact_status, conversations):
        monkeypatch.setattr(module, "looking_like", looked)
    rosa.opens(f"{amina}/merging")
    rosa.sends(f"{amina}/merging", name="Bea")
    rosa.sends(f"{rosa.site}/contacts", name="Bea")
    note(rosa, name="Zed")
    assert modes == [True] * 4
