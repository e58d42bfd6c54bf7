"""What sites put to each other and answer; what a site means to say; when one was put out. Sites from before are in.

Revision ID: answering
Revises: tags
Create Date: 2026-11-28
"""

import sqlalchemy as sa
from alembic import op

from bulletin.migrations.protection import hide_told, protect, protect_told, show_told

revision = "answering"
down_revision = "tags"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "matter",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("needs", sa.Integer(), nullable=False),
        sa.Column("put_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date()),
        sa.Column("count_yes", sa.Integer()),
        sa.Column("count_no", sa.Integer()),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_matter_site_id")),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_matter")),
    )
    op.create_table(
        "answer",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.String(length=36), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("yes", sa.Boolean(), nullable=False),
        sa.Column("if_n", sa.Integer(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("kept_until", sa.Date()),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_answer_site_id")),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_answer")),
        sa.UniqueConstraint("site_id", "matter_id", name=op.f("uq_answer_site_id_matter_id")),
    )
    op.create_index(op.f("ix_answer_matter_id"), "answer", ["matter_id"])
    op.create_table(
        "intent",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_intent_site_id")),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_intent")),
    )
    for table in ("matter", "answer"):
        protect_told(op, table)
    protect(op, "intent")
    hide_told(op, "told")  # whoever decides reads it as every member does
    show_told(op, "told")
    with op.batch_alter_table("site") as batch:
        batch.add_column(sa.Column("put_out_on", sa.Date()))


def downgrade() -> None:
    with op.batch_alter_table("site") as batch:
        batch.drop_column("put_out_on")
    for table in ("intent", "answer", "matter"):
        op.drop_table(table)
