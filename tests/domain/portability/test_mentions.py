"""Where a name still stands when somebody is to be forgotten."""

from __future__ import annotations

import datetime

import pytest

from bulletin.db import db, now, today
from bulletin.domain.actions.actions import Action
from bulletin.domain.actions.escalation_plan import Step
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.people.follow_ups import FollowUp
from bulletin.domain.portability.mentions import Where, mentions
from tests.homes import ON_SQLITE

pytestmark = ON_SQLITE


@pytest.fixture
def site(depot, rosa):
    with rosa.inside(depot):
        yield depot


def somebody(site, name: str, **more: str) -> Contact:
    contact = Contact.add(site.id, name, by="Rosa", **more)
    db.session.flush()
    return contact


def test_a_name_is_found_wherever_others_wrote_it(site):
    grace, omar = somebody(site, "Grace Okafor", nickname="Gee"), somebody(site, "Omar", notes="Knows GRACE  OKAFOR.")
    Conversation.note(grace, by="Rosa", note="Grace Okafor herself: that goes with her.")
    talk = Conversation.note(omar, by="Rosa", note="Likes Grace Ókafor.")
    plan = FollowUp.plan(omar, today(), "Did Gee call?", whose="Rosa", by="Rosa")
    action = Action.propose(site.id, now(), now() + datetime.timedelta(hours=1), by="Rosa")
    action.note_outcome(by="Rosa", words="Grace Okafor talked to the drivers.")
    step = Step.add(site.id, today(), "Petition", "", "Grace Okafor has signed", by="Rosa")
    db.session.flush()
    found = {(one.where, one.id, one.inner) for one in mentions(grace)}
    assert found == {
        (Where.PERSON, omar.id, None),
        (Where.TALK, omar.id, talk.id),
        (Where.FOLLOW_UP, omar.id, plan.id),
        (Where.ACTION, action.id, None),
        (Where.STEP, step.id, None),
    }


def test_what_was_corrected_is_looked_through_and_what_was_withdrawn_is_gone(site):
    grace, omar = somebody(site, "Grace"), somebody(site, "Omar")
    corrected = Conversation.note(omar, by="Rosa", note="With Grace.")
    corrected.correct(by="Rosa", note="With somebody.")
    Conversation.note(omar, by="Rosa", note="With Grace, too.").withdraw(by="Rosa")
    assert [one.inner for one in mentions(grace)] == [corrected.id]


@pytest.mark.parametrize("words", ["A disgrace.", "Gracefully said.", "Okafor came."])
def test_a_part_of_a_word_and_half_a_name_are_nobody(site, words):
    grace, omar = somebody(site, "Grace Okafor", nickname="Grace"), somebody(site, "Omar")
    Conversation.note(omar, by="Rosa", note=words)
    assert mentions(grace) == []
