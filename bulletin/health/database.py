"""How the database stands, who holds keys, when backups were made, and who was refused."""

from __future__ import annotations

import datetime
import pathlib
from collections.abc import Iterator

import sqlalchemy as sa
from flask import Flask

from bulletin.domain.site.accounts.members import Member, Membership
from bulletin.domain.site.accounts.refused_tries import RefusedTry

from .. import db, migrations
from ..backup import Refused, departure_log, departures, envelope, making, rows
from ..domain.site.sites import Site
from ..sentences import say, say_code, told as _
from ..sentences.marks import plural
from .findings import Found, Severity

LATELY, MANY = datetime.timedelta(days=7), 200  # refused tries of one kind in a day
BACKUP_AGES = datetime.timedelta(days=7)
SLACK = datetime.timedelta(minutes=5)  # between the clocks of two machines
YEARS = range(2026, 2100)
TO_COME = {"ends_on", "kept_until"}  # columns that say when something will be

# What row-level security does not hold: PostgreSQL lets these read any site's rows, whatever the policies say.
NOT_HELD = """
    SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
    AND NOT (relrowsecurity AND (relforcerowsecurity OR NOT pg_has_role(current_user, relowner, 'USAGE')))
"""


def database(app: Flask) -> Iterator[Found]:
    if not making.is_there(app):
        yield Severity.LOOK, _("there is none yet; make run makes it.")
        return
    with making.one_moment(app) as connection:
        if connection.dialect.name == "sqlite":
            verdict = str(connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar())
            if verdict != "ok":
                yield (
                    Severity.BROKEN,
                    _("its file is damaged: stop Bulletin, copy the file away, and restore a backup."),
                )
                return
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                yield Severity.BROKEN, _("rows in it point to others that are not there: restore a backup.")
                return
    try:
        if migrations.waits_for_update(app):
            yield Severity.LOOK, _("its tables wait for an update, which the next start makes.")
        else:
            with making.one_moment(app) as connection:
                rows.check(connection)
            yield Severity.OK, _("it answers, is whole, and its tables are those of this version.")
    except Refused as refused:
        yield Severity.BROKEN, say(refused)
    except db.NewerDatabase:
        yield Severity.BROKEN, _("a newer Bulletin made it: update this one.")
    if sa.make_url(app.config["SQLALCHEMY_DATABASE_URI"]).get_backend_name() == "postgresql":
        yield from _role(app)


def _role(app: Flask) -> Iterator[Found]:
    """Is the role that the pages use one that row-level security holds?"""
    with app.app_context(), db.db.engine.connect() as connection:
        find = "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        role, is_super, bypasses = connection.exec_driver_sql(find).one()
        open_tables = sorted(db.owned_tables(db.OfSite) & set(connection.exec_driver_sql(NOT_HELD).scalars()))
    if is_super:
        yield (
            Severity.LOOK,
            _(
                "its role %(role)s is a superuser, whom row-level security does not hold: give Bulletin a role of its"
                " own, in DATABASE_URL.",
                role=role,
            ),
        )
        return
    if bypasses:
        command = f"ALTER ROLE {role} NOBYPASSRLS"
        yield (
            Severity.LOOK,
            _("row-level security does not hold its role %(role)s: %(command)s", role=role, command=command),
        )
    for table in open_tables:
        yield (
            Severity.LOOK,
            _(
                "row-level security does not hold its role %(role)s at the table %(table)s: %(command)s",
                role=role,
                table=table,
                command=f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
            ),
        )


def _ready(app: Flask) -> bool:
    """Can rows be asked for?"""
    if not making.is_there(app):
        return False
    with making.one_moment(app) as connection:
        return making.revision(connection) == making.scripts(app).get_current_head() and making.has_network(connection)


def keys(app: Flask) -> Iterator[Found]:
    if not _ready(app):
        yield Severity.OK, _("there are none to look at yet.")
        return
    with making.one_moment(app) as connection:
        sites = {site.id: site for site in connection.execute(sa.select(Site.id, Site.name, Site.rotation_due))}
        held = set(connection.scalars(sa.select(Membership.site_id).where(sa.func.length(Membership.sealed_key) > 0)))
        lost = connection.scalar(sa.select(sa.func.count(Member.id)).where(sa.func.length(Member.locked_key) == 0))
    for id_ in sites.keys() - held:
        yield (
            Severity.BROKEN,
            _(
                "nobody has the key of %(site)s: what is in it cannot be opened. Restore a backup.",
                site=sites[id_].name,
            ),
        )
    if lost:
        cannot = plural(
            "%(count)s member cannot sign in, without a key: restore a backup.",
            "%(count)s members cannot sign in, without a key: restore a backup.",
            by="count",
        )
        yield Severity.BROKEN, _(cannot, count=lost)
    due = sum(site.rotation_due for site in sites.values())
    if sites.keys() <= held and not lost:
        waits = plural(
            "every group has members with its key. %(count)s group will change theirs when a member next opens it.",
            "every group has members with its key. %(count)s groups will change theirs when a member next opens it.",
            by="count",
        )
        yield Severity.OK, _(waits, count=due) if due else _("every group has members who hold its key.")


