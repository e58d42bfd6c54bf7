"""What somebody brings along from another installation: a sealed file, opened and looked through before any is used."""

from __future__ import annotations

import base64
import collections
import io
import json
import struct
import uuid
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import IO, Any

from sqlalchemy import inspect

from bulletin.db import SiteOwned, owned_records, today
from bulletin.domain.actions.turnouts import Turnout
from bulletin.domain.inbox.letters import Letter
from bulletin.domain.network.answering.agreeing import Intent
from bulletin.domain.network.sharing import Sharing
from bulletin.domain.papers.articles import Article
from bulletin.domain.papers.bulletins import Bulletin
from bulletin.domain.papers.pictures import Picture
from bulletin.domain.papers.printings import Printing, Proof
from bulletin.domain.people.contacts import CONTACTS_MAX, Contact
from bulletin.domain.people.forgetting import Forgetting
from bulletin.domain.people.imports.records import Import
from bulletin.domain.people.reading import Trace
from bulletin.domain.site.events import Event
from bulletin.domain.site.governance.register import Register, RegisterMark
from bulletin.domain.site.inbox_keys import InboxKey
from bulletin.domain.site.refusals import NotAllowed
from bulletin.domain.site.sent_forms import SentForm
from bulletin.domain.site.site_keys import FormerKey
from bulletin.vault import kinds, parcels, words
from bulletin.vault.sealed import sealed_columns, sealed_field

from . import field_checks
from .refusals import Page, Why

FORMAT, VERSION = "bulletin-site", 1
FACTS = ("kind", "name", "country", "time_zone", "language", "paper")

# A site's key is of no use elsewhere, nor is what opens its letters (who takes all along has opened those), nor who is
# in it here; who is to be forgotten goes nowhere; a proof is made again from the words. What was told, and what others
# were asked, is told here, and goes with the site.
LEFT_OUT: tuple[type[SiteOwned], ...] = (
    *(FormerKey, Forgetting, Import, InboxKey, Intent, Letter, Proof, Register, RegisterMark, SentForm, Sharing, Trace),
)
FILES: Mapping[type[SiteOwned], str] = {Picture: "data", Printing: "pdf"}  # fields that are files of their own
HOW_FILES_BEGIN = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff")

SEALED_MAX = 30 << 20  # bytes of a file that is taken in
OPENED_MAX = 200 << 20  # bytes of all that is packed in it
MEMBERS_MAX = 10_000  # files packed in it
FILE_MAX = 16 << 20  # bytes of one of them
LINE_MAX = 4 << 20  # bytes of a row: a talk keeps what it said before each correction
ROWS_MAX = 50_000  # while they are made, nobody else here writes
EVENTS_MAX = 5_000  # of those

PAGES = {page.value: page for page in Page}

# All that taking a file apart may raise: it comes from elsewhere, and anything may be in it.
BROKEN = (
    *(ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RuntimeError, OSError, EOFError),
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error),
)

Row = dict[str, Any]


def records() -> list[type[SiteOwned]]:
    """The kinds of rows that are carried, parents first."""
    return [record for record in reversed(owned_records()) if record not in LEFT_OUT]


def clear_columns(record: type[SiteOwned]) -> list[str]:
    """The fields of a kind of row that the database can read, without its site."""
    behind = {f"_sealed_{name}" for name in sealed_columns(record)} | {"site_id"}
    return [attribute.key for attribute in inspect(record).column_attrs if attribute.key not in behind]


