"""What comes back after a restore, and what never does."""

from __future__ import annotations

import pathlib
import shutil
import uuid

import pytest
from flask import Flask
from sqlalchemy import select

from bulletin import db as database_module, migrations
from bulletin.backup import Refused, Why as Because, departures, envelope, making, restoring
from bulletin.db import db, now, owned_records
from bulletin.domain.portability import leaving, site_upkeep
from bulletin.domain.site import founding, site_keys
from bulletin.domain.site.accounts.browser_keys import BrowserKey
from bulletin.domain.site.accounts.devices import Device
from bulletin.domain.site.accounts.members import Member, Membership
from bulletin.domain.site.accounts.throttle import Throttle
from bulletin.domain.site.departures import NOWHERE
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.founding import FoundingCode, found_site
from bulletin.domain.site.governance import bringing_in, consequences, register
from bulletin.domain.site.governance.roll import Matter
from bulletin.domain.site.governance.standing import Standing
from bulletin.domain.site.invitations import Invitation
from bulletin.domain.site.sites import Network, Site
from bulletin.sentences import say
from bulletin.vault import keys, tenancy
from tests.domain.conftest import ABOUT
from tests.homes import ON_BOTH
from tests.refusals import refused

from .conftest import CANARY, Person


@pytest.fixture
def copy(tmp_path):
    return tmp_path / "elsewhere.age"


@pytest.fixture
def full(depot, rosa, bill, clara, join, key):
    """The Depot with Rosa, Bill and Clara in it, a Mill with Bill alone, sealed rows, a device, an open invitation."""
    join(bill)
    join(clara)
    mill, _ = found_site(depot.network, bill.member, name="Mill", **ABOUT)
    db.session.commit()
    for person, site in ((rosa, depot), (bill, mill)):
        with person.inside(site):
            for _ in range(3):
                Event.note(site, Deed.INVITED, by=person.handle, whom=CANARY)
            db.session.commit()
    Device.begin(rosa.member, rosa.private, shared=False)
    with rosa.inside(depot):
        bringing_in.invite(rosa.at(depot))
        db.session.commit()
    Throttle.at("Rosa", b"browser")
    BrowserKey.made()
    db.session.commit()
    return depot, mill


def back_up(house: Flask, copy: pathlib.Path) -> list[str]:
    db.session.remove()
    return [say(done) for done in making.make(house, copy)]


def restored(house: Flask, copy: pathlib.Path, key: pathlib.Path, log=None) -> list[str]:
    db.session.remove()
    return [say(done) for done in restoring.restore(house, copy, key, log, replace=True)]


def again(person: Person) -> Person:
    """The same person, with their words only, as after any restore."""
    member = Member.named(person.handle)
    assert member is not None
    person.member, person.private = member, keys.unlock(member.locked_key, person.words)
    return person


def site(name: str) -> Site:
    return db.session.scalars(select(Site).filter_by(name=name)).one()


def ask_removal(place: Site, of: Person, *by: Person) -> None:
    """Each of these wants somebody out; two of them lock that person out at once."""
    about = of.member.id.hex
    for person in by:
        with person.inside(place):
            consequences.ask(person.at(place), Matter.REMOVAL, about)
            db.session.commit()


def visit(place: Site, person: Person) -> Standing:
    """They open the site, and see to what is due; how it stands then."""
    with person.inside(place) as ring:
        site_upkeep.catch_up(person.at(place), ring)
        db.session.commit()
        return register.standing_of(place)


def sealed_words(place: Site) -> int:
    """How many of the rows that stood there can be read."""
    return [event.whom for event in Event.at(place.id)].count(CANARY)


def everything(record):
    return db.session.scalars(select(record)).all()


@ON_BOTH
def test_everybody_opens_everything_again_in_another_house(full, house, new_house, key, copy, rosa, bill):
    said = back_up(house, copy)
    assert "2 groups and 3 members" in said[0]
    assert copy.stat().st_mode & 0o777 == 0o600
    other = new_house("other")
    said = [say(done) for done in restoring.restore(other, copy, key)]
    assert "2 groups, 3 members" in said[0]
    assert "No log of departures" in said[-1]
    with other.app_context():
        for person, name in ((rosa, "Depot"), (bill, "Mill")):
            place = site(name)
            with again(person).inside(place) as ring:
                assert sealed_words(place) == 3
                assert site_keys.rotate_if_due(place, ring), "it changes its key first"
                while site_keys.reseal_some(place, ring):
                    db.session.commit()
                assert sealed_words(place) == 3
                db.session.commit()
        db.session.remove()


