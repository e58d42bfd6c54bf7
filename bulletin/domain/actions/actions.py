"""Actions: what is done together, who committed to it, who came, what came of it, and what is next."""

from __future__ import annotations

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
from bulletin.vault.sealed import Sealed, sealed

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


PLAN: Mapping[str, Any] = {
    **{"form": FormOfAction.MEETING.value, "title": "", "place": "", "start": "", "end": "", "struggles": []},
    **{"demand": "", "test": False, "by": "", "after": ""},
}
OUTCOME: Mapping[str, Any] = {
    **{"words": "", "others": 0, "collected": None, "spent": None, "motion": "", "next": "", "by": ""},
}
LESSON: Mapping[str, Any] = {"tried": "", "happened": "", "again": "", "by": ""}

Sums = dict[str, list[int]]  # by "department shift", two hex ids or empty: asked, committed, came


class Action(SiteOwned):
    """One action. In the clear is the day on which its names become counts; None where the site keeps them.

    plan: form, title, place, start and end (ISO moments with their zone), struggles, demand, test (is it a structure
    test?), by, after (the hex id of the motion it follows).
    outcome: words, others (people who came and are in no list, rounded down), collected and spent (in the smallest
    coin, or None), motion (what became of it), next (what follows, in words), by; None before it is noted.
    lesson: tried, happened, again (what one would do again), by; None before. sums: the names that are names no more.
    """

    __tablename__ = "action"

    names_until: Mapped[date | None] = mapped_column()
    version: Mapped[int] = mapped_column(default=1)
    plan: Sealed[dict[str, Any]] = sealed()
    outcome: Sealed[dict[str, Any] | None] = sealed()
    lesson: Sealed[dict[str, str] | None] = sealed()
    sums: Sealed[Sums] = sealed()

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
        """Plan an action at aware moments, or log one that was: `plan` are other fields of PLAN. Raises NotAllowed."""
        known = cls.of(site_id, form_id) if form_id else None
        if known is not None:
            return known
        action = cls(site_id=site_id, id=form_id, version=1, outcome=None, lesson=None, sums={})
        action.plan = {**PLAN, "by": by}
        action._put(start, end, plan)
        db.session.add(action)
        return action

    @classmethod
    def at(cls, site_id: uuid.UUID) -> list[Self]:
        """A site's actions, the first first."""
        found = [(one.plan, one) for one in db.session.scalars(select(cls).filter_by(site_id=site_id))]
        return [one for plan, one in sorted(found, key=lambda pair: (_moment(pair[0]["start"]), pair[1].id))]

    @classmethod
    def of(cls, site_id: uuid.UUID, action_id: uuid.UUID, *, to_change: bool = False) -> Self | None:
        """One of a site's; `to_change`: others who would change it wait."""
        found = select(cls).filter_by(site_id=site_id, id=action_id)
        return db.session.scalars(_held(found) if to_change else found).first()

    @classmethod
    def hold(cls, site_id: uuid.UUID) -> None:
        """Others who would change one of a site's wait. In the order of their ids, so that nobody waits for ever."""
        db.session.execute(select(cls.id).filter_by(site_id=site_id).order_by(cls.id).with_for_update())

    @classmethod
    def without_next_step(cls, site_id: uuid.UUID) -> list[Self]:
        """Motions that passed and have nothing after them, the oldest first."""
        actions = cls.at(site_id)
        followed = {action.plan["after"] for action in actions}
        return [one for one in actions if one.passed and one.id.hex not in followed and not _next(one)]

    @property
    def form(self) -> FormOfAction:
        """What is done."""
        return FormOfAction(self.plan["form"])

    @property
    def start(self) -> datetime:
        """From when."""
        return _moment(self.plan["start"])

    @property
    def end(self) -> datetime:
        """Until when."""
        return _moment(self.plan["end"])

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
        return bool(self.plan["test"])

    @property
    def passed(self) -> bool:
        """Is it a motion that passed?"""
        return self.form is FormOfAction.MOTION and (self.outcome or OUTCOME)["motion"] == Motion.PASSED.value

    @property
    def others(self) -> int:
        """How many came who are in no list."""
        return int((self.outcome or OUTCOME)["others"])

    def change(self, start: datetime, end: datetime, **plan: Any) -> None:
        """Another time, place or anything else of its plan. Raises NotAllowed."""
        self._put(start, end, plan)
        self.version += 1

    def note_outcome(self, *, by: str, **outcome: Any) -> None:
        """What came of it: fields of OUTCOME. Those who came and are in no list are rounded down. Raises NotAllowed."""
        before = self.outcome or OUTCOME
        new = _with(before, outcome, OUTCOME) | {"by": by}
        if not 0 <= new["others"] <= OTHERS_MAX:
            raise NotAllowed(Why.OTHERS_IN_FIGURES)
        new["others"] = rounded_down(new["others"])
        if any(new[name] is not None and not 0 <= new[name] <= MONEY_MAX for name in ("collected", "spent")):
            raise NotAllowed(Why.MONEY_IN_FIGURES)
        _check_texts(new, "words", "next")
        self.outcome = new
        self.version += 1

    def note_lesson(self, tried: str, happened: str, again: str, *, by: str) -> None:
        """What we tried, what happened, what we would do again. Raises NotAllowed."""
        lesson = {"tried": tried, "happened": happened, "again": again, "by": by}
        _check_texts(lesson, "tried", "happened", "again")
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
        return self.names_until is not None and self.names_until <= today() and bool(self.sums)

    def add_to_sums(self, unit: str, *, committed: bool, came: bool) -> None:
        """One of those who were asked is a count from now on."""
        asked, said, there = self.sums.get(unit, [0, 0, 0])
        self.sums = {**self.sums, unit: [asked + 1, said + committed, there + came]}

    def _put(self, start: datetime, end: datetime, plan: Mapping[str, Any]) -> None:
        if end <= start:
            raise NotAllowed(Why.ENDS_TOO_EARLY)
        if end - start > LASTS_MAX:
            raise NotAllowed(Why.LASTS_TOO_LONG)
        if abs(start - now()) > AWAY_MAX:
            raise NotAllowed(Why.TWO_YEARS_AWAY)
        new = _with(self.plan, plan, PLAN)
        FormOfAction(new["form"])
        if len(new["place"]) > PLACE_MAX or len(new["title"]) > PLACE_MAX:
            raise NotAllowed(Why.PLACE_TOO_LONG, most=PLACE_MAX)
        _check_texts(new, "demand")
        new["struggles"] = struggles.known(new["struggles"])
        keeps = self.plan["start"] != "" and self.keeps_names
        self.plan = {**new, "start": start.isoformat(), "end": end.isoformat()}
        if not keeps and not self.counted:  # another day does not make names of them again
            self.keep_names(False)


