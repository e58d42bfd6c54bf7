"""Where the asking member is, among the sites that are in."""

from __future__ import annotations

from collections.abc import Iterator

from flask import abort

from bulletin.db import db
from bulletin.domain.network import inside
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.sites import Site
from bulletin.vault import tenancy
from bulletin.vault.readers import Reader
from bulletin.web.guard import identity


def deciding_sites() -> list[Site]:
    """Those among them where the asking member decides."""
    return [place.site for place in each() if inside.answers(place)]


def own_sites() -> list[Site]:
    """The sites that are in where the asking member is; 404 where there is none."""
    return [place.site for place in of_member()]


def of_member() -> list[Membership]:
    """Where the asking member is, among the sites that are in; 404 where that is nowhere."""
    return [*each()] or abort(404)


def of_reader() -> list[Membership]:
    """The same; none of whom the sites ask to do something, and who is in none of them."""
    return [*each()] or nowhere()


def nowhere() -> list[Membership]:
    """Of a reader who is in no site that is in; 404 for who should be, and whose places do not open."""
    return [] if tenancy.reader_of(db.session) is Reader.ASKED else abort(404)


def each() -> Iterator[Membership]:
    """The same one by one, each with its site open. Left aside is one that does not open, or has put them out."""
    for place in identity.open_network().memberships():
        if inside.is_in(place.site) and identity.opens(place):
            yield place
