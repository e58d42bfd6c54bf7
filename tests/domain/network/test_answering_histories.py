"""Whatever sites and members do, in whatever order, and however time goes: nobody comes in, or stays, by too few.

Rosa's Depot has two honest members and one who is the other side's, with as many founded sites as they like.
"""

from __future__ import annotations

import contextlib
import datetime
import itertools
import uuid

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import select

from bulletin.db import db
from bulletin.domain.network import inside
from bulletin.domain.network.answering import agreeing, mandates
from bulletin.domain.network.answering.agreeing import Says
from bulletin.domain.network.answering.answers import Answer, count
from bulletin.domain.network.answering.becoming_counts import become_counts
from bulletin.domain.network.answering.matters import Kind, Matter, OutPut
from bulletin.domain.site.accounts.members import Member, Membership
from bulletin.domain.site.founding import found_site
from bulletin.domain.site.governance import consequences
from bulletin.domain.site.refusals import NotAllowed
from bulletin.domain.site.sites import Network, Site
from bulletin.vault import tenancy
from bulletin.vault.readers import Reader
from tests.domain.conftest import ABOUT, set_clock
from tests.domain.network.sites import Sites
from tests.homes import ON_SQLITE

pytestmark = ON_SQLITE
HONEST = ("Depot", "Mill", "Ward")
THEIRS = "Eve"  # in the Depot, and founder of every other site of theirs


class History(Sites):
    """What honest sites and the other side do, one deed at a time; and what each deed came to."""

    def __init__(self, monkeypatch) -> None:
        super().__init__()
        self.passed, self.names = datetime.timedelta(), itertools.count()
        self.monkeypatch = monkeypatch
        self.network = db.session.scalars(select(Network)).first() or self.network
        self.found("Depot", deciders=3)
        self.found("Mill", "Ward", "Port")
        self.eve = self.people["Depot"].pop()  # honest ones never answer for her
        self.evil: list[str] = []

    def knows(self) -> dict[str, set[str]]:
        """Which sites that are in say that they know one."""
        with self.at("Mill"):
            asked = [one for one in Matter.standing() if one.kind == Kind.KNOWN]
            answers = Answer.to(asked)
            return {one.site.name: {each.site.name for each in answers.get(one.id, ()) if each.yes} for one in asked}

    def do(self, deed: str, first: int, second: int) -> None:
        sites = sorted(self.sites)
        with contextlib.suppress(NotAllowed, AssertionError, StopIteration):
            getattr(self, f"do_{deed}")(sites[first % len(sites)], second)
        db.session.rollback()

    def pick(self, second: int) -> tuple[uuid.UUID, str]:
        """Something that is asked, and of which site that shall come in or be out."""
        with self.at("Mill"):
            every = [one for one in Matter.standing() if one.is_open]
            assert every
            matter = every[second % len(every)]
            return matter.id, db.session.get_one(Site, matter.about).name if matter.about else ""

    def do_ask(self, name: str, _: int) -> None:
        self.asks_in(name)

    def do_know(self, name: str, second: int) -> None:
        """Honest sites say that they know honest ones."""
        matter_id, about = self.pick(second)
        assert not {name, about} & {*self.evil, *HONEST} - {name}, "they put nobody out, and bring no stranger in"
        self.says(name, matter_id, Says.YES, if_n=second % 4)

    def do_refuse(self, name: str, second: int) -> None:
        self.says(name, self.pick(second)[0], Says.NO)

    def do_withdraw(self, name: str, second: int) -> None:
        self.says(name, self.pick(second)[0], Says.NOTHING)

    def do_propose(self, name: str, second: int) -> None:
        self.proposes(name, days=second % 9, if_n=second % 4)

    def do_give(self, name: str, second: int) -> None:
        self.gives(name, days=second % 9)

    def do_go(self, _: str, second: int) -> None:
        """Time passes, and what is due is done."""
        self.passed += datetime.timedelta(days=1 + second % 40)
        set_clock(self.monkeypatch, lambda: datetime.datetime.now(datetime.UTC) + self.passed)
        become_counts()
        db.session.commit()

    def do_leave(self, name: str, _: int) -> None:
        """Somebody leaves a site; two stay."""
        assert len(self.people[name]) > 2 or (name == "Port" and len(self.people[name]) > 1)
        with self.at(name, len(self.people[name]) - 1) as me:
            consequences.leave(me)
        self.people[name].pop()

    def do_eve(self, _: str, second: int) -> None:
        """Eve founds, asks, and says in the Depot's name whatever she can."""
        if second % 3 == 0 or not self.evil:
            name = f"{THEIRS} {next(self.names)}"
            self.sites[name], _key = found_site(self.network, self.eve.member, name=name, **ABOUT)
            self.people[name] = [self.eve]
            self.evil.append(name)
            db.session.commit()
            self.asks_in(name)
        with self.eve.inside(self.sites["Depot"]):
            tenancy.read_as(db.session, Reader.DECIDER)
            me = self.eve.at(self.sites["Depot"])
            for matter in Matter.standing():
                with contextlib.suppress(NotAllowed):
                    agreeing.say(me, matter, list(Says)[second % 2], if_n=second % 3)
            with contextlib.suppress(NotAllowed):
                said = OutPut(site=self.sites["Mill"].id.hex, why="Out with them.")
                agreeing.put(me, said, uuid.uuid4(), until=agreeing.today() + datetime.timedelta(days=9))
            db.session.commit()
            tenancy.read_as(db.session, Reader.NOBODY)