def test_from_a_file_to_postgresql_and_back(full, house, new_house, key, copy, postgresql, tmp_path, bill):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("begins in a file")
    back_up(house, copy)
    there = new_house("there", postgresql.new())
    restoring.restore(there, copy, key)
    for name in (envelope.RECIPIENT, envelope.SIGNING):
        shutil.copy(pathlib.Path(house.instance_path) / name, pathlib.Path(there.instance_path) / name)
    making.make(there, tmp_path / "second.age")
    restored(house, tmp_path / "second.age", key)
    mill = site("Mill")
    with again(bill).inside(mill):
        assert sealed_words(mill) == 3


def test_who_was_removed_since_stays_removed(full, house, key, copy, rosa, bill, clara, later):
    back_up(house, copy)
    depot = site("Depot")
    place = again(bill).at(depot).id
    ask_removal(depot, bill, again(rosa), again(clara))
    later(days=3)
    visit(depot, rosa)
    cookies_then = BrowserKey.made().secret
    db.session.rollback()
    said = restored(house, copy, key)
    assert "Gone again, because they had gone since: 1 place." in said
    assert db.session.get(Membership, place) is None
    assert [each.site.name for each in again(bill).member.memberships()] == ["Mill"], (
        "the other site is not the Depot's business"
    )
    assert {(each.rotation_due, each.restored) for each in everything(Site)} == {(True, True)}
    assert [everything(record) for record in (Device, Invitation, FoundingCode, Throttle)] == [[], [], [], []]
    assert cookies_then not in [one.secret for one in everything(BrowserKey)]
    depot = site("Depot")
    for person in (rosa, clara):
        with again(person).inside(depot) as ring:
            assert CANARY in {event.whom for event in Event.at(depot.id)}
            _, rotated = site_upkeep.catch_up(person.at(depot), ring)
            assert rotated == (person is rosa)
            db.session.commit()
    with rosa.inside(depot):
        free = {one.member for one in register.standing_of(depot).people.values() if not one.is_locked}
        assert free == {rosa.member.id.hex, clara.member.id.hex}
        told = [(event.deed, event.whom) for event in Event.at(depot.id)]
        assert {(Deed.RESTORED, ""), (Deed.PLACE_MISSING, "Bill"), (Deed.KEY_CHANGED, "")} <= set(told)


def test_who_was_locked_out_since_stays_locked_out_for_two_weeks_at_most(
    full,
    house,
    key,
    copy,
    rosa,
    bill,
    clara,
    later,
):
    back_up(house, copy)
    depot = site("Depot")
    again(bill)
    ask_removal(depot, bill, again(rosa), again(clara))
    assert "Locked out again, for two weeks at most: 1 member." in restored(house, copy, key)
    depot = site("Depot")
    assert again(bill).member.membership_at(depot.id) is None
    assert bytes(Membership.of(bill.member, depot.id).sealed_key) == b""
    standing = visit(depot, again(rosa))
    assert (standing.people[bill.member.id.hex].is_locked, standing.questions) == (True, {})
    with rosa.inside(depot):
        assert (Deed.LOCKED_AGAIN, "Bill") in {(event.deed, event.whom) for event in Event.at(depot.id)}
    db.session.commit()
    second = copy.with_name("second.age")
    back_up(house, second)
    later(days=14)
    depot = site("Depot")
    visit(depot, again(rosa))
    with again(bill).inside(depot) as ring:
        assert ring.generation(depot.id) == depot.generation
        assert CANARY in {event.whom for event in Event.at(depot.id)}
    assert not any("Locked" in sentence for sentence in restored(house, second, key))
    depot = site("Depot")
    assert again(bill).member.membership_at(depot.id) is None, "nobody can give him the key before somebody comes"
    visit(depot, again(rosa))
    assert again(bill).member.membership_at(depot.id) is not None, "who was let in since is in"


