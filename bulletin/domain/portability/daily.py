"""What falls due by itself and needs a site's key: done once a day, when a member opens the site."""

from __future__ import annotations

from bulletin.db import today
from bulletin.domain.actions.turnouts import become_counts
from bulletin.domain.network import needs
from bulletin.domain.people import erasure, forgetting
from bulletin.domain.people.reading import Trace
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.inbox_keys import InboxKey
from bulletin.domain.site.sent_forms import SentForm
from bulletin.domain.site.sites import Site


def is_due(site: Site) -> bool:
    """Has it not been done today?"""
    return site.tended_on != today()


def run_if_due(site: Site) -> bool:
    """Names of those who took part become counts, and who was to be forgotten, or untouched for long and announced, is
    gone; so is what was asked of other sites two weeks ago.

    True where something may have been deleted. The site must be open.
    """
    if not is_due(site):
        return False
    site.tended_on = today()
    counted = become_counts(site.id)
    gone = forgetting.forget_due(site)
    forgotten = erasure.forget_stale(site.id)
    SentForm.sweep(site.id)
    over = Trace.sweep(site.id)
    asked = needs.end_what_is_over(site.id)
    ended = InboxKey.sweep(site.id)
    if InboxKey.current(site.id) is None:  # a release before made the site
        InboxKey.renew(site)
    for _ in range(forgotten):
        Event.note(site, Deed.FORGOTTEN_STALE)
    return bool(counted or gone or forgotten or over or asked or ended)
