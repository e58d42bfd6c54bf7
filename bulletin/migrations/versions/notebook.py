"""The notebook: the map of a site, contacts, conversations, follow-ups, actions, turnout, steps, exports and imports.

Revision ID: notebook
Revises: bulletins
Create Date: 2026-11-22
"""

import sqlalchemy as sa
from alembic import op

from bulletin.migrations.protection import protect, unprotect  # noqa: F401

revision = "notebook"
down_revision = "bulletins"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "action",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("names_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("plan", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", sa.LargeBinary(), nullable=False),
        sa.Column("lesson", sa.LargeBinary(), nullable=False),
        sa.Column("sums", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_action_site_id")),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_action")),
    )
    protect(op, "action")
    op.create_table(
        "contact",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("touched_on", sa.Date(), nullable=False),
        sa.Column("announced_on", sa.Date(), nullable=True),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("brief", sa.LargeBinary(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_contact_site_id")),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_contact")),
    )
    protect(op, "contact")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_merged_into"), ["merged_into"], unique=False)

    op.create_table(
        "department",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("headcounts", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_department_site_id")),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_department")),
    )
    protect(op, "department")
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
    op.create_table(
        "import",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_import_site_id")),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_import")),
    )
    protect(op, "import")
    op.create_table(
        "shift",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("times", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_shift_site_id")),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_shift")),
    )
    protect(op, "shift")
    op.create_table(
        "step",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_step_site_id")),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_step")),
    )
    protect(op, "step")
    op.create_table(
        "conversation",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.Column("earlier", sa.LargeBinary(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "contact_id"],
            ["contact.site_id", "contact.id"],
            name=op.f("fk_conversation_site_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_conversation_site_id")),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_conversation")),
    )
    protect(op, "conversation")
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conversation_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_conversation_site_id_day"), ["site_id", "day"], unique=False)

    op.create_table(
        "follow_up",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "contact_id"], ["contact.site_id", "contact.id"], name=op.f("fk_follow_up_site_id_contact_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_follow_up_site_id")),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_follow_up")),
    )
    protect(op, "follow_up")
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_up_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_follow_up_site_id_done_on"), ["site_id", "done_on"], unique=False)

    op.create_table(
        "turnout",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("how", sa.LargeBinary(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "action_id"], ["action.site_id", "action.id"], name=op.f("fk_turnout_site_id_action_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "contact_id"], ["contact.site_id", "contact.id"], name=op.f("fk_turnout_site_id_contact_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_turnout_site_id")),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_turnout")),
        sa.UniqueConstraint("site_id", "action_id", "contact_id", name=op.f("uq_turnout_site_id_action_id_contact_id")),
    )
    protect(op, "turnout")
    with op.batch_alter_table("turnout", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_turnout_action_id"), ["action_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_turnout_contact_id"), ["contact_id"], unique=False)

    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tended_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.drop_column("tended_on")

    with op.batch_alter_table("turnout", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_turnout_contact_id"))
        batch_op.drop_index(batch_op.f("ix_turnout_action_id"))

    op.drop_table("turnout")
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_follow_up_site_id_done_on"))
        batch_op.drop_index(batch_op.f("ix_follow_up_contact_id"))

    op.drop_table("follow_up")
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conversation_site_id_day"))
        batch_op.drop_index(batch_op.f("ix_conversation_contact_id"))

    op.drop_table("conversation")
    op.drop_table("step")
    op.drop_table("shift")
    op.drop_table("import")
    op.drop_table("export")
    op.drop_table("department")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_merged_into"))

    op.drop_table("contact")
    op.drop_table("action")
