"""A print job that somebody has taken over finds nothing to read, to call or to start; and prints all the same."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pathlib
import pickle
import re
import resource
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from typing import Any

import pytest

from bulletin.press import answers, bare, fitting, job, jobs, landlock, sandbox
from bulletin.press.answers import Answer
from bulletin.press.jobs import Press
from bulletin.press.kinds import KINDS
from bulletin.press.languages import CAN_BE_SET
from bulletin.press.manuscript import Manuscript, read
from bulletin.press.mistake import NoSheet, Unprintable
from bulletin.press.sandbox import Wall
from tests.conftest import without
from tests.refusals import refused

from . import works

pytestmark = pytest.mark.usefixtures("can_print")

SECRET = "postgresql://bulletin:held-in-the-environment@db.example.org/bulletin"  # noqa: S105  # made up


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    forkserver._forkserver._stop() if forkserver._forkserver._forkserver_pid else None  # one that knows the secret
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DATABASE_URL", SECRET)
        press = Press(wall_s=60)
        press.start()
        assert press.works()
        yield press


@pytest.fixture(scope="module")
def walled(press: Press) -> Press:
    if press.walls() != set(Wall):
        without("this system has not all that encloses a print job")
    return press


# What whoever has taken a job over tries. Each gives what it got; a refusal is an OSError.


def attempts(
    place: pathlib.Path, elsewhere: list[str], parent: int, inherited: list[int], answer: int
) -> dict[str, Callable[[], Any]]:
    """By name. `place`: a folder with a settings.toml; `parent`: the process that has the job printed."""
    call = ctypes.CDLL(None, use_errno=True)

    def system(name: str, *arguments: Any) -> int:
        done: int = getattr(call, name)(*arguments)
        if done < 0:
            raise OSError(ctypes.get_errno(), name)
        return done

    def known(text: bytes) -> bool:
        """Is the address of the database in it?"""
        if SECRET.encode() not in text:
            raise PermissionError
        return True

    def started(child: int) -> int:
        if child == 0:
            os._exit(0)
        return os.waitpid(child, 0)[1]

    mine = [number for number in inherited if number != answer]
    anything = [number for number in range(3, 1024) if number != answer and is_open(number)]
    return {
        "read the settings": (place / "settings.toml").read_text,
        "look into the folder": lambda: os.listdir(place),
        "look into the home": lambda: os.listdir(elsewhere[0]),
        "look into temporary files": lambda: os.listdir(elsewhere[1]),
        "read the machine's users": lambda: pathlib.Path("/etc/passwd").read_text(),
        "read the parent's environment": lambda: known(pathlib.Path(f"/proc/{parent}/environ").read_bytes()),
        "read the parent's memory": lambda: pathlib.Path(f"/proc/{parent}/maps").read_text(),
        "list processes": lambda: os.listdir("/proc"),
        "write a file": lambda: (place / "written").write_text("x" * 100),
        "make a folder": lambda: (place / "made").mkdir(),
        "rename the settings": lambda: (place / "renamed").rename(place / "renamed again"),
        "take a file away": lambda: (place / "taken").unlink(),
        "open a file to others": lambda: (place / "settings.toml").chmod(0o666),
        "use the network": lambda: socket.socket(socket.AF_INET).close(),
        "send a packet": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close(),
        "speak to a service of this machine": lambda: socket.socket(socket.AF_UNIX).close(),
        "fork": lambda: started(os.fork()),
        "start a program": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
        "start a program otherwise": lambda: os.posix_spawn(sys.executable, [sys.executable, "-c", ""], {}),
        "signal the parent": lambda: os.kill(parent, 0),
        "make a file in memory": lambda: os.close(os.memfd_create("program")),
        "share memory": lambda: system("shmget", 0, 4096, 0o1600),
        "lift the limit of files": lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (1000, 1000)),
        "use what was inherited": lambda: [os.fstat(number) for number in mine] or denied(),
        "use any descriptor": lambda: anything or denied(),
        "leave a core": lambda: resource.getrlimit(resource.RLIMIT_CORE)[1] or denied(),
    }


def denied() -> None:
    raise PermissionError


def is_open(number: int) -> bool:
    with contextlib.suppress(OSError):
        os.fstat(number)
        return True
    return False


def tried(*about: Any) -> Answer:
    """What got somewhere."""
    got = {}
    for name, attempt in attempts(*about).items():
        with contextlib.suppress(OSError, ValueError, subprocess.SubprocessError):
            got[name] = repr(attempt())[:80]
    return Answer("made", {"got": got})


def taken_over(answer: Connection, *about: Any) -> None:
    """A job whose library has come alive, inside the walls."""
    job._bounded(answer, lambda: tried(*about, answer.fileno()))


def without_walls(answer: Connection, *about: Any) -> None:
    """What any process may do."""
    answers.send(tried(*about, answer.fileno()), answer)


@pytest.fixture
def about(tmp_path: pathlib.Path) -> Iterator[tuple[Any, ...]]:
    (tmp_path / "settings.toml").write_text("PORT = 8080")
    for name in ("renamed", "taken"):
        (tmp_path / name).touch()
    with (tmp_path / "settings.toml").open() as file, socket.socket() as listening:
        os.set_inheritable(file.fileno(), True)
        os.set_inheritable(listening.fileno(), True)
        elsewhere = [str(pathlib.Path.home()), tempfile.gettempdir()]
        yield tmp_path, elsewhere, os.getpid(), [file.fileno(), listening.fileno()]


def got(answer: Answer) -> dict[str, str]:
    found: dict[str, str] = answer.told["got"]
    return found


def test_a_job_that_is_taken_over_gets_nothing(walled, about):
    assert walled._made(jobs.SHEET, got, taken_over, *about) == {}


def test_what_it_tries_succeeds_where_there_are_no_walls(walled, about):
    """Else the test before would say nothing."""
    everything = set(attempts(*about, -1))
    missed = everything - set(walled._made(jobs.SHEET, got, without_walls, *about))
    kept_from_the_server = {"use what was inherited"}  # it inherits nothing, so its jobs cannot
    its_own = {"leave a core"} if resource.getrlimit(resource.RLIMIT_CORE)[1] == 0 else set()
    no_secret = set() if sys.platform == "linux" else {"read the parent's environment"}
    assert missed <= kept_from_the_server | its_own | no_secret | {"read the parent's environment"}


def test_the_server_that_jobs_are_forked_from_was_started_with_nothing_of_ours(press):
    started_with = pathlib.Path(f"/proc/{forkserver._forkserver._forkserver_pid}/environ")
    if not started_with.exists():
        without("this system has no /proc")
    variables = [entry.partition(b"=")[0].decode() for entry in started_with.read_bytes().split(b"\0") if entry]
    assert [name for name in variables if not name.startswith(bare.KEPT)] == []
    assert SECRET.encode() not in started_with.read_bytes()


# Its answer is all it has.


class Bomb:
    """Unpickled, it makes a file."""

    def __init__(self, place: pathlib.Path) -> None:
        self.place = place

    def __reduce__(self) -> tuple[Any, ...]:
        return pathlib.Path.touch, (self.place,)


def head(told: str, size: int = 0, word: str = "made") -> bytes:
    return f'{{"word": "{word}", "told": {told}, "bytes": {size}}}\n'.encode()


def test_an_answer_is_never_run(press, northfield, monkeypatch, tmp_path):
    bomb = pickle.dumps(Bomb(tmp_path / "run"))
    said = len(bomb).to_bytes(4, "big") + bomb  # as multiprocessing would send it
    with refused(Unprintable, NoSheet.STUMBLED):
        press._made(jobs.SHEET, jobs._sheet, works.answering, said)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    "said",
    [
        b"{",
        b"[" * 100_000,
        head("[]"),
        head("{}", size=5),
        head('{"size_pt": "large"}'),
        head('{"size_pt": 10, "slip_lines": 1000000000}'),
        head('{"size_pt": NaN}'),
        head('{"problem": "NoSheet.NONE", "values": {}, "line": 1}', word="refused"),
        head('{"problem": "NoSheet.LINES", "values": {}, "line": "1; x"}', word="refused"),
        head('{"where": "Bill Turner, 0170 123 <script>"}', word="stumbled"),
        b"x" * (answers.HEAD_MAX + 1),
    ],
)
def test_an_answer_that_is_none_of_ours_is_a_stumble(said, monkeypatch, caplog):
    monkeypatch.setattr(Press, "_answer", lambda *_: answers._understood(said))
    press = Press()
    with refused(Unprintable, NoSheet.STUMBLED):
        press._made(jobs.SHEET, jobs._sheet, works.answering)
    assert "Bill" not in caplog.text


def test_half_an_answer_holds_nobody_up(press, monkeypatch):
    monkeypatch.setattr(press, "_wall_s", 0.3)
    with refused(Unprintable, NoSheet.TOO_MUCH):
        press._made(jobs.SHEET, jobs._sheet, works.answering_half, head("{}", size=10_000_000))


# And it prints.


def in_language(tag: str) -> Manuscript:
    return read(re.sub(r"(?m)^language: .*$", f"language: {tag}", KINDS["regular"].sample))


def assert_same(press: Press, manuscript: Manuscript, paper: str = "a4", *, fit: bool = False) -> None:
    """Inside and outside the walls: the same bytes."""
    assert press.print(manuscript, paper=paper, fit=fit).pdf == fitting.press(manuscript, paper, fit=fit).pdf


@pytest.mark.parametrize("tag", ["de", "vi"])
def test_a_language_is_set_inside_as_outside(walled, tag):
    assert_same(walled, in_language(tag))


@pytest.mark.parametrize("kind", ["poster"])
def test_a_kind_is_set_inside_as_outside(walled, kind):
    assert_same(walled, read(KINDS[kind].sample))


@pytest.mark.attack
@pytest.mark.parametrize("tag", sorted(CAN_BE_SET))
def test_every_language_is_set_inside_as_outside(walled, tag):
    assert_same(walled, in_language(tag))


@pytest.mark.attack
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_every_kind_is_set_inside_as_outside(walled, kind, paper):
    for sample in KINDS[kind].samples.values():
        assert_same(walled, read(sample), paper, fit=True)
        assert walled.card(read(sample), 0)


# Where the system lacks something.


def hampered(answer: Connection, manuscript: Manuscript) -> None:
    """A job on a system that has neither."""
    landlock.abi = lambda: 0
    sandbox._forbid[:] = [None]
    job.sheet(answer, manuscript, "a4", False, {})


def hampered_walls(answer: Connection) -> None:
    landlock.abi = lambda: 0
    sandbox._forbid[:] = [None]
    job.walls(answer)


def test_the_press_works_where_the_system_has_neither_and_says_so(press, northfield):
    assert press._made(jobs.SHEET, jobs._sheet, hampered, northfield).pdf.startswith(b"%PDF")
    standing = press._made(jobs.SHEET, jobs._walls, hampered_walls)
    assert standing == {Wall.ENVIRONMENT, Wall.DESCRIPTORS, Wall.LIMITS}


@pytest.mark.skipif(sys.platform != "linux", reason="Landlock is Linux's")
@pytest.mark.parametrize(("abi", "files"), [(1, 13), (2, 14), (3, 15), (4, 15), (5, 16), (6, 16), (7, 16)])
def test_a_kernel_is_asked_for_no_more_than_it_knows(abi, files):
    assert landlock._newest(landlock.FILES_OF_ABI, abi) == (1 << files) - 1
    assert bool(landlock._newest(landlock.NETWORK_OF_ABI, abi)) == (abi >= 4)
    assert bool(landlock._newest(landlock.SCOPES_OF_ABI, abi)) == (abi >= 6)
