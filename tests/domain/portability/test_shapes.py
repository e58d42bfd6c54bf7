"""Rows of an older and of a newer release: they open, are changed, merged, taken along and brought in."""

from __future__ import annotations

import dataclasses
import enum
import json
from typing import Any

import pytest
import sqlalchemy as sa

from bulletin.db import db, owned_records
from bulletin.domain.actions.actions import Action, FormOfAction
from bulletin.domain.actions.escalation_plan import Met, Step
from bulletin.domain.actions.turnouts import Turnout
from bulletin.domain.inbox.refusals import Parking
from bulletin.domain.network.answering.agreeing import Says
from bulletin.domain.papers.approval import Voice
from bulletin.domain.papers.bulletins import Bulletin
from bulletin.domain.papers.pictures import Picture
from bulletin.domain.papers.printings import Printing
from bulletin.domain.people.contacts import Consent, Contact
from bulletin.domain.people.follow_ups import FollowUp
from bulletin.domain.people.merge import merge
from bulletin.domain.portability import export, import_file
from bulletin.domain.portability.import_file import LEFT_OUT, records
from bulletin.domain.portability.mentions import mentions
from bulletin.domain.portability.refusals import Why
from bulletin.domain.site.governance.register import Register, RegisterMark
from bulletin.domain.site.governance.roll import NUMBER_FIRST, Matter, Person as RollPerson, Question, Roll
from bulletin.sentences import say_code
from bulletin.vault import keys
from bulletin.vault.sealed import sealed_columns, sealed_field
from bulletin.vault.shapes import Shape, fields_of, shaped
from tests.domain.conftest import Person
from tests.domain.portability.test_export import (
    ON_SQLITE,
    WORDS,
    a_second_site,
    changed,
    full,  # noqa: F401
    light_work,  # noqa: F401
    packed,
    plain,  # noqa: F401
    refused,
    unpacked,
)

LATER = {"mandate": ["until May", 3]}  # what a newer release might say


def stored(row: Any, column: str) -> Any:
    """What lies in the database, opened and not looked at."""
    field = sealed_field(type(row), column)
    sealed = getattr(row, field.attribute)
    return json.loads(keys.current.get().open(row.site_id, row.__tablename__, column, row.id, sealed))


def put(row: Any, column: str, value: Any) -> None:
    """As another release would write it."""
    sealed = keys.current.get().seal(row.site_id, row.__tablename__, column, row.id, json.dumps(value).encode())
    setattr(row, sealed_field(type(row), column).attribute, sealed)


def with_shapes() -> list[tuple[Any, str]]:
    """Every sealed column that holds a shape, or several."""
    every = (
        (record, name, sealed_field(record, name).kind) for record in owned_records() for name in sealed_columns(record)
    )
    return [(record, name) for record, name, kind in every if kind is not None and kind.shape]


def later(value: Any) -> Any:
    """The same as a newer release has it."""
    if isinstance(value, list):
        return [later(one) for one in value]
    return {**{key: later(one) if isinstance(one, dict) else one for key, one in value.items()}, "later": LATER}


def rows_of(site: Any, record: Any) -> list[Any]:
    return list(db.session.scalars(sa.select(record).filter_by(site_id=site.id)))


def unknown_at(value: Any) -> list[Any]:
    """What is not known of a value, and of those in it."""
    if isinstance(value, tuple):
        return [found for one in value for found in unknown_at(one)]
    if not isinstance(value, Shape):
        return []
    inner = (getattr(value, name) for name in fields_of(type(value)))
    return [value.unknown, *(found for one in inner for found in unknown_at(one))]


def shapes() -> list[type[Shape]]:
    """Every shape there is."""
    found: list[type[Shape]] = []
    ask = [sealed_field(record, name).kind.shape for record, name in with_shapes()]
    while ask:
        found += ask
        ask = [kind.shape for cls in ask for one in fields_of(cls).values() if (kind := one.kind).shape]
    return list(dict.fromkeys(found))


def test_every_sealed_field_says_what_it_holds():
    assert [
        (record.__name__, name)
        for record in owned_records()
        for name in sealed_columns(record)
        if sealed_field(record, name).kind is None and record not in LEFT_OUT
    ] == []
    assert len(with_shapes()) > 20


def test_what_a_newer_release_wrote_survives_opening_changing_taking_along_and_arriving(full, rosa):  # noqa: F811
    for record, name in with_shapes():
        for row in rows_of(full, record):
            if record not in (Register, RegisterMark) and (said := stored(row, name)) not in (None, []):
                put(row, name, later(said))
    db.session.commit()
    seen = 0
    # What a roll says is counted, and written by itself; of everything that was carried nothing is.
    for record, name in (one for one in with_shapes() if one[0] not in (Register, RegisterMark)):
        for row in rows_of(full, record):
            value = getattr(row, name)
            assert all(unknown == (("later", LATER),) for unknown in unknown_at(value)), (record, name)
            before = stored(row, name)
            if isinstance(value, Shape):
                setattr(row, name, dataclasses.replace(value))
                seen += 1
            else:
                setattr(row, name, value)
            assert stored(row, name) == before
    assert seen > 20
    Contact.at(full.id)[0].leave()
    FollowUp.open_at(full.id)[0].hand_to("Clara")
    Action.at(full.id)[0].note_outcome(by="Bill", words="It shone.")
    db.session.commit()
    told = {
        (record, name, row.id): stored(row, name)
        for record, name in with_shapes()
        if record in records() and name != "tickets"
        for row in rows_of(full, record)
    }
    assert stored(Contact.at(full.id, gone=True)[0], "brief")["later"] == LATER
    file = export.pack(full, WORDS, say_code)
    mill = a_second_site(rosa)
    with rosa.inside(mill):
        export.bring_in(mill, unpacked(file))
        db.session.commit()
        for (record, name, id_), before in told.items():
            if record is Voice:
                before |= {"member": ""}
            assert stored(db.session.get(record, (mill.id, id_)), name) == before, (record, name)


