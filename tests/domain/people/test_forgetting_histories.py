"""Any history of forgetting, across days: hidden under every query, back whole where it is stopped, then gone for good.

Rosa, Bill and Clara decide; nobody has met Dave yet. Beside the site stands a plain model of who is hidden until when.
"""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import uuid

import pytest
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from bulletin.db import EVERY_ROW, db
from bulletin.domain.people import erasure, forgetting
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.people.forgetting import A_WEEK_MAX, Forgetting
from bulletin.domain.people.merge import merge
from bulletin.domain.people.refusals import Why
from bulletin.domain.people.search import everybody
from bulletin.domain.portability import daily
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.refusals import NotAllowed
from bulletin.domain.site.sites import Site
from tests.domain.conftest import Person, set_clock
from tests.domain.notebook import held_at

ANY = st.integers(0, 60)  # which of those there are: the model takes it modulo
BEGIN = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
DECIDE = ("Rosa", "Bill", "Clara")


@dataclasses.dataclass(eq=False)
class Somebody:
    """`ids`: the one they have, then those they had. `due`: the day they are gone, while they are hidden."""

    ids: list[uuid.UUID]
    words: list[str]
    due: datetime.date | None = None
    asked: bool = False
    said_by: set[str] = dataclasses.field(default_factory=set)

    @property
    def final(self) -> bool:
        return self.asked and len(self.said_by.intersection(DECIDE)) >= 2


