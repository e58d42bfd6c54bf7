"""What is asked about an action: its plan, what came of it, what was learned."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import Any

from babel.numbers import get_currency_precision, get_territory_currencies
from flask_babel import format_currency, format_decimal, gettext as _, lazy_gettext as _l
from wtforms import SelectField, StringField

from bulletin.db import today
from bulletin.domain.actions import spans
from bulletin.domain.actions.actions import (
    MONEY_MAX,
    OTHERS_MAX,
    PLACE_MAX,
    TEXT_MAX,
    Action,
    FormOfAction,
    Outcome,
    Result,
)
from bulletin.domain.site.sites import Site
from bulletin.web.shared.forms import (
    DayField,
    HourField,
    PlainForm,
    TicksField,
    WholeNumberField,
    choice_field,
    line_field,
    one_line,
    one_of,
    options,
    text_field,
)
from bulletin.web.shared.labels import FORMS, RESULTS, STRUGGLES, action_name
from bulletin.web.shared.time_span import BEGINS, SpanForm
from bulletin.web.shared.turnout_words import COMING, turnout_words

from .labels import MOTIONS

LAST_DAY = _l("Give the last day as year-month-day, or leave it out.")
A_DAY = datetime.timedelta(days=1)
DIGITS = 2  # of the smallest coin, where nobody knows the country's money


class PlanForm(SpanForm):
    """What is done, when, where, about what."""

    page_order = ("form", "title", "day", "start", "end", "last_day", "place", "struggles", "demand", "test", "after")
    form = SelectField(
        _l("What is it?"),
        choices=options({form.value: name for form, name in FORMS.items()}),
        default=FormOfAction.MEETING.value,
        validate_choice=False,
        validators=[one_of([form.value for form in FormOfAction], _l("Choose what it is."))],
    )
    title = line_field(_l("A short name"), PLACE_MAX)
    start = HourField(_l("From"), BEGINS, optional=True)
    last_day = DayField(_l("Last day"), LAST_DAY, far=LAST_DAY, optional=True)
    place = line_field(_l("Where?"), PLACE_MAX)
    struggles = TicksField(
        _l("What is it about?"), choices=options({one.value: name for one, name in STRUGGLES.items()})
    )
    demand = text_field(_l("What is demanded?"), TEXT_MAX)
    test = TicksField(_l("Is it a strength test?"), choices=options({"yes": _l("Yes: count who comes")}))
    after = SelectField(_l("Does it follow a motion?"), validate_choice=False)

    def of(self, motions: Iterable[Action]) -> PlanForm:
        """With the motions that it may follow."""
        self.after.choices = options({"": _l("No")} | {one.id.hex: action_name(one) for one in motions})
        if self.after.data not in [choice.value for choice in self.after.iter_choices()]:
            self.after.data = ""
        return self

    @classmethod
    def showing(cls, action: Action, zone: datetime.tzinfo) -> PlanForm:
        """The form with what is planned."""
        plan, start, end = action.plan, action.start.astimezone(zone), action.end.astimezone(zone)
        about = {name: getattr(plan, name) for name in ("form", "title", "place", "struggles", "demand", "after")}
        hours = {} if plan.whole_day else {"start": start.time(), "end": end.time()}
        form = cls(data={**about, **hours, "day": start.date(), "test": ["yes"] if plan.test else []})
        if form.span(zone) != (start, end):
            form.last_day.data = end.date() - A_DAY if plan.whole_day else end.date()
        return form

    def validate_at(self, zone: datetime.tzinfo) -> bool:
        """The same; of what is over, nobody has to know the hour."""
        if not self.validate():
            return False
        if self.start.data is None and (self.end.data is not None or self.day.data >= today(zone)):
            self.complain(self.start, BEGINS)
            return False
        return super().validate_at(zone)

    def span(self, zone: datetime.tzinfo) -> tuple[datetime.datetime, datetime.datetime]:
        """From when until when; where it lasts for days, until that hour of the last one. Without hours, whole days."""
        day, last = self.day.data, self.last_day.data
        if self.start.data is None:
            return spans.of_days(day, max(last or day, day), zone)
        return spans.of_hours(day, self.start.data, self.end.data, zone, last=last)

    def plan(self) -> dict[str, Any]:
        """The fields of a plan, all but the time."""
        names = ("form", "title", "place", "struggles", "demand", "after")
        return {name: self[name].data for name in names} | {
            "test": bool(self.test.data),
            "whole_day": self.start.data is None,
        }


class OutcomeForm(PlainForm):
    """What came of it."""

    page_order = ("came_of_it", "result", "others", "collected", "spent", "motion", "next")
    came_of_it = text_field(_l("What came of it?"), TEXT_MAX)
    result = choice_field(
        _l("In a word"),
        {**{result.value: name for result, name in RESULTS.items()}, "": _l("None of these")},
        _l("Choose what came of it, or none of these."),
        default="",
    )
    others = WholeNumberField(COMING.how_many_others, OTHERS_MAX, _l("Give the number in figures, or leave it out."))
    collected = StringField(_l("Money collected"), filters=[one_line])
    spent = StringField(_l("Money spent"), filters=[one_line])
    motion = choice_field(
        _l("What became of the motion?"),
        {motion.value: name for motion, name in MOTIONS.items()},
        _l("Choose what became of it."),
        default="open",
    )
    next = text_field(_l("What follows?"), TEXT_MAX)

    def of(self, action: Action) -> OutcomeForm:
        """What only a motion is asked, others are not."""
        if action.form is not FormOfAction.MOTION:
            del self.motion, self.next
        self.others.label.text = turnout_words(action.form).how_many_others
        return self

    @classmethod
    def showing(cls, action: Action, site: Site) -> OutcomeForm:
        """The form with what was noted."""
        known = action.outcome or Outcome()
        money = {name: _typed(getattr(known, name), site) for name in ("collected", "spent")}
        told = {
            "came_of_it": known.words,
            "result": known.result or "",
            "others": known.others or None,
            "next": known.next,
            **money,
        }
        return cls(data={**told, "motion": known.motion or "open"}).of(action)

    def outcome(self, site: Site) -> dict[str, Any]:
        """The fields of an outcome; says beside a field where an amount is none."""
        said = {"words": self.came_of_it.data, "result": Result(self.result.data) if self.result.data else None}
        found: dict[str, Any] = {**said, "others": self.others.data or 0}
        for field in (self.collected, self.spent):
            try:
                found[field.name] = coins(field.data, site)
            except ValueError:
                self.complain(field, _("Give the money as a number, such as %(sum)s.", sum=_typed(1250, site)))
        if "motion" in self:
            found |= {"motion": self.motion.data, "next": self.next.data}
        return found


class LessonForm(PlainForm):
    """What was learned."""

    page_order = ("tried", "happened", "again")
    tried = text_field(_l("What did we try?"), TEXT_MAX)
    happened = text_field(_l("What happened?"), TEXT_MAX)
    again = text_field(_l("What would we do again, and what not?"), TEXT_MAX)


def coins(typed: str | None, site: Site) -> int | None:
    """An amount as it is typed, in the smallest coin; None where nothing is. Raises ValueError."""
    digits = _digits(site)
    text = (typed or "").replace(" ", "").removesuffix(_currency(site) or " ")
    if not text:
        return None
    found = re.fullmatch(rf"([0-9]{{1,9}})(?:[.,]([0-9]{{1,{digits}}}))?" if digits else r"([0-9]{1,9})()", text)
    if found is None:
        raise ValueError
    amount = int(found[1] + (found[2] or "").ljust(digits, "0"))
    if amount > MONEY_MAX:
        raise ValueError
    return amount


def money(amount: int, site: Site) -> str:
    """An amount in the smallest coin, as it is written where the site is."""
    currency, whole = _currency(site), amount / 10 ** _digits(site)
    return format_currency(whole, currency) if currency else format_decimal(whole, "#,##0.00")


def _typed(amount: int | None, site: Site) -> str:
    digits = _digits(site)
    return "" if amount is None else f"{amount / 10**digits:.{digits}f}"


def _currency(site: Site) -> str:
    known = get_territory_currencies(site.country)
    return known[0] if known else ""


def _digits(site: Site) -> int:
    currency = _currency(site)
    return get_currency_precision(currency) if currency else DIGITS
