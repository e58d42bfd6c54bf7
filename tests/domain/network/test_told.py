"""What sites tell each other, as the domain does it; on both databases, because a guard of each is in it."""

from __future__ import annotations

import datetime
import uuid

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from bulletin.db import db, now
from bulletin.domain.actions.actions import Action, Result
from bulletin.domain.network import inside, sharing
from bulletin.domain.network.answering import mandates
from bulletin.domain.network.refusals import Why
from bulletin.domain.network.told import DeedTold, Kind, Told
from bulletin.domain.people.contacts import Contact
from bulletin.domain.portability import export
from bulletin.domain.portability.mentions import Where, mentions
from bulletin.domain.site.founding import found_site
from bulletin.domain.site.refusals import NotAllowed
from bulletin.domain.site.sites import Network
from bulletin.sentences import say_code
from bulletin.vault import tenancy
from bulletin.vault.readers import Audience, Reader
from tests.domain.conftest import ABOUT
from tests.domain.portability.test_export import WORDS, folder_of
from tests.refusals import refused

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def mill(depot, bill):
    site, _ = found_site(db.session.scalars(select(Network)).one(), bill.member, name="Mill", **ABOUT)
    db.session.commit()
    return site


def over(place, *, test: bool = False, **outcome) -> Action:
    action = Action.propose(
        place.id, now() - 2 * HOUR, now() - HOUR, by="Rosa", form="strike", test=test, place="Gate B"
    )
    action.note_outcome(by="Rosa", **{"words": "The rota is back.", "others": 50, **outcome})
    db.session.flush()
    return action


def tell(me, action, audience=Audience.SITES, told_id=None) -> Told:
    told = sharing.tell_deed(me, action, sharing.deed_as_told(me, action), audience, told_id or uuid.uuid4())
    db.session.commit()
    return told


def read_as(reader: Reader) -> list[str]:
    tenancy.read_as(db.session, reader)
    words = [one.said.outcome for one in Told.of_kind(Kind.DEED, 10)]
    tenancy.read_as(db.session, Reader.NOBODY)
    return sorted(words)


def test_who_is_in_reads_what_is_told_to_all_sites_and_nobody_else(depot, mill, rosa, bill):
    with rosa.inside(depot):
        tell(rosa.at(depot), over(depot, result=Result.WON))
        tell(rosa.at(depot), over(depot, words="For anyone."), Audience.ANYONE)
    assert inside.count_in() == 2
    assert mandates.reader_of(bill.member) is Reader.MEMBER
    assert read_as(Reader.MEMBER) == ["For anyone.", "The rota is back."]
    assert read_as(Reader.NOBODY) == ["For anyone."]
    mill.in_since = None
    db.session.commit()
    assert mandates.reader_of(bill.member) is Reader.NOBODY
    assert not inside.has_others(depot)
    depot.in_since = None  # who is not in any more is not read any more
    db.session.commit()
    assert read_as(Reader.MEMBER) == []


def test_a_copy_is_frozen_and_points_to_nothing_inside(depot, rosa):
    with rosa.inside(depot):
        action = over(depot)
        told = tell(rosa.at(depot), action)
        action.note_outcome(by="Rosa", words="It was not so.")
        db.session.commit()
        assert told.said.outcome == "The rota is back."
        row = {name: str(getattr(told, name)) for name in sa.inspect(Told).columns.keys()}  # noqa: SIM118
        assert not [value for value in row.values() if action.id.hex in value or str(action.id) in value]
        assert "Gate B" not in str(row)
        copy = sharing.copy_of_deed(rosa.at(depot), action)
        assert copy is not None
        assert (copy[0].id, copy[1].by) == (told.id, "Rosa")


def test_what_is_not_over_or_is_a_test_is_not_told(depot, rosa):
    with rosa.inside(depot):
        me = rosa.at(depot)
        coming = Action.propose(depot.id, now() + HOUR, now() + 2 * HOUR, by="Rosa", form="strike")
        coming.note_outcome(by="Rosa", words="It will be.")
        for action in (coming, over(depot, test=True), over(depot, words="")):
            with refused(NotAllowed, Why.NOT_OVER):
                tell(me, action)
        with refused(NotAllowed, Why.TEXT_TOO_LONG, most=2_000):
            sharing.tell_deed(me, over(depot), DeedTold(outcome="x" * 2_001), Audience.SITES, uuid.uuid4())


def test_an_export_leaves_out_what_was_told_and_a_deleted_site_takes_it_along(depot, mill, rosa, bill):
    with rosa.inside(depot):
        tell(rosa.at(depot), over(depot))
        names = folder_of(export.pack(depot, WORDS, say_code)).namelist()
        assert not [name for name in names if "told" in name or "sharing" in name]
    assert read_as(Reader.MEMBER) == ["The rota is back."]


def test_who_is_to_be_forgotten_is_found_in_what_was_told(depot, rosa):
    with rosa.inside(depot):
        dora = Contact.add(depot.id, "Dora Quick", by="Rosa")
        told = tell(rosa.at(depot), over(depot, words="Dora Quick spoke."))
        assert told.id in [one.id for one in mentions(dora) if one.where is Where.TOLD]
