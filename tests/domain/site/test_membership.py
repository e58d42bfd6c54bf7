"""How people come to a site and go from it, and what happens to its key."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bulletin.db import db
from bulletin.domain.portability import leaving
from bulletin.domain.site import site_keys
from bulletin.domain.site.devices import Device
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.founding import FoundingCode, found_network, found_site
from bulletin.domain.site.invitations import Invitation
from bulletin.domain.site.members import Member, Membership, handle_skeleton, mixes_scripts
from bulletin.domain.site.refusals import Why
from bulletin.domain.site.sites import Network, Site
from bulletin.domain.site.throttle import Throttle
from bulletin.vault import keys, tenancy
from tests.domain.conftest import ABOUT, Person
from tests.refusals import not_allowed


def invite(person, site):
    return Invitation.issue(person.at(site), person.at(site).open_key(person.private))


def deeds(person, site) -> list[Deed]:
    with person.inside(site):
        return [event.deed for event in Event.at(site.id)]


def test_the_code_that_was_printed_founds_one_network(session, rosa):
    code = FoundingCode.print_anew()
    db.session.commit()
    assert FoundingCode.matching("guess") is None
    again = FoundingCode.print_anew()
    db.session.commit()
    assert FoundingCode.matching(code) is None, "only the last one printed is good"
    network = found_network(FoundingCode.matching(again.lower()), "Free Notes")
    found_site(network, rosa.member, name="Depot", **ABOUT)
    db.session.commit()
    assert FoundingCode.matching(again) is None
    assert FoundingCode.print_anew() is None


def test_a_founder_has_the_key_of_the_site_and_a_stranger_has_none(depot, rosa, bill):
    assert rosa.at(depot).open_key(rosa.private)
    assert bill.member.membership_at(depot.id) is None
    with pytest.raises(keys.DoesNotOpen):
        rosa.at(depot).open_key(bill.private)


def test_handles_are_one_however_they_are_typed(rosa, session):
    db.session.flush()
    assert Member.named("  rosa ") is rosa.member
    assert Member.named("ＲＯＳＡ") is rosa.member
    assert Member.named("Ros") is None


@pytest.mark.parametrize("handle", ["R.o.s.a", "ro sa", "Rósa", "Ro\u200dsa", "Rosa\ufe0f", "Ｒｏｓａ"])
def test_a_handle_of_the_same_letters_is_like_hers(rosa, session, handle):
    db.session.flush()
    assert Member.like(handle) == [rosa.member]


@pytest.mark.parametrize("handle", ["Rose", "Rosa2", "Роза", "कि", "कु"])
def test_a_handle_of_other_letters_is_not(rosa, session, handle):
    db.session.flush()
    assert Member.like(handle) == []


def test_vowels_that_are_marks_tell_handles_apart():
    assert handle_skeleton("कि") != handle_skeleton("कु") != handle_skeleton("क")


@pytest.mark.parametrize(
    ("handle", "mixed"),
    [
        ("R\u043esa", True),
        ("Ros\u03b1", True),
        ("Rosa 7", False),
        ("Роза", False),
        ("太郎たろう", False),
        ("김김金", False),
    ],
)
def test_letters_of_two_alphabets_are_seen(handle, mixed):
    assert mixes_scripts(handle) == mixed


def test_an_invitation_that_waits_is_known_as_such_to_whoever_has_its_secret(depot, rosa, bill, clara, join):
    join(bill)
    join(clara)
    invitation, secret = invite(rosa, depot)
    db.session.flush()
    assert Invitation.waiting(secret)
    assert not Invitation.waiting(b"0" * 16)
    invitation.second(bill.at(depot))
    assert not Invitation.waiting(secret)


def test_bill_joins_by_a_link_and_opens_what_rosa_sealed(depot, rosa, bill, join):
    with rosa.inside(depot):
        Event.note(depot, Deed.FOUNDED, by="Rosa")
        db.session.commit()
    join(bill)
    assert bill.at(depot).open_key(bill.private) == rosa.at(depot).open_key(rosa.private)
    assert deeds(bill, depot) == [Deed.FOUNDED]


def test_an_invitation_is_spent_once(depot, rosa, bill, clara):
    invitation, secret = invite(rosa, depot)
    invitation.answer(secret, bill.member)
    db.session.flush()
    assert Invitation.found(secret) is None


def test_an_invitation_opens_only_with_its_own_secret(depot, rosa, bill):
    invitation, _ = invite(rosa, depot)
    _, other = invite(rosa, depot)
    with pytest.raises(keys.DoesNotOpen):
        invitation.answer(other, bill.member)


def test_an_invitation_lasts_seven_days(depot, rosa, later):
    _, secret = invite(rosa, depot)
    db.session.commit()
    later(days=6.9)
    assert Invitation.found(secret) is not None
    later(days=0.2)
    assert Invitation.found(secret) is None
    Invitation.sweep()
    db.session.commit()
    assert db.session.scalars(select(Invitation)).all() == []


def test_a_member_does_not_join_twice(depot, rosa):
    invitation, secret = invite(rosa, depot)
    with not_allowed(Why.IN_ALREADY):
        invitation.answer(secret, rosa.member)


def test_from_three_on_an_invitation_needs_a_second_member(depot, rosa, bill, clara, join, session):
    join(bill)
    join(clara)
    invitation, secret = invite(rosa, depot)
    db.session.flush()
    assert Invitation.found(secret) is None
    with not_allowed(Why.NOT_BY_YOURSELF):
        invitation.second(rosa.at(depot))
    invitation.second(bill.at(depot))
    assert Invitation.found(secret) is invitation


def test_the_fourth_member_seconds_nothing_for_seven_days(depot, rosa, bill, clara, join, later):
    join(bill)
    join(clara)
    dora = Person("Dora")
    join(dora, by=bill)
    invitation, _ = invite(rosa, depot)
    with not_allowed(Why.HERE_TOO_SHORT):
        invitation.second(dora.at(depot))
    later(days=7)
    invitation.second(dora.at(depot))


def test_in_a_site_of_two_nobody_removes_the_other(depot, rosa, bill, join):
    join(bill)
    with not_allowed(Why.ONLY_TWO):
        bill.at(depot).ask_removal(by=rosa.at(depot))


def test_a_removal_takes_two_others_and_a_day_and_locks_at_once(depot, rosa, bill, clara, join, later):
    join(bill)
    join(clara)
    later(days=7)
    place = bill.at(depot)
    place.ask_removal(by=rosa.at(depot))
    for person in (rosa, bill):
        with not_allowed(Why.NOT_BY_YOURSELF):
            place.second_removal(by=person.at(depot))
    assert bill.member.membership_at(depot.id) is place, "asked for by one, nothing has happened yet"
    place.second_removal(by=clara.at(depot))
    db.session.commit()
    assert bill.member.membership_at(depot.id) is None
    leaving.carry_out_removals()
    assert Membership.count_at(depot) == 3
    later(days=1)
    leaving.carry_out_removals()
    db.session.commit()
    assert Membership.count_at(depot) == 2
    assert Member.named("Bill") is None
    assert depot.rotation_due


def test_a_removal_can_be_taken_back_but_not_by_whom_it_is_about(depot, rosa, bill, clara, join, later):
    join(bill)
    join(clara)
    later(days=7)
    place = bill.at(depot)
    place.ask_removal(by=rosa.at(depot))
    with not_allowed(Why.ASKER_TAKES_BACK):
        place.withdraw_removal(by=place)
    place.withdraw_removal(by=clara.at(depot))
    with not_allowed(Why.NOBODY_ASKS):
        place.second_removal(by=clara.at(depot))
    place.ask_removal(by=rosa.at(depot))
    place.second_removal(by=clara.at(depot))
    with not_allowed(Why.ASKER_TAKES_BACK):
        place.withdraw_removal(by=clara.at(depot))
    place.withdraw_removal(by=rosa.at(depot))
    assert bill.member.membership_at(depot.id) is place


def test_one_of_two_does_not_put_the_other_out_with_a_friend(depot, rosa, bill, clara, join, later):
    """Bill invites somebody who does as he says: early enough to second invitations at once, but not a removal."""
    join(bill)
    _, secret = invite(bill, depot)
    puppet = Invitation.found(secret).answer(secret, clara.member)
    db.session.commit()
    assert puppet.early
    assert puppet.may_second
    place = rosa.at(depot)
    place.ask_removal(by=bill.at(depot))
    later(days=6.9)
    with not_allowed(Why.HERE_TOO_SHORT):
        place.second_removal(by=puppet)
    assert not place.locked
    later(days=0.2)
    assert puppet.may_second_removal, "seven days in which Rosa sees them both, and what they ask"


def test_not_even_who_founded_the_site_seconds_a_removal_in_its_first_days(depot, rosa, bill, clara, join):
    join(bill)
    join(clara)
    place = clara.at(depot)
    place.ask_removal(by=bill.at(depot))
    with not_allowed(Why.HERE_TOO_SHORT):
        place.second_removal(by=rosa.at(depot))


def test_what_somebody_asked_for_is_void_once_they_are_locked_out(depot, rosa, bill, clara, join, later):
    join(bill)
    join(clara)
    dora = Person("Dora")
    join(dora, by=bill)
    later(days=7)
    rosa.at(depot).ask_removal(by=bill.at(depot))
    clara.at(depot).ask_removal(by=bill.at(depot))
    clara.at(depot).second_removal(by=dora.at(depot))
    about_rosa, about_bill, about_clara = rosa.at(depot), bill.at(depot), Membership.of(clara.member, depot.id)
    about_bill.ask_removal(by=rosa.at(depot))
    about_bill.second_removal(by=dora.at(depot))
    db.session.commit()
    assert about_rosa.removal_by_id is None
    with not_allowed(Why.NOBODY_ASKS):
        about_rosa.second_removal(by=dora.at(depot))
    assert about_clara.locked, "what another seconded is no longer theirs alone"


def test_nobody_asks_anew_about_who_is_locked_out_and_so_lets_them_in(depot, rosa, bill, clara, join, later):
    join(bill)
    join(clara)
    dora = Person("Dora")
    join(dora, by=bill)
    later(days=7)
    place = bill.at(depot)
    place.ask_removal(by=rosa.at(depot))
    place.second_removal(by=clara.at(depot))
    with not_allowed(Why.ASKED_ALREADY):
        place.ask_removal(by=dora.at(depot))
    with rosa.inside(depot):
        leaving.leave(rosa.at(depot))
        db.session.commit()
    db.session.refresh(place)
    assert (place.removal_by_id, place.locked) == (None, True)
    with not_allowed(Why.ASKED_ALREADY):
        place.ask_removal(by=dora.at(depot))
    for person in (clara, dora):
        with not_allowed(Why.NOBODY_ASKS):
            place.withdraw_removal(by=person.at(depot))
    assert bill.member.membership_at(depot.id) is None


def test_who_leaves_takes_no_key_along_and_the_key_changes(depot, rosa, bill, join):
    join(bill)
    with rosa.inside(depot):
        Event.note(depot, Deed.INVITED, by="Rosa", whom="Bill")
        db.session.commit()
    old = rosa.at(depot).open_key(rosa.private)
    place = bill.at(depot)
    copied, context = bytes(place.sealed_key), place._context()
    assert keys.open_with(bill.private, copied, context) == old
    with bill.inside(depot):
        leaving.leave(bill.at(depot))
        db.session.commit()
    with rosa.inside(depot) as ring:
        assert site_keys.rotate_if_due(depot, ring)
        assert not site_keys.rotate_if_due(depot, ring)
        db.session.commit()
    new = rosa.at(depot).open_key(rosa.private)
    assert new != old
    assert keys.open_with(bill.private, copied, context) == old, "what was taken along opens what was, not what comes"
    assert deeds(rosa, depot) == [Deed.KEY_CHANGED, Deed.LEFT, Deed.INVITED]


def test_after_a_change_everything_is_sealed_again_in_batches_and_the_old_key_goes(depot, rosa, bill, join):
    join(bill)
    with rosa.inside(depot):
        for _ in range(7):
            Event.note(depot, Deed.INVITED, by="Rosa")
        db.session.commit()
        bill.at(depot).end()
        db.session.commit()
    with rosa.inside(depot) as ring:
        site_keys.rotate_if_due(depot, ring)
        db.session.commit()
        batches = []
        while done := site_keys.reseal_some(depot, ring, limit=3):
            batches.append(done)
            db.session.commit()
        db.session.commit()
        assert batches == [3, 3, 1]
        assert db.session.scalars(select(site_keys.FormerKey)).all() == []
    new_ring = keys.Keyring()
    new_ring.add(depot.id, depot.generation, rosa.at(depot).open_key(rosa.private))
    tenancy.bind(db.session, depot.id)
    with keys.opened(new_ring):
        assert len([event.by for event in Event.at(depot.id)]) == 8


def test_a_change_of_the_key_voids_open_invitations(depot, rosa, bill, clara, join):
    join(bill)
    _, secret = invite(rosa, depot)
    db.session.commit()
    with bill.inside(depot):
        leaving.leave(bill.at(depot))
        db.session.commit()
    with rosa.inside(depot) as ring:
        site_keys.rotate_if_due(depot, ring)
        db.session.commit()
    assert Invitation.found(secret) is None


def test_the_last_to_leave_deletes_the_site_and_their_account(depot, rosa):
    with rosa.inside(depot):
        Event.note(depot, Deed.FOUNDED, by="Rosa")
        Device.begin(rosa.member, rosa.private, shared=False)
        db.session.commit()
        leaving.leave(rosa.at(depot))
        db.session.commit()
    assert Site.count() == 0
    assert Member.named("Rosa") is None
    assert db.session.scalars(select(Device)).all() == []
    assert Network.here() is not None


def test_who_is_in_two_sites_stays_in_the_other(depot, rosa, bill, join):
    mill, _ = found_site(depot.network, bill.member, name="Mill", **ABOUT)
    join(bill)
    with bill.inside(depot):
        leaving.leave(bill.at(depot))
        db.session.commit()
    assert [membership.site for membership in bill.member.memberships()] == [mill]


def test_a_key_of_one_site_opens_nothing_of_another(depot, rosa, bill):
    mill, _ = found_site(depot.network, bill.member, name="Mill", **ABOUT)
    db.session.commit()
    with bill.inside(mill):
        note = Event.note(mill, Deed.FOUNDED, by="Bill")
        db.session.commit()
        assert note.by == "Bill"
    with rosa.inside(depot):
        assert Event.at(mill.id) == [], "another site's things are not there"


def test_guessing_waits_longer_and_longer_and_nobody_else_does(session, later):
    guesser = Throttle.at("Rosa", b"a stranger's browser")
    for _ in range(5):
        assert not guesser.wait
        guesser.failed()
    assert guesser.wait.total_seconds() > 1
    later(seconds=3)
    assert not guesser.wait
    for _ in range(30):
        guesser.failed()
    assert 600 < guesser.wait.total_seconds() <= 900
    assert not Throttle.at("rosa ", b"her own browser").wait
    guesser.succeeded()
    assert not guesser.wait


def test_links_made_while_few_were_here_need_a_second_once_there_are_three(depot, rosa, bill, clara, join):
    invitation, secret = invite(rosa, depot)
    join(bill)
    assert Invitation.found(secret) is invitation
    join(clara)
    assert Invitation.found(secret) is None
    invitation.second(bill.at(depot))
    assert Invitation.found(secret) is invitation
