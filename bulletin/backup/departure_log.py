"""The log of departures: who and what has gone, by ids alone, in a file beside the database that no restore undoes.

A line is written, and on the disk, before the deletion is committed (`going`), and another after it (`gone`). A crash
between the two leaves a `going` that departures.reconcile() compares with the database at the next start. So a
departure that was acknowledged is never missing here, and one that failed is never taken for done.

A forgotten contact is in it under every id they had, with their site: whoever makes a contact with the id of another
site's, and forgets it, says nothing of that one. A site that is deleted is one line: its contacts go with it.

Two installations with a database each may share a folder, and so the file. Each line says from whose database it went,
and only that one reconciles it; a restore heeds them all, since people may have moved from one database to the other.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import enum
import errno
import fcntl
import os
import pathlib
import threading
import uuid
from collections.abc import Iterable
from typing import Self

from bulletin.db import StorageFull

FILE = "departed.log"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

AT = "@"  # before the database's name in a line
LOCK = "lock"  # somebody is locked out, because members said so
SITE, MEMBER, PLACE, CONTACT = "site", "member", "place", "contact"

Key = tuple[uuid.UUID, ...]  # an id; of a contact the site's too
Name = tuple[str, uuid.UUID, *tuple[uuid.UUID, ...]]  # kind and key


class Progress(enum.StrEnum):
    """How far a departure has come."""

    GOING = "going"
    GONE = "gone"
    STAYS = "stays"


@dataclasses.dataclass(frozen=True)
class Departure:
    """One line. `by`, for a lock: the member who had asked for it. `site`, for a contact: where they were.

    `where`: which database; old lines do not say.
    """

    day: datetime.date
    state: Progress
    kind: str
    id: uuid.UUID
    by: uuid.UUID | None = None
    where: str = ""
    site: uuid.UUID | None = None

    def __str__(self) -> str:
        where = self.where and f"{AT}{self.where}"
        return " ".join(map(str, filter(None, (self.day, self.state, self.kind, self.id, self.by, self.site, where))))

    @classmethod
    def read(cls, line: str) -> Self:
        """The entry that a line is; ValueError if it is none."""
        day, state, kind, id_, *rest = line.split(" ")
        where = rest.pop().removeprefix(AT) if rest and rest[-1].startswith(AT) else ""
        if kind not in (SITE, MEMBER, PLACE, CONTACT, LOCK) or len(rest) > 1:
            raise ValueError("not a line of this log")
        more = {"site" if kind == CONTACT else "by": uuid.UUID(rest[0])} if rest else {}
        return cls(datetime.date.fromisoformat(day), Progress(state), kind, uuid.UUID(id_), where=where, **more)

    @property
    def name(self) -> Name:
        """What it is about."""
        return (self.kind, self.id) if self.site is None else (self.kind, self.id, self.site)


class Log:
    """The file. Nothing in it is ever changed. `where`: the database whose departures are written down now."""

    def __init__(self, path: pathlib.Path, where: str = "") -> None:
        self.path, self.where = path, where
        self._known: dict[Name, Progress] = {}
        self._read = 0  # bytes of the file that are in what is known
        self._reading = threading.Lock()

    def has_gone(self, kind: str, id_: uuid.UUID, *site_id: uuid.UUID) -> bool:
        """Has it, or is it about to? Reads no more than what was written since the last time, by any process.

        Of a contact with the id of the site; old lines do not say it.
        """
        with self._reading:
            with contextlib.suppress(FileNotFoundError), self.path.open("rb") as file:
                if file.seek(0, os.SEEK_END) < self._read:  # it was put there anew
                    self._read = 0
                file.seek(self._read)
                new = file.read()
                whole = new[: new.rfind(b"\n") + 1]
                for line in whole.splitlines():
                    with contextlib.suppress(ValueError):  # what is not ours, `health` tells of
                        entry = Departure.read(line.decode("ascii"))
                        self._known[entry.name] = entry.state
                self._read += len(whole)
            names: list[Name] = [(kind, id_), (kind, id_, *site_id)]
            return any(self._known.get(name, Progress.STAYS) is not Progress.STAYS for name in names)

    def entries(self) -> list[Departure]:
        """All lines, the oldest first; ValueError where one is not ours."""
        try:
            return entries(self.path.read_text(encoding="ascii"))
        except FileNotFoundError:
            return []

    def forgotten(self) -> set[uuid.UUID]:
        """The ids of contacts who are gone, at whatever site."""
        said = standing(self.entries()).values()
        return {entry.id for entry in said if entry.kind == CONTACT and entry.state is Progress.GONE}

    def append(self, new: Iterable[Departure]) -> None:
        """Write more, and wait until it is on the disk. Raises StorageFull, OSError."""
        lines = "".join(f"{entry}\n" for entry in new).encode()
        if not lines:
            return
        try:
            with os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600), "rb+") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                end = file.seek(0, os.SEEK_END)
                file.seek(0)
                # A line without its end was being written when the power went: nothing was committed after it.
                whole = file.read().rfind(b"\n") + 1
                try:
                    file.truncate(whole)
                    file.seek(whole)
                    file.write(lines)
                    file.flush()
                except OSError:
                    os.ftruncate(file.fileno(), whole)
                    raise
                os.fsync(file.fileno())
            if not end:
                sync_folder(self.path.parent)
        except OSError as error:
            if error.errno not in FULL:
                raise
            raise StorageFull("The disk is full.") from error


def entries(text: str) -> list[Departure]:
    """The whole lines of a log; ValueError where one is not ours."""
    return [Departure.read(line) for line in text[: text.rfind("\n") + 1].splitlines()]


def standing(all_: Iterable[Departure]) -> dict[Name, Departure]:
    """What the log says in the end of each thing it names; a contact without a site is none."""
    return {entry.name: entry for entry in all_ if entry.site is not None or entry.kind != CONTACT}


def merged(logs: Iterable[list[Departure]]) -> list[Departure]:
    """Copies of one log from several times as one: the longest is the latest, and has the last word."""
    *older, latest = sorted(logs, key=len)
    known = set(latest)
    return [entry for log in older for entry in log if entry not in known] + latest


def sync_folder(folder: pathlib.Path) -> None:
    """Have the disk keep the names in a folder, not only what is in the files."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