class History(RuleBasedStateMachine):
    """The people of one site, who are noted, put together, hidden, shown and gone."""

    def __init__(self, clock: list[datetime.datetime], site: Site, places: dict[str, Membership]) -> None:
        super().__init__()
        self.clock, self.site, self.places, self.numbers = clock, site, places, itertools.count(1)
        self.people: list[Somebody] = []
        self.hidden: list[Somebody] = []
        self.gone: list[Somebody] = []
        self.lately: list[tuple[datetime.date, int]] = []  # how many ids were hidden on a day
        clock[0] += 30 * DAY  # nothing of the history before is counted, or waits
        daily.run_if_due(site)
        erasure.forget_all(site.id, Contact.at(site.id, gone=True))
        for _ in range(4):
            self.note_somebody()
        self.put_two_together(0, 1)

    @property
    def today(self) -> datetime.date:
        return self.clock[0].date()

    def tick(self) -> None:
        """Another request: nothing that the last one had loaded helps this one."""
        db.session.flush()
        db.session.expire_all()
        self.clock[0] += datetime.timedelta(seconds=1)

    def contact(self, who: Somebody, under: int = 0) -> Contact:
        found = Contact.of(self.site.id, who.ids[under % len(who.ids)])
        assert found is not None
        return found

    def waiting(self, who: Somebody, under: int = 0) -> Forgetting:
        found = Forgetting.of(self.site.id, who.ids[0], to_change=bool(under % 2))
        assert found is not None
        return found

    has_people = precondition(lambda self: self.people)
    has_hidden = precondition(lambda self: self.hidden)

    @rule()
    def add(self) -> None:
        self.note_somebody()

    def note_somebody(self) -> None:
        name = f"Name{next(self.numbers)}x"
        made = Contact.add(self.site.id, name, by="Rosa", notes=f"{name} notes")
        db.session.flush()
        self.people.append(Somebody([made.id], [name]))
        self.tick()

    @has_people
    @rule(which=ANY, under=ANY)
    def talk(self, which: int, under: int) -> None:
        who, note = self.people[which % len(self.people)], f"Said{next(self.numbers)}x"
        Conversation.note(self.contact(who, under), by="Bill", note=note)
        who.words.append(note)
        self.tick()

    @precondition(lambda self: len(self.people) > 1)
    @rule(which=ANY, other=ANY)
    def put_together(self, which: int, other: int) -> None:
        self.put_two_together(which, other)

    def put_two_together(self, which: int, other: int) -> None:
        stays, goes = self.people[which % len(self.people)], self.people[other % len(self.people)]
        if stays is not goes:
            merge(self.contact(stays), self.contact(goes))
            self.people.remove(goes)
            stays.ids += goes.ids
            stays.words += goes.words
            self.tick()

    @has_people
    @rule(which=ANY, under=ANY, by=st.sampled_from((*DECIDE, "Dave")), asked=st.sampled_from([True, True, False]))
    def hide(self, which: int, under: int, by: str, asked: bool) -> None:
        who = self.people[which % len(self.people)]
        count = sum(number for day, number in self.lately if day > self.today - 7 * DAY) + len(who.ids)
        contact = self.contact(who, under)
        if count > A_WEEK_MAX:
            with pytest.raises(NotAllowed) as refused:
                forgetting.begin(self.places[by], contact, asked=asked)
            assert refused.value.code is Why.MANY_FORGOTTEN
            return
        forgetting.begin(self.places[by], contact, asked=asked)
        self.people.remove(who)
        self.hidden.append(who)
        self.lately.append((self.today, len(who.ids)))
        who.due, who.asked, who.said_by = self.today + 7 * DAY, asked, {by} if asked else set()
        self.tick()

    @has_hidden
    @rule(which=ANY, by=st.sampled_from((*DECIDE, "Dave")))
    def say_they_asked(self, which: int, by: str) -> None:
        who = sorted(self.hidden, key=lambda one: not one.asked)[0 if which % 3 else which % len(self.hidden)]
        if not who.asked or by not in DECIDE:
            with pytest.raises(NotAllowed):
                forgetting.confirm(self.places[by], self.waiting(who, which))
            return
        before = who.final
        forgetting.confirm(self.places[by], self.waiting(who, which))
        who.said_by.add(by)
        if who.final and not before:
            who.due = min(who.due, self.today + DAY)
        self.tick()

    @has_hidden
    @rule(which=ANY, by=st.sampled_from((*DECIDE, "Dave")))
    def stop(self, which: int, by: str) -> None:
        who = self.hidden[which % len(self.hidden)]
        if who.final or by not in DECIDE:
            with pytest.raises(NotAllowed):
                forgetting.stop(self.places[by], self.waiting(who, which), "We talk first")
            return
        forgetting.stop(self.places[by], self.waiting(who, which), "We talk first")
        self.hidden.remove(who)
        self.people.append(who)
        who.due = None
        self.tick()

    @rule(days=st.sampled_from([1, 1, 2, 6, 7]))
    def days_pass(self, days: int) -> None:
        self.clock[0] += days * DAY
        daily.run_if_due(self.site)
        for who in [one for one in self.hidden if one.due <= self.today]:
            self.hidden.remove(who)
            self.gone.append(who)
        self.tick()

    @invariant()
    def who_is_hidden_or_gone_is_under_no_query_and_everybody_else_is_there_whole(self) -> None:
        away = [*self.hidden, *self.gone]
        held = " ".join(value for _, value in held_at(self.site.id))
        ids = [id_ for who in away for id_ in who.ids]
        known = [form for id_ in ids for form in (id_.hex, str(id_))] + [word for who in away for word in who.words]
        assert [one for one in known if one in held] == []
        assert {Contact.of(self.site.id, id_) for id_ in ids} <= {None}
        assert {one.id for one in everybody(self.site.id)} == {who.ids[0] for who in self.people}
        for who in self.people:
            assert {Contact.of(self.site.id, id_).id for id_ in who.ids} == {who.ids[0]}
        assert [word for who in self.people for word in who.words if word not in held] == []

    @invariant()
    def who_waits_is_kept_until_their_day_and_who_is_gone_is_not(self) -> None:
        rows = set(db.session.scalars(db.select(Contact.id), execution_options=EVERY_ROW))
        assert rows == {id_ for who in (*self.people, *self.hidden) for id_ in who.ids}
        waits = {one.id: (one.due_on, one.is_final) for one in forgetting.waiting(self.site.id)}
        assert waits == {who.ids[0]: (who.due, who.final) for who in self.hidden}
        talks = db.session.scalars(db.select(Conversation), execution_options=EVERY_ROW).all()
        kept = [word for who in (*self.people, *self.hidden) for word in who.words if word.startswith("Said")]
        assert sorted(one.said.note for one in talks) == sorted(kept)


@pytest.fixture
def run(depot: Site, join, rosa: Person, bill: Person, clara: Person, monkeypatch: pytest.MonkeyPatch):
    """run(examples, steps): so many histories."""
    dave, clock = Person("Dave"), [BEGIN]
    join(bill)
    join(clara)
    join(dave, bill, decides=False)
    set_clock(monkeypatch, lambda: clock[0])
    with rosa.inside(depot):
        places = {one.handle: one.at(depot) for one in (rosa, bill, clara, dave)}

        def runs(examples: int, steps: int) -> None:
            run_state_machine_as_test(
                lambda: History(clock, depot, places),
                settings=settings(
                    max_examples=examples,
                    stateful_step_count=steps,
                    deadline=None,
                    print_blob=True,
                    suppress_health_check=list(HealthCheck),
                ),
            )

        yield runs
        db.session.rollback()


@pytest.mark.parametrize("home", ["sqlite"], indirect=True)
def test_any_history_of_forgetting(run):
    run(6, 14)


@pytest.mark.attack
@pytest.mark.parametrize("home", ["sqlite", "postgresql"], indirect=True)
def test_many_long_histories_of_forgetting(run):
    run(30, 40)
