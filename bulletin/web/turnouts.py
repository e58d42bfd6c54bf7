"""Who committed and who came: a list to tick at the gate."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("turnouts", __name__, url_prefix="/sites/<uuid:site_id>/actions/<uuid:action_id>/turnout")
