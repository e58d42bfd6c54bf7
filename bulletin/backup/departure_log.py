"""The log of departures as one value, to be put together of several copies; and how releases before wrote it.

They had a file, `departed.log`, in the folder of the installation: a line `going` before a deletion was committed, and
`gone`, or `stays`, after it. Backups of theirs hold the same lines. A lock is `going` when it begins, and `stays` when
it ends.
"""

from __future__ import annotations

import contextlib
import datetime
import uuid
from collections import Counter
from collections.abc import Iterable

from bulletin.domain.site.departures import CONTACT, LOCK, MEMBER, NOWHERE, PLACE, SITE

FILE = "departed.log"
TAKEN_IN = f"{FILE}.read"  # how it is called once it is in the database

AT = "@"  # before the database's name in a line
GOING, GONE, STAYS = "going", "gone", "stays"

Name = tuple[str, uuid.UUID, uuid.UUID]  # kind, id, and of a contact the site's
Log = dict[Name, int]  # how often each has changed: see Departure.changes


def merged(*logs: Log) -> Log:
    """Copies from several times as one; the later has the last word."""
    known: Counter[Name] = Counter()
    for log in logs:
        known |= Counter(log)
    return dict(known)


def standing(log: Log) -> list[Name]:
    """What has gone and not come back."""
    return [name for name, changes in log.items() if changes % 2]


def is_ours(line: str) -> bool:
    """Is this a line of the file?"""
    with contextlib.suppress(ValueError):
        return bool(_read(line))
    return False


def written_before(lines: Iterable[str]) -> tuple[Log, set[Name]]:
    """What lines of releases before say, and of which of it they do not know how it ended. ValueError for another's."""
    log: Log = {}
    unsure: set[Name] = set()
    for line in lines:
        state, name = _read(line)
        if name[0] == CONTACT and name[2] == NOWHERE:
            continue  # of the first days: it may be another site's
        if (state != STAYS) != log.get(name, 0) % 2:
            log[name] = log.get(name, 0) + 1
        (unsure.add if state == GOING else unsure.discard)(name)
    return log, unsure


def _read(line: str) -> tuple[str, Name]:
    day, state, kind, id_, *rest = line.split(" ")
    if rest and rest[-1].startswith(AT):
        rest.pop()
    datetime.date.fromisoformat(day)
    if kind not in (SITE, MEMBER, PLACE, CONTACT, LOCK) or state not in (GOING, GONE, STAYS) or len(rest) > 1:
        raise ValueError("not a line of this log")
    more = [uuid.UUID(word) for word in rest]  # of a contact the site, of a lock who had asked for it
    return state, (kind, uuid.UUID(id_), more[0] if more and kind == CONTACT else NOWHERE)


def whole_lines(text: str) -> list[str]:
    """The lines that were written to their end."""
    return text[: text.rfind("\n") + 1].splitlines()
