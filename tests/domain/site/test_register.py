"""Who changes one row of the database from outside gives nobody a say or a key, and takes neither away for long."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from bulletin.db import db, today
from bulletin.domain.portability import site_upkeep
from bulletin.domain.site import site_keys
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.governance import bringing_in, consequences, register
from bulletin.domain.site.governance.consequences import Visit
from bulletin.domain.site.governance.roll import Matter
from bulletin.domain.site.refusals import Why
from bulletin.domain.site.sites import Site
from bulletin.vault import keys, tenancy
from tests.databases import Database
from tests.domain.conftest import Person
from tests.homes import ON_SQLITE
from tests.refusals import not_allowed

OutsideChange = Callable[..., None]


@pytest.fixture
def outside(home: Database) -> OutsideChange:
    """outside(sql, ...): somebody with the database in their hands, but with no key."""

    def changes(sql: str, *kinds: sa.BindParameter[object]) -> None:
        db.session.commit()
        with home.engine().begin() as connection:
            assert connection.execute(sa.text(sql).bindparams(*kinds)).rowcount > 0
        db.session.expire_all()

    return changes


def given(name: str, value: object, kind: object = None) -> sa.BindParameter[object]:
    return sa.bindparam(name, value, type_=kind)


def comes(person: Person, site: Site, *, rotates: bool = False) -> Visit:
    """They open the site, and what is due is done; with another key, if it is to be changed."""
    with person.inside(site) as ring:
        if rotates:
            site_keys.hold(person.at(site))
            site.rotation_due = True
        visit, _ = site_upkeep.catch_up(person.at(site), ring)
        db.session.commit()
    return visit


def former_keys(site: Site) -> list[site_keys.FormerKey]:
    return list(db.session.scalars(sa.select(site_keys.FormerKey).filter_by(site_id=site.id)))


def until_former_keys_are_gone(person: Person, site: Site) -> None:
    """So that nothing but the register says which key is the site's."""
    generation = site.generation
    comes(person, site, rotates=True)
    assert site.generation == generation + 1
    with person.inside(site):
        assert former_keys(site)
    for _ in range(2):
        comes(person, site)
    with person.inside(site):
        assert not former_keys(site)


def told(person: Person, site: Site, deed: Deed) -> list[str]:
    with person.inside(site):
        return [event.whom for event in Event.at(site.id) if event.deed is deed]


def current_key(person: Person, site: Site) -> bytes:
    with person.inside(site) as ring:
        return ring.site_key(site.id, site.generation)


def cannot_open(person: Person, site: Site) -> None:
    if person.member.membership_at(site.id) is not None:
        with pytest.raises(keys.DoesNotOpen), person.inside(site):
            pass
    tenancy.unbind(db.session)


@pytest.fixture
def three(depot: Site, bill: Person, clara: Person, join) -> Site:
    """The Depot with Rosa, Bill and Clara, who all decide."""
    join(bill)
    join(clara)
    return depot


# A member's row


@pytest.mark.parametrize("column", ["public_key", "handle"])
def test_whose_key_or_handle_was_swapped_gets_no_key_any_more(three, rosa, bill, outside, column):
    mallory = keys.PrivateKey()
    value = mallory.public if column == "public_key" else "Bi11"
    outside(f"UPDATE member SET {column} = :value WHERE handle = 'Bill'", given("value", value))  # noqa: S608
    before = bytes(bill.at(three).sealed_key)
    assert comes(rosa, three, rotates=True) is Visit.IN
    assert told(rosa, three, Deed.NOT_KNOWN) == ["Bill"]
    place = bill.at(three)
    assert bytes(place.sealed_key) == before
    for private in (bill.private, mallory):
        bill.private = private
        cannot_open(bill, three)
    assert len(Membership.at(three)) == 3, "the list still shows"
    comes(rosa, three)
    assert told(rosa, three, Deed.NOT_KNOWN) == ["Bill"], "told once"


# A place


def inserted(three: Site, outside: OutsideChange, sealed_key: Callable[[Membership], bytes]) -> Person:
    """Mallory, who has an account, with a place that nobody gave them."""
    mallory = Person("Mallory")
    db.session.commit()
    like = Membership(site_id=three.id, member_id=mallory.member.id, member=mallory.member)
    copy = sealed_key(like)
    outside(
        "INSERT INTO membership (id, site_id, member_id, joined_on, sealed_key)"
        " SELECT :id, site_id, :member, joined_on, :copy FROM membership"
        " WHERE member_id = (SELECT id FROM member WHERE handle = 'Rosa')",
        given("id", mallory.member.id, sa.Uuid()),
        given("member", mallory.member.id, sa.Uuid()),
        given("copy", copy, sa.LargeBinary()),
    )
    return mallory


def test_a_place_that_was_inserted_is_none(three, rosa, outside):
    mallory = inserted(three, outside, lambda _: b"")
    cannot_open(mallory, three)
    assert comes(rosa, three, rotates=True) is Visit.IN
    assert told(rosa, three, Deed.NOT_KNOWN) == ["Mallory"]
    cannot_open(mallory, three)
    with rosa.inside(three):
        assert mallory.member.id.hex not in register.standing_of(three).people