def test_two_who_become_one_keep_what_is_not_known_of_both(here):
    jo, joanna = (Contact.add(here.id, name, by="Rosa") for name in ("Jo", "Joanna"))
    db.session.flush()
    put(jo, "brief", {**stored(jo, "brief"), "a": 1, "b": ""})
    put(joanna, "brief", {**stored(joanna, "brief"), "a": 2, "b": 3, "c": 4})
    put(joanna, "details", {**stored(joanna, "details"), "d": LATER})
    merge(jo, joanna)
    assert {key: stored(jo, "brief")[key] for key in "abc"} == {"a": 1, "b": 3, "c": 4}
    assert stored(jo, "details")["d"] == LATER
    assert (joanna.brief.unknown, joanna.details.unknown) == ((), ()), "and nothing of it is left where it was"


def test_who_is_named_in_what_is_not_known_is_found(here):
    jo, bill = (Contact.add(here.id, name, by="Rosa") for name in ("Jo", "Bill"))
    db.session.flush()
    assert mentions(jo) == []
    put(bill, "details", {**stored(bill, "details"), "later": {"with": ["Jo"]}})
    db.session.flush()
    assert [one.id for one in mentions(jo)] == [bill.id]


def test_rows_of_an_older_release_open_with_all_they_have(full):  # noqa: F811
    """What must be there for a row to be one stays; all else is as if nobody had said it."""
    for record, name in with_shapes():
        field = sealed_field(record, name)
        for row in rows_of(full, record):
            said = stored(row, name)
            if not isinstance(said, dict):
                continue
            kinds = {key: one.kind for key, one in fields_of(field.kind.shape).items()}
            must = {key: said[key] for key, kind in kinds.items() if not kind.check(kind.as_stored(kind.default))}
            put(row, name, must)
            assert field.kind.check(must)
            value = getattr(row, name)
            assert {key: getattr(value, key) for key in kinds if key not in must} == {
                key: kind.default for key, kind in kinds.items() if key not in must
            }
            setattr(row, name, value)
            assert field.kind.check(stored(row, name))
    db.session.rollback()


# What nobody has said.

WEAKEST = {Consent.NOT_YET, Met.NOT_YET, FormOfAction.MEETING, Matter.NEWCOMER, Says.NOTHING, Parking.UNKNOWN}
WEAKEST |= {None, "", 0}


@pytest.mark.parametrize("cls", shapes(), ids=lambda cls: f"{cls.__module__.rpartition('.')[2]}.{cls.__name__}")
def test_what_is_missing_never_reads_as_agreed_or_stronger(cls):
    nothing = shaped(cls).as_opened({})
    for name, one in fields_of(cls).items():
        value = getattr(nothing, name)
        assert isinstance(value, tuple | dict | Shape) or value in WEAKEST or value == NUMBER_FIRST, name
        if isinstance(value, enum.Enum):
            assert value is next(iter(type(value)))
        if isinstance(value, tuple | dict):
            assert not value or one.name == "was"


def test_nobody_has_agreed_who_is_not_said_to_have(full, rosa: Person):  # noqa: F811
    def emptied(record: Any, column: str, **must: Any) -> Any:
        row = rows_of(full, record)[0]
        put(row, column, must)
        return row

    at = "2026-11-23T10:00:00+00:00"
    contact = next(one for one in Contact.at(full.id))
    put(contact, "details", {})
    put(contact, "brief", {"name": "Dora"})
    assert (contact.details.consent, contact.stand, contact.brief.gone) == (Consent.NOT_YET, None, None)
    assert not emptied(Voice, "said", at=at).agrees
    assert not emptied(Picture, "about").agreed
    turnout = emptied(Turnout, "how")
    assert (turnout.committed, turnout.came) == (False, False)
    assert emptied(Step, "what", on="2026-11-23", at=at).met is Met.NOT_YET
    action = emptied(Action, "plan", start=at, end=at)
    put(action, "outcome", {})
    assert (action.is_test, action.passed, action.others) == (False, False, 0)
    assert emptied(Bulletin, "agreed", at=at).agreed_digest == ""
    assert not emptied(Printing, "about", at=at, paper="a4").of_words("any")
    nobody = shaped(RollPerson).as_opened({})
    assert (nobody.decides, nobody.is_locked) == (False, False)
    asked = shaped(Question).as_opened({})
    assert (asked.yes, asked.no, asked.begun_by) == ((), (), ())
    assert (shaped(Roll).as_opened({}).people, shaped(Roll).as_opened({}).number) == ((), 2)
    db.session.rollback()


@ON_SQLITE
def test_what_an_older_export_does_not_have_arrives_as_nothing_said(plain, full, rosa):  # noqa: F811
    rows = [json.loads(line) for line in plain["rows/contact.jsonl"].splitlines()]
    for row in rows:
        row["brief"] = {"name": row["brief"]["name"]}
        row["details"] = {}
    members = {**plain, "rows/contact.jsonl": b"\n".join(json.dumps(row).encode() for row in rows)}
    mill = a_second_site(rosa)
    with rosa.inside(mill):
        export.bring_in(mill, import_file.read(packed(members)))
        db.session.commit()
        (dora,) = Contact.at(mill.id)
        assert (dora.name, dora.stand, dora.details.consent) == ("Dora", None, Consent.NOT_YET)
    refused(changed(plain, "event", what=None), Why.NOT_SOUND)
