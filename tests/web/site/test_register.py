"""Who changes one row of the database from outside: what the pages say then."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bulletin.vault import keys
from tests.databases import Database
from tests.homes import ON_SQLITE
from tests.web.house import House, house, read  # noqa: F401

BROKEN = "The list of members was changed from outside"


def outside(home: Database, sql: str, **values: object) -> None:
    with home.engine().begin() as connection:
        assert connection.execute(sa.text(sql), values).rowcount == 1


@ON_SQLITE
@pytest.mark.parametrize("made_up", [True, False])
def test_a_place_with_a_key_that_is_not_the_sites_leads_nowhere(house: House, home: Database, made_up: bool) -> None:  # noqa: F811
    rosa = house.rosa()
    mallory = house.joined(rosa, "Mallory")
    with mallory.inside() as place:
        copy = keys.seal_to(place.member.public_key, keys.new_site_key(), place._context()) if made_up else b""
        id_ = place.id.hex
    outside(home, "UPDATE membership SET sealed_key = :copy WHERE id = :id", copy=copy, id=id_)
    assert mallory.opens(mallory.site).status_code == 404
    assert mallory.sends(f"{mallory.site}/invitations").status_code == 404
    assert rosa.opens(rosa.site).status_code == 200


@ON_SQLITE
@pytest.mark.parametrize("sql", ["DELETE FROM register", "DELETE FROM register_mark"])
def test_where_the_register_was_changed_pages_say_so_and_work(house: House, home: Database, sql: str) -> None:  # noqa: F811
    rosa = house.rosa()
    bill = house.joined(rosa, "Bill")
    code = rosa.invites()
    outside(home, sql)
    for path in ("", "/members", "/invitations", "/questions", "/exports", "/events", "/contacts", "/bulletins"):
        answer = bill.opens(f"{bill.site}{path}")
        assert answer.status_code == 200, path
        if path in ("", "/members", "/invitations", "/questions"):
            assert BROKEN in read(answer).words, path
    assert "Bill" in rosa.reads(f"{rosa.site}/members").words, "the list still shows"
    assert rosa.sends(f"{rosa.site}/invitations").status_code == 409
    assert rosa.vouches(f"{rosa.site}/exports").status_code == 409
    assert house.person().answers(code).status_code != 303
