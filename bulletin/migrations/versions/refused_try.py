"""Refused tries are counted, by kind and day.

Revision ID: refused_try
Revises: days
Create Date: 2026-11-28
"""

import sqlalchemy as sa
from alembic import op

revision = "refused_try"
down_revision = "days"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "refused_try",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "kind", name=op.f("pk_refused_try")),
    )


def downgrade() -> None:
    op.drop_table("refused_try")
