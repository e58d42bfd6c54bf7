"""What is never so, whatever people do: the invariants of the rules, over histories in which anybody does anything.

Those about fewer than a third who do all they can stand in test_rules, beside the model.
"""

from __future__ import annotations

import copy
import datetime
from math import ceil

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bulletin.domain.site.governance.outcomes import What
from bulletin.domain.site.governance.roll import Matter
from bulletin.domain.site.governance.rules import Rules
from bulletin.domain.site.governance.standing import AWAY, LONG, RECENT, SHORT

from .test_rules import Site, hexed

MATTERS = (Matter.REMOVAL, Matter.REMOVAL, Matter.EXPORT, Matter.DELETION, Matter.NUMBER, Matter.FORGETTING)


class Watched(Site):
    """A site that looks at each deed as it is done."""

    def keep(self, rules: Rules) -> None:
        before, known = self.rules(), len(self.done)
        super().keep(rules)
        for one in self.done[known:]:
            if one.what is What.PASSED and one.question.matter is not Matter.NEWCOMER:
                age = self.at - datetime.datetime.fromisoformat(one.question.asked_at)
                stay = [person for person in before.deciders() if person.member in rules.people]
                alone = 1 in (len(before.deciders()), len(stay))
                assert age >= SHORT or alone, "nothing final is sooner, but by whoever is or is left alone"

    def passes_by(self, deed: str, *args: object) -> list[tuple[Matter, str]]:
        """What passes by a deed that did not pass a moment before."""
        self.does("settle")
        known = len(self.passed())
        self.does(deed, *args)
        return self.passed()[known:]


class Anybody(RuleBasedStateMachine):
    """Anybody does anything, and comes or does not."""

    @initialize(count=st.integers(1, 9))
    def begin(self, count: int) -> None:
        self.site = Watched(count)

    def one(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(self.site.rules().people)))

    def some_question(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from([one.id for one in self.site.roll.questions]))

    has_questions = precondition(lambda self: self.site.roll.questions)

    @rule(data=st.data(), matter=st.sampled_from(MATTERS))
    def ask(self, data: st.DataObject, matter: Matter) -> None:
        about = {Matter.REMOVAL: sorted(self.site.rules().people), Matter.NUMBER: ["1", "2", "3"]}.get(matter, [""])
        self.site.does("ask", matter, self.one(data), data.draw(st.sampled_from(about)))

    @has_questions
    @rule(data=st.data(), yes=st.sampled_from([True, True, False]))
    def answer(self, data: st.DataObject, yes: bool) -> None:
        """Locking is an answer too: that one may pass what it answers, and another may be locked by it."""
        rules = self.site.rules()
        by, id_ = self.one(data), self.some_question(data)
        about = {(one.matter, one.about) for one in rules.questions.values() if one.id == id_}
        known, locked = len(self.site.passed()), self.site.locked()
        self.site.does("settle")
        self.site.does("answer", id_, by, yes=yes)
        if self.site.locked() > locked:
            assert set(self.site.passed()[known:]) <= about, "locking somebody passes nothing else"

    @has_questions
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        assert self.site.passes_by("withdraw", self.some_question(data), self.one(data)) == []

    @has_questions
    @rule(data=st.data(), yes=st.lists(st.booleans(), min_size=2, max_size=2))
    def two_answer_at_once(self, data: st.DataObject, yes: list[bool]) -> None:
        """Whoever is first: where nothing passed by the first, or both say the same, what comes of it is the same."""
        id_, other, one, two = (*(self.some_question(data) for _ in range(2)), *(self.one(data) for _ in range(2)))
        if one == two:
            return
        self.site.does("settle")
        ways = [copy.copy(self.site), copy.copy(self.site)]
        deeds = [(id_, one, yes[0]), (other, two, yes[1])]
        for way, order in zip(ways, (deeds, deeds[::-1]), strict=True):
            way.done = list(self.site.done)
            for question, by, said in order:
                way.does("answer", question, by, yes=said)
        passed, again = (set(way.passed()) - set(self.site.passed()) for way in ways)
        if not passed | again or (id_ == other and yes[0] == yes[1]):
            assert (passed, ways[0].locked()) == (again, ways[1].locked())
        self.site.roll, self.site.done = ways[0].roll, ways[0].done

    @rule(data=st.data())
    def invite(self, data: st.DataObject) -> None:
        if len(self.site.roll.people) < 12:
            self.site.invites(self.one(data), self.one(data))

    @precondition(lambda self: len(self.site.roll.people) > 1)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        """Nobody brings about by going what they could not by saying yes."""
        who = self.one(data)
        stays = copy.copy(self.site)
        possible = set()
        for question in stays.roll.questions:
            says_yes = copy.copy(stays)
            says_yes.done = []
            says_yes.does("answer", question.id, who, yes=True)
            possible |= set(says_yes.passed())
        stay = [person for person in self.site.rules().deciders() if person.member != who]
        passed = self.site.passes_by("leave", who)
        if len(stay) > 1:  # who is left alone decides alone
            assert set(passed) <= possible

    @rule(data=st.data(), days=st.sampled_from([0.1, 1, 2.9, 3, 11, 14, 30, 59]))
    def time_passes(self, data: st.DataObject, days: float) -> None:
        self.site.time_passes(days)
        come = data.draw(st.sets(st.sampled_from(sorted(self.site.rules().people))))
        self.site.all_come(*(set(self.site.rules().people) - come))

    @invariant()
    def who_is_locked_or_gone_has_no_voice(self) -> None:
        rules = self.site.rules()
        without = {member for member, person in rules.people.items() if person.is_locked}
        for question in rules.questions.values():
            assert not rules.voices(question)[0] & without
            assert {*question.yes, *question.begun_by} <= rules.people.keys()
        for invited in rules.invited.values():
            assert invited.by not in without
            assert not without.intersection(invited.yes)
            assert {invited.by, *invited.yes} <= rules.people.keys()

    @invariant()
    def the_number_that_must_agree_can_be_reached(self) -> None:
        rules = self.site.rules()
        come = [one for one in rules.deciders() if rules._seen_within(one, RECENT)]
        assert 1 <= rules.number_in_force() <= len(come) // 2 + 1

    @invariant()
    def no_lock_is_longer_than_two_weeks(self) -> None:
        rules = self.site.rules()
        rules.settle()
        for question in rules.questions.values():
            person = rules.people.get(question.about)
            if question.matter is Matter.REMOVAL and person is not None and person.locked:
                assert rules.at - datetime.datetime.fromisoformat(question.locked_at) < LONG


