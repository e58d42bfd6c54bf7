"""Who is hidden, to be forgotten in a week. Who was forgotten before is gone.

Revision ID: forgetting
Revises: refused_try
Create Date: 2026-11-28
"""

import sqlalchemy as sa
from alembic import op

from bulletin.migrations.protection import protect

revision = "forgetting"
down_revision = "refused_try"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forgetting",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("wish", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_forgetting_site_id")),
        sa.ForeignKeyConstraint(
            ["site_id", "contact_id"], ["contact.site_id", "contact.id"], name=op.f("fk_forgetting_site_id_contact_id")
        ),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_forgetting")),
    )
    op.create_index(op.f("ix_forgetting_contact_id"), "forgetting", ["contact_id"])
    protect(op, "forgetting")


def downgrade() -> None:
    op.drop_index(op.f("ix_forgetting_contact_id"), "forgetting")
    op.drop_table("forgetting")
