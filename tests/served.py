"""The server as it runs, for bare sockets: what waits too long is sent away after seconds, not after twenty."""

from __future__ import annotations

import contextlib
import http.client
import os
import pathlib
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator

from bulletin.serving import THREADS
from bulletin.web.guard.browsers import Browser, Browsers

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

# A head's lines, and what follows it.
AMBIGUOUS = {
    "thirteen digits": ("Content-Length: 0000000000050", "handle="),
    "twenty digits": ("Content-Length: 00000000000000000050", "handle="),
    "more than anybody counts": ("Content-Length: 18446744073709551666", "handle="),
    "a leading zero": ("Content-Length: 050", "handle="),
    "a plus": ("Content-Length: +50", "handle="),
    "a blank inside": ("Content-Length: 5 0", "handle="),
    "a blank before the colon": ("Content-Length : 50", "handle="),
    "nothing": ("Content-Length:", "handle="),
    "two lengths": ("Content-Length: 50\r\nContent-Length: 7", "handle="),
    "two alike": ("Content-Length: 7\r\nContent-Length: 7", "handle="),
    "a list of lengths": ("Content-Length: 7, 7", "handle="),
    "chunks and a length": ("Transfer-Encoding: chunked\r\nContent-Length: 7", "0\r\n\r\n"),
    "another coding before": ("Transfer-Encoding: gzip, chunked", "0\r\n\r\n"),
    "no coding before": ("Transfer-Encoding: identity, chunked", "0\r\n\r\n"),
    "a coding nobody knows": ("Transfer-Encoding: xchunked", "0\r\n\r\n"),
    "a blank in the name": ("Transfer-Encoding : chunked", "0\r\n\r\n"),
    "chunks too long to count": ("Transfer-Encoding: chunked", "10000000000000007\r\nhandle=\r\n0\r\n\r\n"),
    "a line ended by LF alone": ("X: 1\nContent-Length: 7", "handle="),
    "LF alone at the end": ("Content-Length: 7\n\n", ""),
    "a folded line": ("Content-Length:\r\n 7", "handle="),
    "a folded line of another": ("X: 1\r\n Content-Length: 7", "handle="),
    "CR alone": ("X: 1\rContent-Length: 7", "handle="),
}


class Served:
    """A server that runs, and who comes to it."""

    def __init__(self, port: int, log: pathlib.Path) -> None:
        self.port, self.log, self.wal = port, log, log.parent / "instance" / "bulletin.db-wal"
        self.host = f"Host: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"

    def through(self, port: int) -> Served:
        """The same, reached at the port of a proxy in front."""
        return Served(port, self.log)

    def post(self, length: str, rest: str = "", path: str = "/sign-in") -> bytes:
        form = "Content-Type: application/x-www-form-urlencoded\r\n"
        return f"POST {path} HTTP/1.1\r\n{self.host}{form}{length}\r\n\r\n{rest}".encode()

    def known_cookie(self) -> str:
        """The cookie of a browser that this server knows; each time of another one."""
        with contextlib.closing(sqlite3.connect(self.wal.with_suffix(".db"))) as raw:
            ((key,),) = raw.execute("SELECT secret FROM browser_key").fetchall()
        browsers = Browsers()
        browsers.use(key)
        return f"browser={browsers.cookie(Browser(secrets.token_bytes(32), known=True))}"

    def refused(self, kind: str) -> int:
        """How often this was refused, as it is written down."""
        with contextlib.closing(sqlite3.connect(self.wal.with_suffix(".db"))) as raw:
            found = raw.execute("SELECT sum(count) FROM refused_try WHERE kind = ?", (kind,)).fetchone()
        return found[0] or 0

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

    def answer(self, sent: bytes, timeout_s: float = 10) -> bytes:
        """All that comes back until the connection ends."""
        got = b""
        at = socket.create_connection(("127.0.0.1", self.port), timeout=timeout_s)
        with at as one, contextlib.suppress(ConnectionError):
            one.sendall(sent)
            while piece := one.recv(65536):
                got += piece
        return got


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes], within_s: float) -> None:
    """Until something listens there."""
    end = time.monotonic() + within_s
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.2):
            return
        assert process.poll() is None, "it ended"
        assert time.monotonic() < end, "it does not start"
        time.sleep(0.05)


@contextlib.contextmanager
def serving(folder: pathlib.Path) -> Iterator[Served]:
    """The server of an installation in this folder, until it is no longer needed."""
    port = free_port()
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
