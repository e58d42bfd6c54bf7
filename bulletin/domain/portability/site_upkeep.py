"""What falls due at a site and needs its key: done when a member comes, because nobody else could."""

from __future__ import annotations

from bulletin.domain.people.imports.records import Import
from bulletin.domain.site import site_keys
from bulletin.domain.site.sites import Site
from bulletin.vault import keys

from . import daily


def is_due(site: Site) -> bool:
    """Is there anything to do? Only asks."""
    keys_due = site.rotation_due or site_keys.has_former(site)
    return keys_due or daily.is_due(site) or Import.is_sweep_due(site.id)


def catch_up(site: Site, ring: keys.Keyring) -> bool:
    """Do what is due: another key where somebody has gone, rows sealed again, what is done once a day, old imports.

    True where something was deleted that the disk is to forget. The site must be held (site_keys.hold), and this ring
    the open one.
    """
    rotated = site_keys.rotate_if_due(site, ring)
    site_keys.reseal_some(site, ring)
    tended = daily.run_if_due(site)
    swept = Import.sweep(site.id)
    return rotated or tended or swept
