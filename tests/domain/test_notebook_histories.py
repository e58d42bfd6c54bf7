"""Any history of a notebook: what is forgotten leaves no trace, what is merged loses nothing, what is counted adds up.

Beside the site stands a plain model of it: who was ever in the list, under which ids and names, what they said, and who
was asked to what. After each step everything the site holds is compared with it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import itertools
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from bulletin.db import db
from bulletin.domain.actions import turnouts
from bulletin.domain.actions.actions import Action, rounded_down
from bulletin.domain.actions.turnouts import TurnoutCount
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.people.erasure import forget
from bulletin.domain.people.follow_ups import FollowUp
from bulletin.domain.people.merge import merge
from bulletin.domain.portability import daily
from bulletin.domain.site import founding
from bulletin.domain.site.refusals import NotAllowed
from bulletin.domain.site.sites import Network, Site

from .conftest import ABOUT, Person, set_clock
from .notebook import traces

ANY = st.integers(0, 60)  # which of those there are: the model takes it modulo
STANDS = st.one_of(st.none(), st.integers(1, 5))
BEGIN = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
DAY, YEAR, MONTH = datetime.timedelta(days=1), datetime.timedelta(days=365), datetime.timedelta(days=30)


@dataclasses.dataclass
class Talk:
    id: uuid.UUID
    day: datetime.date
    order: int
    stand: int | None
    note: str
    withdrawn: bool = False


@dataclasses.dataclass(eq=False)
class Somebody:
    """`ids`: the one they have, then those they had. `words`: all that is about nobody else."""

    ids: list[uuid.UUID]
    words: list[str]
    touched: datetime.date
    announced: datetime.date | None = None
    gone: bool = False
    talks: list[Talk] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(eq=False)
class Done:
    """An action: who was asked, with committed and came; how many are numbers by now."""

    id: uuid.UUID
    names_until: datetime.date | None
    asked: dict[Somebody, tuple[bool, bool]] = dataclasses.field(default_factory=dict)
    numbers: TurnoutCount = dataclasses.field(default_factory=TurnoutCount)
    others: int = 0

    def count(self, who: Somebody) -> None:
        if who in self.asked:
            committed, came = self.asked.pop(who)
            self.numbers += TurnoutCount(1, int(committed), int(came))

    def tally(self) -> TurnoutCount:
        said, there = (sum(how[at] for how in self.asked.values()) for at in (0, 1))
        return self.numbers + TurnoutCount(len(self.asked), said, there, self.others)


class History(RuleBasedStateMachine):
    """One site's notebook from its first day."""

    def __init__(self, clock: list[datetime.datetime], rosa: Person, network: Network) -> None:
        super().__init__()
        self.clock, self.numbers = clock, itertools.count(1)
        clock[0] = BEGIN
        self.people: list[Somebody] = []
        self.forgotten: list[Somebody] = []
        self.actions: list[Done] = []
        self.open = contextlib.ExitStack()
        self.site: Site = founding.found_site(network, rosa.member, name=f"Depot {uuid.uuid4()}", **ABOUT)[0]
        db.session.commit()
        self.open.enter_context(rosa.inside(self.site))

    def teardown(self) -> None:
        db.session.rollback()
        self.open.close()

    # What the rules are made of

    @property
    def today(self) -> datetime.date:
        return self.clock[0].date()

    def one(self, which: int) -> Somebody:
        return self.people[which % len(self.people)]

    def contact(self, who: Somebody, which: int = 0) -> Contact:
        found = Contact.of(self.site.id, who.ids[which % len(who.ids)])
        assert found is not None
        return found

    def touch(self, who: Somebody) -> None:
        who.touched, who.announced = self.today, None

    def talk_of(self, who: Somebody, which: int) -> tuple[Talk, Conversation]:
        talk = who.talks[which % len(who.talks)]
        found = Conversation.of(self.contact(who), talk.id)
        assert found is not None
        return talk, found

    def action(self, which: int) -> tuple[Done, Action]:
        done = self.actions[which % len(self.actions)]
        found = Action.of(self.site.id, done.id, to_change=True)
        assert found is not None
        return done, found

    def is_counted(self, done: Done) -> bool:
        return done.names_until is not None and done.names_until <= self.today and done.numbers.asked > 0

    def tick(self) -> None:
        """Another request: nothing that the last one had loaded helps this one."""
        db.session.flush()
        db.session.expire_all()
        self.clock[0] += datetime.timedelta(seconds=1)

    has_people = precondition(lambda self: self.people)
    has_actions = precondition(lambda self: self.actions and self.people)

    # People and talks

    @rule(maybe=ANY)
    def add(self, maybe: int) -> None:
        name = f"Name{next(self.numbers)}x"
        hint = self.one(maybe).ids[-1].hex if self.people and maybe % 3 == 0 else ""
        contact = Contact.add(self.site.id, name, by="Rosa", maybe=hint, notes=f"{name} notes")
        self.people.append(Somebody([contact.id], [name], self.today))
        self.tick()

    @has_people
    @rule(which=ANY, under=ANY, ago=st.integers(0, 40), stand=STANDS)
    def talk(self, which: int, under: int, ago: int, stand: int | None) -> None:
        who, number = self.one(which), next(self.numbers)
        note, day = f"Said{number}x", self.today - ago * DAY
        made = Conversation.note(self.contact(who, under), by="Rosa", day=day, stand=stand, note=note)
        who.talks.append(Talk(made.id, day, number, stand, note))
        who.words.append(note)
        self.touch(who)
        self.tick()

    @precondition(lambda self: any(who.talks for who in self.people))
    @rule(which=ANY, talk=ANY, stand=STANDS, withdraw=st.booleans())
    def correct_or_withdraw(self, which: int, talk: int, stand: int | None, withdraw: bool) -> None:
        talked = [who for who in self.people if who.talks]
        who = talked[which % len(talked)]
        known, found = self.talk_of(who, talk)
        if withdraw:
            found.withdraw(by="Bill")
        elif known.withdrawn:
            with pytest.raises(NotAllowed):
                found.correct(by="Bill", stand=stand)
        else:
            found.correct(by="Bill", stand=stand)
        if not known.withdrawn and (withdraw or known.stand != stand):
            self.touch(who)
            known.withdrawn, known.stand = withdraw, stand
        self.tick()

    @has_people
    @rule(which=ANY)
    def go_back(self, which: int) -> None:
        who, reason = self.one(which), f"Ask{next(self.numbers)}x"
        FollowUp.plan(self.contact(who), self.today + DAY, reason, whose="Bill", by="Rosa")
        who.words.append(reason)
        self.touch(who)
        self.tick()

    @has_people
    @rule(which=ANY)
    def leave_or_come_back(self, which: int) -> None:
        who = self.one(which)
        contact = self.contact(who)
        contact.come_back() if who.gone else contact.leave()
        who.gone = not who.gone
        self.touch(who)
        self.tick()

    @has_people
    @rule(which=ANY, other=ANY, under=ANY)
    def merge(self, which: int, other: int, under: int) -> None:
        stays, goes = self.one(which), self.one(other)
        one, two = self.contact(stays, under), self.contact(goes)
        if stays is goes:
            with pytest.raises(NotAllowed):
                merge(one, two)
            return
        merge(one, two)
        self.people.remove(goes)
        stays.ids += goes.ids
        stays.words += goes.words
        stays.talks += goes.talks
        stays.gone = stays.gone and goes.gone
        self.touch(stays)
        for done in self.actions:
            if goes in done.asked:
                both = zip(done.asked.pop(goes), done.asked.get(stays, (False, False)), strict=True)
                done.asked[stays] = tuple(map(any, both))
        self.tick()

    @has_people
    @rule(which=ANY, under=ANY)
    def forget(self, which: int, under: int) -> None:
        who = self.one(which)
        forget(self.contact(who, under))
        self.lose(who)
        self.tick()

    def lose(self, who: Somebody) -> None:
        self.people.remove(who)
        self.forgotten.append(who)
        for done in self.actions:
            done.count(who)

    # Actions

    @rule(ago=st.integers(-10, 20))
    def plan(self, ago: int) -> None:
        start = self.clock[0] - ago * DAY
        action = Action.propose(self.site.id, start, start + DAY, by="Rosa")
        self.actions.append(Done(action.id, (start + DAY + MONTH).date()))
        self.tick()

    @has_actions
    @rule(which=ANY, keep=st.booleans(), ago=st.integers(0, 20))
    def put_off_or_keep_names(self, which: int, keep: bool, ago: int) -> None:
        done, action = self.action(which)
        if keep:
            action.keep_names(not action.keeps_names)
            done.names_until = None if done.names_until else (action.end + MONTH).date()
        else:
            start = self.clock[0] - ago * DAY
            action.change(start, start + DAY)
            if done.names_until and not self.is_counted(done):
                done.names_until = (start + DAY + MONTH).date()
        self.tick()

    @has_actions
    @rule(
        which=ANY, some=st.lists(ANY, max_size=4), committed=st.none() | st.booleans(), came=st.none() | st.booleans()
    )
    def note_turnout(self, which: int, some: list[int], committed: bool | None, came: bool | None) -> None:
        done, action = self.action(which)
        asked = [self.one(one) for one in some]
        contacts = [self.contact(who) for who in asked]
        if self.is_counted(done):
            with pytest.raises(NotAllowed):
                turnouts.note(action, contacts, by="Rosa", committed=committed, came=came)
            return
        turnouts.note(action, contacts, by="Rosa", committed=committed, came=came)
        for who in asked:
            said, there = before = done.asked.get(who, (False, False))
            how = said if committed is None else committed, there if came is None else came
            if who not in done.asked or how != before:
                self.touch(who)
            done.asked[who] = how
        self.tick()

    @has_actions
    @rule(which=ANY, others=st.integers(0, 300))
    def count_heads(self, which: int, others: int) -> None:
        done, action = self.action(which)
        action.note_outcome(by="Rosa", others=others)
        done.others = rounded_down(others)
        assert done.others <= others
        self.tick()

    # Time

    @rule(days=st.sampled_from([1, 29, 30, 31, 200, 365]))
    def days_pass(self, days: int) -> None:
        self.clock[0] += days * DAY
        tended = daily.run_if_due(self.site)
        lost = 0
        for done in self.actions:
            if done.names_until and done.names_until <= self.today:
                lost += len(done.asked)
                for who in [*done.asked]:
                    done.count(who)
        for who in [*self.people]:
            if who.announced is None and who.touched <= self.today - YEAR:
                who.announced = self.today
            if who.announced and who.announced <= self.today - MONTH:
                self.lose(who)
                lost += 1
        assert tended == bool(lost)
        self.tick()

    # What is true after each of them

    @invariant()
    def the_forgotten_leave_no_trace(self) -> None:
        ids = [id_ for who in self.forgotten for id_ in who.ids]
        assert traces(self.site.id, ids, [word for who in self.forgotten for word in who.words]) == []
        assert {Contact.of(self.site.id, id_) for id_ in ids} <= {None}

    @invariant()
    def everybody_else_is_there_under_any_id(self) -> None:
        listed = Contact.at(self.site.id, gone=True)
        assert {one.id for one in listed} == {who.ids[0] for who in self.people}
        for who in self.people:
            contact = Contact.of(self.site.id, who.ids[0])
            assert contact is not None
            assert {Contact.of(self.site.id, id_) for id_ in who.ids} == {contact}
            assert (contact.brief.gone is not None, contact.touched_on, contact.announced_on) == (
                who.gone,
                who.touched,
                who.announced,
            )

    @invariant()
    def every_talk_is_kept_and_the_last_that_says_so_says_where_they_stand(self) -> None:
        for who in self.people:
            contact = self.contact(who)
            talks = sorted(who.talks, key=lambda talk: (talk.day, talk.order), reverse=True)
            found: list[Any] = [(talk.id, talk.said and talk.said.note) for talk in Conversation.all_of(contact)]
            assert found == [(talk.id, None if talk.withdrawn else talk.note) for talk in talks]
            valid = [talk for talk in talks if not talk.withdrawn]
            assert contact.brief.talked_on == (valid[0].day.isoformat() if valid else "")
            last = next((talk for talk in valid if talk.stand is not None), None)
            assert contact.stand == (last and last.stand)
            assert contact.brief.stood_on == (last.day.isoformat() if last else "")

    @invariant()
    def turnout_adds_up(self) -> None:
        for done in self.actions:
            action = Action.of(self.site.id, done.id)
            tally = turnouts.count_turnout(action)
            assert tally == done.tally()
            assert tally.came <= tally.asked
            assert tally.committed <= tally.asked
            assert tally.all_who_came <= tally.asked + done.others
            assert {one.hex for one in turnouts.Turnout.all_for(action)} == {who.ids[0].hex for who in done.asked}


@pytest.fixture
def run(session: object, rosa: Person, monkeypatch: pytest.MonkeyPatch):
    """run(examples, steps): so many histories."""
    clock = [BEGIN]
    set_clock(monkeypatch, lambda: clock[0])
    network = Network(name="Free Notes")
    db.session.add_all([network, rosa.member])
    db.session.commit()

    def runs(examples: int, steps: int) -> None:
        run_state_machine_as_test(
            lambda: History(clock, rosa, network),
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                print_blob=True,
                suppress_health_check=list(HealthCheck),
            ),
        )

    return runs


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
def test_any_history_of_a_notebook(run):
    run(8, 20)


@pytest.mark.attack
@pytest.mark.parametrize("home", ["sqlite", "postgresql"], indirect=True)
def test_many_long_histories_of_a_notebook(run):
    run(150, 60)
