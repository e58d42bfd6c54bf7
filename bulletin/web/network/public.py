"""What a site tells to anyone: a page, a feed, its papers. Asks nobody who they are; no cookie, no script."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, abort, render_template, url_for

from bulletin.domain.network import taking, weeks
from bulletin.domain.network.told import Told
from bulletin.web.guard import access, hosts
from bulletin.web.shared.downloads import download, number_name
from bulletin.web.sheets import editor

from . import pieces

pages = Blueprint("public", __name__, url_prefix="/public/<uuid:teller_id>")

SHOWN = 20


@pages.get("")
def index(teller_id: uuid.UUID) -> str:
    """All of it, the newest first."""
    return render_template("network/public/index.html", **_all(teller_id))


@pages.get("/feed")
def feed(teller_id: uuid.UUID) -> Response:
    """The same as an Atom feed."""
    text = render_template("network/public/feed.xml", origin=hosts.own_origin(), **_all(teller_id))
    return Response(text, content_type="application/atom+xml; charset=utf-8")


@pages.get("/<uuid:copy_id>")
def show(teller_id: uuid.UUID, copy_id: uuid.UUID) -> str:
    """One thing. A paper has a way to make one of it where whoever reads this works."""
    told = _one(teller_id, copy_id)
    return render_template(
        "network/public/show.html",
        told=told,
        said=told.said,
        pieces=pieces.shown(told.text or "") if told.is_paper else [],
        told_week=_told_week([told]),
        setting_is_open=access.open_to_all(),
    )


@pages.get("/<uuid:copy_id>/sheet")
def sheet(teller_id: uuid.UUID, copy_id: uuid.UUID) -> Response:
    """A paper as it was printed."""
    told = _one(teller_id, copy_id)
    return download(told.sheet or abort(404), "application/pdf", f"{number_name(told.said.number)}.pdf")


@pages.get("/<uuid:copy_id>/setting")
def setting(teller_id: uuid.UUID, copy_id: uuid.UUID) -> Response:
    """The open page with a paper's text, for people without an account; 404 where that page is not open."""
    told = _one(teller_id, copy_id)
    return editor.begun_with(taking.text_of(told)) if told.is_paper and access.open_to_all() else abort(404)


@pages.get("/<uuid:copy_id>/text")
def text(teller_id: uuid.UUID, copy_id: uuid.UUID) -> Response:
    """A paper's text to go on from, without what is its site's own."""
    told = _one(teller_id, copy_id)
    if not told.is_paper:
        abort(404)
    return download(taking.text_of(told).encode(), "text/plain; charset=utf-8", "text.md")


def _all(teller_id: uuid.UUID) -> dict[str, Any]:
    """404 for a site that tells nothing to anyone, as for one that is not there."""
    told = Told.to_anyone(teller_id, SHOWN) or abort(404)
    about = {"site": told[0].site, "address": url_for(".index", teller_id=teller_id)}
    return {"told": told, "told_week": _told_week(told), **about}


def _told_week(told: list[Told]) -> dict[str, Told]:
    """What weeks among these name that was told to anyone, too."""
    return weeks.pointed_to(one.said for one in told if one.is_week)


def _one(teller_id: uuid.UUID, copy_id: uuid.UUID) -> Told:
    return Told.one_to_anyone(teller_id, copy_id) or abort(404)
