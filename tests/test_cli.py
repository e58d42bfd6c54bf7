"""The `bulletin` command: what it writes, what it says, and its exit status."""

from __future__ import annotations

import contextlib
import os
import socket
import sqlite3
import stat
import subprocess
import sys

import pytest

from bulletin import cli, libraries, printing, serving
from bulletin.backup import Refused
from bulletin.config import Settings
from bulletin.db import Unusable
from bulletin.press import jobs
from bulletin.press.mistake import PictureError, Unfit
from bulletin.press.pictures import PreparedPicture
from bulletin.press.typesetting import Setting
from tests.refusals import refused, too_long

GOOD = """---
kind: regular
masthead: The Northfield Driver
site: Northfield Depot
number: 7
date: 2026-11-23
language: en
headline: Nobody drives alone
reply: https://example.org/r/k7
imprint: Printed and published by drivers at Northfield
---
Three drivers were sent home on Monday. The whole shift went with them.
"""
WRONG = GOOD.replace("date: 2026-11-23", "date: someday")


class PressOfPaste:
    """Prints without ink, but says what it was asked."""

    def start(self):
        pass

    def prepare(self, data):
        if not data.startswith(b"a picture"):
            raise PictureError(Unfit.NO_PICTURE)
        return PreparedPicture(data.upper(), 600, 400)

    def print(self, manuscript, *, paper="a4", fit=True, pictures=None):
        if manuscript.headline == "Too long":
            raise too_long(11, 70)
        return jobs.Sheet(
            f"%PDF {manuscript.headline} {paper} {fit}".encode() + b"".join((pictures or {}).values()),
            Setting(10.75),
            (0.97, 0.5),
            warm=True,
        )


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder with a good manuscript and a wrong one, and a press that needs no libraries."""
    monkeypatch.setattr(jobs, "Press", PressOfPaste)
    monkeypatch.setattr(libraries, "missing", list)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.md").write_text(GOOD, encoding="utf-8")
    (tmp_path / "wrong.md").write_text(WRONG, encoding="utf-8")
    (tmp_path / "long.md").write_text(GOOD.replace("Nobody drives alone", "Too long"), encoding="utf-8")
    return tmp_path


def files(folder):
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".md")


@pytest.mark.parametrize("args", [[], ["--check"], ["--text"]])
def test_what_no_face_has_is_left_out_and_said_beside_the_sheet(desk, capsys, args):
    (desk / "good.md").write_text(GOOD.replace("Monday.", "Monday \ue000."), encoding="utf-8")
    assert cli.main(["press", "good.md", *args]) == 0
    told = capsys.readouterr()
    assert (
        told.err == "good.md, line 12: None of our typefaces has U+E000: that is left out, and the rest is printed.\n"
    )
    assert "\ue000" not in told.out


def test_a_sheet_lies_beside_its_manuscript(desk):
    assert cli.main(["press", "good.md"]) == 0
    assert (desk / "good.pdf").read_bytes() == b"%PDF Nobody drives alone a4 True"


def test_paper_and_size_are_passed_on(desk):
    assert cli.main(["press", "good.md", "-o", "sheet.pdf", "--paper", "letter", "--no-fit"]) == 0
    assert (desk / "sheet.pdf").read_bytes() == b"%PDF Nobody drives alone letter False"


def test_a_wrong_manuscript_is_one_sentence_with_its_line_and_leaves_no_file(desk, capsys):
    assert cli.main(["press", "wrong.md"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("wrong.md, line 6: ")
    assert said.count("\n") == 1
    assert files(desk) == []


def test_a_text_without_a_header_is_printed_as_the_kind_that_is_named(desk, capsys):
    (desk / "notes.txt").write_text("[12:31] Anna: The gate is shut\n[12:32] Bill: Since Monday.\n", encoding="utf-8")
    assert cli.main(["press", "notes.txt", "--kind", "regular", "--text"]) == 0
    said = capsys.readouterr()
    assert ("THE GATE IS SHUT" in said.out.upper(), "Since Monday." in said.out, "Anna" in said.out) == (
        True,
        True,
        False,
    )
    assert said.err == "notes.txt: taken off: who sent 2 messages, and when.\n"
    assert cli.main(["press", "good.md", "--kind", "meeting"]) == 0
    assert (desk / "good.pdf").read_bytes() == b"%PDF Nobody drives alone a4 True"


def test_who_names_no_kind_is_told_that_they_can(desk, capsys):
    (desk / "notes.txt").write_text("The gate is shut\n", encoding="utf-8")
    assert cli.main(["press", "notes.txt"]) == 1
    assert capsys.readouterr().err.endswith("a line of three dashes. Or say what kind it is: --kind regular.\n")


WITH_PICTURE = GOOD + "\n::: image gate.jpg\nForty people at a gate.\n:::\n"


def test_a_picture_lies_beside_its_manuscript(desk):
    (desk / "sheets").mkdir()
    (desk / "sheets" / "picture.md").write_text(WITH_PICTURE, encoding="utf-8")
    (desk / "sheets" / "gate.jpg").write_bytes(b"a picture")
    assert cli.main(["press", "sheets/picture.md"]) == 0
    assert (desk / "sheets" / "picture.pdf").read_bytes().endswith(b"A PICTURE")


@pytest.mark.parametrize(
    ("lying_there", "sentence"),
    [
        (None, "There is no picture ‘gate.jpg’ here: add it, or leave the block out."),
        (b"", "‘gate.jpg’: This file is no picture that we can read: save it as JPEG, PNG or WebP."),
    ],
)
def test_a_picture_that_is_not_there_or_none_is_told_by_its_line(desk, capsys, lying_there, sentence):
    (desk / "picture.md").write_text(WITH_PICTURE, encoding="utf-8")
    if lying_there is not None:
        (desk / "gate.jpg").write_bytes(lying_there)
    assert cli.main(["press", "picture.md"]) == 1
    assert capsys.readouterr().err == f"picture.md, line 14: {sentence}\n"
    assert not (desk / "picture.pdf").exists()


def test_a_text_too_long_for_its_sheet_leaves_the_old_sheet_alone(desk, capsys):
    (desk / "long.pdf").write_bytes(b"last week's")
    assert cli.main(["press", "long.md"]) == 1
    assert (
        capsys.readouterr().err == "long.md: Side 2 is 11 lines too long: shorten ‘The rota’, or cut about 70 words.\n"
    )
    assert (desk / "long.pdf").read_bytes() == b"last week's"


def test_several_manuscripts_go_to_a_folder_and_a_wrong_one_stops_no_other(desk):
    assert cli.main(["press", "wrong.md", "good.md", "-o", "sheets"]) == 1
    assert files(desk / "sheets") == ["good.pdf"]


@pytest.mark.parametrize(
    "args",
    [
        ["nowhere.md"],
        ["."],
        ["good.md", "--paper", "a5"],
        ["good.md", "-o", "nowhere/sheet.pdf"],
        ["good.md", "-o", "good.md"],
        ["good.md", "wrong.md", "-o", "-"],
        ["good.md", "wrong.md", "-o", "good.md"],
        ["good.md", "./good.md"],
        ["good.md", "--check", "-o", "sheet.pdf"],
        ["good.md", "--kind", "gossip"],
    ],
    ids=" ".join,
)
def test_wrong_use_is_one_sentence_and_status_2(desk, capsys, args):
    assert cli.main(["press", *args]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert (desk / "good.md").read_text(encoding="utf-8") == GOOD


def test_a_device_is_written_to_not_replaced(desk):
    assert cli.main(["press", "good.md", "-o", os.devnull]) == 0
    assert not os.path.isfile(os.devnull)


def test_a_link_still_leads_to_the_new_sheet(desk):
    (desk / "this-week.pdf").symlink_to("sheet.pdf")
    assert cli.main(["press", "good.md", "-o", "this-week.pdf"]) == 0
    assert (desk / "this-week.pdf").is_symlink()
    assert (desk / "sheet.pdf").exists()


def test_check_says_how_full_each_side_is_and_writes_nothing(desk, capsys):
    assert cli.main(["press", "good.md", "--check"]) == 0
    assert capsys.readouterr().out == "Side 1: 97 % full\nSide 2: 50 % full\nSet in 10.75 pt\n"
    assert files(desk) == []


def test_text_goes_to_standard_output_or_to_a_file(desk, capfdbinary):
    assert cli.main(["press", "good.md", "--text"]) == 0
    shown = capfdbinary.readouterr().out
    assert b"The whole shift went with them." in shown
    assert cli.main(["press", "good.md", "--text", "-o", "good.txt"]) == 0
    assert (desk / "good.txt").read_bytes() == shown


def test_a_missing_library_is_said_with_the_command_that_brings_it(desk, monkeypatch, capsys):
    monkeypatch.setattr(libraries, "missing", lambda: ["libpango-1.0-0"])
    assert cli.main(["press", "good.md"]) == 2
    assert "install" in capsys.readouterr().err
    assert files(desk) == []


def bulletin(*args, **options):
    return subprocess.run([sys.executable, "-m", "bulletin", *args], capture_output=True, check=False, **options)


def test_standard_input_is_named_by_its_line_alone():
    done = bulletin("press", "-", input=WRONG.encode())
    assert done.returncode == 1
    assert done.stderr.startswith(b"Line 6: ")
    assert done.stdout == b""


def test_nobody_at_the_other_end_is_no_traceback():
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "bulletin", "press", "-", "--text"]
    done = subprocess.run(command, input=GOOD.encode(), stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (2, b"")


def test_a_full_disk_behind_standard_output_is_one_sentence():
    if not os.path.exists("/dev/full"):
        pytest.skip("this system has no /dev/full")
    command = [sys.executable, "-m", "bulletin", "press", "-", "--text"]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(command, input=GOOD.encode(), stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1


def test_help_is_quick_because_it_imports_nothing_heavy():
    heavy = "{'flask', 'jinja2', 'gunicorn', 'weasyprint'}"
    script = f"import sys, bulletin.cli as c; c._parser().format_help(); sys.exit(bool({heavy} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def made_by_a_newer_program(instance):
    with contextlib.closing(sqlite3.connect(instance / "bulletin.db")) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('ffffffffffff')")
        connection.commit()


@pytest.mark.parametrize(
    ("address", "before", "sentence"),
    [
        (
            "nonsense",
            lambda _instance: None,
            "Set DATABASE_URL to sqlite:///file.db or postgresql://user:password@host/name, or leave it out.\n",
        ),
        (
            "postgresql://bulletin:secret@db.example.org/bulletin?sslmode=require",
            lambda _instance: None,
            "The database of DATABASE_URL is on another machine: add ?sslmode=verify-full and sslrootcert to it, or"
            " what is asked of it can be read, and answered, by others on the way.\n",
        ),
        ("", made_by_a_newer_program, "This database was made by a newer Bulletin: update this one first.\n"),
    ],
)
def test_a_server_that_cannot_begin_says_why_in_one_sentence(tmp_path, address, before, sentence):
    before(tmp_path)
    settings = {"INSTANCE": str(tmp_path), "DATABASE_URL": address, "PORT": str(free_port())}
    command = [sys.executable, "-m", "bulletin", "serve"]
    done = subprocess.run(
        command,
        env={**os.environ, **settings},
        cwd=printing.ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence)


def test_the_folder_of_an_installation_is_made_at_every_start(tmp_path):
    """Wherever its database is: what is logged there must be writable."""
    serving._make_instance(Settings(instance=str(tmp_path / "new" / "instance")))
    assert stat.S_IMODE((tmp_path / "new" / "instance").stat().st_mode) == 0o700
    (tmp_path / "file").touch()
    with refused(Refused, Unusable.FOLDER, reason="not a directory"):
        serving._make_instance(Settings(instance=str(tmp_path / "file" / "instance")))


def test_a_crash_leaves_no_copy_of_the_memory():
    script = (
        "import resource; from bulletin.shell import leave_no_core; leave_no_core()\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE))\n"
        "import ctypes, sys\n"
        "if sys.platform == 'linux': assert ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == 0, 'PR_GET_DUMPABLE'"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "(0, 0)\n"
