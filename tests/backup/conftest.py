"""A network with people in it, on both databases, as an installation has it: its schema through migrations."""

from __future__ import annotations

import pathlib
import shutil
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from bulletin import db as database_module
from bulletin.backup import departures, envelope
from bulletin.config import Settings, for_flask
from bulletin.db import db
from tests.databases import Database, database, postgresql  # noqa: F401
from tests.domain.conftest import Person, bill, cheap_words, clara, depot, join, rosa  # noqa: F401

CANARY = "canary-words-in-a-sealed-field"


@pytest.fixture(scope="session")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A copy of the migrations; where there are none yet, with one that makes every table there is."""
    folder = tmp_path_factory.mktemp("schemas") / "migrations"
    shutil.copytree(database_module.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions").mkdir(exist_ok=True)
    if not list((folder / "versions").glob("*.py")):
        write_migration(folder, folder.parent / "empty", "all there is")
    return folder


def write_migration(schemas: pathlib.Path, empty: pathlib.Path, message: str) -> None:
    from alembic import command

    before, database_module.MIGRATIONS = database_module.MIGRATIONS, schemas
    try:
        app = open_house(Settings(), empty)
        with app.app_context():
            command.revision(app.extensions["migrate"].migrate.get_config(), message, autogenerate=True)
    finally:
        database_module.MIGRATIONS = before


def open_house(settings: Settings, instance: pathlib.Path, owner_url: str = "") -> Flask:
    app = Flask("bulletin", instance_path=str(instance))
    app.config.update(for_flask(settings), DATABASE_OWNER_URL=owner_url)
    database_module.attach(app)
    return app


@pytest.fixture
def new_house(
    tmp_path: pathlib.Path, schemas: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Flask]]:
    """new_house(name, database): an installation in a folder of its own, with its tables."""
    monkeypatch.setattr(database_module, "MIGRATIONS", schemas)
    houses: list[Flask] = []

    def build(name: str, at: Database | None = None, at_schemas: pathlib.Path = schemas) -> Flask:
        monkeypatch.setattr(database_module, "MIGRATIONS", at_schemas)
        instance = tmp_path / name
        instance.mkdir(mode=0o700, exist_ok=True)
        url, owner = (at.url, at.owner_url) if at else ("", "")
        app = open_house(Settings(database_url=url), instance, owner)
        database_module.migrate(app)
        departures.watch(app)
        houses.append(app)
        return app

    yield build
    for app in houses:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def house(new_house: Callable[..., Flask], database: Database) -> Flask:  # noqa: F811
    return new_house("instance", database)


@pytest.fixture
def session(house: Flask) -> Iterator[object]:
    with house.app_context():
        yield db.session
        db.session.remove()


@pytest.fixture
def key(house: Flask, tmp_path: pathlib.Path) -> pathlib.Path:
    """The file with the key that opens the house's backups."""
    path = tmp_path / "key.txt"
    path.write_text(f"# for backups\n{envelope.new_key(pathlib.Path(house.instance_path))}\n")
    return path
