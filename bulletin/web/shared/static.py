"""Files of our own, each with its version in its address."""

from __future__ import annotations

import functools
import hashlib
import pathlib

from flask import Flask, request

from bulletin.web.guard.headers import may_be_kept


def install(app: Flask) -> None:
    """Give templates `static(name)`, and let browsers keep what it points to."""
    folder = pathlib.Path(str(app.static_folder))

    @functools.cache
    def version(name: str) -> str:
        return hashlib.sha256((folder / name).read_bytes()).hexdigest()[:12]

    def static(name: str) -> str:
        # Not url_for: it needs a routed request, and a refused Host header has none.
        return f"/static/{name}?v={version(name)}"

    @app.before_request
    def keep() -> None:
        name = (request.view_args or {}).get("filename")
        if request.endpoint == "static" and name and (folder / name).is_file():
            may_be_kept(version(name))

    app.jinja_env.globals["static"] = static
