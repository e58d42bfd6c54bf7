"""When a member last looked at what other sites tell, sealed with their own key.

Revision ID: looks
Revises: needs
Create Date: 2026-11-28
"""

import sqlalchemy as sa
from alembic import op

revision = "looks"
down_revision = "needs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("member") as batch:
        batch.add_column(sa.Column("sealed_looks", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("member") as batch:
        batch.drop_column("sealed_looks")
