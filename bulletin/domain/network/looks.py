"""When a member last looked at what other sites tell: two days, sealed with their own key.

The server knows no more of it than it does of the day on which a device was last used; nobody else can open it, and
after a change of their words it is forgotten.
"""

from __future__ import annotations

import json
from datetime import date

from bulletin.db import today
from bulletin.domain.site.accounts.members import Member
from bulletin.vault import keys


def since(member: Member, private: keys.PrivateKey) -> date | None:
    """The day of the last look before today's; None before the first."""
    before, last = _days(member, private)
    return before if last == today() else last


def is_noted(member: Member, private: keys.PrivateKey) -> bool:
    """Is it known that they looked today?"""
    return _days(member, private)[1] == today()


def note(member: Member, private: keys.PrivateKey) -> None:
    """They look today."""
    _before, last = _days(member, private)
    if last != today():
        days = [day.isoformat() if day else " " * 10 for day in (last, today())]  # always as long as before
        member.sealed_looks = keys.wrap(private.secret, json.dumps(days).encode(), _context(member))


def _days(member: Member, private: keys.PrivateKey) -> tuple[date | None, date | None]:
    if member.sealed_looks is None:
        return None, None
    try:
        opened = keys.unwrap(private.secret, member.sealed_looks, _context(member))
    except keys.DoesNotOpen:  # of their key before, or another's
        return None, None
    before, last = (date.fromisoformat(day) if day.strip() else None for day in json.loads(opened))
    return before, last


def _context(member: Member) -> bytes:
    return keys.context("looks", member.id)
