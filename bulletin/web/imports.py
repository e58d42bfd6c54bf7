"""Names from a phone or a list: nothing is kept that was not ticked."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("imports", __name__, url_prefix="/sites/<uuid:site_id>/imports")