def rounded_down(count: int) -> int:
    """A headcount as it may be told: to fives from twenty on, to tens from a hundred, to fifties from a thousand."""
    step = 1 if count < 20 else 5 if count < 100 else 10 if count < 1_000 else 50
    return count - count % step


def _with(before: Mapping[str, Any], fields: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := fields.keys() - known.keys():
        raise TypeError(f"there is no {', '.join(sorted(unknown))}")
    return {**known, **before, **fields}


def _check_texts(fields: Mapping[str, Any], *names: str) -> None:
    if any(len(fields[name]) > TEXT_MAX for name in names):
        raise NotAllowed(Why.TEXT_TOO_LONG, most=TEXT_MAX)


def _next(action: Action) -> str:
    return str((action.outcome or OUTCOME)["next"]).strip()


def _moment(iso: str) -> datetime:
    return datetime.fromisoformat(iso)


def _held(actions: Select[Any]) -> Select[Any]:
    """Who would change these too, waits; and what was loaded before is loaded anew: somebody may have been quicker."""
    return actions.with_for_update().execution_options(populate_existing=True)


def due_to_count(site_id: uuid.UUID) -> Iterable[Action]:
    """The actions whose names are to become counts by now, held."""
    Action.hold(site_id)
    due = select(Action).filter_by(site_id=site_id).where(Action.names_until <= today())
    return db.session.scalars(_held(due.order_by(Action.id)))
