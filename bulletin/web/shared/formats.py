"""What templates say of moments and deeds."""

from __future__ import annotations

import datetime
import functools
import itertools
import uuid
import zoneinfo
from collections.abc import Iterable
from typing import Protocol

from babel import Locale
from flask import Flask
from flask_babel import format_date, format_time, format_timedelta, get_locale, gettext as _, lazy_gettext as _l
from markupsafe import Markup, escape

from bulletin.db import now, today
from bulletin.domain.site.events import Deed, Event

NEAR_DAYS = 14  # so far away a day is said with its weekday
A_DAY_MIN = 24 * 60
EXACTLY = float("inf")  # units that one begins to say a larger one from: never

DEED_SENTENCES = {
    Deed.FOUNDED: _l("%(by)s started the group."),
    Deed.INVITED: _l("%(by)s made an invitation."),
    Deed.INVITATION_SECONDED: _l("%(by)s said that an invitation by %(whom)s is fine."),
    Deed.INVITATION_WITHDRAWN: _l("%(by)s withdrew an invitation by %(whom)s."),
    Deed.FOUNDING_INVITED: _l("%(by)s invited somebody to start a group."),
    Deed.FOUNDING_WITHDRAWN: _l("%(by)s took back their invitation to start a group."),
    Deed.JOINED: _l("%(by)s joined."),
    Deed.LEFT: _l("%(by)s left."),
    Deed.REMOVAL_ASKED: _l("%(by)s asked that %(whom)s be removed."),
    Deed.REMOVAL_SECONDED: _l("%(by)s said so too: %(whom)s is locked out."),
    Deed.REMOVAL_WITHDRAWN: _l("%(by)s took back that %(whom)s be removed."),
    Deed.KEY_CHANGED: _l("The key of the group changed."),
    Deed.AGREEING_CHANGED: _l("So many must agree to a bulletin from now on: %(whom)s."),
    Deed.EXPORT_ASKED: _l("%(by)s asked to take everything the group has along."),
    Deed.EXPORT_AGREED: _l("%(by)s agreed that %(whom)s takes everything along."),
    Deed.EXPORT_WITHDRAWN: _l("%(by)s stopped that %(whom)s takes everything along."),
    Deed.EXPORTED: _l("%(by)s took everything the group has along, in a sealed file."),
    Deed.BROUGHT_IN: _l("%(by)s brought in what another installation had kept."),
    Deed.CONTACTS_IMPORTED: _l("%(by)s took names from a phone or a list: %(whom)s."),
    Deed.IMPORT_UNDONE: _l("%(by)s undid that, and removed as many: %(whom)s."),
    Deed.FORGOTTEN: _l("Somebody was forgotten. Asked by %(by)s."),
    Deed.FORGOTTEN_STALE: _l("Somebody nobody had noted anything of for over a year was forgotten."),
    Deed.LOCKED: _l("%(whom)s was locked out. Asked by %(by)s."),
    Deed.LET_IN: _l("%(whom)s is not locked out any more."),
    Deed.REMOVED: _l("%(whom)s was put out: enough of you said yes. Asked by %(by)s."),
    Deed.DECIDES: _l("Enough of you have met %(whom)s, who decides with you from now on."),
    Deed.DELETION_ASKED: _l("%(by)s asked that everything be deleted."),
    Deed.NUMBER_ASKED: _l("%(by)s asked that another number must agree to a paper: %(whom)s."),
    Deed.EXPORT_PASSED: _l("Everything may be taken along for seven days: enough of you said yes. Asked by %(by)s."),
    Deed.REMOVAL_ENDED: _l("%(whom)s is not put out: too few of you said yes. Asked by %(by)s."),
    Deed.EXPORT_ENDED: _l("Nothing is taken along: too few of you said yes. Asked by %(by)s."),
    Deed.DELETION_ENDED: _l("Nothing is deleted: too few of you said yes. Asked by %(by)s."),
    Deed.NUMBER_ENDED: _l("It stays as it is how many must agree to a paper. Asked by %(by)s."),
    Deed.LAPSES: _l("%(whom)s has not been here for a year. In thirty days the place ends."),
    Deed.LAPSED: _l("The place of %(whom)s has ended."),
    Deed.FOUNDING_ASKED: _l("%(by)s would like somebody to start a group, and asks whether that is fine."),
    Deed.REGISTER_BEGUN: _l(
        "The list of members was written down under the key of the group. Look whether it is right."
    ),
    Deed.RESTORED: _l(
        "A backup was brought back. What was being asked is asked no more; look whether the list of members is right."
    ),
    Deed.LOCKED_AGAIN: _l("%(whom)s was found locked out in the database, and is for two weeks at most."),
    Deed.PLACE_MISSING: _l("The place of %(whom)s was not in the database any more."),
    Deed.NOT_KNOWN: _l("%(whom)s stands in the database otherwise than you know them, and was given no key."),
    Deed.OWN_TAKEN: _l("%(by)s took along what they wrote."),
    Deed.TOLD: _l("%(by)s told others something in the name of this group."),
    Deed.TAKEN_BACK: _l("%(by)s took back what was told to others."),
    Deed.NETWORK_TAKEN: _l("%(by)s took along what the network’s page shows."),
    Deed.PUT: _l("Your group asked the others something. Written by %(by)s; enough of you agreed."),
    Deed.ANSWERED: _l("Your group answered what others ask. Written by %(by)s; enough of you agreed."),
    Deed.LINK_TO_ASKED: _l("%(by)s made the link for somebody in no group, whom the groups ask to do something."),
    Deed.ANSWER_TAKEN_BACK: _l("Your group took back what it had asked, or answered; %(by)s was the last to agree."),
    Deed.MEMBER_KEY_CHANGED: _l("%(by)s changed their words, and with them their key."),
    Deed.IDLE_CHOSEN: _l("%(by)s changed after how many minutes your phones ask for their six digits."),
    Deed.MERGED: _l("%(by)s put two in the list together, as one person."),
    Deed.HIDDEN: _l("%(by)s hid somebody who is to be forgotten."),
    Deed.FORGETTING_CONFIRMED: _l("%(by)s said, too, that somebody asked to be forgotten."),
    Deed.FORGETTING_STOPPED: _l("%(by)s stopped that somebody is forgotten: %(whom)s"),
    Deed.FORGETTING_ASKED: _l("%(by)s asked that more people may be forgotten than five in a week."),
    Deed.FORGETTING_PASSED: _l("More people may be forgotten for seven days: enough of you said yes. Asked by %(by)s."),
    Deed.FORGETTING_ENDED: _l(
        "No more people are forgotten than five in a week: too few of you said yes. Asked by %(by)s."
    ),
    Deed.READ_MANY: _l("%(by)s opened the pages of more than thirty people in a day."),
}
THEIR_OWN = {Deed.INVITATION_WITHDRAWN: _l("%(by)s took back their invitation.")}


