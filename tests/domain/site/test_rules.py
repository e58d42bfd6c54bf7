"""The rules among people say what the model says that was tried with adversaries; and what must not be, is not."""

from __future__ import annotations

import copy
import datetime
import uuid
from math import ceil

import hypothesis.strategies as st
import pytest
from hypothesis import assume, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bulletin.domain.site.governance.outcomes import What
from bulletin.domain.site.governance.roll import Matter, Person, Question, Roll
from bulletin.domain.site.governance.rules import Rules
from bulletin.domain.site.refusals import NotAllowed

from .rules_model import DAY, Model

BEGAN = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
QUESTIONS = (Matter.REMOVAL, Matter.EXPORT, Matter.DELETION)


def hexed(i: int) -> str:
    return uuid.UUID(int=i + 1).hex


class Site:
    """A site by its rules alone, whose clock is moved by hand; what came about is kept."""

    def __init__(self, count: int = 0, *, decide: bool = True) -> None:
        self.at, self.done, self.ids = BEGAN, [], 0
        self.roll = Roll()
        for _ in range(count):
            self.joins(decides=decide)

    def new(self, *, decides: bool) -> Person:
        self.ids += 1
        day, moment = self.at.date().isoformat(), self.at.isoformat()
        return Person(member=hexed(self.ids - 1), handle=f"M{self.ids}", joined_at=moment, seen_on=day, decides=decides)

    def rules(self) -> Rules:
        return Rules(self.roll, self.at)

    def keep(self, rules: Rules) -> None:
        self.roll = rules.roll()
        self.done += rules.outcomes

    def joins(self, *, decides: bool = True) -> None:
        rules = self.rules()
        person = self.new(decides=decides)
        rules.people[person.member] = person
        self.keep(rules)

    def does(self, deed: str, *args: object, **more: object) -> bool:
        """Do it, if the rules allow it."""
        rules = self.rules()
        try:
            getattr(rules, deed)(*args, **more)
        except NotAllowed:
            return False
        self.keep(rules)
        return True

    def invites(self, *yes: str) -> bool:
        rules = self.rules()
        try:
            invited = rules.propose(uuid.uuid4().hex, yes[0])
            for other in yes[1:]:
                if rules.decides(other):
                    rules.confirm(invited.id, other)
        except NotAllowed:
            return False
        invited = rules.invited[invited.id]
        if not rules.is_ready(invited):
            return False
        rules.answer_invitation(invited, self.new(decides=False))
        self.keep(rules)
        return True

    def passed(self) -> list[tuple[Matter, str]]:
        return [(one.question.matter, one.question.about) for one in self.done if one.what is What.PASSED]

    def time_passes(self, days: float) -> None:
        self.at += datetime.timedelta(days=days)

    def all_come(self, *but: str) -> None:
        rules = self.rules()
        for member, person in rules.people.items():
            if member not in but and not person.is_locked:
                rules.see(member)
        rules.settle()
        self.keep(rules)

    def question(self, matter: Matter, about: str = "") -> Question | None:
        return self.rules().open_on(matter, about)

    def locked(self) -> set[str]:
        return {person.member for person in self.roll.people if person.is_locked}


