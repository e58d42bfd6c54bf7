"""Answers are sent compressed where nobody can learn anything by how long they become.

Whoever listens sees how long an answer is. Where something that a stranger chose stands compressed beside a secret, it
is a little shorter when it resembles the secret: with thousands of tries the secret is guessed (BREACH). So a page is
compressed where nobody is known: it holds no secret. Else only where our own page or the address bar asked, which no
stranger's page brings about, and nothing is in its address to be repeated. What a form is answered never is:
words to sign in with are shown there.
"""

from __future__ import annotations

import functools
import gzip
import io
import secrets

import zopfli.gzip as zopfli
from flask import Flask, Response, request

LEAST = 1_000  # bytes: what fits into one packet comes no sooner
NAME_MAX = 64  # letters of a name that nobody reads, so that lengths say less
PAGES = ("text/html", "application/atom+xml")
OURS = ("same-origin", "none")  # Sec-Fetch-Site, of what our own page asks for, and the address bar


def guard(app: Flask) -> None:
    """Compress pages on their way out. First of all doors: then it is the last that touches an answer."""
    app.after_request(_compress)


def file(response: Response, content: bytes) -> Response:
    """A file of our own in an answer that has none yet, compressed once for all who take it so. It needs its type."""
    packed = _packed(content)
    response.vary.add("Accept-Encoding")
    if len(packed) < len(content) and _takes_gzip():
        response.content_encoding = "gzip"
        content = packed
    response.set_data(content)
    return response


@functools.lru_cache(maxsize=256)  # as many files as there are: nobody else's come here
def _packed(content: bytes) -> bytes:
    packed: bytes = zopfli.compress(content)  # smaller by a thirtieth, and slow: once
    return packed


def _compress(response: Response) -> Response:
    if response.mimetype in PAGES and response.status_code == 200:
        response.vary.add("Accept-Encoding")
        if _may_be_compressed() and not response.is_streamed and not response.content_encoding:
            page = response.get_data()
            if len(page) >= LEAST:
                response.set_data(_padded(page))
                response.content_encoding = "gzip"
    return response


def _may_be_compressed() -> bool:
    if request.method not in ("GET", "HEAD") or not _takes_gzip():
        return False
    ours = request.headers.get("Sec-Fetch-Site") in OURS and not request.query_string
    return ours or not request.cookies


def _takes_gzip() -> bool:
    return request.accept_encodings["gzip"] > 0


def _padded(page: bytes) -> bytes:
    packed = io.BytesIO()
    name = "x" * secrets.randbelow(NAME_MAX)
    with gzip.GzipFile(name, "wb", 6, packed, mtime=0) as file_:
        file_.write(page)
    return packed.getvalue()
