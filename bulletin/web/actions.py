"""What is done together: planned, noted, and what came of it."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("actions", __name__, url_prefix="/sites/<uuid:site_id>/actions")
