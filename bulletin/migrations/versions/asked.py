"""Somebody in no site who is asked to do something: their account, and the link by which they come.

Revision ID: asked
Revises: answering
Create Date: 2026-11-29
"""

import sqlalchemy as sa
from alembic import op

revision = "asked"
down_revision = "screen_names"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asked_account",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_asked_account_member_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_asked_account_site_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_asked_account")),
        sa.UniqueConstraint("site_id", "matter_id", name=op.f("uq_asked_account_site_id_matter_id")),
    )
    with op.batch_alter_table("invitation") as batch:
        batch.add_column(sa.Column("matter_id", sa.Uuid()))


def downgrade() -> None:
    op.execute("DELETE FROM invitation WHERE matter_id IS NOT NULL")
    with op.batch_alter_table("invitation") as batch:
        batch.drop_column("matter_id")
    op.drop_table("asked_account")
