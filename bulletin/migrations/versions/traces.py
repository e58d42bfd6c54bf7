"""Traces of reading: what a member opened on a day. Of what was opened before, nothing is known.

Revision ID: traces
Revises: forgetting
Create Date: 2026-11-28
"""

import sqlalchemy as sa
from alembic import op

from bulletin.migrations.protection import protect

revision = "traces"
down_revision = "forgetting"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trace",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opened", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_trace_site_id")),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_trace")),
    )
    op.create_index(op.f("ix_trace_day"), "trace", ["day"])
    protect(op, "trace")


def downgrade() -> None:
    op.drop_index(op.f("ix_trace_day"), "trace")
    op.drop_table("trace")
