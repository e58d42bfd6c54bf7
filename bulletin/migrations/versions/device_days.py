"""Devices say in the clear no more than the days on which they were first and last used.

The moment of the last use is for the cookie alone, which is not here. So whoever was idle for too long is closed now,
and shared devices, which last for half an hour, are signed out; the others are open until they are used again, or until
twelve hours after the end of the day on which they were.

Revision ID: device_days
Revises: notebook
Create Date: 2026-11-28
"""

import datetime

import sqlalchemy as sa
from alembic import op

revision = "device_days"
down_revision = "notebook"
branch_labels = None
depends_on = None

IDLE = datetime.timedelta(hours=12)

device = sa.table(
    "device",
    *(sa.column(name, sa.DateTime(timezone=True)) for name in ("began_at", "used_at")),
    *(sa.column(name, sa.Date()) for name in ("began_on", "used_on")),
    sa.column("open_key", sa.LargeBinary()),
    sa.column("shared", sa.Boolean()),
)


def upgrade() -> None:
    on_sqlite = op.get_context().dialect.name == "sqlite"
    moment = datetime.datetime.now(datetime.UTC)
    idle = (moment.replace(tzinfo=None) if on_sqlite else moment) - IDLE
    op.execute(device.delete().where(device.c.shared))
    op.execute(device.update().where(device.c.used_at <= idle).values(open_key=None))

    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.add_column(sa.Column("began_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("used_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("last_use", sa.LargeBinary(), nullable=True))

    def day(column: str) -> sa.ColumnElement[datetime.date]:
        at = device.c[column]
        return sa.func.date(at) if on_sqlite else sa.cast(sa.func.timezone("UTC", at), sa.Date())

    op.execute(device.update().values(began_on=day("began_at"), used_on=day("used_at")))
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.alter_column("began_on", existing_type=sa.Date(), nullable=False)
        batch_op.alter_column("used_on", existing_type=sa.Date(), nullable=False)
        batch_op.drop_column("began_at")
        batch_op.drop_column("used_at")


def downgrade() -> None:
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.add_column(sa.Column("began_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("used_at", sa.DateTime(timezone=True), nullable=True))

    op.execute(device.delete().where(device.c.shared))
    on_sqlite = op.get_context().dialect.name == "sqlite"

    def midnight(column: str) -> sa.ColumnElement[datetime.datetime]:
        on = device.c[column]
        return sa.func.datetime(on) if on_sqlite else sa.func.timezone("UTC", sa.cast(on, sa.DateTime()))

    op.execute(device.update().values(began_at=midnight("began_on"), used_at=midnight("used_on")))
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.alter_column("began_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.alter_column("used_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.drop_column("last_use")
        batch_op.drop_column("used_on")
        batch_op.drop_column("began_on")