Stood = dict[str, tuple[bool, set[str]]]  # of each site: was it in, and who knew it


def check(history: History, before: Stood) -> Stood:
    """What holds after each deed; and how it stands now."""
    knows = history.knows()
    now = {name: (inside.is_in(site), knows.get(name, set())) for name, site in history.sites.items()}
    for name, (is_in, by) in now.items():
        was_in, knew = before.get(name, (False, set()))
        assert len(by) >= 2 or not is_in or was_in, f"{name} came in"
        assert not (was_in and not is_in) or (len(by) < 2 and knew - by), "out by nothing but a yes taken back"
    assert not [name for name in history.evil if inside.is_in(history.sites[name])]
    assert mandates.reader_of(history.eve.member) is Reader.MEMBER, "by the Depot alone"
    assert history.is_in(*HONEST), "one member puts nobody out"
    with history.at("Mill"):
        matters = Matter.standing()
        answers = Answer.to(matters)
        for matter in matters:
            given = answers.get(matter.id, [])
            counted = count(matter, given)
            yes = [one for one in given if one.yes]
            assert counted.no == len(given) - len(yes)
            assert counted.yes <= len(yes)
            if matter.kind == Kind.TOGETHER:
                assert sum(one.if_n <= counted.yes for one in yes) == counted.yes
            else:
                assert counted.yes == len(yes)
        for one in mandates.mandates(matters):
            assert one.matter.is_open
            assert one.yes >= 2
            member = db.session.get(Member, uuid.UUID(one.matter.said.member))
            assert Membership.of(member, one.matter.site_id) is not None
    return now


DEEDS = ("ask", "know", "know", "know", "refuse", "withdraw", "propose", "give", "go", "leave", "eve")
HISTORIES = st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 9), st.integers(0, 40)), min_size=3, max_size=7)


def live(monkeypatch, deeds) -> None:
    for site in db.session.scalars(select(Network)):
        db.session.expunge(site)
    with monkeypatch.context() as patch:
        history = History(patch)
        try:
            stood = check(history, {name: (True, set()) for name in HONEST})
            for deed, first, second in deeds:
                history.do(deed, first, second)
                stood = check(history, stood)
        finally:
            clear(history)


def clear(history: History) -> None:
    """Nothing of it is left for the next."""
    history.people["Depot"] = [history.people["Depot"][0]]
    for name in list(history.sites):
        history.leaves(name)
    db.session.expunge_all()


SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=2, deadline=None, suppress_health_check=SLOW)
@given(deeds=HISTORIES)
def test_nobody_comes_in_by_too_few_and_every_total_is_explained(session, monkeypatch, deeds):
    live(monkeypatch, deeds)


@pytest.mark.attack
@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(
    deeds=st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 9), st.integers(0, 40)), min_size=10, max_size=40)
)
def test_nor_in_long_histories(session, monkeypatch, deeds):
    live(monkeypatch, deeds)
