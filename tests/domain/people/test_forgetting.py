"""Forgetting: hidden at once, gone after a week; stopped by one who decides, unless two say that the person asked."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from bulletin.db import EVERY_ROW, db, today
from bulletin.domain.actions import turnouts
from bulletin.domain.actions.actions import Action
from bulletin.domain.actions.turnouts import Turnout
from bulletin.domain.people import forgetting
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.people.follow_ups import FollowUp
from bulletin.domain.people.forgetting import A_WEEK_MAX, Forgetting
from bulletin.domain.people.refusals import Why
from bulletin.domain.people.search import everybody
from bulletin.domain.portability import daily
from bulletin.domain.site import site_keys
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.governance import consequences
from bulletin.domain.site.governance.roll import Matter
from bulletin.domain.site.sites import Site
from tests.domain.conftest import Person
from tests.domain.notebook import at_once, held_at, traces
from tests.full_site import notebook
from tests.homes import ON_SQLITE
from tests.refusals import not_allowed


@pytest.fixture
def three(depot, join, bill, clara):
    """Rosa, Bill and Clara decide."""
    join(bill)
    join(clara)
    return depot


@pytest.fixture
def open_(three, rosa):
    """The Depot, opened by Rosa, with Dora, who was in the list twice, and all that was noted of her."""
    with rosa.inside(three):
        dora = notebook(three)
        db.session.commit()
        yield three, dora.id
        db.session.rollback()


def hide(person, site, contact_id, *, asked=False) -> Forgetting:
    forgetting.begin(person.at(site), Contact.of(site.id, contact_id), asked=asked)
    db.session.commit()
    return Forgetting.of(site.id, contact_id)


def added(site, name="Jo") -> uuid.UUID:
    contact = Contact.add(site.id, name, by="Rosa")
    db.session.commit()
    return contact.id


def deeds(site) -> list[Deed]:
    return [one.deed for one in Event.at(site.id)]


def seen(site) -> set[str]:
    """All that a session finds without asking for hidden rows; what happened and who is in the site left out."""
    return {f"{place} {value}" for place, value in held_at(site.id) if place.split(".")[0] not in ("event", "register")}


def test_whoever_is_hidden_is_found_by_no_query_and_comes_back_whole(open_, rosa, bill):
    site, dora = open_
    before = {one for one in seen(site) if not one.startswith("register_mark.")}
    hidden = hide(rosa, site, dora)
    assert Contact.of(site.id, dora) is None
    assert (Contact.at(site.id, gone=True), everybody(site.id)) == ([], [])
    assert [len(list(db.session.scalars(db.select(one)))) for one in (Conversation, FollowUp, Turnout)] == [0, 0, 0]
    assert not [one for one in seen(site) if "Dora" in one]
    assert [one.id for one in forgetting.waiting(site.id)].count(dora) == 1, "once, though she had two ids"
    forgetting.stop(bill.at(site), hidden, "She is still with us")
    db.session.commit()
    assert {one for one in seen(site) if not one.startswith("register_mark.")} == before
    stopped = next(one for one in Event.at(site.id) if one.deed is Deed.FORGETTING_STOPPED)
    assert (stopped.by, stopped.whom) == ("Bill", "She is still with us")


def test_they_are_gone_after_a_week_and_not_before(open_, rosa, later):
    site, dora = open_
    twin = db.session.scalars(db.select(Contact.id).filter_by(site_id=site.id, merged_into=dora)).one()
    hide(rosa, site, dora)
    later(days=6)
    daily.run_if_due(site)
    assert Forgetting.of(site.id, dora) is not None
    later(days=1)
    assert daily.run_if_due(site)
    db.session.commit()
    assert Forgetting.of(site.id, dora) is None
    assert db.session.scalars(db.select(Contact), execution_options=EVERY_ROW).all() == []
    assert traces(site.id, [dora, twin], ["Dora"]) == []
    (leafleting,) = Action.at(site.id)
    assert turnouts.count_turnout(leafleting).came == 1, "who came stays a number"
    assert deeds(site)[0] is Deed.FORGOTTEN


@ON_SQLITE
def test_one_member_alone_forgets_nobody_for_good_while_another_looks(open_, rosa, clara, later):
    """What stood here before: forty people gone at once, from restores too."""
    site, _ = open_
    ids = [added(site, f"Jo {number}") for number in range(A_WEEK_MAX + 1)]
    for one in ids[:A_WEEK_MAX]:
        hide(rosa, site, one, asked=True)
    with not_allowed(Why.MANY_FORGOTTEN, most=A_WEEK_MAX):
        hide(rosa, site, ids[-1])
    db.session.rollback()
    for one in ids[:A_WEEK_MAX]:
        forgetting.confirm(rosa.at(site), Forgetting.of(site.id, one))
    later(days=6)
    daily.run_if_due(site)
    for one in ids[:A_WEEK_MAX]:
        forgetting.stop(clara.at(site), Forgetting.of(site.id, one), "Nobody asked")
    later(days=3)
    daily.run_if_due(site)
    assert {one.id for one in Contact.at(site.id)} >= set(ids)


@ON_SQLITE
def test_stopped_ones_count_too_and_a_week_later_none_does(open_, rosa, later):
    site, _ = open_
    jo = added(site)
    for _time in range(A_WEEK_MAX):
        forgetting.stop(rosa.at(site), hide(rosa, site, jo), "No")
    assert forgetting.is_question(site, Contact.of(site.id, jo))
    later(days=7)
    assert not forgetting.is_question(site, Contact.of(site.id, jo))


@ON_SQLITE
def test_more_than_five_a_week_is_asked_of_everybody_and_then_may_be(open_, rosa, bill, later):
    site, _ = open_
    ids = [added(site, f"Jo {number}") for number in range(A_WEEK_MAX + 1)]
    for one in ids[:A_WEEK_MAX]:
        hide(rosa, site, one)
    question = consequences.ask(rosa.at(site), Matter.FORGETTING)
    consequences.answer(bill.at(site), uuid.UUID(hex=question), yes=True)
    assert forgetting.is_question(site, Contact.of(site.id, ids[-1])), "not before three days are over"
    later(days=3)
    consequences.visit(rosa.at(site))
    assert deeds(site)[0] is Deed.FORGETTING_PASSED
    assert hide(rosa, site, ids[-1]) is not None


@ON_SQLITE
def test_who_asked_and_two_say_so_is_gone_a_day_later_and_nobody_stops_it(open_, rosa, bill, clara, later):
    site, dora = open_
    hidden = hide(rosa, site, dora, asked=True)
    forgetting.confirm(rosa.at(site), hidden)
    assert not hidden.is_final, "the same one twice is one"
    forgetting.confirm(bill.at(site), hidden)
    assert (hidden.is_final, hidden.due_on) == (True, today() + timedelta(days=1))
    with not_allowed(Why.FORGETTING_STANDS):
        forgetting.stop(clara.at(site), hidden, "I did not know")
    db.session.commit()
    later(days=1)
    daily.run_if_due(site)
    assert Forgetting.of(site.id, dora) is None


@ON_SQLITE
def test_a_newcomer_hides_but_neither_confirms_nor_stops(open_, rosa, bill, join):

    site, dora = open_
    dave = Person("Dave")
    join(dave, bill, decides=False)
    hidden = hide(dave, site, dora, asked=True)
    with not_allowed(Why.NOT_FOR_YOU_YET):
        forgetting.stop(dave.at(site), hidden, "No")
    forgetting.confirm(bill.at(site), hidden)
    assert not hidden.is_final, "a newcomer and one who decides are one voice"
    forgetting.confirm(rosa.at(site), hidden)
    assert hidden.is_final


@ON_SQLITE
def test_what_was_not_asked_for_is_not_confirmed_and_stopping_takes_a_reason(open_, rosa, bill):
    site, dora = open_
    hidden = hide(rosa, site, dora)
    with not_allowed(Why.DID_NOT_ASK):
        forgetting.confirm(bill.at(site), hidden)
    for reason in ("", "\u200b", "x" * (forgetting.REASON_MAX + 1)):
        with not_allowed(Why.SAY_WHY, most=forgetting.REASON_MAX):
            forgetting.stop(bill.at(site), hidden, reason)


def test_two_who_hide_one_at_once_hide_them_once(open_, rosa):
    site, dora = open_
    site_id, rosa_id = site.id, rosa.at(site).id

    def hides():
        me = db.session.get(Membership, rosa_id)
        if (contact := Contact.of(site_id, dora)) is not None:
            forgetting.begin(me, contact, asked=False)

    raised = at_once(site_id, hides, hides)
    assert [getattr(one, "code", one) for one in raised] in ([], [Why.NOT_THERE])
    assert [one.id for one in forgetting.waiting(site_id)].count(dora) == 1


def test_when_the_key_changes_hidden_rows_are_sealed_anew_too(open_, rosa, bill):
    site, dora = open_
    hidden = hide(rosa, site, dora)
    site.rotation_due = True
    ring = site_keys.open_site(rosa.at(site), rosa.private)
    site_keys.rotate_if_due(site, ring)
    while site_keys.reseal_some(site, ring):
        db.session.flush()
    db.session.commit()
    with rosa.inside(db.session.get(Site, site.id)):
        forgetting.stop(rosa.at(site), Forgetting.of(site.id, hidden.id), "Back")
        assert Contact.of(site.id, dora).name == "Dora"
