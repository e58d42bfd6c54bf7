"""Rosa brings in workmates from her phone: she ticks whom she wants, and of nobody else anything stays."""

from __future__ import annotations

import base64
import html
import json
import logging
import pathlib
import re
import tempfile
import time
import uuid

import pytest
from sqlalchemy import orm
from werkzeug.datastructures import MultiDict

from bulletin.config import BODY_MAX
from bulletin.db import db
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.people.imports import records
from bulletin.domain.people.units import Department, Shift
from bulletin.web.guard import bodies, one_at_a_time
from bulletin.web.people.imports import report as import_report
from bulletin.web.people.imports.pages import TEXT_MAX
from tests.homes import ON_SQLITE
from tests.web import writing
from tests.web.clock import clock  # noqa: F401
from tests.web.house import Person, errors, read
from tests.web.notebook import inside
from tests.web.test_canaries import files_in, ways_to_write
from tests.web.writing import cast, one_house, settled  # noqa: F401

pytestmark = ON_SQLITE


@pytest.fixture
def rosa(cast) -> Person:  # noqa: F811
    return cast["rosa"]


@pytest.fixture
def bill(cast) -> Person:  # noqa: F811
    return cast["bill"]


def cards(*names: str, more: str = "") -> bytes:
    told = "".join(
        f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nTEL:07700 9{n:05}\nEND:VCARD\n" for n, name in enumerate(names)
    )
    return (told + more).encode()


def shows(person: Person, content: bytes, name: str = "contacts.vcf", **fields: str):
    """The answer to a file."""
    return writing.with_file(person, f"{person.site}/imports/readings", content, name, **fields)


def ticks(person: Person, answer, *names: str, **fields: str):
    """Tick these names on the page with the list, and keep them."""
    boxes = {
        html.unescape(name): box
        for box, name in re.findall(r'value="(\d+)"[^>]*><label[^>]*><span[^>]*>(.*?)<', answer.text)
    }
    sent = MultiDict({**read(answer).hidden, **fields})
    sent.setlist("take", [boxes[name] for name in names])
    headers = {"Sec-Fetch-Site": "same-origin"}
    return person.client.post(f"{person.site}/imports", data=sent, headers=headers, base_url=person.base)


def known(person: Person) -> dict[str, dict]:
    with inside(person) as place:
        return {one.name: {**vars(one.brief), **vars(one.details)} for one in Contact.at(place.site_id)}


def test_nothing_is_ticked_and_only_who_is_ticked_is_kept(rosa, bill):
    answer = shows(rosa, cards("Amina Dale", "Mum", "Dr Hale"))
    assert answer.status_code == 200
    assert answer.text.count('type="checkbox"') == 3
    assert " checked" not in answer.text
    assert known(rosa) == {}
    answer = ticks(rosa, answer, "Amina Dale")
    assert answer.status_code == 303
    shown = bill.reads(answer.location)
    assert "1 person is in the notebook" in shown.words
    assert list(known(rosa)) == ["Amina Dale"]
    amina = known(rosa)["Amina Dale"]
    assert (amina["phone"], amina["came_from"], amina["added_by"]) == ("+447700900000", "cards", "Rosa")
    assert "Rosa took names from a phone or a list: 1." in bill.reads(f"{bill.site}/events").words


def test_who_waits_to_be_forgotten_is_not_counted(rosa):
    taken = ticks(rosa, shows(rosa, cards("Ada Quux", "Ben Zed")), "Ada Quux", "Ben Zed").location
    assert "2 people are in the notebook" in rosa.reads(taken).words
    with inside(rosa) as place:
        (ada,) = (one.id for one in Contact.at(place.site_id) if one.name == "Ada Quux")
    assert rosa.sends(f"{rosa.site}/contacts/{ada}/forgetting").status_code == 303
    assert "1 person is in the notebook" in rosa.reads(taken).words


