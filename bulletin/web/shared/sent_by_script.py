"""Forms that static/js/send.js sends: it is told where to go on. A script that follows would load the page twice."""

from __future__ import annotations

from flask import Flask, Response, request

MARK = "X-Sent-By"


def install(app: Flask) -> None:
    """Answer such a form with the address of the next page, and no body, where a browser would be sent on to it."""
    app.after_request(_name)


def _name(response: Response) -> Response:
    if request.headers.get(MARK) == "script" and response.status_code in (302, 303):
        response.status_code = 204  # `Location` stays
        response.set_data(b"")
        response.headers.pop("Content-Type", None)
    return response
