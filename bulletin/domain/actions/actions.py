"""Actions: what is done together, who committed to it, who came, what came of it, and what is next."""

from __future__ import annotations

import dataclasses
import enum
import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Self

from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column

from bulletin.db import SiteOwned, db, now, today
from bulletin.domain.site import struggles
from bulletin.domain.site.refusals import NotAllowed
from bulletin.domain.site.struggles import Struggle
from bulletin.vault import kinds
from bulletin.vault.sealed import Sealed, sealed
from bulletin.vault.shapes import N_, Shape, choice, choices, count, flag, hex_id, moment, plain_text, shape, shaped

from .refusals import Why

PLACE_MAX = 120
TEXT_MAX = 2_000
LASTS_MAX = timedelta(days=400)  # a strike is long
AWAY_MAX = timedelta(days=2 * 366)
NAMES_KEPT = timedelta(days=30)  # after the end; then they become counts, unless the site keeps them
OTHERS_MAX = 100_000
MONEY_MAX = 100_000_000  # in the smallest coin


class FormOfAction(enum.StrEnum):
    """What can be done together."""

    MEETING = "meeting"
    LEAFLETING = "leafleting"
    PETITION = "petition"
    MOTION = "motion"
    VOTE = "vote"
    MARCH_ON_BOSS = "march on the boss"
    WORK_TO_RULE = "work-to-rule"
    REFUSAL = "refusal"
    WALKOUT = "walkout"
    STRIKE = "strike"
    PICKET = "picket"
    OCCUPATION = "occupation"
    SOLIDARITY = "solidarity"
    SOCIAL = "social"
    OTHER = "other"


class Motion(enum.StrEnum):
    """What became of a motion."""

    PASSED = "passed"
    LOST = "lost"
    OPEN = "open"


class Result(enum.StrEnum):
    """What came of an action, in a word."""

    WON = "won"
    PARTLY = "partly"
    NOT_YET = "not yet"
    LOST = "lost"


@shape
class Plan(Shape):
    """What is planned. `test`: is it a structure test? `after`: the motion it follows. `whole_day`: of what is over,
    nobody has said the hour.
    """

    form: FormOfAction = choice(N_("What"), FormOfAction, default=FormOfAction.MEETING)
    title: str = plain_text(N_("What it is called"), most=PLACE_MAX, named=True)
    place: str = plain_text(N_("Where"), most=PLACE_MAX, named=True)
    start: str = moment(N_("From"))
    end: str = moment(N_("Until"))
    struggles: tuple[Struggle, ...] = choices(N_("What it is about"), Struggle)
    demand: str = plain_text(N_("What is demanded"), most=TEXT_MAX, lines=True, named=True)
    test: bool = flag(N_("A structure test"))
    by: str = plain_text(N_("Noted by"))
    after: str = hex_id("action", column=None)
    whole_day: bool = flag(column=None, sparse=True)


@shape
class Outcome(Shape):
    """What came of it. `others`: who came and is in no list, rounded down; money is in the smallest coin."""

    words: str = plain_text(N_("What came of it"), most=TEXT_MAX, lines=True, named=True)
    result: Result | None = choice(N_("Won or lost"), Result, nothing="")
    others: int = count(N_("Others who came"))
    collected: int | None = count(N_("Collected"), unknown=True)
    spent: int | None = count(N_("Spent"), unknown=True)
    motion: Motion | None = choice(N_("What became of the motion"), Motion, nothing="")
    next: str = plain_text(N_("What is next"), most=TEXT_MAX, lines=True, named=True)
    by: str = plain_text(N_("Noted by"))


@shape
class Lesson(Shape):
    """What one has learned of it. `again`: what one would do again."""

    tried: str = plain_text(N_("What we tried"), most=TEXT_MAX, lines=True, named=True)
    happened: str = plain_text(N_("What happened"), most=TEXT_MAX, lines=True, named=True)
    again: str = plain_text(N_("What we would do again"), most=TEXT_MAX, lines=True, named=True)
    by: str = plain_text(N_("Noted by"), named=True)


Sums = dict[str, list[int]]  # by "department shift", two hex ids or empty: asked, committed, came


