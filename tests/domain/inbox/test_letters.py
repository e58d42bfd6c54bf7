"""Letters: sealed in a phone, taken by who cannot read them, filed once by whoever opens the site, or parked whole."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from bulletin.db import db, today
from bulletin.domain.actions import turnouts
from bulletin.domain.actions.actions import Action
from bulletin.domain.inbox import filing, letters
from bulletin.domain.inbox.letters import LETTER_MAX, Letter, ParkedLetter
from bulletin.domain.inbox.refusals import Parking, Why
from bulletin.domain.papers.articles import Article
from bulletin.domain.papers.bulletins import Bulletin
from bulletin.domain.people.contacts import Contact, Stand
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.portability import site_upkeep
from bulletin.domain.portability.mentions import Where, mentions
from bulletin.domain.site import founding, inbox_keys, site_keys
from bulletin.domain.site.accounts import devices
from bulletin.domain.site.accounts.devices import Device, letter_token
from bulletin.domain.site.inbox_keys import InboxKey
from bulletin.domain.site.refusals import NotAllowed
from bulletin.domain.site.sent_forms import SentForm, digest_of
from bulletin.domain.site.sites import Site
from bulletin.vault import keys, tenancy
from tests.domain.conftest import ABOUT, Person

DORA = {"name": "Dora", "stand": "2", "struggles": "pay", "note": "The lift sticks.", "day": ""}


class Phone:
    """One of somebody's own, as it was when they last had signal."""

    def __init__(self, person: Person, site: Site, *, shared: bool = False) -> None:
        with person.inside(site):
            self.site, self.member = site.id, person.member.id
            inbox = InboxKey.current(site.id)
            assert inbox is not None
            device, _cookie = Device.begin(person.member, person.private, shared=shared)
            self.device, self.token = device.id, letter_token(device, person.private)
            self.digest = keys.digest(self.token)
            self.public, self.proof = inbox.public, inbox.proof_for(self.member, self.digest)
            self.before = inbox.proof_for(self.member, None)
            db.session.commit()

    def writes(self, kind: str = "talk", fields: Any = None, **more: Any) -> tuple[uuid.UUID, bytes]:
        """A letter and its id; `more`: what it says otherwise."""
        letter_id = more.pop("id", None) or uuid.uuid4()
        said = {"v": 2, "kind": kind, "by": self.member.hex, "phone": self.digest.hex(), "proof": self.proof.hex()}
        said["on"] = today().isoformat()
        if more.get("v") == 1:  # as the release before wrote it
            said["proof"] = self.before.hex()
            del said["phone"]
        text = json.dumps(
            {**said, "fields": fields if isinstance(fields, list | str) else [*(fields or DORA).items()], **more}
        )
        return letter_id, keys.seal_to(self.public, text.encode(), inbox_keys.about(self.site, letter_id))

    def sends(self, letter: tuple[uuid.UUID, bytes], token: bytes | None = None) -> uuid.UUID:
        Letter.leave(self.token if token is None else token, self.site, *letter)
        db.session.commit()
        tenancy.unbind(db.session)
        return letter[0]

    def is_signed_out(self) -> None:
        db.session.delete(db.session.get(Device, self.device))
        db.session.commit()


@pytest.fixture
def phone(rosa: Person, depot: Site) -> Phone:
    return Phone(rosa, depot)


def visit(person: Person, site: Site) -> None:
    """Somebody opens the site: what is due is done."""
    with person.inside(site) as ring:
        site_keys.hold(person.at(site))
        site_upkeep.catch_up(person.at(site), ring)
        db.session.commit()


def parked(person: Person, site: Site) -> list[Parking]:
    with person.inside(site):
        return [one.what.why for one in ParkedLetter.at(site.id)]


def talks(person: Person, site: Site) -> list[tuple[str, str, str]]:
    """Of each: with whom, what was noted, by whom."""
    with person.inside(site):
        people = Contact.at(site.id)
        return [(one.name, talk.said.note, talk.entry.by) for one in people for talk in Conversation.all_of(one)]  # type: ignore[union-attr]


