"""Files of our own, each with its version in its address; read when the program begins, and compressed once.

The styles of all rooms are sent as one file, and a script with what it takes from others: on a slow line each more that
is asked for costs more than it weighs. Comments stay here.
"""

from __future__ import annotations

import hashlib
import mimetypes
import pathlib
import re

from flask import Flask, Response, abort, request

from bulletin.web.guard import compression
from bulletin.web.guard.headers import may_be_kept

ROOMS = "css/rooms.css"
JOINED = [f"css/{room}.css" for room in ("site", "papers", "people", "actions", "network")]  # later ones change earlier
IMPORT = re.compile(rb'^import \{[^}]*\} from "\./([\w-]+\.js)";$', re.MULTILINE)
COMMENTS = {
    ".css": re.compile(rb"/\*.*?\*/\n?", re.DOTALL),
    ".js": re.compile(rb"^[ \t]*(?://[^\n]*|/\*.*?\*/)\n", re.DOTALL | re.MULTILINE),  # that fill their lines
}
TYPES = {  # else a machine's own list says
    **{".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".webp": "image/webp"},
}
WORKER = "js/worker.js"  # which answers for a phone without signal


def install(app: Flask) -> None:
    """Give templates `static(name)`, and let browsers keep what it points to."""
    folder = pathlib.Path(str(app.static_folder))
    files = _read(folder)
    versions = {name: _version(content) for name, content in files.items()}

    def static(name: str) -> str:
        # Not url_for: it needs a routed request, and a refused Host header has none.
        return f"/static/{name}?v={versions[name]}"

    def send(filename: str) -> Response:
        if filename not in files:
            abort(404)
        suffix = pathlib.PurePath(filename).suffix
        kind = TYPES.get(suffix) or mimetypes.guess_type(filename)[0] or "application/octet-stream"
        response = kept(files[filename], kind, versions[filename])
        if filename == WORKER:
            response.headers["Service-Worker-Allowed"] = "/"
        return response

    app.view_functions["static"] = send
    app.jinja_env.globals["static"] = static


def _read(folder: pathlib.Path) -> dict[str, bytes]:
    """All of them, by their names."""
    files = {path.relative_to(folder).as_posix(): _bare(path) for path in folder.rglob("*") if path.is_file()}
    files[ROOMS] = b"".join(files.pop(name) for name in JOINED)

    def script(name: str, there: set[str]) -> bytes:
        """With what it takes from others in it, once each, in the place of a line that would ask for them."""
        if name in there:
            return b""
        there.add(name)
        taken = IMPORT.sub(lambda found: script(f"js/{found[1].decode()}", there), files[name])
        return taken.replace(b"\nexport ", b"\n") if name in libraries else taken

    libraries = {f"js/{found.decode()}" for content in files.values() for found in IMPORT.findall(content)}
    return {name: script(name, set()) if name.endswith(".js") else content for name, content in files.items()}


def _bare(path: pathlib.Path) -> bytes:
    content, comments = path.read_bytes(), COMMENTS.get(path.suffix)
    return comments.sub(b"", content) if comments else content


def _version(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def kept(content: bytes, kind: str, version: str) -> Response:
    """A file that a browser keeps: for good under the address with its version, else asking each time."""
    may_be_kept(version)
    response = compression.file(Response(content_type=kind), content)
    response.set_etag(f"{version}-{response.content_encoding or 'plain'}")
    response.make_conditional(request)
    return response
