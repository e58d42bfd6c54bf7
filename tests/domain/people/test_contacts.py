"""Contacts: added once, found under any id they had, merged without losing anything, forgotten without a trace."""

from __future__ import annotations

import itertools
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from bulletin.db import db
from bulletin.domain.actions import turnouts
from bulletin.domain.actions.actions import Action
from bulletin.domain.actions.turnouts import Turnout, TurnoutCount
from bulletin.domain.people import contacts, erasure, merge as merging
from bulletin.domain.people.contacts import (
    LINE_MAX,
    NAME_MAX,
    NOTES_MAX,
    REACH_MAX,
    Consent,
    Contact,
    Gone,
    StaleContact,
    Stand,
    alike,
    fields,
    name_key,
)
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.people.erasure import delete_all_of
from bulletin.domain.people.follow_ups import FollowUp
from bulletin.domain.people.imports.records import Import, TakenIn
from bulletin.domain.people.refusals import Field, Why
from bulletin.domain.people.units import Department, Shift
from bulletin.domain.site.refusals import NotAllowed
from bulletin.vault import keys
from tests.domain.notebook import at_once, traces
from tests.refusals import not_allowed

TODAY = datetime.now(UTC).date()


def add(site, name, **more) -> Contact:
    contact = Contact.add(site.id, name, by="Rosa", **more)
    db.session.flush()
    return contact


def plan(site, **more) -> Action:
    start = datetime.now(UTC) - timedelta(hours=3)
    action = Action.propose(site.id, start, start + timedelta(hours=1), by="Rosa", **more)
    db.session.flush()
    return action


def names(site, **more) -> list[str]:
    return [one.name for one in Contact.at(site.id, **more)]


# In the list


def test_a_name_is_enough(here):
    jo = add(here, "Jo")
    assert (jo.name, jo.stand, jo.brief.gone, jo.removed_on) == ("Jo", None, None, None)
    assert jo.details.consent == Consent.NOT_YET
    assert jo.details.added_by == "Rosa"


@pytest.mark.parametrize("name", ["", "   ", "x" * (NAME_MAX + 1)])
def test_a_name_there_must_be(here, name):
    with not_allowed(Why.NAME_NEEDED, most=NAME_MAX):
        Contact.add(here.id, name, by="Rosa")
    jo = add(here, "Jo")
    with not_allowed(Why.NAME_NEEDED, most=NAME_MAX):
        jo.change(based_on=1, name=name)


def test_a_misspelt_field_is_a_mistake_in_the_program(here):
    with pytest.raises(TypeError, match="phones"):
        Contact.add(here.id, "Jo", by="Rosa", phones="1")


def test_a_form_sent_twice_makes_one_contact(here):
    form = uuid.uuid4()
    first = Contact.add(here.id, "Jo", by="Rosa", form_id=form)
    assert Contact.add(here.id, "Jo", by="Rosa", form_id=form) is first


def test_a_form_sent_again_after_a_merge_finds_the_one_who_stayed(here):
    form = uuid.uuid4()
    jo, joanna = Contact.add(here.id, "Jo", by="Rosa", form_id=form), add(here, "Joanna")
    merging.merge(joanna, jo)
    assert Contact.add(here.id, "Jo", by="Rosa", form_id=form) is joanna


def test_the_list_is_by_name_without_those_who_have_gone(here):
    for name in ("élodie", "Zoë", "Dara", "Émile", "O'Brien", "obama"):
        add(here, name)
    add(here, "Anna").leave(Gone.MOVED)
    assert names(here) == ["Dara", "élodie", "Émile", "obama", "O'Brien", "Zoë"]
    assert names(here, gone=True)[0] == "Anna"


def test_another_sites_contact_is_nobody_here(here):
    assert Contact.of(here.id, uuid.uuid4()) is None


def test_who_left_comes_back(here):
    jo = add(here, "Jo")
    jo.leave()
    assert jo.brief.gone is not None
    assert jo.brief.gone_on == TODAY.isoformat()
    jo.come_back()
    assert jo.brief.gone is None
    assert jo.brief.gone_on == ""


def test_the_second_of_two_who_change_the_same_contact_is_told(here):
    jo = add(here, "Jo")
    jo.change(based_on=1, title="driver")
    with pytest.raises(StaleContact):
        jo.change(based_on=1, title="packer")
    assert jo.brief.title == "driver"


