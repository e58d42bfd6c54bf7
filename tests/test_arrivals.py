"""Who sends slowly, or takes slowly, keeps nobody else waiting: the server as it runs, and bare sockets."""

from __future__ import annotations

import contextlib
import http.client
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from bulletin import arrivals
from bulletin.config import BODY_MAX
from bulletin.serving import THREADS

GRACE_S = 3
START_S = 30
SOON_S = 2
SERVE = f"""
import sys
from bulletin import arrivals, cli, sweeper
arrivals.GRACE_S = {GRACE_S}
sweeper.SWEEP_S = 0.5
sys.exit(cli.main(["serve"]))
"""


class Served:
    """A server that runs, and who comes to it."""

    def __init__(self, port: int, log: pathlib.Path) -> None:
        self.port, self.log, self.wal = port, log, log.parent / "instance" / "bulletin.db-wal"
        self.host = f"Host: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"

    def post(self, length: str, rest: str = "") -> bytes:
        form = "Content-Type: application/x-www-form-urlencoded\r\n"
        return f"POST /sign-in HTTP/1.1\r\n{self.host}{form}{length}\r\n\r\n{rest}".encode()

    def get(self, path: str, more: str = "") -> bytes:
        return f"GET {path} HTTP/1.1\r\n{self.host}{more}\r\n".encode()

    @contextlib.contextmanager
    def waiting(self, sent: bytes, count: int = THREADS + 4) -> Iterator[list[socket.socket]]:
        """So many connections that have sent this and stay."""
        with contextlib.ExitStack() as all_of_them:
            sockets = []
            for _ in range(count):
                sockets.append(
                    all_of_them.enter_context(socket.create_connection(("127.0.0.1", self.port), timeout=10))
                )
                with contextlib.suppress(ConnectionError):  # sent away already
                    sockets[-1].sendall(sent)
            time.sleep(0.3)
            yield sockets

    def answers_soon(self) -> bool:
        begun = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(connection):
            connection.request("GET", "/protection")
            return connection.getresponse().status == 200 and time.monotonic() - begun < SOON_S

    def answer(self, sent: bytes) -> bytes:
        """All that comes back until the connection ends."""
        with self.waiting(sent, 1) as [one]:
            got = b""
            with contextlib.suppress(ConnectionError):
                while piece := one.recv(65536):
                    got += piece
        return got


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environ = {**os.environ, "PORT": str(port), "HOST": "127.0.0.1", "INSTANCE": str(folder / "instance")}
    for setting in ("DATABASE_URL", "DATABASE_OWNER_URL", "PUBLIC_URL", "TRUSTED_PROXY"):
        environ.pop(setting, None)
    log = folder / "log"
    with log.open("w") as told:
        process = subprocess.Popen([sys.executable, "-c", SERVE], env=environ, stderr=told, start_new_session=True)
    try:
        end = time.monotonic() + START_S
        while "Open" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, "it does not start"
            time.sleep(0.1)
        yield Served(port, log)
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_who_sends_nothing_or_half_takes_nobodys_place(served: Served) -> None:
    halves = {
        "nothing": b"",
        "half a header": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n",
        "half a body": served.post("Content-Length: 100", "handle="),
        "half a long body": served.post(f"Content-Length: {BODY_MAX * 2}", "handle="),
        "half a body in chunks": served.post("Transfer-Encoding: chunked", "5\r\nhan"),
    }
    for name, half in halves.items():
        with served.waiting(half):
            assert served.answers_soon(), name


def test_who_does_not_take_the_answer_or_hang_up_takes_nobodys_place(served: Served) -> None:
    for name, sent in {
        "takes nothing": served.get("/kinds") * 3,
        "does not hang up": served.get("/protection", "Connection: close\r\n"),
    }.items():
        with served.waiting(sent):
            assert served.answers_soon(), name


def test_where_the_hall_is_full_who_has_waited_longest_is_sent_away(served: Served) -> None:
    with served.waiting(b"GET / HTTP/1.1\r\n", arrivals.HALL_MAX + 10) as sockets:
        assert served.answers_soon()
        assert sockets[0].recv(1) == b""
        sockets[-1].sendall(b"Host: 127.0.0.1\r\n\r\n")
        assert sockets[-1].recv(12) == b"HTTP/1.1 200"


def test_bodies_that_wait_take_a_bounded_room(served: Served) -> None:
    half = served.post(f"Content-Length: {BODY_MAX}", "a" * (BODY_MAX - 1))
    with served.waiting(half, arrivals.HELD_MAX // BODY_MAX + 5) as sockets:
        assert served.answers_soon()
        with contextlib.suppress(ConnectionError):  # with what it sent unread
            assert sockets[0].recv(1) == b""


def test_who_is_late_is_sent_away(served: Served) -> None:
    begun = time.monotonic()
    for half in (b"GET / HTTP/1.1\r\n", served.post("Content-Length: 100", "handle=")):
        assert served.answer(half) == b""
    assert served.answer(served.post("Transfer-Encoding: chunked", "5\r\nhan")).startswith(b"HTTP/1.1 400")
    assert time.monotonic() - begun < 3 * (GRACE_S + SOON_S)


def test_who_sends_slowly_but_steadily_is_answered(served: Served) -> None:
    body = "handle=Rosa&words=a"
    with served.waiting(served.post(f"Content-Length: {len(body)}"), 1) as [one]:
        for letter in body:
            one.sendall(letter.encode())
            time.sleep(0.02)
        assert one.recv(12) == b"HTTP/1.1 422"


def test_a_malformed_body_is_the_senders_mistake(served: Served) -> None:
    for body in ("ZZ\r\n", "2\r\nabcd\r\n0\r\n\r\n"):
        assert served.answer(served.post("Transfer-Encoding: chunked", body)).startswith(b"HTTP/1.1 400")
    assert served.answer(served.post("Content-Length: x")).startswith(b"HTTP/1.1 400")
    assert "Traceback" not in served.log.read_text()


def test_what_is_sound_but_unusual_is_answered(served: Served) -> None:
    last = served.get("/protection", "Connection: close\r\n")
    assert served.answer(served.get("/protection") * 3 + last).count(b"HTTP/1.1 200") == 4
    chunked = served.post("Transfer-Encoding: chunked\r\nConnection: close", "8\r\nhandle=R\r\n0\r\n\r\n")
    assert served.answer(chunked).startswith(b"HTTP/1.1 422")
    asks_first = served.post("Expect: 100-continue\r\nConnection: close\r\nContent-Length: 8", "handle=R")
    assert b"HTTP/1.1 422" in served.answer(asks_first)
    too_long = served.post(f"Content-Length: {BODY_MAX + 1}\r\nConnection: close", "a" * (BODY_MAX + 1))
    assert served.answer(too_long).startswith(b"HTTP/1.1 413")
    endless = b"GET / HTTP/1.1\r\nX: " + b"a" * arrivals.HEAD_MAX + b"\r\n\r\n"
    assert served.answer(endless).startswith(b"HTTP/1.1 431")


def test_where_nobody_comes_the_log_is_emptied_all_the_same(served: Served) -> None:
    end = time.monotonic() + 10
    while served.wal.stat().st_size:
        assert time.monotonic() < end, "what was overwritten is still there"
        time.sleep(0.1)
