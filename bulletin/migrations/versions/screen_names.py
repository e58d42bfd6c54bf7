"""A plain name that a site chose for its screens.

Revision ID: screen_names
Revises: answering
Create Date: 2026-11-29
"""

import sqlalchemy as sa
from alembic import op

revision = "screen_names"
down_revision = "told_indexes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("site") as batch:
        batch.add_column(sa.Column("screen_name", sa.String(length=24), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("site") as batch:
        batch.drop_column("screen_name")
