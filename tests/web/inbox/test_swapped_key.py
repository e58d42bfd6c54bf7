"""Who changes rows of the database has no phone seal letters to a key of theirs."""

from __future__ import annotations

from bulletin.db import db
from bulletin.domain.site.inbox_keys import InboxKey
from bulletin.vault import keys
from tests.homes import ON_SQLITE, home  # noqa: F401
from tests.web.house import House, house  # noqa: F401

from .test_letters import key_of

pytestmark = ON_SQLITE


def test_a_phone_is_given_the_key_whose_private_half_is_sealed(house: House):  # noqa: F811
    rosa = house.rosa()
    ours, theirs = key_of(rosa)["inbox"], keys.PrivateKey()
    with rosa.inside() as me:
        InboxKey.current(me.site_id).public = theirs.public
        db.session.commit()
    assert key_of(rosa)["inbox"] == ours
