"""Attacks that succeed still, and why; whoever mends one takes its mark away and moves it to its room."""

from __future__ import annotations

import pytest

from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.conversations import Conversation
from tests.homes import ON_SQLITE, home  # noqa: F401
from tests.web.house import House, house  # noqa: F401
from tests.web.inbox.test_letters import key_of, letter

pytestmark = ON_SQLITE


@pytest.mark.xfail(strict=True, reason="what shows who wrote it is the member's, not the phone's")
def test_what_lay_in_a_phone_writes_as_nobody_when_it_was_signed_out_everywhere(house: House):  # noqa: F811
    rosa = house.rosa()
    bill = house.joined(rosa, "Bill")
    taken = key_of(rosa)
    rosa.sends("/devices/endings")
    bill.sends("/letters", **letter({**taken, "token": key_of(bill)["token"]}))
    bill.opens(bill.site)
    with bill.inside() as me:
        talks = [talk for one in Contact.at(me.site_id) for talk in Conversation.all_of(one)]
        assert [talk.entry.by for talk in talks] == []
