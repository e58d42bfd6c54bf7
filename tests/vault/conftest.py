"""A depot and a mill, each with its rows, in both databases."""

from __future__ import annotations

import contextlib
import dataclasses
import pathlib
import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask
from sqlalchemy import orm

from bulletin import db
from bulletin.migrations.protection import protect, protect_told
from bulletin.vault import tenancy
from bulletin.vault.readers import Audience
from tests.databases import Database, closing, database, postgresql  # noqa: F401
from tests.vault.samples import Leaflet, Note, Parcel, Place, Sample


@dataclasses.dataclass
class Site:
    """What a test knows of one site: ids, and a word that all its rows contain."""

    word: str
    id: uuid.UUID
    parcel: uuid.UUID
    note: uuid.UUID
    told: dict[Audience, uuid.UUID]  # a leaflet for each audience


@dataclasses.dataclass
class Yard:
    """Two sites in one database."""

    app: Flask
    database: Database
    depot: Site
    mill: Site

    @contextlib.contextmanager
    def session(self, at: Site | None) -> Iterator[orm.Session]:
        with self.app.app_context():
            session = db.db.session()
            if at is not None:
                tenancy.bind(session, at.id)
            yield session
            session.rollback()

    def rows(self, site: Site) -> list[tuple[object, ...]]:
        """All that is really there of a site."""
        with self.database.engine().connect() as connection:
            return [
                tuple(map(str, row))
                for model in (Parcel, Note)
                for row in connection.execute(sa.select(model.__table__).where(model.site_id == site.id))
            ] + [tuple(map(str, row)) for row in connection.execute(sa.select(sa.func.count()).select_from(Parcel))]


def make_app(database: Database, folder: pathlib.Path, url: str = "") -> Flask:  # noqa: F811
    app = Flask("bulletin", instance_path=str(folder / "instance"))
    app.config.update(DATABASE_URL=url or database.url, DATABASE_OWNER_URL=database.owner_url)
    db.attach(app)
    return app


def make_yard(app: Flask, database: Database) -> Yard:  # noqa: F811
    engine = database.engine(database.owner_url)
    with engine.begin() as connection:
        Sample.metadata.create_all(connection)
        for table in ("parcel", "note"):
            protect(Operations(MigrationContext.configure(connection)), table)
        protect_told(Operations(MigrationContext.configure(connection)), "leaflet")
    sites = []
    with database.engine().begin() as connection:
        for word in ("depot", "mill"):
            told = {audience: uuid.uuid4() for audience in Audience}
            site = Site(word, uuid.uuid4(), uuid.uuid4(), uuid.uuid4(), told)
            sites.append(site)
            connection.execute(sa.insert(Place.__table__).values(id=site.id, name=word))
            connection.execute(
                sa.insert(Parcel.__table__).values(site_id=site.id, id=site.parcel, name=f"{word} parcel", weight=1)
            )
            connection.execute(
                sa.insert(Note.__table__).values(
                    site_id=site.id, id=site.note, parcel_id=site.parcel, words=f"{word} note", more=f"{word} more"
                )
            )
        lay_out(connection, *sites)
    return Yard(app, database, *sites)


def lay_out(connection: sa.Connection, *sites: Site) -> None:
    """What they tell, a leaflet for each audience."""
    for site in sites:
        for audience, id_ in site.told.items():
            connection.execute(
                sa.insert(Leaflet.__table__).values(
                    site_id=site.id,
                    id=id_,
                    audience=audience.value,
                    words=f"{site.word} for {audience}",
                    more=f"{site.word} more {audience}",
                )
            )


@pytest.fixture
def app(database: Database, tmp_path: pathlib.Path) -> Iterator[Flask]:  # noqa: F811
    with closing(make_app(database, tmp_path)) as made:
        yield made


@pytest.fixture
def yard(app: Flask, database: Database) -> Yard:  # noqa: F811
    return make_yard(app, database)
