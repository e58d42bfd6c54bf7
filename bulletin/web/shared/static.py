"""Files of our own, each with its version in its address; read when the program begins, and compressed once.

A page asks for one style sheet and one script, with what they take from others in them: on a slow line each more that
is asked for costs more than it weighs. Comments and blanks stay here.
"""

from __future__ import annotations

import hashlib
import mimetypes
import pathlib
import re

import rcssmin
import rjsmin
from flask import Flask, Response, abort, request

from bulletin.web.guard import compression
from bulletin.web.guard.headers import may_be_kept

STYLES = {  # what each kind of page asks for, of what it is put together; later ones change earlier
    "open": ("base", "writing"),
    "site": ("base", "site", "home"),
    "papers": ("base", "writing", "site", "papers"),
    "people": ("base", "site"),
    "plots": ("base", "site", "plots", "chart"),
    "actions": ("base", "site", "ticks", "actions"),
    "network": ("base", "site", "plots", "network"),
}
SCRIPTS = {  # put together of these, each in a block, so that its names are its own
    "js/room.js": ("hide", "accounts", "send", "phone"),
    "js/paper.js": ("measure_at_once", "open_part"),
}
IMPORT = re.compile(rb'^import \{[^}]*\} from "\./([\w-]+\.js)";$', re.MULTILINE)
TYPES = {  # else a machine's own list says
    **{".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"},
    **{".webp": "image/webp", ".png": "image/png"},
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
    """All of them, by their names, as they are sent."""
    smaller = {".css": rcssmin.cssmin, ".js": rjsmin.jsmin}
    files = put_together(folder)
    return {name: smaller.get(pathlib.PurePath(name).suffix, bytes)(content) for name, content in files.items()}


def put_together(folder: pathlib.Path) -> dict[str, bytes]:
    """All of them, by their names, with what they take from others in them."""
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    sheets = {name: files.pop(name) for name in [*files] if name.endswith(".css")}
    files |= {
        f"css/{page}.css": b"".join(sheets[f"css/{name}.css"] for name in names) for page, names in STYLES.items()
    }

    def script(name: str, there: set[str]) -> bytes:
        """With what it takes from others in it, once each, in the place of a line that would ask for them."""
        if name in there:
            return b""
        there.add(name)
        taken = IMPORT.sub(lambda found: script(f"js/{found[1].decode()}", there), files[name])
        return taken.replace(b"\nexport ", b"\n") if name in libraries else taken

    libraries = {f"js/{found.decode()}" for content in files.values() for found in IMPORT.findall(content)}
    scripts = {name: script(name, set()) for name in files if name.startswith("js/")}
    for name, parts in SCRIPTS.items():
        scripts[name] = b"".join(b"{\n%s}\n" % scripts[f"js/{part}.js"] for part in parts)
    return files | scripts


def _version(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def kept(content: bytes, kind: str, version: str) -> Response:
    """A file that a browser keeps: for good under the address with its version, else asking each time."""
    may_be_kept(version)
    response = compression.file(Response(content_type=kind), content)
    response.set_etag(f"{version}-{response.content_encoding or 'plain'}")
    response.make_conditional(request)
    return response