class Action(SiteOwned):
    """One action. In the clear is the day on which its names become counts; None where the site keeps them.

    outcome, lesson: None before they are noted. sums: the names that are names no more.
    """

    __tablename__ = "action"

    names_until: Mapped[date | None] = mapped_column()
    version: Mapped[int] = mapped_column(default=1)
    plan: Sealed[Plan] = sealed(Plan)
    outcome: Sealed[Outcome | None] = sealed(kinds.or_none(shaped(Outcome)))
    lesson: Sealed[Lesson | None] = sealed(kinds.or_none(shaped(Lesson)))
    sums: Sealed[Sums] = sealed(kinds.by_id(kinds.plain("sums", kinds.a_list_of(kinds.whole, 3), [0, 0, 0])))

    @classmethod
    def propose(
        cls,
        site_id: uuid.UUID,
        start: datetime,
        end: datetime,
        *,
        by: str,
        form_id: uuid.UUID | None = None,
        **plan: Any,
    ) -> Self:
        """Plan an action at aware moments, or log one that was: `plan` are other fields of Plan. Raises NotAllowed."""
        known = cls.of(site_id, form_id) if form_id else None
        if known is not None:
            return known
        action = cls(site_id=site_id, id=form_id, version=1, outcome=None, lesson=None, sums={})
        action.plan = Plan(by=by)
        action._put(start, end, plan)
        db.session.add(action)
        return action

    @classmethod
    def at(cls, site_id: uuid.UUID) -> list[Self]:
        """A site's actions, the first first."""
        found = [(one.plan, one) for one in db.session.scalars(select(cls).filter_by(site_id=site_id))]
        return [one for plan, one in sorted(found, key=lambda pair: (_moment(pair[0].start), pair[1].id))]

    @classmethod
    def of(cls, site_id: uuid.UUID, action_id: uuid.UUID, *, to_change: bool = False) -> Self | None:
        """One of a site's; `to_change`: others who would change it wait."""
        found = select(cls).filter_by(site_id=site_id, id=action_id)
        return db.session.scalars(_for_update(found) if to_change else found).first()

    @classmethod
    def lock_in_order(cls, site_id: uuid.UUID) -> None:
        """Others who would change one of a site's wait. In the order of their ids, so that nobody waits for ever."""
        db.session.execute(select(cls.id).filter_by(site_id=site_id).order_by(cls.id).with_for_update())

    @classmethod
    def without_next_step(cls, site_id: uuid.UUID) -> list[Self]:
        """Motions that passed and have nothing after them, the oldest first."""
        actions = cls.at(site_id)
        followed = {action.plan.after for action in actions}
        return [one for one in actions if one.passed and one.id.hex not in followed and not _next(one)]

    @property
    def form(self) -> FormOfAction:
        """What is done."""
        return self.plan.form

    @property
    def start(self) -> datetime:
        """From when."""
        return _moment(self.plan.start)

    @property
    def end(self) -> datetime:
        """Until when."""
        return _moment(self.plan.end)

    @property
    def whole_day(self) -> bool:
        """Is only its day known, or its days?"""
        return self.plan.whole_day

    @property
    def begun(self) -> bool:
        """Has it begun?"""
        return self.start <= now()

    @property
    def over(self) -> bool:
        """Has it ended?"""
        return self.end <= now()

    @property
    def is_test(self) -> bool:
        """Does its turnout measure strength against the whole?"""
        return self.plan.test

    @property
    def passed(self) -> bool:
        """Is it a motion that passed?"""
        return self.form is FormOfAction.MOTION and (self.outcome or Outcome()).motion is Motion.PASSED

    @property
    def others(self) -> int:
        """How many came who are in no list."""
        return (self.outcome or Outcome()).others

    def change(self, start: datetime, end: datetime, **plan: Any) -> None:
        """Another time, place or anything else of its plan. Raises NotAllowed."""
        self._put(start, end, plan)
        self.version += 1

    def note_outcome(self, *, by: str, **outcome: Any) -> None:
        """What came of it: fields of Outcome. Those who came and are in no list are rounded down. Raises NotAllowed."""
        new = dataclasses.replace(self.outcome or Outcome(), **{**outcome, "by": by})
        if not 0 <= new.others <= OTHERS_MAX:
            raise NotAllowed(Why.OTHERS_IN_FIGURES)
        new = dataclasses.replace(new, others=rounded_down(new.others))
        if any(money is not None and not 0 <= money <= MONEY_MAX for money in (new.collected, new.spent)):
            raise NotAllowed(Why.MONEY_IN_FIGURES)
        _check_texts(new.words, new.next)
        self.outcome = new
        self.version += 1

    def note_lesson(self, tried: str, happened: str, again: str, *, by: str) -> None:
        """What we tried, what happened, what we would do again. Raises NotAllowed."""
        lesson = dataclasses.replace(self.lesson or Lesson(), tried=tried, happened=happened, again=again, by=by)
        _check_texts(tried, happened, again)
        self.lesson = lesson if tried or happened or again else None
        self.version += 1

    def keep_names(self, keep: bool) -> None:
        """Whether the names of those who took part stay names."""
        self.names_until = None if keep else (self.end + NAMES_KEPT).date()

    @property
    def keeps_names(self) -> bool:
        """Has the site decided to keep the names of those who took part?"""
        return self.names_until is None

    @property
    def counted(self) -> bool:
        """Have the names of those who took part become counts? Then nobody can say any more who is among them."""
        return self.names_are_due and bool(self.sums)

    @property
    def names_are_due(self) -> bool:
        """Are the names to be counts by now? They are nobody's to read any more, also before that has been done."""
        return self.names_until is not None and self.names_until <= today()

    def add_to_sums(self, unit: str, *, committed: bool, came: bool) -> None:
        """One of those who were asked is a count from now on."""
        asked, said, there = self.sums.get(unit, [0, 0, 0])
        self.sums = {**self.sums, unit: [asked + 1, said + committed, there + came]}

    def _put(self, start: datetime, end: datetime, plan: Mapping[str, Any]) -> None:
        if end.timestamp() <= start.timestamp():  # by the clocks of one place, an hour may be missing between them
            raise NotAllowed(Why.ENDS_TOO_EARLY)
        if end - start > LASTS_MAX:
            raise NotAllowed(Why.LASTS_TOO_LONG)
        if abs(start - now()) > AWAY_MAX:
            raise NotAllowed(Why.TWO_YEARS_AWAY)
        known: dict[str, Any] = {**plan}
        if "form" in plan:
            known["form"] = FormOfAction(plan["form"])
        if "struggles" in plan:
            known["struggles"] = struggles.known(plan["struggles"])
        new = dataclasses.replace(self.plan, **known)
        if len(new.place) > PLACE_MAX or len(new.title) > PLACE_MAX:
            raise NotAllowed(Why.PLACE_TOO_LONG, most=PLACE_MAX)
        _check_texts(new.demand)
        keeps = self.plan.start != "" and self.keeps_names
        self.plan = dataclasses.replace(new, start=start.isoformat(), end=end.isoformat())
        if not keeps and not self.counted:  # another day does not make names of them again
            self.keep_names(False)


def rounded_down(count: int) -> int:
    """A headcount as it may be told: to fives from twenty on, to tens from a hundred, to fifties from a thousand."""
    step = 1 if count < 20 else 5 if count < 100 else 10 if count < 1_000 else 50
    return count - count % step


def _check_texts(*texts: str) -> None:
    if any(len(one) > TEXT_MAX for one in texts):
        raise NotAllowed(Why.TEXT_TOO_LONG, most=TEXT_MAX)


def _next(action: Action) -> str:
    return (action.outcome or Outcome()).next.strip()


def _moment(iso: str) -> datetime:
    return datetime.fromisoformat(iso)


def _for_update(actions: Select[Any]) -> Select[Any]:
    """Who would change these too, waits; and what was loaded before is loaded anew: somebody may have been quicker."""
    return actions.with_for_update().execution_options(populate_existing=True)


def due_to_count(site_id: uuid.UUID) -> Iterable[Action]:
    """The actions whose names are to become counts by now, held."""
    Action.lock_in_order(site_id)
    due = select(Action).filter_by(site_id=site_id).where(Action.names_until <= today())
    return db.session.scalars(_for_update(due.order_by(Action.id)))