def test_two_who_change_at_once_are_told_too(here):
    jo, site_id = add(here, "Jo").id, here.id

    def change(title):
        return lambda: Contact.of(site_id, jo, to_change=True).change(based_on=1, title=title)

    raised = at_once(site_id, change("driver"), change("packer"))
    assert [type(error) for error in raised] == [StaleContact]
    assert Contact.of(site_id, jo).brief.title == "driver"


def test_the_list_of_a_thousand_opens_no_details(here, monkeypatch):
    for number in range(1_000):
        db.session.add(Contact.add(here.id, f"P{number}", by="Rosa"))
    db.session.commit()
    ring, opened = keys.current.get(), []
    open_ = ring.open
    monkeypatch.setattr(ring, "open", lambda *place: (opened.append(place[2]), open_(*place))[1])
    everybody = Contact.at(here.id)
    assert [one for one in everybody if one.looks_like("P17")]
    erasure.forget(everybody[0])
    assert set(opened) == {"brief"}
    assert len(opened) <= 3_100, "each once for the list, once to look, once to forget somebody"


# The same person twice


SAME = """
Bill | bill
Bill | BILL CARTER
Carter, Bill | Bill Carter
J. Smith | John Smith
Maria G. | Maria Gomez
Müller | Mueller
Müller | Muller
Jörg | Joerg
Łukasz | Lukasz
Søren | Soren
Weiß | Weiss
Zoë | Zoe
Işık | Isik
İbrahim | IBRAHIM
ışıl | ISIL
Nguyễn Văn Đức | Nguyen Van Duc
Đức | duc
O'Brien | O’Brien
O'Brien | OBrien
Jean-Luc | Jean Luc
Jean-Luc | Jeanluc
Al-Hassan | Alhassan
Ana | Anna
Sara | Sarah
Philip | Phillip
Mohamed | Mohammed
Katarzyna | Katrazyna
Rosa | Rsoa
Rosa Martinez | Rosa Martines
محمد | مُحَمَّد
أحمد | احمد
عبد الله | عبدالله
فاطمة | فاطمه
علي | على
علی‌رضا | علیرضا
李伟 | 李 伟
Николай | Николаи
Ёлкина | Елкина
किरण | किरण
Bill 7 | Bill 7
🦊 | 🦊
"""
NOT_SAME = """
Li | Lin
Le | Lee
Rosa | Rose
Bill | Bell
Jan | Jana
Tom | Tim
J | John
J. Smith | Jane Miller
Ana Silva | Ina Silva
Maria Lin | Maria Li
Nguyen Van An | Nguyen Van Anh
Li Wei | Li Fei
Maria Gomez | Maria Lopez
D'Angelo | D'Souza
Bill 1 | Bill 11
محمد | أحمد
علي | عمر
李伟 | 李明
王小明 | 王小红
欧阳小明 | 欧阳小红
김민수 | 김민주
ただ | たた
राम | रोमा
कि | कु
สมชาย | สมหญิง
🦊 | 🐻
🦊 | Bill
"""


def pairs(table):
    return [tuple(line.split(" | ")) for line in table.strip().splitlines()]


@pytest.mark.parametrize(("name", "other"), pairs(SAME))
def test_these_may_be_one_person(name, other):
    assert alike(name, other)
    assert alike(other, name)


@pytest.mark.parametrize(("name", "other"), pairs(NOT_SAME))
def test_these_are_two(name, other):
    assert not alike(name, other)
    assert not alike(other, name)


def test_a_name_has_one_key_however_it_is_typed():
    assert name_key("  Jean‑Luc   O’Brien ") == name_key("jean luc OBRIEN") == "jean luc obrien"
    assert name_key(name_key("Đức İşık किरण がわ")) == name_key("Đức İşık किरण がわ"), "a key is its own"


def test_a_nickname_or_a_number_is_enough_to_ask(here):
    jo = add(here, "Joanna Brown", nickname="Jo, Ginger", phone="+441632960961")
    assert jo.looks_like("Jo")
    assert jo.looks_like("Gingre")
    assert jo.looks_like("Somebody", "+441632960961")
    assert not jo.looks_like("Somebody")
    assert not add(here, "Bill").looks_like("Somebody", "")


# Merged


