"""No other site can make a browser send our forms."""

from __future__ import annotations

from flask import Flask, abort, request
from flask_babel import gettext as _

from bulletin.domain.site.accounts.refused_tries import Try

from . import refused_tries
from .hosts import own_origin

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def guard(app: Flask) -> None:
    """Refuse whatever changes or makes something and was not sent from a page of ours."""
    app.before_request(_refuse)


def _refuse() -> None:
    if request.method in SAFE_METHODS:
        return
    # Safari before 16.4, and any browser on plain http, sends no Sec-Fetch-Site but an Origin.
    site = request.headers.get("Sec-Fetch-Site")
    ours = site == "same-origin" if site else request.headers.get("Origin") == own_origin()
    if not ours:
        refused_tries.count(Try.CROSS_SITE)
        abort(403, _("This was not sent from our own page. Open the page, and send it from there."))
