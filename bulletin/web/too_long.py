"""Bodies longer than the limit: what was typed is kept, the rest is read and thrown away."""

from __future__ import annotations

from flask import g, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Field, MultipartDecoder, NeedData

from ..config import BODY_MAX

DRAINED_MAX = 16 * 1024 * 1024  # bytes; a photograph chosen by mistake


def refuse_endless() -> None:
    """Raise 413 for a chunked body beyond the limit: read as a form it would end there, without a word."""
    if request.content_length is None and len(request.get_data()) >= BODY_MAX:
        raise RequestEntityTooLarge


def drain() -> bytes:
    """Read a body that nobody has read yet, and give back its first BODY_MAX bytes.

    A browser that is cut off while it still sends shows an error page of its own, and not ours.
    """
    length = request.content_length or 0
    if length <= BODY_MAX or "drained" in g:
        return b""  # Somebody has read it, at least in part: to read on could wait for ever.
    g.drained = True
    stream, left, head = request.environ["wsgi.input"], min(length, DRAINED_MAX), b""
    while left > 0:
        piece = stream.read(min(left, 65536))
        if not piece:
            break
        left -= len(piece)
        head += piece[: BODY_MAX - len(head)]
    return head


def typed() -> dict[str, str]:
    """The fields of a form that are complete within the first BODY_MAX bytes of its body."""
    head = drain()
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