def install(app: Flask) -> None:
    """Give templates `| day`, `| clock`, `| moment`, `| told`, `| listed`, and ids for what their forms make."""
    app.jinja_env.filters.update(
        day=day,
        clock=clock,
        moment=moment,
        ahead=ahead,
        describe_event=describe_event,
        as_name=as_name,
        begins=begins,
        ends=ends,
        iso_day=iso_day,
        iso_moment=iso_moment,
        listed=listed,
    )
    app.jinja_env.globals.update(new_id=lambda: uuid.uuid4().hex, by_day=by_day)


def day(moment: datetime.date) -> str:
    """A day, as it is said here; one near by with its weekday."""
    date = moment.date() if isinstance(moment, datetime.datetime) else moment
    return format_date(date, "EEE d MMMM yyyy" if abs((date - today()).days) <= NEAR_DAYS else "d MMMM yyyy")


def clock(moment: datetime.datetime, zone: str) -> str:
    """The hour and the minute where a site is."""
    return format_time(_there(moment, zone), "HH:mm", rebase=False)


def moment(moment: datetime.datetime, zone: str) -> str:
    """A moment as it is said where a site is: today 11:05; further away, with the day."""
    there, time = _there(moment, zone), clock(moment, zone)
    away = (there.date() - today(zoneinfo.ZoneInfo(zone))).days
    near = {-1: _("yesterday %(time)s", time=time), 0: _("today %(time)s", time=time)}
    near[1] = _("tomorrow %(time)s", time=time)
    if 1 < away < 7:
        return _("%(weekday)s %(time)s", weekday=format_date(there.date(), "EEE"), time=time)
    return near.get(away) or _("%(day)s, %(time)s", day=format_date(there.date(), "EEE d MMMM yyyy"), time=time)


