"""`bulletin check`: is everything in order, in plain words, and what to do where it is not."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import os
import pathlib
import shutil
import stat
from collections.abc import Callable, Iterator

import sqlalchemy as sa
from flask import Flask

from . import db, libraries
from .backup import Refused, departure_log, departures, envelope, making, restoring, rows
from .domain.site.members import Member, Membership
from .domain.site.sites import Site
from .press import faces
from .press.jobs import Press

LOW_BYTES, FULL_BYTES = 500 << 20, 50 << 20
BACKUP_AGES = datetime.timedelta(days=7)
SLACK = datetime.timedelta(minutes=5)  # between the clocks of two machines
YEARS = range(2026, 2100)
TO_COME = {"ends_at"}  # columns that say when something will be


class State(enum.StrEnum):
    """How something stands."""

    OK = "ok"
    LOOK = "look here"
    BROKEN = "broken"


@dataclasses.dataclass(frozen=True)
class Finding:
    """What was looked at, how it stands, and in a sentence what to do where that is not well."""

    what: str
    state: State
    sentence: str

    def __str__(self) -> str:
        return f"{self.state:<10} {self.what}: {self.sentence}"


Found = tuple[State, str]


def look(app: Flask, press: Press) -> Iterator[Finding]:
    """Look at one thing after the other. Changes nothing; makes no database."""
    instance = pathlib.Path(app.instance_path)
    there: list[tuple[str, Callable[[], Iterator[Found]]]] = [
        ("this folder", lambda: _folder(instance)),
        ("disk", lambda: _disk(instance)),
        ("database", lambda: _database(app)),
        ("keys", lambda: _keys(app)),
        ("clock", lambda: _clock(app)),
        ("fonts", _fonts),
        ("libraries", _libraries),
        ("press", lambda: _press(press)),
        ("backups", lambda: _backups(instance)),
        ("departures", lambda: _departures(app)),
    ]
    for what, find in there:
        try:
            found = list(find())
        except (sa.exc.SQLAlchemyError, db.StorageFull) as error:
            found = [(State.BROKEN, f"the database does not answer ({type(error).__name__}).")]
        except OSError as error:
            found = [(State.BROKEN, f"{error.filename or 'a file'} cannot be read: {(error.strerror or '').lower()}.")]
        yield from (Finding(what, *each) for each in found)


def _folder(instance: pathlib.Path) -> Iterator[Found]:
    if not instance.exists():
        yield State.LOOK, "there is none yet; make run makes it."
        return
    wrong = [(instance, 0o700)] if _open_to_others(instance) else []
    for path in sorted(instance.iterdir()):
        if (
            path.name.startswith(("bulletin.db", departure_log.FILE, envelope.RECIPIENT, "settings.toml"))
            and path.is_file()
        ):
            wrong += [(path, 0o600)] if _open_to_others(path) else []
    for path, mode in wrong:
        yield State.BROKEN, f"others on this machine can read {path}: chmod {mode:o} {path}"
    if not wrong:
        yield State.OK, "nobody else on this machine can read it."
    for path in sorted(instance.glob(f"{restoring.ASIDE}*")):
        yield State.LOOK, f"{path} is left from a restore that was cut off: if none is running, delete it."


def _open_to_others(path: pathlib.Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _disk(instance: pathlib.Path) -> Iterator[Found]:
    free = shutil.disk_usage(next(path for path in (instance, *instance.parents) if path.exists())).free
    state = State.BROKEN if free < FULL_BYTES else State.LOOK if free < LOW_BYTES else State.OK
    yield state, f"{free / 1e6:,.0f} MB are free." + ("" if state is State.OK else " Make room before it is full.")


def _database(app: Flask) -> Iterator[Found]:
    if not making.is_there(app):
        yield State.LOOK, "there is none yet; make run makes it."
        return
    with making.one_moment(app) as connection:
        if connection.dialect.name == "sqlite":
            verdict = str(connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar())
            if verdict != "ok":
                yield State.BROKEN, "its file is damaged: stop Bulletin, copy the file away, and restore a backup."
                return
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                yield State.BROKEN, "rows in it point to others that are not there: restore a backup."
                return
    try:
        if db.waits_for_update(app):
            yield State.LOOK, "its tables wait for an update, which the next start makes."
        else:
            with making.one_moment(app) as connection:
                rows.check(connection)
            yield State.OK, "it answers, is whole, and its tables are those of this version."
    except Refused as refused:
        yield State.BROKEN, str(refused)
    except db.NewerDatabase:
        yield State.BROKEN, "a newer Bulletin made it: update this one."
    if sa.make_url(app.config["SQLALCHEMY_DATABASE_URI"]).get_backend_name() == "postgresql":
        yield from _role(app)


# What row-level security does not hold: PostgreSQL lets these read any site's rows, whatever the policies say.
NOT_HELD = """
    SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
    AND NOT (relrowsecurity AND (relforcerowsecurity OR NOT pg_has_role(current_user, relowner, 'USAGE')))
