"""Accounts, on both databases: signing in, a page of sealed rows, and the web worker's memory meanwhile.

The server is the real one. It stands in a folder of its own, so that this machine's own instance is not touched.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import dataclasses
import glob
import http.client
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Iterator, Mapping

from flask import Flask

from bulletin import create_app
from bulletin.config import Settings
from bulletin.db import db
from bulletin.domain.site import site_keys
from bulletin.domain.site.accounts.members import Member
from bulletin.domain.site.events import Deed, Event
from bulletin.vault import keys, tenancy

from ..databases import PLACES, Database, PostgreSQL, closing
from ..web.house import SITE, Person
from .figures import Figure, medians
from .web import IDLE_S, WEB_MOST_MB, children, pss_mb, wait_for

ROOT = pathlib.Path(__file__).parents[2]
AT_ONCE, ROUNDS, WATCHED = 8, 7, 3
ROWS = 1000
PEAK_MOST_MB = 170.0
LOOK_S = 0.005  # how often the memory is looked at; one Argon2 takes thirty times as long
CODE = re.compile(r"begins one, once: (\S+)")


def on_sqlite() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        yield from measured("SQLite", Database("sqlite", f"sqlite:///{folder}/bench.db"))


def on_postgresql() -> Iterator[Figure]:
    with a_postgresql() as database:
        yield from measured("PostgreSQL", database)


@contextlib.contextmanager
def a_postgresql() -> Iterator[Database]:
    """A new database on a server of our own."""
    found = shutil.which("initdb")
    places = (
        [str(pathlib.Path(found).parent)] if found else [hit for place in PLACES for hit in sorted(glob.glob(place))]
    )
    if not places:
        raise RuntimeError("PostgreSQL's initdb is not installed")
    server = PostgreSQL(pathlib.Path(places[-1]))
    try:
        yield server.new()
    finally:
        server.stop()


def measured(on: str, database: Database) -> Iterator[Figure]:
    with served(database) as server:
        worker = server.worker
        time.sleep(IDLE_S)
        yield Figure(f"{on}: the idle web process (PSS)", pss_mb(worker), "MB", WEB_MOST_MB)
        rosa = founded(server)
        people = [elsewhere(server, rosa) for _ in range(AT_ONCE)]
        took = medians({"one": lambda: sign_in(people[0]), "eight": lambda: sign_in_at_once(people)}, ROUNDS)
        with Highest(worker) as highest:  # by itself: looking takes time too
            for _ in range(WATCHED):
                sign_in_at_once(people)
        time.sleep(IDLE_S)
        yield Figure(f"{on}: a sign-in alone", took["one"] * 1000, "ms")
        yield Figure(
            f"{on}: … eight at once, until the last is in",
            took["eight"] * 1000,
            "ms",
            note=f"{took['eight'] / took['one']:.2f} × one",
        )
        yield Figure(
            f"{on}: the web process at its peak meanwhile", highest.mb, "MB", PEAK_MOST_MB, f"{highest.looks} looks"
        )
        yield Figure(f"{on}: … and after them", pss_mb(worker), "MB")
    yield from pages(on, database, rosa)


def pages(on: str, database: Database, rosa: Person) -> Iterator[Figure]:
    """What happened at a site, beside a view that does nothing; both without a server in front."""
    app, bare = create_app(Settings(database_url=database.url)), Flask("bare")
    bare.add_url_rule("/", view_func=lambda: "Nothing happened.")
    with closing(app):
        here = Person(app, rosa.handle, rosa.phrase, rosa.site)
        sign_in(here)
        note_events(app, rosa)
        first = here.opens(f"{rosa.site}/events").text
        rows = first.count("<li>")
        if rows < ROWS:
            raise RuntimeError(f"the page shows {rows} rows, not {ROWS}")
        nobody = bare.test_client()
        took = medians(
            {
                "full": lambda: here.opens(f"{rosa.site}/events"),
                "list": lambda: here.opens("/sites"),
                "bare": lambda: nobody.get("/"),
            }
        )
    yield Figure(f"{on}: a page with 1,000 sealed rows", took["full"] * 1000, "ms", note=f"{rows} rows")
    yield Figure(f"{on}: … of a bare Flask view’s time", took["full"] / took["bare"], note=ms(took["bare"]))
    yield Figure(f"{on}: … of the list of one’s sites’ time", took["full"] / took["list"], note=ms(took["list"]))


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"


# Who comes


def founded(server: Server) -> Person:
    rosa = Person(server)
    answer = rosa.becomes("/foundings", "Rosa", code=server.code, network="Northfield", **SITE)
    if answer.status_code != 303:
        raise RuntimeError(f"founding was answered with {answer.status_code}")
    return rosa


def elsewhere(server: Server, person: Person) -> Person:
    """The same member with another browser, which has opened the page."""
    other = Person(server, person.handle, person.phrase, person.site)
    other.opens("/sign-in")
    return other


def sign_in(person: Person) -> None:
    if (status := person.signs_in().status_code) != 303:
        raise RuntimeError(f"a sign-in was answered with {status}")


def sign_in_at_once(people: list[Person]) -> None:
    with concurrent.futures.ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(sign_in, people))


def note_events(app: Flask, rosa: Person) -> None:
    with app.app_context():
        member = Member.named(rosa.handle)
        assert member
        (membership,) = member.memberships()
        tenancy.bind(db.session, membership.site_id)
        ring = site_keys.open_site(membership, keys.unlock(member.locked_key, rosa.phrase))
        with keys.opened(ring):
            for number in range(ROWS):
                Event.note(membership.site, Deed.JOINED, by="Rosa", whom=f"Somebody {number}")
            db.session.commit()


# The server, and how it is asked


@dataclasses.dataclass
class Server:
    """A server that is up. To a Person it is what an app is in the tests: it has clients."""

    port: int
    pid: int
    code: str

    def test_client(self) -> Client:
        return Client(self.port)

    @property
    def worker(self) -> int:
        (worker,) = children(self.pid)
        return worker


@dataclasses.dataclass
class Answer:
    status_code: int
    location: str
    text: str

    def get_data(self, *, as_text: bool) -> str:
        return self.text


class Client:
    """One browser: keeps its cookies, follows nothing."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def get(self, path: str, *, base_url: str) -> Answer:
        return self._ask("GET", path, None, {})

    def post(self, path: str, *, data: Mapping[str, str], headers: Mapping[str, str], base_url: str) -> Answer:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urllib.parse.urlencode(data), {**headers, **form})

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request(method, path, body, {**headers, "Cookie": cookies})
            raw = connection.getresponse()
            for line in raw.headers.get_all("Set-Cookie") or ():
                name, _, value = line.partition(";")[0].partition("=")
                self.cookies[name] = value
            return Answer(raw.status, raw.headers.get("Location", ""), raw.read().decode())


