"""By what a told thing is counted, beside its body; what was told before is tagged by what its body says.

Revision ID: tags
Revises: looks
Create Date: 2026-11-28
"""

import json

import sqlalchemy as sa
from alembic import op

from bulletin.migrations.protection import hide_told, protect_told, unprotect

revision = "tags"
down_revision = "looks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    hide_told(op, "told")
    unprotect(op, "told")
    with op.batch_alter_table("told") as batch:
        batch.add_column(sa.Column("tags", sa.Text(), server_default="", nullable=False))
    told = sa.table("told", *map(sa.column, ("site_id", "id", "kind", "body", "tags")))
    for site_id, id_, body in op.get_bind().execute(
        sa.select(told.c.site_id, told.c.id, told.c.body).where(told.c.kind == "deed")
    ):
        said = json.loads(body)
        tags = [f"form:{said.get('form', 'other')}", *said.get("struggles", [])]
        tags += [f"result:{said['result']}"] if said.get("result") else []
        stored = "".join(f" {tag.replace(' ', '_')}" for tag in sorted(set(tags))) + " "
        op.execute(told.update().where(told.c.site_id == site_id, told.c.id == id_).values(tags=stored))
    op.create_index("ix_told_counted", "told", ["kind", "week", "tags", "site_id"])
    op.create_index("ix_told_newest", "told", ["kind", "told_on", "id"])
    protect_told(op, "told")


def downgrade() -> None:
    op.drop_index("ix_told_newest", "told")
    op.drop_index("ix_told_counted", "told")
    with op.batch_alter_table("told") as batch:
        batch.drop_column("tags")
