"""The key under which the cookies of browsers are signed. Browsers from before are strangers until somebody signs in.

Revision ID: browser_key
Revises: sent_forms
Create Date: 2026-11-28
"""

import os

import sqlalchemy as sa
from alembic import op

revision = "browser_key"
down_revision = "sent_forms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = op.create_table(
        "browser_key",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_browser_key")),
    )
    op.execute(table.insert().values(id=1, secret=os.urandom(32)))


def downgrade() -> None:
    op.drop_table("browser_key")