def clock(app: Flask) -> Iterator[Found]:
    now, newest = db.now(), _newest(app) if _ready(app) else None
    if now.year not in YEARS:
        yield (
            Severity.BROKEN,
            _("it says %(day)s: set it, or sign-ins and invitations end at the wrong time.", day=f"{now:%Y-%m-%d}"),
        )
    elif newest is not None and newest > (now + SLACK).date():
        yield (
            Severity.BROKEN,
            _(
                "it says %(now)s UTC, and the database %(newest)s: set the clock.",
                now=f"{now:%Y-%m-%d %H:%M}",
                newest=f"{newest:%Y-%m-%d}",
            ),
        )
    else:
        yield Severity.OK, _("it is %(now)s UTC.", now=f"{now:%Y-%m-%d, %H:%M}")


def _newest(app: Flask) -> datetime.date | None:
    found = []
    with making.one_moment(app) as connection:
        for table in db.Record.metadata.sorted_tables:
            for column in table.columns:
                past = isinstance(column.type, sa.Date) and column.name not in TO_COME
                if past and table.name not in db.owned_tables():
                    found.append(connection.scalar(sa.select(sa.func.max(column))))
    return max(filter(None, found), default=None)


def backups(instance: pathlib.Path) -> Iterator[Found]:
    try:
        envelope.recipients(instance)
        signs = envelope.signing_key(instance) is not None
    except Refused as refused:
        yield Severity.LOOK, say(refused)
        return
    if not signs:
        yield Severity.LOOK, _("nothing in them shows that they were made here: bulletin backup --new-key")
    last = making.last_made(instance)
    if last is None:
        yield Severity.LOOK, _("none has been made yet: bulletin backup FILE")
    elif db.today() - last > BACKUP_AGES:
        yield (
            Severity.LOOK,
            _("the last one was made on %(day)s: bulletin backup FILE, every day if you can.", day=str(last)),
        )
    else:
        yield Severity.OK, _("the last one was made on %(day)s. Is it on another machine?", day=str(last))


def gone_again(app: Flask) -> Iterator[Found]:
    before = pathlib.Path(app.instance_path) / departure_log.FILE
    if before.exists() and not all(map(departure_log.is_ours, before.read_text("ascii", "replace").splitlines())):
        told = _(
            "%(file)s, of a release before, has lines that are not ours: look at it, and take them out.",
            file=str(before),
        )
        yield Severity.BROKEN, told
        return
    if _ready(app) and departures.count_lost(app):
        old = _(
            "an old copy of the database was put in its place by hand: who had gone since is in it again. Bring in your"
            " latest backup with bulletin restore --replace."
        )
        yield Severity.BROKEN, old
        return
    back = departures.count_returned(app) if _ready(app) else 0
    if back:
        stand = plural(
            "%(count)s place, account or contact that had gone stands in the database again, as when an old file is"
            " put back by hand: make a backup of it and bring it in with bulletin restore --replace.",
            "%(count)s places, accounts or contacts that had gone stand in the database again, as when an old file is"
            " put back by hand: make a backup of it and bring it in with bulletin restore --replace.",
            by="count",
        )
        yield Severity.BROKEN, _(stand, count=back)
    else:
        yield Severity.OK, _("nobody who has gone is in the database.")


def refused(app: Flask) -> Iterator[Found]:
    """How often somebody was refused lately. Who, nobody knows."""
    if not _ready(app):
        return
    with making.one_moment(app) as connection:
        lately = RefusedTry.most_since(db.today() - LATELY, connection)
    if not lately:
        yield Severity.OK, _("nobody was refused anything in the last seven days.")
        return
    told = [say_code(kind, count=every) for kind, (every, _most) in lately.items()]
    if max(most for _every, most in lately.values()) < MANY:
        yield Severity.OK, _("in the last seven days, %(told)s.", told=told)
    else:
        yield (
            Severity.LOOK,
            _("somebody tries hard, or a program asks amiss. In the last seven days, %(told)s.", told=told),
        )
