"""What is refused is counted, without a word of who tried."""

from __future__ import annotations

from flask import current_app

from bulletin.domain.site.accounts.refused_tries import Try


def count(kind: Try) -> None:
    """One more of these; it is kept with the next sweep."""
    current_app.extensions["sweeper"].refused.note(kind)
