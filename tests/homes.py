"""A database that has gone through all migrations, of both kinds: made once a run, as it was then for each test.

To make a PostgreSQL database takes half a second, and hundreds of tests want one. So each run has one to work in, which
is emptied and filled by rows; where a test has changed the schema itself, it gets another.
"""

from __future__ import annotations

import dataclasses
import pathlib
import shutil
import sqlite3
from typing import Any

import psycopg
import pytest
from flask import Flask
from psycopg import sql

from bulletin import db, migrations
from tests.databases import Database, PostgreSQL, closing, postgresql  # noqa: F401

Rows = dict[str, bytes]  # by table, as PostgreSQL copies them
NO_ROWS = 21  # bytes of a table without any, as PostgreSQL copies it

# For what the other database can do no harm to: each statement of it is sent to PostgreSQL in another test.
ON_SQLITE = pytest.mark.parametrize("home", ["sqlite"], indirect=True)

ON_POSTGRESQL = pytest.mark.parametrize("home", ["postgresql"], indirect=True)

# For what may differ there, where a room's tests are on SQLite unless they say so (MOSTLY_SQLITE): locks, row security,
# a transaction that an error has ended, rows as they are stored.
ON_BOTH = pytest.mark.parametrize("home", ["sqlite", "postgresql"], indirect=True)

# For what asks nothing of PostgreSQL that is not asked of it in the suite: there, only `make attack` does.
MOSTLY_SQLITE = ["sqlite", pytest.param("postgresql", marks=pytest.mark.attack)]

# Everything that a test could change of a schema: columns, row security, its policies, who may do what.
SCHEMA = """
    SELECT md5(string_agg(line, ' ' ORDER BY line)) FROM (
        SELECT format('%s %s %s %s %s', c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relacl, a.attname) AS line
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
            WHERE c.relnamespace = 'public'::regnamespace
        UNION ALL SELECT format('%s %s %s', polrelid::regclass, polname, pg_get_expr(polqual, polrelid)) FROM pg_policy
        UNION ALL SELECT tgrelid::regclass || ' ' || tgname FROM pg_trigger WHERE NOT tgisinternal
    ) AS lines
"""
OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname"

_made: dict[str, Any] = {}


@dataclasses.dataclass
class Workplace:
    """A PostgreSQL database that one test after the other has for itself."""

    server: PostgreSQL
    template: str
    database: Database
    connection: psycopg.Connection[Any]
    schema: str
    migrated: Rows = dataclasses.field(default_factory=dict)

    @classmethod
    def on(cls, server: PostgreSQL, folder: pathlib.Path) -> Workplace:
        """The one of this server."""
        key = f"postgresql in {server.folder}"
        if key not in _made:
            template = server.new()
            _migrated(template, folder)
            name = template.url.partition("?")[0].rpartition("/")[2]
            place = cls(server, name, *cls._new(server, name))
            place.migrated = place.rows()
            _made[key] = place
        return _made[key]

    @staticmethod
    def _new(server: PostgreSQL, template: str) -> tuple[Database, psycopg.Connection[Any], str]:
        database = server.new(template=template)
        connection = psycopg.connect(database.all_url, autocommit=True)
        (schema,) = connection.execute(SCHEMA).fetchone() or ("",)
        return database, connection, schema

    def rows(self) -> Rows:
        """All that is in it."""
        found = {}
        for (table,) in self.connection.execute(TABLES).fetchall():
            asked = sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(sql.Identifier(table))
            with self.connection.cursor() as cursor, cursor.copy(asked) as copy:
                found[table] = b"".join(map(bytes, copy))
        return found

    def last_write(self) -> object:
        """Another than before, if anything was written meanwhile."""
        return self.connection.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text").fetchone()

    def put(self, rows: Rows) -> Database:
        """The database with these rows and no others, and nobody connected to it."""
        self.connection.execute(OTHERS)
        if self.connection.execute(SCHEMA).fetchone() != (self.schema,):
            self.connection.close()
            self.database, self.connection, self.schema = self._new(self.server, self.template)
        emptied = sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)) for table in rows)
        with self.connection.transaction(), self.connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")  # in any order, whatever points to what
            cursor.execute(emptied)
            for table, content in rows.items():
                if len(content) > NO_ROWS:
                    into = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(sql.Identifier(table))
                    with cursor.copy(into) as copy:
                        copy.write(content)
        return self.database


def _migrated(database: Database, folder: pathlib.Path) -> None:
    import bulletin.domain.portability.leaving
    import bulletin.domain.site.accounts.browser_keys
    import bulletin.domain.site.accounts.throttle
    import bulletin.domain.site.founding
    import bulletin.domain.site.site_keys  # noqa: F401  # the records, before Alembic compares

    app = Flask("bulletin", instance_path=str(folder / "instance"))
    app.config.update(DATABASE_URL=database.url, DATABASE_OWNER_URL=database.owner_url)
    db.attach(app)
    with closing(app):
        migrations.migrate(app)


_set_pragmas = db._set_pragmas


def _hurried(connection: sqlite3.Connection, record: Any) -> None:
    """As the app has it, but not waiting for the disk, as the PostgreSQL of the tests: none of them cuts the power."""
    _set_pragmas(connection, record)
    connection.execute("PRAGMA synchronous=OFF").close()


def _home(
    request: pytest.FixtureRequest,
    tmp_path: pathlib.Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Database:
    """A database with our tables and nothing in them."""
    if request.param == "sqlite":
        monkeypatch.setattr(db, "_set_pragmas", _hurried)
        shutil.copy(migrated_file(tmp_path_factory), tmp_path / "home.db")
        return Database("sqlite", f"sqlite:///{tmp_path}/home.db")
    place = Workplace.on(request.getfixturevalue("postgresql"), tmp_path_factory.mktemp("home"))
    return place.put(place.migrated)


home = pytest.fixture(name="home", params=["sqlite", "postgresql"])(_home)
# For a room whose tests ask PostgreSQL where it may differ, and say so: the rest of it do in `make attack`.
home_mostly_on_sqlite = pytest.fixture(name="home", params=MOSTLY_SQLITE)(_home)


def migrated_file(folders: pytest.TempPathFactory) -> pathlib.Path:
    """A SQLite database with our tables and nothing in them, to copy."""
    if "sqlite" not in _made:
        folder = folders.mktemp("home")
        _migrated(Database("sqlite", f"sqlite:///{folder}/made.db"), folder)
        _made["sqlite"] = folder / "made.db"
    found: pathlib.Path = _made["sqlite"]
    return found
