"""Files of our own, each with its version in its address; read when the program begins, and compressed once."""

from __future__ import annotations

import hashlib
import mimetypes
import pathlib

from flask import Flask, Response, abort, request

from bulletin.web.guard import compression
from bulletin.web.guard.headers import may_be_kept

KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}  # else a machine's own list says


def install(app: Flask) -> None:
    """Give templates `static(name)`, and let browsers keep what it points to."""
    folder = pathlib.Path(str(app.static_folder))
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    versions = {name: hashlib.sha256(content).hexdigest()[:12] for name, content in files.items()}

    def static(name: str) -> str:
        # Not url_for: it needs a routed request, and a refused Host header has none.
        return f"/static/{name}?v={versions[name]}"

    def send(filename: str) -> Response:
        if filename not in files:
            abort(404)
        suffix = pathlib.PurePath(filename).suffix
        kind = KINDS.get(suffix) or mimetypes.guess_type(filename)[0] or "application/octet-stream"
        return kept(files[filename], kind, versions[filename])

    app.view_functions["static"] = send
    app.jinja_env.globals["static"] = static


def kept(content: bytes, kind: str, version: str) -> Response:
    """A file that a browser keeps: for good under the address with its version, else asking each time."""
    may_be_kept(version)
    response = compression.file(Response(content_type=kind), content)
    response.set_etag(f"{version}-{response.content_encoding or 'plain'}")
    response.make_conditional(request)
    return response
