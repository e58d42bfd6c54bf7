"""What sites tell each other, what they know of it, and what others see of a site. Sites from before are in.

Revision ID: told
Revises: traces
Create Date: 2026-11-28
"""

import sqlalchemy as sa
from alembic import op

from bulletin.migrations.protection import protect, protect_told

revision = "told"
down_revision = "traces"
branch_labels = None
depends_on = None

ABOUT = ("sector", "whereabouts", "languages")


def upgrade() -> None:
    op.create_table(
        "told",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("sheet", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_told_site_id")),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_told")),
    )
    op.create_index(op.f("ix_told_week"), "told", ["week"])
    protect_told(op, "told")
    op.create_table(
        "sharing",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_sharing_site_id")),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_sharing")),
    )
    protect(op, "sharing")
    with op.batch_alter_table("site") as batch:
        for name in ABOUT:
            batch.add_column(sa.Column(name, sa.String(length=80), server_default="", nullable=False))
        batch.add_column(sa.Column("told_to", sa.String(length=10)))
        batch.add_column(sa.Column("in_since", sa.Date()))
    op.execute("UPDATE site SET in_since = founded_on")


def downgrade() -> None:
    with op.batch_alter_table("site") as batch:
        for name in ("in_since", "told_to", *reversed(ABOUT)):
            batch.drop_column(name)
    op.drop_table("sharing")
    op.drop_table("told")