def refused(phone: Phone, letter: tuple[uuid.UUID, bytes], token: bytes | None = None) -> Any:
    with pytest.raises(NotAllowed) as refusal:
        phone.sends(letter, token)
    db.session.rollback()
    tenancy.unbind(db.session)
    return refusal.value.code


def test_a_talk_is_noted_once_by_who_wrote_it_whoever_opens_the_site(phone, rosa, bill, depot, join):
    join(bill)
    letter = phone.writes()
    phone.sends(letter)
    phone.sends(letter)  # the answer was lost
    with bill.inside(depot):
        assert Letter.count_at(depot.id) == 1
        assert b"Dora" not in Letter.some_at(depot.id, 1)[0].content
    visit(bill, depot)
    assert talks(bill, depot) == [("Dora", "The lift sticks.", "Rosa")]
    phone.sends(letter)  # and again, days later
    visit(rosa, depot)
    assert len(talks(rosa, depot)) == 1
    assert parked(rosa, depot) == []
    with rosa.inside(depot):
        assert Letter.count_at(depot.id) == 0
        (dora,) = Contact.at(depot.id)
        assert (dora.stand, dora.brief.talked_on) == (Stand.WITH_US, today().isoformat())


def test_an_exact_name_is_that_contact_and_one_that_looks_alike_is_marked(phone, rosa, depot):
    with rosa.inside(depot):
        dora = Contact.add(depot.id, "Dora", by="Bill").id
        db.session.commit()
    phone.sends(phone.writes(fields={**DORA, "name": " dora "}))
    phone.sends(phone.writes(fields={**DORA, "name": "Dora Bell"}))
    phone.sends(phone.writes(fields={**DORA, "name": "", "contact_id": dora.hex}))
    visit(rosa, depot)
    with rosa.inside(depot):
        known, new = Contact.at(depot.id)
        assert (known.id, len(Conversation.all_of(known))) == (dora, 2)
        assert (new.name, new.brief.maybe) == ("Dora Bell", dora.hex)


def test_what_we_did_a_story_and_a_draft_are_filed(phone, rosa, depot):
    phone.sends(
        phone.writes("action", {"form": "walkout", "place": "Gate B", "headcount": "37", "came_of_it": "Heard."})
    )
    phone.sends(phone.writes("draft", {"headline": "Nobody drives alone", "text": "Three were sent home."}))
    visit(rosa, depot)
    phone.sends(phone.writes("story", {"title": "The lift", "text": "It sticks."}))
    visit(rosa, depot)
    assert parked(rosa, depot) == []
    with rosa.inside(depot):
        (action,) = Action.at(depot.id)
        assert (action.plan.by, action.plan.place, action.whole_day, action.others) == ("Rosa", "Gate B", True, 35)
        (paper,) = Bulletin.at(depot)
        assert Article.header_of(paper)["headline"] == "Nobody drives alone"
        pieces = {one.text for one in Article.all_of(paper) if one.id != paper.id}
        assert pieces == {"Three were sent home.", "It sticks."}


def test_a_story_without_a_paper_begins_one(phone, rosa, depot):
    phone.sends(phone.writes("story", {"title": "", "text": "The lift sticks on the third floor."}))
    visit(rosa, depot)
    with rosa.inside(depot):
        (paper,) = Bulletin.at(depot)
        assert [one.by for one in Article.all_of(paper)] == ["Rosa", "Rosa"]


def test_only_a_phone_of_a_member_may_leave_letters(phone, rosa, bill, depot, join):
    assert refused(phone, phone.writes(), b"x" * 32) is Why.NO_TOKEN
    mill, _ = founding.found_site(depot.network, bill.member, name="Mill", **ABOUT)
    db.session.commit()
    elsewhere = Phone(bill, mill)
    letter = phone.writes()
    assert refused(phone, letter, elsewhere.token) is Why.NO_TOKEN  # a member, but not here
    join(bill)
    bills = Phone(bill, depot)
    bills.sends(bills.writes())
    with rosa.inside(depot):
        bill.at(depot).lock_out()
        db.session.commit()
    assert refused(bills, bills.writes()) is Why.NO_TOKEN  # locked out
    phone.is_signed_out()
    assert refused(phone, phone.writes()) is Why.NO_TOKEN  # from elsewhere
    visit(rosa, depot)
    assert parked(rosa, depot) == [Parking.GONE]  # of who was locked out meanwhile: whole, and not theirs any more


