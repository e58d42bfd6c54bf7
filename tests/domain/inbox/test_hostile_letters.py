"""Letters that are made to hold a site up, by a member or by who has copied a phone's token: it opens all the same."""

from __future__ import annotations

import time

from bulletin.db import db
from bulletin.domain.inbox.letters import Letter, ParkedLetter
from bulletin.domain.inbox.refusals import Parking
from bulletin.domain.papers.articles import Article
from bulletin.domain.papers.bulletins import Bulletin
from bulletin.domain.people import forgetting
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.site.sent_forms import SentForm

from .test_letters import DORA, parked, phone, talks, visit  # noqa: F401


def test_one_under_the_id_of_what_is_here_keeps_nobody_out(phone, rosa, depot):  # noqa: F811
    """Ids stand in addresses, and any member reads them."""
    phone.sends(phone.writes("story", {"title": "", "text": "The lift sticks."}))
    visit(rosa, depot)
    with rosa.inside(depot):
        (paper,) = Bulletin.at(depot)
        (piece,) = (one.id for one in Article.all_of(paper) if one.id != paper.id)
        hidden = Contact.add(depot.id, "Omar", by="Rosa")
        db.session.flush()
        gone = hidden.id
        forgetting.begin(rosa.at(depot), hidden, asked=False)
        SentForm.forget_all(depot.id)
        db.session.commit()
    phone.sends(phone.writes("draft", {"headline": "No", "text": "No"}, id=piece))
    phone.sends(phone.writes(fields={**DORA, "name": "Zed"}, id=gone))
    phone.sends(phone.writes())
    visit(rosa, depot)
    assert parked(rosa, depot) == [Parking.REFUSED] * 2
    assert [name for name, *_ in talks(rosa, depot)] == ["Dora"]


def test_a_name_without_end_is_compared_with_nobody(phone, rosa, depot):  # noqa: F811
    """It took twenty seconds for each three hundred people, while the site was held."""
    with rosa.inside(depot):
        for number in range(100):
            Contact.add(depot.id, f"Dora Bell{number}", by="Rosa")
        db.session.commit()
    phone.sends(phone.writes(fields={**DORA, "name": "dora " + " ".join(f"w{number}" for number in range(14_000))}))
    began = time.monotonic()
    visit(rosa, depot)
    assert time.monotonic() - began < 3
    assert parked(rosa, depot) == [Parking.REFUSED]


def test_half_a_sign_can_be_shown(phone, rosa, depot):  # noqa: F811
    phone.sends(phone.writes("poem", [["verse", "\ud800"]]))
    phone.sends(phone.writes("\ud800", [["verse", "x"]]))
    phone.sends(phone.writes(fields={**DORA, "name": "", "note": "\ud800"}))
    visit(rosa, depot)
    with rosa.inside(depot):
        assert Letter.count_at(depot.id) == 0
        for one in ParkedLetter.at(depot.id):
            assert one.what.text.encode()
            assert one.what.written is None


def test_a_talk_that_comes_again_when_its_form_is_forgotten_adds_nobody(phone, rosa, depot):  # noqa: F811
    """Forms are forgotten after thirty days, or with anybody; a letter may wait in a phone for longer."""
    with rosa.inside(depot):
        Contact.add(depot.id, "Dora", by="Rosa")
        db.session.commit()
    letter = phone.writes()
    phone.sends(letter)
    visit(rosa, depot)
    with rosa.inside(depot):
        (dora,) = Contact.at(depot.id)
        dora.change(based_on=dora.version, name="Theodora")
        SentForm.forget_all(depot.id)
        db.session.commit()
    phone.sends(letter)
    visit(rosa, depot)
    with rosa.inside(depot):
        (dora,) = Contact.at(depot.id)
        assert len(Conversation.all_of(dora)) == 1
