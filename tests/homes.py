"""A database that has gone through all migrations, of both kinds: made once a run, copied for each test."""

from __future__ import annotations

import pathlib
import shutil
from typing import Any

import pytest
from flask import Flask

from bulletin import db
from tests.databases import Database, closing, postgresql  # noqa: F401

_made: dict[str, Any] = {}


def _migrated(database: Database, folder: pathlib.Path) -> None:
    app = Flask("bulletin", instance_path=str(folder / "instance"))
    app.config.update(DATABASE_URL=database.url, DATABASE_OWNER_URL=database.owner_url)
    db.attach(app)
    with closing(app):
        db.migrate(app)


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, tmp_path: pathlib.Path, tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A database with our tables and nothing in them."""
    import bulletin.domain.portability.leaving
    import bulletin.domain.site.founding
    import bulletin.domain.site.site_keys
    import bulletin.domain.site.throttle  # noqa: F401  # the records, before Alembic compares

    folder = tmp_path_factory.mktemp("home")
    if request.param == "sqlite":
        if "sqlite" not in _made:
            _migrated(Database("sqlite", f"sqlite:///{folder}/made.db"), folder)
            _made["sqlite"] = folder / "made.db"
        shutil.copy(_made["sqlite"], tmp_path / "home.db")
        return Database("sqlite", f"sqlite:///{tmp_path}/home.db")
    server = request.getfixturevalue("postgresql")
    kind = f"postgresql in {server.folder}"
    if kind not in _made:
        made = server.new()
        _migrated(made, folder)
        _made[kind] = made.url.partition("?")[0].rpartition("/")[2]
    return server.new(template=_made[kind])
