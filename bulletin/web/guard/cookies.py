"""What our cookies are called, and who may have them: this site alone, and no script."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, request


def read(what: str) -> str:
    """What a cookie of ours holds; empty if there is none."""
    return request.cookies.get(_name(what), "")


def leave(response: Response, what: str, value: str, lasts: timedelta | None) -> None:
    """Leave a cookie in the browser; None: until it is closed."""
    response.set_cookie(
        _name(what),
        value,
        max_age=lasts,
        path="/",
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )


def take_back(response: Response, what: str) -> None:
    """Delete one, if it came along."""
    if _name(what) in request.cookies:
        response.delete_cookie(_name(what), secure=request.is_secure, httponly=True, samesite="Lax")


def _name(what: str) -> str:
    # On plain http, which never leaves the machine or Tor, a browser takes neither the prefix nor Secure.
    return f"__Host-{what}" if request.is_secure else what
