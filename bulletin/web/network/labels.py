"""What is said of what sites tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import gettext as _, lazy_gettext as _l

from bulletin.domain.network.told import NeedTold, Sort, Told
from bulletin.vault.readers import Audience
from bulletin.web.network.weeks.words import month_day
from bulletin.web.shared.labels import form_name, paper_name

AUDIENCES: Mapping[str, Any] = {Audience.SITES.value: _l("All groups"), Audience.ANYONE.value: _l("Anyone")}

SORTS: Mapping[str, Any] = {Sort.NEED.value: _l("We need"), Sort.HAVE.value: _l("We have")}
ANSWERS: Mapping[str, Any] = {Sort.NEED.value: _l("We can"), Sort.HAVE.value: _l("We would like it")}


def install(app: Flask) -> None:
    """Give templates the name of what is told, of whom it is for, and of the site that tells it."""
    app.jinja_env.globals.update(
        told_name=told_name, told_to=told_to, site_words=site_words, need_words=need_words, need_answer=need_answer
    )


def told_name(told: Told) -> str:
    """What a told thing is called, in a line."""
    said = told.said
    if told.is_need:
        return need_words(said)
    if told.is_week:
        return str(_("The week of %(day)s", day=month_day(told.week)))
    if told.is_paper:
        return paper_name({"number": said.number, "headline": said.headline})
    return str(said.title or form_name(said.form))


def need_words(said: NeedTold) -> str:
    """What a site needs, or has."""
    return _("%(we_need)s: %(sentence)s", we_need=SORTS[said.sort], sentence=said.sentence)


def need_answer(need: Told) -> Any:
    """What another site says to what is asked for, or offered."""
    return ANSWERS[need.said.sort]


def told_to(audience: str) -> str:
    """Whom something is for, within a sentence."""
    return _("anyone") if audience == Audience.ANYONE.value else _("all groups")


def site_words(site: Any) -> str:
    """What anyone sees of a site: its name, and what it said of itself. How to reach it, only sites see."""
    return " · ".join(filter(None, (site.name, site.sector, site.whereabouts, site.languages)))
