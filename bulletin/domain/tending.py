"""What falls due by itself and needs a site's key: done once a day, when a member opens the site."""

from __future__ import annotations

from ..db import today
from . import forgetting
from .events import Deed, Event
from .sites import Site
from .turnouts import become_counts


def tend_if_due(site: Site) -> bool:
    """Names of those who took part become counts, and who was untouched for long is announced, later forgotten.

    True where something may have been deleted. The site must be open.
    """
    if site.tended_on == today():
        return False
    site.tended_on = today()
    counted = become_counts(site.id)
    forgotten = forgetting.tend(site.id)
    for _ in range(forgotten):
        Event.note(site, Deed.FORGOTTEN_STALE)
    return bool(counted or forgotten)
