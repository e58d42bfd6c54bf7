"""In the clear stands the day, and no moment but for a reason: who does what when is what the adversary wants."""

from __future__ import annotations

from bulletin.backup.rows import kinds
from bulletin.db import Record

# Why a moment stands in the clear, by table and column.
REASONS = {
    ("throttle", "failed_at"): "a wait is of seconds; for a day at most, beside a digest of handle and browser",
}


def test_no_column_in_the_clear_is_finer_than_a_day_without_a_reason():
    tables = Record.metadata.tables.values()
    moments = {(table.name, column) for table in tables for column, kind in kinds(table).items() if kind == "moment"}
    assert moments == REASONS.keys()
