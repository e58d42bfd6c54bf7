"""The log of who has gone: written in the transaction in which they go, by whichever server; and the file of before."""

from __future__ import annotations

import pathlib
import uuid

import pytest
import sqlalchemy as sa
from hypothesis import given, settings, strategies as st
from sqlalchemy import delete

from bulletin import db as database_module
from bulletin.backup import departure_log, departures
from bulletin.backup.departure_log import FILE, TAKEN_IN, merged, standing, whole_lines, written_before
from bulletin.db import StorageFull, db
from bulletin.domain.site.accounts.members import Member, Membership
from bulletin.domain.site.departures import NOWHERE, Departure
from tests.databases import Database
from tests.homes import ON_BOTH


def log(house) -> list[tuple[str, int]]:
    return sorted((kind, changes) for (kind, _, _), changes in departures.log_of(house).items())


@ON_BOTH
def test_a_departure_is_written_in_its_own_transaction(depot, rosa, bill, join, house):
    join(bill)
    place = bill.at(depot).id
    bill.at(depot).end()
    db.session.flush()
    db.session.rollback()
    db.session.commit()
    assert log(house) == []
    bill.at(depot).end()
    db.session.commit()
    assert departures.log_of(house) == {("place", place, NOWHERE): 1}


@ON_BOTH
def test_a_savepoint_that_is_rolled_back_is_not_written(depot, rosa, bill, join, house):
    join(bill)
    point = db.session.begin_nested()
    bill.at(depot).end()
    db.session.flush()
    point.rollback()
    db.session.commit()
    assert log(house) == []


@ON_BOTH
def test_a_savepoint_that_is_kept_is_written(depot, rosa, bill, join, house):
    join(bill)
    with db.session.begin_nested():
        bill.at(depot).end()
    db.session.commit()
    assert log(house) == [("place", 1)]


@ON_BOTH
def test_rows_deleted_by_one_statement_are_written_too(depot, rosa, bill, clara, join, house):
    join(bill)
    join(clara)
    db.session.execute(delete(Membership).where(Membership.member_id != rosa.member.id))
    db.session.commit()
    assert log(house) == [("place", 1)] * 2


def test_who_is_locked_out_and_let_in_again_is_counted(depot, rosa, bill, join, house):
    place = join(bill)
    for changes, lock in enumerate((True, False, True), 1):
        if lock:
            place.lock_out()
        else:
            place.locked_on = None
        db.session.commit()
        assert log(house) == [("lock", changes)]
    point = db.session.begin_nested()
    place.locked_on = None
    db.session.flush()
    point.rollback()
    db.session.commit()
    assert log(house) == [("lock", 3)], "what was rolled back has not changed"


def test_a_log_that_cannot_be_written_stops_the_departure(depot, rosa, bill, join, house, monkeypatch):
    join(bill)

    def full(*_):
        raise StorageFull("The disk is full.")

    bill.at(depot).end()
    monkeypatch.setattr(departures, "_insert", full)
    with pytest.raises(StorageFull):
        db.session.commit()
    db.session.remove()
    assert db.session.get(Member, bill.member.id).membership_at(depot.id) is not None


@ON_BOTH
def test_what_has_gone_is_taken_from_the_log_by_nobody_but_the_owner(depot, rosa, bill, join, house):
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no roles")
    join(bill)
    bill.at(depot).end()
    db.session.commit()
    for taken in (sa.delete(Departure), sa.update(Departure).values(kind="lock", changes=2)):
        db.session.execute(taken)
        db.session.commit()
        assert log(house) == [("place", 1)]


# The file of releases before


def before(house, *lines: str) -> pathlib.Path:
    path = pathlib.Path(house.instance_path) / FILE
    path.write_text("".join(f"2026-05-12 {line}\n" for line in lines))
    return path