def test_merging_keeps_both_histories(here):
    jo, joanna = add(here, "Jo", notes="Drives.", languages="en"), add(here, "Joanna", notes="Sings.", languages="pl")
    for contact, day in ((jo, TODAY - timedelta(days=3)), (joanna, TODAY)):
        Conversation.note(contact, by="Rosa", day=day, note=f"with {contact.name}")
        FollowUp.plan(contact, TODAY, f"ask {contact.name}", whose="Rosa", by="Rosa")
    petition, march = plan(here), plan(here)
    turnouts.note(petition, [jo], by="Rosa", came=True)
    turnouts.note(march, [joanna], by="Rosa", committed=True)
    merging.merge(joanna, jo)
    db.session.commit()
    assert Contact.of(here.id, jo.id) is joanna
    assert [talk.said.note for talk in Conversation.all_of(joanna)] == ["with Joanna", "with Jo"]
    assert {one.what.reason for one in FollowUp.all_of(joanna)} == {"ask Jo", "ask Joanna"}
    assert Turnout.all_for(petition)[joanna.id].came
    assert Turnout.all_for(march)[joanna.id].committed
    assert joanna.brief.nickname == "Jo"
    assert joanna.details.notes == "Sings.\n\nDrives."
    assert joanna.details.languages == "pl, en"
    assert names(here) == ["Joanna"]
    assert traces(here.id, (), ["Drives"]) == ["contact.details"], "nothing is left in the empty row"


def test_of_two_numbers_none_is_lost(here):
    jo = add(here, "Jo", phone="+441632960961", reach="Signal: jo.1")
    merging.merge(jo, add(here, "Joanna", phone="+441632960962", reach="at the gate", title="driver", known_by="Bill"))
    assert jo.brief.phone == "+441632960961"
    assert jo.details.reach == "Signal: jo.1, at the gate, +441632960962"
    assert (jo.brief.title, jo.details.known_by) == ("driver", "Bill")


def test_all_they_were_ever_called_stays_each_once(here):
    jo = add(here, "Jo", nickname="Ginger")
    joanna = add(here, "Joanna", nickname="ginger, Red")
    merging.merge(jo, joanna)
    merging.merge(jo, add(here, "JO", nickname="Red"))
    assert jo.brief.nickname == "Ginger, Joanna, Red"


def test_a_second_department_and_a_second_shift_the_notes_keep(here):
    packing, gate = (Department.add(here.id, name) for name in ("Packing", "Gate"))
    early, late = (Shift.add(here.id, name) for name in ("Early", "Late"))
    db.session.flush()
    packing, gate, early, late = (unit.id.hex for unit in (packing, gate, early, late))
    jo = add(here, "Jo", department=packing, shift=early)
    merging.merge(jo, add(here, "Joanna", department=gate, shift=late, notes="Sings."))
    assert (jo.brief.department, jo.brief.shift) == (packing, early)
    assert jo.details.notes == "Sings.\n\nGate, Late"
    merging.merge(jo, add(here, "Josie", department=packing, shift=early))
    bill = add(here, "Bill", shift=early)
    merging.merge(bill, add(here, "William", department=gate, shift=early))
    assert (bill.brief.department, bill.brief.shift, bill.details.notes) == (gate, early, "")
    nora = add(here, "Nora", department="0" * 32)  # of a department that was taken out
    merging.merge(nora, add(here, "Eleanor", department=gate))
    assert nora.brief.department == gate


# What two are not both: how they came into the list, and what their talks say, or their going.
ONE_OF_TWO = {
    *("added_by", "added_on", "came_from", "maybe"),
    *("stand", "stood_on", "talked_on", "gone", "gone_on", "consent", "consent_on"),
}


@pytest.mark.parametrize("field", [*fields()])
def test_of_two_that_differ_in_a_field_nothing_is_lost(here, field):
    units = {"department": Department, "shift": Shift}
    if field in units:
        made = [units[field].add(here.id, name) for name in ("One", "Two")]
        db.session.flush()
        ids = {unit.id.hex: unit.name for unit in made}
        first, other = ids
    elif field == "phone":
        first, other, ids = "+441632960961", "+441632960962", {}
    else:
        first, other, ids = "One", "Two", {}
    assert fields().keys() >= ONE_OF_TWO
    if field in ONE_OF_TWO:
        return
    jo = add(here, **{"name": "Jo", field: first})
    merging.merge(jo, add(here, **{"name": "Joanna", field: other}))
    kept = " ".join(str(value) for part in (jo.brief, jo.details) for value in vars(part).values())
    for value in (first, other):
        assert value in kept or ids[value] in kept


