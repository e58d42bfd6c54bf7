"""After how long without use the phones of a site's members ask for their six digits: who decides there chooses it."""

from __future__ import annotations

from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.refusals import NotAllowed, Why
from bulletin.domain.site.sites import IDLE_MINUTES_MAX

from . import register


def choose(me: Membership, minutes: int) -> None:
    """Choose it, where all of them read of it; raises NotAllowed."""
    if not register.standing_of(me.site).decides(me.member_id.hex):
        raise NotAllowed(Why.DOES_NOT_DECIDE)
    if not 1 <= minutes <= IDLE_MINUTES_MAX:
        raise ValueError(f"from 1 to {IDLE_MINUTES_MAX}")
    if me.site.idle_minutes != minutes:
        me.site.idle_minutes = minutes
        Event.note(me.site, Deed.IDLE_CHOSEN, by=me.member.handle)
