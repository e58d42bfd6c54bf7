"""What a site has, as tables that any program for sheets of figures opens: for people, not to be read back."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select

from bulletin.db import SiteOwned, db
from bulletin.domain.actions.actions import LESSON, OUTCOME, PLAN, Action
from bulletin.domain.actions.escalation_plan import Step
from bulletin.domain.actions.turnouts import Turnout
from bulletin.domain.people.contacts import Contact, Stand
from bulletin.domain.people.conversations import SAID, Conversation
from bulletin.domain.people.follow_ups import FollowUp
from bulletin.domain.people.units import Department, Shift
from bulletin.domain.site.sites import Site

from .refusals import Say, Word

Line = Iterable[Any]
# A program for such tables would reckon with what follows; it may take other signs than ours for the end of a cell.
FORMULA = re.compile(r"^(?=[\t\r]|\s*[=+\-@＝＋－＠])|(?<=[;,\t\r\n])(?=[=+\-@＝＋－＠])")
DAYS = (Word.MONDAY, Word.TUESDAY, Word.WEDNESDAY, Word.THURSDAY, Word.FRIDAY, Word.SATURDAY, Word.SUNDAY)
STANDS = {stand: Word[stand.name] for stand in Stand}


def cell(value: Any, say: Say) -> str:
    """A value as it stands in a table; what would be taken for a formula is quoted."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return say(Word.YES if value else Word.NO)
    if isinstance(value, list | tuple):
        value = ", ".join(map(str, value))
    return FORMULA.sub("'", str(value))


class Tables:
    """The tables of one site, by the names of their files. The site must be open."""

    def __init__(self, site: Site, say: Say) -> None:
        self.site, self.say = site, say
        self.stands = {stand: say(word) for stand, word in STANDS.items()}
        self.days = [say(day) for day in DAYS]
        self.departments = {one.id.hex: one.name for one in Department.at(site.id)}
        self.shifts = {one.id.hex: one.name for one in Shift.at(site.id)}
        self.people = {one.id: str(one.brief["name"]) for one in db.session.scalars(Contact.rows_at(site.id))}
        self.actions = {one.id: self._called(one.plan) for one in Action.at(site.id)}

    def all(self) -> Mapping[str, Iterator[Line]]:
        """Each as its lines, the first of which names the columns."""
        return {
            "contacts.csv": self._contacts(),
            "talks.csv": self._talks(),
            "follow-ups.csv": self._follow_ups(),
            "actions.csv": self._actions(),
            "turnout.csv": self._turnout(),
            "escalation_plan.csv": self._steps(),
            "departments.csv": self._departments(),
            "shifts.csv": self._shifts(),
        }

    def _contacts(self) -> Iterator[Line]:
        briefs = ("name", "nickname", "title", "phone", "stood_on", "talked_on", "gone", "gone_on")
        details = ("languages", "reach", "known_by", "notes", "consent", "consent_on", "added_by", "added_on")
        yield *briefs, *self._heads(Word.STAND, Word.DEPARTMENT, Word.SHIFT), *details
        for one in self._rows(Contact):
            if one.merged_into is None:
                brief, more = one.brief, one.details
                stand = self.stands.get(brief["stand"], "")
                yield *(brief[key] for key in briefs), stand, *self._unit(brief), *(more[key] for key in details)

    def _talks(self) -> Iterator[Line]:
        yield self._heads(
            Word.DAY,
            Word.WITH,
            Word.STOOD,
            Word.CAME_UP,
            Word.NOTE,
            Word.ASK,
            Word.COMMITMENT,
            Word.NOTED_BY,
            Word.WITHDRAWN,
        )
        for one in self._rows(Conversation):
            said, entry = one.said or SAID, one.entry
            texts = (said[key] for key in ("note", "ask", "commitment"))
            stand = self.stands.get(said["stand"], "")
            yield one.day, self._who(one), stand, said["struggles"], *texts, entry["by"], one.said is None

    def _follow_ups(self) -> Iterator[Line]:
        yield self._heads(Word.DAY, Word.WITH, Word.REASON, Word.WHOSE, Word.DONE_ON, Word.NOTED_BY)
        for one in self._rows(FollowUp):
            what = one.what
            yield what["on"], self._who(one), what["reason"], what["whose"], one.done_on, what["by"]

    def _actions(self) -> Iterator[Line]:
        plan = tuple(key for key in PLAN if key != "after")
        outcomes = (self.say(Word.OUTCOME, field=key) for key in OUTCOME)
        yield *plan, *outcomes, *(self.say(Word.LESSON, field=key) for key in LESSON)
        for one in self._rows(Action):
            outcome, lesson = one.outcome or OUTCOME, one.lesson or LESSON
            told = (outcome[key] for key in OUTCOME), (lesson[key] for key in LESSON)
            yield *(one.plan[key] for key in plan), *told[0], *told[1]

    def _turnout(self) -> Iterator[Line]:
        yield self._heads(Word.ACTION, Word.WHO, Word.DEPARTMENT, Word.SHIFT, Word.ASKED, Word.COMMITTED, Word.CAME)
        for one in self._rows(Turnout):
            how = one.how
            action = self.actions.get(one.action_id, "")
            yield action, self._who(one), *self._unit(how), 1, int(how["committed"]), int(how["came"])
        for action in self._rows(Action):
            for unit, sums in action.sums.items():
                department, _, shift = unit.partition(" ")
                where = self._unit({"department": department, "shift": shift})
                yield self._called(action.plan), self.say(Word.NAMES_NOT_KEPT), *where, *sums

    def _steps(self) -> Iterator[Line]:
        keys = ("on", "action", "test", "threshold", "met", "met_by", "by")
        yield keys
        for one in self._rows(Step):
            yield [one.what[key] for key in keys]

    def _departments(self) -> Iterator[Line]:
        yield self._heads(Word.DEPARTMENT, Word.SHIFT, Word.PEOPLE)
        for one in Department.at(self.site.id):
            known: Mapping[str, Any] = one.headcounts or {"": ""}
            for shift, count in known.items():
                yield one.name, self.shifts.get(shift, ""), count

    def _shifts(self) -> Iterator[Line]:
        yield self._heads(Word.SHIFT, Word.DAYS, Word.START, Word.END, Word.LANGUAGE)
        for one in Shift.at(self.site.id):
            yield one.name, [self.days[day] for day in one.days], one.start, one.end, one.language

    def _heads(self, *words: Word) -> list[str]:
        return [self.say(word) for word in words]

    def _rows(self, record: type[Any]) -> Iterator[Any]:
        rows = select(record).filter_by(site_id=self.site.id).order_by(record.id)
        return iter(db.session.scalars(rows.execution_options(yield_per=200)))

    def _who(self, row: SiteOwned) -> str:
        contact_id: uuid.UUID = row.contact_id  # type: ignore[attr-defined]
        return self.people.get(contact_id, "")

    def _unit(self, where: Mapping[str, Any]) -> tuple[str, str]:
        return self.departments.get(where["department"], ""), self.shifts.get(where["shift"], "")

    @staticmethod
    def _called(plan: Mapping[str, Any]) -> str:
        return " ".join(filter(None, (str(plan["start"])[:16], str(plan["title"] or plan["form"]))))
