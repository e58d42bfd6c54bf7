"""The database as the house needs it: private, durable, one writer at a time, its schema only through migrations."""

from __future__ import annotations

import contextlib
import datetime
import importlib
import pathlib
import pkgutil
import sqlite3
import stat
import threading
import uuid
import zoneinfo

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bulletin import db, domain, migrations
from bulletin.sentences import say
from bulletin.vault import tenancy
from bulletin.vault.unguarded import UNGUARDED
from tests.databases import Database, closing
from tests.refusals import refused
from tests.vault.conftest import make_app
from tests.vault.samples import Parcel, Place

THREADS, EACH = 8, 60


def test_writers_take_turns(yard):
    """Deferred, 432 of these 480 failed with "database is locked"."""
    failed: list[Exception] = []

    def write() -> None:
        for _ in range(EACH):
            try:
                with yard.session(yard.depot) as session:
                    parcel = session.get(Parcel, (yard.depot.id, yard.depot.parcel), with_for_update=True)
                    parcel.weight += 1
                    session.commit()
            except Exception as error:
                failed.append(error)

    threads = [threading.Thread(target=write) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with yard.session(yard.depot) as session:
        weight = session.scalar(sa.select(Parcel.weight).where(Parcel.id == yard.depot.parcel))
    assert weight == 1 + THREADS * EACH


def test_what_was_changed_is_not_lost_by_reading_the_row_anew(yard):
    with yard.session(yard.depot) as session:
        parcel = session.get(Parcel, (yard.depot.id, yard.depot.parcel))
        parcel.weight = 77
        session.refresh(parcel, with_for_update=True)
        assert parcel.weight == 77


def test_who_only_reads_neither_waits_nor_writes(yard):
    with yard.app.app_context():
        writing, reading = db.db.session(), db.Session(db.db)
        for session in (writing, reading):
            tenancy.bind(session, yard.depot.id)
        writing.add(Parcel(site_id=yard.depot.id, name="depot, new"))
        writing.flush()
        reading.read_only()
        assert len(reading.scalars(sa.select(Parcel)).all()) == 1
        with pytest.raises(RuntimeError, match="before the first query"):
            reading.read_only()
        reading.add(Parcel(site_id=yard.depot.id, name="depot, too"))
        with pytest.raises(sa.exc.DBAPIError, match=r"read-?only"):
            reading.flush()
        writing.commit()
        reading.rollback()
        reading.add(Parcel(site_id=yard.depot.id, name="depot, too"))
        reading.commit()  # the next transaction writes again
        reading.close()
    assert yard.rows(yard.depot)[-1] == ("4",)


def test_a_session_that_only_reads_does_so_in_every_transaction_and_sees_one_moment_in_each(yard):
    with yard.app.app_context():
        writing, reading = db.db.session(), db.Session(db.db)
        reading.only_reads = True
        for session in (writing, reading):
            tenancy.bind(session, yard.depot.id)
        for there in (1, 2):
            assert len(reading.scalars(sa.select(Parcel)).all()) == there
            writing.add(Parcel(site_id=yard.depot.id, name="depot, new"))
            writing.commit()
            assert len(reading.scalars(sa.select(Parcel)).all()) == there, "the same as a moment ago"
            with pytest.raises(RuntimeError, match="before the first query"):
                reading.only_reads = False
            reading.add(Parcel(site_id=yard.depot.id, name="depot, too"))
            with pytest.raises(sa.exc.DBAPIError, match=r"read-?only"):
                reading.flush()
            reading.rollback()
        reading.only_reads = False
        reading.add(Parcel(site_id=yard.depot.id, name="depot, too"))
        reading.commit()
        reading.close()
    assert yard.rows(yard.depot)[-1] == ("5",)


def test_moments_are_utc_and_aware(yard):
    noon = datetime.datetime(2026, 5, 1, 12, tzinfo=zoneinfo.ZoneInfo("Europe/Paris"))
    with yard.session(None) as session:
        place = session.get(Place, yard.depot.id)
        place.since = noon
        session.commit()
        assert (place.since, place.since.tzinfo) == (noon, datetime.UTC)
        assert session.scalars(sa.select(Place.name).where(Place.since <= noon)).all() == ["depot"]
        assert session.scalars(sa.select(Place.name).where(Place.since < noon)).all() == []
        place.since = datetime.datetime(2026, 5, 1, 12)
        with pytest.raises(sa.exc.StatementError, match="time zone"):
            session.commit()


def test_today_is_a_sites_own(monkeypatch):
    late = datetime.datetime(2026, 5, 1, 23, tzinfo=datetime.UTC)
    monkeypatch.setattr(db, "now", lambda: late)
    assert db.today() == datetime.date(2026, 5, 1)
    assert db.today(zoneinfo.ZoneInfo("Europe/Paris")) == datetime.date(2026, 5, 2)


def test_a_full_disk_has_a_word_and_loses_nothing(yard):
    with yard.session(yard.depot) as session:
        session.add(Parcel(site_id=yard.depot.id, name="depot, acknowledged"))
        session.commit()
        raw = sa.orm.Session.connection(session)
        if yard.database.kind == "sqlite":
            raw.exec_driver_sql(f"PRAGMA max_page_count={raw.exec_driver_sql('PRAGMA page_count').scalar()}")
            fill = "UPDATE parcel SET name = printf('%.100000c', 'x')"
        else:
            fill = "DO $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END $$"
        with pytest.raises(db.StorageFull):
            raw.exec_driver_sql(fill)
        session.rollback()
        assert len(session.scalars(sa.select(Parcel)).all()) == 2


def test_errors_do_not_say_what_was_typed(yard):
    with yard.session(yard.depot) as session:
        session.add(Parcel(site_id=yard.depot.id, id=yard.depot.parcel, name="Rosa"))
        with pytest.raises(sa.exc.IntegrityError) as caught:
            session.commit()
    assert "Rosa" not in str(caught.value)


def test_a_sqlite_file_is_private_and_durable(tmp_path):
    app = make_app(Database("sqlite", ""), tmp_path)
    assert not (tmp_path / "instance").exists()  # nothing is opened before it is asked for
    with closing(app), app.app_context():
        connection = sa.orm.Session.connection(db.db.session())
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        }
        connection.exec_driver_sql("CREATE TABLE t (x)")
        db.db.session.commit()
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "instance").iterdir()}
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 20_000,
    }
    assert modes == {"bulletin.db": 0o600, "bulletin.db-wal": 0o600, "bulletin.db-shm": 0o600}


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("", "sqlite:////i/bulletin.db"),
        ("sqlite:///other.db", "sqlite:////i/other.db"),
        ("sqlite:////srv/b.db", "sqlite:////srv/b.db"),
        ("postgresql://u@localhost/b", "postgresql+psycopg://u@localhost/b"),
        ("postgres://u@localhost/b", "postgresql+psycopg://u@localhost/b"),
    ],
)
def test_addresses(given, meant):
    assert db.address(given, pathlib.Path("/i")).render_as_string(hide_password=False) == meant


