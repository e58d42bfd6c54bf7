"""Something for us to answer: put by a site and answered by each, by its own rule of agreement."""

from __future__ import annotations

import dataclasses
import uuid

import pytest
from sqlalchemy import select

from bulletin.db import db, today
from bulletin.domain.network import inside
from bulletin.domain.network.answering import agreeing, known, mandates, together
from bulletin.domain.network.answering.agreeing import Intent, Says
from bulletin.domain.network.answering.answers import Again, Answer, count
from bulletin.domain.network.answering.becoming_counts import become_counts
from bulletin.domain.network.answering.matters import AskedPut, Matter, TogetherPut
from bulletin.domain.network.refusals import Why
from bulletin.domain.site.departures import SITE, Departure
from bulletin.domain.site.governance import consequences
from bulletin.domain.site.governance.register import keep, roll_of
from bulletin.domain.site.refusals import Why as WhyAtSite
from tests.domain.network.sites import A_DAY, Sites
from tests.homes import ON_SQLITE
from tests.refusals import not_allowed

pytestmark = ON_SQLITE


@pytest.fixture
def few(session):
    """Three sites, which need nobody; and the Port, founded fourth."""
    sites = Sites()
    sites.found("Depot", "Mill", "Ward", "Port")
    return sites


def counted(sites, name, matter_id):
    with sites.at(name):
        matter = Matter.of(matter_id)
        return count(matter, Answer.to([matter])[matter_id])


# We know them


def test_the_first_three_need_nobody_and_the_fourth_two_who_know_it(few):
    assert few.is_in("Depot", "Mill", "Ward")
    assert not few.is_in("Port")
    asked = few.asks_in("Port")
    few.says("Depot", asked)
    assert not few.is_in("Port")
    few.says("Mill", asked)
    assert few.is_in("Port")
    with few.at("Ward"):
        knows = {one.site.name: {site.name for site in one.by} for one in known.who_knows(known.everyone())}
    assert knows == {"Depot": set(), "Mill": set(), "Ward": set(), "Port": {"Depot", "Mill"}}


def test_one_member_does_not_speak_for_a_site(few):
    asked = few.asks_in("Port")
    for site in ("Depot", "Mill", "Ward"):
        with few.at(site) as me:
            for _ in range(3):
                agreeing.say(me, Matter.of(asked), Says.YES)
    assert not few.is_in("Port")


def test_a_site_of_one_knows_nobody(session):
    sites = Sites()
    sites.found("Depot", "Mill", "Ward", "Port", deciders=1)
    asked = sites.asks_in("Port")
    for site in ("Depot", "Mill", "Ward"):
        sites.says(site, asked)
    assert not sites.is_in("Port")


def test_who_is_new_in_a_site_says_nothing_in_its_name(few):
    asked = few.asks_in("Port")
    with few.at("Depot") as me:
        roll = roll_of(me.site)
        people = (dataclasses.replace(one, decides=one.member == me.member_id.hex) for one in roll.people)
        keep(me.site, dataclasses.replace(roll, people=tuple(people)))
    with few.at("Depot", 1) as me, not_allowed(WhyAtSite.DOES_NOT_DECIDE):
        agreeing.say(me, Matter.of(asked), Says.YES)


def test_taken_back_it_is_out_at_once_unless_another_stands_and_whom_it_spoke_for_stays(few):
    port = few.brings_in("Port", "Depot", "Mill")
    few.found("Yard")
    few.brings_in("Yard", "Port", "Ward")
    assert few.is_in("Port", "Yard")
    few.says("Ward", port)
    few.says("Mill", port, Says.NOTHING)
    assert few.is_in("Port"), "two stand"
    few.says("Depot", port, Says.NOTHING)
    assert not few.is_in("Port")
    assert few.is_in("Yard")
    with few.at("Ward"):
        assert not [one for one in Matter.standing() if one.site.name == "Port" and one.kind != "known"]


def test_nothing_but_a_yes_taken_back_puts_a_site_out_whom_somebody_spoke_for_that_has_gone(few):
    port = few.brings_in("Port", "Depot", "Mill")
    few.leaves("Mill")
    few.says("Ward", port, Says.NO)
    assert few.is_in("Port")