def test_what_a_merge_has_no_place_for_the_notes_keep(here):
    jo = add(here, "Jo", nickname="a1, a2, a3", known_by="b" * 100, reach="c" * 290, notes="Sings.")
    merging.merge(jo, add(here, "Joanna", nickname="a4, a5, a6", known_by="d" * 100, reach="e" * 20))
    assert jo.brief.nickname == "a1, a2, a3, Joanna, a4"
    assert (jo.details.known_by, jo.details.reach) == ("b" * 100, "c" * 290)
    assert jo.details.notes == f"Sings.\n\na5, a6, {'d' * 100}, {'e' * 20}"


def test_a_merge_with_more_notes_than_there_is_room_for_is_refused(here):
    jo, joanna = (add(here, name, notes=name[:1] * 2_500 + name) for name in ("Jo", "Joanna"))
    db.session.commit()
    with not_allowed(Why.NOTES_TOO_LONG):
        merging.merge(jo, joanna)
    db.session.rollback()
    assert sorted(names(here)) == ["Jo", "Joanna"]


@pytest.mark.parametrize("field", [*fields()])
def test_no_field_grows_without_end(here, field):
    most = {"reach": REACH_MAX, "notes": NOTES_MAX}.get(field, LINE_MAX)
    too_long = not_allowed(Why.TOO_LONG_FOR, field=Field(field), most=most)
    with not_allowed(Why.NAME_NEEDED, most=NAME_MAX) if field == "name" else too_long:
        add(here, **{"name": "Jo", field: "x" * 4_001})


def test_who_knows_by_one_name_knows(here):
    jo = add(here, "Jo")
    merging.merge(jo, add(here, "Joanna", consent=Consent.KNOWS.value, consent_on="2026-01-02"))
    assert (jo.details.consent, jo.details.consent_on) == (Consent.KNOWS, "2026-01-02")
    bill = add(here, "Bill", consent=Consent.KNOWS.value, consent_on="2026-01-03")
    merging.merge(bill, add(here, "William"))
    assert (bill.details.consent, bill.details.consent_on) == (Consent.KNOWS, "2026-01-03")


def test_who_is_here_under_one_name_is_here(here):
    jo, joanna, bill, billy = (add(here, name) for name in ("Jo", "Joanna", "Bill", "Billy"))
    for contact in (jo, bill, billy):
        contact.leave(Gone.MOVED)
    merging.merge(jo, joanna)
    assert (jo.brief.gone, jo.brief.gone_on) == (None, "")
    merging.merge(bill, billy)
    assert (bill.brief.gone, bill.brief.gone_on) == (Gone.MOVED, TODAY.isoformat())


def test_the_later_talk_says_where_the_one_who_was_merged_stands(here):
    jo, joanna = add(here, "Jo"), add(here, "Joanna")
    Conversation.note(jo, by="Rosa", day=TODAY - timedelta(days=1), stand=3)
    Conversation.note(joanna, by="Rosa", day=TODAY, stand=4)
    Conversation.note(jo, by="Rosa", day=TODAY, stand=2)  # on the same day, noted later
    merging.merge(joanna, jo)
    assert joanna.stand is Stand.WITH_US


def test_both_asked_to_one_action_were_asked_once(here):
    jo, joanna, march = add(here, "Jo"), add(here, "Joanna"), plan(here)
    turnouts.note(march, [jo], by="Rosa", committed=True, came=False)
    turnouts.note(march, [joanna], by="Rosa", committed=False, came=True)
    db.session.flush()
    merging.merge(joanna, jo)
    db.session.commit()
    assert turnouts.count_turnout(march) == TurnoutCount(asked=1, committed=1, came=1)


def test_a_chain_of_merges_ends_at_the_last(here):
    people = [add(here, f"Jo {letter}") for letter in "abcd"]
    for one, next_ in itertools.pairwise(people):
        Conversation.note(one, by="Rosa")
        merging.merge(next_, one)
    db.session.commit()
    assert {Contact.of(here.id, one.id) for one in people} == {people[-1]}
    assert Contact.of(here.id, people[0].id, to_change=True) is people[-1]
    assert len(Conversation.all_of(people[-1])) == 3


def test_nobody_is_merged_with_themselves_or_with_an_empty_row(here):
    jo, joanna, bill = add(here, "Jo"), add(here, "Joanna"), add(here, "Bill")
    for one, other in ((jo, jo), (joanna, jo), (bill, jo), (jo, bill)):
        if jo.merged_into is None and one is not other:
            merging.merge(joanna, jo)
        with not_allowed(Why.NOT_TWO_PEOPLE):
            merging.merge(one, other)
    assert jo.merged_into == joanna.id
    assert bill.name == "Bill"


