"""Who asked to be forgotten stays forgotten: no restore brings them back, under whatever id they had."""

from __future__ import annotations

import datetime
import pathlib
import time
import uuid

import pytest
from sqlalchemy import select

from bulletin.backup import departure_log, departures, making
from bulletin.backup.departure_log import Departure, Progress
from bulletin.db import db, today
from bulletin.domain.actions.actions import Action
from bulletin.domain.actions.turnouts import Turnout
from bulletin.domain.people import erasure
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.people.erasure import forget_stale
from bulletin.domain.people.follow_ups import FollowUp
from bulletin.domain.people.imports.records import Import
from bulletin.domain.people.merge import merge
from bulletin.domain.portability import leaving
from bulletin.domain.site.founding import found_site
from tests.databases import Database
from tests.domain.conftest import ABOUT
from tests.full_site import notebook
from tests.homes import PROCESSES

from .test_every_table import typed
from .test_restoring import again, copy, everything, restored, site  # noqa: F401

OF_PEOPLE = (Contact, Conversation, FollowUp, Turnout)


def added(place, name: str) -> Contact:
    contact = Contact.add(place.id, name, by="Rosa")
    db.session.flush()
    return contact


def forget(place, person, name: str) -> None:
    with person.inside(place):
        erasure.forget(next(one for one in Contact.at(place.id) if one.name == name))
        db.session.commit()


def lines(house, kind: str = "contact") -> list[Progress]:
    return [entry.state for entry in departures.log_of(house).entries() if entry.kind == kind]


@pytest.fixture
def two(depot, rosa, bill, join, key):
    """The Depot with Dora, who was in the list twice, and Emil; and a Mill of Bill's, with Fay."""
    mill, _ = found_site(depot.network, bill.member, name="Mill", **ABOUT)
    db.session.commit()
    with rosa.inside(depot):
        notebook(depot)
        added(depot, "Emil")
        db.session.commit()
    with bill.inside(mill):
        added(mill, "Fay")
        db.session.commit()
    return depot, mill


@PROCESSES
def test_as_typed_whoever_was_forgotten_since_does_not_come_back(two, house, database, key, tmp_path, rosa, request):
    instance = pathlib.Path(house.instance_path)
    db.session.remove()
    typed(instance, database, "backup", str(tmp_path / "copy.age"))
    forget(site("Depot"), again(rosa), "Dora")
    assert lines(house).count(Progress.GONE) == 2, "both of her ids"
    assert "Dora" not in (instance / departure_log.FILE).read_text()
    db.session.remove()
    bring_back = "restore", str(tmp_path / "copy.age"), "--key", str(key)
    said = typed(instance, database, *bring_back, "--replace")
    assert "1 contact stays forgotten, with all that was noted of them." in said
    with again(rosa).inside(site("Depot")):
        assert [one.name for one in Contact.at(site("Depot").id, gone=True)] == ["Emil"]
        assert [len(everything(record)) for record in OF_PEOPLE] == [1, 0, 0, 0]
        (leafleting,) = Action.at(site("Depot").id)
        assert leafleting.others == 4
    db.session.remove()
    fresh = (
        Database("sqlite", f"sqlite:///{tmp_path}/fresh.db")
        if database.kind == "sqlite"
        else request.getfixturevalue("postgresql").new()
    )
    # The copy knows nothing of it; the log beside the other house does.
    assert "forgotten" not in typed(tmp_path / "fresh", fresh, *bring_back)
    said = typed(tmp_path / "fresh", fresh, *bring_back, "--replace", "--log", str(instance / departure_log.FILE))
    assert "1 contact stays forgotten" in said


def test_who_was_merged_after_the_backup_was_made_goes_too(two, house, key, copy, rosa, bill):  # noqa: F811
    depot, mill = two
    with rosa.inside(depot):
        twin = added(depot, "Emil K.")
        db.session.commit()
        twin_id = twin.id
    db.session.remove()
    making.make(house, copy)
    depot, mill = site("Depot"), site("Mill")
    again(rosa), again(bill)
    with rosa.inside(depot):
        emil = next(one for one in Contact.at(depot.id) if one.name == "Emil")
        merge(emil, Contact.of(depot.id, twin_id, to_change=True))
        db.session.commit()
    forget(depot, rosa, "Emil")
    forget(mill, bill, "Fay")
    said = restored(house, copy, key)
    assert "3 contacts stay forgotten, with all that was noted of them." in said, "two of them were one person since"
    with again(rosa).inside(site("Depot")):
        assert [one.name for one in Contact.at(site("Depot").id)] == ["Dora"]
    with again(bill).inside(site("Mill")):
        assert everything(Contact) == []
    assert departures.count_returned(house) == 0


def test_a_site_that_is_deleted_is_one_line(two, house, rosa, bill):
    _, mill = two
    with bill.inside(mill):
        leaving.leave(bill.at(mill))
        db.session.commit()
    assert lines(house) == []
    assert lines(house, "site") == [Progress.GOING, Progress.GONE]


