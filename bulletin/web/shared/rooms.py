"""The rooms of a group: which one a page is in, and where it begins. Every page says so at its top.

By one tap on the group's name one is at its first page, and by a second one in any room.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from flask import Flask, g, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l

from bulletin.domain.site.sites import Site

from .labels import people_of

PEOPLE, PAPERS, DEEDS, NETWORK, US = "contacts.index", "bulletins.index", "actions.index", "told.index", "members.index"
NAMES: Mapping[str, Any] = {
    PAPERS: _l("Papers"),
    DEEDS: _l("What we do"),
    NETWORK: _l("The network"),
    US: _l("Members"),
}
# Where each blueprint's pages belong: the address at which that room begins.
ROOMS: Mapping[str, str] = {
    **dict.fromkeys(("contacts", "conversations", "follow_ups", "units", "chart", "issue_trends", "imports"), PEOPLE),
    **dict.fromkeys(("bulletins", "drafts", "articles", "bulletin_headers", "pictures", "approval", "proofs"), PAPERS),
    **dict.fromkeys(("printings", "distributions", "print_tickets"), PAPERS),
    **dict.fromkeys(("actions", "turnouts", "escalation_plan", "calendar"), DEEDS),
    **dict.fromkeys(("told", "telling", "needs", "weeks", "topics", "matters", "known", "meeting", "tables"), NETWORK),
    **dict.fromkeys(("home", "members", "invitations", "questions", "exports", "own", "reading"), US),
    **dict.fromkeys(("letters", "parked_letters"), US),
}
STYLES: Mapping[str, str] = {
    PEOPLE: "people",
    PAPERS: "papers",
    DEEDS: "actions",
    NETWORK: "network",
}  # the others look like "site"
OPEN = (None, "kinds", "sheets")  # for whom nobody has to be known


@dataclasses.dataclass(frozen=True)
class Room:
    """A room of a group, by its name and its first page."""

    name: str
    href: str


def install(app: Flask) -> None:
    """Give templates `screen_name(site)`, `way()`: the site that the page is of, and the room; and `style()`."""
    app.jinja_env.globals.update(screen_name=screen_name, way=way, style=style)


def screen_name(site: Site) -> str:
    """What the screens of a site call it: what it chose, or a word that says nothing."""
    return site.screen_name or _("Our notebook")


def way() -> tuple[Site, Room | None] | None:
    """The site that is open, and the room of it; None where there is none, as on a page about the phone."""
    site: Site | None = g.get("at_site")
    return None if site is None else (site, _room(site))


def style() -> str:
    """The style sheet of the room that was asked for, by its name: see static.STYLES."""
    return "open" if request.blueprint in OPEN else STYLES.get(ROOMS.get(_blueprint(), ""), "site")


def _blueprint() -> str:
    return (request.blueprint or "").partition(".")[0]


def _room(site: Site) -> Room | None:
    start = ROOMS.get(_blueprint())
    if start is None or request.endpoint == "home.show":
        return None
    name = people_of(site) if start == PEOPLE else str(NAMES[start])
    return Room(name, url_for(start) if start == NETWORK else url_for(start, site_id=site.id))
