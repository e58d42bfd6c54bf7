"""What migrations do to rows that are there already, on both databases."""

from __future__ import annotations

import datetime
import uuid

import sqlalchemy as sa
from alembic import command
from flask import Flask

from bulletin.backup import rows
from bulletin.db import now, owners_engine
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


TABLES = {
    "network": sa.table("network", *columns(id=sa.Uuid, name=sa.String)),
    "site": sa.table(
        "site",
        *columns(id=sa.Uuid, network_id=sa.Uuid, kind=sa.String, name=sa.String, country=sa.String, paper=sa.String),
        *columns(time_zone=sa.String, language=sa.String, generation=sa.Integer, rotation_due=sa.Boolean),
        *columns(agreeing=sa.Integer, restored=sa.Boolean, founded_on=sa.Date),
    ),
    "membership": sa.table(
        "membership",
        *columns(id=sa.Uuid, site_id=sa.Uuid, member_id=sa.Uuid, joined_at=sa.DateTime, locked_at=sa.DateTime),
        *columns(joined_on=sa.Date, locked_on=sa.Date, sealed_key=sa.LargeBinary),
    ),
    "print_ticket": sa.table(
        "print_ticket",
        *columns(id=sa.Uuid, site_id=sa.Uuid, distribution_id=sa.Uuid, digest=sa.LargeBinary, wrapped=sa.LargeBinary),
        *columns(ends_at=sa.DateTime, ends_on=sa.Date, end_moment=sa.LargeBinary),
    ),
    "bulletin": sa.table(
        "bulletin",
        *columns(id=sa.Uuid, site_id=sa.Uuid, begun_on=sa.Date, touched_at=sa.DateTime, put_away_at=sa.DateTime),
        *columns(touched_on=sa.Date, put_away_on=sa.Date, state=sa.String, order=sa.LargeBinary, agreed=sa.LargeBinary),
    ),
}


def test_moments_become_their_days_in_the_rows_of_every_site_and_go_back_to_midnight(
    app: Flask, database: Database
) -> None:
    goes(app, "device_labels")
    moment = datetime.datetime(2026, 11, 22, 23, 30, tzinfo=datetime.UTC)  # on another day where the machine may be
    at = moment.replace(tzinfo=None) if database.kind == "sqlite" else moment
    sites, network, member = [uuid.uuid4(), uuid.uuid4()], uuid.uuid4(), uuid.uuid4()
    about = {"kind": "workplace", "name": "Depot", "country": "GB", "time_zone": "UTC", "language": "en", "paper": "a4"}
    about |= {"generation": 0, "rotation_due": False, "agreeing": 2, "restored": False, "founded_on": moment.date()}
    owners = owners_engine(app)
    with owners.begin() as connection:

        def add(table: str, **values: object) -> None:
            connection.execute(TABLES[table].insert().values(id=uuid.uuid4(), **values))

        connection.execute(TABLES["network"].insert().values(id=network, name="Northfield"))
        known = {"handle": "Rosa", "handle_key": "rosa", "public_key": b"p", "locked_key": b"l"}
        connection.execute(MEMBER.insert().values(id=member, joined_on=moment.date(), **known))
        for site in sites:
            connection.execute(TABLES["site"].insert().values(id=site, network_id=network, **about))
            if database.kind == "postgresql":
                connection.execute(sa.select(sa.func.set_config("app.site", str(site), True)))
            add("membership", site_id=site, member_id=member, joined_at=at, locked_at=None, sealed_key=b"k")
            add("print_ticket", site_id=site, distribution_id=site, digest=site.bytes, ends_at=at, wrapped=b"w")
            paper = {"begun_on": moment.date(), "touched_at": at, "put_away_at": at}
            add("bulletin", site_id=site, state="draft", order=b"o", agreed=b"a", **paper)

    def stored(table: str, *names: str) -> list[tuple[object, ...]]:
        found = []
        with owners.connect() as connection:
            asked = sa.select(*(TABLES[table].c[name] for name in names))
            for statement in rows.at_each_site(connection, table, asked):
                found += [tuple(row) for row in connection.execute(statement)]
        return found

    goes(app, "days")
    day = datetime.date(2026, 11, 22)
    assert stored("membership", "joined_on", "locked_on") == [(day, None)] * 2
    assert stored("print_ticket", "ends_on", "end_moment") == [(day, None)] * 2
    assert stored("bulletin", "touched_on", "put_away_on") == [(day, day)] * 2
    goes(app, "device_labels", "downgrade")
    ((joined, none), _) = stored("membership", "joined_at", "locked_at")
    assert isinstance(joined, datetime.datetime)
    there = joined if joined.tzinfo is None else joined.astimezone(datetime.UTC).replace(tzinfo=None)
    assert (there, none) == (datetime.datetime(2026, 11, 22), None)
    assert len(stored("bulletin", "touched_at")) == 2
