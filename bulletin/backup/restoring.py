"""Bringing a backup back: first all of it aside, looked through and made safe; then, in one transaction, home."""

from __future__ import annotations

import collections
import contextlib
import functools
import pathlib
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import command
from flask import Flask

from bulletin import db
from bulletin.config import Settings
from bulletin.db import db as orm
from bulletin.domain.people import erasure
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.imports.records import Import
from bulletin.domain.portability import leaving
from bulletin.domain.site import departing
from bulletin.domain.site.browser_keys import BrowserKey
from bulletin.domain.site.departures import CONTACT, LOCK, MEMBER, PLACE, SITE, Departure
from bulletin.domain.site.members import Member, Membership
from bulletin.domain.site.sites import Site
from bulletin.vault import tenancy

from . import Done, Many, Refused, Told, Why, archive, departure_log, departures, envelope, making, rows
from .departure_log import Log, Name

ASIDE = ".restore-"  # how the folder is called in which a backup is looked through
ASKED = (Import,)  # what may have been stopped since; what everybody was asked, a member ends who opens the site


def restore(
    app: Flask,
    source: pathlib.Path,
    key: pathlib.Path,
    log: pathlib.Path | None = None,
    *,
    replace: bool = False,
    moved_from: Flask | None = None,
) -> list[Told]:
    """Bring back a backup; what was done. `moved_from`: whose database this one is to follow, if not its own.

    Raises Refused, db.NewerDatabase, OSError, and then nothing was touched.
    """
    keys = envelope.identities(key)
    given = _log_in(log, keys) if log else {}
    replaced = _has_network(app)
    if replaced and not replace:
        raise Refused(Why.NETWORK_HERE)
    if moved_from is not None:
        given = departure_log.merged(given, _log_of_other(moved_from))
    with _aside(pathlib.Path(app.instance_path)) as aside:
        reception = _Reception(aside)
        with reception:
            header = reception.read(source, keys)
        reception.finish()
        db.migrate(app)
        departures.take_in_file(app)
        here = departures.log_of(app)
        known = departure_log.merged(here, given, reception.log())
        said = _make_safe(aside, departure_log.standing(known))
        _bring_home(aside, app, known, here, replace=replace)
        departures.note_count(app, len(departures.log_of(app)))
        with making.one_moment(aside) as connection:
            count = rows.counts(connection)
    moment = f"{header.made_at:%Y-%m-%d, %H:%M} UTC"
    return [
        Told(
            Done.RESTORED,
            moment=moment,
            sites=Told(Many.SITES, count=count["site"]),
            members=Told(Many.MEMBERS, count=count["member"]),
        ),
        *said,
        Told(Done.SIGNED_OUT),
        Told(Done.NEW_KEYS),
        Told(Done.JOINED_SINCE),
        *([] if replaced or here or given else [Told(Done.WITHOUT_LOG)]),
    ]


def _has_network(app: Flask) -> bool:
    if not making.is_there(app):
        return False
    db.waits_for_update(app)  # or is newer than this program
    with making.one_moment(app) as connection:
        return making.has_network(connection)


def _log_in(path: pathlib.Path, keys: list[Any]) -> Log:
    """The departures that a file of releases before names, or that a later backup does."""
    try:
        if envelope.is_sealed(path):
            later = archive.Reader()
            later.read(path, keys)
            return later.log()
        return departure_log.written_before(departure_log.whole_lines(path.read_text(encoding="ascii")))[0]
    except ValueError:
        raise Refused(Why.NO_LOG, file=str(path)) from None


def _log_of_other(app: Flask) -> Log:
    """The log of a database that may be lost: empty where it does not answer."""
    with contextlib.suppress(sa.exc.SQLAlchemyError):
        return departures.log_of(app) if making.is_there(app) else {}
    return {}


@contextlib.contextmanager
def _aside(instance: pathlib.Path) -> Iterator[Flask]:
    """An app with an empty database in a private folder, which goes with it."""
    instance.mkdir(parents=True, exist_ok=True)
    folder = tempfile.mkdtemp(prefix=ASIDE, dir=instance)
    try:
        yield making.open_house(Settings(), pathlib.Path(folder))
    finally:
        shutil.rmtree(folder)