def test_a_site_that_was_deleted_and_its_last_member_stay_gone(full, house, key, copy, bill, clara, rosa):
    back_up(house, copy)
    mill_id = site("Mill").id
    for name in ("Mill", "Depot"):
        with again(bill).inside(site(name)):
            leaving.leave(bill.at(site(name)))
            db.session.commit()
    assert Member.named("Bill") is None
    said = restored(house, copy, key)
    assert Member.named("Bill") is None
    assert [each.name for each in everything(Site)] == ["Depot"]
    assert "1 group, 1 place, 1 account" in said[1]
    tenancy.bind(db.session, mill_id)
    assert everything(Event) == []


@pytest.mark.parametrize("elsewhere", [False, True], ids=["only there", "in another site too"])
def test_a_site_whose_people_have_all_gone_since_is_not_brought_back(depot, rosa, join, house, key, copy, elsewhere):
    depot_id, later = depot.id, copy.with_name("later.age")
    if elsewhere:
        found_site(depot.network, rosa.member, name="Mill", **ABOUT)
    with rosa.inside(depot):
        Event.note(depot, Deed.INVITED, by="Rosa", whom=CANARY)
        db.session.commit()
    back_up(house, copy)
    db.session.add_all((depot, rosa.member))
    bill = Person("Bill")
    join(bill)
    with rosa.inside(depot):
        leaving.leave(rosa.at(depot))
        db.session.commit()
    back_up(house, later)

    said = restored(house, copy, key)
    assert said[1] == f"Gone again, because they had gone since: 1 place{'' if elsewhere else ', 1 account'}."
    assert said[2] == "Not brought back, because all who could open it then have gone since: 1 group."
    assert [each.name for each in everything(Site)] == (["Mill"] if elsewhere else [])
    assert [each.handle for each in everything(Member)] == (["Rosa"] if elsewhere else [])
    assert [each.site.name for each in everything(Membership)] == (["Mill"] if elsewhere else [])
    if elsewhere:
        assert again(rosa).member.membership_at(depot_id) is None
    tenancy.bind(db.session, depot_id)
    assert [everything(record) for record in owned_records()] == [[]] * len(owned_records())
    tenancy.unbind(db.session)

    restored(house, later, key)
    with again(bill).inside(site("Depot")):
        assert CANARY in {event.whom for event in Event.at(depot_id)}, "it has not gone: a later backup brings it back"
    assert Membership.of(again(rosa).member, depot_id) is None if elsewhere else Member.named("Rosa") is None


def test_who_is_locked_out_does_not_bring_back_a_site_alone(full, house, key, copy, rosa, bill, clara, join):
    depot, _ = full
    ask_removal(depot, rosa, bill, clara)
    back_up(house, copy)
    depot = site("Depot")
    for person in (bill, clara):
        with again(person).inside(depot):
            leaving.leave(person.at(depot))
            db.session.commit()
    assert again(rosa).member.membership_at(depot.id) is not None, "where nobody is free, locks end"
    assert "Not brought back" in restored(house, copy, key)[2]
    assert [each.name for each in everything(Site)] == ["Mill"]
    assert [each.handle for each in everything(Member)] == ["Bill"], "an account without a site is no account"


def test_what_was_asked_is_asked_no_more_but_for_a_lock_and_who_is_new(full, house, key, copy, rosa, bill, clara, join):
    """What was stopped since, or passed and was used, cannot be told from what was not."""
    depot, _ = full
    dora = Person("Dora")
    join(dora, by=bill, decides=False)
    dora_id, bill_id = dora.member.id.hex, bill.member.id.hex
    for person, matter, about in ((rosa, Matter.EXPORT, ""), (bill, Matter.NUMBER, "1")):
        with person.inside(depot):
            consequences.ask(person.at(depot), matter, about)
            db.session.commit()
    with rosa.inside(depot):
        bringing_in.invite(rosa.at(depot))
        db.session.commit()
    with clara.inside(depot):
        consequences.ask(clara.at(depot), Matter.REMOVAL, bill_id)
        db.session.commit()
    back_up(house, copy)
    restored(house, copy, key)
    depot = site("Depot")
    standing = visit(depot, again(rosa))
    asked = {(one.matter, one.about) for one in standing.questions.values()}
    assert asked == {(Matter.NEWCOMER, dora_id), (Matter.REMOVAL, bill_id)}
    assert (standing.invited, standing.to_check(), site("Depot").restored) == ({}, True, False)
    assert not standing.people[bill_id].is_locked


