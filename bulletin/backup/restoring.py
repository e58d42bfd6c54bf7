"""Bringing a backup back: first all of it aside, looked through and made safe; then, in one transaction, home."""

from __future__ import annotations

import contextlib
import pathlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import command
from flask import Flask

from bulletin import db, migrations
from bulletin.config import Settings
from bulletin.domain.site.accounts.browser_keys import BrowserKey
from bulletin.domain.site.departures import LOCK, Departure

from . import Done, Many, Refused, Told, Why, archive, departure_log, departures, envelope, making, rows
from .departure_log import Log
from .gone_again import KINDS, listed, make_safe

ASIDE = ".restore-"  # how the folder is called in which a backup is looked through


def restore(
    app: Flask,
    source: pathlib.Path,
    key: pathlib.Path,
    log: pathlib.Path | None = None,
    *,
    replace: bool = False,
    moved_from: Flask | None = None,
    unsigned: bool = False,
    ask: Callable[[list[Told]], None] = lambda _: None,
) -> list[Told]:
    """Bring back a backup; what was done. `moved_from`: whose database this one is to follow, if not its own.

    `ask` is told what is in the backup and what it replaces, and raises Refused to end it; `unsigned`: even if nothing
    shows who made it. Raises Refused, db.NewerDatabase, OSError, and then nothing was touched.
    """
    keys = envelope.key_file(key)
    given = _log_in(log, keys, unsigned=unsigned) if log else {}
    replaced = _has_network(app)
    if replaced and not replace:
        raise Refused(Why.NETWORK_HERE)
    if moved_from is not None:
        given = departure_log.merged(given, _log_of_other(moved_from))
    with _aside(pathlib.Path(app.instance_path)) as aside:
        reception = _Reception(aside)
        with reception:
            header = reception.read(source, keys, unsigned=unsigned)
        reception.finish()
        moment = f"{header.made_at:%Y-%m-%d, %H:%M} UTC"
        sites, members = _counted(aside)
        told = [Told(Done.HOLDS, file=str(source), moment=moment, sites=sites, members=members)]
        if not reception.is_proven:
            told.append(Told(Done.UNPROVEN))
        if replaced:
            sites, members = _counted(app)
            told.append(Told(Done.REPLACES, sites=sites, members=members))
        if things := listed({KINDS[kind]: count for kind, count in departures.count_gone(aside, given).items()}):
            told.append(Told(Done.GOES_BY_LOG, things=things))
        ask(told)
        migrations.migrate(app)
        departures.take_in_file(app)
        here = departures.log_of(app)
        known = departure_log.merged(here, given, reception.log())
        said = make_safe(aside, known)
        _bring_home(aside, app, known, here, replace=replace)
        departures.note_count(app, len(departures.log_of(app)))
        sites, members = _counted(aside)
    return [
        Told(Done.RESTORED, moment=moment, sites=sites, members=members),
        *said,
        Told(Done.SIGNED_OUT),
        Told(Done.NEW_KEYS),
        Told(Done.JOINED_SINCE),
        *([] if replaced or here or given else [Told(Done.WITHOUT_LOG)]),
    ]


def _counted(app: Flask) -> tuple[Told, Told]:
    """How many sites and members there are."""
    with making.one_moment(app) as connection:
        sites, members = (
            connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) for name in ("site", "member")
        )
    return Told(Many.SITES, count=sites), Told(Many.MEMBERS, count=members)


def _has_network(app: Flask) -> bool:
    if not making.is_there(app):
        return False
    migrations.waits_for_update(app)  # or is newer than this program
    with making.one_moment(app) as connection:
        return making.has_network(connection)


def _log_in(path: pathlib.Path, keys: envelope.KeyFile, *, unsigned: bool) -> Log:
    """The departures that a file of releases before names, or that a later backup does."""
    try:
        if envelope.is_sealed(path):
            later = archive.Reader()
            later.read(path, keys, unsigned=unsigned)
            return later.log()
        log, _ = departure_log.written_before(departure_log.whole_lines(path.read_text(encoding="ascii")))
    except ValueError:
        raise Refused(Why.NO_LOG, file=str(path)) from None
    if not unsigned:
        raise Refused(Why.UNSIGNED_LOG, file=str(path))
    return log


