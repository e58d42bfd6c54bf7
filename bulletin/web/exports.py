"""Everything a site has, to take along; and bringing it in elsewhere."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("exports", __name__, url_prefix="/sites/<uuid:site_id>/exports")
