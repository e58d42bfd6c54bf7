"""A template as a response: what most views end with."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template


def render(template: str, status: int = 200, **values: Any) -> Response:
    """The page that a template makes of these values, with an HTTP status."""
    return make_response(render_template(template, **values), status)
