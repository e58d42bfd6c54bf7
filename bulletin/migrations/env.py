"""What Alembic runs for every `flask db` command, and for migrate().

One transaction for all that is due, on SQLite too: a migration that fails half-way leaves nothing behind.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate import renderers, rewriter
from alembic.operations import ops
from flask import current_app

from bulletin import db

IN_TURN = 0x2B0117E7  # PostgreSQL's advisory lock: two processes that start at once migrate one after the other


class Protect(ops.MigrateOperation):
    """A line of a new migration: row-level security for the table it creates."""

    def __init__(self, table: str) -> None:
        self.table = table
        self.deed = "protect_told" if table in db.owned_tables(db.SiteWritten) else "protect"

    def reverse(self) -> ops.MigrateOperation:
        return ops.ExecuteSQLOp("SELECT 1")  # a dropped table takes its policies along


writer = rewriter.Rewriter()


@writer.rewrites(ops.CreateTableOp)
def _protect_what_is_created(_: Any, __: Any, create: ops.CreateTableOp) -> list[ops.MigrateOperation]:
    return [create, Protect(create.table_name)] if create.table_name in db.owned_tables(db.OfSite) else [create]


@renderers.dispatch_for(Protect)
def _write_protect(_: Any, op: Protect) -> str:
    return f'{op.deed}(op, "{op.table}")'


def write_plain_types(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Our own column types as what they are in the database: a migration must not change when the code does."""
    if kind == "type" and isinstance(item, sa.TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


@contextlib.contextmanager
def every_row(connection: sa.Connection) -> Iterator[None]:
    """On PostgreSQL, let the owner see all rows while it migrates, and nobody else run a migration meanwhile."""
    if connection.dialect.name != "postgresql":
        yield
        return
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(IN_TURN)))
    here = "relnamespace = current_schema()::regnamespace"
    tables = f"SELECT oid::regclass::text FROM pg_class WHERE relrowsecurity AND {here}"  # noqa: S608
    for (table,) in connection.exec_driver_sql(tables).all():
        connection.exec_driver_sql(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    yield
    for (table,) in connection.exec_driver_sql(tables).all():
        connection.exec_driver_sql(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def run() -> None:
    engine = db.owners_engine(current_app)
    if engine.dialect.name == "sqlite":
        # Before the transaction, where alone it works: rebuilding a table with them on empties those that point to it.
        sa.event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=OFF"))
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.Record.metadata,
            transactional_ddl=True,
            render_item=write_plain_types,
            process_revision_directives=writer,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction(), every_row(connection):
            context.run_migrations()
            if engine.dialect.name == "sqlite":
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if broken:
                    raise RuntimeError(f"The migration would leave {len(broken)} rows pointing nowhere: {broken[:3]}")


if context.is_offline_mode():
    raise RuntimeError("Migrations need the database: SQLite tables are rebuilt from what is there.")
run()
