"""What a site told and took back: no restore brings it back."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import func, select

from bulletin.backup import departures, making
from bulletin.db import db, today
from bulletin.domain.network import sharing, weeks
from bulletin.domain.network.answering import known, mandates
from bulletin.domain.network.answering.answers import Answer
from bulletin.domain.network.answering.matters import AskedPut, KnownPut, Matter, TogetherPut
from bulletin.domain.network.sharing import Shared, Sharing
from bulletin.domain.network.told import DeedTold, Told
from bulletin.domain.network.week_told import DoneTold, WeekTold
from bulletin.domain.portability import leaving
from bulletin.domain.site import departing
from bulletin.domain.site.accounts.asked import AskedAccount
from bulletin.domain.site.accounts.members import Member
from bulletin.vault import tenancy
from bulletin.vault.readers import Audience, Reader
from tests.domain.conftest import Person
from tests.homes import ON_BOTH, ON_SQLITE

from .test_restoring import again, copy, full, restored, site  # noqa: F401


def tell(place, words: str, said: WeekTold | None = None) -> uuid.UUID:
    told = Told.tell(place.id, uuid.uuid4(), said or DeedTold(outcome=words), Audience.SITES, today())
    db.session.add(Sharing(site=place, id=told.id, what=Shared(by="Rosa")))
    db.session.commit()
    return told.id


def told() -> list[str]:
    tenancy.read_as(db.session, Reader.MEMBER)
    words = [getattr(one.said, "outcome", "") or one.said.sentence for one in db.session.scalars(select(Told))]
    tenancy.read_as(db.session, Reader.NOBODY)
    return sorted(words)


@ON_BOTH
def test_what_was_taken_back_does_not_come_back_and_the_rest_does(full, house, key, copy, rosa, bill):  # noqa: F811
    depot, mill = full
    with rosa.inside(depot):
        gone = tell(depot, "Taken back.")
        tell(depot, "The rota is back.")
    with bill.inside(mill):
        tell(mill, "Of the Mill.")
    db.session.remove()
    making.make(house, copy)
    with again(rosa).inside(site("Depot")):
        assert sharing.take_back(site("Depot").id, gone)
        db.session.commit()
        assert told() == ["Of the Mill.", "The rota is back."]
    assert list(departures.log_of(house)) == [("told", gone, site("Depot").id)]
    db.session.remove()
    said = restored(house, copy, key)
    assert "Gone again, because they had gone since: 1 thing that was told." in said
    assert told() == ["Of the Mill.", "The rota is back."]
    with again(rosa).inside(site("Depot")):
        assert db.session.scalar(select(func.count()).select_from(Sharing)) == 1
    assert departures.count_returned(house) == 0


@ON_SQLITE
def test_a_week_stays_gone_and_one_that_stands_names_nothing_that_is_gone(full, house, key, copy, rosa):  # noqa: F811
    depot, _mill = full
    with rosa.inside(depot):
        deed = tell(depot, "Taken back.")
        gone = tell(depot, "", WeekTold(sentence="Last week."))
        tell(depot, "", WeekTold(sentence="This week.", done=(DoneTold(told=deed.hex),)))
        assert set(weeks.pointed_to(one.said for one in Told.own_weeks(depot.id))) == {deed.hex}
    db.session.remove()
    making.make(house, copy)
    with again(rosa).inside(site("Depot")):
        for one in (deed, gone):
            sharing.take_back(site("Depot").id, one)
        db.session.commit()
    db.session.remove()
    restored(house, copy, key)
    assert told() == ["This week."]
    with again(rosa).inside(site("Depot")):
        assert weeks.pointed_to(one.said for one in Told.own_weeks(site("Depot").id)) == {}


def test_what_a_site_told_goes_with_it(full, house, bill, rosa):  # noqa: F811
    depot, mill = full
    with rosa.inside(depot):
        tell(depot, "The rota is back.")
    with bill.inside(mill):
        tell(mill, "Of the Mill.")
        leaving.leave(bill.at(mill))
        db.session.commit()
    assert told() == ["The rota is back."]
    assert "told" not in {kind for kind, *_ in departures.log_of(house)}, "its site's row says enough"


def test_what_was_asked_and_answered_and_taken_back_stays_so_and_who_was_out_stays_out(
    full,  # noqa: F811
    house,
    key,
    copy,  # noqa: F811
    rosa,
    bill,
):
    depot, mill = full
    said = TogetherPut(what="Stickers", why="The rota.", day=today().isoformat())
    with rosa.inside(depot):
        gone = Matter.put(depot.id, uuid.uuid4(), said, 0, today()).id
        kept = Matter.put(depot.id, uuid.uuid4(), said, 0, today()).id
        db.session.commit()
    with bill.inside(mill):
        tenancy.read_as(db.session, Reader.DECIDER)
        Answer.give(mill.id, Matter.of(kept), yes=True)
        known_by = Matter.put(mill.id, uuid.uuid4(), KnownPut(who="The Mill"), 0, None).id
        db.session.commit()
        tenancy.read_as(db.session, Reader.NOBODY)
    db.session.remove()
    making.make(house, copy)
    with again(rosa).inside(site("Depot")):
        db.session.delete(db.session.get_one(Matter, (site("Depot").id, gone)))
        known.go_out(site("Mill"))
        db.session.commit()
    with again(bill).inside(site("Mill")):
        Answer.take_back(site("Mill").id, kept)
        db.session.commit()
    db.session.remove()
    said_then = restored(house, copy, key)
    assert "Gone again, because they had gone since: 2 things that were told." in said_then
    assert site("Mill").in_since is None
    assert site("Depot").in_since is not None
    tenancy.read_as(db.session, Reader.DECIDER)
    assert {one.id for one in db.session.scalars(select(Matter))} == {kept}, "who is out asks anew"
    assert known_by not in {one.id for one in db.session.scalars(select(Matter))}
    assert db.session.scalars(select(Answer)).all() == []
    tenancy.read_as(db.session, Reader.NOBODY)
    assert departures.count_returned(house) == 0


@pytest.mark.parametrize("since", ["nothing", "a yes taken back", "and swept", "a new link answered"])
@ON_SQLITE
def test_whom_the_sites_asked_reads_after_a_restore_only_what_they_would_have_read_before(
    full,  # noqa: F811
    house,
    key,
    copy,  # noqa: F811
    rosa,
    bill,
    since,
):
    depot, mill = full
    with rosa.inside(depot):
        asked = Matter.put(depot.id, uuid.uuid4(), AskedPut(task="The list", name="Ines"), 2, today())
        Answer.give(depot.id, asked, yes=True)
        db.session.add(AskedAccount(member=Person("Ines").member, site_id=depot.id, matter_id=asked.id))
        matter_id = asked.id
        db.session.commit()
    with bill.inside(mill):
        tenancy.read_as(db.session, Reader.DECIDER)
        Answer.give(mill.id, Matter.of(matter_id), yes=True)
        db.session.commit()
        tenancy.read_as(db.session, Reader.NOBODY)
    db.session.remove()
    making.make(house, copy)
    if since in ("a yes taken back", "and swept"):
        with again(bill).inside(site("Mill")):
            Answer.take_back(site("Mill").id, matter_id)
            db.session.commit()
    if since == "and swept":
        mandates.end_over()
    if since == "a new link answered":
        departing.forget(Member.named("Ines"))
    db.session.commit()
    db.session.remove()
    restored(house, copy, key)
    ines = Member.named("Ines")
    assert (ines is None) == (since in ("and swept", "a new link answered"))
    assert (ines is not None and mandates.task_of(ines) is not None) == (since == "nothing")
    assert len(AskedAccount.every()) == (ines is not None)
    mandates.end_over()
    db.session.commit()
    assert (Member.named("Ines") is not None) == (since == "nothing")
    assert departures.count_returned(house) == 0
