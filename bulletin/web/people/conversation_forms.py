"""What is asked about a talk: with whom, what came up, what was promised, when to go back."""

from __future__ import annotations

import datetime
import uuid
from typing import Any, Self

from flask_babel import format_date, gettext as _, lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields import SelectChoice, SelectField

from bulletin.domain.people.contacts import NAME_MAX, Stand
from bulletin.domain.people.conversations import CHOICES, TEXT_MAX, latest_struggles
from bulletin.domain.people.follow_ups import REASON_MAX
from bulletin.domain.site.struggles import Struggle
from bulletin.web.shared.forms import DAY_OR_NONE, DayField, PlainForm, TicksField, line_field, options, text_field
from bulletin.web.shared.labels import STANDS, STRUGGLES

from .labels import AHEAD


class TalkForm(PlainForm):
    """What is noted of a talk."""

    stand = RadioField(_l("Where do they stand?"), validate_choice=False, default="")
    struggles = TicksField(_l("What came up?"))
    others = TicksField(_l("What else?"))
    note = text_field(_l("A short note"), TEXT_MAX)

    def offer(self, site_id: uuid.UUID | None) -> Self:
        """The six that came up last stand first, the others behind; without a site the first six of all."""
        first = latest_struggles(site_id) if site_id else [one.value for one in Struggle][:CHOICES]
        names = {struggle.value: name for struggle, name in STRUGGLES.items()}
        self.struggles.choices = options({one: names[one] for one in first})
        self.others.choices = options({one: name for one, name in names.items() if one not in first})
        # Somebody else's talk may have moved one from there to here since the page was shown.
        ticked = {*(self.struggles.data or []), *(self.others.data or [])}
        self.struggles.data = [one for one in first if one in ticked]
        self.others.data = [one for one in names if one in ticked and one not in first]
        stands = {str(int(stand)): name for stand, name in STANDS.items() if stand is not None}
        self.stand.choices = options({**stands, "": _("leave open")})
        return self

    @property
    def said(self) -> dict[str, Any]:
        """The same for the domain; what is no choice is left open."""
        stand = {str(int(one)): one for one in Stand}.get(self.stand.data or "")
        came_up = [*(self.struggles.data or []), *(self.others.data or [])]
        return {"stand": stand, "struggles": came_up, "note": self.note.data}


class NewTalkForm(TalkForm):
    """A talk, and with whom."""

    page_order = ("name", "stand", "struggles", "others", "note", "day")
    name = line_field(_l("With whom?"), NAME_MAX)
    day = DayField(_l("Which day?"), optional=True)


class CorrectionForm(TalkForm):
    """A talk as it should have been noted."""

    page_order = ("stand", "struggles", "others", "note", "ask", "commitment")
    ask = text_field(_l("What did you ask?"), TEXT_MAX)
    commitment = text_field(_l("What did they say they will do?"), TEXT_MAX)


class NextForm(PlainForm):
    """What was asked and promised, and when to go back to them."""

    page_order = ("ask", "commitment", "when", "on", "reason", "whose")
    ask = text_field(_l("What did you ask?"), TEXT_MAX)
    commitment = text_field(_l("What did they say they will do?"), TEXT_MAX)
    when = RadioField(_l("When to go back to them?"), choices=options(AHEAD), validate_choice=False, default="")
    on = DayField(_l("Or on this day"), DAY_OR_NONE, optional=True)
    reason = line_field(_l("Why?"), REASON_MAX)
    whose = SelectField(_l("Who goes?"), validate_choice=False)

    def from_day(self, here: datetime.date) -> Self:
        """With the weekday of each choice, seen from the day it is where the site is."""
        self.when.choices = [
            SelectChoice(
                days,
                _("%(when)s, %(weekday)s", when=name, weekday=format_date(_after(here, days), "EEE")) if days else name,
            )
            for days, name in AHEAD.items()
        ]
        return self

    def day(self, here: datetime.date) -> datetime.date | None:
        """The day to go back on; None for no such day. A date that was typed says more than a choice."""
        if self.on.data is not None or not self.when.data:
            return self.on.data
        return _after(here, self.when.data) if self.when.data in AHEAD else None


def _after(here: datetime.date, days: str) -> datetime.date:
    return here + datetime.timedelta(days=int(days))
