"""PostgreSQL's row-level security: a table of a site's rows shows only those of the site a transaction is for.

SQLite has nothing like it; there these do nothing. A migration protects each table it creates for SiteOwned records
(`flask db revision --autogenerate` writes the line; a test looks for it).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa


# As a subquery, it is asked once for a statement and not for each row: sums read tens of thousands.
def _setting(name: str) -> str:
    return f"(SELECT current_setting('{name}', true))"


# Empty, not null, is what an ended transaction leaves behind.
HERE = "site_id = (SELECT nullif(current_setting('app.site', true), '')::uuid)"


def protect(op: Any, table: str) -> None:
    """Show each transaction its own site's rows of this table, to the table's owner too."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
        op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
        op.execute(f'CREATE POLICY of_site ON "{table}" USING ({HERE}) WITH CHECK ({HERE})')


# What vault.readers.Reader says of who may read what is told to all sites.
IN_NETWORK = f"{_setting('app.reader')} IN ('member', 'decider', 'asked')"
DECIDES = f"{_setting('app.reader')} = 'decider'"
TO_HERE = f"audience = {_setting('app.site')}"  # vault.readers.only
TOLD = (
    f"{HERE} OR audience = 'anyone' OR (audience = 'sites' AND {IN_NETWORK})"
    f" OR (audience = 'deciders' AND {DECIDES}) OR {TO_HERE}"
)


def protect_told(op: Any, table: str) -> None:
    """Show each transaction the rows of this table that its reader may read; it writes its own site's."""
    protect(op, table)
    show_told(op, table)


def show_told(op: Any, table: str) -> None:
    """The second half of it."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(f'CREATE POLICY told ON "{table}" FOR SELECT USING ({TOLD})')


def hide_told(op: Any, table: str) -> None:
    """Take that back, before a column that the policy names is altered."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(f'DROP POLICY told ON "{table}"')


def unprotect(op: Any, table: str) -> None:
    """Take it back, before a downgrade that needs every row."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(f'DROP POLICY of_site ON "{table}"')
        op.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
        op.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')


def ask_once(op: Any) -> None:
    """Have the tables that an older release protected ask as above, once for a statement."""
    if op.get_context().dialect.name == "postgresql":
        asking = sa.text("SELECT tablename, policyname FROM pg_policies WHERE policyname IN ('of_site', 'told')")
        for table, policy in op.get_bind().execute(asking).all():
            says = f"USING ({TOLD})" if policy == "told" else f"USING ({HERE}) WITH CHECK ({HERE})"
            op.execute(f'ALTER POLICY {policy} ON "{table}" {says}')
