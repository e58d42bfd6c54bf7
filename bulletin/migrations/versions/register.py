"""The register of a site: who decides and what is asked, sealed. What stood in the clear of removals goes.

Who is locked out stays so. Removals and exports that were only asked for are to be asked for anew.

Revision ID: register
Revises: browser_key
Create Date: 2026-11-28
"""

import sqlalchemy as sa
from alembic import op

from bulletin.migrations.protection import protect

revision = "register"
down_revision = "browser_key"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, column in (("register", "roll"), ("register_mark", "mark")):
        op.create_table(
            table,
            sa.Column("site_id", sa.Uuid(), nullable=False),
            sa.Column("id", sa.Uuid(), nullable=False),
            sa.Column(column, sa.LargeBinary(), nullable=False),
            sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f(f"fk_{table}_site_id")),
            sa.PrimaryKeyConstraint("site_id", "id", name=op.f(f"pk_{table}")),
        )
        protect(op, table)
    with op.batch_alter_table("membership") as batch:
        batch.add_column(sa.Column("locked_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE membership SET locked_at = removal_seconded_at")
    with op.batch_alter_table("membership") as batch:
        batch.drop_constraint("fk_membership_removal_by_id", type_="foreignkey")
        batch.drop_column("removal_by_id")
        batch.drop_column("removal_seconded_at")
        batch.drop_column("early")
    with op.batch_alter_table("invitation") as batch:
        batch.drop_column("seconded_at")
    with op.batch_alter_table("site") as batch:
        batch.drop_column("agreeing_before")
        batch.drop_column("agreeing_changed_at")
        batch.add_column(sa.Column("restored", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.drop_table("export")


def downgrade() -> None:
    op.create_table(
        "export",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_export_site_id")),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_export")),
    )
    protect(op, "export")
    with op.batch_alter_table("site") as batch:
        batch.drop_column("restored")
        batch.add_column(sa.Column("agreeing_before", sa.Integer(), server_default="2", nullable=False))
        batch.add_column(sa.Column("agreeing_changed_at", sa.DateTime(timezone=True)))
    with op.batch_alter_table("invitation") as batch:
        batch.add_column(sa.Column("seconded_at", sa.DateTime(timezone=True)))
    with op.batch_alter_table("membership") as batch:
        batch.add_column(sa.Column("early", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch.add_column(sa.Column("removal_by_id", sa.Uuid()))
        batch.add_column(sa.Column("removal_seconded_at", sa.DateTime(timezone=True)))
        batch.create_foreign_key("fk_membership_removal_by_id", "member", ["removal_by_id"], ["id"])
    op.execute("UPDATE membership SET removal_seconded_at = locked_at")
    with op.batch_alter_table("membership") as batch:
        batch.drop_column("locked_at")
    op.drop_table("register_mark")
    op.drop_table("register")
