"""What the web process holds while nobody asks for anything."""

from __future__ import annotations

import contextlib
import os
import pathlib
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

from .figures import Figure

IDLE_S = 2.0
WEB_MOST_MB = 100.0


def idles() -> Iterator[Figure]:
    with served() as arbiter:
        time.sleep(IDLE_S)
        (worker,) = children(arbiter)
        servers = [pid for pid in children(worker) if b"forkserver" in proc(pid, "cmdline")]
        loaded = b"libpango" in proc(worker, "maps")
        yield Figure("The idle web process (PSS)", pss_mb(worker), "MB", WEB_MOST_MB)
        yield Figure("… has WeasyPrint’s libraries loaded (0: no)", float(loaded), most=0)
        yield Figure("… its arbiter beside it", pss_mb(arbiter), "MB")
        yield Figure("… the press’s server beside it", sum(map(pss_mb, servers)), "MB")
        yield Figure("… all of it", sum(map(pss_mb, family(arbiter))), "MB")


@contextlib.contextmanager
def served() -> Iterator[int]:
    """A server of our own, up; gives the pid of its arbiter."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environ = {**os.environ, "HOST": "127.0.0.1", "PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-m", "bulletin", "serve"], env=environ, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/up")
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def wait_for(url: str, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=20):  # noqa: S310
            return
        time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer")


def proc(pid: int, name: str) -> bytes:
    return pathlib.Path(f"/proc/{pid}/{name}").read_bytes()


def children(pid: int) -> list[int]:
    return [
        int(child)
        for task in pathlib.Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]


def family(pid: int) -> list[int]:
    return [pid, *(other for child in children(pid) for other in family(child))]


def pss_mb(pid: int) -> float:
    """Proportional set size: what it shares is counted in parts."""
    found = re.search(rb"^Pss:\s+(\d+) kB", proc(pid, "smaps_rollup"), re.MULTILINE)
    assert found
    return int(found[1]) * 1024 / 1e6
