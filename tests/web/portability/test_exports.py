"""Taking everything along: asked, agreed, sealed to words on paper; and brought in at another installation."""

from __future__ import annotations

import io
import pathlib
import re
import shutil
import tempfile
import uuid
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from bulletin import create_app
from bulletin.config import Settings
from bulletin.db import db
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.units import Shift
from bulletin.domain.portability import export as carrying
from bulletin.domain.site import site_keys
from bulletin.domain.site.accounts.members import Member
from bulletin.domain.site.founding import FoundingCode
from bulletin.domain.site.sites import Site
from bulletin.vault import keys, parcels, tenancy, words
from bulletin.web.guard import one_at_a_time
from tests.databases import Database, closing
from tests.full_site import notebook
from tests.homes import Workplace, migrated_file
from tests.web import workmates, writing
from tests.web.conftest import PretendPress
from tests.web.house import SITE, DaysPass, House, Person, days_pass, errors, house, read  # noqa: F401
from tests.web.test_canaries import files_in, tables_of, ways_to_write

CANARY = "Sundewcanary"

# What is said to PostgreSQL here is said to it by the other tests of this file too; on it in `make attack`.
MOSTLY_ON_SQLITE = pytest.mark.parametrize(
    "home", ["sqlite", pytest.param("postgresql", marks=pytest.mark.attack)], indirect=True
)


@pytest.fixture
def rosa(house: House) -> Person:  # noqa: F811
    house.app.extensions["press"] = PretendPress()
    return house.rosa()


