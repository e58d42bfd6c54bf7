"""What is due: whom to go back to, and why."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("follow_ups", __name__, url_prefix="/sites/<uuid:site_id>/follow-ups")