def test_what_a_former_member_asked_for_is_not_asked_for_again(full, house, key, copy, rosa, bill, clara):
    depot, mill = full
    with bill.inside(mill):
        founding.admit(mill, clara.member)  # so that her account stays when her place at the Depot goes
        db.session.commit()
    ask_removal(depot, bill, clara)
    back_up(house, copy)
    depot, clara_id = site("Depot"), again(clara).member.id.hex
    with clara.inside(depot):
        leaving.leave(clara.at(depot))
        db.session.commit()
    restored(house, copy, key)
    depot = site("Depot")
    standing = visit(depot, again(rosa))
    assert (standing.questions, standing.people[clara_id].is_locked) == ({}, True), "nobody gains by her place, either"
    ask_removal(depot, again(bill), rosa)
    assert bill.member.membership_at(depot.id) is not None, "she is not the second"


def test_what_the_log_forgot_a_later_backup_knows(full, house, new_house, key, copy, tmp_path, bill, database):
    back_up(house, copy)
    depot = site("Depot")
    with again(bill).inside(depot):
        leaving.leave(bill.at(depot))
        db.session.commit()
    later = tmp_path / "later.age"
    back_up(house, later)
    saved = tmp_path / "saved.log"  # by a release before
    saved.write_text("".join(f"2026-05-12 gone {kind} {id_}\n" for kind, id_, _ in departures.log_of(house)))
    with refused(Refused, Because.UNSIGNED_LOG, file=str(saved)):
        restoring.restore(new_house("nobody"), copy, key, saved)
    for number, log in enumerate((later, saved)):
        other, asked = new_house(f"other{number}"), []
        done = restoring.restore(other, copy, key, log, unsigned=log is saved, ask=asked.extend)
        assert "1 place" in say(done[1])
        assert "gone by the log that was given: 1 place" in say(asked[-1]), "before anything is touched"
        assert departures.log_of(other) == departures.log_of(house), "and the new house knows it too"


def test_who_has_gone_from_the_database_before_stays_gone_in_another(full, house, new_house, key, copy, rosa, bill):
    """A move from one database to another, with a backup that is a day old."""
    depot, _ = full
    place, lock = bill.at(depot).id, rosa.at(depot).id
    back_up(house, copy)
    db.session.get(Membership, place).end()
    db.session.get(Membership, lock).lock_out()
    db.session.commit()
    db.session.remove()
    other = new_house("other")
    restoring.restore(other, copy, key, moved_from=house)
    assert departures.log_of(other) == departures.log_of(house)
    with other.app_context():
        assert db.session.get(Membership, place) is None
        assert db.session.get(Membership, lock).locked


@ON_BOTH
def test_who_goes_while_a_backup_is_brought_home_stays_gone(full, house, key, copy, bill, monkeypatch):
    """Everything was looked through, and then somebody went: the restore ends, and is done once more."""
    back_up(house, copy)
    place, real = Membership.of(again(bill).member, site("Depot").id).id, restoring.make_safe

    def meanwhile(aside, standing):
        made_safe = real(aside, standing)
        with house.app_context():
            db.session.get(Membership, place).end()
            db.session.commit()
            db.session.remove()
        return made_safe

    monkeypatch.setattr(restoring, "make_safe", meanwhile)
    with refused(Refused, Because.GONE_MEANWHILE):
        restored(house, copy, key)
    monkeypatch.undo()
    assert "1 place" in restored(house, copy, key)[1]
    assert db.session.get(Membership, place) is None


@ON_BOTH
def test_a_house_with_a_network_is_not_overwritten_unasked(full, house, key, copy):
    back_up(house, copy)
    with refused(Refused, Because.NETWORK_HERE):
        restoring.restore(house, copy, key)


def spoilt(whole: bytes) -> dict[str, bytes]:
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    head = whole[:60] + bytes([whole[60] ^ 1]) + whole[61:]
    return {
        "cut off": whole[:-1],
        "half of it": whole[:middle],
        "a byte changed": flipped,
        "a byte of the head changed": head,
        "more after the end": whole + b"!",
        "nothing": b"",
        "something else": b"PK\3\4" * 200,
        "only the beginning": whole[:30],
    }