@pytest.fixture
def other(
    home: Database, tmp_path: pathlib.Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[House]:
    """Another installation, on a database of the same kind."""
    there = tmp_path / "there"
    there.mkdir()
    if home.kind == "sqlite":
        shutil.copy(migrated_file(tmp_path_factory), there / "other.db")
        database = Database("sqlite", f"sqlite:///{there}/other.db")
    else:
        server = request.getfixturevalue("postgresql")
        database = server.new(template=Workplace.on(server, tmp_path).template)
    app = create_app(Settings(database_url=database.url, instance=str(there)))
    with app.app_context():
        code = FoundingCode.print_anew()
        db.session.commit()
    app.extensions["press"] = PretendPress()
    with closing(app):
        house = House(app, code or "")
        house.home = database  # type: ignore[attr-defined]
        yield house


def asks(person: Person) -> str:
    """Asks everybody; the path of what can be taken once they have said yes, which who is alone has."""
    answer = person.vouches(f"{person.site}/exports")
    assert answer.status_code == 303, errors(answer)
    return f"{person.site}/exports"


def shown(person: Person, export: str) -> tuple[str, str]:
    """The words of the file as they are shown, and what goes on to the next page."""
    page = read(person.sends(f"{export}/taking"))
    assert len(page.phrase) == 6, page.words
    return " ".join(page.phrase), page.hidden["locked"]


def takes(person: Person, export: str) -> tuple[bytes, str]:
    """The file, and its words."""
    phrase, locked = shown(person, export)
    asked = person.sends(f"{export}/taking", step="seen", locked=locked)
    assert not read(asked).phrase
    assert phrase not in asked.text  # one word of it may be one of the page's own
    answer = person.vouches(f"{export}/taking", step="typed", locked=locked, typed=phrase.upper())
    assert answer.status_code == 200, errors(answer)
    assert answer.headers["Content-Disposition"] == "attachment; filename=site.sealed"
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.data, phrase


def brings(person: Person, file: bytes | None, phrase: str, **fields: str) -> TestResponse:
    sent = {"form_id": uuid.uuid4().hex, "typed": phrase, **fields}
    path = f"{person.site}/exports/arrival"
    return person.sends(path, **sent) if file is None else writing.with_file(person, path, file, "site.sealed", **sent)


def happened(person: Person) -> str:
    return read(person.opens(f"{person.site}/events")).words


def a_notebook(house: House, person: Person) -> dict[str, Any]:  # noqa: F811
    """Something on every page of their site, and what is in its tables then."""
    paper = writing.begin(person, "Three drivers were sent home.")
    writing.agreed(paper, person)
    writing.printed(person, paper)
    with inside(house, person) as site:
        dora = notebook(site)
        dora.change(based_on=dora.version, notes=CANARY, nickname=CANARY)
        db.session.commit()
    return everything(house, person)


class inside:  # reads as a word
    """A person's site, open in a session of one's own."""

    def __init__(self, house: House, person: Person) -> None:  # noqa: F811
        self.context, self.person = house.app.app_context(), person

    def __enter__(self) -> Site:
        self.context.push()
        member = Member.named(self.person.handle)
        assert member
        (membership,) = member.memberships()
        tenancy.bind(db.session, membership.site_id)
        private = keys.unlock(member.locked_key, self.person.phrase)
        self.token = keys.current.set(site_keys.open_site(membership, private))
        return membership.site

    def __exit__(self, *_: object) -> None:
        keys.current.reset(self.token)
        db.session.remove()
        self.context.pop()


def everything(house: House, person: Person) -> dict[str, Any]:  # noqa: F811
    from tests.domain.portability.test_export import everything as rows

    with inside(house, person) as site:
        return rows(site)


# Who may.


@MOSTLY_ON_SQLITE
def test_who_is_alone_takes_it_and_it_stands_in_what_happened(rosa: Person) -> None:
    file, phrase = takes(rosa, asks(rosa))
    assert "site.json" in zipfile.ZipFile(io.BytesIO(parcels.unseal(file, phrase))).namelist()
    assert "Rosa asked to take everything" in happened(rosa)
    assert "Rosa took everything the group has along" in happened(rosa)


@MOSTLY_ON_SQLITE
def test_of_two_the_other_says_yes_and_three_days_pass(house: House, rosa: Person, days_pass: DaysPass) -> None:  # noqa: F811
    bill = house.joined(rosa, "Bill")
    export = asks(rosa)
    answer = rosa.sends(f"{export}/taking")
    assert (answer.status_code, "Everybody has to be asked first" in errors(answer)) == (409, True)
    question = next(link for link in bill.reads(export).links if "/questions/" in link)
    assert question in bill.reads(bill.site).links, "it stands on everybody's first page"
    for _ in range(2):
        assert bill.vouches(f"{question}/answers", answer="yes").status_code == 303
    days_pass(2.9)
    assert bill.sends(f"{export}/taking").status_code == 409
    days_pass(0.2)
    takes(bill, export)
    takes(rosa, export)
    assert happened(bill).count("Everything may be taken along for seven days") == 1
    assert "Bill took everything the group has along" in happened(rosa)
    days_pass(7)
    assert rosa.sends(f"{export}/taking").status_code == 409


@MOSTLY_ON_SQLITE
def test_a_no_stops_it_where_there_are_two(house: House, rosa: Person, days_pass: DaysPass) -> None:  # noqa: F811
    bill = house.joined(rosa, "Bill")
    export = asks(rosa)
    question = next(link for link in bill.reads(export).links if "/questions/" in link)
    assert bill.sends(f"{question}/answers", answer="no").status_code == 303
    days_pass(20)
    assert rosa.sends(f"{export}/taking").status_code == 409


@MOSTLY_ON_SQLITE
def test_who_does_not_decide_takes_nothing(house: House, rosa: Person) -> None:  # noqa: F811
    export = asks(rosa)
    house.joined(rosa, "Bill")
    clara = house.joined(rosa, "Clara", decides=False)
    assert "You decide with the others when" in errors(clara.sends(f"{export}/taking"))
    takes(rosa, export)


@MOSTLY_ON_SQLITE
def test_each_time_it_is_taken_stands_in_what_happened(rosa: Person) -> None:
    export = asks(rosa)
    (one, first), (two, second) = takes(rosa, export), takes(rosa, export)
    assert (one != two, first != second) == (True, True)
    assert happened(rosa).count("Rosa took everything") == 2


@MOSTLY_ON_SQLITE
def test_words_that_were_mistyped_are_asked_again_and_stand_on_no_page(rosa: Person) -> None:
    export = asks(rosa)
    phrase, locked = shown(rosa, export)
    for typed, sentence in (
        ("", "Type the six words from your paper"),
        ("one two", "There are six words"),
        (" ".join(reversed(phrase.split())), "not what you were shown"),
    ):
        answer = rosa.vouches(f"{export}/taking", step="typed", locked=locked, typed=typed)
        assert (answer.status_code, sentence in errors(answer)) == (422, True), errors(answer)
        assert "<title>Error: " in answer.text
        assert not typed or typed not in answer.text
        assert read(answer).hidden["locked"] == locked
    answer = rosa.vouches(f"{export}/taking", step="typed", locked="AAAA", typed=phrase)
    assert "Make new ones" in errors(answer)
    assert "took everything" not in happened(rosa)
    again = read(rosa.sends(f"{export}/taking", step="again", locked=locked))
    assert " ".join(again.phrase) != phrase


@MOSTLY_ON_SQLITE
def test_what_would_arrive_nowhere_is_a_sentence_and_no_file(house: House, rosa: Person) -> None:  # noqa: F811
    export = asks(rosa)
    with inside(house, rosa) as site:
        Shift.add(site.id, "Nights").plan((0,), "noon", "", "")
        db.session.commit()
    phrase, locked = shown(rosa, export)
    answer = rosa.vouches(f"{export}/taking", step="typed", locked=locked, typed=phrase)
    assert (answer.status_code, "a shift on the map" in errors(answer)) == (409, True)


# There and back.


def test_everything_is_there_after_and_the_pages_work(house: House, rosa: Person, other: House) -> None:  # noqa: F811
    before = a_notebook(house, rosa)
    file, phrase = takes(rosa, asks(rosa))
    now = everything(house, rosa)
    before |= {table: now[table] for table in ("event", "parked_letter")}  # a letter that waited was opened
    clara = other.person()
    answer = clara.becomes("/foundings", "Clara", code=other.code, network="Elsewhere", **SITE)
    assert answer.status_code == 303
    assert brings(clara, file, phrase).status_code == 303
    after = everything(other, clara)
    theirs = {id_ for id_ in after["event"] if id_ not in before["event"]}
    assert {after["event"][id_]["what"].deed for id_ in theirs} == {"founded", "brought in"}
    for table, rows in before.items():
        assert {id_: row for id_, row in after[table].items() if id_ not in theirs} == rows, table
    assert "Clara brought in what another installation had kept." in happened(clara)
    # The pages of the new site show it.
    (paper,) = set(re.findall(rf"{clara.site}/bulletins/{writing.ID}", clara.opens(f"{clara.site}/bulletins").text))
    for page in (clara.site, f"{clara.site}/bulletins", paper, f"{paper}/away", f"{paper}/hand-outs"):
        assert clara.opens(page).status_code == 200, page
    (sheet,) = set(re.findall(rf"{paper}/printings/{writing.ID}", clara.opens(f"{paper}/away").text))
    assert clara.opens(sheet).data.startswith(b"%PDF")
    reached = [rule for rule in other.app.url_map.iter_rules() if set(rule.arguments) == {"site_id"}]
    pages = [
        rule.rule.replace("/sites/<uuid:site_id>", clara.site) for rule in reached if "GET" in (rule.methods or ())
    ]
    broken = [page for page in pages if clara.opens(page).status_code >= 500]
    assert broken == []


def test_a_second_sending_brings_nothing_twice_and_a_second_file_is_refused(rosa: Person, other: House) -> None:
    file, phrase = takes(rosa, asks(rosa))
    clara = other.person()
    clara.becomes("/foundings", "Clara", code=other.code, network="Elsewhere", **SITE)
    sent = uuid.uuid4().hex
    for _ in range(2):
        assert brings(clara, file, phrase, form_id=sent).status_code == 303
    assert happened(clara).count("Clara brought in") == 1
    other_file, other_phrase = takes(rosa, f"{rosa.site}/exports")
    answer = brings(clara, other_file, other_phrase, form_id=sent)
    assert (answer.status_code, "Saved before, with other words" in answer.text) == (409, True)
    assert other_phrase not in answer.text
    assert clara.site in answer.text, "the way to what is kept"
    assert happened(clara).count("Clara brought in") == 1


@MOSTLY_ON_SQLITE
def test_where_there_is_something_nothing_is_brought_in(house: House, rosa: Person) -> None:  # noqa: F811
    a_notebook(house, rosa)
    file, phrase = takes(rosa, asks(rosa))
    assert f"{rosa.site}/exports/arrival" not in rosa.opens(f"{rosa.site}/exports").text
    assert "There is something in this group already" in rosa.opens(f"{rosa.site}/exports/arrival").text
    answer = brings(rosa, file, phrase)
    assert (answer.status_code, "something in this group already" in answer.text) == (409, True)


@MOSTLY_ON_SQLITE
def test_where_there_are_others_nothing_is_brought_in(house: House, rosa: Person, other: House) -> None:  # noqa: F811
    file, phrase = takes(rosa, asks(rosa))
    clara = other.person()
    clara.becomes("/foundings", "Clara", code=other.code, network="Elsewhere", **SITE)
    dana = other.joined(clara, "Dana")
    for person in (clara, dana):
        assert "behind their back" in person.opens(f"{person.site}/exports/arrival").text
        answer = brings(person, file, phrase)
        assert (answer.status_code, "There are others in this group" in answer.text) == (409, True)
    assert "brought in" not in happened(clara)


@MOSTLY_ON_SQLITE
def test_who_was_forgotten_at_another_site_here_says_nothing_in_mine(house: House, rosa: Person) -> None:  # noqa: F811
    """Or else a file would tell who was; and people of mine would be dropped. In mine they stay forgotten."""
    anna, emil = workmates.add(rosa, "Anna"), workmates.add(rosa, "Emil")
    file, phrase = takes(rosa, asks(rosa))
    assert rosa.sends(f"{anna}/forgetting").status_code == 303
    ivan, code = house.person(), rosa.invites("/founding-invitations")
    ivan.becomes("/foundings/further", "Ivan", code=code, **(SITE | {"site_name": "Mill"}))
    assert brings(ivan, file, phrase).status_code == 303
    there = [one.replace(rosa.site, ivan.site) for one in (anna, emil)]
    assert [ivan.opens(one).status_code for one in there] == [200, 200]
    for one in there:
        assert ivan.sends(f"{one}/forgetting").status_code == 303
    assert brings(ivan, file, phrase).status_code == 303
    assert [ivan.opens(one).status_code for one in there] == [404, 404]


@MOSTLY_ON_SQLITE
def test_what_is_wrong_with_it_is_a_sentence_and_has_to_be_chosen_again(rosa: Person) -> None:
    file, phrase = takes(rosa, asks(rosa))
    for content, typed, sentence in (
        (None, phrase, "Choose the file"),
        (file, "", "Type the six words"),
        (file, "one two", "There are six words"),
        (file, words.new("words"), "do not open this file"),
        (b"a letter", phrase, "not a file of ours"),
        (file[:-5], phrase, "not a file of ours"),
    ):
        answer = brings(rosa, content, typed)
        assert (answer.status_code, sentence in errors(answer)) == (422, True), (sentence, errors(answer))
        assert "Choose the file once more" in answer.text
        assert "<title>Error: " in answer.text
        assert phrase not in answer.text
    assert "brought in" not in happened(rosa)


@MOSTLY_ON_SQLITE
def test_a_file_that_is_far_too_big_is_a_sentence(rosa: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = brings(rosa, bytes(32 << 20), "words")
    assert (answer.status_code, "none of ours has more than 30 MB" in errors(answer)) == (413, True)


@MOSTLY_ON_SQLITE
def test_three_at_once_are_too_many(rosa: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    file, phrase = takes(rosa, asks(rosa))
    monkeypatch.setattr(one_at_a_time.OneAtATime, "KNOWN", 0)
    answer = brings(rosa, file, phrase)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3")
    assert phrase not in answer.text


def test_nobody_waits_for_the_database_while_it_is_packed(house: House, rosa: Person, monkeypatch: Any) -> None:  # noqa: F811
    pack, export = carrying.pack, asks(rosa)

    def packing(site: Site, typed: str, say: Any) -> bytes:
        Contact.add(site.id, "Dora", by="Rosa")
        with pytest.raises(sa.exc.DBAPIError):
            db.session.flush()
        db.session.rollback()
        db.session().read_only()
        return pack(site, typed, say)

    monkeypatch.setattr(carrying, "pack", packing)
    takes(rosa, export)


def test_what_is_carried_is_nowhere_in_the_clear(
    house: House,  # noqa: F811
    rosa: Person,
    other: House,
    home: Database,
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setenv("TMPDIR", str(temporary))
    a_notebook(house, rosa)
    file, phrase = takes(rosa, asks(rosa))
    clara = other.person()
    clara.becomes("/foundings", "Clara", code=other.code, network="Elsewhere", **SITE)
    brings(clara, file, words.new("words"))
    brings(clara, file[:-1], phrase)
    assert brings(clara, file, phrase).status_code == 303
    with inside(other, clara) as site:
        assert Contact.at(site.id)[0].details.notes.startswith(CANARY), "it is there"
    told = (
        tables_of(Database(home.kind, str(other.app.config["SQLALCHEMY_DATABASE_URI"])))
        if home.kind == "sqlite"
        else {}
    )
    places = {**files_in(tmp_path), **tables_of(home), **told, "the log": caplog.text.encode(), "the file": file}
    secrets = (CANARY, phrase, "The lift sticks", "Dora B.", "442071234567", "It rained", "Three drivers were sent")
    found = {
        f"{secret} in {place}"
        for secret in secrets
        for way in ways_to_write(secret)
        for place, content in places.items()
        if way in content or way.lower() in content
    }
    assert found == set()
    assert list(temporary.iterdir()) == []


# What one wrote.


@MOSTLY_ON_SQLITE
def test_a_newcomer_takes_what_they_wrote_alone_and_it_stands_in_what_happened(house: House, rosa: Person) -> None:  # noqa: F811
    house.joined(rosa, "Bill")
    clara = house.joined(rosa, "Clara", decides=False)
    assert f"{clara.site}/own" in clara.reads(f"{clara.site}/exports").links
    assert clara.opens(f"{clara.site}/own").status_code == 200
    phrase, locked = shown(clara, f"{clara.site}/own")
    asked = clara.sends(f"{clara.site}/own/taking", step="seen", locked=locked)
    assert f"{clara.site}/own/taking" in asked.text
    answer = clara.vouches(f"{clara.site}/own/taking", step="typed", locked=locked, typed=phrase)
    assert answer.headers["Content-Disposition"] == "attachment; filename=own.sealed"
    assert "talks.csv" in zipfile.ZipFile(io.BytesIO(parcels.unseal(answer.data, phrase))).namelist()
    assert "Clara took along what they wrote" in happened(rosa)


@MOSTLY_ON_SQLITE
def test_whoever_may_be_put_out_takes_what_they_wrote(house: House, rosa: Person) -> None:  # noqa: F811
    bill, clara = house.joined(rosa, "Bill"), house.joined(rosa, "Clara")
    others = re.findall(rf"{rosa.site}/members/{writing.ID}", rosa.opens(f"{rosa.site}/members").text)
    place = next(filter(None, (re.search(rf"{one}/removal", rosa.opens(one).text) for one in others)))
    assert place
    question = rosa.vouches(place[0]).location
    about = next(one for one in (bill, clara) if "Take what I wrote" in one.opens(question).text)
    assert shown(about, f"{about.site}/own")
