"""What a member has opened: kept for ninety days, and always shown to that member."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response

from bulletin.domain.people.reading import days
from bulletin.web.guard import identity
from bulletin.web.shared.rendering import render

pages = Blueprint("reading", __name__, url_prefix="/sites/<uuid:site_id>/reading")


@pages.get("")
def index(site_id: uuid.UUID) -> Response:
    """What I have opened."""
    me = identity.open_site(site_id)
    return render("people/reading/index.html", site=me.site, days=days(site_id, me.member_id.hex))
