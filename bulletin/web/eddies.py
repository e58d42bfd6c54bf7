"""What people bring up, week by week."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("eddies", __name__, url_prefix="/sites/<uuid:site_id>/eddies")