def test_whom_one_has_already_is_given_the_new_number_and_not_made_twice(rosa):
    with inside(rosa) as place:
        amina = Contact.add(place.site_id, "Amina Dale", by="Rosa", phone="+447700900999", reach="amina@example.org")
        Contact.add(place.site_id, "Bruno Birch", by="Rosa", phone="+447700900001")
        amina = amina.id.hex
    answer = shows(rosa, cards("Amina Dale", "Bruno Birch", "Chidi"))
    said = read(answer).words
    assert "It is Amina Dale: give them the number" in said
    assert "07700 900999 stays among the other ways to reach them." in said
    assert "It is Bruno Birch" not in said, "the number is his already"
    taken = ticks(rosa, answer, "Chidi", same=f"0 {amina}")
    assert taken.status_code == 303
    people = known(rosa)
    assert sorted(people) == ["Amina Dale", "Bruno Birch", "Chidi"]
    assert people["Amina Dale"]["phone"] == "+447700900000"
    assert people["Amina Dale"]["reach"] == "amina@example.org, +447700900999"
    shown = read(rosa.opens(taken.location)).words
    assert "1 person is in the notebook" in shown
    assert "1 person who was there has a new number." in shown
    rosa.sends(f"{taken.location}/undoing")
    assert sorted(known(rosa)) == ["Amina Dale", "Bruno Birch"]
    alone = shows(rosa, cards("Amina Dale", more="BEGIN:VCARD\nFN:Amina Dale\nTEL:07700 900998\nEND:VCARD\n"))
    taken = ticks(rosa, alone, same=f"1 {amina}")
    assert "1 person has a new number" in read(rosa.opens(taken.location)).words
    assert known(rosa)["Amina Dale"]["reach"] == "amina@example.org, +447700900999, +447700900000"


@pytest.mark.parametrize("same", ["0", "9 " + "0" * 32, "0 " + "0" * 32, "x y", "0 " + "0" * 33])
def test_a_number_is_given_to_nobody_who_is_not_there(rosa, same):
    answer = ticks(rosa, shows(rosa, cards("Amina")), "Amina", same=same)
    assert answer.status_code in (303, 422)
    assert list(known(rosa)) in ([], ["Amina"])


def test_a_number_that_cannot_be_dialled_is_named(rosa):
    list_of = "Name;Phone\nAnna;07700 900123\nBill;0770O 900456\n"
    said = " ".join(read(shows(rosa, list_of.encode(), "names.csv")).words.split())
    assert "Row 3, Bill: “0770O 900456” cannot be dialled as it stands." in said


def test_whom_one_may_have_already_is_marked(rosa):
    with inside(rosa) as place:
        there = Contact.add(place.site_id, "Amina <Dale>", by="Rosa").id
    answer = shows(rosa, cards("Amina Dale", "Mum"))
    assert read(answer).words.count("You may have them already: Amina <Dale>") == 1
    assert ticks(rosa, answer, "Amina Dale", "Mum").status_code == 303
    people = known(rosa)
    assert (people["Amina Dale"]["maybe"], people["Mum"]["maybe"]) == (there.hex, "")


def test_all_may_be_given_a_department_and_a_shift(rosa):
    with inside(rosa) as place:
        packing, nights = Department.add(place.site_id, "Packing"), Shift.add(place.site_id, "Nights")
        ids = packing.id.hex, nights.id.hex
    for n, (department, shift, kept) in enumerate(((*ids, ids), ("nonsense", uuid.uuid4().hex, ("", "")))):
        name = f"Amina {n}{n}{n}{n}"
        answer = ticks(rosa, shows(rosa, cards(name)), name, department=department, shift=shift)
        assert answer.status_code == 303
        assert (known(rosa)[name]["department"], known(rosa)[name]["shift"]) == kept


def test_sent_twice_it_is_done_once(rosa):
    answer = shows(rosa, cards("Amina Dale"))
    first, again = ticks(rosa, answer, "Amina Dale"), ticks(rosa, answer, "Amina Dale")
    assert first.location == again.location
    assert len(known(rosa)) == 1
    assert rosa.reads(f"{rosa.site}/events").words.count("took names from a phone") == 1


def test_sent_again_days_later_it_makes_nobody_twice_and_nobody_anew(rosa, clock):  # noqa: F811
    answer = shows(rosa, cards("Amina Dale", "Ben Zed"))
    taken = ticks(rosa, answer, "Amina Dale", "Ben Zed").location
    with inside(rosa) as place:
        (ben,) = (one.id for one in Contact.at(place.site_id) if one.name == "Ben Zed")
    assert rosa.sends(f"{rosa.site}/contacts/{ben}/forgetting").status_code == 303
    for day in ("2026-11-24", "2026-11-30"):
        clock.set(f"{day}T12:00+00:00")
        again = ticks(rosa, answer, "Amina Dale", "Ben Zed")
        assert (again.status_code, "choose the file again" in read(again).words) == (410, True), day
        assert rosa.opens(taken).status_code == 404
        assert [*known(rosa)] == ["Amina Dale"], day