@pytest.mark.parametrize("given", ["mysql://h/b", "sqlite://", "nonsense", "sqlite:///:memory:"])
def test_other_addresses_get_a_sentence(given):
    with refused(db.WrongAddress, db.Unusable.ADDRESS) as wrong:
        db.address(given, pathlib.Path("/i"))
    assert isinstance(wrong.value, ValueError)
    assert say(wrong.value).startswith("Set DATABASE_URL to ")


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("postgresql://b@db.example.org/b", False),
        ("postgresql://b@db.example.org/b?sslmode=require", False),
        ("postgresql://b@db.example.org/b?sslmode=verify-ca", False),
        ("postgresql://b@db.example.org/b?sslmode=verify-full&sslmode=disable", False),
        ("postgresql:///b?host=db.example.org", False),
        ("postgresql:///b?host=/run/postgresql,db.example.org", False),
        ("postgresql://b@localhost/b?hostaddr=192.0.2.1", False),
        ("postgresql:///b?service=elsewhere", False),
        ("postgresql://b@localhost.example.org/b", False),
        ("postgresql://b@127.0.0.1.example.org/b", False),
        ("postgresql://b@db.example.org/b?sslmode=verify-full", True),
        ("postgresql://b@localhost/b", True),
        ("postgresql://b@127.0.0.1:5433/b", True),
        ("postgresql://b@[::1]/b", True),
        ("postgresql:///b?host=/run/postgresql", True),
        ("postgresql:///b", True),
    ],
)
def test_what_leaves_the_machine_goes_to_a_database_that_shows_who_it_is(monkeypatch, given, taken):
    monkeypatch.delenv("PGHOST", raising=False)
    with contextlib.nullcontext() if taken else refused(db.WrongAddress, db.Unusable.UNVERIFIED):
        db.address(given, pathlib.Path("/i"))
    monkeypatch.setenv("PGHOST", "db.example.org")
    if given == "postgresql:///b":
        with refused(db.WrongAddress, db.Unusable.UNVERIFIED):
            db.address(given, pathlib.Path("/i"))