class _Reception(archive.Reader):
    """Takes a backup into the database aside, in one transaction that its `with` ends."""

    def __init__(self, aside: Flask) -> None:
        super().__init__()
        self.aside = aside
        self.batch: list[rows.Row] = []
        self.heavy = 0
        self.engine = db.owners_engine(aside)
        # Rows come in any order; finish() looks whether they point to one another.
        sa.event.listen(self.engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=OFF"))

    def __enter__(self) -> None:
        self.connection: sa.Connection | None = None

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self.connection is not None:
            if kind is None:
                self._write()
                self.connection.commit()
            self.connection.close()

    def begin(self, header: archive.Header) -> None:
        known = {script.revision for script in making.scripts(self.aside).walk_revisions()}
        if header.revision not in known:
            raise Refused(Why.NEWER)
        with self.aside.app_context():
            command.upgrade(self.aside.extensions["migrate"].migrate.get_config(), header.revision)
        self.connection = self.engine.connect()
        there = rows.tables_of(self.connection)
        if lacking := there - header.columns.keys() - rows.LEFT_OUT:
            raise Refused(Why.WITHOUT_TABLES, names=", ".join(sorted(lacking)))
        if not header.columns.keys() <= there:
            raise ValueError("tables that are not ours")
        for table, columns in header.columns.items():
            names = {column["name"] for column in sa.inspect(self.connection).get_columns(table)}
            if names != columns.keys() or not rows.TYPES.keys() >= set(columns.values()):
                raise ValueError("columns of some other table")
        self.connection.rollback()  # what inspecting began

    def row(self, table: str, values: dict[str, Any]) -> None:
        self.batch.append((table, values))
        self.heavy += rows.weight(values)
        if len(self.batch) >= rows.BATCH or self.heavy >= rows.BATCH_BYTES:
            self._write()

    def _write(self) -> None:
        assert self.connection is not None  # noqa: S101  # begin() opened it
        assert self.header is not None  # noqa: S101
        try:
            rows.write(self.connection, self.batch, self.header.columns)
        except (sa.exc.SQLAlchemyError, ValueError, TypeError, OverflowError):
            raise Refused(Why.WRONG_ROWS) from None
        self.batch.clear()
        self.heavy = 0

    def finish(self) -> None:
        """Bring it to the schema of this program, and look whether it is sound."""
        db.migrate(self.aside)
        with making.one_moment(self.aside) as connection:
            rows.check(connection)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken or connection.exec_driver_sql("PRAGMA integrity_check").scalar() != "ok":
                raise Refused(Why.LOOSE_ROWS)


# Who had gone stays gone


def _make_safe(aside: Flask, standing: list[Name]) -> list[Told]:
    """Take away again what had gone since, and mark every site; what was done."""
    gone: dict[str, list[uuid.UUID]] = collections.defaultdict(list)
    for kind, id_, _ in standing:
        gone[kind].append(id_)
    with aside.app_context():
        sites = sum(map(_delete_site, gone[SITE]))
        places = sum(map(_end_place, gone[PLACE]))
        members = sum(map(_delete_member, gone[MEMBER]))
        forgotten = _forget([name for name in standing if name[0] == CONTACT])
        locks = sum(map(_lock, gone[LOCK]))
        closed = 0
        for site in orm.session.scalars(sa.select(Site)).all():
            _begin_anew(site)
            if all(place.locked for place in Membership.at(site)):
                # No line of the log: others may have joined since, and a later backup brings it back with them.
                closed += _delete_site(site.id)
        for member in orm.session.scalars(sa.select(Member)).all():
            departing.forget_if_nowhere(member)
        orm.session.commit()
        orm.session.remove()
        orm.engine.dispose()
    counted = ((Many.SITES, sites), (Many.PLACES, places), (Many.ACCOUNTS, members))
    done = []
    if things := [Told(many, count=count) for many, count in counted if count]:
        listed = functools.reduce(lambda these, more: Told(Many.LISTED, these=these, more=more), things)
        done.append(Told(Done.GONE_AGAIN, things=listed))
    if forgotten:
        done.append(Told(Done.FORGOTTEN_AGAIN, count=forgotten))
    if closed:
        done.append(Told(Done.LEFT_AWAY, sites=Told(Many.SITES, count=closed)))
    if locks:
        done.append(Told(Done.LOCKED_AGAIN, members=Told(Many.MEMBERS, count=locks)))
    return done


def _delete_site(id_: uuid.UUID) -> bool:
    if (site := orm.session.get(Site, id_)) is None:
        return False
    tenancy.bind(orm.session, id_)
    leaving.delete_site(site)
    orm.session.flush()
    tenancy.unbind(orm.session)
    return True


def _forget(gone: list[Name]) -> int:
    """Delete contacts under every id they had; how many people they were. There is no key here: no sums are kept."""
    people = 0
    for site_id in orm.session.scalars(sa.select(Site.id)).all() if gone else ():
        tenancy.bind(orm.session, site_id)
        ids = {id_ for _, id_, of_site in gone if of_site == site_id}
        for some in db.batches(ids, departures.SOME):
            found = sa.select(Contact.id, Contact.merged_into).where(Contact.id.in_(some))
            there = {row.id: row.merged_into for row in orm.session.execute(found)}
            if there:
                erasure.delete_all_of(site_id, there)
                people += sum(merged not in ids for merged in there.values())
        orm.session.flush()
        tenancy.unbind(orm.session)
    return people


def _begin_anew(site: Site) -> None:
    """What had begun to run begins again: what was stopped since cannot be told from what was not."""
    site.rotation_due = site.restored = True
    tenancy.bind(orm.session, site.id)
    for asked in ASKED:
        orm.session.execute(sa.delete(asked).filter_by(site_id=site.id))
    announced = sa.update(Contact).filter_by(site_id=site.id).where(Contact.announced_on.is_not(None))
    orm.session.execute(announced.values(announced_on=db.today()))  # somebody may have kept them, and has a month again
    orm.session.flush()
    tenancy.unbind(orm.session)


def _end_place(id_: uuid.UUID) -> bool:
    if (place := orm.session.get(Membership, id_)) is None:
        return False
    departing.take_away(place)
    orm.session.flush()
    return True


def _delete_member(id_: uuid.UUID) -> bool:
    if (member := orm.session.get(Member, id_)) is None:
        return False
    for place in orm.session.scalars(sa.select(Membership).filter_by(member_id=id_)):
        place.end()
    orm.session.delete(member)
    orm.session.flush()
    return True


def _lock(id_: uuid.UUID) -> bool:
    place = orm.session.get(Membership, id_)
    if place is None or place.locked:
        return False
    place.lock_out()
    return True


def _bring_home(aside: Flask, app: Flask, known: Log, heeded: Log, *, replace: bool) -> None:
    """Put what stands aside in the place of what is here; `heeded` is the log that was here when it was made safe."""
    columns = {table.name: rows.kinds(table) for table in rows.tables()}
    with making.one_moment(aside) as there, db.owners_engine(app).begin() as here:
        if not replace and making.has_network(here):
            raise Refused(Why.NETWORK_HERE)
        if here.dialect.name == "postgresql":
            here.exec_driver_sql(f"LOCK TABLE {Departure.__tablename__}")  # who goes now waits, and finds no such row
        if departures.log_in(here) != heeded:
            raise Refused(Why.GONE_MEANWHILE)
        rows.clear(here)
        with contextlib.closing(rows.read(there)) as all_rows:
            rows.write(here, all_rows, columns)
        BrowserKey.begin_anew(here)
        if rows.counts(here) != rows.counts(there):
            raise RuntimeError("not every row arrived")
        here.execute(sa.delete(Departure))  # the backup's
        departures.put(here, {name: known[name] for name in known if name[0] == LOCK or known[name] % 2})