@ON_SQLITE
def test_a_place_that_was_inserted_with_a_key_of_its_own_is_none_either(three, rosa, outside):
    def made_up(place: Membership) -> bytes:
        return keys.seal_to(place.member.public_key, keys.new_site_key(), place._context())

    mallory = inserted(three, outside, made_up)
    with mallory.inside(three):
        assert consequences.standing_of(mallory.at(three)) is Visit.OUT
        assert consequences.visit(mallory.at(three)) is Visit.OUT
        assert not site_keys.rotate_if_due(three, keys.current.get())
        db.session.rollback()
    assert comes(rosa, three) is Visit.IN


def test_a_place_that_was_deleted_is_told_and_the_key_changes(three, rosa, bill, clara, outside, later):
    old = current_key(rosa, three)
    outside("DELETE FROM membership WHERE member_id = :member", given("member", bill.member.id, sa.Uuid()))
    assert comes(rosa, three) is Visit.IN
    assert told(rosa, three, Deed.PLACE_MISSING) == ["Bill"]
    assert current_key(clara, three) != old, "whoever has no place any more has had the key"
    with rosa.inside(three):
        assert register.standing_of(three).people[bill.member.id.hex].is_locked, "so that nobody gains by it"
    later(days=14.1)
    comes(rosa, three)
    with rosa.inside(three):
        assert bill.member.id.hex not in register.standing_of(three).people


def test_who_deletes_the_places_of_those_who_decide_gives_a_newcomer_no_say(three, rosa, clara, join, outside):
    dora = Person("Dora")
    join(dora, by=clara, decides=False)
    outside("DELETE FROM membership WHERE member_id <> :member", given("member", dora.member.id, sa.Uuid()))
    comes(dora, three)
    with dora.inside(three), not_allowed(Why.DOES_NOT_DECIDE):
        consequences.ask(dora.at(three), Matter.EXPORT)


def locks(outside: OutsideChange, person: Person, on: datetime.date | None) -> None:
    outside(
        "UPDATE membership SET locked_on = :day WHERE member_id = :member",
        given("day", on, sa.Date()),
        given("member", person.member.id, sa.Uuid()),
    )


@pytest.mark.parametrize("days", [0, 30_000, -1_000])
def test_who_was_locked_in_the_database_alone_is_let_in_within_two_weeks(three, rosa, bill, outside, later, days):
    locks(outside, bill, today() + datetime.timedelta(days=days))
    comes(rosa, three)
    assert told(rosa, three, Deed.LOCKED_AGAIN) == ["Bill"]
    later(days=14, hours=1)
    comes(rosa, three)
    assert told(rosa, three, Deed.LET_IN) == ["Bill"]
    assert current_key(bill, three) == current_key(rosa, three)


def locked_out(three: Site, rosa: Person, bill: Person, clara: Person) -> None:
    for person in (rosa, clara):
        with person.inside(three):
            consequences.ask(person.at(three), Matter.REMOVAL, bill.member.id.hex)
            db.session.commit()


def test_who_is_locked_out_is_not_let_in_by_the_database(three, rosa, bill, clara, outside):
    copy = bytes(bill.at(three).sealed_key)
    locked_out(three, rosa, bill, clara)
    outside(
        "UPDATE membership SET locked_on = NULL, sealed_key = :copy WHERE member_id = :member",
        given("copy", copy, sa.LargeBinary()),
        given("member", bill.member.id, sa.Uuid()),
    )
    with bill.inside(three):  # the key was not changed yet: nobody has come since
        assert consequences.standing_of(bill.at(three)) is Visit.OUT
    assert comes(bill, three) is Visit.OUT, "and his own coming changes the key, which he does not get"
    assert bill.member.membership_at(three.id) is None
    assert comes(rosa, three) is Visit.IN
    assert bytes(Membership.of(bill.member, three.id).sealed_key) == b""


# The register and its mark


def older(three: Site, rosa: Person, table: str, column: str, home: Database) -> bytes:
    """What stood there, before something was written that makes it different."""
    db.session.commit()
    with home.engine().begin() as connection:
        (before,) = connection.execute(sa.text(f"SELECT {column} FROM {table}")).one()  # noqa: S608
    with rosa.inside(three):
        consequences.ask(rosa.at(three), Matter.EXPORT)
        db.session.commit()
    return bytes(before)


