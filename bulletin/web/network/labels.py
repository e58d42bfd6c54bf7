"""What is said of what sites tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import gettext as _, lazy_gettext as _l

from bulletin.domain.network.told import Told
from bulletin.vault.readers import Audience
from bulletin.web.shared.labels import form_name, paper_name

AUDIENCES: Mapping[str, Any] = {Audience.SITES.value: _l("All sites"), Audience.ANYONE.value: _l("Anyone")}


def install(app: Flask) -> None:
    """Give templates the name of what is told, of whom it is for, and of the site that tells it."""
    app.jinja_env.globals.update(told_name=told_name, told_to=told_to, site_words=site_words)


def told_name(told: Told) -> str:
    """What a told thing is called, in a line."""
    said = told.said
    if told.is_paper:
        return paper_name({"number": said.number, "headline": said.headline})
    return str(said.title or form_name(said.form))


def told_to(audience: str) -> str:
    """Whom something is for, within a sentence."""
    return _("anyone") if audience == Audience.ANYONE.value else _("all sites")


def site_words(site: Any) -> str:
    """What others see of a site: its name, and what it said of itself."""
    return " · ".join(filter(None, (site.name, site.sector, site.whereabouts, site.languages)))
