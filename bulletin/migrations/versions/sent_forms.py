"""Forms that have made something: what is sent twice is compared. Of forms sent before, nothing is known.

Revision ID: sent_forms
Revises: device_days
Create Date: 2026-11-28
"""

import sqlalchemy as sa
from alembic import op

from bulletin.migrations.protection import protect

revision = "sent_forms"
down_revision = "device_days"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sent_form",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_sent_form_site_id")),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_sent_form")),
    )
    protect(op, "sent_form")


def downgrade() -> None:
    op.drop_table("sent_form")
