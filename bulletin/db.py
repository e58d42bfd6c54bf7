"""The database: how it is opened, what every record has, what time it is."""

from __future__ import annotations

import contextlib
import datetime
import enum
import functools
import os
import pathlib
import re
import sqlite3
import uuid
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

import sqlalchemy as sa
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import event, orm

MIGRATIONS = pathlib.Path(__file__).parent / "migrations"
EVERY_ROW = {"every_row": True}  # the execution option of a query that finds hidden rows, too: people.forgetting
BUSY_S = 20  # how long a writer waits for its turn
FORGET_S = 1  # how long emptying SQLite's log waits for who still reads
CONNECTIONS = 10  # kept open; where all threads are at work there may be twice as many

# SQLITE_IOERR_WRITE is what a quota gives, SQLITE_IOERR_SHMSIZE what a full disk gives a first reader.
FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}
DISK_FULL = "53100"  # PostgreSQL's disk_full

CONSTRAINT_NAMES = {  # so that a migration can find a constraint again, on both databases
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Leak(RuntimeError):
    """Something would have left its site. A mistake in the program: nobody's input leads here."""


class StorageFull(Exception):
    """The disk is full: nothing of this transaction was kept, everything acknowledged before is."""


class Unusable(enum.Enum):
    """Why a database cannot be used."""

    ADDRESS = "address"  # in the settings
    NEWER = "newer"  # than this program
    UNVERIFIED = "unverified"  # on another machine, and nothing says that it is the right one
    FOLDER = "folder"  # of this installation, which cannot be made


class CannotUse(Exception):
    """A database that cannot be used, and why."""

    def __init__(self, code: Unusable) -> None:
        super().__init__(code)
        self.code = code
        self.values: dict[str, object] = {}

    def __str__(self) -> str:
        return self.code.name


class WrongAddress(CannotUse, ValueError):
    """A DATABASE_URL that names none of ours, or another machine's whose certificate nobody looks at."""

    def __init__(self, code: Unusable = Unusable.ADDRESS) -> None:
        super().__init__(code)


class NewerDatabase(CannotUse):
    """A later version of the program made this database. Nothing was touched."""

    def __init__(self) -> None:
        super().__init__(Unusable.NEWER)


def now() -> datetime.datetime:
    """This moment, aware, in UTC."""
    return datetime.datetime.now(datetime.UTC)


def today(zone: datetime.tzinfo = datetime.UTC) -> datetime.date:
    """The day it is, in UTC or where a site is."""
    return now().astimezone(zone).date()


class Moment(sa.TypeDecorator[datetime.datetime]):
    """An aware datetime; UTC in the database and on the way out, on SQLite too, which knows no zones."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime.datetime | None, dialect: sa.Dialect) -> datetime.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without its time zone: use db.now()")
        value = value.astimezone(datetime.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime.datetime | None, dialect: sa.Dialect) -> datetime.datetime | None:
        return value and (
            value.replace(tzinfo=datetime.UTC) if value.tzinfo is None else value.astimezone(datetime.UTC)
        )


class Record(metaclass=orm.DeclarativeMeta):
    """What every row is. `id`, where there is one, is known from the start, not only after a flush."""

    # This way and not as a DeclarativeBase: Flask-SQLAlchemy would make another class of it, and isinstance would lie.
    __abstract__ = True
    registry = orm.registry(
        metadata=sa.MetaData(naming_convention=CONSTRAINT_NAMES), type_annotation_map={datetime.datetime: Moment()}
    )
    metadata = registry.metadata

    @orm.declared_attr.directive
    def __tablename__(cls) -> str:
        return re.sub(r"(?<!^)(?=[A-Z])", "_", getattr(cls, "__name__", "")).lower()

    def __init__(self, **fields: Any) -> None:
        known = sa.inspect(type(self)).attrs.keys()
        if "id" in known and "id" not in fields:
            fields = {"id": uuid.uuid4(), **fields}
        for name, value in fields.items():
            if name not in known and not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no {name}")
            setattr(self, name, value)


class OfSite(Record):
    """A row that one site writes, and no other: guarded by vault.tenancy."""

    __abstract__ = True

    # Site first: a site's rows lie together, and other rows point to both columns.
    site_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.ForeignKey("site.id"), primary_key=True, sort_order=-2)
    id: orm.Mapped[uuid.UUID] = orm.mapped_column(primary_key=True, sort_order=-1)

    def __init__(self, *, site: Any = None, site_id: uuid.UUID | None = None, **fields: Any) -> None:
        if (site is None) == (site_id is None):
            raise TypeError(f"{type(self).__name__} needs its site: give site= or site_id=")
        # These two before the rest: a sealed field is bound to its row as soon as it is set.
        self.site_id = site.id if site_id is None else site_id
        self.id = fields.pop("id", None) or uuid.uuid4()
        super().__init__(id=self.id, **fields)

    @orm.validates("site_id")
    def _stays_at_its_site(self, _: str, site_id: uuid.UUID) -> uuid.UUID:
        if not isinstance(site_id, uuid.UUID):
            raise TypeError("site_id is a UUID")
        if self.site_id not in (None, site_id):
            raise Leak("a row does not move to another site")
        return site_id


class SiteOwned(OfSite):
    """A row of one site, which alone reads it: its fields are sealed with that site's key."""

    __abstract__ = True


class SiteWritten(OfSite):
    """A row that one site writes and its audience reads, in the clear. Audiences: vault.readers."""

    __abstract__ = True
    audience: orm.Mapped[str] = orm.mapped_column(sa.String(36))


class Session(FlaskSession):
    """A session with its side doors shut; what goes through the front door, vault.tenancy sees to."""

    guarded: ClassVar[bool] = False  # vault.tenancy sets it when its listeners stand

    def __init__(self, db: SQLAlchemy, **options: Any) -> None:
        if not self.guarded:
            raise Leak("import bulletin.vault.tenancy before the first session is opened")
        super().__init__(db, **options)
        self._only_reads = False
        self._readers: dict[Any, Any] = {}  # engines, and the same ones as they are where nothing is written

    def read_only(self) -> None:
        """The transaction that begins here only reads, and keeps no writer waiting.

        Any other holds SQLite's one place for writing from its first statement to its end. Raises if one has begun.
        """
        if self.in_transaction():
            raise RuntimeError("say read_only() before the first query")
        super().connection(execution_options={"read_only": True})

    @property
    def only_reads(self) -> bool:
        """Does every transaction that begins from here on only read? Raises where it is set and one has begun."""
        return self._only_reads

    @only_reads.setter
    def only_reads(self, yes: bool) -> None:
        if yes != self._only_reads and self.in_transaction():
            raise RuntimeError("say only_reads before the first query")
        self._only_reads = yes

    def get_bind(self, *args: Any, **kwargs: Any) -> Any:
        """The engine that a statement is for."""
        engine = super().get_bind(*args, **kwargs)
        if not self._only_reads or not isinstance(engine, sa.Engine):
            return engine
        if engine not in self._readers:  # one for all of a transaction, or it would have two connections
            self._readers[engine] = engine.execution_options(read_only=True)
        return self._readers[engine]

    def refresh(self, *args: Any, **kwargs: Any) -> None:
        """Read a row anew. What was changed of it is written first, or it would be lost without a word."""
        self.flush()
        super().refresh(*args, **kwargs)

    def connection(self, *_: Any, **__: Any) -> Any:
        raise Leak("a connection would see every site")

    bulk_save_objects = bulk_insert_mappings = bulk_update_mappings = connection


db = SQLAlchemy(model_class=Record, session_options={"class_": Session})


def attach(app: Flask) -> None:
    """Give the app its database, at `DATABASE_URL` or in instance/bulletin.db; opens none yet. Raises WrongAddress."""
    url = address(app.config.get("DATABASE_URL") or "", pathlib.Path(app.instance_path))
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {**options(url), "pool_size": CONNECTIONS, "pool_pre_ping": True}
    db.init_app(app)
    with app.app_context():
        configure(db.engine)
    Migrate(app, db, directory=str(MIGRATIONS))


def address(database_url: str, instance: pathlib.Path) -> sa.URL:
    """Where the database is, with the driver we use; relative files lie in `instance`. Raises WrongAddress."""
    try:
        url = sa.make_url(database_url or "sqlite:///bulletin.db")
    except sa.exc.ArgumentError:
        raise WrongAddress from None
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        if not _stays_here(url) and url.query.get("sslmode") != "verify-full":
            raise WrongAddress(Unusable.UNVERIFIED)
        return url.set(drivername="postgresql+psycopg")
    if url.drivername != "sqlite" or url.database in (None, "", ":memory:"):
        raise WrongAddress
    return url.set(database=str(instance / str(url.database)))


def _stays_here(url: sa.URL) -> bool:
    """Does what is said to this PostgreSQL stay on this machine? A socket's folder begins with a slash."""
    named = [url.host or "", *(host for key in ("host", "hostaddr") for host in url.normalized_query.get(key, ()))]
    hosts = [host for each in named for host in each.split(",") if host] or os.environ.get("PGHOST", "").split(",")
    local = re.compile(r"|[/@].*|(localhost|127(\.\d+){3}|\[?::1\]?)(:\d*)?")
    return "service" not in url.query and all(map(local.fullmatch, hosts))


def options(url: sa.URL) -> dict[str, Any]:
    """What `create_engine` is told besides the address."""
    return {
        "hide_parameters": True,  # errors are logged, people are not
        "connect_args": {"timeout": BUSY_S} if url.get_backend_name() == "sqlite" else {"connect_timeout": 10},
    }


def configure(engine: sa.Engine) -> None:
    """Make an engine behave as the house expects: private, durable, one writer at a time, a word for a full disk."""
    event.listen(engine, "handle_error", _say_when_full)
    event.listen(engine, "begin", _begin)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "do_connect", _create_private)
        event.listen(engine, "connect", _set_pragmas)