def test_a_session_does_not_open_without_its_guard(app, monkeypatch):
    monkeypatch.setattr(db.Session, "guarded", False)
    with app.app_context(), pytest.raises(db.Leak, match="tenancy"):
        db.db.session()


# The schema.


def differences(app) -> list[object]:
    with db.owners_engine(app).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, db.Record.metadata))


def test_migrations_make_what_the_models_say(app, database):
    for module in pkgutil.iter_modules(domain.__path__):
        importlib.import_module(f"{domain.__name__}.{module.name}")
    migrations.migrate(app)
    assert differences(app) == []
    migrations.migrate(app)  # again changes nothing
    if database.kind == "postgresql":
        held = sa.text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        with database.engine().connect() as connection:
            protected = set(connection.scalars(held))
        # Rows of what has gone are no site's: shown to all, and deleted by nobody but the owner.
        assert protected == db.owned_tables(db.OfSite) & db.Record.metadata.tables.keys() | {"departure"}


def test_every_table_is_a_sites_or_is_named_with_the_reason():
    for module in pkgutil.iter_modules(domain.__path__):
        importlib.import_module(f"{domain.__name__}.{module.name}")
    guarded = db.owned_tables(db.OfSite) & db.Record.metadata.tables.keys()
    assert db.Record.metadata.tables.keys() - guarded == UNGUARDED


BEFORE = """
import sqlalchemy as sa
from alembic import op
from bulletin.migrations.protection import protect
revision, down_revision = "a1", None
def upgrade():
    op.create_table("site", sa.Column("id", sa.Uuid(), nullable=False), sa.PrimaryKeyConstraint("id", name="pk_site"))
    for name, parent in (("parcel", "site"), ("note", "parcel")):
        keys = ["site_id"] if parent == "site" else ["site_id", "parcel_id"]
        op.create_table(
            name,
            sa.Column("site_id", sa.Uuid(), nullable=False),
            sa.Column("id", sa.Uuid(), nullable=False),
            sa.Column("parcel_id", sa.Uuid()),
            sa.Column("name", sa.String(), nullable=False),
            sa.PrimaryKeyConstraint("site_id", "id", name=f"pk_{name}"),
            sa.ForeignKeyConstraint(
                keys, [f"{parent}.id"] if parent == "site" else ["parcel.site_id", "parcel.id"], name=f"fk_{name}_up"
            ),
        )
        protect(op, name)
def downgrade():
    op.drop_table("note"); op.drop_table("parcel"); op.drop_table("site")
"""
AFTER = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "a2", "a1"
def upgrade():
    with op.batch_alter_table("parcel") as batch:
        batch.add_column(sa.Column("weight", sa.Integer(), nullable=False, server_default="0"))
        batch.alter_column("name", existing_type=sa.String(), nullable=True)
    op.execute("UPDATE parcel SET weight = 7")
    %s
def downgrade():
    with op.batch_alter_table("parcel") as batch:
        batch.alter_column("name", existing_type=sa.String(), nullable=False)
        batch.drop_column("weight")
