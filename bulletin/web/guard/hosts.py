"""Under which name, and how safely, the app may be reached."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request
from flask_babel import gettext as _
from werkzeug.middleware.proxy_fix import ProxyFix

from bulletin.config import is_private_name
from bulletin.domain.site.accounts.refused_tries import Try

from . import refused_tries

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class TrustedProxy:
    """Believes X-Forwarded-* from one address, and from nowhere else."""

    def __init__(self, app: WSGIApplication, address: str) -> None:
        self.direct = app
        self.proxied = ProxyFix(app, x_for=1, x_proto=1, x_host=1)
        self.address = ipaddress.ip_address(address)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        peer = _address(environ.get("REMOTE_ADDR"))
        app = self.proxied if peer == self.address else self.direct
        return app(environ, start_response)


def guard(app: Flask) -> None:
    """Refuse other names than PUBLIC_URL, and plain http that leaves the machine."""
    if app.config["TRUSTED_PROXY"]:
        app.wsgi_app = TrustedProxy(app.wsgi_app, app.config["TRUSTED_PROXY"])  # type: ignore[method-assign]
    # An address with a slash too many is none: the redirect to its like would be to an http:// address.
    app.url_map.merge_slashes = False
    app.before_request(_refuse)


def own_origin() -> str:
    """The origin this request must come from: PUBLIC_URL, else the one it was sent to."""
    return str(current_app.config["PUBLIC_URL"]) or f"{request.scheme}://{request.host}"


def _refuse() -> None:
    if request.path == "/up" and _is_loopback(request.remote_addr):
        return  # Whoever watches over the machine asks without knowing the public name.
    public_host = urlsplit(current_app.config["PUBLIC_URL"]).netloc
    if public_host and request.host.lower() != public_host:
        refused_tries.count(Try.OTHER_NAME)
        abort(400, _("This page lives at another address. Check the one you were given."))
    name = urlsplit(f"//{request.host}").hostname or ""
    if not request.is_secure and not is_private_name(name):
        refused_tries.count(Try.OTHER_NAME)
        sentence = _("Under this name the page is only shown with https:// in front. Check the name, and write it so.")
        abort(403, sentence)


def _address(text: str | None) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text or "")
    except ValueError:
        return None
    # A socket for both families shows IPv4 peers as ::ffff:192.0.2.1.
    return getattr(address, "ipv4_mapped", None) or address


def _is_loopback(text: str | None) -> bool:
    address = _address(text)
    return address is not None and address.is_loopback