def test_two_who_merge_the_same_two_at_once_lose_nobody(here):
    jo, joanna, site_id = add(here, "Jo").id, add(here, "Joanna").id, here.id

    def merge(one, other):
        return lambda: merging.merge(Contact.of(site_id, one), Contact.of(site_id, other))

    raised = at_once(site_id, merge(jo, joanna), merge(joanna, jo))
    assert [type(error) for error in raised] == [NotAllowed]
    assert Contact.of(site_id, joanna).id == Contact.of(site_id, jo).id == jo


def test_the_hint_that_two_may_be_one_goes_when_they_are(here):
    jo = add(here, "Jo")
    joanna, bill = add(here, "Joanna", maybe=jo.id.hex), add(here, "Bill")
    jan = add(here, "Jan", maybe=bill.id.hex)
    merging.merge(jo, joanna)
    assert jo.brief.maybe == ""
    merging.merge(jo, jan)
    assert jo.brief.maybe == bill.id.hex, "but that Jan may be Bill is still to be looked at"


# Forgotten


def test_who_is_forgotten_leaves_no_trace_under_any_id(here):
    jo, joanna, josephine = add(here, "Jo"), add(here, "Joanna", notes="sings"), add(here, "Josephine")
    bill = add(here, "Bill", maybe=joanna.id.hex)
    march = plan(here)
    for contact in (jo, joanna, josephine, bill):
        Conversation.note(contact, by="Rosa", stand=2, note=f"with {contact.name}").correct(by="Rosa", stand=3)
        FollowUp.plan(contact, TODAY, f"ask {contact.name}", whose="Rosa", by="Rosa")
        turnouts.note(march, [contact], by="Rosa", committed=True, came=contact is not jo)
    db.session.flush()
    merging.merge(joanna, jo)
    merging.merge(josephine, joanna)
    before = turnouts.count_turnout(march)
    erasure.forget(josephine)
    db.session.commit()
    assert traces(here.id, [jo.id, joanna.id, josephine.id], ["Jo", "sings"]) == []
    assert turnouts.count_turnout(march) == before == TurnoutCount(asked=2, committed=2, came=2)
    assert names(here) == ["Bill"]
    assert bill.brief.maybe == ""
    assert len(Conversation.all_of(bill)) == len(FollowUp.all_of(bill)) == 1


def test_who_was_merged_into_another_meanwhile_is_forgotten_as_that_one(here):
    jo, joanna, site_id = add(here, "Jo").id, add(here, "Joanna").id, here.id
    raised = at_once(
        site_id,
        lambda: merging.merge(Contact.of(site_id, joanna), Contact.of(site_id, jo)),
        lambda: erasure.forget(Contact.of(site_id, jo)),
    )
    assert raised == []
    assert traces(site_id, [jo, joanna], ["Jo"]) == []


def test_a_talk_noted_while_somebody_is_forgotten_is_refused_in_words(here):
    jo, site_id = add(here, "Jo").id, here.id

    def talk():
        contact = Contact.of(site_id, jo)
        if contact is None:  # SQLite lets one write at a time
            raise NotAllowed(Why.NOT_THERE)
        Conversation.note(contact, by="Rosa", note="too late")

    raised = at_once(site_id, lambda: erasure.forget(Contact.of(site_id, jo)), talk)
    assert [type(error) for error in raised] == [NotAllowed]
    assert traces(site_id, [jo], ["too late"]) == []


def test_a_restore_deletes_them_without_a_key(here):
    jo, joanna, bill = add(here, "Jo"), add(here, "Joanna"), add(here, "Bill")
    for contact in (jo, joanna, bill):
        Conversation.note(contact, by="Rosa")
        FollowUp.plan(contact, TODAY, "ask", whose="", by="Rosa")
        turnouts.note(plan(here), [contact], by="Rosa", came=True)
    merging.merge(joanna, jo)
    db.session.commit()
    ids = [joanna.id, jo.id]
    with keys.opened(keys.Keyring()):
        delete_all_of(here.id, ids[:1])
        db.session.commit()
    assert traces(here.id, ids, ["Jo"]) == []
    assert len(Conversation.all_of(bill)) == 1


# Untouched


def tend(site) -> int:
    forgotten = erasure.forget_stale(site.id)
    db.session.commit()
    return forgotten


