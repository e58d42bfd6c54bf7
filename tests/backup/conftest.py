"""A network with people in it, on both databases, as an installation has it: its schema through migrations."""

from __future__ import annotations

import pathlib
import shutil
import types
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask, current_app

from bulletin import db as database_module, migrations as ours
from bulletin.backup import departures, envelope, restoring
from bulletin.config import Settings, for_flask
from bulletin.db import db
from tests.databases import Database, postgresql  # noqa: F401
from tests.domain.conftest import Person, bill, cheap_words, clara, depot, join, later, rosa  # noqa: F401
from tests.homes import home_mostly_on_sqlite, migrated_file  # noqa: F401

CANARY = "canary-words-in-a-sealed-field"


def open_house(settings: Settings, instance: pathlib.Path, owner_url: str = "") -> Flask:
    app = Flask("bulletin", instance_path=str(instance))
    app.config.update(for_flask(settings), DATABASE_OWNER_URL=owner_url)
    database_module.attach(app)
    return app


@pytest.fixture
def database(home: Database) -> Database:
    """A database of each kind, with our tables and nothing in them."""
    return home


@pytest.fixture
def new_house(
    tmp_path: pathlib.Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Flask]]:
    """new_house(name, database): an installation in a folder of its own, with its tables.

    In a file they are copied from one that went through the migrations, unless there are other `migrations` than ours.
    """
    houses: list[Flask] = []

    def build(name: str, at: Database | None = None, migrations: pathlib.Path | None = None) -> Flask:
        if migrations is not None:
            monkeypatch.setattr(database_module, "MIGRATIONS", migrations)
        instance = tmp_path / name
        instance.mkdir(mode=0o700, exist_ok=True)
        url, owner = (at.url, at.owner_url) if at else ("", "")
        app = open_house(Settings(database_url=url), instance, owner)
        place = sa.make_url(app.config["SQLALCHEMY_DATABASE_URI"])
        if (
            migrations is None
            and place.get_backend_name() == "sqlite"
            and not pathlib.Path(str(place.database)).exists()
        ):
            shutil.copy(migrated_file(tmp_path_factory), str(place.database))
        ours.migrate(app)
        departures.watch(app)
        houses.append(app)
        return app

    yield build
    for app in houses:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(autouse=True)
def migrated_aside(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A restore looks through a backup in a database that goes through all migrations: here a copy of one that has.

    Backups of before still go through theirs: tests/test_kept_releases.py.
    """

    def upgrade(config: Config, revision: str) -> None:
        file = pathlib.Path(str(sa.make_url(current_app.config["SQLALCHEMY_DATABASE_URI"]).database))
        if file.exists() or revision != ScriptDirectory.from_config(config).get_current_head():
            command.upgrade(config, revision)
        else:
            shutil.copy(migrated_file(tmp_path_factory), file)

    monkeypatch.setattr(restoring, "command", types.SimpleNamespace(upgrade=upgrade))


@pytest.fixture
def house(new_house: Callable[..., Flask], database: Database) -> Flask:
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
