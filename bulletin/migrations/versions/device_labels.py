"""What members call their devices is sealed. What stands in the clear stays until its member comes, who has the key.

Revision ID: device_labels
Revises: departures
Create Date: 2026-11-28
"""

import sqlalchemy as sa
from alembic import op

revision = "device_labels"
down_revision = "departures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("device") as batch:
        batch.add_column(sa.Column("sealed_label", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("device") as batch:
        batch.drop_column("sealed_label")