def test_a_hidden_phone_writes_and_a_shared_one_never(rosa, depot):
    own, shared = Phone(rosa, depot), Phone(rosa, depot, shared=True)
    assert refused(shared, shared.writes()) is Why.NO_TOKEN
    db.session.get(Device, own.device).hide()
    db.session.commit()
    own.sends(own.writes())


def test_sizes_and_numbers_are_bounded(phone, rosa, depot, monkeypatch):
    assert refused(phone, (uuid.uuid4(), b"\1" * (LETTER_MAX + 1))) is Why.TOO_LONG
    monkeypatch.setattr(letters, "WAITING_MAX", 2)
    first = phone.writes()
    phone.sends(first)
    phone.sends(phone.writes())
    assert refused(phone, phone.writes()) is Why.FULL
    phone.sends(first)  # what is there is there
    visit(rosa, depot)
    phone.sends(phone.writes())
    # What nobody looks at does not grow without end either.
    monkeypatch.setattr(filing, "PARKED_MAX", 1)
    for _ in range(2):
        visit(rosa, depot)
        phone.sends(phone.writes(kind="poem"))
    visit(rosa, depot)
    assert parked(rosa, depot) == [Parking.UNKNOWN]
    with rosa.inside(depot):
        assert Letter.count_at(depot.id) == 1


def used_until_now(phone: Phone) -> None:
    device = db.session.get(Device, phone.device)
    device.began_on = device.used_on = devices.now().date()
    db.session.commit()


def test_the_key_changes_with_the_sites_and_the_old_one_opens_for_ninety_days(phone, rosa, depot, later):
    def key_changes() -> None:
        with rosa.inside(depot) as ring:
            depot.rotation_due = True
            assert site_keys.rotate_if_due(depot, ring)
            db.session.commit()

    key_changes()
    anew = Phone(rosa, depot)
    assert anew.public != phone.public
    assert anew.proof != phone.proof
    phone.sends(phone.writes())
    visit(rosa, depot)  # seals the old one again, under the new site's key
    later(days=89)
    used_until_now(phone)
    phone.sends(phone.writes(fields={**DORA, "name": "Omar"}))
    visit(rosa, depot)
    assert len(talks(rosa, depot)) == 2
    # One that waits is opened before its key goes, however late somebody comes.
    phone.sends(phone.writes(fields={**DORA, "name": "Pia"}))
    later(days=2)
    visit(rosa, depot)
    assert len(talks(rosa, depot)) == 3
    phone.sends(phone.writes())
    visit(rosa, depot)
    assert parked(rosa, depot) == [Parking.UNOPENED]
    with rosa.inside(depot):
        assert [one.public for one in InboxKey.at(depot.id)] == [anew.public]


def test_another_sites_letter_and_another_id_do_not_open(phone, rosa, depot, monkeypatch):
    mill, _ = founding.found_site(depot.network, rosa.member, name="Mill", **ABOUT)
    db.session.commit()
    letter_id, content = phone.writes()
    at_the_mill = Phone(rosa, mill)
    at_the_mill.sends((letter_id, content))
    phone.sends((uuid.uuid4(), content))
    for site in (depot, mill):
        visit(rosa, site)
        assert parked(rosa, site) == [Parking.UNOPENED]


def test_who_can_write_rows_cannot_write_as_a_member(phone, bill, rosa, depot, join):
    """The inbox key is public, and a row in the database is anybody's who has the disk: the proof is not."""
    join(bill)
    phone.sends(phone.writes(by=bill.member.id.hex))
    phone.sends(phone.writes(proof="00" * 32))
    visit(rosa, depot)
    assert parked(rosa, depot) == [Parking.UNPROVEN] * 2
    assert talks(rosa, depot) == []


