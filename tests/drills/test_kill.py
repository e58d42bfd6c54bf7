"""kill -9 in the middle of writing: nothing that was acknowledged is lost, and the file is whole."""

from __future__ import annotations

import concurrent.futures
import contextlib
import http.client
import json
import os
import pathlib
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import uuid

import pytest

from tests.drills import server

WRITERS = 4
START_S = 20
WORDS = "A shift of words that nobody may lose. " * 40


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(folder: pathlib.Path, port: int):
    """The server, in a session of its own; what it started dies with it."""
    command = [sys.executable, "-m", "tests.drills.server", str(folder), str(port)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True)
    try:
        end = time.monotonic() + START_S
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.2):
                break
            assert process.poll() is None, process.stderr.read().decode()
            assert time.monotonic() < end, "it does not start"
            time.sleep(0.02)
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stderr.close()


def write_until_it_dies(port: int, acknowledged: list[str]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_S)
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
        while True:
            connection.request("POST", "/", WORDS)
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status == 200, (answer.status, body)
            acknowledged.append(body.decode())


def missing(folder: pathlib.Path, acknowledged: list[str]) -> list[str]:
    """What was acknowledged and is not there, or does not open; the file must be whole."""
    with contextlib.closing(sqlite3.connect(folder / "bulletin.db")) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        members = {uuid.UUID(id_).hex for (id_,) in raw.execute("SELECT id FROM member")}
        opened = set()
        for site, row, what in raw.execute("SELECT site_id, id, what FROM event"):
            site_id = uuid.UUID(site)
            text = server.ring(site_id).open(site_id, "event", "what", uuid.UUID(row), what)
            opened.add(by(text))
    return [id_ for id_ in acknowledged if uuid.UUID(id_).hex not in members or id_ not in opened]


def by(text: bytes) -> str:
    deed = json.loads(text)
    assert deed["whom"] == WORDS
    return str(deed["by"])


def drill(folder: pathlib.Path, kills: int) -> int:
    """Kill it so many times; how many writes were acknowledged. All of them must be there."""
    folder.mkdir(mode=0o700)
    acknowledged: list[str] = []
    chance = random.Random(9)  # noqa: S311  # no secret: the same drill each time
    for _ in range(kills):
        port = free_port()
        with serving(folder, port) as process, concurrent.futures.ThreadPoolExecutor(WRITERS) as writers:
            before = len(acknowledged)
            done = [writers.submit(write_until_it_dies, port, acknowledged) for _ in range(WRITERS)]
            end = time.monotonic() + START_S
            while len(acknowledged) == before and not any(each.done() for each in done) and time.monotonic() < end:
                time.sleep(0.002)
            time.sleep(chance.uniform(0.0, 0.15))
            os.killpg(process.pid, signal.SIGKILL)
            for each in done:
                each.result(START_S)
    assert len(acknowledged) >= kills
    assert missing(folder, acknowledged) == []
    print(f"{kills} kills, {len(acknowledged):,} acknowledged writes, 0 lost")
    return len(acknowledged)


def test_four_kills_lose_nothing(tmp_path):
    drill(tmp_path / "instance", 4)


@pytest.mark.attack
def test_a_hundred_kills_lose_nothing(tmp_path):
    drill(tmp_path / "instance", 100)


def test_the_drill_would_see_a_loss(tmp_path):
    (tmp_path / "instance").mkdir()
    server.build(tmp_path / "instance")
    lost = str(uuid.uuid4())
    assert missing(tmp_path / "instance", [lost]) == [lost]