SOME = st.integers(2, 12)


@given(count=SOME, matter=st.sampled_from((Matter.REMOVAL, Matter.EXPORT, Matter.DELETION)), answered=st.data())
@settings(deadline=None, max_examples=40)
def test_more_than_half_who_come_twice_bring_it_about(count: int, matter: Matter, answered: st.DataObject) -> None:
    site, about = Watched(count), hexed(count - 1) if matter is Matter.REMOVAL else ""
    asked = count - bool(about)
    for number in range(max(asked // 2 + 1, min(asked, 2))):
        site.time_passes(answered.draw(st.floats(0, 2)))
        if not site.does("ask", matter, hexed(number), about):
            pytest.fail("who decides may say yes to it")
    site.time_passes(3)
    site.all_come()
    if asked >= 2:  # one alone beside another, or who is asked about, never puts out
        assert site.passed() == [(matter, about)]
    else:
        assert site.passed() == []


@given(count=st.integers(3, 12), stay=st.integers(2, 12), matter=st.sampled_from((Matter.EXPORT, Matter.NUMBER)))
@settings(deadline=None, max_examples=30)
def test_where_all_others_stay_away_it_passes_two_weeks_after_they_stop_counting(
    count: int, stay: int, matter: Matter
) -> None:
    stay = min(stay, count - 1)
    site, others = Watched(count), [hexed(number) for number in range(stay, count)]
    for _ in range(AWAY.days // 10):
        site.time_passes(10)
        site.all_come(*others)
    assert len(site.rules().counted()) == stay
    for number in range(max(1, ceil(stay / 3), min(3, stay))):
        assert site.does("ask", matter, hexed(number), "1" if matter is Matter.NUMBER else "")
    site.time_passes(LONG.days)
    site.all_come(*others)
    assert [one for one, _ in site.passed()] == [matter]


Anybody.TestCase.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
TestAnybody = Anybody.TestCase


@pytest.mark.attack
def test_anybody_in_many_long_histories() -> None:
    run_state_machine_as_test(Anybody, settings=settings(max_examples=600, stateful_step_count=50, deadline=None))
