"""What this protects, and what not: for everybody to read, before they join and after."""

from __future__ import annotations

from flask import Blueprint, render_template

pages = Blueprint("protection", __name__)


@pages.get("/protection")
def show() -> str:
    """One page in plain words."""
    return render_template("portability/protection/show.html")