"""


def _role(app: Flask) -> Iterator[Found]:
    """Is the role that the pages use one that row-level security holds?"""
    with app.app_context(), db.db.engine.connect() as connection:
        find = "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        role, is_super, bypasses = connection.exec_driver_sql(find).one()
        open_tables = sorted(db.owned_tables() & set(connection.exec_driver_sql(NOT_HELD).scalars()))
    if is_super:
        advice = "give Bulletin a role of its own, in DATABASE_URL."
        yield State.LOOK, f"its role {role} is a superuser, whom row-level security does not hold: {advice}"
        return
    if bypasses:
        yield State.LOOK, f"row-level security does not hold its role {role}: ALTER ROLE {role} NOBYPASSRLS"
    for table in open_tables:
        how = f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"
        yield State.LOOK, f"row-level security does not hold its role {role} at the table {table}: {how}"


def _ready(app: Flask) -> bool:
    """Can rows be asked for?"""
    if not making.is_there(app):
        return False
    with making.one_moment(app) as connection:
        return making.revision(connection) == making.scripts(app).get_current_head() and making.has_network(connection)


def _keys(app: Flask) -> Iterator[Found]:
    if not _ready(app):
        yield State.OK, "there are none to look at yet."
        return
    with making.one_moment(app) as connection:
        sites = {site.id: site for site in connection.execute(sa.select(Site.id, Site.name, Site.rotation_due))}
        held = set(connection.scalars(sa.select(Membership.site_id).where(sa.func.length(Membership.sealed_key) > 0)))
        lost = connection.scalar(sa.select(sa.func.count(Member.id)).where(sa.func.length(Member.locked_key) == 0))
    for id_ in sites.keys() - held:
        yield (
            State.BROKEN,
            f"nobody has the key of {sites[id_].name}: what is in it cannot be opened. Restore a backup.",
        )
    if lost:
        yield State.BROKEN, f"{making.many(lost, 'member')} cannot sign in, without a key: restore a backup."
    due = sum(site.rotation_due for site in sites.values())
    if sites.keys() <= held and not lost:
        waits = f" {making.many(due, 'site')} will change theirs when a member next opens it." if due else ""
        yield State.OK, f"every site has members who hold its key.{waits}"


def _clock(app: Flask) -> Iterator[Found]:
    now, newest = db.now(), _newest(app) if _ready(app) else None
    if now.year not in YEARS:
        yield State.BROKEN, f"it says {now:%Y-%m-%d}: set it, or sign-ins and invitations end at the wrong time."
    elif newest is not None and newest > now + SLACK:
        yield (
            State.BROKEN,
            f"it says {now:%Y-%m-%d %H:%M} UTC, and the database {newest:%Y-%m-%d %H:%M}: set the clock.",
        )
    else:
        yield State.OK, f"it is {now:%Y-%m-%d, %H:%M} UTC."


def _newest(app: Flask) -> datetime.datetime | None:
    found = []
    with making.one_moment(app) as connection:
        for table in db.Record.metadata.sorted_tables:
            for column in table.columns:
                past = isinstance(column.type, db.Moment) and column.name not in TO_COME
                if past and table.name not in db.owned_tables():
                    found.append(connection.scalar(sa.select(sa.func.max(column))))
    return max(filter(None, found), default=None)


def _fonts() -> Iterator[Found]:
    files = sorted(path for kind in ("print", "screen") for path in (faces.FONTS / kind).glob("*.*"))
    dead = [path.name for path in files if not (os.access(path, os.R_OK) and path.stat().st_size)]
    if dead or not files:
        yield State.BROKEN, f"{', '.join(dead) or 'all of them'} cannot be read: install Bulletin anew."
    else:
        yield State.OK, f"{len(files)} files, all there to be read."


def _libraries() -> Iterator[Found]:
    missing = libraries.missing()
    if missing:
        yield State.BROKEN, libraries.how_to_get(missing)
    else:
        yield State.OK, "all that printing needs."


def _press(press: Press) -> Iterator[Found]:
    if libraries.missing():
        yield State.BROKEN, "it cannot work without its libraries."
        return
    press.start()
    if press.works():
        yield State.OK, "it printed a sheet."
    else:
        yield State.BROKEN, "it printed nothing: look at what bulletin sample says."


def _backups(instance: pathlib.Path) -> Iterator[Found]:
    try:
        envelope.recipients(instance)
    except Refused as refused:
        yield State.LOOK, str(refused)
        return
    last = making.last_made(instance)
    if last is None:
        yield State.LOOK, "none has been made yet: bulletin backup FILE"
    elif db.today() - last > BACKUP_AGES:
        yield State.LOOK, f"the last one was made on {last}: bulletin backup FILE, every day if you can."
    else:
        yield State.OK, f"the last one was made on {last}. Is it on another machine?"


def _departures(app: Flask) -> Iterator[Found]:
    try:
        known = departures.log_of(app).entries()
    except ValueError:
        yield State.BROKEN, f"{departure_log.FILE} has lines that are not ours: take it from the last backup's machine."
        return
    back = departures.count_returned(app) if known and _ready(app) else 0
    if back:
        yield (
            State.BROKEN,
            f"{making.many(back, 'place, account or contact')} that had gone stand in the database again, as when"
            " an old file is put back by hand: make a backup of it and bring it in with bulletin restore --replace.",
        )
    else:
        yield State.OK, "nobody who has gone is in the database."
