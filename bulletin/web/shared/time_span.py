"""When something is: a day, from when, until when."""

from __future__ import annotations

import datetime

from flask_babel import gettext as _, lazy_gettext as _l

from bulletin.domain.actions import spans

from .forms import DayField, HourField, PlainForm

FAR = _l("That day is far away: look at the year.")
BEGINS = _l("Give the hour at which it begins, such as 05:30.")


class SpanForm(PlainForm):
    """A form that asks when."""

    day = DayField(_l("Which day?"), far=FAR)
    start = HourField(_l("From"), BEGINS)
    end = HourField(_l("Until"), _l("Give the hour as 07:15, or leave it out."), optional=True)

    def validate_at(self, zone: datetime.tzinfo) -> bool:
        """Is all of it as it should be where the site is? On the night the clocks go forward, an hour is missing."""
        if not self.validate():
            return False
        for field, moment in zip((self.start, self.end), self.span(zone), strict=True):
            if field.data is not None and not _is_there(moment):
                self.complain(
                    field,
                    _(
                        "The clocks go forward that night: there is no %(time)s. Give an hour before or after it.",
                        time=f"{moment:%H:%M}",
                    ),
                )
        return not self.errors

    def span(self, zone: datetime.tzinfo) -> tuple[datetime.datetime, datetime.datetime]:
        """From when until when; past midnight where the end is earlier than the start."""
        return spans.of_hours(self.day.data, self.start.data, self.end.data, zone)


def _is_there(moment: datetime.datetime) -> bool:
    """Does a clock where it is ever show this hour?"""
    again = moment.astimezone(datetime.UTC).astimezone(moment.tzinfo)
    return again.replace(tzinfo=None) == moment.replace(tzinfo=None)
