"""When something is: a day, from when, until when."""

from __future__ import annotations

import datetime

from flask_babel import lazy_gettext as _l

from .forms import DayField, HourField, PlainForm

NOON = 12  # before it, an end that is earlier than the beginning is one of the next day
LASTS = datetime.timedelta(hours=2)  # where nobody says until when
FAR = _l("That day is far away: look at the year.")


class SpanForm(PlainForm):
    """A form that asks when."""

    day = DayField(_l("Which day?"), far=FAR)
    start = HourField(_l("From"), _l("Give the hour at which it begins, such as 05:30."))
    end = HourField(_l("Until"), _l("Give the hour as 07:15, or leave it out."), optional=True)

    def span(self, zone: datetime.tzinfo) -> tuple[datetime.datetime, datetime.datetime]:
        """From when until when; past midnight where the end is earlier than the start."""
        start = datetime.datetime.combine(self.day.data, self.start.data, zone)
        if self.end.data is None:
            return start, start + LASTS
        end = datetime.datetime.combine(self.day.data, self.end.data, zone)
        if end <= start and end.hour < NOON:  # past midnight
            end += datetime.timedelta(days=1)
        return start, end