def test_what_waited_in_a_phone_that_was_signed_out_is_hers_once_she_has_signed_in_again(
    phone, rosa, bill, depot, join
):
    join(bill)
    arrived, waited = phone.writes(), phone.writes(fields={**DORA, "name": "Omar"})
    phone.sends(arrived)  # while it was signed in
    phone.is_signed_out()
    Phone(rosa, depot).sends(waited)
    visit(bill, depot)
    assert {by for _name, _note, by in talks(rosa, depot)} == {"Rosa"}
    assert len(talks(rosa, depot)) == 2
    assert parked(rosa, depot) == []


def test_one_members_flood_shuts_only_themselves(phone, rosa, bill, depot, join, monkeypatch):
    monkeypatch.setattr(letters, "SENT_MAX", 3)
    join(bill)
    for _ in range(3):
        phone.sends(phone.writes())
    assert refused(phone, phone.writes()) is Why.FULL
    bills = Phone(bill, depot)
    bills.sends(bills.writes(fields={**DORA, "name": "Omar"}))


def test_what_lay_in_a_phone_that_was_signed_out_is_nobodys_and_not_lost(phone, rosa, bill, depot, join):
    join(bill)
    saved, waited, bills = phone.writes(), phone.writes(fields={**DORA, "name": "Omar"}), Phone(bill, depot)
    phone.sends(saved)
    visit(rosa, depot)
    phone.is_signed_out()
    anew = Phone(rosa, depot)
    for letter in (saved, waited, anew.writes(proof=phone.proof.hex()), anew.writes(phone=phone.digest.hex())):
        bills.sends(letter)
    visit(bill, depot)
    assert talks(rosa, depot) == [("Dora", "The lift sticks.", "Rosa")]
    assert sorted(parked(rosa, depot)) == [Parking.SIGNED_OUT, Parking.UNPROVEN, Parking.UNPROVEN]
    with rosa.inside(depot):
        assert {one.what.by for one in ParkedLetter.at(depot.id)} == {""}
        assert ParkedLetter.of(depot.id, waited[0]).what.written.one("name") == "Omar"


def test_other_words_end_what_was_copied_from_that_phone_too(phone, rosa, bill, depot, join):
    join(bill)
    with rosa.inside(depot):
        device = db.session.get(Device, phone.device)
        device.open_for(b"\1" * 32, keys.PrivateKey())
        db.session.commit()
    bills = Phone(bill, depot)
    bills.sends(phone.writes())
    visit(rosa, depot)
    assert parked(rosa, depot) == [Parking.SIGNED_OUT]


def test_a_letter_that_a_release_before_has_sealed_is_filed(phone, rosa, depot):
    phone.sends(phone.writes(v=1))
    visit(rosa, depot)
    assert talks(rosa, depot) == [("Dora", "The lift sticks.", "Rosa")]


POOR = (
    (Parking.UNKNOWN, {"v": 3}),
    (Parking.UNKNOWN, {"v": [1]}),
    (Parking.UNKNOWN, {"kind": "poem"}),
    (Parking.UNKNOWN, {"mood": "good"}),
    (Parking.UNKNOWN, {"fields": [*DORA.items(), ("voice", "a recording")]}),
    (Parking.UNKNOWN, {"fields": [["name", 7]]}),
    (Parking.UNKNOWN, {"fields": "Dora"}),
    (Parking.UNKNOWN, {"on": "soon"}),
    (Parking.REFUSED, {"fields": [("name", "")]}),
    (Parking.REFUSED, {"fields": [("name", "D" * 500)]}),
    (Parking.REFUSED, {"fields": [("name", "Dora"), ("stand", "fine")]}),
    (Parking.REFUSED, {"fields": [("name", "Dora"), ("day", "1700-01-01")]}),
    (Parking.REFUSED, {"fields": [("name", "Dora"), ("contact_id", "nobody")]}),
    (Parking.REFUSED, {"kind": "action", "fields": [("form", "war dance")]}),
    (Parking.REFUSED, {"kind": "action", "fields": [("headcount", "many")]}),
    (Parking.REFUSED, {"kind": "story", "fields": [("text", "x" * 50_001)]}),
)


