"""Two servers on one database, each with a folder of its own: what one has forgotten, the other knows of."""

from __future__ import annotations

import uuid

from bulletin import create_app
from bulletin.config import Settings
from tests.databases import closing
from tests.homes import ON_BOTH
from tests.web.house import House, Person, house  # noqa: F401


@ON_BOTH
def test_who_was_forgotten_at_one_does_not_come_back_by_the_same_form_at_the_other(house: House, home, tmp_path):  # noqa: F811
    rosa = house.rosa()
    made = {"form_id": uuid.uuid4().hex, "name": "Anna Berg"}
    anna = rosa.sends(f"{rosa.site}/contacts", **made).location
    with closing(create_app(Settings(database_url=home.url, instance=str(tmp_path / "other")))) as other:
        there = Person(other, rosa.handle, rosa.phrase)
        assert there.signs_in().status_code == 303
        assert rosa.sends(f"{anna}/forgetting").status_code == 303
        assert there.sends(f"{rosa.site}/contacts", **made).status_code == 410
        assert "Anna" not in there.opens(f"{rosa.site}/contacts").text