def test_no_site_puts_another_out_by_a_yes_and_a_no(few):
    """The Mill, which brought the Port in, has gone; the Ward, which did not, says yes and takes it back."""
    asked = few.brings_in("Port", "Depot", "Mill")
    few.leaves("Mill")
    for said in (Says.NOTHING, Says.NO):
        few.says("Ward", asked)
        few.says("Ward", asked, said)
        assert few.is_in("Port"), said
    few.says("Depot", asked, Says.NOTHING)
    assert not few.is_in("Port"), "whoever brought it in takes back what holds it"


def test_two_thirds_put_a_site_out_and_it_asks_again_after_two_months(few, later):
    port = few.brings_in("Port", "Depot", "Mill")
    out = few.would_put_out("Depot", "Port")
    few.says("Mill", out)
    assert few.is_in("Port"), "two of four"
    few.says("Ward", out)
    assert not few.is_in("Port")
    few.says("Ward", port)
    assert not few.is_in("Port"), "what it asked before is over"
    with not_allowed(Why.PUT_OUT, until=today() + 60 * A_DAY):
        few.asks_in("Port")
    later(days=60)
    with few.at("Port") as me:
        assert known.asks(me.site) is None
    few.brings_in("Port", "Depot", "Ward")
    assert few.is_in("Port")


def test_once_eight_are_in_a_site_says_it_after_thirty_days_and_three_times_within_thirty(few, later, monkeypatch):
    few.brings_in("Port", "Depot", "Mill")
    first, *names = (f"Site {number}" for number in range(5))
    few.found(first, *names)
    few.brings_in(first, "Ward", "Port")
    asked = {name: few.asks_in(name) for name in names}
    monkeypatch.setattr(inside, "FEW", 5)
    with not_allowed(Why.NOT_LONG_IN):
        few.says(first, asked[names[0]])
    later(days=31)
    few.says("Ward", asked[names[0]])
    for name in names[:3]:
        few.says(first, asked[name])
    assert few.is_in(names[0])
    few.says(first, asked[names[0]], Says.NOTHING)
    with not_allowed(Why.KNOWS_MANY, most=3):
        few.says(first, asked[names[3]])
    later(days=31)
    few.says(first, asked[names[3]])


# Together


def test_together_counts_those_whose_number_is_reached(few):
    few.brings_in("Port", "Depot", "Mill")
    together_ = few.proposes("Depot")
    few.says("Mill", together_, if_n=3)
    assert counted(few, "Ward", together_).yes == 1
    few.says("Ward", together_, Says.NO, why="Our rota is agreed.")
    few.says("Port", together_, if_n=4)
    found = counted(few, "Ward", together_)
    assert (found.yes, found.no) == (1, 1)
    few.says("Port", together_, if_n=3)
    assert counted(few, "Ward", together_).yes == 3
    few.says("Mill", together_, Says.NOTHING)
    assert counted(few, "Ward", together_).yes == 1


def test_other_words_within_a_site_begin_anew(few):
    together_ = few.proposes("Depot")
    with few.at("Mill", 0) as me:
        agreeing.say(me, Matter.of(together_), Says.YES, if_n=2)
    with few.at("Mill", 1) as me:
        agreeing.say(me, Matter.of(together_), Says.YES, if_n=3)
    assert counted(few, "Ward", together_).yes == 1
    with few.at("Mill", 0) as me:
        agreeing.say(me, Matter.of(together_), Says.YES, if_n=3)
    assert counted(few, "Ward", together_).yes == 1
    few.says("Ward", together_, if_n=3)
    assert counted(few, "Ward", together_).yes == 3


def test_nobody_stalls_a_site_by_changing_words_that_others_have_agreed_to(few, monkeypatch):
    few.found("Yard", deciders=4)
    few.brings_in("Yard", "Depot", "Mill")
    together_ = few.proposes("Depot")
    monkeypatch.setattr(agreeing, "needed", lambda *_: 3)

    def says(who, if_n):
        with few.at("Yard", who) as me:
            agreeing.say(me, Matter.of(together_), Says.YES, if_n=if_n)

    says(0, 2)
    says(1, 2)  # the same words: a yes to them
    for who in (0, 3):  # who wrote them no more than anybody else
        with not_allowed(Why.AGREED_TO):
            says(who, 4)
    for who in (2, 3):
        with few.at("Yard", who) as me:
            agreeing.agree(me, together_, yes=False)
    says(3, 1)
    with few.at("Yard"):
        assert Intent.of(few.sites["Yard"].id, together_).what.if_n == 1


