"""`bulletin backup`, `bulletin restore` and `bulletin check`, as typed."""

from __future__ import annotations

import io
import os
import pathlib
import socket
import sqlite3
import subprocess
import sys

import pytest

from bulletin import cli, config, health, libraries
from bulletin.backup import envelope
from bulletin.db import db
from bulletin.domain.site.accounts.members import Member
from bulletin.press.sandbox import Wall
from bulletin.vault import keys, parcels
from tests.databases import Database

from .conftest import Person


@pytest.fixture
def database(tmp_path):
    (tmp_path / "instance").mkdir(mode=0o700)
    return Database("sqlite", "sqlite:///bulletin.db")


@pytest.fixture
def desk(house, tmp_path, monkeypatch):
    """Somebody at the machine, in a folder of their own."""
    monkeypatch.setattr(config, "INSTANCE", tmp_path / "instance")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("INSTANCE", raising=False)
    (tmp_path / "desk").mkdir()
    monkeypatch.chdir(tmp_path / "desk")
    return tmp_path / "desk"


def said(capsys, *words, status=0):
    assert cli.main(list(words)) == status
    return capsys.readouterr()


class Terminal(io.StringIO):
    """Somebody who types."""

    def isatty(self) -> bool:
        return True


def test_a_key_a_backup_and_a_restore_as_typed(depot, rosa, desk, capsys, monkeypatch):
    db.session.remove()
    shown = said(capsys, "backup", "--new-key")
    assert envelope.KEY in shown.out
    assert envelope.KEY not in shown.err.replace(shown.out, "")
    assert "shown this once" in shown.err
    (desk / "key.txt").write_text(shown.out)
    assert "all of 1 group and 1 member" in said(capsys, "backup", "copy.age").out
    refused = said(capsys, "restore", "copy.age", "--key", "key.txt", status=1)
    assert "--replace" in refused.err
    assert refused.err.count("\n") == 1
    Person("Dora")
    db.session.commit()
    db.session.remove()
    bring_back = "restore", "copy.age", "--key", "key.txt", "--replace"
    refused = said(capsys, *bring_back, status=1)
    assert "1 group, 1 member" in refused.out
    assert "takes the place of 1 group and 2 members" in refused.out
    assert "add --yes" in refused.err, "a script must say so"
    monkeypatch.setattr("sys.stdin", Terminal("no\n"))
    assert said(capsys, *bring_back, status=1).err == "Nothing was touched.\n"
    assert db.session.query(Member).count() == 2
    db.session.remove()
    monkeypatch.setattr("sys.stdin", Terminal("yes\n"))
    assert "Everything is as it was on 20" in said(capsys, *bring_back).out
    assert db.session.query(Member).count() == 1