class Both(RuleBasedStateMachine):
    """Any deeds of anybody, with the model beside."""

    @initialize(count=st.integers(1, 9), newcomers=st.integers(0, 2))
    def begin(self, count: int, newcomers: int) -> None:
        self.site, self.model = Site(count), Model()
        for _ in range(count):
            self.model.add()
        for _ in range(newcomers):
            assert self.site.invites(*map(hexed, range(2))) is self.model.invite(*range(2)) if count > 1 else True

    def one(self, data: st.DataObject) -> int:
        return data.draw(st.sampled_from(sorted(self.model.people)))

    def some_question(self, data: st.DataObject) -> tuple[Question, object]:
        number = data.draw(st.integers(0, len(self.model.questions) - 1))
        return self.site.roll.questions[number], self.model.questions[number]

    @rule(data=st.data(), matter=st.sampled_from(QUESTIONS))
    def ask(self, data: st.DataObject, matter: Matter) -> None:
        by = self.one(data)
        target = self.one(data) if matter is Matter.REMOVAL else None
        about = "" if target is None else hexed(target)
        assert self.site.does("ask", matter, hexed(by), about) is self.model.ask(matter.value, by, target)

    @precondition(lambda self: self.model.questions)
    @rule(data=st.data(), yes=st.booleans())
    def answer(self, data: st.DataObject, yes: bool) -> None:
        by, (ours, theirs) = self.one(data), self.some_question(data)
        assert self.site.does("answer", ours.id, hexed(by), yes=yes) is self.model.answer(theirs, by, yes=yes)

    @precondition(lambda self: self.model.questions)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        by, (ours, theirs) = self.one(data), self.some_question(data)
        assert self.site.does("withdraw", ours.id, hexed(by)) is self.model.withdraw(theirs, by)

    @rule(data=st.data())
    def invite(self, data: st.DataObject) -> None:
        assume(len(self.model.people) < 14)
        yes = data.draw(st.lists(st.sampled_from(sorted(self.model.people)), min_size=1, max_size=2, unique=True))
        assert self.site.invites(*map(hexed, yes)) is self.model.invite(*yes)

    @precondition(lambda self: len(self.model.people) > 1)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        who = self.one(data)
        assume(not self.model.people[who].locked)
        self.model.leave(who)
        assert self.site.does("leave", hexed(who))

    @rule(data=st.data(), days=st.sampled_from([0.1, 1, 2.9, 3, 4, 11, 14, 30, 59]))
    def time_passes(self, data: st.DataObject, days: float) -> None:
        come = data.draw(st.sets(st.sampled_from(sorted(self.model.people))))
        self.site.time_passes(days)
        self.model.t += days * DAY
        rules = self.site.rules()
        for i in come:
            if not self.model.people[i].locked:
                self.model.come(i)
                rules.see(hexed(i))
        rules.settle()
        self.site.keep(rules)
        self.model.settle()

    @invariant()
    def they_say_the_same(self) -> None:
        rules, model = self.site.rules(), self.model
        assert set(rules.people) == set(map(hexed, model.people))
        for i, x in model.people.items():
            person = rules.people[hexed(i)]
            assert (person.decides, person.is_locked) == (x.decides, x.locked)
        assert {person.member for person in rules.counted()} == {hexed(x.id) for x in model.counted()}
        assert len(rules.questions) == len(model.questions)
        for ours, theirs in zip(rules.questions.values(), model.questions, strict=True):
            assert (ours.matter, ours.about) == (theirs.kind, "" if theirs.target is None else hexed(theirs.target))
            for mine, his in zip(rules.voices(ours), model.voices(theirs), strict=True):
                assert mine == set(map(hexed, his))
        passed = [(kind, "" if target is None else hexed(target)) for kind, target in model.done]
        assert self.site.passed() == passed