def test_a_spoilt_backup_is_refused_and_nothing_is_touched(full, house, key, copy, tmp_path):
    back_up(house, copy)
    before = [(each.id, each.rotation_due) for each in everything(Site)]
    devices = len(everything(Device))
    for bytes_ in spoilt(copy.read_bytes()).values():
        bad = tmp_path / "bad.age"
        bad.write_bytes(bytes_)
        with pytest.raises(Refused) as spoilt_one:
            restored(house, bad, key)
        # Nothing of it is opened: then it is somebody else's backup, as far as anybody can tell.
        assert spoilt_one.value.code in (Because.NO_BACKUP, Because.OTHER_MAKER)
        assert spoilt_one.value.values == {"file": str(bad)}
        assert str(bad) in say(spoilt_one.value)
        assert say(spoilt_one.value).endswith(".")
    other = tmp_path / "other-key.txt"
    other.write_text(envelope.new_key(tmp_path))
    with refused(Refused, Because.OTHER_MAKER, file=str(copy)):
        restored(house, copy, other)
    other.write_text(other.read_text().splitlines()[0] + "\n" + key.read_text().splitlines()[-1])
    with refused(Refused, Because.OTHER_KEY, file=str(copy)):
        restored(house, copy, other)
    with refused(Refused, Because.NO_KEY, file=str(copy), begins="AGE-SECRET-KEY-"):
        restored(house, copy, copy)
    assert [(each.id, each.rotation_due) for each in everything(Site)] == before
    assert len(everything(Device)) == devices
    assert list(pathlib.Path(house.instance_path).glob(".*")) == []


def forged(house, key, target, change):
    """A backup sealed and signed with the right keys, whose rows do not hold together."""
    from bulletin.backup import archive, rows

    with making.one_moment(house) as connection:
        header = archive.Header(now(), making.revision(connection), {t.name: rows.kinds(t) for t in rows.tables()})
        header, all_rows = change(header, list(rows.read(connection)))
        instance = pathlib.Path(house.instance_path)
        signed_by = envelope.signing_key(instance)
        envelope.seal(target, envelope.recipients(instance), archive.packed(header, all_rows), signed_by)


@ON_BOTH
def test_rows_that_do_not_hold_together_are_refused(full, house, key, copy, tmp_path):
    import dataclasses

    def without_members(header, all_rows):
        return header, [row for row in all_rows if row[0] != "member"]

    def twice(header, all_rows):
        return header, all_rows + [row for row in all_rows if row[0] == "site"]

    def newer(header, all_rows):
        return dataclasses.replace(header, revision="ffffffffffff"), all_rows

    def other_columns(header, all_rows):
        return dataclasses.replace(header, columns={**header.columns, "secrets": {"id": "uuid"}}), all_rows

    db.session.remove()
    for change in (without_members, twice, newer, other_columns):
        forged(house, key, copy, change)
        with pytest.raises(Refused):
            restored(house, copy, key)
    assert len(everything(Site)) == 2
    assert list(pathlib.Path(house.instance_path).glob(".*")) == []


def _made_again(house, key, copy, target, signed_by):
    pieces = []
    envelope.unseal(copy, envelope.key_file(key), pieces.append)
    envelope.seal(target, envelope.recipients(pathlib.Path(house.instance_path)), iter(pieces), signed_by)
    return target


@pytest.mark.parametrize("as_log", [False, True], ids=["itself", "as a log"])
def test_a_backup_that_somebody_else_made_is_refused(full, house, key, copy, tmp_path, as_log):
    """Whoever knows the recipient, which is no secret, could make one whose people are their own."""
    back_up(house, copy)
    theirs = _made_again(house, key, copy, tmp_path / "theirs.age", keys.new_signing_key()[0])
    unsigned = _made_again(house, key, copy, tmp_path / "unsigned.age", None)
    glued = tmp_path / "glued.age"  # our signature, before a file of theirs
    head = len(envelope.SIGNED) + keys.SIGNATURE_BYTES
    glued.write_bytes(copy.read_bytes()[:head] + unsigned.read_bytes())
    for file, why in ((theirs, Because.OTHER_MAKER), (glued, Because.OTHER_MAKER), (unsigned, Because.UNSIGNED)):
        with pytest.raises(Refused) as refusal:
            restored(house, copy, key, file) if as_log else restored(house, file, key)
        assert refusal.value.code is why
    db.session.remove()
    with refused(Refused, Because.OTHER_MAKER, file=str(theirs)):
        restoring.restore(house, theirs, key, replace=True, unsigned=True)
    assert len(everything(Device)) == 1, "nothing was touched"