class HasDays(Protocol):
    """What begins at a moment, or on a day."""

    @property
    def start(self) -> datetime.datetime: ...
    @property
    def end(self) -> datetime.datetime: ...
    @property
    def whole_day(self) -> bool: ...


def begins(one: HasDays, zone: str) -> str:
    """When something begins, as it is said where a site is: its day alone, where nobody knows the hour."""
    return _long_day(one.start, zone) if one.whole_day else moment(one.start, zone)


def ends(one: HasDays, zone: str) -> str:
    """The last day of what has days and no hours."""
    return _long_day(one.end - datetime.timedelta(hours=12), zone)  # it ends with midnight


def _long_day(moment: datetime.datetime, zone: str) -> str:
    return format_date(_there(moment, zone).date(), "EEE d MMMM yyyy")


def ahead(moment: datetime.datetime, zone: str) -> str:
    """How long it is until then: to the minute within a day, in days of the calendar beyond."""
    minutes = max(0, round((moment - now()).total_seconds() / 60))
    if minutes >= A_DAY_MIN:
        days = (_there(moment, zone).date() - today(zoneinfo.ZoneInfo(zone))).days
        return format_timedelta(datetime.timedelta(days=days), "day", add_direction=True, threshold=EXACTLY)
    hours, rest = divmod(minutes, 60)
    some = [(datetime.timedelta(hours=hours), "hour"), (datetime.timedelta(minutes=rest), "minute")]
    said = [one for one in some if one[0]] or some[1:]
    first = format_timedelta(*said[0], add_direction=True, threshold=EXACTLY)
    if len(said) == 1:
        return first
    return _("%(hours)s %(minutes)s", hours=first, minutes=format_timedelta(*said[1], threshold=EXACTLY))


def iso_moment(written: str, zone: str) -> str:
    """A moment as records keep it, as it is said where a site is."""
    return moment(datetime.datetime.fromisoformat(written), zone)


def iso_day(written: str) -> str:
    """A day as records keep it, as it is said here."""
    return day(datetime.date.fromisoformat(written))


def listed(things: Iterable[object]) -> str:
    """Several things, one behind the other, with no word before the last: a, b, c."""
    those = [str(one) for one in things]
    between = (get_locale() or Locale("en")).list_patterns["standard"]["middle"]
    return functools.reduce(between.format, those[1:], those[0]) if those else ""


def by_day(events: list[Event], zone: str) -> list[tuple[datetime.date, list[Event]]]:
    """What happened, in the same order, by the days it was where a site is."""
    days = itertools.groupby(events, lambda event: _there(event.moment, zone).date())
    return [(date, list(those)) for date, those in days]


def as_name(name: str) -> Markup:
    """Somebody's name or handle, as it is: no service that translates pages is to make another of it, or to have it."""
    return Markup('<bdi translate="no">{}</bdi>').format(name) if name else Markup()


def describe_event(event: Event) -> Markup:
    """A deed in one sentence."""
    own = THEIR_OWN.get(event.deed) if event.by == event.whom else None
    sentence = escape(own or DEED_SENTENCES[event.deed])
    return sentence % {"by": as_name(event.by), "whom": as_name(event.whom)}


def _there(moment: datetime.datetime, zone: str) -> datetime.datetime:
    return moment.astimezone(zoneinfo.ZoneInfo(zone))
