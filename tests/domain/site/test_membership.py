"""How people come to a site and go from it, and what happens to its key."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select

from bulletin.db import db
from bulletin.domain.portability import leaving
from bulletin.domain.site import site_keys
from bulletin.domain.site.accounts.devices import Device
from bulletin.domain.site.accounts.handles import is_alike_at
from bulletin.domain.site.accounts.members import Member, Membership, handle_skeleton, mixes_scripts
from bulletin.domain.site.accounts.throttle import Throttle
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.founding import FoundingCode, found_network, found_site
from bulletin.domain.site.governance import bringing_in, consequences, register
from bulletin.domain.site.governance.roll import Matter
from bulletin.domain.site.invitations import Invitation
from bulletin.domain.site.refusals import Why
from bulletin.domain.site.sites import Network, Site
from bulletin.vault import keys, tenancy
from tests.domain.conftest import ABOUT, Person
from tests.refusals import not_allowed


def invite(person, site):
    """An invitation and its secret; who makes it has the site open."""
    with person.inside(site):
        made = bringing_in.invite(person.at(site))
        db.session.commit()
    return made


def confirm(person, site, invitation):
    with person.inside(site):
        bringing_in.confirm(person.at(site), invitation.id)
        db.session.commit()


def ask(person, site, whom):
    """Ask that somebody be put out, or say yes to it."""
    with person.inside(site):
        question = consequences.ask(person.at(site), Matter.REMOVAL, whom.member.id.hex)
        db.session.commit()
    return uuid.UUID(hex=question)


def visit(person, site):
    with person.inside(site):
        visit = consequences.visit(person.at(site))
        db.session.commit()
    return visit


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
    bus = Member.join("Bus-47", b"public", b"locked")
    db.session.flush()
    for typed in ("bus47", "Bus 47", "bus.47", "BUS – 47"):
        assert Member.named(typed) is bus, typed
    older = Member.join("Bus 47", b"public", b"locked")
    db.session.flush()
    assert (Member.named("bus 47"), Member.named("bus-47"), Member.named("Bus47")) == (older, bus, bus)


@pytest.mark.parametrize("handle", ["R.o.s.a", "ro sa", "Rósa", "Ro\u200dsa", "Rosa\ufe0f", "Ｒｏｓａ"])
def test_a_handle_of_the_same_letters_is_like_hers(rosa, depot, handle):
    assert is_alike_at(depot, handle)


@pytest.mark.parametrize("handle", ["Rose", "Rosa2", "Роза", "कि", "कु"])
def test_a_handle_of_other_letters_is_not(rosa, depot, handle):
    assert not is_alike_at(depot, handle)


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
    assert bringing_in.waits(secret)
    assert bringing_in.found(secret) is None
    assert not bringing_in.waits(b"0" * 16)
    confirm(bill, depot, invitation)
    assert not bringing_in.waits(secret)
    assert bringing_in.found(secret) is not None


def test_bill_joins_by_a_link_and_opens_what_rosa_sealed(depot, rosa, bill, join):
    with rosa.inside(depot):
        Event.note(depot, Deed.FOUNDED, by="Rosa")
        db.session.commit()
    join(bill)
    assert bill.at(depot).open_key(bill.private) == rosa.at(depot).open_key(rosa.private)
    assert Deed.FOUNDED in deeds(bill, depot)


def test_an_invitation_is_spent_once(depot, rosa, bill, clara):
    invitation, secret = invite(rosa, depot)
    bringing_in.answer(invitation, secret, bill.member)
    db.session.flush()
    assert bringing_in.found(secret) is None


def test_an_invitation_opens_only_with_its_own_secret(depot, rosa, bill):
    invitation, _ = invite(rosa, depot)
    _, other = invite(rosa, depot)
    with pytest.raises(keys.DoesNotOpen):
        bringing_in.answer(invitation, other, bill.member)


def test_an_invitation_lasts_three_weeks(depot, rosa, later):
    _, secret = invite(rosa, depot)
    later(days=20.9)
    assert bringing_in.found(secret) is not None
    later(days=0.2)
    assert bringing_in.found(secret) is None, "the register knows the hour"
    later(days=1)
    Invitation.sweep()
    db.session.commit()
    assert db.session.scalars(select(Invitation)).all() == []


def test_a_member_does_not_join_twice(depot, rosa):
    invitation, secret = invite(rosa, depot)
    with not_allowed(Why.IN_ALREADY):
        bringing_in.answer(invitation, secret, rosa.member)


def test_from_three_on_an_invitation_needs_the_word_of_another_who_decides(depot, rosa, bill, clara, join):
    join(bill)
    join(clara)
    invitation, secret = invite(rosa, depot)
    with not_allowed(Why.NOT_BY_YOURSELF):
        confirm(rosa, depot, invitation)
    db.session.rollback()
    confirm(bill, depot, invitation)
    dora = Person("Dora")
    bringing_in.answer(bringing_in.found(secret), secret, dora.member)
    db.session.commit()
    tenancy.unbind(db.session)
    again, _ = invite(rosa, depot)
    with not_allowed(Why.DOES_NOT_DECIDE):
        confirm(dora, depot, again)


def test_what_was_said_of_an_invitation_counts_as_long_as_they_decide(depot, rosa, bill, clara, join):
    join(bill)
    join(clara)
    invitation, secret = invite(rosa, depot)
    confirm(bill, depot, invitation)
    ask(rosa, depot, bill)
    ask(clara, depot, bill)
    assert bringing_in.found(secret) is None, "Bill is locked out, and the key is another"


def test_after_two_weeks_in_which_nobody_else_came_one_is_enough(depot, rosa, bill, clara, join, later):
    join(bill)
    join(clara)
    later(days=1)
    _, secret = invite(rosa, depot)
    later(days=13.9)
    visit(rosa, depot)
    assert bringing_in.found(secret) is None
    later(days=0.2)
    assert bringing_in.found(secret) is not None
    visit(clara, depot)
    assert bringing_in.found(secret) is None


def test_two_lock_a_third_out_in_that_moment_and_take_their_key_away(depot, rosa, bill, clara, join):
    join(bill)
    join(clara)
    ask(rosa, depot, bill)
    assert bill.member.membership_at(depot.id) is not None, "asked for by one, nothing has happened yet"
    ask(clara, depot, bill)
    place = Membership.of(bill.member, depot.id)
    assert (bill.member.membership_at(depot.id), place.sealed_key) == (None, b"")
    assert depot.rotation_due
    with rosa.inside(depot) as ring:
        site_keys.rotate_if_due(depot, ring)
        db.session.commit()
    assert place.sealed_key == b"", "nor the new one"
    assert clara.at(depot).open_key(clara.private)


def test_who_put_somebody_out_needs_three_days_and_more_than_half(depot, rosa, bill, clara, join, later):
    join(bill)
    join(clara)
    ask(rosa, depot, bill)
    ask(clara, depot, bill)
    later(days=2.9)
    visit(rosa, depot)
    assert Membership.count_at(depot) == 3
    later(days=0.2)
    visit(rosa, depot)
    assert Membership.count_at(depot) == 2
    assert Member.named("Bill") is None


def test_who_is_let_in_again_has_the_key_of_that_day(depot, rosa, bill, clara, join):
    join(bill)
    join(clara)
    question = ask(rosa, depot, bill)
    ask(clara, depot, bill)
    with rosa.inside(depot) as ring:
        site_keys.rotate_if_due(depot, ring)
        db.session.commit()
    with clara.inside(depot):
        consequences.withdraw(clara.at(depot), question)
        db.session.commit()
    assert bill.at(depot).open_key(bill.private) == rosa.at(depot).open_key(rosa.private)
    assert visit(bill, depot) is consequences.Visit.IN


def test_what_somebody_who_is_locked_out_had_said_is_void(depot, rosa, bill, clara, join):
    join(bill)
    join(clara)
    dora = Person("Dora")
    join(dora, by=bill)
    ask(bill, depot, rosa)
    ask(clara, depot, bill)
    ask(dora, depot, bill)
    with rosa.inside(depot):
        assert rosa.at(depot).locked is False
        assert register.standing_of(depot).open_on(Matter.REMOVAL, rosa.member.id.hex) is None, "nobody says yes to it"


def test_nobody_is_let_in_because_who_asked_has_left(depot, rosa, bill, clara, join):
    join(bill)
    join(clara)
    dora = Person("Dora")
    join(dora, by=bill)
    for person in (rosa, clara, dora):
        ask(person, depot, bill)
    with rosa.inside(depot):
        leaving.leave(rosa.at(depot))
        db.session.commit()
    assert bill.member.membership_at(depot.id) is None


def test_a_place_that_nobody_has_opened_for_a_year_is_announced_and_ends(depot, rosa, bill, clara, join, later):
    join(bill)
    join(clara)
    later(days=366)
    visit(rosa, depot)
    assert deeds(rosa, depot).count(Deed.LAPSES) == 2
    later(days=10)
    assert visit(bill, depot) is consequences.Visit.IN
    later(days=21)
    visit(rosa, depot)
    assert {place.member.handle for place in Membership.at(depot)} == {"Rosa", "Bill"}


def test_who_leaves_takes_no_key_along_and_the_key_changes(depot, rosa, bill, join):
    join(bill)
    with rosa.inside(depot):
        Event.note(depot, Deed.INVITED, by="Rosa", whom="Bill")
        db.session.commit()
    old = rosa.at(depot).open_key(rosa.private)
    place = bill.at(depot)
    copied, context = bytes(place.sealed_key), place._context()
    assert (keys.open_with(bill.private, copied, context), True) == old
    with bill.inside(depot):
        leaving.leave(bill.at(depot))
        db.session.commit()
    with rosa.inside(depot) as ring:
        assert site_keys.rotate_if_due(depot, ring)
        assert not site_keys.rotate_if_due(depot, ring)
        db.session.commit()
    new = rosa.at(depot).open_key(rosa.private)
    assert new != old
    assert keys.open_with(bill.private, copied, context) == old[0], "what was taken along opens what was"
    assert deeds(rosa, depot)[:3] == [Deed.KEY_CHANGED, Deed.LEFT, Deed.INVITED]


def test_after_a_change_everything_is_sealed_again_in_batches_and_the_old_key_goes(depot, rosa, bill, join):
    join(bill)
    with rosa.inside(depot):
        for _ in range(7):
            Event.note(depot, Deed.INVITED, by="Rosa")
        db.session.commit()
        leaving.leave(bill.at(depot))
        db.session.commit()
    with rosa.inside(depot) as ring:
        site_keys.rotate_if_due(depot, ring)
        db.session.commit()
        batches = []
        while done := site_keys.reseal_some(depot, ring, limit=3):
            batches.append(done)
            db.session.commit()
        db.session.commit()
        assert batches == [3] * (len(batches) - 1) + batches[-1:], "all of them, three at a time"
        assert sum(batches) >= 8
        assert db.session.scalars(select(site_keys.FormerKey)).all() == []
    new_ring = keys.Keyring()
    new_ring.add(depot.id, depot.generation, rosa.at(depot).open_key(rosa.private)[0])
    tenancy.bind(db.session, depot.id)
    with keys.opened(new_ring):
        assert [event.by for event in Event.at(depot.id)].count("Rosa") >= 7


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
    assert bringing_in.found(secret) is None


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
    assert guesser.failed_at is None, "no moment of who has signed in"
    for _ in range(10):
        guesser.failed()
    db.session.commit()
    later(days=1, minutes=1)
    Throttle.sweep()
    db.session.refresh(guesser)
    assert (guesser.failures, guesser.failed_at, guesser.signed_in) == (0, None, True)