def test_what_cannot_be_filed_is_parked_whole(phone, rosa, depot):
    sent = {phone.sends(phone.writes(**more)): (why, more.get("fields", [*DORA.items()])) for why, more in POOR}
    phone.sends(phone.writes(fields={**DORA, "name": "Omar"}))  # those beside it do not hold it up
    visit(rosa, depot)
    assert [name for name, *_ in talks(rosa, depot)] == ["Omar"]
    with rosa.inside(depot):
        here = ParkedLetter.at(depot.id)
        assert {one.id: one.what.why for one in here} == {letter: why for letter, (why, _) in sent.items()}
        for one in here:
            assert json.loads(one.what.text)["fields"] == json.loads(json.dumps(sent[one.id][1]))
        assert Bulletin.at(depot) == []  # nothing of it is left behind
        ParkedLetter.throw_away(depot.id, here[0].id)
        db.session.commit()
        assert ParkedLetter.count_at(depot.id) == len(POOR) - 1


def test_who_is_named_in_what_needs_fixing_is_found_there(phone, rosa, depot):
    phone.sends(phone.writes(fields=[("name", "Omar"), ("note", "Ask Dora Bell."), ("stand", "fine")]))
    visit(rosa, depot)
    with rosa.inside(depot):
        dora = Contact.add(depot.id, "Dora Bell", by="Rosa")
        db.session.flush()
        assert [one.where for one in mentions(dora)] == [Where.LETTER]


def test_a_letter_and_its_form_share_an_id_and_make_one(phone, rosa, depot):
    """The form came through, and its answer was lost; or somebody typed on after the letter was sealed."""
    sent = uuid.uuid4()
    with rosa.inside(depot):
        dora = Contact.add(depot.id, "Dora", by="Rosa")
        db.session.flush()
        Conversation.note(dora, by="Rosa", note="The lift sticks.", form_id=sent)
        SentForm.keep(depot.id, sent, digest_of(DORA.items()))
        db.session.commit()
    phone.sends(phone.writes(id=sent))
    visit(rosa, depot)
    assert parked(rosa, depot) == []
    phone.sends(phone.writes(id=sent, fields={**DORA, "note": "It fell on Tuesday."}))
    visit(rosa, depot)
    assert talks(rosa, depot) == [("Dora", "The lift sticks.", "Rosa")]
    assert parked(rosa, depot) == [Parking.OTHER_WORDS]


def test_what_was_thrown_away_or_forgotten_does_not_come_back(phone, rosa, depot, monkeypatch):
    letter, poor = phone.writes(), phone.writes(fields={"name": ""})
    phone.sends(letter)
    phone.sends(poor)
    visit(rosa, depot)
    with rosa.inside(depot):
        ParkedLetter.throw_away(depot.id, poor[0])
        db.session.commit()
    phone.sends(poor)
    visit(rosa, depot)
    assert parked(rosa, depot) == []


def test_a_site_from_before_has_a_key_when_somebody_opens_it(rosa, depot):
    with rosa.inside(depot):
        db.session.delete(InboxKey.current(depot.id))
        depot.tended_on = None
        db.session.commit()
    visit(rosa, depot)
    with rosa.inside(depot):
        assert InboxKey.current(depot.id) is not None


@settings(max_examples=30)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda one: st.lists(one) | st.dictionaries(st.text(), one),
    )
)
def test_a_letter_is_one_of_ours_or_no_letter(said):
    with pytest.raises(letters.NO_LETTER):
        letters.Written.of(json.dumps(said))


