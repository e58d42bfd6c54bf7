"""The sealed inbox: keys, letters, those that could not be filed; and the token of a phone that sends them.

A site from before gets its key when a member opens it; a phone its token when it is used next.

Revision ID: sealed_inbox
Revises: pins
Create Date: 2026-11-29
"""

import sqlalchemy as sa
from alembic import op

from bulletin.migrations.protection import protect

revision = "sealed_inbox"
down_revision = "pins"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create(
        "inbox_key",
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
    )
    came_on = sa.Column("came_on", sa.Date(), nullable=False)
    _create("letter", came_on, sa.Column("content", sa.LargeBinary(), nullable=False))
    came_on = sa.Column("came_on", sa.Date(), nullable=False)
    _create("parked_letter", came_on, sa.Column("what", sa.LargeBinary(), nullable=False))
    with op.batch_alter_table("device") as batch:
        batch.add_column(sa.Column("letter_digest", sa.LargeBinary()))
        batch.create_unique_constraint(op.f("uq_device_letter_digest"), ["letter_digest"])


def downgrade() -> None:
    with op.batch_alter_table("device") as batch:
        batch.drop_constraint(op.f("uq_device_letter_digest"), type_="unique")
        batch.drop_column("letter_digest")
    for table in ("parked_letter", "letter", "inbox_key"):
        op.drop_table(table)


def _create(table: str, *columns: sa.Column) -> None:
    op.create_table(
        table,
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f(f"fk_{table}_site_id")),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f(f"pk_{table}")),
    )
    protect(op, table)
