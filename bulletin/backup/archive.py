"""What is in a backup, once open: lines of JSON. A header, the rows, and the sum of it all.

Releases before kept the log of departures in a file: their backups have its lines behind the rows.
"""

from __future__ import annotations

import collections
import dataclasses
import datetime
import hashlib
import json
import pathlib
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Self

from bulletin.domain.site.departures import Departure

from . import Refused, Why, envelope, rows
from .departure_log import Log, is_ours, merged, written_before

FORMAT = 1
CHUNK_BYTES = 1 << 16
STEP_BYTES = 1 << 20  # unpacked at a time: 300 kB can unpack to 300 MB
LINE_BYTES = 32 << 20  # a row with the largest sheet, several times over
LINE_VALUES = 10_000  # in one line: a million lists take a hundred times the bytes they are written with


@dataclasses.dataclass(frozen=True)
class Header:
    """When a backup was made, of which schema, and what its tables hold."""

    made_at: datetime.datetime
    revision: str
    columns: Mapping[str, Mapping[str, str]]

    def line(self) -> dict[str, Any]:
        return {
            "bulletin": FORMAT,
            "made_at": self.made_at.isoformat(),
            "revision": self.revision,
            "columns": self.columns,
        }

    @classmethod
    def read(cls, line: dict[str, Any]) -> Self:
        """Raises Refused for a backup of a later program."""
        if line["bulletin"] != FORMAT:
            raise Refused(Why.NEWER)
        return cls(datetime.datetime.fromisoformat(line["made_at"]), line["revision"], line["columns"])


def packed(header: Header, all_rows: Iterable[rows.Row]) -> Iterator[bytes]:
    """A backup in pieces, compressed."""
    press, digest, buffer = zlib.compressobj(), hashlib.sha256(), bytearray()
    for line in _lines(header, all_rows, digest.hexdigest):
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        if isinstance(line, list) and (len(text) > LINE_BYTES or text.count(b",") > LINE_VALUES):
            raise Refused(Why.LARGE_ROW, table=line[0])
        digest.update(text)
        buffer += press.compress(text)
        if len(buffer) >= CHUNK_BYTES:
            yield bytes(buffer)
            buffer.clear()
    yield bytes(buffer) + press.flush()


def _lines(header: Header, all_rows: Iterable[rows.Row], digest: Callable[[], str]) -> Iterator[Any]:
    yield header.line()
    count: collections.Counter[str] = collections.Counter()
    for table, values in all_rows:
        count[table] += 1
        yield [table, *rows.written(values, header.columns[table])]
    yield {"rows": dict(count), "sha256": digest()}


class Reader:
    """Takes a backup apart. A child of it says what becomes of header and rows."""

    def __init__(self) -> None:
        self.header: Header | None = None
        self._log: Log = {}
        self._lines_before: list[str] = []
        self.count: collections.Counter[str] = collections.Counter()
        self._digest, self._unpress, self._rest = hashlib.sha256(), zlib.decompressobj(), bytearray()
        self._ended = False
        self.is_proven = False  # who made it

    def begin(self, header: Header) -> None:
        """The header has come."""

    def row(self, table: str, values: dict[str, Any]) -> None:
        """A row has come."""

    def log(self) -> Log:
        """Who and what had gone by then."""
        return merged(self._log, written_before(self._lines_before)[0])

    def read(self, path: pathlib.Path, keys: envelope.KeyFile, *, unsigned: bool = False) -> Header:
        """All of it, or Refused; OSError. Who made it is sure, or may be `unsigned`."""
        self.is_proven = envelope.unseal(path, keys, lambda piece: self._take(piece, path), unsigned=unsigned)
        if self.header is None or not self._ended or self._rest or not self._unpress.eof:
            raise Refused(Why.NOT_WHOLE, file=str(path))
        return self.header

    def _take(self, piece: bytes, path: pathlib.Path) -> None:
        try:
            for unpacked in self._unpacked(piece):
                self._read_lines(unpacked)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, zlib.error):
            raise Refused(Why.NOT_OURS, file=str(path)) from None

    def _unpacked(self, piece: bytes) -> Iterator[bytes]:
        """What was pressed into a piece, never much of it at a time."""
        full = True
        while piece or full:
            unpacked = self._unpress.decompress(piece, STEP_BYTES)
            if self._unpress.unused_data:
                raise ValueError("more after the end")
            piece, full = self._unpress.unconsumed_tail, len(unpacked) == STEP_BYTES
            yield unpacked

    def _read_lines(self, unpacked: bytes) -> None:
        first, *others = unpacked.split(b"\n")
        self._rest += first
        for after in others:
            self._read_line(bytes(self._rest))
            self._rest = bytearray(after)
        if len(self._rest) > LINE_BYTES:
            raise ValueError("no line is so long")

    def _read_line(self, line: bytes) -> None:
        if line.count(b",") > LINE_VALUES:
            raise ValueError("no line has so many values")
        self._line(json.loads(line))
        self._digest.update(line + b"\n")

    def _line(self, line: Any) -> None:
        if self._ended:
            raise ValueError("lines after the end")
        if self.header is None:
            self.header = Header.read(line)
            self.begin(self.header)
        elif isinstance(line, list):
            table, *values = line
            self.count[table] += 1
            row = rows.understood(values, self.header.columns[table])
            if table == Departure.__tablename__:
                self._log[row["kind"], row["id"], row["of_site"]] = row["changes"]
            self.row(table, row)
        elif isinstance(line, str):
            if not is_ours(line):
                raise ValueError("not a line of the log")
            self._lines_before.append(line)
        else:
            if line["rows"] != dict(self.count) or line["sha256"] != self._digest.hexdigest():
                raise ValueError("not what was written")
            self._ended = True
