"""The log of who has gone: written before it is so, settled after, never wrong by a crash."""

from __future__ import annotations

import datetime
import pathlib
import uuid

import pytest
from sqlalchemy import delete

from bulletin.backup import departure_log, departures
from bulletin.backup.departure_log import Departure, Progress
from bulletin.db import StorageFull, db
from bulletin.domain.site.members import Member, Membership
from tests.databases import Database

DAY = datetime.date(2026, 5, 12)


def log(house) -> list[tuple[Progress, str]]:
    return [(entry.state, entry.kind) for entry in departures.log_of(house).entries()]


def test_a_departure_is_written_before_it_is_so(depot, rosa, bill, join, house):
    join(bill)
    bill.at(depot).end()
    db.session.flush()
    assert log(house) == [], "not before the commit"
    db.session.commit()
    assert log(house) == [(Progress.GOING, "place"), (Progress.GONE, "place")]
    path = pathlib.Path(house.instance_path) / departure_log.FILE
    assert path.stat().st_mode & 0o777 == 0o600
    assert "Bill" not in path.read_text()


def test_what_is_rolled_back_is_not_written(depot, rosa, bill, join, house):
    join(bill)
    bill.at(depot).end()
    db.session.flush()
    db.session.rollback()
    db.session.commit()
    assert log(house) == []


def test_a_savepoint_that_is_rolled_back_is_not_written(depot, rosa, bill, join, house):
    join(bill)
    point = db.session.begin_nested()
    bill.at(depot).end()
    db.session.flush()
    point.rollback()
    db.session.commit()
    assert log(house) == []


def test_a_savepoint_that_is_kept_is_written(depot, rosa, bill, join, house):
    join(bill)
    with db.session.begin_nested():
        bill.at(depot).end()
    db.session.commit()
    assert log(house) == [(Progress.GOING, "place"), (Progress.GONE, "place")]


def test_rows_deleted_by_one_statement_are_written_too(depot, rosa, bill, clara, join, house):
    join(bill)
    join(clara)
    db.session.execute(delete(Membership).where(Membership.member_id != rosa.member.id))
    db.session.commit()
    assert log(house) == [(Progress.GOING, "place")] * 2 + [(Progress.GONE, "place")] * 2


def test_a_log_that_cannot_be_written_stops_the_departure(depot, rosa, bill, join, house, monkeypatch):
    join(bill)

    def full(*_):
        raise StorageFull("The disk is full.")

    bill.at(depot).end()
    monkeypatch.setattr(departure_log.Log, "append", full)
    with pytest.raises(StorageFull):
        db.session.commit()
    db.session.remove()
    assert db.session.get(Member, bill.member.id).membership_at(depot.id) is not None


@pytest.mark.parametrize(("went", "state"), [(True, Progress.GONE), (False, Progress.STAYS)])
def test_a_crash_between_the_log_and_the_commit_is_settled_at_the_next_start(
    depot, rosa, bill, join, house, went, state
):
    place = join(bill).id
    if went:
        del house.extensions[departures.EXTENSION]
        bill.at(depot).end()
        db.session.commit()
    departures.log_of(house).append([Departure(DAY, Progress.GOING, "place", place)])
    db.session.remove()
    departures.reconcile(house)
    assert departure_log.standing(departures.log_of(house).entries())["place", place].state is state
    before = log(house)
    departures.reconcile(house)
    assert log(house) == before


@pytest.fixture
def neighbour(house, new_house):
    """Another installation in the same folder, with a database of its own."""
    return new_house("instance", Database("sqlite", "sqlite:///neighbour.db"))


def test_what_is_open_in_one_database_is_not_settled_by_another_beside_it(depot, rosa, bill, join, house, neighbour):
    place = join(bill).id
    bill.at(depot).lock_out()
    db.session.commit()
    theirs = departures.log_of(house)
    theirs.append([Departure(DAY, Progress.GOING, "place", place, where=theirs.where)])
    before = theirs.entries()
    db.session.remove()
    departures.reconcile(neighbour)
    assert theirs.entries() == before
    departures.reconcile(house)
    said = departure_log.standing(theirs.entries())
    assert (said["place", place].state, said["lock", place].state) == (Progress.STAYS, Progress.GONE)


