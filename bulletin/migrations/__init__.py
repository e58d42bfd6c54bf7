"""How the schema came to be what it is, and how a database is brought to it."""

from __future__ import annotations

from flask import Flask

from bulletin.db import NewerDatabase, owners_engine


def migrate(app: Flask) -> None:
    """Bring the database to the schema of this version of the program; does nothing to one that has it.

    Raises NewerDatabase.
    """
    from alembic import command

    # Asked first, because PostgreSQL's every_row() locks all tables for a moment.
    if waits_for_update(app):
        with app.app_context():
            command.upgrade(app.extensions["migrate"].migrate.get_config(), "head")


def waits_for_update(app: Flask) -> bool:
    """Is the database's schema one from before this version of the program? Raises NewerDatabase."""
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    with app.app_context():
        scripts = ScriptDirectory.from_config(app.extensions["migrate"].migrate.get_config())
    with owners_engine(app).connect().execution_options(read_only=True) as connection:
        stands = set(MigrationContext.configure(connection).get_current_heads())
    if not stands <= {script.revision for script in scripts.walk_revisions()}:
        raise NewerDatabase
    return stands != set(scripts.get_heads())