@contextlib.contextmanager
def served(database: Database) -> Iterator[Server]:
    """`bulletin serve` with this database, up and not founded, in a folder of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environ = {
        **{name: value for name, value in os.environ.items() if name not in ("PUBLIC_URL", "TRUSTED_PROXY")},
        **{"HOST": "127.0.0.1", "PORT": str(port)},
        **{"DATABASE_URL": database.url, "DATABASE_OWNER_URL": database.owner_url},
    }
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+") as said:
        for name in ("bulletin", "templates"):
            pathlib.Path(folder, name).symlink_to(ROOT / name)
        command = [sys.executable, "-m", "bulletin", "serve"]
        process = subprocess.Popen(command, env=environ, cwd=folder, stderr=said)
        try:
            wait_for(f"http://127.0.0.1:{port}/up")
            said.seek(0)
            code = CODE.search(said.read())
            if code is None:
                raise RuntimeError("no founding code was printed")
            yield Server(port, process.pid, code[1])
        finally:
            process.terminate()
            process.wait(20)


class Highest:
    """Looks at a process’s memory again and again, and keeps the most."""

    def __init__(self, pid: int) -> None:
        self.pid, self.mb, self.looks = pid, 0.0, 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._look)

    def _look(self) -> None:
        while not self.over.wait(LOOK_S):
            self.mb = max(self.mb, pss_mb(self.pid))
            self.looks += 1

    def __enter__(self) -> Highest:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()
