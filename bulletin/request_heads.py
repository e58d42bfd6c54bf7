"""The head of a request, read once: by gunicorn's own parser, as soon as it is here.

Who reads a head for a second time may find another length in it, and then one person's request is answered to another.
What two readers could understand differently, a proxy in front and we, is refused, and the connection ends.
"""

from __future__ import annotations

import re
from typing import Any

from gunicorn.http.body import ChunkedReader
from gunicorn.http.errors import InvalidChunkSize, InvalidHeader, InvalidRequestLine, LimitRequestHeaders
from gunicorn.http.message import Request
from gunicorn.http.parser import RequestParser

from .config import BODY_MAX

HEAD_MAX = 64 * 1024  # bytes before the body; a browser sends two or three
DIGITS_MAX = 12  # of a length in figures; what is longer overflows in some readers
CHUNK_MAX = 64 * 1024 * 1024  # bytes; more than any body that is taken

# Where a head ends, or cannot be one any more: when the parser is asked, which alone says what stands there.
_ASK = re.compile(rb"\r\n\r\n|(?<!\r)\n")
_LENGTH = re.compile(rf"0|[1-9][0-9]{{0,{DIGITS_MAX - 1}}}")


class NotAllHere(BlockingIOError):
    """More of a request was asked for than has come."""


class BoundedChunks(ChunkedReader):  # type: ignore[misc]  # gunicorn has no types
    """A body in chunks, none of them so long that its length overflows in another reader."""

    def parse_chunk_size(self, unreader: Any, data: bytes | None = None) -> tuple[int, bytes | None]:
        """Bytes in the next chunk, and what is here of it."""
        size, rest = super().parse_chunk_size(unreader, data)
        if size > CHUNK_MAX:
            raise InvalidChunkSize(b"too long")
        return size, rest


class OneReading(Request):  # type: ignore[misc]
    """A request that all who keep to the standard read alike."""

    @property
    def length(self) -> int | None:
        """Bytes of its body; None where that comes in chunks."""
        lengths = [value for name, value in self.headers if name == "CONTENT-LENGTH"]
        return None if isinstance(self.body.reader, ChunkedReader) else int(*lengths)

    @property
    def is_long(self) -> bool:
        """Is its body too long to be held, or one that comes only when it is asked for?"""
        return self.length is None or self.length > BODY_MAX or self._expected_100_continue

    def set_body_reader(self) -> None:
        """Refuse what the standard allows and readers differ in; gunicorn refuses what it does not allow."""
        for name, value in self.headers:
            if name == "CONTENT-LENGTH" and not _LENGTH.fullmatch(value):
                raise InvalidHeader(name, req=self)
            if name == "TRANSFER-ENCODING" and value.lower() != "chunked":
                raise InvalidHeader(name, req=self)
        if not self.uri.startswith("/") and self.uri != "*":
            raise InvalidRequestLine("not a path of ours")  # which host is meant, that one or the header's?
        super().set_body_reader()
        if isinstance(self.body.reader, ChunkedReader):
            self.body.reader = BoundedChunks(self, self.unreader)


class Parser(RequestParser):  # type: ignore[misc]
    """gunicorn's parser for one connection. What it has read in the hall, a thread does not read again."""

    mesg_class = OneReading

    def read_head(self, data: bytearray, since: int) -> OneReading | None:
        """The request that begins with these bytes, None if its head is not here yet; `since`: how many are new.

        What follows the head is in the unreader then. Raises gunicorn's ParseException.
        """
        found = _ASK.search(data, max(0, len(data) - since - 3))
        if (found.start() if found else len(data)) > HEAD_MAX:
            raise LimitRequestHeaders("too long")
        if not found:
            return None
        self.unreader.unread(bytes(data))
        try:
            read: OneReading = super().__next__()
        except NotAllHere:
            self.unreader.take_buffered()
            return None
        return read

    def __next__(self) -> OneReading:
        read: OneReading = self.mesg
        return read

    next = __next__
