"""Who asked to be forgotten stays forgotten: no restore brings them back, under whatever id they had."""

from __future__ import annotations

import pathlib
import time
import uuid

import pytest
from sqlalchemy import select

from bulletin.backup import departed, making
from bulletin.backup.departed import Entry, State
from bulletin.db import db, today
from bulletin.domain import departures
from bulletin.domain.actions import Action
from bulletin.domain.contacts import Contact
from bulletin.domain.conversations import Conversation
from bulletin.domain.follow_ups import FollowUp
from bulletin.domain.founding import found_site
from bulletin.domain.turnouts import Turnout
from tests.databases import Database
from tests.domain.conftest import ABOUT
from tests.full_site import notebook

from .test_every_table import typed
from .test_restoring import again, copy, everything, restored, site  # noqa: F401

OF_PEOPLE = (Contact, Conversation, FollowUp, Turnout)


def added(place, name: str) -> Contact:
    contact = Contact.add(place.id, name, by="Rosa")
    db.session.flush()
    return contact


def forget(place, person, name: str) -> None:
    with person.inside(place):
        next(one for one in Contact.at(place.id) if one.name == name).forget()
        db.session.commit()


def lines(house, kind: str = "contact") -> list[State]:
    return [entry.state for entry in departed.log_of(house).entries() if entry.kind == kind]


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


def test_as_typed_whoever_was_forgotten_since_does_not_come_back(two, house, database, key, tmp_path, rosa, request):
    instance = pathlib.Path(house.instance_path)
    db.session.remove()
    typed(instance, database, "backup", str(tmp_path / "copy.age"))
    forget(site("Depot"), again(rosa), "Dora")
    assert lines(house).count(State.GONE) == 2, "both of her ids"
    assert "Dora" not in (instance / departed.FILE).read_text()
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
    said = typed(tmp_path / "fresh", fresh, *bring_back, "--replace", "--log", str(instance / departed.FILE))
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
        emil.merge(Contact.of(depot.id, twin_id, to_change=True))
        db.session.commit()
    forget(depot, rosa, "Emil")
    forget(mill, bill, "Fay")
    said = restored(house, copy, key)
    assert "3 contacts stay forgotten, with all that was noted of them." in said, "two of them were one person since"
    with again(rosa).inside(site("Depot")):
        assert [one.name for one in Contact.at(site("Depot").id)] == ["Dora"]
    with again(bill).inside(site("Mill")):
        assert everything(Contact) == []
    assert departed.come_back(house) == 0


def test_a_site_that_is_deleted_is_one_line(two, house, rosa, bill):
    _, mill = two
    with bill.inside(mill):
        departures.leave(bill.at(mill))
        db.session.commit()
    assert lines(house) == []
    assert lines(house, "site") == [State.GOING, State.GONE]


def test_whoever_was_not_forgotten_after_all_is_not_in_the_log(two, house, rosa):
    depot, _ = two
    with rosa.inside(depot):
        point = db.session.begin_nested()
        next(one for one in Contact.at(depot.id) if one.name == "Emil").forget()
        db.session.flush()
        point.rollback()
        db.session.commit()
    assert lines(house) == []


@pytest.mark.parametrize(("went", "state"), [(True, State.GONE), (False, State.STAYS)])
def test_a_crash_before_it_was_done_is_settled_at_the_next_start(two, house, rosa, went, state):
    depot, _ = two
    with rosa.inside(depot):
        emil = next(one for one in Contact.at(depot.id) if one.name == "Emil").id
    if went:
        del house.extensions[departed.EXTENSION]
        forget(depot, rosa, "Emil")
    db.session.remove()
    departed.log_of(house).append([Entry(today(), State.GOING, "contact", emil)])
    departed.settle(house)
    assert departed.standing(departed.log_of(house).entries())["contact", emil].state is state


def test_an_old_file_put_back_by_hand_is_noticed(two, house, rosa):
    depot, _ = two
    with rosa.inside(depot):
        ids = list(db.session.scalars(select(Contact.id)))
    db.session.remove()
    departed.log_of(house).append(Entry(today(), State.GONE, "contact", id_) for id_ in ids)
    assert departed.come_back(house) == len(ids) == 3


def test_a_log_of_ten_thousand_lines_stays_quick(two, house, key, copy, rosa):  # noqa: F811
    db.session.remove()
    making.make(house, copy)
    log = departed.log_of(house)
    log.append(Entry(today(), State.GONE, "contact", uuid.uuid4(), where=log.where) for _ in range(10_000))
    again(rosa)
    begun = time.monotonic()
    forget(site("Depot"), rosa, "Dora")
    assert time.monotonic() - begun < 1
    begun = time.monotonic()
    assert departed.come_back(house) == 0
    departed.settle(house)
    assert time.monotonic() - begun < 2
    begun = time.monotonic()
    assert "1 contact stays forgotten, with all that was noted of them." in restored(house, copy, key)
    assert time.monotonic() - begun < 10
