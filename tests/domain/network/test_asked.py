"""Somebody in no site whom the sites ask to do something: what they read, and for how long."""

from __future__ import annotations

import uuid

import pytest

from bulletin.db import db, today
from bulletin.domain.network.answering import mandates
from bulletin.domain.network.answering.agreeing import Says
from bulletin.domain.network.answering.matters import AskedPut, Matter
from bulletin.domain.network.refusals import Why
from bulletin.domain.network.told import NeedTold, Told
from bulletin.domain.site.accounts.members import Member
from bulletin.vault import tenancy
from bulletin.vault.readers import Audience, Reader
from tests.domain.conftest import Person
from tests.domain.network.sites import Sites
from tests.homes import ON_BOTH, ON_SQLITE
from tests.refusals import not_allowed


@pytest.fixture
def few(session):
    sites = Sites()
    sites.found("Depot", "Mill", "Ward")
    return sites


@ON_BOTH
def test_whom_the_sites_ask_and_who_is_in_none_reads_as_long_as_it_stands(few):
    task = few.put("Depot", AskedPut(task="Keep the list", name="Ines"))
    with few.at("Ward") as me, not_allowed(Why.NOT_ASKED):
        mandates.invite(me, Matter.of(task))
    few.says("Mill", task)
    with few.at("Depot") as me:
        secret = mandates.invite(me, Matter.of(task))
    ines = Person("Ines").member
    mandates.take_up(mandates.found(secret), ines)
    db.session.commit()
    assert mandates.found(secret) is None
    assert mandates.reader_of(ines) is Reader.ASKED
    with few.at("Depot") as me:
        told = Told.tell(me.site_id, uuid.uuid4(), NeedTold(sentence="A printer"), Audience.SITES, today()).id
    for reader, found in ((Reader.ASKED, (True, False)), (Reader.NOBODY, (False, False))):
        tenancy.read_as(db.session, reader)
        assert (Told.of(told) is not None, Matter.of(task) is not None) == found
    mandates.end_over()
    assert mandates.task_of(ines).yes == 2
    few.says("Mill", task, Says.NOTHING)
    assert mandates.reader_of(ines) is Reader.NOBODY
    mandates.end_over()
    db.session.commit()
    assert Member.named(ines.handle) is None


@ON_SQLITE
def test_another_sites_question_of_the_same_id_lets_nobody_read(few):
    """Ids come from forms, and whoever is in knows them."""
    task = few.put("Depot", AskedPut(task="Keep the list", name="Ines"))
    few.says("Mill", task)
    with few.at("Depot") as me:
        secret = mandates.invite(me, Matter.of(task))
    ines = Person("Ines").member
    mandates.take_up(mandates.found(secret), ines)
    few.says("Depot", task, Says.NOTHING)
    with few.at("Ward") as me:
        Matter.put(me.site_id, task, AskedPut(task="Keep the list", name="Ines"), 0, today())
    assert mandates.task_of(ines) is None
