"""How other sites reach a site, and an audience that is one site.

Revision ID: needs
Revises: told
Create Date: 2026-11-28
"""

import sqlalchemy as sa
from alembic import op

from bulletin.migrations.protection import hide_told, show_told

revision = "needs"
down_revision = "told"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _audience(10, 36)
    with op.batch_alter_table("site") as batch:
        batch.add_column(sa.Column("reach", sa.String(length=80), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("site") as batch:
        batch.drop_column("reach")
    _audience(36, 10)


def _audience(was: int, becomes: int) -> None:
    hide_told(op, "told")
    with op.batch_alter_table("told") as batch:
        batch.alter_column("audience", existing_type=sa.String(was), type_=sa.String(becomes), existing_nullable=False)
    show_told(op, "told")
