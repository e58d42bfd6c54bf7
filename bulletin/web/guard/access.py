"""What is open to whom: the sheet page to all on one's own machine, to members elsewhere; and where `/` leads.

Whom the sites ask to do something, and who is in none, reads the network's pages, and nothing else is open to them.
"""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from bulletin.domain.network.answering import mandates
from bulletin.domain.site.sites import Network

from . import identity

OWN_NAMES = ("localhost", "127.0.0.1", "::1")
THE_PRESS = ("kinds", "sheets")  # rooms that need no account, where they are open to all
SIGNING_OUT = "signing_in.end"  # is everybody's
TO_WHO_IS_ASKED = frozenset(  # and is in no site; beside what asks nobody who they are
    (
        *("told.index", "told.show", "told.sheet", "topics.show"),
        *("kinds.index", "home.mine"),  # which lead there
        *("devices.index", "devices.rename", "devices.revoke", "devices.end_all", "devices.choose_language"),
        *("devices.hide", "devices.hidden", "devices.reveal", "new_words.show", "new_words.create"),
        *("devices.sheet", "pins.show", "pins.create", "pins.decline"),
        *("signing_in.new", "signing_in.create", "signing_in.left", "protection.show", "print_tickets.show"),
    )
)


def guard(app: Flask) -> None:
    """Keep the press for members, unless only this machine can reach it. After identity.guard()."""
    app.before_request(_keep_to_the_network)
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


def _keep_to_the_network() -> None:
    """Whoever has an account and no site reads what they are asked to read; where they are asked no more, nothing."""
    me = identity.member()
    if me is None or request.endpoint == SIGNING_OUT or "site_id" in (request.view_args or {}):
        return  # the pages of a site ask for a place in it: identity.open_site()
    if not me.has_place() and (request.endpoint not in TO_WHO_IS_ASKED or mandates.task_of(me) is None):
        abort(404)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