def test_what_is_left_out_is_said_in_sentences(rosa):
    more = "BEGIN:VCARD\nTEL:1\nEND:VCARD\n" * 2 + "BEGIN:VCARD\nFN:Amina\nPHOTO:x\n"
    told = read(shows(rosa, cards("Bruno", more=more))).words
    for sentence in (
        "Cards 2–3: no name in it, so it is left out.",
        "Card 4: broken off.",
        "1 picture is dropped.",
    ):
        assert sentence in told
    assert "2 people can be read." in told


def test_ticking_nobody_is_said_and_all_is_still_there(rosa):
    answer = ticks(rosa, shows(rosa, cards("Amina Dale", "Mum")))
    assert answer.status_code == 422
    assert "Tick who is to be kept." in errors(answer)
    assert "Error: " in answer.text
    assert ticks(rosa, answer, "Mum").status_code == 303
    assert list(known(rosa)) == ["Mum"]


def test_too_many_is_said_with_the_ticks_still_there(rosa, monkeypatch):
    monkeypatch.setattr(records, "CONTACTS_MAX", 1)
    answer = ticks(rosa, shows(rosa, cards("Amina Dale", "Mum", "Bruno")), "Amina Dale", "Bruno")
    assert answer.status_code == 422
    assert "There is room for 1 more" in errors(answer)
    assert answer.text.count(" checked") == 2
    assert known(rosa) == {}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Choose the file your phone made"),
        (b"PK\x03\x04", "This is a spreadsheet"),
        (b"\xff\xd8\xff", "This is a picture"),
        (b"%PDF", "This is a PDF"),
        (b"BEGIN:VCARD\nTEL:1\nEND:VCARD\n", "Nobody can be read from this file. Card 1: no name in it"),
        (b"Name,Phone\n", "Nobody can be read"),
    ],
)
def test_a_file_that_is_none_gets_a_sentence(rosa, content, sentence):
    answer = shows(rosa, content)
    assert answer.status_code == 422
    assert sentence in errors(answer)


def test_without_any_file_too(rosa):
    assert rosa.sends(f"{rosa.site}/imports/readings").status_code == 422


def test_a_file_that_is_too_big_gets_a_sentence(rosa):
    for length in (10 * 1024 * 1024 + 1, bodies.LONGER["imports.read"] + 1):
        answer = shows(rosa, b"a" * length)
        assert answer.status_code in (413, 422)
        assert "less than 10 MB" in errors(answer)


# Lists.

LIST = "Sukunimi;Etunimi;Puhelin\nMüller;Jörg;07700 900999\nMeier;<b>;\n"


def test_columns_nobody_knows_are_asked_for(rosa):
    page = shows(rosa, LIST.encode("cp1252"), "list.csv")
    assert page.status_code == 200
    assert "Which column is which?" in page.text
    assert "Etunimi · Jörg · &lt;b&gt;" in page.text
    fields = {**read(page).hidden, "column-0": "family", "column-1": "given", "column-2": "phones"}
    answer = rosa.sends(f"{rosa.site}/imports/readings", **fields)
    assert "Jörg Müller" in read(answer).words
    assert ticks(rosa, answer, "Jörg Müller").status_code == 303
    found = known(rosa)["Jörg Müller"]
    assert (found["phone"], found["came_from"]) == ("+447700900999", "list")
    answer = rosa.sends(f"{rosa.site}/imports/readings", **fields, headed="no")
    assert "Etunimi Sukunimi" in read(answer).words


def test_without_a_column_for_the_name_it_asks_again(rosa):
    page = shows(rosa, LIST.encode(), "list.csv")
    answer = rosa.sends(f"{rosa.site}/imports/readings", **read(page).hidden, **{"column-2": "phones"})
    assert answer.status_code == 422
    assert "Say which column has the name." in errors(answer)
    assert '<option value="phones" selected' in answer.text
    assert base64.b64decode(read(answer).hidden["list"]).decode() == LIST
    for broken in ({"list": "", "column-0": "x"}, {"list": "", "column-0": "name"}, {"list": "?", "column-0": "name"}):
        assert rosa.sends(f"{rosa.site}/imports/readings", said="yes", **broken).status_code == 422