def test_who_is_untouched_for_a_year_is_announced_and_a_month_later_forgotten(here, later):
    jo = add(here, "Jo")
    later(days=364)
    assert tend(here) == 0
    assert Contact.stale_at(here.id) == []
    later(days=1)
    assert tend(here) == 0
    assert Contact.stale_at(here.id) == [jo]
    assert jo.removed_on == contacts.today() + timedelta(days=30)
    later(days=29)
    assert tend(here) == 0
    later(days=1)
    assert tend(here) == 1
    assert traces(here.id, [jo.id], ["Jo"]) == []


def test_a_site_nobody_opened_for_two_years_is_told_first(here, later):
    jo = add(here, "Jo")
    later(days=730)
    assert tend(here) == 0
    assert Contact.stale_at(here.id) == [jo], "announced, with a month to say no"
    later(days=30)
    assert tend(here) == 1


def test_who_is_kept_stays_another_year(here, later):
    jo = add(here, "Jo")
    later(days=365)
    tend(here)
    jo.touch()
    assert jo.removed_on is None
    later(days=364)
    assert tend(here) == 0
    assert Contact.stale_at(here.id) == []
    later(days=1)
    tend(here)
    assert Contact.stale_at(here.id) == [jo]


def talk(jo):
    Conversation.note(jo, by="Rosa")


def go_back(jo):
    FollowUp.plan(jo, contacts.today(), "ask", whose="Rosa", by="Rosa").finish(by="Rosa")


def march(jo):
    start = datetime.combine(contacts.today(), datetime.min.time(), UTC)
    action = Action.propose(jo.site_id, start, start + timedelta(hours=1), by="Rosa")
    db.session.flush()
    turnouts.note(action, [jo], by="Rosa", came=True)


@pytest.mark.parametrize("deed", [talk, go_back, march])
def test_whoever_somebody_has_to_do_with_is_not_stale(here, later, deed):
    jo = add(here, "Jo")
    later(days=365)
    tend(here)
    assert jo.announced_on
    deed(jo)
    db.session.commit()
    assert jo.announced_on is None
    later(days=31)
    assert tend(here) == 0


def test_many_are_forgotten_some_at_a_time_the_longest_announced_first(here, later):
    people = [add(here, f"P{number}") for number in range(5)]
    later(days=365)
    tend(here)
    people[3].announced_on -= timedelta(days=1)
    db.session.commit()
    later(days=30)
    assert erasure.forget_stale(here.id, limit=2) == 2
    assert "P3" not in names(here)
    assert erasure.forget_stale(here.id, limit=2) == 2
    assert erasure.forget_stale(here.id, limit=2) == 1
    assert names(here) == []


def test_forgetting_many_looks_through_the_others_once(here, later, monkeypatch):
    for number in range(60):
        add(here, f"P{number}")
    later(days=365)
    for number in range(100):
        add(here, f"Q{number}")
    tend(here)
    later(days=30)
    ring, opened = keys.current.get(), []
    open_ = ring.open
    monkeypatch.setattr(ring, "open", lambda *place: (opened.append(place[2]), open_(*place))[1])
    assert tend(here) == 60
    assert len(opened) <= 200


def test_the_empty_row_of_one_who_was_merged_is_no_stale_contact(here, later):
    jo, joanna = add(here, "Jo"), add(here, "Joanna")
    later(days=365)
    tend(here)
    merging.merge(joanna, jo)
    assert Contact.stale_at(here.id) == []
    later(days=31)
    assert tend(here) == 0
    assert Contact.of(here.id, jo.id) is joanna
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Contact).filter_by(site_id=here.id)) == 2
    assert date.fromisoformat(joanna.details.added_on) == TODAY


def test_who_is_forgotten_goes_from_what_was_taken_in_with_them(here):
    jo, bill = add(here, "Jo"), add(here, "Bill")
    gone = jo.id
    what = TakenIn(contacts={jo.id.hex: 1, bill.id.hex: 1}, by="Rosa", source="cards")
    taken = Import(site_id=here.id, what=what, made_on=TODAY)
    db.session.add(taken)
    erasure.forget(jo)
    db.session.commit()
    assert traces(here.id, [gone]) == []
    assert taken.what.contacts == {bill.id.hex: 1}


def test_when_the_list_is_full_nobody_is_added(here, monkeypatch):
    monkeypatch.setattr(contacts, "CONTACTS_MAX", 1)
    form_id = uuid.uuid4()
    jo = add(here, "Jo", form_id=form_id)
    with not_allowed(Why.LIST_FULL, most=1):
        add(here, "Bill")
    assert add(here, "Jo", form_id=form_id) is jo, "but what was sent twice is no other"
