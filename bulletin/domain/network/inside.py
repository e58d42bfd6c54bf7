"""Which sites are in the network, and what a member is to it. Whoever asks either, asks here."""

from __future__ import annotations

from sqlalchemy import func, select

from bulletin.db import db
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.governance import register
from bulletin.domain.site.sites import Site

# Sites: with fewer each speaks in its own words and any may say whom it knows; from so many on there are sums, and a
# site waits before it speaks for another.
FEW = 8


def is_in(site: Site) -> bool:
    """Is it one of the network's sites, which read what is told to all?"""
    return site.in_since is not None


def has_others(site: Site) -> bool:
    """Is it in, and is any other? While there is one site, nothing of a network is shown."""
    return is_in(site) and count_in() > 1


def count_in() -> int:
    """How many sites are in."""
    return db.session.scalar(select(func.count()).select_from(Site).where(Site.in_since.is_not(None))) or 0


def answers(me: Membership) -> bool:
    """Does this member read and answer what sites ask each other? Whoever decides in one that is in; it is open."""
    standing = register.sound_standing_of(me.site) if is_in(me.site) else None
    return standing is not None and standing.decides(me.member_id.hex)
