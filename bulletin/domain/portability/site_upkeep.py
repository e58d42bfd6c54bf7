"""What falls due at a site and needs its key: done when a member comes, because nobody else could."""

from __future__ import annotations

from bulletin.domain.inbox import filing
from bulletin.domain.people.imports.records import Import
from bulletin.domain.site import site_keys
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.governance import consequences
from bulletin.domain.site.governance.consequences import Visit
from bulletin.vault import keys

from . import daily, leaving


def is_due(me: Membership, ring: keys.Keyring) -> bool:
    """Is there anything to do when this member comes, whose site this ring opens? Only asks."""
    site = me.site
    keys_due = site.rotation_due or ring.has_former(site.id) or filing.is_due(site)
    return keys_due or consequences.is_due(me) or daily.is_due(site) or Import.is_sweep_due(site.id)


def catch_up(me: Membership, ring: keys.Keyring) -> tuple[Visit, bool]:
    """Do what is due: what the rules bring about, another key where somebody has gone, rows sealed again, what is done
    once a day, old imports.

    How the visit ends, and whether something was deleted that the disk is to forget. The site must be held
    (site_keys.hold), and this ring the open one.
    """
    site = me.site
    visit = consequences.visit(me)
    if visit is Visit.DELETED:
        leaving.end_site(site)
        return visit, True
    rotated = site_keys.rotate_if_due(site, ring)
    site_keys.reseal_some(site, ring)
    filing.file_some(site)
    tended = daily.run_if_due(site)
    swept = Import.sweep(site.id)
    return visit, rotated or tended or swept
