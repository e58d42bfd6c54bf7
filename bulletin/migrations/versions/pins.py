"""Six digits for phones of one's own: the key under them, wrong tries, the cookie before; after how long a site asks.

Devices from before have no digits: they go on as they were, and are asked for some once.

Revision ID: pins
Revises: answering
Create Date: 2026-11-28
"""

import sqlalchemy as sa
from alembic import op

revision = "pins"
down_revision = "asked"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("device") as batch:
        batch.add_column(sa.Column("locked_key", sa.LargeBinary(), nullable=True))
        batch.add_column(sa.Column("wrong_pins", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("pin_offered", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("former_digest", sa.LargeBinary(), nullable=True))
        batch.add_column(sa.Column("former_locked_key", sa.LargeBinary(), nullable=True))
        batch.create_index(op.f("ix_device_former_digest"), ["former_digest"], unique=True)
    with op.batch_alter_table("site") as batch:
        batch.add_column(sa.Column("idle_minutes", sa.Integer(), nullable=False, server_default="15"))


def downgrade() -> None:
    with op.batch_alter_table("site") as batch:
        batch.drop_column("idle_minutes")
    with op.batch_alter_table("device") as batch:
        batch.drop_index(op.f("ix_device_former_digest"))
        for column in ("former_locked_key", "former_digest", "pin_offered", "wrong_pins", "locked_key"):
            batch.drop_column(column)