def _create_private(_: sa.Dialect, __: Any, args: list[str], ___: dict[str, Any]) -> None:
    path = pathlib.Path(args[0])
    path.parent.mkdir(parents=True, exist_ok=True)
    # Only ever created here: closing a file that SQLite has open would drop this process's locks on it.
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _set_pragmas(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves; see _begin
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "trusted_schema=OFF"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: sa.Connection) -> None:
    only_reads = bool(connection.get_execution_options().get("read_only"))
    if connection.dialect.name != "sqlite":
        if only_reads:  # and sees one moment, as on SQLite: no key that was changed between two queries
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return
    # So that a write in a reading transaction fails the first time it is tried, not the first time two people meet.
    connection.exec_driver_sql(f"PRAGMA query_only={only_reads:d}")
    # A deferred transaction that writes after it read cannot wait: SQLite fails it ("database is locked").
    connection.exec_driver_sql("BEGIN DEFERRED" if only_reads else "BEGIN IMMEDIATE")


def _say_when_full(context: sa.engine.ExceptionContext) -> BaseException | None:
    error = context.original_exception
    full = getattr(error, "sqlite_errorcode", None) in FULL or getattr(error, "sqlstate", None) == DISK_FULL
    return StorageFull("The disk is full.") if full else None


def forget_old_pages() -> bool:
    """What was overwritten stays in SQLite's log until it is emptied: old copies of keys, above all.

    False where somebody still reads from before, or the disk is full: then ask again.
    """
    if db.engine.dialect.name != "sqlite":
        return True
    raw = db.engine.raw_connection()  # outside a transaction, where alone it works
    cursor = raw.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout={FORGET_S * 1000}")
        return not cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]  # is somebody in the way?
    except sqlite3.Error:
        return False
    finally:
        cursor.execute(f"PRAGMA busy_timeout={BUSY_S * 1000}").close()
        raw.close()


