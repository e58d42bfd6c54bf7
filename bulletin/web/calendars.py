"""The days of a site: a week, a month, and a file for a calendar elsewhere."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("calendars", __name__, url_prefix="/sites/<uuid:site_id>/calendar")
