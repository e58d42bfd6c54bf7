"""What opened a member's key is gone from the disk when they hide, sign out or leave, not only from the tables."""

from __future__ import annotations

import datetime
import pathlib
import sqlite3
import time

import pytest

from bulletin import sweeper
from bulletin.db import db
from bulletin.domain.site.accounts import devices
from bulletin.domain.site.accounts.devices import Device
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.sites import Site
from tests.web.house import House, house, read  # noqa: F401
from tests.web.site.test_signing_in import other_browser


def files(house: House) -> bytes:  # noqa: F811
    """All bytes of the database, its log too."""
    return b"".join(path.read_bytes() for path in sorted(path_of(house).parent.glob(path_of(house).name + "*")))


def path_of(house: House) -> pathlib.Path:  # noqa: F811
    with house.app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("PostgreSQL keeps its own log")
        return pathlib.Path(str(db.engine.url.database))


def secrets(house: House, column: object) -> list[bytes]:  # noqa: F811
    with house.app.app_context():
        found = [bytes(value) for (value,) in db.session.query(column) if value]
        db.session.rollback()
    return found


@pytest.mark.parametrize("deed", ["hide", "revoke", "end all", "sign out"])
def test_nothing_that_a_cookie_opens_is_left_on_the_disk(house: House, deed: str) -> None:  # noqa: F811
    rosa = house.rosa()
    here = secrets(house, Device.open_key)
    other = other_browser(rosa)
    other.signs_in()
    (there,) = set(secrets(house, Device.open_key)) - set(here)
    assert there in files(house)
    if deed == "revoke":
        rosa.sends(read(rosa.opens("/devices")).action("/revocation"))
    else:
        other.sends({"hide": "/devices/current/hiding", "end all": "/devices/endings", "sign out": "/sign-outs"}[deed])
    assert there not in files(house)


def test_who_leaves_leaves_no_copy_of_the_sites_key(house: House) -> None:  # noqa: F811
    rosa = house.rosa()
    sam = house.joined(rosa, "Sam")
    copies = secrets(house, Membership.sealed_key)
    assert len(copies) == 2
    sam.vouches(f"{rosa.site}/departures")
    (kept,) = secrets(house, Membership.sealed_key)
    assert [copy in files(house) for copy in copies if copy != kept] == [False]
    rosa.opens(rosa.site)
    with house.app.app_context():
        assert db.session.query(Site).one().generation == 2
        db.session.rollback()
    assert kept not in files(house), "nor of the key before"


def test_while_somebody_reads_the_sweeper_comes_back_for_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    rosa = house.rosa()
    (here,) = secrets(house, Device.open_key)
    reader = sqlite3.connect(path_of(house), isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM device").fetchall()
    begun = time.monotonic()
    assert rosa.sends("/devices/current/hiding").status_code == 303
    assert time.monotonic() - begun < 5, "whoever hides does not wait for a backup"
    assert here in files(house)
    reader.close()
    monkeypatch.setattr(sweeper, "AGAIN_S", 0.01)
    house.app.extensions["sweeper"].go_round(house.app)
    assert here not in files(house)


def test_where_nobody_comes_it_is_swept_all_the_same(house: House, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    house.rosa()
    path_of(house)
    (here,) = secrets(house, Device.open_key)
    monkeypatch.setattr(sweeper, "SWEEP_S", 0.01)
    after = devices.now() + datetime.timedelta(days=1) + devices.IDLE  # whatever hour it is: only the day is known
    monkeypatch.setattr(devices, "now", lambda: after)
    house.app.extensions["sweeper"].go_round(house.app)
    assert here not in files(house)
    assert secrets(house, Device.open_key) == []
