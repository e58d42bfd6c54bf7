"""Handles: a name somebody chose, and figures that the server adds, as in rosa-47.

Handles are unique among all who have an account here, and people of other sites are nobody's business. So nobody hears
that a name is taken: everybody gets figures, and those that are taken are passed over in an order that only the server
knows.
"""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.vault import keys

from .browser_keys import BrowserKey
from .members import HANDLE_MAX, Member, Membership, handle_key, handle_skeleton
from .sites import Site

NAME_MAX = HANDLE_MAX - len("-1234")


def offered(name: str, secret: bytes, site: Site | None, *, own: bytes = b"") -> str:
    """The handle for somebody of this name: nobody has it, and nobody at the site they come to one that looks alike.

    The same whenever it is asked about one invitation, by its secret: among many answers, those that never come would
    say who is here. own: the locked key that was made for them, by which they are known when they ask twice.
    """
    for ending in endings(name, secret):
        handle = name + ending
        known = Member.named(handle)
        if known is not None and known.locked_key == own:
            return handle
        if known is None and not (site and is_alike_at(site, handle)):
            return handle
    raise LookupError("so many of one name are nowhere")


def is_alike_at(site: Site, handle: str) -> bool:
    """Has somebody at a site a handle that on a page nobody tells from this one?"""
    skeleton = handle_skeleton(handle)
    return any(handle_skeleton(place.member.handle) == skeleton for place in Membership.at(site))


def endings(name: str, invitation: bytes) -> Iterator[str]:
    """Two figures, and more where those are taken, in an order that depends on what the server alone knows."""
    secret = BrowserKey.made().secret

    def rank(number: int) -> bytes:
        return keys.digest(keys.context("figures", secret, invitation, handle_key(name), number))

    for most in (100, 1_000, 10_000):
        yield from (f"-{number}" for number in sorted(range(most // 10, most), key=rank))
