"""Making a backup while the house is open."""

from __future__ import annotations

import contextlib
import datetime
import pathlib
from collections.abc import Iterator

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from bulletin import db, migrations
from bulletin.config import Settings, for_flask

from . import Done, Many, Refused, Told, Why, archive, envelope, rows

LAST = "backup-made.txt"  # the day of the last one


def open_house(settings: Settings, instance: pathlib.Path) -> Flask:
    """An app with its database and nothing else. Raises Refused where the settings name no database."""
    app = Flask("bulletin", instance_path=str(instance))
    app.config.update(for_flask(settings))
    try:
        db.attach(app)
    except db.WrongAddress as error:
        raise Refused(error.code) from None
    return app


@contextlib.contextmanager
def one_moment(app: Flask) -> Iterator[sa.Connection]:
    """The database as it is now, while others go on writing."""
    with db.owners_engine(app).connect().execution_options(read_only=True) as connection:
        yield connection


def is_there(app: Flask) -> bool:
    """Is there a database to be opened? Asking makes none."""
    url = sa.make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    return url.get_backend_name() != "sqlite" or pathlib.Path(str(url.database)).exists()


def revision(connection: sa.Connection) -> str:
    """The schema a database has; empty where it has none."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def scripts(app: Flask) -> ScriptDirectory:
    """The schemas this program knows."""
    with app.app_context():
        return ScriptDirectory.from_config(app.extensions["migrate"].migrate.get_config())


def has_network(connection: sa.Connection) -> bool:
    """Has a network been founded here?"""
    if not sa.inspect(connection).has_table("network"):
        return False
    return bool(connection.scalar(sa.select(sa.func.count()).select_from(sa.table("network"))))


def make(app: Flask, target: pathlib.Path) -> list[Told]:
    """Write a backup to a file, sealed; what was done. Raises Refused, db.NewerDatabase, OSError."""
    instance = pathlib.Path(app.instance_path)
    to, signed_by = envelope.recipients(instance), envelope.signing_key(instance)
    if not is_there(app):
        raise Refused(Why.NOTHING_YET)
    waits = migrations.waits_for_update(app)
    with one_moment(app) as connection:
        if not has_network(connection):
            raise Refused(Why.NOTHING_YET)
        if waits:
            raise Refused(Why.WAITS_FOR_UPDATE)
        rows.check(connection)
        count = rows.counts(connection)
        header = archive.Header(
            db.now(), revision(connection), {table.name: rows.kinds(table) for table in rows.tables()}
        )
        with contextlib.closing(rows.read(connection)) as all_rows:
            envelope.seal(target, to, archive.packed(header, all_rows), signed_by)
    with envelope.written_aside(instance / LAST) as file:
        file.write(f"{db.today()}\n".encode())
    return [
        Told(
            Done.BACKED_UP,
            file=str(target),
            sites=Told(Many.SITES, count=count["site"]),
            members=Told(Many.MEMBERS, count=count["member"]),
        ),
        Told(Done.KEEP_APART),
        *([] if signed_by else [Told(Done.NOT_SIGNED)]),
    ]


def last_made(instance: pathlib.Path) -> datetime.date | None:
    """The day of the last backup; None where there was none."""
    try:
        return datetime.date.fromisoformat((instance / LAST).read_text(encoding="ascii").strip())
    except (FileNotFoundError, ValueError):
        return None
