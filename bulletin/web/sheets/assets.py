"""The sheet's style and faces, for its preview in a frame."""

from __future__ import annotations

import mimetypes

from flask import Blueprint, Response, abort

from bulletin.press import typesetting
from bulletin.web.shared.static import kept

pages = Blueprint("assets", __name__)

TYPES = {".css": "text/css; charset=utf-8", ".ttf": "font/ttf", ".woff2": "font/woff2"}


@pages.get("/press/<path:name>")
def asset(name: str) -> Response:
    """One style sheet or face."""
    try:
        content = typesetting.asset(name)
    except KeyError:
        abort(404)
    suffix = name[name.rfind(".") :]
    kind = TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return kept(content, kind, typesetting.asset_version(name))
