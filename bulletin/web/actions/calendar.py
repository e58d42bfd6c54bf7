"""The days of a site: a week, a month, and a file for a calendar elsewhere."""

from __future__ import annotations

import dataclasses
import datetime
import re
import uuid
from collections.abc import Iterable

from flask import Blueprint, Response, request
from flask_babel import format_date, gettext as _, lazy_gettext as _l, ngettext

from bulletin.db import now, today
from bulletin.domain.actions import calendar
from bulletin.domain.actions.calendar import A_DAY, CalendarEntry, Kind
from bulletin.domain.site.accounts.members import Membership
from bulletin.web.guard import identity
from bulletin.web.shared.formats import clock
from bulletin.web.shared.forms import PlainForm, TicksField, needed, options
from bulletin.web.shared.labels import form_name
from bulletin.web.shared.rendering import render

from .labels import KIND_NAMES

pages = Blueprint("calendar", __name__, url_prefix="/sites/<uuid:site_id>/calendar")

YEARS = range(2000, 2101)
AHEAD = datetime.timedelta(days=3 * 366)  # of what is taken along
WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


class TakeForm(PlainForm):
    """What to take along into another calendar, and in which words."""

    page_order = ("kinds", "plain")
    kinds = TicksField(
        _l("What goes along?"),
        choices=options({kind.value: name for kind, name in KIND_NAMES.items()}),
        validators=[needed(_l("Tick what is to go along."))],
    )
    plain = TicksField(_l("In which words?"), choices=options({"yes": _l("“Notebook”, and nothing else")}))


@dataclasses.dataclass(frozen=True)
class Span:
    """The days a page shows. `key` is how an address names them; `before` and `after` are the keys beside."""

    kind: str
    first: datetime.date
    last: datetime.date

    @property
    def key(self) -> str:
        """Such as 2026-W47, or 2026-11."""
        year, week, _day = self.first.isocalendar()
        return f"{year:04}-W{week:02}" if self.kind == "week" else f"{self.first:%Y-%m}"

    @property
    def name(self) -> str:
        """As it is said."""
        if self.kind == "month":
            return format_date(self.first, "LLLL yyyy")
        return _(
            "%(first)s – %(last)s",
            first=format_date(self.first, "d MMM" if self.first.month != self.last.month else "d"),
            last=format_date(self.last, "d MMM yyyy"),
        )

    @property
    def before(self) -> Span:
        """The one before."""
        return span_with(self.kind, self.first - A_DAY)

    @property
    def after(self) -> Span:
        """The one after."""
        return span_with(self.kind, self.last + A_DAY)

    @property
    def weeks(self) -> list[list[datetime.date]]:
        """The weeks it touches, from Monday to Sunday."""
        monday = self.first - A_DAY * self.first.weekday()
        count = (self.last - monday).days // 7 + 1
        return [[monday + A_DAY * (7 * week + day) for day in range(7)] for week in range(count)]


def span_with(kind: str, day: datetime.date) -> Span:
    """The week or the month with a day in it."""
    if kind == "week":
        monday = day - A_DAY * day.weekday()
        return Span(kind, monday, monday + A_DAY * 6)
    first = day.replace(day=1)
    return Span(kind, first, (first + A_DAY * 31).replace(day=1) - A_DAY)


@pages.get("")
def show(site_id: uuid.UUID) -> Response:
    """A month, or a week: `?month=2026-11`, `?week=2026-W47`."""
    return _page(identity.open_site(site_id), TakeForm(data={"kinds": list(KIND_NAMES), "plain": ["yes"]}))


@pages.post("/file")
def take(site_id: uuid.UUID) -> Response:
    """What is still to come, as a file for the calendar of a phone."""
    me = identity.open_site(site_id)
    form = TakeForm(request.form)
    if not form.validate():
        return _page(me, form, 422)
    zone = me.site.zone
    kinds = [kind for kind in KIND_NAMES if kind in form.kinds.data]
    coming = calendar.entries(me.site_id, today(zone), today(zone) + AHEAD, zone, kinds)
    coming = [one for one in coming if one.end is None or one.end > now()]
    response = Response(written(coming, plain=bool(form.plain.data)), mimetype="text/calendar")
    response.headers["Content-Disposition"] = "attachment; filename=calendar.ics"
    return response


def written(coming: Iterable[CalendarEntry], *, plain: bool) -> bytes:
    """An iCalendar file (RFC 5545), all hours in UTC. `plain`: without a word of what it is, or where."""
    import icalendar  # ten megabytes, for what few ask for

    file = icalendar.Calendar()
    file.add("prodid", "-//Notebook//EN")
    file.add("version", "2.0")
    for one in coming:
        event = icalendar.Event()
        event.add("uid", str(one.id))
        event.add("dtstamp", now().replace(microsecond=0))
        event.add("dtstart", one.start.astimezone(datetime.UTC) if one.start else one.first)
        event.add("dtend", one.end.astimezone(datetime.UTC) if one.end else one.last + A_DAY)
        event.add("summary", _("Notebook") if plain else title(one))
        if one.place and not plain:
            event.add("location", one.place)
        file.add_component(event)
    return bytes(file.to_ical())


def title(one: CalendarEntry) -> str:
    """What an entry is called."""
    if one.kind is Kind.FOLLOW_UPS:
        return ngettext("%(num)d to go back to", "%(num)d to go back to", one.count)
    if one.kind is Kind.HAND_OUT:
        return _("Hand-out, %(place)s", place=one.place)
    return one.title or form_name(one.form)


def _asked(zone: datetime.tzinfo) -> Span:
    """The span that the address names; this month where it names none."""
    for kind, shape in (("week", WEEK), ("month", MONTH)):
        found = shape.fullmatch(request.args.get(kind, ""))
        if found and int(found[1]) in YEARS:
            year, number = int(found[1]), int(found[2])
            try:
                day = datetime.date.fromisocalendar(year, number, 4) if kind == "week" else None
                return span_with(kind, day or datetime.date(year, number, 1))
            except ValueError:
                continue
    return span_with("week" if "week" in request.args else "month", today(zone))


def _hours(one: CalendarEntry, day: datetime.date, zone: str) -> str:
    """When an entry is, on one of its days."""
    if one.start is None or one.end is None:
        return ""
    begins, ends = one.first == day, one.last == day
    if begins and ends:
        return f"{clock(one.start, zone)}–{clock(one.end, zone)}"
    if begins:
        return _("from %(time)s", time=clock(one.start, zone))
    return _("until %(time)s", time=clock(one.end, zone)) if ends else _("all day")


def _page(me: Membership, form: TakeForm, status: int = 200) -> Response:
    zone = me.site.zone
    span = _asked(zone)
    weeks = span.weeks if span.kind == "month" else []
    found = calendar.entries(me.site_id, span.first, span.last, zone)
    return render(
        "actions/calendar/show.html",
        status,
        site=me.site,
        span=span,
        weeks=weeks,
        days=calendar.by_day(found, span.first, span.last),
        today=today(zone),
        other=span_with("month" if span.kind == "week" else "week", min(max(today(zone), span.first), span.last)),
        now=span_with(span.kind, today(zone)),
        form=form,
        title=title,
        hours=lambda one, day: _hours(one, day, me.site.time_zone),
        weekday=lambda day: format_date(day, "EEE"),
        long_day=lambda day: format_date(day, "EEEE, d MMMM"),
    )
