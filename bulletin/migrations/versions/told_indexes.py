"""What sites tell is counted and found without opening rows; row security asks once a query who reads, not once a row.

Revision ID: told_indexes
Revises: answering
Create Date: 2026-11-29
"""

from alembic import op

from bulletin.migrations.protection import ask_once

revision = "told_indexes"
down_revision = "answering"
branch_labels = None
depends_on = None

NEW = {
    "ix_told_counted": ("told", ["kind", "week", "tags", "audience", "site_id"]),
    "ix_told_own": ("told", ["site_id", "kind", "week", "tags", "audience"]),
    "ix_told_latest": ("told", ["told_on", "id"]),
    "ix_told_id": ("told", ["id"]),
    "ix_matter_id": ("matter", ["id"]),
    "ix_site_in_since": ("site", ["in_since"]),
}


def upgrade() -> None:
    op.drop_index("ix_told_week", "told")
    op.drop_index("ix_told_counted", "told")
    for name, (table, columns) in NEW.items():
        op.create_index(name, table, columns)
    ask_once(op)


def downgrade() -> None:
    for name, (table, _columns) in NEW.items():
        op.drop_index(name, table)
    op.create_index("ix_told_counted", "told", ["kind", "week", "tags", "site_id"])
    op.create_index("ix_told_week", "told", ["week"])