"""


@pytest.fixture
def history(app, database, tmp_path, monkeypatch):
    """Two migrations of its own, for the way they are run: `history("a1")` goes there."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    for name in ("alembic.ini", "env.py", "script.py.mako"):
        (folder / name).write_text((db.MIGRATIONS / name).read_text())
    monkeypatch.setattr(app.extensions["migrate"].migrate, "directory", str(folder))

    def go(revision: str, first: str = BEFORE, then: str = AFTER % "pass") -> None:
        (folder / "versions" / "a1.py").write_text(first)
        (folder / "versions" / "a2.py").write_text(then)
        with app.app_context():
            config = app.extensions["migrate"].migrate.get_config()
            (command.downgrade if revision in ("base", "a1-") else command.upgrade)(config, revision.rstrip("-"))

    return go


@pytest.fixture
def filled(history, database):
    history("a1")
    ids = [uuid.uuid4() for _ in range(2)]
    with database.engine().begin() as connection:
        for site in ids:
            values = {"s": site.hex, "p": uuid.uuid4().hex, "n": uuid.uuid4().hex}
            for line in (
                "INSERT INTO site VALUES (:s)",
                "INSERT INTO parcel (site_id, id, name) VALUES (:s, :p, 'p')",
                "INSERT INTO note (site_id, id, parcel_id, name) VALUES (:s, :n, :p, 'n')",
            ):
                connection.execute(sa.text(line), values)
    return ids


def count(database, table: str, where: str = "true") -> int:
    with database.engine().connect() as connection:
        return connection.exec_driver_sql(f"SELECT count(*) FROM {table} WHERE {where}").scalar()  # noqa: S608


def test_a_table_is_rebuilt_without_emptying_another(history, filled, database):
    history("a2")
    assert (count(database, "parcel", "weight = 7"), count(database, "note")) == (2, 2)
    history("a1-")
    assert (count(database, "parcel"), count(database, "note")) == (2, 2)
    history("a2")
    if database.kind == "postgresql":
        assert count(database, "pg_class", "relrowsecurity AND relforcerowsecurity") == 2
    history("base")
    with pytest.raises(sa.exc.DBAPIError):
        count(database, "parcel")


def test_a_migration_that_fails_leaves_nothing_behind(history, filled, database):
    with pytest.raises(ZeroDivisionError):
        history("a2", then=AFTER % "1 / 0")
    with pytest.raises(sa.exc.DBAPIError, match="weight"):
        count(database, "parcel", "weight = 7")
    assert (count(database, "parcel"), count(database, "note")) == (2, 2)


def test_a_migration_that_leaves_rows_pointing_nowhere_is_undone(history, filled, database):
    error = RuntimeError if database.kind == "sqlite" else sa.exc.IntegrityError
    with pytest.raises(error):
        history("a2", then=AFTER % 'op.execute("DELETE FROM parcel")')
    assert (count(database, "parcel"), count(database, "note")) == (2, 2)


def test_a_new_migration_writes_plain_types_and_protects_what_a_site_owns(app, database, tmp_path, monkeypatch):
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    for name in ("alembic.ini", "env.py", "script.py.mako"):
        (folder / name).write_text((db.MIGRATIONS / name).read_text())
    monkeypatch.setattr(app.extensions["migrate"].migrate, "directory", str(folder))
    monkeypatch.setattr(db.Record, "metadata", Place.metadata)
    with app.app_context():
        config = app.extensions["migrate"].migrate.get_config()
        command.revision(config, "all of it", autogenerate=True)
        written = next((folder / "versions").glob("*.py")).read_text()
        command.upgrade(config, "head")
    assert "sa.DateTime(timezone=True)" in written
    assert 'protect(op, "parcel")' in written
    assert 'protect(op, "site")' not in written
    assert 'protect_told(op, "leaflet")' in written
    assert differences(app) == []
    with app.app_context():
        command.downgrade(config, "base")
    assert sqlite3.sqlite_version_info > (3, 35)  # DROP COLUMN
