"""The chart: who works where, with whom somebody has talked, and where nobody is yet."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("charts", __name__, url_prefix="/sites/<uuid:site_id>/chart")
