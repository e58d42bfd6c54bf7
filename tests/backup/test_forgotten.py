"""Who asked to be forgotten stays forgotten: no restore brings them back, under whatever id they had."""

from __future__ import annotations

import datetime
import pathlib
import time
import uuid

import pytest
from sqlalchemy import select

from bulletin import cli
from bulletin.backup import departures, making
from bulletin.backup.departure_log import Log
from bulletin.db import db, owners_engine, today
from bulletin.domain.actions.actions import Action
from bulletin.domain.actions.turnouts import Turnout
from bulletin.domain.people import erasure, forgetting
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
from tests.homes import ON_BOTH

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


def gone(house, kind: str = "contact") -> int:
    return [name[0] for name in departures.log_of(house)].count(kind)


def write(house, log: Log) -> None:
    """Into the log of departures, past everybody."""
    with owners_engine(house).begin() as connection:
        departures.put(connection, log)


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


@pytest.fixture
def typed(monkeypatch, capsys):
    """typed(instance, database, *words): a command of ours; what it said."""

    def run(instance: pathlib.Path, at: Database, *words: str) -> str:
        there = {"INSTANCE": str(instance), "DATABASE_URL": at.url, "DATABASE_OWNER_URL": at.owner_url}
        for name, value in there.items():
            monkeypatch.setenv(name, value)
        assert cli.main([*words]) == 0
        return str(capsys.readouterr().out)

    return run


def test_as_typed_whoever_was_forgotten_since_does_not_come_back(
    two, house, database, key, tmp_path, rosa, typed, request
):
    instance = pathlib.Path(house.instance_path)
    db.session.remove()
    typed(instance, database, "backup", str(tmp_path / "copy.age"))
    forget(site("Depot"), again(rosa), "Dora")
    assert gone(house) == 2, "both of her ids"
    db.session.remove()
    bring_back = "restore", str(tmp_path / "copy.age"), "--key", str(key), "--yes"
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
    # The copy knows nothing of it; a later one does.
    typed(instance, database, "backup", str(tmp_path / "later.age"))
    assert "stays forgotten" not in typed(tmp_path / "fresh", fresh, *bring_back)
    said = typed(tmp_path / "fresh", fresh, *bring_back, "--replace", "--log", str(tmp_path / "later.age"))
    assert "1 contact stays forgotten" in said


@ON_BOTH
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
    assert (gone(house), gone(house, "site")) == (0, 1)


def test_whoever_was_not_forgotten_after_all_is_not_in_the_log(two, house, rosa):
    depot, _ = two
    with rosa.inside(depot):
        point = db.session.begin_nested()
        erasure.forget(next(one for one in Contact.at(depot.id) if one.name == "Emil"))
        db.session.flush()
        point.rollback()
        db.session.commit()
    assert gone(house) == 0


def test_an_old_file_put_back_by_hand_is_noticed(two, house, rosa):
    depot, _ = two
    with rosa.inside(depot):
        ids = list(db.session.scalars(select(Contact.id)))
        depot_id = depot.id
    db.session.remove()
    write(house, {("contact", id_, depot_id): 1 for id_ in ids})
    assert departures.count_returned(house) == len(ids) == 3


def test_a_log_of_ten_thousand_lines_stays_quick(two, house, key, copy, rosa):  # noqa: F811
    db.session.remove()
    making.make(house, copy)
    mill = site("Mill").id
    db.session.remove()
    write(house, {("contact", uuid.uuid4(), mill): 1 for _ in range(10_000)})
    again(rosa)
    begun = time.process_time()
    forget(site("Depot"), rosa, "Dora")
    assert time.process_time() - begun < 1
    begun = time.process_time()
    assert departures.count_returned(house) == 0
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
    assert [name for name in departures.log_of(house) if name[2] == mill_id] == [("contact", emil, mill_id)]
    assert departures.count_returned(house) == 0, "the other one is no sign of an old file"
    assert "1 contact stays forgotten" in "".join(restored(house, copy, key))
    with again(rosa).inside(site("Depot")):
        assert [one.name for one in Contact.at(site("Depot").id)] == ["Dora", "Emil"]
    with again(bill).inside(site("Mill")):
        assert [one.name for one in Contact.at(site("Mill").id)] == ["Fay"]


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


# Hidden, to be forgotten in a week


def hide(place, person, name: str, *, asked: bool = False) -> None:
    with person.inside(place):
        forgetting.begin(person.at(place), next(one for one in Contact.at(place.id) if one.name == name), asked=asked)
        db.session.commit()


@ON_BOTH
def test_who_was_hidden_since_the_backup_comes_back_hidden_with_a_week_anew(two, house, key, copy, rosa):  # noqa: F811
    db.session.remove()
    making.make(house, copy)
    hide(site("Depot"), again(rosa), "Dora")
    db.session.remove()
    hidden = "3 contacts are hidden, to be forgotten in a week unless a member stops it."
    assert hidden in restored(house, copy, key), "both of her ids, and Finn, who was hidden before"
    depot = site("Depot")
    with again(rosa).inside(depot):
        assert [one.name for one in Contact.at(depot.id, gone=True)] == ["Emil"]
        (dora,) = [one for one in forgetting.waiting(depot.id) if one.contact.name == "Dora"]
        assert (dora.wish, dora.due_on) == (None, today() + forgetting.STOPPABLE_FOR)
        forgetting.stop(rosa.at(depot), dora, "Nobody knows why")
        db.session.commit()
        assert [one.name for one in Contact.at(depot.id)] == ["Dora", "Emil"]
    assert departures.count_returned(house) == 0


def test_who_was_shown_again_since_the_backup_is_shown(two, house, key, copy, rosa):  # noqa: F811
    hide(site("Depot"), again(rosa), "Dora")
    db.session.remove()
    making.make(house, copy)
    depot = site("Depot")
    with again(rosa).inside(depot):
        dora = next(one for one in forgetting.waiting(depot.id) if one.contact.name == "Dora")
        forgetting.stop(rosa.at(depot), dora, "She is with us")
        db.session.commit()
    db.session.remove()
    restored(house, copy, key)
    depot = site("Depot")
    with again(rosa).inside(depot):
        assert [one.name for one in Contact.at(depot.id)] == ["Dora", "Emil"]


def test_who_was_hidden_in_the_backup_is_still_waiting_and_says_who_asked(two, house, key, copy, rosa, tmp_path):  # noqa: F811
    hide(site("Depot"), again(rosa), "Dora", asked=True)
    db.session.remove()
    making.make(house, copy)
    restored(house, copy, key)
    depot = site("Depot")
    with again(rosa).inside(depot):
        dora = next(one for one in forgetting.waiting(depot.id) if one.contact.name == "Dora")
        assert (dora.wish.by, dora.wish.asked) == ("Rosa", True)
