"""What shows who wrote a letter is one phone's from here on: letters are sealed to another key.

And whose phone sent one stands beside it.

What members' phones were given before counts with the inbox key of before alone, which goes after ninety days.

Revision ID: phone_proofs
Revises: sealed_inbox
Create Date: 2026-11-29
"""

import sqlalchemy as sa
from alembic import op

from bulletin.migrations.protection import protect, unprotect

revision = "phone_proofs"
down_revision = "sealed_inbox"
branch_labels = None
depends_on = None


def upgrade() -> None:
    unprotect(op, "inbox_key")
    op.execute("UPDATE inbox_key SET ended_on = CURRENT_DATE WHERE ended_on IS NULL")
    protect(op, "inbox_key")
    op.execute("UPDATE site SET tended_on = NULL")  # whoever comes next makes another
    op.add_column("letter", sa.Column("sent_by", sa.Uuid()))


def downgrade() -> None:
    op.drop_column("letter", "sent_by")
