"""What a member wrote is theirs to take: all of it, and nothing that another wrote."""

from __future__ import annotations

import dataclasses
import datetime
import io
import zipfile

import pytest

from bulletin.db import db, now, today
from bulletin.domain.actions.actions import Action
from bulletin.domain.papers import articles
from bulletin.domain.papers.bulletins import Bulletin
from bulletin.domain.papers.written import Written
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.people.follow_ups import FollowUp
from bulletin.domain.portability import own
from bulletin.press.parts import Part
from bulletin.sentences import say_code
from bulletin.vault import parcels
from tests.homes import ON_SQLITE

pytestmark = ON_SQLITE
HOUR = datetime.timedelta(hours=1)
WORDS = "correct horse battery staple lamp ladder"


@pytest.fixture
def here(depot, rosa, bill, join):
    join(bill)
    with rosa.inside(depot):
        yield depot
        db.session.rollback()


def writes(site, by: str) -> None:
    """Something of everything, about the same person."""
    omar = next(iter(Contact.at(site.id)), None) or Contact.add(site.id, "Omar", by="Bill", notes="Bill-notes")
    db.session.flush()
    Conversation.note(omar, by=by, note=f"{by}-talk")
    FollowUp.plan(omar, today(), f"{by}-plan", whose=by, by=by)
    Action.propose(site.id, now(), now() + HOUR, by=by, title=f"{by}-action")
    bulletin = Bulletin.begin(site)
    articles.begin(bulletin, {"kind": "regular", "headline": f"{by}-head"}, [Part("text", "", f"{by}-piece")], by=by)
    db.session.flush()


def taken(person, site) -> str:
    """All that is in the file, as one text."""
    folder = zipfile.ZipFile(io.BytesIO(parcels.unseal(own.pack(person.at(site), WORDS, say_code), WORDS)))
    return "\n".join(folder.read(name).decode() for name in folder.namelist())


def test_all_that_one_wrote_is_in_it_and_nothing_of_another(here, rosa, bill):
    for by in ("Rosa", "Bill"):
        writes(here, by)
    for mine, theirs in ((rosa, "Bill"), (bill, "Rosa")):
        told = taken(mine, here)
        wrote = [f"{mine.handle}-{one}" for one in ("talk", "plan", "action", "piece")]
        assert [one for one in wrote if one not in told] == []
        assert f"{theirs}-" not in told
        assert "Omar" in told, "whom they talked with"


def test_what_another_has_corrected_or_changed_is_in_it_as_one_wrote_it_or_not_at_all(here, rosa):
    writes(here, "Rosa")
    db.session.query(Conversation).one().correct(by="Bill", note="Bill-corrects")
    action = db.session.query(Action).one()
    action.change(action.start, action.end, title="Bill-changes")
    article = Written(db.session.query(Bulletin).one()).articles[0]
    article.save("", "Bill-rewrites", by="Bill", based_on=1)
    db.session.flush()
    told = taken(rosa, here)
    assert ("Rosa-talk" in told, "Bill-" in told) == (True, False)


def test_whoever_has_the_handle_of_one_who_left_takes_nothing_of_theirs(here, bill, monkeypatch):
    writes(here, "Bill")
    person, came = own._person, now().isoformat()
    monkeypatch.setattr(own, "_person", lambda me: dataclasses.replace(person(me), joined_at=came))
    told = taken(bill, here)
    assert [one for one in ("talk", "plan", "piece") if f"Bill-{one}" in told] == []