def answers() -> bool:
    """Does the database answer? For whoever watches over the machine."""
    try:
        with db.engine.connect().execution_options(read_only=True) as connection:  # who asks waits for no writer
            return bool(connection.execute(sa.select(sa.literal(1))).scalar_one())
    except sa.exc.SQLAlchemyError:
        return False


def batches(ids: Iterable[uuid.UUID], size: int = 500) -> Iterator[list[uuid.UUID]]:
    """Ids, each once and in their order, as many at a time as one query may name."""
    every = sorted(set(ids))
    return (every[at : at + size] for at in range(0, len(every), size))


def owned_records(base: type[Any] = SiteOwned) -> list[type[Any]]:
    """The kinds of rows of sites in our own schema, children first, as they can be deleted; OfSite is both bases."""
    tables = {mapper.local_table: mapper.class_ for mapper in Record.registry.mappers}
    return [tables[table] for table in reversed(Record.metadata.sorted_tables) if issubclass(tables[table], base)]


def owned_tables(base: type[Any] = SiteOwned) -> frozenset[str]:
    """Names of the tables whose rows belong to a site."""
    return _tables_of(base, frozenset(Record.metadata.tables))  # type: ignore[arg-type]


@functools.lru_cache(maxsize=3)  # the guard asks for them with each statement
def _tables_of(base: type[Any], _: frozenset[str]) -> frozenset[str]:
    every = Record.registry.mappers
    return frozenset(str(one.local_table.description) for one in every if issubclass(one.class_, base))


def owners_engine(app: Flask) -> sa.Engine:
    """For migrations: as the tables' owner where `DATABASE_OWNER_URL` names one; keeps no connection."""
    named = app.config.get("DATABASE_OWNER_URL") or app.config.get("DATABASE_URL") or ""
    url = address(named, pathlib.Path(app.instance_path))
    engine = sa.create_engine(url, poolclass=sa.NullPool, **options(url))
    configure(engine)
    return engine