def test_a_plan_with_its_hours_is_what_its_own_page_would_have_made(phone, rosa, depot):
    plan = {"form": "picket", "title": "At the gate", "day": today().isoformat(), "start": "22:00", "end": "02:30"}
    phone.sends(phone.writes("action", {**plan, "last_day": "", "struggles": "pay", "test": "yes", "after": ""}))
    visit(rosa, depot)
    assert parked(rosa, depot) == []
    with rosa.inside(depot):
        (action,) = Action.at(depot.id)
        assert (action.end - action.start, action.whole_day) == (timedelta(hours=4, minutes=30), False)
        assert (action.is_test, action.plan.struggles, action.plan.title) == (True, ("pay",), "At the gate")


def ticks(action: uuid.UUID, was: list[Any], now: list[Any], others: str = "") -> list[list[str]]:
    """As the list at the gate has them."""
    fields = [["tick", "came"], ["was", " ".join(one.hex for one in was)], *(["now", one.hex] for one in now)]
    return [*fields, ["others", others], ["others_was", ""], ["about", action.hex]]


def test_what_was_ticked_at_the_gate_is_noted_once_and_others_ticks_stay(phone, rosa, depot):
    with rosa.inside(depot):
        dora, omar, pia = (Contact.add(depot.id, name, by="Rosa") for name in ("Dora", "Omar", "Pia"))
        day = datetime.combine(today(), time(), UTC)
        action = Action.propose(depot.id, day, day + timedelta(days=1), by="Rosa")
        db.session.flush()
        turnouts.note(action, [dora, omar, pia], by="Rosa", came=False)
        turnouts.note(action, [omar, pia], by="Rosa", came=True)
        ids, where = [one.id for one in (dora, omar, pia)], action.id
        db.session.commit()
    letter = phone.writes("turnout", ticks(where, [ids[1]], [ids[0]], others="12"))
    for _ in range(2):  # Dora came, Omar did not after all; of Pia the page did not know
        phone.sends(letter)
        visit(rosa, depot)
    phone.sends(phone.writes("turnout", ticks(uuid.uuid4(), [], ids)))
    visit(rosa, depot)
    with rosa.inside(depot):
        action = Action.of(depot.id, where)
        came = {one for one, there in turnouts.Turnout.all_for(action).items() if there.came}
        assert (came, action.others) == ({ids[0], ids[2]}, 12)
    assert parked(rosa, depot) == [Parking.REFUSED]  # of an action that was called off


def test_a_piece_is_saved_where_nobody_has_written_at_it_since(phone, rosa, depot):
    phone.sends(phone.writes("story", {"title": "The lift", "text": "It sticks."}))
    visit(rosa, depot)
    with rosa.inside(depot):
        (paper,) = Bulletin.at(depot)
        piece, header = next(one.id for one in Article.all_of(paper) if one.id != paper.id), paper.id
    said = {"title": "The lift", "text": "It sticks again.", "name": "echo", "version": "1", "about": piece.hex}
    letter = phone.writes("piece", said)
    for _ in range(2):
        phone.sends(letter)
        visit(rosa, depot)
    phone.sends(phone.writes("piece", said))  # the same words by another way
    visit(rosa, depot)
    assert parked(rosa, depot) == []
    phone.sends(phone.writes("piece", {**said, "text": "It fell."}))
    phone.sends(phone.writes("piece", {**said, "about": header.hex, "version": "1"}))
    visit(rosa, depot)
    assert sorted(parked(rosa, depot)) == [Parking.OTHER_WORDS, Parking.REFUSED]
    with rosa.inside(depot):
        article = Article.of(Bulletin.at(depot)[0], piece)
        assert (article.text, article.name, article.by, article.version) == ("It sticks again.", "echo", "Rosa", 2)


def test_what_was_typed_is_opened_for_who_typed_it_alone(phone, rosa, bill, depot, join):
    join(bill)
    copy_id, content = phone.writes("copy", [["note", "The lift sticks."], ["version", "3"]])
    with bill.inside(depot):
        assert letters.typed_before(bill.at(depot), copy_id, content) is None
    with rosa.inside(depot):
        me = rosa.at(depot)
        assert letters.typed_before(me, copy_id, content) == (("note", "The lift sticks."), ("version", "3"))
        assert letters.typed_before(me, uuid.uuid4(), content) is None
        assert letters.typed_before(me, copy_id, content[:-1]) is None
