"""A dozen sites on one installation: the three, and nine made-up ones that have told for twelve weeks."""

from __future__ import annotations

from typing import Any

import pytest

from bulletin.db import db
from bulletin.demo import network
from bulletin.demo.network import Size
from tests.databases import Database
from tests.web.house import House, Person
from tests.web.network import three_sites

SITES = 12


def build_dozen(house: House) -> tuple[dict[str, Person], None]:
    made = three_sites.build(house)
    with house.app.app_context():
        network.fill(Size(sites=SITES), sheet=b"%PDF made up")
        db.session.commit()
    return made


@pytest.fixture
def dozen(home: Database, settled: Any, one_house: Any, press: Any) -> dict[str, Person]:
    made = settled(build_dozen, standing=one_house)
    made[0].app.extensions["press"] = press
    return {**made[1], "stranger": made[0].person()}
