"""What is open to whom: the sheet page to all on one's own machine, to members elsewhere; and where `/` leads."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from bulletin.domain.site.sites import Network

from . import identity

OWN_NAMES = ("localhost", "127.0.0.1", "::1")
THE_PRESS = ("kinds", "sheets")  # rooms that need no account, where they are open to all


def guard(app: Flask) -> None:
    """Keep the press for members, unless only this machine can reach it. After identity.guard()."""
    app.before_request(_refuse)
    app.context_processor(lambda: {"door": door})


def open_to_all() -> bool:
    """Is this from the machine itself? A proxy or an onion service comes from 127.0.0.1 too, but by another name."""
    settings = current_app.config
    if settings["PUBLIC_URL"] or settings["TRUSTED_PROXY"] or not _is_loopback(settings["HOST"]):
        return False
    return (urlsplit(f"//{request.host}").hostname or "") in OWN_NAMES


def door() -> dict[str, Any]:
    """For a page that is open to all: where its quiet link leads."""
    if identity.is_open():
        return {}
    founded = Network.here() is not None
    return {"founded": founded, "href": url_for("signing_in.new" if founded else "founding.new")}


def _refuse() -> Response | None:
    if request.blueprint not in THE_PRESS:
        return None
    at_the_door = request.endpoint == "kinds.index"
    if identity.is_open():
        return redirect(url_for("home.mine")) if at_the_door else None
    if open_to_all() and not (at_the_door and identity.device() is not None):
        return None
    if at_the_door and Network.here() is None:
        return redirect(url_for("founding.new"))
    identity.signed_in()
    return None


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
