"""What is asked where a site puts something to the others, and where it answers."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import SelectField, ValidationError
from wtforms.fields import Field

from bulletin.db import today
from bulletin.domain.network.answering.agreeing import NUMBER_MAX
from bulletin.domain.network.answering.answers import Again, AnswerSaid
from bulletin.domain.network.answering.matters import (
    NAME_MAX,
    OUT_STANDS,
    AskedPut,
    Kind,
    KnownPut,
    OutPut,
    TogetherPut,
)
from bulletin.vault.shapes import Shape, fields_of
from bulletin.web.network.forms import LookedForm
from bulletin.web.shared.forms import (
    DAY,
    DAY_OR_NONE,
    DayField,
    PlainForm,
    WholeNumberField,
    asks,
    choice_field,
    line_field,
    options,
    text_field,
)

NUMBER = _l("Give a number of groups, such as 3, or leave it out.")
AGAIN: Mapping[str, Any] = {"": _l("Not said"), Again.YES.value: _l("Yes"), Again.NO.value: _l("No")}


class PutForm(LookedForm):
    """What is put to the others. `kept`: the fields with its words."""

    kept: tuple[str, ...] = ()

    def texts(self) -> list[str]:
        """What others will read of it."""
        return [self[name].data or "" for name in self.kept]

    def until(self) -> datetime.date | None:
        """Its last day, if it has one."""
        return None

    def number(self) -> int:
        """If how many say yes the site does."""
        return 0

    def said(self) -> Shape:
        """In the words that were typed."""
        raise NotImplementedError


@asks(fields_of(KnownPut))
class KnownForm(PutForm):
    """A site would like to come in."""

    def said(self) -> KnownPut:
        """In the words that were typed."""
        return KnownPut(who=self.who.data or "")


@asks(fields_of(TogetherPut))
class TogetherForm(PutForm):
    """Something to do together. `paper`: one that was told, beside it."""

    day = DayField(_l("When?"), DAY)
    last = DayField(_l("Until when? The same day if you leave it out"), DAY_OR_NONE, optional=True)
    if_n = WholeNumberField(_l("Only if so many groups join, yours counted"), NUMBER_MAX, NUMBER)
    paper = SelectField(_l("A paper that others can make theirs"), validate_choice=False)

    def offer(self, papers: Mapping[str, str]) -> TogetherForm:
        """With the papers that one has told."""
        self.page_order = ("what", "why", "day", "last", "if_n", "paper")
        self.paper.choices = options({"": _l("None"), **papers})
        self.paper.data = self.paper.data if self.paper.data in papers else ""
        return self

    def until(self) -> datetime.date | None:
        """Its last day."""
        last: datetime.date | None = self.last.data or self.day.data
        return last

    def number(self) -> int:
        """If how many join the site does."""
        return self.if_n.data or 0

    def said(self) -> TogetherPut:
        """In the words that were typed."""
        words = {name: self[name].data or "" for name in ("what", "why", "paper")}
        return TogetherPut(**words, day=self.day.data.isoformat() if self.day.data else "")


@asks(fields_of(AskedPut))
class AskedForm(PutForm):
    """Somebody is asked to do something for all sites."""

    member = SelectField(_l("Who?"), validate_choice=False)
    name = line_field(_l("What are they called, if they are in no group?"), NAME_MAX)
    last = DayField(_l("Until when? A year at most"), DAY)

    def offer(self, people: Mapping[str, str]) -> AskedForm:
        """With those who decide, by id."""
        self.page_order = ("task", "member", "name", "last")
        self.member.choices = options({**people, "": _l("Somebody in no group")})
        return self

    def until(self) -> datetime.date | None:
        """Its last day."""
        last: datetime.date | None = self.last.data
        return last

    def said(self) -> AskedPut:
        """In the words that were typed."""
        names = {choice.value: str(choice.label) for choice in self.member.choices or []}
        member = self.member.data if self.member.data in names else ""
        name = names[member] if member else (self.name.data or "").strip()
        return AskedPut(task=self.task.data or "", member=member, name=name)

    def validate_name(self, field: Field) -> None:
        if self.member.data == "" and not (field.data or "").strip():
            raise ValidationError(_("Write what they are called: all groups read it."))
        if self.member.data and (field.data or "").strip():
            raise ValidationError(_("Choose “Somebody in no group” above, or leave the name out."))


@asks(fields_of(OutPut))
class OutForm(PutForm):
    """Shall a site be put out?"""

    site = ""

    def until(self) -> datetime.date | None:
        """So long all are asked."""
        return today() + OUT_STANDS

    def said(self) -> OutPut:
        """In the words that were typed."""
        return OutPut(site=self.site, why=self.why.data or "")


FORMS: dict[Kind, type[PutForm]] = {
    **{Kind.TOGETHER: TogetherForm, Kind.ASKED: AskedForm, Kind.OUT: OutForm},
}


@asks(fields_of(AnswerSaid))
class AnswerForm(LookedForm):
    """What the site should answer."""

    if_n = WholeNumberField(_l("Only if so many groups join, yours counted"), NUMBER_MAX, NUMBER)


class OutcomeForm(PlainForm):
    """What a site did of what it joined, what came of it, and would it again."""

    page_order = ("did", "came", "again")
    did = text_field(_l("What did you do?"), fields_of(AnswerSaid)["did"].most)
    came = text_field(_l("What came of it?"), fields_of(AnswerSaid)["came"].most)
    again = choice_field(_l("Would you do it again?"), AGAIN, _l("Choose one."), default="")
