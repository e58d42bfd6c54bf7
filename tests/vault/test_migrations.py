"""What migrations do to rows that are there already, on both databases."""

from __future__ import annotations

import datetime
import uuid

import sqlalchemy as sa
from alembic import command
from flask import Flask

from bulletin.db import now
from tests.databases import Database

HOUR = datetime.timedelta(hours=1)


def goes(app: Flask, revision: str, way: str = "upgrade") -> None:
    with app.app_context():
        getattr(command, way)(app.extensions["migrate"].migrate.get_config(), revision)


def columns(**kinds: type) -> list[sa.ColumnClause[object]]:
    return [sa.column(name, kind()) for name, kind in kinds.items()]


MEMBER = sa.table(
    "member",
    *columns(id=sa.Uuid, handle=sa.String, handle_key=sa.String),
    *columns(public_key=sa.LargeBinary, locked_key=sa.LargeBinary, joined_on=sa.Date),
)
DEVICE = sa.table(
    "device",
    *columns(id=sa.Uuid, member_id=sa.Uuid, token_digest=sa.LargeBinary, open_key=sa.LargeBinary, label=sa.String),
    *columns(shared=sa.Boolean, began_at=sa.DateTime, used_at=sa.DateTime),
    *columns(began_on=sa.Date, used_on=sa.Date, last_use=sa.LargeBinary),
)


def kept(database: Database, *names: str) -> dict[str, tuple[object, ...]]:
    """These columns of the devices that are there, by label."""
    asked = sa.select(DEVICE.c.label, *(DEVICE.c[name] for name in names))
    with database.engine().begin() as connection:
        return {label: tuple(values) for label, *values in connection.execute(asked)}


def test_devices_keep_their_days_and_what_their_cookies_open_unless_they_were_idle(
    app: Flask, database: Database
) -> None:
    goes(app, "notebook")
    moment = now().replace(tzinfo=None) if database.kind == "sqlite" else now()
    member = {"id": uuid.uuid4(), "handle": "Rosa", "handle_key": "rosa", "public_key": b"p", "locked_key": b"l"}
    began, used = moment - 960 * HOUR, {"in use": moment - HOUR, "idle": moment - 13 * HOUR, "shared": moment}
    with database.engine().begin() as connection:
        connection.execute(MEMBER.insert().values(**member, joined_on=moment.date()))
        for label, used_at in used.items():
            known = {"id": uuid.uuid4(), "member_id": member["id"], "token_digest": label.encode(), "open_key": b"key"}
            known |= {"label": label, "shared": label == "shared", "began_at": began, "used_at": used_at}
            connection.execute(DEVICE.insert().values(**known))
    goes(app, "device_days")
    assert kept(database, "began_on", "used_on", "last_use", "open_key") == {
        "in use": (began.date(), used["in use"].date(), None, b"key"),
        "idle": (began.date(), used["idle"].date(), None, None),
    }
    goes(app, "notebook", "downgrade")
    back = kept(database, "used_at", "open_key")
    (midnight, key) = back["in use"]
    assert isinstance(midnight, datetime.datetime)
    there = midnight if midnight.tzinfo is None else midnight.astimezone(datetime.UTC).replace(tzinfo=None)
    assert (there, key) == (datetime.datetime.combine(used["in use"].date(), datetime.time.min), b"key")
