"""What our forms have in common: sentences beside fields, and nothing a browser has to know about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import Form
from wtforms.fields import (
    DateField,
    Field,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import NumberRange, Optional, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from bulletin.domain.site import signs
from bulletin.vault.shapes import Field as Asked

YEARS = range(1900, 2200)  # beyond them a day is a slip, and some have no day before or after
DAY = _l("Give the day as year-month-day, such as 2026-11-23.")
DAY_OR_NONE = _l("Give the day as year-month-day, such as 2026-11-23, or leave it out.")


class PlainForm(Form):
    """A form whose errors a page can list. `page_order`: its fields as they stand on the page."""

    page_order: tuple[str, ...] = ()

    def complain(self, field: Field, sentence: str) -> Self:
        """Say beside a field what is to be mended there; the form, to be shown again."""
        field.errors = [*field.errors, sentence]
        return self

    @property
    def complaints(self) -> list[dict[str, Any]]:
        """Field and sentence of all that is to be mended, as they stand on the page."""
        names = sorted(self.errors, key=lambda name: self.page_order.index(name) if name in self.page_order else 99)
        return [{"field": name, "sentence": str(sentence)} for name in names for sentence in self.errors[name]]


def asks(fields: Mapping[str, Asked]) -> Callable[[type[PlainForm]], type[PlainForm]]:
    """A form that asks what of these is asked: `kept`, in their order. What it does not say itself is a text's field,
    with the label and the limit that are said where the text is kept.
    """

    def complete(form: type[PlainForm]) -> type[PlainForm]:
        form.kept = form.page_order = tuple(name for name, one in fields.items() if one.asked)
        for name in form.kept:
            if not hasattr(form, name):
                setattr(form, name, _text_field(fields[name]))
        return form

    return complete


def _text_field(one: Asked) -> Any:
    """Its field in a form."""
    return (text_field if one.lines else line_field)(_l(one.label), one.most)


def line_field(label: Any, most: int | None, missing: Any = None) -> StringField:
    """A line of so many letters; `missing` is said where there is none."""
    checks = [needed(missing)] if missing else []
    return StringField(label, filters=[one_line], validators=checks if most is None else [*checks, at_most(most)])


def text_field(label: Any, most: int | None) -> TextAreaField:
    """Several lines, of so many letters together."""
    limit = [] if most is None else [at_most(most)]
    return TextAreaField(label, filters=[unix_lines], validators=limit)


def choice_field(label: Any, names: Mapping[str, Any], sentence: Any, **kwargs: Any) -> RadioField:
    """One of a few, by value and name; the sentence is said for whatever else was sent."""
    checks = [one_of(names, sentence)]
    return RadioField(label, choices=options(names), validate_choice=False, validators=checks, **kwargs)


class TicksField(SelectMultipleField):
    """Several of a few, each with a box to tick: `fields.html` shows it as it shows a RadioField."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, _form: Form) -> None:
        """What is no choice was sent by no page of ours: it is left out."""
        known = {value for value, *_rest in self.iter_choices()}
        self.data = [value for value in self.data or [] if value in known]


class WholeNumberField(IntegerField):
    """A number that may be left out, within bounds, with one sentence for whatever else is typed."""

    def __init__(self, label: Any, most: int, sentence: Any, **kwargs: Any) -> None:
        self.sentence = sentence
        super().__init__(label, [Optional(), NumberRange(0, most, sentence)], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """What was typed as a number; raises ValueError."""
        typed = valuelist[0].strip() if valuelist else ""
        if typed.isdecimal() and len(typed) < 10:
            self.data = int(typed)
        elif typed:
            raise ValueError(str(self.sentence))

    def post_validate(self, form: Form, validation_stopped: bool) -> None:
        """Say it once, though both reading and the bounds found it wrong."""
        self.errors = list(dict.fromkeys(map(str, self.errors)))


class _OneSentenceField(Field):
    """A field with one sentence for whatever else is typed. `optional`: it may be left out."""

    def __init__(self, label: Any, sentence: Any, *, optional: bool = False, **kwargs: Any) -> None:
        super().__init__(label, [Optional()] if optional else [], **kwargs)
        self.sentence, self.optional = sentence, optional

    def post_validate(self, form: Form, validation_stopped: bool) -> None:
        """Say it in the place of what a browser's own field does not say."""
        if self.errors or (self.data is None and not self.optional):
            self.errors = [str(self.sentence)]


class HourField(_OneSentenceField, TimeField):
    """An hour and its minutes."""


class DayField(_OneSentenceField, DateField):
    """A day. `far`: what is said of one in a year that nobody means."""

    def __init__(self, label: Any, sentence: Any = DAY, *, far: Any = None, **kwargs: Any) -> None:
        super().__init__(label, sentence, **kwargs)
        self.far = far

    def post_validate(self, form: Form, validation_stopped: bool) -> None:
        """The same; and look at the year."""
        super().post_validate(form, validation_stopped)
        if self.far and self.data is not None and self.data.year not in YEARS:
            self.errors = [str(self.far)]


def one_line(typed: str | None) -> str:
    """Without what is around it or cannot be seen, and with one space where there are several."""
    return signs.on_one_line(typed or "")


def unix_lines(text: str | None) -> str:
    """As it was typed, with the ends of its lines as we keep them, and without signs that mean nothing."""
    return signs.in_lines(text or "")


def options(names: Mapping[str, Any]) -> list[SelectChoice]:
    """Choices by value and name."""
    return [SelectChoice(value, name) for value, name in names.items()]


def needed(sentence: Any) -> Callable[[Form, Field], None]:
    """A field that must not be empty. Sets no `required`: the browser's own bubble would come before our sentence."""

    def check(_form: Form, field: Field) -> None:
        if not field.data:
            raise StopValidation(sentence)

    return check


def at_most(count: int) -> Callable[[Form, Field], None]:
    """So many characters."""

    def check(_form: Form, field: Field) -> None:
        typed = field.data or ""
        if len(typed) > count:
            over = len(typed) - count
            name = field.label.text  # several fields can be too long at once
            raise StopValidation(
                _("“%(name)s” has room for %(count)d letters: take out %(over)d.", name=name, count=count, over=over)
            )

    return check


def one_of(values: Any, sentence: Any) -> Callable[[Form, Field], None]:
    """One of these, or this sentence."""

    def check(_form: Form, field: Field) -> None:
        if field.data not in values:
            raise StopValidation(sentence)

    return check
