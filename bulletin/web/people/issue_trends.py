"""What people bring up, week by week."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template

from bulletin.db import today
from bulletin.domain.people.issue_trends import LATELY, WEEKS, eddies_at
from bulletin.web.guard import identity

pages = Blueprint("issue_trends", __name__, url_prefix="/sites/<uuid:site_id>/eddies")


@pages.get("")
def show(site_id: uuid.UUID) -> str:
    """The last twelve weeks, what rises first."""
    me = identity.open_site(site_id)
    eddies = eddies_at(site_id, today(me.site.zone))
    return render_template(
        "people/issue_trends/show.html",
        site=me.site,
        rising=[eddy for eddy in eddies if eddy.rises],
        others=[eddy for eddy in eddies if not eddy.rises],
        most=max((max(eddy.weeks) for eddy in eddies), default=0),
        weeks=WEEKS,
        lately=LATELY,
    )
