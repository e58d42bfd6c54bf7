"""The map of a site: its departments and shifts, and how many work there."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("units", __name__, url_prefix="/sites/<uuid:site_id>/map")