def test_what_is_in_it_is_said_before_anything_is_replaced(full, house, key, copy, tmp_path):
    back_up(house, copy)
    _made_again(house, key, copy, tmp_path / "unsigned.age", None)
    alone = tmp_path / "alone.txt"  # as releases before gave it out
    alone.write_text(next(line for line in key.read_text().splitlines() if line.startswith(envelope.KEY)))
    with refused(Refused, Because.NO_MAKER, file=str(copy), begins=envelope.MAKER):
        restored(house, copy, alone)
    heard = []

    def hear(told):
        heard.append([say(one) for one in told])
        raise Refused(Because.NETWORK_HERE)

    for file, with_ in ((copy, key), (tmp_path / "unsigned.age", key), (copy, alone)):
        db.session.remove()
        with pytest.raises(Refused):
            restoring.restore(house, file, with_, replace=True, unsigned=with_ is alone or file != copy, ask=hear)
    assert all("2 groups, 3 members" in told[0] and "2 groups and 3 members" in told[-1] for told in heard)
    assert ["Nothing shows who made it" in told[1] for told in heard] == [False, True, True]
    assert len(everything(Device)) == 1, "nothing was touched"


@ON_BOTH
def test_a_crash_while_rows_go_home_leaves_what_was(full, house, key, copy, monkeypatch):
    back_up(house, copy)
    monkeypatch.setattr(
        restoring.rows, "counts", lambda connection: {connection.dialect.name: id(connection), "site": 0}
    )
    with pytest.raises(RuntimeError):
        restored(house, copy, key)
    monkeypatch.undo()
    assert len(everything(Device)) == 1


@ON_BOTH
def test_rows_come_back_as_they_were_to_the_last_byte(full, house, new_house, key, copy):
    from bulletin.backup import rows

    back_up(house, copy)
    other = new_house("other")
    restoring.restore(other, copy, key)

    def all_of(app):
        with making.one_moment(app) as connection:
            marked = {"rotation_due": None, "restored": None}
            rows_ = [(table, {**values, **marked}) for table, values in rows.read(connection)]
        return sorted(map(repr, rows_))

    assert all_of(house) == all_of(other)


LATER = """
revision, down_revision, branch_labels, depends_on = "ffff00000001", "{head}", None, None


def upgrade():
    from alembic import op
    op.execute("UPDATE member SET handle = handle || ' the elder'")
"""


def test_an_old_backup_goes_through_the_migrations_made_since(full, house, new_house, key, copy, tmp_path):
    back_up(house, copy)
    later = tmp_path / "later"
    shutil.copytree(database_module.MIGRATIONS, later, ignore=shutil.ignore_patterns("__pycache__"))
    head = making.scripts(house).get_current_head()
    (later / "versions" / "later.py").write_text(LATER.format(head=head))
    other = new_house("other", migrations=later)
    restoring.restore(other, copy, key)
    with other.app_context():
        assert {member.handle for member in everything(Member)} == {
            f"{name} the elder" for name in ("Rosa", "Bill", "Clara")
        }
        db.session.remove()
    with refused(Refused, Because.WAITS_FOR_UPDATE):
        making.make(open_house(house), tmp_path / "too-early.age")


def test_a_database_of_a_later_program_is_left_alone(full, house, database, key, copy):
    back_up(house, copy)
    engine = database.engine(database.owner_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'ffffffffffff'")
    for deed in (
        lambda: restored(house, copy, key),
        lambda: back_up(house, copy),
        lambda: migrations.migrate(house),
    ):
        with refused(database_module.NewerDatabase, database_module.Unusable.NEWER):
            deed()
    assert len(everything(Device)) == 1
    assert list(pathlib.Path(house.instance_path).glob(".*")) == []


def open_house(house):
    """The same installation, after an update of the program and before its first start."""
    app = Flask("bulletin", instance_path=house.instance_path)
    app.config.update({name: house.config.get(name) for name in ("DATABASE_URL", "DATABASE_OWNER_URL")})
    database_module.attach(app)
    return app


def test_a_stranger_finds_no_place_for_an_id_that_is_not_there(full, house, key, copy):
    """A log may name what this backup never had."""
    with database_module.owners_engine(house).begin() as connection:
        departures.put(connection, {(kind, uuid.uuid4(), NOWHERE): 1 for kind in ("site", "place", "member")})
    back_up(house, copy)
    assert not any("Gone again" in sentence for sentence in restored(house, copy, key))
    assert Network.here() is not None
