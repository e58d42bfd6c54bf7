"""`bulletin check`: is everything in order, in plain words, and what to do where it is not."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Iterator

import sqlalchemy as sa
from flask import Flask

from .. import db
from ..press.jobs import Press
from ..sentences import told as _
from . import database, machine
from .findings import Finding as Finding, Found, Severity as Severity


def look(app: Flask, press: Press) -> Iterator[Finding]:
    """Look at one thing after the other. Changes nothing; makes no database."""
    instance = pathlib.Path(app.instance_path)
    there: list[tuple[str, Callable[[], Iterator[Found]]]] = [
        (_("this folder"), lambda: machine.folder(instance)),
        (_("disk"), lambda: machine.disk(instance)),
        (_("database"), lambda: database.database(app)),
        (_("keys"), lambda: database.keys(app)),
        (_("clock"), lambda: database.clock(app)),
        (_("fonts"), machine.fonts),
        (_("libraries"), machine.needed),
        (_("press"), lambda: machine.press(press)),
        (_("print jobs"), lambda: machine.print_jobs(press)),
        (_("backups"), lambda: database.backups(instance)),
        (_("departures"), lambda: database.gone_again(app)),
        (_("refused"), lambda: database.refused(app)),
    ]
    for what, find in there:
        try:
            found = list(find())
        except (sa.exc.SQLAlchemyError, db.StorageFull) as error:
            found = [(Severity.BROKEN, _("the database does not answer (%(error)s).", error=type(error).__name__))]
        except OSError as error:
            file, reason = str(error.filename or _("a file")), (error.strerror or "").lower()
            found = [(Severity.BROKEN, _("%(file)s cannot be read: %(reason)s.", file=file, reason=reason))]
        yield from (Finding(what, *each) for each in found)
