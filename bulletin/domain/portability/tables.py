"""What a site has, as tables that any program for sheets of figures opens: for people, not to be read back."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select

from bulletin.db import SiteOwned, db
from bulletin.domain.actions.actions import Action, Lesson, Outcome, Plan
from bulletin.domain.actions.escalation_plan import Plan as StepPlan, Step
from bulletin.domain.actions.turnouts import Part, Turnout
from bulletin.domain.people.contacts import Brief, Contact, Details, Stand
from bulletin.domain.people.conversations import Conversation, Entry, Said
from bulletin.domain.people.follow_ups import FollowUp, Plan as FollowUpPlan
from bulletin.domain.people.units import Department, Shift, Times
from bulletin.domain.site.sites import Site
from bulletin.vault.shapes import Field, Shape, fields_of

from .refusals import Say, Word

Line = Iterable[Any]
# A program for such tables would reckon with what follows; it may take other signs than ours for the end of a cell.
FORMULA = re.compile(r"^(?=[\t\r]|\s*[=+\-@＝＋－＠])|(?<=[;,\t\r\n])(?=[=+\-@＝＋－＠])")
DAYS = (Word.MONDAY, Word.TUESDAY, Word.WEDNESDAY, Word.THURSDAY, Word.FRIDAY, Word.SATURDAY, Word.SUNDAY)
LOOKED_UP = ("Stand", "department", "shift")  # kinds that stand behind the others in the list of people
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
        self.people = {one.id: one.brief.name for one in db.session.scalars(Contact.rows_at(site.id))}
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
        brief = sorted(columns(Brief), key=lambda one: one.kind.name in LOOKED_UP)  # as people are used to it
        yield *self._columns(brief), *self._columns(columns(Details))
        for one in self._rows(Contact):
            if one.merged_into is None:
                yield *self._cells(brief, one.brief), *self._cells(columns(Details), one.details)

    def _talks(self) -> Iterator[Line]:
        said, entry = columns(Said), columns(Entry)
        yield *self._heads(Word.DAY, Word.WITH), *self._columns(said + entry), self.say(Word.WITHDRAWN)
        for one in self._rows(Conversation):
            told = self._cells(said, one.said or Said()), self._cells(entry, one.entry)
            yield one.day, self._who(one), *told[0], *told[1], one.said is None

    def _follow_ups(self) -> Iterator[Line]:
        day, *plan, by = columns(FollowUpPlan)
        heads = [self._columns(part) for part in ([day], plan, [by])]
        yield *heads[0], self.say(Word.WITH), *heads[1], self.say(Word.DONE_ON), *heads[2]
        for one in self._rows(FollowUp):
            (on, who), told = self._cells((day, by), one.what), self._cells(plan, one.what)
            yield on, self._who(one), *told, one.done_on, who

    def _actions(self) -> Iterator[Line]:
        parts = columns(Plan), columns(Outcome), columns(Lesson)
        heads = [self._columns(part) for part in parts]
        outcomes = (self.say(Word.OUTCOME, field=key) for key in heads[1])
        yield *heads[0], *outcomes, *(self.say(Word.LESSON, field=key) for key in heads[2])
        for one in self._rows(Action):
            said = one.plan, one.outcome or Outcome(), one.lesson or Lesson()
            yield [cell for part, told in zip(parts, said, strict=True) for cell in self._cells(part, told)]

    def _turnout(self) -> Iterator[Line]:
        unit = [one for one in columns(Part) if one.kind.name in LOOKED_UP]
        how = [one for one in columns(Part) if one not in unit]
        about = self._heads(Word.ACTION, Word.WHO)
        yield *about, *self._columns(unit), self.say(Word.ASKED), *self._columns(how)
        for one in self._rows(Turnout):
            told = (int(value) if isinstance(value, bool) else value for value in self._cells(how, one.how))
            yield self.actions.get(one.action_id, ""), self._who(one), *self._cells(unit, one.how), 1, *told
        for action in self._rows(Action):
            for place, sums in action.sums.items():
                department, _, shift = place.partition(" ")
                where = self._cells(unit, Part(department=department, shift=shift))
                yield self._called(action.plan), self.say(Word.NAMES_NOT_KEPT), *where, *sums

    def _steps(self) -> Iterator[Line]:
        yield self._columns(columns(StepPlan))
        for one in self._rows(Step):
            yield self._cells(columns(StepPlan), one.what)

    def _departments(self) -> Iterator[Line]:
        yield self._heads(Word.DEPARTMENT, Word.SHIFT, Word.PEOPLE)
        for one in Department.at(self.site.id):
            known: Mapping[str, Any] = one.headcounts or {"": ""}
            for shift, count in known.items():
                yield one.name, self.shifts.get(shift, ""), count

    def _shifts(self) -> Iterator[Line]:
        yield self.say(Word.SHIFT), *self._columns(columns(Times))
        for one in Shift.at(self.site.id):
            yield one.name, *self._cells(columns(Times), one.times)

    def _rows(self, record: type[Any]) -> Iterator[Any]:
        rows = select(record).filter_by(site_id=self.site.id).order_by(record.id)
        return iter(db.session.scalars(rows.execution_options(yield_per=200)))

    def _who(self, row: SiteOwned) -> str:
        contact_id: uuid.UUID = row.contact_id  # type: ignore[attr-defined]
        return self.people.get(contact_id, "")

    def _heads(self, *words: Word) -> list[str]:
        return [self.say(word) for word in words]

    def _columns(self, fields: Iterable[Field]) -> list[str]:
        """Their heads: words where there are, or else what a field is called by."""
        words = Word.__members__
        return [self.say(word) if (word := words.get(one.head.upper())) else one.head for one in fields]

    def _cells(self, fields: Iterable[Field], value: Shape) -> list[Any]:
        return [self._said(one, getattr(value, one.name)) for one in fields]

    def _said(self, one: Field, value: Any) -> Any:
        """What a field says, where its kind says it by an id or a number."""
        match one.kind.name:
            case "department":
                return self.departments.get(value, "")
            case "shift":
                return self.shifts.get(value, "")
            case "Stand":
                return self.stands.get(value, "")
            case "weekdays":
                return [self.days[day] for day in value]
        return value

    @staticmethod
    def _called(plan: Plan) -> str:
        return " ".join(filter(None, (plan.start[:16], plan.title or plan.form)))


def columns(cls: type[Shape]) -> list[Field]:
    """The fields of a shape that a table has."""
    return [one for one in fields_of(cls).values() if one.column is not None]
