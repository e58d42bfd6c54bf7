"""What every answer tells the browser, errors and files included. What a page may do, a file need not be told."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

CLOSED = (
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), "
    "gyroscope=(), hid=(), idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), "
    "picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), "
    "xr-spatial-tracking=()"
)

ALWAYS = {"Cross-Origin-Resource-Policy": "same-origin", "X-Content-Type-Options": "nosniff"}
OF_PAGES = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": CLOSED,
    # Not no-referrer: that would make the Origin of our own forms "null".
    "Referrer-Policy": "same-origin",
}
FILES = frozenset(
    {"text/css", "text/javascript", "font/woff2", "image/webp", "image/png"}
)  # what no browser opens as a page

YEAR_S = 365 * 24 * 60 * 60
BUSY_S = 10  # when to ask again, where an answer does not say so itself


def guard(app: Flask) -> None:
    """Put the headers on every response of the app."""
    app.after_request(_put)


def may_be_kept(version: str) -> None:
    """Let browsers keep this answer: for good if the URL names its version, else after asking."""
    named = request.args.get("v") == version
    g.caching = f"public, max-age={YEAR_S}, immutable" if named else "no-cache"


def _put(response: Response) -> Response:
    fine = response.status_code in (200, 206, 304)
    is_file = fine and "caching" in g and response.mimetype in FILES
    for name, value in (ALWAYS if is_file else ALWAYS | OF_PAGES).items():
        response.headers[name] = value
    response.headers["Cache-Control"] = g.get("caching", "no-store") if fine else "no-store"
    if response.status_code == 503:
        response.headers.setdefault("Retry-After", str(BUSY_S))
    if request.is_secure:
        below = "; includeSubDomains" if current_app.config["HSTS_SUBDOMAINS"] else ""
        response.headers["Strict-Transport-Security"] = f"max-age={YEAR_S}{below}"
    return response