@pytest.mark.parametrize(("table", "column"), [("register", "roll"), ("register_mark", "mark")])
@pytest.mark.parametrize("how", ["deleted", "set back", "set back far", "spoilt"])
def test_one_of_the_two_changed_alone_is_noticed(three, rosa, bill, clara, outside, home, table, column, how):
    before = older(three, rosa, table, column, home)
    with rosa.inside(three):
        invitation, secret = bringing_in.invite(rosa.at(three))
        db.session.flush()
        bringing_in.confirm(clara.at(three), invitation.id)
        db.session.commit()
    if how == "set back far":  # and the key that it was under is gone
        until_former_keys_are_gone(rosa, three)
    if how == "deleted":
        outside(f"DELETE FROM {table}")  # noqa: S608
    else:
        outside(
            f"UPDATE {table} SET {column} = :value",  # noqa: S608
            given("value", before[:-1] + b"!" if how == "spoilt" else before, sa.LargeBinary()),
        )
    copies = {place.id: bytes(place.sealed_key) for place in Membership.at(three)}
    generation = three.generation
    for person in (rosa, bill):
        assert comes(person, three, rotates=True) is Visit.IN, "pages work"
    with rosa.inside(three):
        me = rosa.at(three)
        assert not register.is_sound(three)
        for deed in (
            lambda: bringing_in.invite(me),
            lambda: consequences.ask(me, Matter.REMOVAL, bill.member.id.hex),
            lambda: register.standing_of(three),
        ):
            with not_allowed(Why.REGISTER_BROKEN):
                deed()
        db.session.rollback()
        assert Event.at(three.id)
        assert (consequences.is_due(me), consequences.standing_of(me)) == (False, Visit.IN)
    if how != "set back far":  # then the change of the key had voided it
        assert bringing_in.found(secret) is None, "nobody joins"
    assert {place.id: bytes(place.sealed_key) for place in Membership.at(three)} == copies, "nobody is given a key"
    assert three.generation == generation, "which stays as it is"


# A site of an older release


def of_an_older_release(three: Site, rosa: Person, outside: OutsideChange) -> dict[object, bytes]:
    """The Depot as it was before there were registers; its copies of the key."""
    key = current_key(rosa, three)
    outside("DELETE FROM register")
    outside("DELETE FROM register_mark")
    for place in Membership.at(three):
        place.sealed_key = keys.seal_to(place.member.public_key, key, place._context(registered=False))
    db.session.commit()
    return {place.id: bytes(place.sealed_key) for place in Membership.at(three)}


def test_a_register_is_begun_when_a_member_comes_and_all_are_asked_to_check_it(three, rosa, bill, clara, outside, home):
    old = current_key(rosa, three)
    of_an_older_release(three, rosa, outside)
    long_ago = given("day", today() - datetime.timedelta(days=7), sa.Date())
    outside(
        "UPDATE membership SET joined_on = :day WHERE member_id <> :clara",
        long_ago,
        given("clara", clara.member.id, sa.Uuid()),
    )
    with clara.inside(three):
        assert consequences.is_due(clara.at(three))
        assert not register.is_there(three)
    assert comes(clara, three) is Visit.IN
    assert told(rosa, three, Deed.REGISTER_BEGUN) == [""]
    for person in (rosa, bill, clara):
        assert current_key(person, three) != old
        assert person.at(three).open_key(person.private)[1]
        with person.inside(three):
            standing = register.standing_of(three)
            assert standing.to_check()
            assert standing.decides(person.member.id.hex) == (person is not clara), "who has been here for a week"


@ON_SQLITE
def test_older_copies_of_the_key_do_not_make_it_one_without_a_register(three, rosa, bill, outside):
    copies = of_an_older_release(three, rosa, outside)
    until_former_keys_are_gone(rosa, three)
    for id_, copy in copies.items():
        outside(
            "UPDATE membership SET sealed_key = :copy WHERE id = :id",
            given("copy", copy, sa.LargeBinary()),
            given("id", id_, sa.Uuid()),
        )
    with rosa.inside(three):
        assert not keys.current.get().is_registered(three.id)
        with not_allowed(Why.REGISTER_BROKEN):
            register.roll_of(three)
        assert consequences.visit(rosa.at(three)) is Visit.OUT, "that is not the key of this site"


def test_an_older_key_and_generation_put_back_do_not_begin_a_register_anew(three, rosa, clara, outside):
    """Whoever had the key before it changed would read on, and the database would say who is in."""
    copies, generation = of_an_older_release(three, rosa, outside), three.generation
    comes(clara, three)
    until_former_keys_are_gone(rosa, three)
    for id_, copy in copies.items():
        place = given("copy", copy, sa.LargeBinary()), given("id", id_, sa.Uuid())
        outside("UPDATE membership SET sealed_key = :copy WHERE id = :id", *place)
    outside("DELETE FROM register")
    outside("DELETE FROM register_mark")
    outside("UPDATE site SET generation = :generation", given("generation", generation))
    with rosa.inside(three):
        assert not keys.current.get().is_registered(three.id)
        with not_allowed(Why.REGISTER_BROKEN):
            register.roll_of(three)


def test_a_register_that_is_deleted_while_somebody_writes_is_broken(three, rosa, outside):
    """They have read it, and hold the site; then it is gone."""
    with rosa.inside(three):
        read = register._rows(three)
        assert all(read)
        db.session.execute(sa.delete(register.Register), execution_options={"synchronize_session": False})
        with not_allowed(Why.REGISTER_BROKEN), consequences.changing(three):
            pass
        db.session.rollback()
