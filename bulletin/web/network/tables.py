"""What the network's page shows, as a table. That it was taken along is written down; that it was read is not."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import timedelta

from flask import Blueprint, Response
from flask_babel import gettext as _

from bulletin.db import db
from bulletin.domain.network.overview import NetworkPage
from bulletin.domain.network.sums import Sums
from bulletin.domain.network.told import Told
from bulletin.domain.portability.tables import cell
from bulletin.domain.site.accounts.members import Member
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.sites import Site
from bulletin.web.guard import identity
from bulletin.web.network.weeks.words import week_line
from bulletin.web.shared.downloads import download
from bulletin.web.shared.labels import form_name, result_name, struggle_name
from bulletin.web.shared.sentences import say_code

from .labels import told_name
from .places import own_sites

pages = Blueprint("tables", __name__, url_prefix="/network/table")

NAME = "table.csv"


@pages.post("")
def take() -> Response:
    """The table. Each of the member's sites that is in reads by whom it was taken, once a day."""
    me = identity.open_network()
    mine = own_sites()
    note_taken(me, mine)
    identity.open_network()
    page = NetworkPage.of(1, {site.id for site in mine}, None)
    counted = Sums.of(page.sites, page.groups) if page.has_sums else None
    lines = [*_lines(page), *_counted(counted)]
    text = io.StringIO()
    csv.writer(text).writerows([cell(value, say_code) for value in line] for line in lines)
    return download(text.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", NAME)


def note_taken(me: Member, mine: Iterable[Site]) -> None:
    """Write down that a member took along what the network's page shows, in each of these sites, once a day."""
    for site in mine:
        place = identity.open_site(site.id)
        if not Event.is_noted_today(site.id, Deed.NETWORK_TAKEN, by=me.handle):
            Event.note(place.site, Deed.NETWORK_TAKEN, by=me.handle)
        db.session.commit()


def _counted(counted: Sums | None) -> Iterator[tuple[object, ...]]:
    """What comes up in how many sites, week by week, the last week first."""
    for line in counted.lines if counted else ():
        for ago, count in enumerate(reversed(line.all.weeks)):
            week = counted.week - timedelta(weeks=ago) if counted else None
            yield week, _("%(count)s groups", count=count), _("Comes up"), struggle_name(line.struggle), None, None


def _lines(page: NetworkPage) -> Iterator[tuple[object, ...]]:
    yield _("Day"), _("Group"), _("What"), _("In words"), _("About"), _("Won or lost")
    for one in page.needs:
        yield _told(one, _("Somebody asks"))
    for one in page.papers:
        yield _told(one, _("Paper"), one.said.masthead)
    for one in page.deeds:
        said = one.said
        about, result = map(struggle_name, said.struggles), said.result and result_name(said.result)
        yield _told(one, form_name(said.form), said.outcome, list(about), result)
    for one in page.weeks:
        about = [struggle_name(topic.struggle) for topic in one.said.topics if not topic.words]
        yield _told(one, _("Week"), week_line(one.said, page.told_week), about)


def _told(one: Told, what: str, more: str = "", about: object = None, result: object = None) -> tuple[object, ...]:
    return one.told_on, one.site.name, what, " · ".join(filter(None, (told_name(one), more))), about, result