def test_somebody_may_say_it_of_any_list(rosa):
    text = b"Name,Phone,Shoes\nAmina,07700 900123,43\n"
    assert "Columns that are not read: Shoes." in shows(rosa, text, "list.csv").text
    assert "Which column is which?" in shows(rosa, text, "list.csv", by_hand="yes").text
    assert "Who is to be kept?" in shows(rosa, cards("Amina"), by_hand="yes").text


def test_a_long_list_may_come_back_with_its_columns(rosa):
    text = "Wer;Wo\n" + "".join(f"Amina {n};{'x' * 900}\n" for n in range(1_000))
    page = shows(rosa, text.encode(), "list.csv")
    assert page.status_code == 200
    assert len(text) > BODY_MAX
    answer = rosa.sends(f"{rosa.site}/imports/readings", **read(page).hidden, **{"column-0": "name"})
    assert "1000 people can be read." in read(answer).words
    answer = shows(rosa, ("Wer;Wo\n" + "a;b\n" * (TEXT_MAX // 4)).encode(), "list.csv")
    assert answer.status_code == 422
    assert "Write into its first row" in errors(answer)


def again(person: Person, page, **said: str):
    """Send the page of a list back to be read anew."""
    return person.sends(f"{person.site}/imports/readings", **{**read(page).hidden, **said})


def test_one_can_always_go_back_and_say_which_column_is_which(rosa):
    page = shows(rosa, b"Name,Phone,Called\nAmina Dale,07700 900123,Mina\n", "list.csv")
    asked = again(rosa, page, by_hand="yes")
    assert "Which column is which?" in asked.text
    assert re.search(r'column-2".*?<option value="nickname" selected', asked.text, re.DOTALL), "as it was read"
    roles = {"column-0": "nickname", "column-1": "", "column-2": "name"}
    page = again(rosa, asked, **roles)
    assert ">Mina</span>" in page.text
    failed = ticks(rosa, page)
    assert failed.status_code == 422
    once_more = again(rosa, failed, by_hand="yes")
    assert re.search(r'column-2".*?<option value="name" selected', once_more.text, re.DOTALL), "as somebody said"


def test_where_nobody_can_be_read_one_says_which_column_is_which(rosa):
    answer = shows(rosa, b"Name,Who is it\n,Amina Dale\n", "list.csv")
    assert answer.status_code == 422
    assert "Nobody can be read from this file. Row 2: nothing in it" in html.unescape(answer.text)
    assert ">Amina Dale</span>" in again(rosa, answer, **{"column-0": "", "column-1": "name"}).text


def test_the_letters_of_an_old_code_are_shown_and_can_be_chosen(rosa):
    page = shows(rosa, "Name;Phone\nИван Петров;07700 900123\n".encode("cp1251"), "list.csv")
    assert ">Èâàí Ïåòðîâ</span>" in page.text
    assert '<option value="cp1252" selected>Western European' in page.text
    page = again(rosa, page, coding="cp1251")
    assert ">Иван Петров</span>" in page.text
    asked = again(rosa, page, coding="cp1251", by_hand="yes")
    assert "Name · Иван Петров" in asked.text
    assert ">Иван Петров</span>" in again(rosa, asked, coding="cp1251", **{"column-0": "name"}).text
    assert ticks(rosa, page, "Иван Петров").status_code == 303
    assert "Do letters look wrong?" not in shows(rosa, "Name\nИван\n".encode(), "list.csv").text


def test_departments_and_shifts_of_a_list_are_its_own_and_come_onto_the_map_where_somebody_says_so(rosa):
    with inside(rosa) as place:
        kitchen = Department.add(place.site_id, "Kitchen")
        late = Shift.add(place.site_id, "Late")
        kitchen, late = kitchen.id.hex, late.id.hex
    text = b"Name,Department,Shift\nAmina,KITCHEN,Night\nBruno,Store,\nChidi,,\n"
    page = shows(rosa, text, "list.csv")
    assert "The list names them: Night, Store." in read(page).words
    assert "KITCHEN · Night" in read(page).words
    assert ticks(rosa, page, "Amina", "Bruno", "Chidi", put_on_map="yes", shift=late).status_code == 303
    people = known(rosa)
    with inside(rosa) as place:
        stores = {one.name: one.id.hex for one in Department.at(place.site_id)}
        shifts = {one.name: one.id.hex for one in Shift.at(place.site_id)}
    assert (stores.keys(), shifts.keys()) == ({"Kitchen", "Store"}, {"Late", "Night"})
    assert [(people[name]["department"], people[name]["shift"]) for name in ("Amina", "Bruno", "Chidi")] == [
        *((kitchen, shifts["Night"]), (stores["Store"], late), ("", late)),
    ]
    page = shows(rosa, b"Name,Department\nDara,Gate\n", "list.csv")
    assert ticks(rosa, page, "Dara").status_code == 303
    assert known(rosa)["Dara"]["department"] == "", "nobody said that it belongs on the map"


def test_two_of_one_name_are_two_people_and_ticked_one_by_one(rosa):
    page = shows(rosa, b"Name\nMaria Garcia\nMaria Garcia\nAna\n", "list.csv")
    assert page.text.count("Somebody else in this list has the same name.") == 2
    sent = MultiDict(read(page).hidden)
    sent.setlist("take", ["0", "1"])
    headers = {"Sec-Fetch-Site": "same-origin"}
    assert rosa.client.post(f"{rosa.site}/imports", data=sent, headers=headers, base_url=rosa.base).status_code == 303
    with inside(rosa) as place:
        assert [one.name for one in Contact.at(place.site_id)] == ["Maria Garcia"] * 2


# What comes back from the page.


@pytest.mark.parametrize(
    "people",
    [
        *("", "{}", "[]", "null", "[" * 50_000, '[["Amina"],[]]', '[["Amina", 7]]', '[[""]]', '[["\\u202eAmina"]]'),
        *('[["' + "x" * 81 + '"]]', '[["Amina","","","","+44"]]', '[["Amina","","","",["\\ud800"]]]', "[1e999]"),
    ],
)
def test_a_page_that_comes_back_broken_is_refused(rosa, people):
    answer = rosa.sends(f"{rosa.site}/imports", people=people, take="0")
    assert answer.status_code == 422
    assert "came back broken" in errors(answer)
    assert known(rosa) == {}


def test_ticks_for_nobody_are_nothing(rosa):
    for take in ("1", "-1", "x", "99999999999", "²"):
        assert rosa.sends(f"{rosa.site}/imports", people='[["Amina"]]', take=take).status_code == 422
    assert known(rosa) == {}


def test_two_thousand_are_a_page_a_phone_can_load_and_send_and_can_be_undone_soon(rosa):
    names = [f"Number {n} Somebody-Okonkwo" for n in range(2_000)]
    begun = time.process_time()
    answer = shows(rosa, cards(*names))
    assert time.process_time() - begun < 8
    assert len(answer.data) < 600_000
    begun = time.process_time()
    taken = ticks(rosa, answer, *names)
    assert taken.status_code == 303
    assert time.process_time() - begun < 8
    assert len(known(rosa)) == 2_000
    begun = time.process_time()
    answer = shows(rosa, cards(*names))
    assert time.process_time() - begun < 8
    assert answer.text.count("You may have them already") == 2_000
    begun = time.process_time()
    assert "2000 people are removed." in read(rosa.sends(f"{taken.location}/undoing")).words
    assert time.process_time() - begun < 5
    assert known(rosa) == {}


def test_five_thousand_come_back_within_the_limit(rosa):
    people = json.dumps([["x" * 60, "", "", "", ["+447700900123"], ["somebody@example.org"]]] * 5_000)
    assert len(people) > BODY_MAX
    assert rosa.sends(f"{rosa.site}/imports", people=people, take="4999").status_code == 303


# Undoing it.


def test_it_can_be_undone_for_a_day(rosa, bill):
    taken = ticks(rosa, shows(rosa, cards("Amina Dale", "Bruno Field", "Mum")), "Amina Dale", "Bruno Field").location
    assert taken in bill.reads(f"{bill.site}/imports/new").links
    with inside(bill) as place:
        amina = next(one for one in Contact.at(place.site_id) if one.name == "Amina Dale")
        Conversation.note(amina, by="Bill", note="Bay 4")
    told = read(bill.sends(bill.reads(taken).action("/undoing"))).words
    assert "1 person is removed." in told
    assert "1 stays, because somebody has talked with them" in told
    assert list(known(rosa)) == ["Amina Dale"]
    assert "Bill undid that, and removed as many: 1." in rosa.reads(f"{rosa.site}/events").words
    assert rosa.opens(taken).status_code == 404
    assert rosa.sends(f"{taken}/undoing").status_code == 404
    assert taken not in rosa.reads(f"{rosa.site}/imports/new").links


def test_after_a_day_it_is_forgotten_who_came_together(rosa, monkeypatch):
    taken = ticks(rosa, shows(rosa, cards("Amina Dale")), "Amina Dale").location
    moment = records.now() + records.UNDONE_FOR
    monkeypatch.setattr(records, "now", lambda: moment)
    assert taken not in rosa.reads(f"{rosa.site}/imports/new").links
    with inside(rosa) as place:
        assert db.session.query(records.Import).filter_by(site_id=place.site_id).count() == 0
    assert rosa.sends(f"{taken}/undoing").status_code == 404
    assert list(known(rosa)) == ["Amina Dale"]


# Nothing of the rest stays anywhere.

WORDS = ("Sorrelcanary", "Yarrowcanary", "Vetchcanary", "Tansycanary")  # ticked; not; in a list; refused


def test_of_a_file_nothing_stays_but_what_was_ticked_and_that_is_sealed(rosa, tmp_path, monkeypatch, caplog, capfd):
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    caplog.set_level(logging.DEBUG)
    ticked, other, listed, refused = WORDS
    content = cards(
        f"{ticked} Dale", f"{other} Mum", more=f"{refused}\nBEGIN:VCARD\n{refused}\nTEL:{refused}\n" * 12_000
    )
    assert len(content) > BODY_MAX
    answer = shows(rosa, content, f"{refused}.vcf")
    assert ticks(rosa, answer).status_code == 422
    assert ticks(rosa, answer, f"{ticked} Dale").status_code == 303
    page = shows(rosa, f"Wer;Wo\n{listed};x\n".encode(), "list.csv")
    rosa.sends(f"{rosa.site}/imports/readings", **read(page).hidden, **{"column-0": "name"})
    rosa.sends(f"{rosa.site}/imports", people=f'["{refused}"]', take=refused)
    shows(rosa, refused.encode() * 20)
    shows(rosa, refused.encode() * 900_000)
    folder = pathlib.Path(rosa.app.config["SQLALCHEMY_DATABASE_URI"].database).parent
    heard = capfd.readouterr()
    places = {
        **files_in(folder, tmp_path),
        "the log": caplog.text.encode(),
        "what was said": (heard.out + heard.err).encode(),
    }
    assert any(place.endswith(".db-wal") and content for place, content in places.items())
    found = {(word, place) for word in WORDS for way in ways_to_write(word) for place in places if way in places[place]}
    assert found == set()
    assert list(known(rosa)) == [f"{ticked} Dale"]


def test_every_reason_has_a_sentence_and_numbers_are_told_briefly(rosa):
    book = import_report.Book("GB", rows=True)
    for number in (1, 2, 3, 5, 8, 9, 11, 13, 15, 17, 19, 21):
        book.leave_out(import_report.Why.NO_NAME, number)
    for why in import_report.Why:
        book.leave_out(why, 30)
    with rosa.app.test_request_context("/"):
        told = import_report.told(book)
    assert len(told) == len(import_report.Why)
    assert any(one.startswith("Rows 1–3, 5, 8–9, 11, 13, 15, 4 more: no name") for one in told)
    assert any(one.startswith("Line 30: ") for one in told)


@pytest.mark.parametrize("path", ["/readings", ""])
def test_one_file_at_a_time_and_whoever_comes_too_many_is_told(rosa, monkeypatch, path):
    monkeypatch.setattr(one_at_a_time.OneAtATime, "KNOWN", 0)
    answer = writing.with_file(rosa, f"{rosa.site}/imports{path}", cards("Amina"), "contacts.vcf")
    assert answer.status_code == 503
    assert known(rosa) == {}


def test_who_may_be_there_already_is_asked_while_others_can_write(rosa, monkeypatch):
    asked = []

    def looked(self, entry):
        only_reads = orm.Session.connection(db.session()).get_execution_options().get("read_only")
        asked.append((entry.name, only_reads))
        return []

    monkeypatch.setattr(records.AlreadyHere, "like", looked)
    ticks(rosa, shows(rosa, cards("Amina")), "Amina")
    assert asked == [("Amina", True), ("Amina", True)], "for the list, and when they are taken in"
    assert set(known(rosa)) == {"Amina"}