def test_into_another_database(depot, desk, tmp_path, capsys):
    db.session.remove()
    (desk / "key.txt").write_text(said(capsys, "backup", "--new-key").out)
    said(capsys, "backup", "copy.age")
    said(capsys, "restore", "copy.age", "--key", "key.txt", "--yes", "--into", f"sqlite:///{tmp_path}/other.db")
    assert (tmp_path / "other.db").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "words",
    [
        ["backup", "copy.age"],
        ["backup", "nowhere/copy.age"],
        ["restore", "nowhere.age", "--key", "nowhere.txt"],
        ["restore", "nowhere.age", "--key", "key.txt"],
        ["restore", "key.txt", "--key", "key.txt"],
        ["restore", "key.txt", "--key", "key.txt", "--into", "mysql://x/y"],
        ["restore", "key.txt", "--key", "key.txt", "--log", "nowhere.log"],
        ["restore", "key.txt", "--key", "key.txt", "--log", "key.txt"],
        ["restore", "key.txt", "--key", "key.txt", "--into", "postgresql://nobody@/nothing?host=/nowhere"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_is_one_sentence(desk, tmp_path, capsys, words):
    (desk / "key.txt").write_text(envelope.new_key(tmp_path) + "\n")
    shown = said(capsys, *words, status=1)
    assert shown.err.count("\n") == 1
    assert shown.out == ""


def test_another_folder_than_that_beside_the_program(depot, desk, tmp_path, capsys, monkeypatch):
    db.session.remove()
    (desk / "key.txt").write_text(said(capsys, "backup", "--new-key").out)
    said(capsys, "backup", "copy.age")
    monkeypatch.setenv("INSTANCE", "elsewhere")  # from where one stands
    said(capsys, "backup", "--new-key")
    said(capsys, "restore", "copy.age", "--key", "key.txt", "--yes")
    assert {"bulletin.db", envelope.RECIPIENT} <= {path.name for path in (desk / "elsewhere").iterdir()}


@pytest.fixture
def newer(depot, desk, tmp_path):
    """The database is one of a later program."""
    db.session.remove()
    db.engine.dispose()
    connection = sqlite3.connect(tmp_path / "instance" / "bulletin.db")
    connection.execute("UPDATE alembic_version SET version_num = 'ffffffffffff'")
    connection.commit()
    connection.close()


NEWER = "This database was made by a newer Bulletin: update this one first.\n"


def test_a_database_of_a_later_program_is_one_sentence(newer, desk, capsys, monkeypatch):
    (desk / "key.txt").write_text(said(capsys, "backup", "--new-key").out)
    assert said(capsys, "backup", "copy.age", status=1).err == NEWER
    assert said(capsys, "restore", "copy.age", "--key", "key.txt", "--replace", status=1).err == NEWER
    for about_the_press in ("press", "print_jobs"):
        monkeypatch.setattr(health.machine, about_the_press, lambda _: iter(()))
    shown = said(capsys, "check", status=1)
    assert "broken     database: a newer Bulletin made it: update this one." in shown.out
    assert shown.err == ""


def test_serving_does_not_begin_with_it_either(newer, tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    there = {**os.environ, "INSTANCE": str(tmp_path / "instance"), "PORT": port}
    command = [sys.executable, "-m", "bulletin", "serve"]
    done = subprocess.run(
        command, cwd=pathlib.Path(config.__file__).parents[1], env=there, capture_output=True, text=True, timeout=300
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, "", NEWER)


def test_check_says_a_line_for_each_thing_and_fails_where_one_is_broken(desk, depot, capsys, monkeypatch):
    db.session.remove()

    class PressOfPaste:
        def start(self): ...

        def works(self):
            return True

        def walls(self):
            return set(Wall)

    from bulletin.press import jobs

    monkeypatch.setattr(jobs, "Press", PressOfPaste)
    monkeypatch.setattr(libraries, "missing", list)
    lines = said(capsys, "check").out.splitlines()
    assert [line.split(": ")[0].split("  ")[-1].strip() for line in lines] == [
        "this folder",
        "disk",
        "database",
        "keys",
        "clock",
        "fonts",
        "libraries",
        "press",
        "print jobs",
        "backups",
        "departures",
        "refused",
    ]
    monkeypatch.setattr(libraries, "missing", lambda: ["libpango-1.0-0"])
    assert "broken     libraries" in said(capsys, "check", status=1).out


def test_what_a_site_took_along_opens_without_an_installation(tmp_path, capsys, monkeypatch):
    """`bulletin open` asks for the words, leaves a folder for its owner only, and overwrites nothing."""
    monkeypatch.setattr(keys, "COST", keys.Cost(memory_kib=8, passes=1))
    file = tmp_path / "site.sealed"
    words = "six words of hers on paper"
    file.write_bytes(parcels.seal(b"PK all of it", words))
    for typed, status in (
        ("other words\n", 1),
        ("Six words of hers on paper\n", 0),
        ("six words of hers on paper\n", 1),
    ):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        told = said(capsys, "open", str(file), status=status)
        assert (tmp_path / "site.zip").exists() == (status == 0 or "exists" in told.err)
    assert (tmp_path / "site.zip").read_bytes() == b"PK all of it"
    assert (tmp_path / "site.zip").stat().st_mode & 0o777 == 0o600
    monkeypatch.setattr("sys.stdin", io.StringIO(words))
    file.write_bytes(b"a photograph")
    assert "not such a file" in said(capsys, "open", str(file), status=1).err
