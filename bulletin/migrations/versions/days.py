"""In the clear stands the day, no moment: of joining, locks, invitations, tickets, and of what is done to papers.

Where the moment matters it is sealed, from now on: in the register, under a ticket's letters, with a paper.

Revision ID: days
Revises: device_labels
Create Date: 2026-11-28
"""

import sqlalchemy as sa
from alembic import op

revision = "days"
down_revision = "device_labels"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
# Of each table the moment, the day that takes its place, and whether it may be empty.
DAYS = (
    ("membership", "joined_at", "joined_on", False),
    ("membership", "locked_at", "locked_on", True),
    ("invitation", "issued_at", "issued_on", False),
    ("print_ticket", "ends_at", "ends_on", False),
    ("bulletin", "touched_at", "touched_on", False),
    ("bulletin", "put_away_at", "put_away_on", True),
    ("article", "deleted_at", "deleted_on", True),
    ("import", "made_at", "made_on", False),
)


def upgrade() -> None:
    for table, moment, day, empty in DAYS:
        _become(table, moment, day, sa.Date(), empty, sqlite="date({})", postgresql="(timezone('UTC', {}))::date")
    with op.batch_alter_table("print_ticket") as batch:
        batch.add_column(sa.Column("end_moment", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("bulletin") as batch:
        batch.add_column(sa.Column("touched", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("founding_code") as batch:
        batch.drop_column("printed_at")
    with op.batch_alter_table("throttle") as batch:
        batch.alter_column("failed_at", existing_type=MOMENT, nullable=True)
    op.execute("UPDATE throttle SET failed_at = NULL WHERE failures = 0")


def downgrade() -> None:
    op.execute("UPDATE throttle SET failed_at = CURRENT_TIMESTAMP WHERE failed_at IS NULL")
    with op.batch_alter_table("throttle") as batch:
        batch.alter_column("failed_at", existing_type=MOMENT, nullable=False)
    op.execute("DELETE FROM founding_code")  # the next start prints another
    with op.batch_alter_table("founding_code") as batch:
        batch.add_column(sa.Column("printed_at", MOMENT, nullable=False))
    with op.batch_alter_table("bulletin") as batch:
        batch.drop_column("touched")
    with op.batch_alter_table("print_ticket") as batch:
        batch.drop_column("end_moment")
    for table, moment, day, empty in DAYS:
        _become(table, day, moment, MOMENT, empty, sqlite="datetime({})", postgresql="timezone('UTC', {}::timestamp)")


def _become(
    table: str, old: str, new: str, kind: sa.types.TypeEngine, empty: bool, *, sqlite: str, postgresql: str
) -> None:
    """Put what is made of one column into another that takes its place, in every row, whosoever site's it is."""
    if op.get_context().dialect.name == "postgresql":  # where an UPDATE sees the rows of one site alone
        op.execute(f'ALTER TABLE "{table}" ALTER "{old}" TYPE {_named(kind)} USING {postgresql.format(old)}')
        op.alter_column(table, old, new_column_name=new)
        return
    with op.batch_alter_table(table) as batch:
        batch.add_column(sa.Column(new, kind, nullable=True))
    op.execute(f'UPDATE "{table}" SET "{new}" = {sqlite.format(old)}')  # noqa: S608  # names of ours
    with op.batch_alter_table(table) as batch:
        batch.alter_column(new, existing_type=kind, nullable=empty)
        batch.drop_column(old)


def _named(kind: sa.types.TypeEngine) -> str:
    return kind.compile(dialect=op.get_context().dialect)
