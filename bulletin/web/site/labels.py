"""What is said of sites, and of how somebody signs in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from bulletin.domain.site.sites import SiteKind

SITE_KINDS = {
    SiteKind.WORKPLACE.value: _l("Workplace"),
    SiteKind.TENANTS.value: _l("Tenants"),
    SiteKind.NEIGHBOURHOOD.value: _l("Neighbourhood"),
    SiteKind.CAMPAIGN.value: _l("Campaign"),
}
PLACES = {"own": _l("My own phone"), "shared": _l("A shared one")}
SECRETS = {"words": _l("Six words"), "digits": _l("24 digits")}
