"""The first page: which kinds of bulletin there are to start from."""

from __future__ import annotations

from flask import Blueprint, render_template

from bulletin.press.kinds import KINDS

pages = Blueprint("kinds", __name__)


@pages.get("/")
@pages.get("/kinds", endpoint="all")  # a member's `/` is their sites
def index() -> str:
    """The kinds, each with a picture of its sample and what it asks."""
    return render_template("sheets/kinds/index.html", kinds=KINDS.values())