class Carried:
    """What was in a file. It is sound, or `unpack` would not have given it."""

    def __init__(self, folder: zipfile.ZipFile) -> None:
        self._folder = folder
        self._names = frozenset(folder.namelist())
        self.facts: dict[str, str] = {}
        self.ids: dict[str, set[uuid.UUID]] = {}
        self.merged: dict[uuid.UUID, uuid.UUID | None] = {}  # contacts
        self.printed: set[uuid.UUID] = set()  # bulletins of which there is a print run
        self.at = ""  # the table that is being read

    def rows(self, record: type[SiteOwned]) -> Iterator[Row]:
        """The rows of one kind, each value as its record takes it; ValueError and others where one cannot be."""
        self.at = table = record.__tablename__
        sealed, clear = sealed_columns(record), clear_columns(record)
        columns = {attribute.key: attribute.columns[0] for attribute in inspect(record).column_attrs}
        name = f"rows/{table}.jsonl"
        if name not in self._names:
            return
        with self._folder.open(name) as file:
            while line := file.readline(LINE_MAX + 1):
                if len(line) > LINE_MAX:
                    raise ValueError("no row is so long")
                values = field_checks.as_now(table, json.loads(line.decode(), parse_constant=_refuse))
                if values.keys() != {*sealed, *clear}:
                    raise ValueError("columns of some other table")
                row = {
                    key: field_checks.read_clear(
                        table, key, columns[key].type, bool(columns[key].nullable), values[key]
                    )
                    for key in clear
                }
                for key in sealed:
                    stored = self._file(values[key]) if FILES.get(record) == key else values[key]
                    if not field_checks.sealed_check(record, key)(stored):
                        raise ValueError("a field of another kind")
                    # There are numbers and texts that JSON can read and nobody can write.
                    json.dumps(values[key], ensure_ascii=False, allow_nan=False).encode()
                    row[key] = sealed_field(record, key).as_opened(stored)
                yield row

    def _file(self, value: Any) -> str:
        name = value["file"]
        if self._folder.getinfo(name).file_size > FILE_MAX:
            raise ValueError("a file too large")
        content = self._folder.read(name)
        if content and not content.startswith(HOW_FILES_BEGIN):
            raise ValueError("a file of another kind")
        return base64.b64encode(content).decode()

    def check(self) -> None:
        """Look through all of it. Raises NotAllowed, and what is in BROKEN."""
        entries = self._folder.infolist()
        if len(entries) > MEMBERS_MAX or len(entries) != len(self._names):
            raise ValueError("too many files, or one twice")
        if any(one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for one in entries):
            raise ValueError("packed in a way we do not pack")
        if sum(one.file_size for one in entries) > OPENED_MAX:
            raise ValueError("larger than any of ours")
        self._read_facts()
        rows = 0
        for record in records():
            ids = self.ids[record.__tablename__] = set()
            for row in self.rows(record):
                rows += 1
                if rows > ROWS_MAX:
                    raise NotAllowed(Why.TOO_MANY_ROWS, most=ROWS_MAX)
                if row["id"] in ids:
                    raise ValueError("one twice")
                if record is Event and (len(ids) == EVENTS_MAX or row["day"] > today() + kinds.CLOCKS_DIFFER):
                    raise ValueError("more has happened than in any of ours, or later than now")
                ids.add(row["id"])
        for record in records():
            self._check_links(record)

    def _read_facts(self) -> None:
        if self._folder.getinfo("site.json").file_size > LINE_MAX:
            raise ValueError("too long")
        told = json.loads(self._folder.read("site.json"))
        if told["format"] != FORMAT or type(told["version"]) is not int:
            raise ValueError("of another format")
        if told["version"] > VERSION:
            raise NotAllowed(Why.MADE_BY_NEWER)
        self.facts = {key: str(told["site"][key]) for key in FACTS}

    def _check_links(self, record: type[SiteOwned]) -> None:
        """Rows point to rows that are there, and to no others."""
        links = {
            column.key: key.column.table.name
            for column in inspect(record).columns
            for key in column.foreign_keys
            if column.key != "site_id" and key.column.key == "id"
        }
        pairs: collections.Counter[tuple[uuid.UUID, uuid.UUID]] = collections.Counter()
        headers: set[uuid.UUID] = set()
        for row in self.rows(record) if links or record is Contact else ():
            if any(row[key] not in self.ids[table] for key, table in links.items()):
                raise ValueError("a row that points nowhere")
            if record is Turnout:
                pairs[row["action_id"], row["contact_id"]] += 1
            if record is Contact:
                self.merged[row["id"]] = row["merged_into"]
                if row["merged_into"] is None and not row["brief"].name.strip():
                    raise ValueError("somebody without a name")
            if record is Printing:
                self.printed.add(row["bulletin_id"])
            if record is Article and row["id"] == row["bulletin_id"]:
                headers.add(row["id"])
        if any(count > 1 for count in pairs.values()):
            raise ValueError("somebody was asked twice")
        if record is Article and headers != self.ids[Bulletin.__tablename__]:
            raise ValueError("a bulletin without its header")
        if len(self.merged) > CONTACTS_MAX:
            raise NotAllowed(Why.TOO_MANY_PEOPLE, most=CONTACTS_MAX)
        if record is Contact:
            _check_merged(self.merged)


def unpack(source: IO[bytes], typed: str) -> Carried:
    """What is in a sealed file. Raises keys.WrongWords, words.Mistyped, vault.Crowded, and NotAllowed for any other."""
    words.looks_like(typed)
    sealed = source.read(SEALED_MAX + 1)
    if len(sealed) > SEALED_MAX:
        raise NotAllowed(Why.NOT_OURS)
    try:
        return read(io.BytesIO(parcels.unseal(sealed, typed)))
    except parcels.NotSealed:
        raise NotAllowed(Why.NOT_OURS) from None


def read(opened: IO[bytes], *, ours: bool = False) -> Carried:
    """What is in an opened file. Raises NotAllowed; where it is `ours`, that says what would not arrive."""
    carried = None
    try:
        carried = Carried(zipfile.ZipFile(opened))
        carried.check()
    except BROKEN:
        at = carried.at if ours and carried else ""
        if at:
            raise NotAllowed(Why.WOULD_NOT_ARRIVE, page=PAGES.get(at, Page.PAPER)) from None
        raise NotAllowed(Why.NOT_SOUND) from None
    return carried


def _check_merged(merged: Mapping[uuid.UUID, uuid.UUID | None]) -> None:
    """Whoever was merged leads to somebody who was not."""
    known: set[uuid.UUID | None] = {None}
    for start in merged:
        way: list[uuid.UUID] = []
        here: uuid.UUID | None = start
        while here not in known:
            assert here is not None  # noqa: S101  # None is known
            if len(way) > len(merged):
                raise ValueError("merged in a circle")
            way.append(here)
            here = merged[here]
        known.update(way)


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no number")
