"""When something is: a day, from when, until when."""

from __future__ import annotations

import datetime

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms.fields import DateField, TimeField
from wtforms.validators import Optional

from .forms import PlainForm

NOON = 12  # before it, an end that is earlier than the beginning is one of the next day
LASTS = datetime.timedelta(hours=2)  # where nobody says until when
YEARS = range(1900, 2200)  # beyond them a day is a slip, and some have no day before or after


class SpanForm(PlainForm):
    """A form that asks when."""

    day = DateField(_l("Which day?"))
    start = TimeField(_l("From"))
    end = TimeField(_l("Until"), validators=[Optional()])

    def complain_in_our_words(self) -> None:
        """What a browser's own fields do not say."""
        for field, sentence in (
            (self.day, _("Give the day as year-month-day, such as 2026-11-23.")),
            (self.start, _("Give the hour at which it begins, such as 05:30.")),
            (self.end, _("Give the hour as 07:15, or leave it out.")),
        ):
            if field.errors or (field is not self.end and field.data is None):
                field.errors = [sentence]
        if self.day.data is not None and self.day.data.year not in YEARS:
            self.day.errors = [_("That day is far away: look at the year.")]

    def span(self, zone: datetime.tzinfo) -> tuple[datetime.datetime, datetime.datetime]:
        """From when until when; past midnight where the end is earlier than the start."""
        start = datetime.datetime.combine(self.day.data, self.start.data, zone)
        if self.end.data is None:
            return start, start + LASTS
        end = datetime.datetime.combine(self.day.data, self.end.data, zone)
        if end <= start and end.hour < NOON:  # past midnight
            end += datetime.timedelta(days=1)
        return start, end
