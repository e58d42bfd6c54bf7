"""Talks: noted in under twenty seconds; then, if one likes, what was asked and promised."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("conversations", __name__, url_prefix="/sites/<uuid:site_id>/conversations")