def test_the_file_of_before_is_taken_in_once_and_set_aside(depot, rosa, bill, clara, join, house):
    place, locked = join(bill).id, join(clara).id
    clara.at(depot).lock_out()
    del house.extensions[departures.EXTENSION]  # a release before
    db.session.commit()
    gone, site, contact, other = (uuid.uuid4() for _ in range(4))
    path = before(
        house,
        f"going place {gone} @0123abcd",
        f"going place {place} @0123abcd",  # a crash before the commit
        f"gone site {site}",
        f"gone contact {contact} {depot.id} @0123abcd",
        f"gone contact {other}",  # of the first days: whose site's, it does not say
        f"going lock {locked} {rosa.member.id}",
        f"gone lock {locked} @0123abcd",
    )
    db.session.remove()
    known = {
        ("place", gone, NOWHERE): 1,
        ("site", site, NOWHERE): 1,
        ("contact", contact, depot.id): 1,
        ("lock", locked, NOWHERE): 1,
    }
    for _ in range(2):
        departures.take_in_file(house)
        assert departures.log_of(house) == known
    assert (path.exists(), path.with_name(TAKEN_IN).exists()) == (False, True)


def test_a_crash_between_letting_in_and_the_file_is_settled(depot, rosa, bill, join, house):
    place = join(bill).id
    before(house, f"gone lock {place}")
    db.session.remove()
    departures.take_in_file(house)
    assert departures.log_of(house) == {("lock", place, NOWHERE): 2}


def test_a_second_database_in_the_folder_takes_the_file_in_too(house, new_house):
    place = uuid.uuid4()
    before(house, f"gone place {place}")
    departures.take_in_file(house)
    neighbour = new_house("instance", Database("sqlite", "sqlite:///neighbour.db"))
    departures.take_in_file(neighbour)
    assert departures.log_of(neighbour) == departures.log_of(house) == {("place", place, NOWHERE): 1}


def test_a_file_with_lines_that_are_not_ours_stays_to_be_looked_at(house):
    place = uuid.uuid4()
    path = before(house, f"gone place {place}", "gone cat 7")
    with path.open("a") as torn:
        torn.write("2026-05-12 gone si")
    departures.take_in_file(house)
    assert departures.log_of(house) == {("place", place, NOWHERE): 1}
    assert path.exists()


@pytest.mark.parametrize(
    "line", ["", "x", f"2026-05-12 gone cat {uuid.UUID(int=7)}", "2026-05-12 gone site 12", "0 1 2 3 4 5", "0 1 2 3 @4"]
)
def test_a_line_that_is_not_ours_is_seen(line):
    assert not departure_log.is_ours(line)
    with pytest.raises(ValueError):  # noqa: PT011
        written_before([line])


LINES = st.lists(
    st.builds(
        "2026-05-12 {} {} {}{}".format,
        st.sampled_from(["going", "gone", "stays"]),
        st.sampled_from(["place", "lock", "site"]),
        st.sampled_from([uuid.UUID(int=7), uuid.UUID(int=8)]),
        st.sampled_from(["", " @0123abcd"]),
    )
)


@given(LINES, st.integers(0))
@settings(max_examples=60)
def test_of_two_copies_the_longer_has_the_last_word(lines, cut):
    whole, part = written_before(lines)[0], written_before(lines[: cut % (len(lines) + 1)])[0]
    assert merged(part, whole) == merged(whole, part) == whole
    last = {tuple(line.split(" ")[2:4]): line.split(" ")[1] for line in lines}
    assert {(kind, str(id_)) for kind, id_, _ in standing(whole)} == {one for one in last if last[one] != "stays"}
    assert whole_lines("".join(f"{line}\n" for line in lines) + "2026-05-12 go") == lines


def test_an_old_file_put_back_by_hand_is_noticed(depot, rosa, bill, join, house):
    place = join(bill).id
    db.session.commit()
    db.session.remove()
    with database_module.owners_engine(house).begin() as connection:
        departures.put(connection, {("place", place, NOWHERE): 1})
    assert departures.count_returned(house) == 1
    departures.take_in_file(house)
    assert departures.count_returned(house) == 1, "and a start does not make it right"
