"""Handles: a name somebody chose, and figures that the server adds, as in rosa-47.

Handles are unique among all who have an account here, and people of other sites are nobody's business. So nobody hears
that a name is taken: everybody gets figures, and those that are taken are passed over in an order that only the server
knows.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from bulletin.db import db
from bulletin.domain.site.sites import Site
from bulletin.vault import keys

from .browser_keys import BrowserKey
from .members import HANDLE_MAX, Member, Membership, handle_skeleton

NAME_MAX = HANDLE_MAX - len("-1234")


def offered(name: str, secret: bytes, *, own: bytes = b"") -> str:
    """The handle for somebody of this name: nobody has it, and nobody one that looks alike, at whatever site.

    The same whenever it is asked about one invitation, by its secret, and the same figures however the name is spelled:
    among many answers, those that never come would say who is here. own: the locked key that was made for them, by
    which they are known when they ask twice.
    """
    everybody = db.session.execute(select(Member.handle, Member.locked_key))
    taken = {handle_skeleton(handle) for handle, locked_key in everybody if locked_key != own}
    for ending in endings(name, secret):
        if handle_skeleton(name + ending) not in taken:
            return name + ending
    raise LookupError("so many of one name are nowhere")


def is_alike_at(site: Site, handle: str) -> bool:
    """Has somebody at a site a handle that on a page nobody tells from this one?"""
    skeleton = handle_skeleton(handle)
    return any(handle_skeleton(place.member.handle) == skeleton for place in Membership.at(site))


def endings(name: str, invitation: bytes) -> Iterator[str]:
    """Two figures, and more where those are taken, in an order that depends on what the server alone knows."""
    secret = BrowserKey.made().secret

    def rank(number: int) -> bytes:
        return keys.digest(keys.context("figures", secret, invitation, handle_skeleton(name), number))

    for most in (100, 1_000, 10_000):
        yield from (f"-{number}" for number in sorted(range(most // 10, most), key=rank))