def test_whoever_was_not_forgotten_after_all_is_not_in_the_log(two, house, rosa):
    depot, _ = two
    with rosa.inside(depot):
        point = db.session.begin_nested()
        erasure.forget(next(one for one in Contact.at(depot.id) if one.name == "Emil"))
        db.session.flush()
        point.rollback()
        db.session.commit()
    assert lines(house) == []


@pytest.mark.parametrize(("went", "state"), [(True, Progress.GONE), (False, Progress.STAYS)])
def test_a_crash_before_it_was_done_is_settled_at_the_next_start(two, house, rosa, went, state):
    depot, _ = two
    depot_id = depot.id
    with rosa.inside(depot):
        emil = next(one for one in Contact.at(depot.id) if one.name == "Emil").id
    if went:
        del house.extensions[departures.EXTENSION]
        forget(depot, rosa, "Emil")
    db.session.remove()
    departures.log_of(house).append([Departure(today(), Progress.GOING, "contact", emil, site=depot_id)])
    departures.reconcile(house)
    assert departure_log.standing(departures.log_of(house).entries())["contact", emil, depot_id].state is state


def test_an_old_file_put_back_by_hand_is_noticed(two, house, rosa):
    depot, _ = two
    with rosa.inside(depot):
        ids = list(db.session.scalars(select(Contact.id)))
        depot_id = depot.id
    db.session.remove()
    departures.log_of(house).append(Departure(today(), Progress.GONE, "contact", id_, site=depot_id) for id_ in ids)
    assert departures.count_returned(house) == len(ids) == 3


def test_a_log_of_ten_thousand_lines_stays_quick(two, house, key, copy, rosa):  # noqa: F811
    db.session.remove()
    making.make(house, copy)
    log = departures.log_of(house)
    mill = site("Mill").id
    log.append(
        Departure(today(), Progress.GONE, "contact", uuid.uuid4(), where=log.where, site=mill) for _ in range(10_000)
    )
    again(rosa)
    begun = time.process_time()
    forget(site("Depot"), rosa, "Dora")
    assert time.process_time() - begun < 1
    begun = time.process_time()
    assert departures.count_returned(house) == 0
    departures.reconcile(house)
    assert time.process_time() - begun < 2
    begun = time.process_time()
    assert "1 contact stays forgotten, with all that was noted of them." in restored(house, copy, key)
    assert time.process_time() - begun < 10


def test_a_contact_with_the_id_of_another_sites_says_nothing_of_that_one(two, house, key, copy, rosa, bill):  # noqa: F811
    """Somebody in the Mill who knows an id of the Depot's takes nobody from the Depot by forgetting it at the Mill."""
    depot, mill = two
    with rosa.inside(depot):
        emil = next(one for one in Contact.at(depot.id) if one.name == "Emil").id
    with bill.inside(mill):
        Contact.add(mill.id, "Nobody", by="Bill", form_id=emil)
        db.session.commit()
    db.session.remove()
    making.make(house, copy)
    again(rosa), again(bill)
    forget(site("Mill"), bill, "Nobody")
    mill_id = site("Mill").id
    assert {entry.site for entry in departures.log_of(house).entries() if entry.kind == "contact"} == {mill_id}
    assert departures.count_returned(house) == 0, "the other one is no sign of an old file"
    log = departures.log_of(house)
    log.append([Departure(today(), Progress.GOING, "contact", emil, where=log.where, site=mill_id)])
    departures.reconcile(house)
    assert departure_log.standing(log.entries())["contact", emil, mill_id].state is Progress.GONE
    assert "1 contact stays forgotten" in "".join(restored(house, copy, key))
    with again(rosa).inside(site("Depot")):
        assert [one.name for one in Contact.at(site("Depot").id)] == ["Dora", "Emil"]
    with again(bill).inside(site("Mill")):
        assert [one.name for one in Contact.at(site("Mill").id)] == ["Fay"]


def test_a_line_without_a_site_means_nothing(two, house, rosa):
    depot, _ = two
    with rosa.inside(depot):
        emil = next(one for one in Contact.at(depot.id) if one.name == "Emil").id
    db.session.remove()
    log = departures.log_of(house)
    log.path.write_text(f"2026-11-22 gone contact {emil}\n")
    assert [str(entry) for entry in log.entries()] == log.path.read_text().splitlines()
    assert (departure_log.standing(log.entries()), departures.count_returned(house), log.forgotten()) == ({}, 0, set())


def test_whoever_was_announced_has_a_month_again_and_what_was_asked_is_asked_anew(two, house, key, copy, rosa):  # noqa: F811
    """Somebody may have kept them since, or stopped it: the copy cannot know."""
    depot, _ = two
    with rosa.inside(depot):
        emil = next(one for one in Contact.at(depot.id) if one.name == "Emil")
        emil.announced_on = today() - datetime.timedelta(days=40)
        db.session.commit()
        assert len(everything(Import)) == 1
    db.session.remove()
    making.make(house, copy)
    restored(house, copy, key)
    with again(rosa).inside(site("Depot")):
        assert [(one.name, one.announced_on) for one in Contact.stale_at(site("Depot").id)] == [("Emil", today())]
        assert forget_stale(site("Depot").id) == 0
        assert everything(Import) == []
