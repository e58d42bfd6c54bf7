"""From when until when, of what people say: days; or hours, that may go past midnight."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

NOON = 12  # before it, an end that is earlier than the beginning is one of the next day
LASTS = timedelta(hours=2)  # where nobody says until when

Span = tuple[datetime, datetime]


def of_days(first: date, last: date, zone: tzinfo) -> Span:
    """Whole days, where nobody has said the hour."""
    return datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)


def of_hours(day: date, start: time, end: time | None, zone: tzinfo, *, last: date | None = None) -> Span:
    """Past midnight where the end is earlier than the start; where it lasts for days, until that hour of the `last`."""
    begins = datetime.combine(day, start, zone)
    if end is None:
        ends = (begins.astimezone(UTC) + LASTS).astimezone(zone)
    else:
        ends = datetime.combine(day, end, zone)
        if ends <= begins and end.hour < NOON:
            ends += timedelta(days=1)
    if last is not None and last != day:
        ends = datetime.combine(last, end or ends.time(), zone)
    return begins, ends
