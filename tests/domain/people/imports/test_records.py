"""Taking people in at the Depot, and undoing it: what nobody touched goes again, without a trace."""

from __future__ import annotations

import itertools
import uuid

import sqlalchemy as sa

from bulletin.db import db
from bulletin.domain.people.contacts import Brief, Contact, alike
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.people.follow_ups import FollowUp
from bulletin.domain.people.imports import records
from bulletin.domain.people.imports.entries import ImportEntry
from bulletin.domain.people.imports.records import AlreadyHere, Import
from bulletin.domain.people.merge import merge
from bulletin.domain.people.refusals import Why
from bulletin.domain.people.search import Listed, everybody
from tests.refusals import not_allowed

PEOPLE = [
    ImportEntry(
        "Amina Dale", "Mina", "Driver", "Depot", ("+447700900123", "+441614960000"), ("a@example.org",), "Nights"
    ),
    ImportEntry("Bruno Field", phones=("gate B",)),
    ImportEntry("Chidi"),
    ImportEntry("Dara Isle"),
]


def taken(here, entries=PEOPLE, **more) -> Import:
    made = Import.take_in(here.id, entries, by="Rosa", source="cards", **more)
    db.session.commit()
    return made


def names(here) -> list[str]:
    return [contact.name for contact in Contact.at(here.id)]


def named(here, name) -> Contact:
    return next(contact for contact in Contact.at(here.id) if contact.name == name)


def test_what_is_ticked_becomes_contacts(here):
    made = taken(here, department="d" * 32, shift="5" * 32)
    assert made.count == 4
    assert names(here) == ["Amina Dale", "Bruno Field", "Chidi", "Dara Isle"]
    amina, bruno = named(here, "Amina Dale"), named(here, "Bruno Field")
    brief = {key: getattr(amina.brief, key) for key in ("nickname", "title", "phone", "department", "shift", "maybe")}
    assert brief == {
        **{"nickname": "Mina", "title": "Driver", "phone": "+447700900123", "maybe": ""},
        **{"department": "d" * 32, "shift": "5" * 32},
    }
    details = {key: getattr(amina.details, key) for key in ("reach", "notes", "added_by", "came_from", "consent")}
    assert details == {
        **{"reach": "+441614960000, a@example.org", "notes": "Nights", "added_by": "Rosa"},
        **{"came_from": "cards", "consent": "not yet"},
    }
    assert (bruno.brief.phone, bruno.details.reach) == ("", "gate B")


def test_who_may_be_there_already_is_marked(here):
    known = Contact.add(here.id, "Amina", by="Bill")
    number = Contact.add(here.id, "The one from gate B", by="Bill", phone="+447700900999")
    db.session.commit()
    taken(here, [PEOPLE[0], PEOPLE[3], ImportEntry("Nobody", phones=("ask", "+447700900999"))])
    assert [named(here, name).brief.maybe for name in ("Amina Dale", "Dara Isle", "Nobody")] == [
        known.id.hex,
        "",
        number.id.hex,
    ]


def test_sent_twice_it_is_done_once(here):
    first = taken(here)
    again = taken(here, form_id=first.id)
    assert again is first
    assert len(names(here)) == 4


def test_there_is_an_end_to_how_many(here, monkeypatch):
    monkeypatch.setattr(records, "CONTACTS_MAX", 5)
    taken(here)
    with not_allowed(Why.NO_ROOM, room=1):
        taken(here)


def test_undoing_removes_whom_nobody_has_touched(here):
    before = Contact.add(here.id, "Amina", by="Bill")
    made = taken(here)
    other = Contact.add(here.id, "Dara", by="Bill", maybe=named(here, "Dara Isle").id.hex)
    Conversation.note(named(here, "Bruno Field"), by="Bill", note="Bay 4")
    db.session.commit()
    assert made.undo() == (3, 1)
    db.session.commit()
    assert names(here) == ["Amina", "Bruno Field", "Dara"]
    assert other.brief.maybe == ""
    assert named(here, "Amina").id == before.id
    assert Import.of(here.id, made.id) is None


def test_whoever_was_changed_merged_or_planned_for_stays(here):
    made = taken(here)
    amina, bruno, chidi, dara = (named(here, entry.name) for entry in PEOPLE)
    amina.change(based_on=amina.version, title="Crane")
    merge(bruno, chidi)
    FollowUp.plan(dara, records.now().date(), "Has she read it?", whose="Bill", by="Bill")
    db.session.commit()
    assert made.undo() == (0, 4)
    db.session.commit()
    assert names(here) == ["Amina Dale", "Bruno Field", "Dara Isle"]


def test_into_whom_another_was_merged_stays_even_if_nothing_else_says_so(here):
    made = taken(here, PEOPLE[:1])
    (hex_id,) = made.what.contacts
    other = Contact.add(here.id, "Twin", by="Bill")
    db.session.flush()
    other.merged_into = named(here, "Amina Dale").id
    db.session.commit()
    assert made.undo() == (0, 1)
    assert named(here, "Amina Dale").id.hex == hex_id


def test_after_a_day_it_cannot_be_undone_and_nothing_says_who_came_together(here, later):
    made = taken(here)
    later(hours=23)
    assert [one.id for one in Import.at(here.id)] == [made.id]
    assert not Import.sweep(here.id)
    later(hours=2)
    assert Import.at(here.id) == []
    assert Import.of(here.id, made.id) is None
    assert Import.sweep(here.id)
    db.session.commit()
    assert db.session.scalars(sa.select(Import).filter_by(site_id=here.id)).all() == []
    assert len(names(here)) == 4


SEVERAL = (
    *("Rosa", "Rose", "Rosa Alvarez", "Rosa Álvarez", "R. Alvarez", "Alvarez, Rosa", "Rosalva Rez", "Ana", "Anna"),
    *("Anna Maria", "Annamaria", "Le", "Lee", "Bill Mill", "Will Mill", "Bil Mill", "O'Brien Tom", "OBrien Tom"),
    *("Mohamed Ali", "Mohammed Ali", "Ali", "Aki", "Jörg", "Jorge", "Tom B", "Tom Baker", "Bkaer Tom", "T B", "王芳"),
)


def test_the_quick_look_finds_whom_the_slow_one_finds():
    for known, asked in itertools.product(SEVERAL, SEVERAL):
        there = AlreadyHere([Listed(uuid.uuid4(), Brief(name=known))])
        assert bool(there.like(ImportEntry(asked))) == alike(asked, known), (known, asked)


def test_long_names_do_not_fill_the_memory(monkeypatch):
    def kept(count, letters):
        people = [Listed(uuid.uuid4(), Brief(name=f"{n:02}" + "ab" * (letters // 2))) for n in range(count)]
        return len(AlreadyHere(people)._by_slip)

    assert kept(20, 78) <= 40, "of so long a name no slips are kept"
    monkeypatch.setattr(records, "SLIPS_MAX", 50)
    assert kept(200, 10) < 50 + 20 + 200


def test_nicknames_and_numbers_are_looked_at_too(here):
    taken(here)
    there = AlreadyHere(everybody(here.id))
    for entry in (
        ImportEntry("mina"),
        ImportEntry("Nobody", nickname="Chidi B."),
        ImportEntry("Nobody", phones=("x", "+447700900123")),
    ):
        assert len(there.like(entry)) == 1, entry
    assert there.like(ImportEntry("Nobody", phones=("gate B",))) == []
