"""What comes up in how many sites, where; and behind each number, who says it and what was tried."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, abort, render_template, request
from flask_babel import gettext as _, ngettext

from bulletin.domain.network import inside, sums, tags
from bulletin.domain.network.groups import EVERY_SITE, Groups, Sites, folded
from bulletin.domain.network.sums import Sums
from bulletin.domain.site.sites import Site
from bulletin.domain.site.struggles import Struggle
from bulletin.web.guard import identity
from bulletin.web.network.weeks.words import month_day
from bulletin.web.shared.formats import listed
from bulletin.web.shared.labels import form_name, struggle_name

from . import places

pages = Blueprint("topics", __name__, url_prefix="/network/topics")

PAGES_MAX = 200
ALL = "all"  # in an address: every site, where the page would open on one's own


def install(app: Flask) -> None:
    """Give templates the sentences of what is counted."""
    app.jinja_env.globals.update(sums_lead=lead, sums_done=done, sites_words=sites_words, among=among)


@pages.get("/<topic>")
def show(topic: str) -> str:
    """Who says that something comes up, and what was tried; by how many of how many."""
    identity.open_network()
    groups = Groups.now()
    if topic not in list(Struggle) or groups.count < inside.FEW:
        abort(404)
    struggle, sites = Struggle(topic), asked_for()
    number = min(max(1, request.args.get("page", 1, type=int)), PAGES_MAX)
    saying = sums.saying(struggle, sites, before=sums.SAYING * (number - 1))
    counted = Sums.of(sites, groups)
    return render_template(
        "network/topics/show.html",
        struggle=struggle,
        sites=sites,
        sums=counted,
        line=next((line for line in counted.lines if line.struggle is struggle), None),
        saying=saying[: sums.SAYING],
        more=len(saying) > sums.SAYING,
        number=number,
        tried=sums.tried(struggle, sites),
        deciding=places.deciding_sites(),
    )


def asked_for() -> Sites:
    """The sites that an address asks for."""
    return Sites(*(folded(request.args.get(name, ""))[:80] for name in ("sector", "place")))


def to_these(own: Site) -> str:
    """The words to begin with for who proposes something from a topic's page: to whom. Each of them has told it."""
    topic = request.args.get("topic")
    if topic not in list(Struggle) or inside.count_in() < inside.FEW:
        return ""
    saying = [one.told.site for one in sums.saying(Struggle(topic), asked_for())]
    names = [site.name for site in saying[: sums.SAYING] if site.id != own.id]
    return _("To %(sites)s:", sites=listed(names)) + " " if names else ""


def shown(mine: list[Site], count: int) -> Sites:
    """The same; where very many are in and nothing is asked for, those of a member's own sector, or place."""
    asked = asked_for()
    if not asked.is_all or ALL in request.args or count < sums.MANY:
        return asked
    own = [
        *(Sites(sector=folded(site.sector)) for site in mine),
        *(Sites(place=folded(site.whereabouts)) for site in mine),
    ]
    return next((sites for sites in own if not sites.is_all), EVERY_SITE)


def among(sites: Sites) -> dict[str, str]:
    """What an address says of them."""
    found = {"sector": sites.sector, "place": sites.place}
    return {name: words for name, words in found.items() if words} or {ALL: "1"}


def lead(counted: Sums) -> str:
    """The sentence of the week: a count, never a conclusion."""
    line = counted.lead
    if line is None or not line.all.now:
        return told_words(counted)
    about: dict[str, Any] = {
        "struggle": capitalized(struggle_name(line.struggle)),
        "count": line.all.now,
        "of": counted.told,
    }
    if line.all.rises:
        about |= {"new": line.all.new, "day": month_day(counted.lately)}
        new = _("%(struggle)s comes up in %(count)s of %(of)s groups, and is new in %(new)s since %(day)s.", **about)
        return str(new)
    return str(_("%(struggle)s comes up in %(count)s of %(of)s groups.", **about))


def told_words(counted: Sums) -> str:
    """How many told something."""
    return str(_("%(told)s of %(count)s groups told something this week.", told=counted.told, count=counted.count))


def done(counted: Sums) -> str:
    """In how many sites what was done, the rarest last."""
    return " · ".join(
        f"{_('A paper') if form == tags.PAPER else form_name(form)}: {count}" for form, count in counted.done.items()
    )


def sites_words(counted: Sums) -> str:
    """Which sites these are."""
    if counted.sites.is_all:
        return str(ngettext("%(num)d group", "%(num)d groups", counted.count))
    return next((group.words for group in counted.groups if group.sites == counted.sites), counted.sites.words)


def capitalized(words: str) -> str:
    """With a capital to begin a sentence."""
    return words[:1].upper() + words[1:]
