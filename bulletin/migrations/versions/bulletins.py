"""Bulletins, what is written in them, and how they are agreed to and printed; members who came early.

Revision ID: bulletins
Revises: first_tables
Create Date: 2026-11-22
"""

import sqlalchemy as sa
from alembic import op

from bulletin.migrations.protection import protect, unprotect  # noqa: F401

revision = "bulletins"
down_revision = "first_tables"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulletin",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("put_away_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("order", sa.LargeBinary(), nullable=False),
        sa.Column("agreed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_bulletin_site_id")),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_bulletin")),
    )
    protect(op, "bulletin")
    op.create_table(
        "print_ticket",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("distribution_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_print_ticket_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_ticket")),
        sa.UniqueConstraint("digest", name=op.f("uq_print_ticket_digest")),
    )
    with op.batch_alter_table("print_ticket", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_print_ticket_distribution_id"), ["distribution_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_print_ticket_site_id"), ["site_id"], unique=False)

    op.create_table(
        "article",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bulletin_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "bulletin_id"], ["bulletin.site_id", "bulletin.id"], name=op.f("fk_article_site_id_bulletin_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_article_site_id")),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_article")),
    )
    protect(op, "article")
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_bulletin_id"), ["bulletin_id"], unique=False)

    op.create_table(
        "correction",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bulletin_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "bulletin_id"],
            ["bulletin.site_id", "bulletin.id"],
            name=op.f("fk_correction_site_id_bulletin_id"),
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_correction_site_id")),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_correction")),
    )
    protect(op, "correction")
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_correction_bulletin_id"), ["bulletin_id"], unique=False)

    op.create_table(
        "distribution",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bulletin_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.Column("went", sa.LargeBinary(), nullable=False),
        sa.Column("tickets", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "bulletin_id"],
            ["bulletin.site_id", "bulletin.id"],
            name=op.f("fk_distribution_site_id_bulletin_id"),
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_distribution_site_id")),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_distribution")),
    )
    protect(op, "distribution")
    with op.batch_alter_table("distribution", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_distribution_bulletin_id"), ["bulletin_id"], unique=False)

    op.create_table(
        "picture",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bulletin_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.LargeBinary(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "bulletin_id"], ["bulletin.site_id", "bulletin.id"], name=op.f("fk_picture_site_id_bulletin_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_picture_site_id")),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_picture")),
    )
    protect(op, "picture")
    with op.batch_alter_table("picture", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_picture_bulletin_id"), ["bulletin_id"], unique=False)

    op.create_table(
        "printing",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bulletin_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.LargeBinary(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "bulletin_id"],
            ["bulletin.site_id", "bulletin.id"],
            name=op.f("fk_printing_site_id_bulletin_id"),
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_printing_site_id")),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_printing")),
    )
    protect(op, "printing")
    with op.batch_alter_table("printing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_printing_bulletin_id"), ["bulletin_id"], unique=False)

    op.create_table(
        "proof",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bulletin_id", sa.Uuid(), nullable=False),
        sa.Column("measured", sa.LargeBinary(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "bulletin_id"], ["bulletin.site_id", "bulletin.id"], name=op.f("fk_proof_site_id_bulletin_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_proof_site_id")),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_proof")),
    )
    protect(op, "proof")
    with op.batch_alter_table("proof", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proof_bulletin_id"), ["bulletin_id"], unique=False)

    op.create_table(
        "voice",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bulletin_id", sa.Uuid(), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "bulletin_id"], ["bulletin.site_id", "bulletin.id"], name=op.f("fk_voice_site_id_bulletin_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_voice_site_id")),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_voice")),
    )
    protect(op, "voice")
    with op.batch_alter_table("voice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_voice_bulletin_id"), ["bulletin_id"], unique=False)

    op.create_table(
        "version",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "article_id"], ["article.site_id", "article.id"], name=op.f("fk_version_site_id_article_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_version_site_id")),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_version")),
    )
    protect(op, "version")
    with op.batch_alter_table("version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_version_article_id"), ["article_id"], unique=False)

    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.add_column(sa.Column("early", sa.Boolean(), server_default=sa.false(), nullable=False))

    membership = sa.table("membership", *map(sa.column, ("id", "site_id", "joined_at", "early")))
    other = membership.alias()
    before = sa.select(sa.func.count()).select_from(other).where(other.c.site_id == membership.c.site_id)
    before = before.where(other.c.joined_at < membership.c.joined_at).scalar_subquery()
    op.execute(sa.update(membership).values(early=before < 3))

    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.add_column(sa.Column("agreeing", sa.Integer(), server_default="2", nullable=False))
        batch_op.add_column(sa.Column("agreeing_before", sa.Integer(), server_default="2", nullable=False))
        batch_op.add_column(sa.Column("agreeing_changed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.drop_column("agreeing_changed_at")
        batch_op.drop_column("agreeing_before")
        batch_op.drop_column("agreeing")

    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_column("early")

    with op.batch_alter_table("version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_version_article_id"))

    op.drop_table("version")
    with op.batch_alter_table("voice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_voice_bulletin_id"))

    op.drop_table("voice")
    with op.batch_alter_table("proof", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proof_bulletin_id"))

    op.drop_table("proof")
    with op.batch_alter_table("printing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_printing_bulletin_id"))

    op.drop_table("printing")
    with op.batch_alter_table("picture", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_picture_bulletin_id"))

    op.drop_table("picture")
    with op.batch_alter_table("distribution", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_distribution_bulletin_id"))

    op.drop_table("distribution")
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_correction_bulletin_id"))

    op.drop_table("correction")
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_bulletin_id"))

    op.drop_table("article")
    with op.batch_alter_table("print_ticket", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_print_ticket_site_id"))
        batch_op.drop_index(batch_op.f("ix_print_ticket_distribution_id"))

    op.drop_table("print_ticket")
    op.drop_table("bulletin")