class Colluders(RuleBasedStateMachine):
    """Fewer than a third of those who come do all they can; the others come, and never answer."""

    @initialize(count=st.integers(2, 14))
    def begin(self, count: int) -> None:
        self.site = Site(count)
        few = max(1, ceil(count / 3) - 1)
        self.evil = {hexed(i) for i in range(max(few, 2) if count >= 5 else few)}
        self.honest = {person.member for person in self.site.roll.people} - self.evil
        self.deciders = len(self.evil)
        self.since: dict[str, datetime.datetime] = {}

    def theirs(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(self.evil & set(self.site.rules().people))))

    @rule(data=st.data(), matter=st.sampled_from([*QUESTIONS, Matter.NUMBER]))
    def ask(self, data: st.DataObject, matter: Matter) -> None:
        about = {Matter.REMOVAL: sorted(self.site.rules().people), Matter.NUMBER: ["1", "2"]}.get(matter, [""])
        self.site.does("ask", matter, self.theirs(data), data.draw(st.sampled_from(about)))

    @precondition(lambda self: self.site.roll.questions)
    @rule(data=st.data(), deed=st.sampled_from(["yes", "yes", "no", "withdraw"]))
    def answer(self, data: st.DataObject, deed: str) -> None:
        question = data.draw(st.sampled_from(self.site.roll.questions))
        if deed == "withdraw":
            self.site.does("withdraw", question.id, self.theirs(data))
        else:
            self.site.does("answer", question.id, self.theirs(data), yes=deed == "yes")

    @rule(data=st.data())
    def invite(self, data: st.DataObject) -> None:
        before = set(self.site.rules().people)
        self.site.invites(self.theirs(data), self.theirs(data))
        self.evil |= set(self.site.rules().people) - before

    @rule(days=st.sampled_from([0.1, 1, 2, 3, 4, 5]), times=st.integers(1, 4))
    def all_come(self, days: float, times: int) -> None:
        for _ in range(times):
            self.site.time_passes(days)
            self.site.all_come()

    @invariant()
    def nobody_takes_the_site(self) -> None:
        rules = self.site.rules()
        for matter, about in self.site.passed():
            assert matter is Matter.REMOVAL, matter
            assert about in self.evil
        assert rules.number == 2
        assert self.honest <= set(rules.people)
        locked = self.site.locked() & self.honest
        assert len(locked) <= len({one for one in self.evil if rules.people.get(one, Person()).decides}) // 2
        for member in self.honest:
            if member in locked:
                assert self.site.at - self.since.setdefault(member, self.site.at) <= datetime.timedelta(days=19)
            else:
                self.since.pop(member, None)
        assert sum(person.decides for person in rules.people.values()) <= self.deciders + len(self.honest)

    @invariant()
    def two_honest_ones_lock_any_of_them_at_once(self) -> None:
        """Whatever accomplices began, unless as many say no."""
        free = sorted(self.honest - self.site.locked())[:2]
        asked_about = {one.about for one in self.site.roll.questions if one.matter is Matter.REMOVAL}
        for third in sorted(self.evil & asked_about) if len(free) == 2 else ():
            site = copy.copy(self.site)
            for member in free:
                site.does("ask", Matter.REMOVAL, member, third)
            question = site.question(Matter.REMOVAL, third)
            if question is not None and third not in site.locked():
                no = site.rules().voices(question)[1] - site.locked() - {third}
                assert len(no) >= 2


def lines(site: Site) -> list[What]:
    """How often somebody was locked and let in."""
    return [one.what for one in site.done if one.what in (What.LOCKED, What.LET_IN)]


@pytest.mark.parametrize("back", ["answer", "withdraw"])
def test_two_do_not_lock_and_let_in_again_and_again(back: str) -> None:
    site = Site(7)
    for member in (hexed(0), hexed(1)):
        site.does("ask", Matter.REMOVAL, member, hexed(6))
    question = site.question(Matter.REMOVAL, hexed(6))
    for _ in range(5):
        if back == "answer":
            site.does("answer", question.id, hexed(1), yes=False)
        else:
            site.does("withdraw", question.id, hexed(1))
        site.does("answer", question.id, hexed(1), yes=True)
        site.time_passes(0.1)
    assert lines(site) == [What.LOCKED, What.LET_IN]


def test_nor_do_those_who_say_no_and_take_it_back() -> None:
    site = Site(9)
    for member in (hexed(0), hexed(1)):
        site.does("ask", Matter.REMOVAL, member, hexed(8))
    question = site.question(Matter.REMOVAL, hexed(8))
    site.does("answer", question.id, hexed(2), yes=False)
    for _ in range(5):
        site.does("answer", question.id, hexed(3), yes=False)
        site.does("withdraw", question.id, hexed(3))
    assert lines(site) == [What.LOCKED, What.LET_IN]
    site.does("answer", question.id, hexed(4), yes=True)
    assert site.locked() == {hexed(8)}, "somebody else has come to it"


@pytest.mark.parametrize("stays", [True, False])
def test_who_locks_an_accomplice_and_goes_back_shields_nobody_from_two_others(stays: bool) -> None:
    site = Site(7)
    evil, honest, accomplice = (hexed(0), hexed(1)), (hexed(2), hexed(3)), hexed(6)
    for member in evil:
        site.does("ask", Matter.REMOVAL, member, accomplice)
    question = site.question(Matter.REMOVAL, accomplice)
    site.does("withdraw", question.id, evil[1])
    if not stays:
        site.does("withdraw", question.id, evil[0])
    assert site.locked() == set()
    for member in honest:
        assert site.does("ask", Matter.REMOVAL, member, accomplice)
    assert site.locked() == {accomplice}


Both.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestTheModel = Both.TestCase
Colluders.TestCase.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
TestColluders = Colluders.TestCase