def _log_of_other(app: Flask) -> Log:
    """The log of a database that may be lost: empty where it does not answer."""
    with contextlib.suppress(sa.exc.SQLAlchemyError):
        return departures.log_of(app) if making.is_there(app) else {}
    return {}


@contextlib.contextmanager
def _aside(instance: pathlib.Path) -> Iterator[Flask]:
    """An app with an empty database in a private folder, which goes with it."""
    instance.mkdir(parents=True, exist_ok=True)
    folder = tempfile.mkdtemp(prefix=ASIDE, dir=instance)
    try:
        yield making.open_house(Settings(), pathlib.Path(folder))
    finally:
        shutil.rmtree(folder)


class _Reception(archive.Reader):
    """Takes a backup into the database aside, in one transaction that its `with` ends."""

    def __init__(self, aside: Flask) -> None:
        super().__init__()
        self.aside = aside
        self.batch: list[rows.Row] = []
        self.heavy = 0
        self.engine = db.owners_engine(aside)
        # Rows come in any order; finish() looks whether they point to one another.
        sa.event.listen(self.engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=OFF"))

    def __enter__(self) -> None:
        self.connection: sa.Connection | None = None

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self.connection is not None:
            if kind is None:
                self._write()
                self.connection.commit()
            self.connection.close()

    def begin(self, header: archive.Header) -> None:
        known = {script.revision for script in making.scripts(self.aside).walk_revisions()}
        if header.revision not in known:
            raise Refused(Why.NEWER)
        with self.aside.app_context():
            command.upgrade(self.aside.extensions["migrate"].migrate.get_config(), header.revision)
        self.connection = self.engine.connect()
        there = rows.tables_of(self.connection)
        if lacking := there - header.columns.keys() - rows.LEFT_OUT:
            raise Refused(Why.WITHOUT_TABLES, names=", ".join(sorted(lacking)))
        if not header.columns.keys() <= there:
            raise ValueError("tables that are not ours")
        for table, columns in header.columns.items():
            names = {column["name"] for column in sa.inspect(self.connection).get_columns(table)}
            if names != columns.keys() or not rows.TYPES.keys() >= set(columns.values()):
                raise ValueError("columns of some other table")
        self.connection.rollback()  # what inspecting began

    def row(self, table: str, values: dict[str, Any]) -> None:
        self.batch.append((table, values))
        self.heavy += rows.weight(values)
        if len(self.batch) >= rows.BATCH or self.heavy >= rows.BATCH_BYTES:
            self._write()

    def _write(self) -> None:
        assert self.connection is not None  # noqa: S101  # begin() opened it
        assert self.header is not None  # noqa: S101
        try:
            rows.write(self.connection, self.batch, self.header.columns)
        except (sa.exc.SQLAlchemyError, ValueError, TypeError, OverflowError):
            raise Refused(Why.WRONG_ROWS) from None
        self.batch.clear()
        self.heavy = 0

    def finish(self) -> None:
        """Bring it to the schema of this program, and look whether it is sound."""
        migrations.migrate(self.aside)
        with making.one_moment(self.aside) as connection:
            rows.check(connection)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken or connection.exec_driver_sql("PRAGMA integrity_check").scalar() != "ok":
                raise Refused(Why.LOOSE_ROWS)


def _bring_home(aside: Flask, app: Flask, known: Log, heeded: Log, *, replace: bool) -> None:
    """Put what stands aside in the place of what is here; `heeded` is the log that was here when it was made safe."""
    columns = {table.name: rows.kinds(table) for table in rows.tables()}
    with making.one_moment(aside) as there, db.owners_engine(app).begin() as here:
        if not replace and making.has_network(here):
            raise Refused(Why.NETWORK_HERE)
        if here.dialect.name == "postgresql":
            here.exec_driver_sql(f"LOCK TABLE {Departure.__tablename__}")  # who goes now waits, and finds no such row
        if departures.log_in(here) != heeded:
            raise Refused(Why.GONE_MEANWHILE)
        rows.clear(here)
        with contextlib.closing(rows.read(there)) as all_rows:
            rows.write(here, all_rows, columns)
        BrowserKey.begin_anew(here)
        if rows.counts(here) != rows.counts(there):
            raise RuntimeError("not every row arrived")
        here.execute(sa.delete(Departure))  # the backup's
        departures.put(here, {name: known[name] for name in known if name[0] == LOCK or known[name] % 2})
