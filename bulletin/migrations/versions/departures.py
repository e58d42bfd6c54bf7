"""Who and what has gone, by ids alone: a table instead of a file beside the database.

What the file of before says is taken in at the next start, by each server from its own folder.

Revision ID: departures
Revises: register
Create Date: 2026-11-28
"""

import sqlalchemy as sa
from alembic import op

revision = "departures"
down_revision = "register"
branch_labels = None
depends_on = None

OWNER = "current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'departure'::regclass)"


def upgrade() -> None:
    op.create_table(
        "departure",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("of_site", sa.Uuid(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", "of_site", name=op.f("pk_departure")),
    )
    if op.get_context().dialect.name == "postgresql":
        # The app adds to it, and lets go whom members let go. What has gone stays written down for all but the owner.
        op.execute("ALTER TABLE departure ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE departure FORCE ROW LEVEL SECURITY")
        op.execute("CREATE POLICY read ON departure FOR SELECT USING (true)")
        op.execute("CREATE POLICY write_down ON departure FOR INSERT WITH CHECK (true)")
        op.execute(f"CREATE POLICY let_go ON departure FOR UPDATE USING (kind IN ('lock', 'hidden') OR {OWNER})")
        op.execute(f"CREATE POLICY begin_anew ON departure FOR DELETE USING ({OWNER})")


def downgrade() -> None:
    op.drop_table("departure")
