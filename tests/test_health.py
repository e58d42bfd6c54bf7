"""What `bulletin check` sees: each thing in order, and each thing wrong."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import pathlib
import shutil
import sqlite3

import pytest
import sqlalchemy as sa

from bulletin import db as database_module, health, libraries
from bulletin.backup import departure_log, departures, envelope, making
from bulletin.config import Settings
from bulletin.db import db, now
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.departures import NOWHERE, Departure
from bulletin.health import Severity
from bulletin.press import faces
from bulletin.press.sandbox import Wall
from bulletin.sentences import say_code
from tests.backup.conftest import (  # noqa: F401
    bill,
    cheap_words,
    clara,
    database,
    depot,
    house,
    join,
    key,
    new_house,
    open_house,
    postgresql,
    rosa,
    session,
)
from tests.homes import ON_BOTH, ON_SQLITE, home_mostly_on_sqlite  # noqa: F401


class PressOfPaste:
    """Prints without ink."""

    def __init__(self, *, works=True, walls=frozenset(Wall)):
        self.sound = works
        self.standing = walls

    def start(self): ...

    def works(self):
        return self.sound

    def walls(self):
        return self.standing


@pytest.fixture
def instance(house):  # noqa: F811
    return pathlib.Path(house.instance_path)


@pytest.fixture
def bare(tmp_path):
    """An installation that was never started."""
    return open_house(Settings(), tmp_path / "bare")


def said_of(app, what: str, *, works: bool = True) -> list[tuple[Severity, str]]:
    return [
        (found.state, found.sentence) for found in health.look(app, PressOfPaste(works=works)) if found.what == what
    ]


def states(found):
    return [state for state, _ in found]


@pytest.fixture(autouse=True)
def all_libraries(monkeypatch):
    monkeypatch.setattr(libraries, "missing", list)


@pytest.fixture
def check(house, session):  # noqa: F811
    """check("keys"): what is said of it, each with its state."""

    def look(what: str) -> list[tuple[Severity, str]]:
        db.session.remove()
        return said_of(house, what)

    return look


@ON_BOTH
def test_a_house_in_order_has_nothing_broken(depot, house, key, check, tmp_path):  # noqa: F811
    db.session.remove()
    making.make(house, tmp_path / "copy.age")
    found = list(health.look(house, PressOfPaste()))
    assert {finding.state for finding in found} <= {Severity.OK, Severity.LOOK}
    assert [finding.what for finding in found if finding.state is Severity.LOOK] in ([], ["disk"])


def test_an_empty_house_is_in_order_and_stays_empty(bare):
    found = {finding.what: finding.state for finding in health.look(bare, PressOfPaste())}
    assert Severity.BROKEN not in {found["database"], found["keys"], found["this folder"], found["departures"]}
    assert not pathlib.Path(bare.instance_path).exists()


def test_a_folder_that_others_can_read(bare):
    instance = pathlib.Path(bare.instance_path)
    instance.mkdir(mode=0o700)
    assert states(said_of(bare, "this folder")) == [Severity.OK]
    (instance / departure_log.FILE).touch(mode=0o644)
    instance.chmod(0o755)
    found = said_of(bare, "this folder")
    assert states(found) == [Severity.BROKEN, Severity.BROKEN]
    assert "chmod 700" in found[0][1]


def test_what_a_cut_off_restore_left_is_pointed_to(bare):
    instance = pathlib.Path(bare.instance_path)
    instance.mkdir(mode=0o700)
    (instance / ".restore-abc").mkdir()
    assert states(said_of(bare, "this folder")) == [Severity.OK, Severity.LOOK]


@pytest.mark.parametrize(("free", "state"), [(10**10, Severity.OK), (10**8, Severity.LOOK), (10**6, Severity.BROKEN)])
def test_a_disk_that_fills_up(bare, monkeypatch, free, state):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: type("Usage", (), {"free": free}))
    assert states(said_of(bare, "disk")) == [state]


@ON_SQLITE
def test_a_damaged_file(house, instance, depot, check):  # noqa: F811
    path = instance.parent / "home.db"
    db.session.remove()
    db.engine.dispose()
    with contextlib.closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = bytearray(path.read_bytes())
    for page in range(4096, len(whole), 4096):
        whole[page : page + 60] = b"\xff" * 60
    path.write_bytes(whole)
    assert states(check("database")) == [Severity.BROKEN]


def test_a_database_that_does_not_answer(tmp_path):
    app = open_house(Settings(database_url="postgresql://x@/y?host=/nowhere"), tmp_path)
    found = {finding.what: finding.state for finding in health.look(app, PressOfPaste())}
    assert found["database"] is Severity.BROKEN


@pytest.fixture
def served_by(postgresql, new_house):  # noqa: F811
    """served_by("postgres", …): what is said of a database whose pages use that role, after what an admin did to it."""

    def look(role: str, *deeds: str) -> list[tuple[Severity, str]]:
        there = postgresql.new()
        name = sa.make_url(there.url).database
        app = new_house(role, dataclasses.replace(there, url=postgresql.url(name, role)))
        postgresql.as_admin(name, *deeds)
        return said_of(app, "database")

    return look


@pytest.mark.parametrize(
    ("role", "deeds"),
    [
        ("bulletin_app", []),
        ("bulletin_app", ["ALTER TABLE event NO FORCE ROW LEVEL SECURITY"]),
        ("bulletin_owner", []),
    ],
)
def test_a_role_that_row_level_security_holds(served_by, role, deeds):
    assert states(served_by(role, *deeds)) == [Severity.OK]


@pytest.mark.parametrize(
    ("role", "deeds", "advice"),
    [
        ("postgres", [], "postgres is a superuser"),
        ("bulletin_app", ["ALTER ROLE bulletin_app BYPASSRLS"], "ALTER ROLE bulletin_app NOBYPASSRLS"),
        ("bulletin_owner", ["ALTER TABLE event NO FORCE ROW LEVEL SECURITY"], "bulletin_owner at the table event"),
        (
            "bulletin_app",
            ["GRANT bulletin_owner TO bulletin_app", "ALTER TABLE event NO FORCE ROW LEVEL SECURITY"],
            "event",
        ),
        ("bulletin_app", ["ALTER TABLE event DISABLE ROW LEVEL SECURITY"], "ALTER TABLE event ENABLE"),
    ],
)
def test_a_role_that_it_does_not_hold(served_by, postgresql, role, deeds, advice):  # noqa: F811
    try:
        (_, whole), (state, sentence) = served_by(role, *deeds)
    finally:  # roles belong to the whole server
        postgresql.as_admin(
            "postgres", "ALTER ROLE bulletin_app NOBYPASSRLS", "REVOKE bulletin_owner FROM bulletin_app"
        )
    assert "whole" in whole
    assert state is Severity.LOOK
    assert advice in sentence


def test_the_advice_about_a_table_can_be_taken(served_by):
    (_, _), (_, sentence) = served_by("bulletin_owner", "ALTER TABLE event NO FORCE ROW LEVEL SECURITY")
    assert states(
        served_by("bulletin_owner", "ALTER TABLE event NO FORCE ROW LEVEL SECURITY", sentence.partition(": ")[2])
    ) == [Severity.OK]


def test_a_site_whose_key_nobody_has(depot, check, rosa, session):  # noqa: F811
    assert states(check("keys")) == [Severity.OK]
    db.session.delete(db.session.query(Membership).one())
    db.session.commit()
    assert states(check("keys")) == [Severity.BROKEN]


def test_a_clock_that_went_back(depot, check, monkeypatch):  # noqa: F811
    assert states(check("clock")) == [Severity.OK]
    real = now()
    monkeypatch.setattr(database_module, "now", lambda: real - datetime.timedelta(days=1))
    assert states(check("clock")) == [Severity.BROKEN]
    monkeypatch.setattr(database_module, "now", lambda: real.replace(year=1970))
    assert states(check("clock")) == [Severity.BROKEN]


def test_a_font_that_is_empty(bare, monkeypatch, tmp_path):
    assert states(said_of(bare, "fonts")) == [Severity.OK]
    (tmp_path / "print").mkdir()
    (tmp_path / "print" / "Text.ttf").touch()
    monkeypatch.setattr(faces, "FONTS", tmp_path)
    assert states(said_of(bare, "fonts")) == [Severity.BROKEN]


def test_a_press_that_prints_nothing(bare):
    assert states(said_of(bare, "press")) == [Severity.OK]
    assert states(said_of(bare, "press", works=False)) == [Severity.BROKEN]


@pytest.mark.parametrize("wall", Wall)
def test_what_a_print_job_could_reach_is_said_in_plain_words(bare, wall):
    assert states(said_of(bare, "print jobs")) == [Severity.OK]
    press = PressOfPaste(walls=frozenset(Wall) - {wall})
    [told] = [found for found in health.look(bare, press) if found.what == "print jobs"]
    assert (told.state, told.sentence) == (Severity.LOOK, say_code(wall))


def test_no_key_no_backup_an_old_backup(depot, instance, house, check, tmp_path):  # noqa: F811
    assert "--new-key" in check("backups")[0][1]
    envelope.new_key(instance)
    assert "none has been made" in check("backups")[0][1]
    making.make(house, tmp_path / "copy.age")
    assert states(check("backups")) == [Severity.OK]
    (instance / making.LAST).write_text(f"{database_module.today() - datetime.timedelta(days=8)}\n")
    assert states(check("backups")) == [Severity.LOOK]


def test_somebody_who_had_gone_is_there_again(depot, house, check, rosa):  # noqa: F811
    place = rosa.at(depot).id
    assert states(check("departures")) == [Severity.OK]
    db.session.remove()
    with database_module.owners_engine(house).begin() as connection:
        departures.put(connection, {("place", place, NOWHERE): 1})
    assert states(check("departures")) == [Severity.BROKEN]


def test_an_old_database_put_back_by_hand(depot, house, check, bill, join):  # noqa: F811
    """Its log is as old as it is: how many had gone is noted beside it."""
    join(bill)
    db.session.commit()
    bill.at(depot).end()
    db.session.commit()
    assert states(check("departures")) == [Severity.OK]
    with database_module.owners_engine(house).begin() as connection:
        connection.execute(sa.delete(Departure))
    assert "an old copy" in check("departures")[0][1]


def test_a_file_of_a_release_before_with_lines_of_somebody_else(depot, house, check):  # noqa: F811
    before = pathlib.Path(house.instance_path) / departure_log.FILE
    before.write_text(f"2026-05-12 gone place {depot.id}\n")
    assert states(check("departures")) == [Severity.OK]
    before.write_text("not ours\n")
    assert states(check("departures")) == [Severity.BROKEN]
