"""Everything a site has, in one sealed file to take along; and making its rows in a site elsewhere."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import uuid
import zipfile
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import defer

from bulletin.db import SiteOwned, db, today
from bulletin.domain.papers.approval import Correction, Voice
from bulletin.domain.papers.bulletins import Bulletin, State
from bulletin.domain.papers.distributions import Distribution
from bulletin.domain.papers.pictures import Picture
from bulletin.domain.papers.printings import Printing
from bulletin.domain.papers.written import Written
from bulletin.domain.people.contacts import Contact
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.events import Event
from bulletin.domain.site.refusals import NotAllowed
from bulletin.domain.site.sites import Site
from bulletin.vault import parcels, words
from bulletin.vault.sealed import sealed_columns, sealed_field, stored

from .import_file import (
    EVENTS_MAX,
    FACTS,
    FILES,
    FORMAT,
    SEALED_MAX,
    VERSION,
    Carried,
    Row,
    clear_columns,
    read,
    records,
)
from .refusals import Say, Why, Word
from .tables import Tables, cell

BATCH, BATCH_BYTES = 200, 4 << 20  # rows that are made at a time
SHEETS_MAX = SEALED_MAX * 3 // 5  # bytes of pictures and sheets: with more, the file could be brought in nowhere

SEAL = 1 << 20  # bytes that sealing may add

MEMBER_NO_MORE = ""  # a member of one installation is nobody in another


def pack(site: Site, typed: str, say: Say) -> bytes:
    """All of a site in one file, sealed to these words. Only reads. Raises words.Mistyped, vault.Crowded.

    NotAllowed, where it would be brought in nowhere. `say`: the words for people that stand in it.
    """
    words.looks_like(typed)
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as folder:
        _Packing(site, folder, say).all()
    if into.tell() > SEALED_MAX - SEAL:
        raise NotAllowed(Why.TOO_BIG, mb=SEALED_MAX >> 20)
    read(into, ours=True)
    return parcels.seal(into.getvalue(), typed)


class _Packing:
    def __init__(self, site: Site, folder: zipfile.ZipFile, say: Say) -> None:
        self.site, self.folder, self.say = site, folder, say
        here = select(Bulletin).filter_by(site_id=site.id).order_by(Bulletin.begun_on, Bulletin.id)
        self.bulletins = list(db.session.scalars(here))
        self.places = {one.id: f"papers/{number:03d}" for number, one in enumerate(self.bulletins, start=1)}
        self.left_out: set[uuid.UUID] = set()  # print runs

    def all(self) -> None:
        counts = {}
        self._papers()
        for record in records():
            counts[record.__tablename__] = self._rows(record)
        for name, lines in Tables(self.site, self.say).all().items():
            with self._entry(name, "utf-8-sig") as file:  # the mark that some programs for tables look for
                csv.writer(file).writerows([cell(value, self.say) for value in line] for line in lines)
        facts = {key: getattr(self.site, key) for key in FACTS}
        self._text(
            "site.json",
            json.dumps({"format": FORMAT, "version": VERSION, "site": facts, "rows": counts}, indent=1),
        )
        missing = self.say(Word.MISSING, count=len(self.left_out)) if self.left_out else ""
        self._text("README.txt", self.say(Word.README, missing=missing))

    def _papers(self) -> None:
        for bulletin in self.bulletins:
            self._text(f"{self.places[bulletin.id]}/text.md", Written(bulletin).source.text)
        room = SHEETS_MAX
        for picture in self._with_files(Picture):
            room -= self._file(picture, picture.content)
        for run in sorted(self._with_files(Printing), key=lambda run: run.about.at, reverse=True):
            sheet = run.sheet
            if len(sheet) <= room:
                room -= self._file(run, sheet)
            else:
                self.left_out.add(run.id)
            self._let_go(run)

    def _with_files(self, record: type[Any]) -> list[Any]:
        lazily = defer(stored(record, FILES[record]))
        return list(db.session.scalars(select(record).filter_by(site_id=self.site.id).options(lazily)))

    def _file(self, row: Any, content: bytes) -> int:
        self.folder.writestr(packed(self._name_of(row), zipfile.ZIP_STORED), content)
        self._let_go(row)
        return len(content)

    @staticmethod
    def _let_go(row: Any) -> None:
        """Of a file that was packed; there may be hundreds."""
        db.session.expire(row, [stored(type(row), FILES[type(row)]).key])

    def _name_of(self, row: Any) -> str:
        kind = row.kind if isinstance(row, Picture) else "pdf"
        return f"{self.places[row.bulletin_id]}/{row.id}.{kind}"

    def _rows(self, record: type[SiteOwned]) -> int:
        rows = select(record).filter_by(site_id=self.site.id).order_by(record.id)
        if record in FILES:
            rows = rows.options(defer(stored(record, FILES[record])))
        if record is Event:
            rows = rows.order_by(None).order_by(Event.day.desc(), Event.id).limit(EVENTS_MAX)
        count = 0
        with self._entry(f"rows/{record.__tablename__}.jsonl") as file:
            for row in db.session.scalars(rows.execution_options(yield_per=BATCH)):
                if row.id not in self.left_out:
                    file.write(json.dumps(self._values(row), ensure_ascii=False, separators=(",", ":")) + "\n")
                    count += 1
        return count

    def _values(self, row: SiteOwned) -> Row:
        record = type(row)
        values = {name: _plain(getattr(row, name)) for name in clear_columns(record)}
        for name in sealed_columns(record):
            if FILES.get(record) == name:
                values[name] = {"file": self._name_of(row)}
            else:
                value = _of_use_elsewhere(record, name, getattr(row, name))
                values[name] = sealed_field(record, name).as_stored(value)
        return values

    def _entry(self, name: str, encoding: str = "utf-8") -> io.TextIOWrapper:
        return io.TextIOWrapper(self.folder.open(packed(name), "w"), encoding, newline="")

    def _text(self, name: str, text: str) -> None:
        self.folder.writestr(packed(name), text)


def packed(name: str, way: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    """An entry of a file that is taken along."""
    entry = zipfile.ZipInfo(name)  # 1980: when it was packed is nobody's business
    entry.compress_type = way
    return entry


def _plain(value: Any) -> Any:
    """A value in the clear as JSON takes it."""
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value) if isinstance(value, uuid.UUID) else value.isoformat()


def _of_use_elsewhere(record: type[SiteOwned], name: str, value: Any) -> Any:
    """Without what means something at one installation only: who voted by their account, short addresses."""
    if record is Voice and name == "said":
        return dataclasses.replace(value, member=MEMBER_NO_MORE)
    if record is Correction:
        return dataclasses.replace(value, member=MEMBER_NO_MORE, wanted_by=())
    if record is Distribution and name == "tickets":
        return ()
    return value


# And at the other end.


def is_empty(site: Site) -> bool:
    """Is there nothing in a site but what happened to its members?"""
    return not any(_has_rows(site, record) for record in records() if record is not Event)


def _has_rows(site: Site, record: type[SiteOwned]) -> bool:
    return db.session.scalars(select(record.id).filter_by(site_id=site.id).limit(1)).first() is not None


def is_alone(site: Site) -> bool:
    """Is there nobody in a site whom something could be done behind?"""
    return sum(not place.locked for place in Membership.at(site)) < 2


def bring_in(site: Site, carried: Carried, forgotten: Collection[uuid.UUID] = ()) -> int:
    """Make all the rows of another site's in this one, under this one's key; how many. Raises NotAllowed.

    All or nothing: the caller commits. `forgotten`: contacts who are gone here, and do not come back this way.
    """
    db.session.refresh(site, with_for_update=True)  # of two at once, the second finds it full
    if not is_empty(site):
        raise NotAllowed(Why.NOT_EMPTY)
    if not is_alone(site):
        raise NotAllowed(Why.NOT_ALONE)
    known = set(db.session.scalars(select(Event.id).filter_by(site_id=site.id)))
    gone = _with_merged(forgotten, carried.merged)
    making = _Making(site)
    drafts = set()
    for record in records():
        for row in carried.rows(record):
            if record is Bulletin and not (row["state"] == State.PRINTED and row["id"] in carried.printed):
                drafts.add(row["id"])
                row |= {"state": State.DRAFT.value, "agreed": None}  # nobody here has agreed to it
            if record is Contact and row["announced_on"]:
                row["announced_on"] = today()  # who is here has not seen it, and is given the whole month
            if not (
                (record is Event and row["id"] in known)
                or (record is Voice and row["bulletin_id"] in drafts)
                or (record is Correction and row["what"].waits)
                or gone.intersection((row["id"] if record is Contact else None, row.get("contact_id")))
            ):
                making.add(record, row)
        making.flush()
    site.tended_on = None  # what fell due on the way is seen to when a member next opens the site
    return making.count


def _with_merged(ids: Collection[uuid.UUID], merged: Mapping[uuid.UUID, uuid.UUID | None]) -> set[uuid.UUID]:
    """These contacts, and whoever was merged into one of them."""
    gone = set(ids)
    while more := {one for one, other in merged.items() if other in gone} - gone:
        gone |= more
    return gone


class _Making:
    """Rows, some at a time: a site's pictures are more than its memory should hold."""

    def __init__(self, site: Site) -> None:
        self.site, self.count = site, 0
        self.batch: list[SiteOwned] = []
        self.heavy = 0

    def add(self, record: type[SiteOwned], values: Row) -> None:
        values = {
            name: _of_use_elsewhere(record, name, value) if name in sealed_columns(record) else value
            for name, value in values.items()
        }
        row = record(site_id=self.site.id, **values)
        db.session.add(row)
        self.batch.append(row)
        self.count += 1
        self.heavy += len(values.get(FILES.get(record, ""), ""))
        if len(self.batch) >= BATCH or self.heavy >= BATCH_BYTES:
            self.flush()

    def flush(self) -> None:
        db.session.flush()
        for row in self.batch:
            db.session.expunge(row)
        self.batch.clear()
        self.heavy = 0