def test_each_line_says_from_which_database_it_went(depot, rosa, bill, join, house, neighbour):
    join(bill)
    bill.at(depot).lock_out()
    db.session.commit()
    db.session.delete(Membership.of(bill.member, depot.id))
    db.session.commit()
    log = departures.log_of(house)
    assert {entry.where for entry in log.entries()} == {log.where}
    assert departures.log_of(neighbour).where != log.where
    for word in ("bulletin", "test", "/"):
        assert word not in log.path.read_text()


def test_a_line_from_before_lines_said_so_is_read_and_settled(depot, rosa, bill, join, house):
    place, by = join(bill).id, uuid.uuid4()
    old = f"2026-05-12 going place {place}\n2026-05-12 gone lock {place} {by}\n"
    log = departures.log_of(house)
    log.path.write_text(old)
    assert "".join(f"{entry}\n" for entry in log.entries()) == old
    assert log.entries()[1].by == by
    db.session.remove()
    departures.reconcile(house)
    said = departure_log.standing(log.entries())
    assert [entry.state for entry in said.values()] == [Progress.STAYS, Progress.STAYS]
    assert said["lock", place].by == by
    assert Departure.read(str(said["lock", place])) == said["lock", place]


def test_a_torn_line_is_cut_off_before_the_next(tmp_path):
    file = departure_log.Log(tmp_path / departure_log.FILE)
    one, other = (Departure(DAY, Progress.GONE, "site", uuid.uuid4()) for _ in range(2))
    file.append([one])
    with file.path.open("a") as torn:
        torn.write("2026-05-12 gone si")
    assert file.entries() == [one]
    file.append([other])
    assert file.entries() == [one, other]


@pytest.mark.parametrize(
    "line", ["", "x", f"2026-05-12 gone cat {uuid.UUID(int=7)}", "2026-05-12 gone site 12", "0 1 2 3 4 5", "0 1 2 3 @4"]
)
def test_a_line_that_is_not_ours_is_seen(tmp_path, line):
    (tmp_path / departure_log.FILE).write_text(f"{line}\n")
    with pytest.raises(ValueError):  # noqa: PT011
        departure_log.Log(tmp_path / departure_log.FILE).entries()


def test_of_two_copies_the_longer_has_the_last_word():
    place = uuid.uuid4()
    going, stays = Departure(DAY, Progress.GOING, "place", place), Departure(DAY, Progress.STAYS, "place", place)
    for logs in ([[going], [going, stays]], [[going, stays], [going]]):
        assert departure_log.standing(departure_log.merged(logs))["place", place] == stays


def test_an_old_file_put_back_by_hand_is_noticed(depot, rosa, bill, join, house):
    place = join(bill).id
    departures.log_of(house).append([Departure(DAY, Progress.GONE, "place", place)])
    db.session.remove()
    assert departures.count_returned(house) == 1
    departures.reconcile(house)
    assert departures.count_returned(house) == 1, "and a start does not make it right"


def test_every_process_knows_who_has_gone_without_reading_it_all_again(tmp_path):
    one, other = (departure_log.Log(tmp_path / departure_log.FILE) for _ in range(2))
    jo, bill, clara, depot = (uuid.uuid4() for _ in range(4))
    assert not one.has_gone("contact", jo)
    other.append([Departure(DAY, Progress.GOING, "contact", jo), Departure(DAY, Progress.GOING, "contact", bill)])
    assert one.has_gone("contact", jo)
    assert not one.has_gone("member", jo)
    other.append([Departure(DAY, Progress.GONE, "contact", clara, site=depot)])
    assert one.has_gone("contact", clara, depot)
    assert not one.has_gone("contact", clara, uuid.uuid4()), "another site's is another"
    read = one._read
    other.append([Departure(DAY, Progress.STAYS, "contact", jo), Departure(DAY, Progress.GONE, "contact", bill)])
    with one.path.open("a") as file:
        file.write("not ours\n2026-05-12 gone con")
    assert [log.has_gone("contact", jo) for log in (one, other)] == [False, False]
    assert [log.has_gone("contact", bill) for log in (one, other)] == [True, True]
    assert read < one._read < one.path.stat().st_size, "what is still being written is read when it is whole"
    one.path.write_text(f"{Departure(DAY, Progress.GONE, 'contact', jo)}\n")
    assert one.has_gone("contact", jo), "put there anew"
