"""The escalation plan: steps towards a date."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("steps", __name__, url_prefix="/sites/<uuid:site_id>/steps")