def test_changed_it_is_asked_anew(few):
    before = few.proposes("Depot")
    few.says("Mill", before)
    after = few.proposes("Depot", days=9, replaces=before)
    assert counted(few, "Ward", after).yes == 1
    with few.at("Ward"):
        assert Matter.of(before) is None


def test_who_joined_is_asked_afterwards_and_thirty_days_later_there_is_a_count_alone(few, later):
    done = few.proposes("Depot", days=2)
    few.says("Mill", done, why="We stand with you.")
    few.says("Ward", done, Says.NO)
    later(days=3)
    with few.at("Mill") as me, not_allowed(Why.OVER):
        agreeing.say(me, Matter.of(done), Says.NOTHING)
    for name, asked in (("Mill", 1), ("Ward", 0)):
        with few.at(name) as me:
            found = together.to_look_back(me.site_id, Matter.standing())
            assert len(found) == asked
            done_so = "Forty wore one.", "The rota is back.", Again.YES
            if asked:
                together.look_back(me, Matter.of(done), *done_so)
            else:
                with not_allowed(Why.NOT_JOINED):
                    together.look_back(me, Matter.of(done), *done_so)
    become_counts()
    db.session.commit()
    assert counted(few, "Ward", done).yes == 2
    later(days=30)
    become_counts()
    db.session.commit()
    with few.at("Ward") as me:
        matter = Matter.of(done)
        assert (matter.count_yes, matter.count_no) == (2, 1)
        assert Matter.standing() == []
        assert Matter.counted(9) == [matter]
        assert db.session.scalars(select(Answer)).all() == []
        assert Intent.at(me.site_id)[done].says is Says.NO, "its own, each site keeps"


def test_a_day_that_is_over_or_too_far_is_none(few):
    for days in (-1, 366):
        with not_allowed(Why.NO_DAY):
            few.proposes("Depot", days=days)
    with not_allowed(Why.NO_DAY):
        few.put("Depot", TogetherPut(what="Stickers", why="The rota.", day=(today() - A_DAY).isoformat()))


# Asked to


def stands(few) -> int:
    with few.at("Ward"):
        return len(mandates.mandates(Matter.standing()))


def test_a_task_stands_as_long_as_a_third_says_so_and_no_longer(few, later):
    task = few.gives("Depot")
    assert stands(few) == 0
    few.says("Mill", task)
    assert stands(few) == 1
    few.says("Mill", task, Says.NOTHING)
    assert stands(few) == 0
    few.says("Ward", task)
    assert stands(few) == 1
    later(days=8)
    assert stands(few) == 0


def test_a_task_goes_with_its_member_and_with_its_site(few):
    task = few.gives("Depot")
    few.says("Mill", task)
    with few.at("Depot", 1) as me:
        consequences.leave(me)
        db.session.flush()
    assert stands(few) == 0
    task = few.gives("Mill")
    few.says("Ward", task)
    assert stands(few) == 1
    few.leaves("Mill")
    with few.at("Ward"):
        assert Matter.of(task) is None


def test_nobody_is_given_a_task_unasked(few):
    member = few.people["Depot"][1].member
    said = AskedPut(task="Keep the list", member=member.id.hex, name=member.handle)
    with few.at("Depot", 0) as me:
        keep(me.site, dataclasses.replace(roll_of(me.site), number=1))
        matter_id = uuid.uuid4()
        agreeing.put(me, said, matter_id, until=today())
    with few.at("Ward"):
        assert Matter.of(matter_id) is None
    few.agree("Depot", matter_id)
    with few.at("Ward"):
        assert Matter.of(matter_id) is not None


def test_a_site_that_has_gone_makes_no_room_among_the_first(few):
    few.leaves("Depot")
    db.session.add(Departure(kind=SITE, id=uuid.uuid4()))  # which backup.departures writes where there is an app
    db.session.commit()
    few.found("Yard")
    assert not few.is_in("Yard")
