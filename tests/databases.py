"""Both databases, for every room's tests: a file for SQLite, and one PostgreSQL a run, with the roles it should have.

A room's conftest.py takes what it needs: `from tests.databases import database, postgresql  # noqa: F401`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import glob
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from bulletin import db
from tests.conftest import without

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
START_S = 30

# What an administrator types once: the owner migrates, the app's role only reads and writes rows.
ROLES = ("CREATE ROLE bulletin_owner LOGIN", "CREATE ROLE bulletin_app LOGIN")
RIGHTS = (
    "ALTER SCHEMA public OWNER TO bulletin_owner",
    "GRANT USAGE ON SCHEMA public TO bulletin_app",
    "ALTER DEFAULT PRIVILEGES FOR ROLE bulletin_owner IN SCHEMA public"
    " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO bulletin_app",
)


@dataclasses.dataclass(frozen=True)
class Database:
    """One test's own database. `url` is what the app gets; `all_url` sees everything, row security or not."""

    kind: str
    url: str
    owner_url: str = ""
    all_url: str = ""

    def engine(self, url: str = "") -> sa.Engine:
        """Of nobody's session: sees every site, and is not looked at by tests.pinned_sql."""
        address = db.address(url or self.all_url or self.url, pathlib.Path("/"))
        engine = sa.create_engine(
            address, poolclass=sa.NullPool, execution_options={"beyond_sites": True}, **db.options(address)
        )
        db.configure(engine)
        return engine


@contextlib.contextmanager
def closing(app: Flask) -> Iterator[Flask]:
    """An app whose connections are closed when its test ends; left to the garbage, they are an error."""
    try:
        yield app
    finally:
        with app.app_context():
            db.db.session.remove()
            db.db.engine.dispose()


class PostgreSQL:
    """A server in a folder of its own, reached by a socket in it; safe to lose, so it never waits for the disk."""

    def __init__(self, programs: pathlib.Path) -> None:
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pg-"))
        self.programs = programs
        self.user: str | None = None
        if os.geteuid() == 0:  # it refuses to run as root
            self.user = next((user.pw_name for user in pwd.getpwall() if user.pw_name in ("postgres", "nobody")), None)
            os.chown(self.folder, pwd.getpwnam(str(self.user)).pw_uid, -1)
        self.folder.chmod(0o755)
        data = str(self.folder / "data")
        self._run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8", "--locale=C")
        off = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "max_connections=60")
        settings = [word for setting in off for word in ("-c", setting)]
        command = [str(programs / "postgres"), "-D", data, "-k", str(self.folder), *settings]
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(command, user=self.user, cwd=self.folder, stdout=log, stderr=log)
        self._wait()
        self.as_admin("postgres", *ROLES, "CREATE DATABASE bulletin_empty")
        self.as_admin("bulletin_empty", *RIGHTS)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), *arguments]
        subprocess.run(command, user=self.user, cwd=self.folder, check=True, capture_output=True)

    def _wait(self) -> None:
        end = time.monotonic() + START_S
        while True:
            try:
                return self.as_admin("postgres", "SELECT 1")
            except sa.exc.OperationalError:
                if time.monotonic() > end or self.process.poll() is not None:
                    raise RuntimeError((self.folder / "log").read_text()) from None
                time.sleep(0.05)

    def url(self, name: str, role: str = "postgres") -> str:
        return f"postgresql://{role}@/{name}?host={self.folder}"

    def as_admin(self, name: str, *statements: str) -> None:
        url = db.address(self.url(name), self.folder)
        engine = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def new(self, template: str = "bulletin_empty") -> Database:
        """A database like `template`: nobody may be connected to that one."""
        name = f"test_{uuid.uuid4().hex}"
        self.as_admin("postgres", f"CREATE DATABASE {name} TEMPLATE {template}")
        return Database("postgresql", self.url(name, "bulletin_app"), self.url(name, "bulletin_owner"), self.url(name))

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)  # without waiting for whoever is still connected
        self.process.wait()
        shutil.rmtree(self.folder)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """The run's own PostgreSQL."""
    found = shutil.which("initdb")
    places = (
        [pathlib.Path(found).parent]
        if found
        else [pathlib.Path(hit) for place in PLACES for hit in sorted(glob.glob(place))]
    )
    if not places:
        without("PostgreSQL's initdb is not installed")
    server = PostgreSQL(places[-1])
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> Database:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return Database("sqlite", f"sqlite:///{tmp_path}/bulletin.db")
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.new()
