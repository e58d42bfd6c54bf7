"""Workmates: the list, one of them, and what becomes of them."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("contacts", __name__, url_prefix="/sites/<uuid:site_id>/contacts")
