"""Bodies: read whole before anything else is done; of those longer than the limit, what was typed is kept."""

from __future__ import annotations

import io
from typing import IO, Any

from flask import Flask, Request, g, request
from flask_babel import gettext as _
from werkzeug.exceptions import Forbidden, RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Field, MultipartDecoder, NeedData

from bulletin.config import BODY_MAX

from . import access, identity
from .cross_site import SAFE_METHODS

LONGER = {  # bytes, by endpoint; the others take BODY_MAX
    "pictures.create": 26 * 1024 * 1024,
    "imports.read": 11 * 1024 * 1024,
    "imports.create": 6 * 1024 * 1024,  # 5,000 people as the page before had them
    "exports.bring": 31 * 1024 * 1024,  # all of a site
}
LONG_TEXTS = ("imports.read", "imports.create")  # where one field may be as long as all of it
DRAINED_MAX = 16 * 1024 * 1024  # bytes; a photograph chosen by mistake


class InMemory(Request):
    """Keeps files that were sent where nothing of them stays behind: Werkzeug's own way is the disk."""

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        return io.BytesIO()


def guard(app: Flask) -> None:
    """Read each body before the database is asked for more than who sends it: whoever is slow keeps nobody waiting.

    Before identity.guard().
    """
    app.request_class = InMemory
    app.before_request(_read)


def _read() -> None:
    if request.method in SAFE_METHODS:
        return
    request.max_content_length = limit = LONGER.get(request.endpoint or "", BODY_MAX)
    if request.endpoint in LONG_TEXTS:
        request.max_form_memory_size = limit
    length = request.content_length
    if length is None or length > BODY_MAX:
        _ask_who_sends(too_long=length is not None and length > limit)
    if length is None:
        # Chunked: read as a form it would end at the limit, without a word.
        if len(request.get_data()) >= limit:
            raise RequestEntityTooLarge
    elif length > limit:
        g.head = _drained(length)
    elif length > BODY_MAX:
        len(request.form)  # taken apart as it comes, and so in memory only once
    else:
        request.get_data()


def _ask_who_sends(*, too_long: bool) -> None:
    """Read nothing long of a stranger's; what is too long is read to its end for people we know alone."""
    for_members = request.endpoint in LONGER
    if (not for_members and (access.open_to_all() or not too_long)) or identity.sends_before_it_is_asked():
        return
    if for_members:
        raise Forbidden(_("You are not signed in here. Sign in, then send this again."))
    raise RequestEntityTooLarge


def _drained(length: int) -> bytes:
    """Read a body to its end, and give back its first BODY_MAX bytes.

    A browser that is cut off while it still sends shows an error page of its own, and not ours.
    """
    stream, left, head = request.environ["wsgi.input"], min(length, DRAINED_MAX), b""
    while left > 0:
        try:
            piece = stream.read(min(left, 65536))
        except OSError:
            break  # Nobody is there any more.
        if not piece:
            break
        left -= len(piece)
        head += piece[: BODY_MAX - len(head)]
    return head


def typed() -> dict[str, str]:
    """The fields of a form that are complete within the first BODY_MAX bytes of its body."""
    head: bytes = g.get("head", b"")
    boundary = request.mimetype_params.get("boundary", "")
    if request.mimetype != "multipart/form-data" or not boundary:
        return {}
    decoder = MultipartDecoder(boundary.encode("ascii", "replace"))
    fields: dict[str, str] = {}
    name, value = "", b""
    try:
        decoder.receive_data(head)
        while not isinstance(event := decoder.next_event(), NeedData):
            if isinstance(event, Field):
                name, value = event.name, b""
            elif isinstance(event, Data):
                value += event.data
                if name and not event.more_data:
                    fields[name] = value.decode("utf-8", "replace")
            else:
                name = ""  # A file: not something typed.
    except ValueError:
        pass  # No sound form: what came before it may be.
    return fields
