"""What is asked before something is told: who reads it, in which words; and once, what others see of the site."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from bulletin.domain.network.told import DeedTold, NeedTold, Sort
from bulletin.domain.papers.advice.rules import Advice
from bulletin.domain.site.sites import ABOUT_MAX, Site
from bulletin.vault.readers import Audience
from bulletin.vault.shapes import fields_of
from bulletin.web.shared.forms import PlainForm, asks, choice_field, line_field

from .labels import AUDIENCES, SORTS

ABOUT = ("sector", "whereabouts", "languages", "reach")


class ReachForm(PlainForm):
    """How others reach a site."""

    page_order: tuple[str, ...] = ("reach",)
    reach = line_field(_l("How other groups reach us"), ABOUT_MAX)

    def keep(self, site: Site) -> None:
        """What was asked, as it was typed, in the clear."""
        for name in ABOUT:
            if name in self and self[name].raw_data:
                setattr(site, name, self[name].data or "")


class AboutForm(ReachForm):
    """What other sites see of a site, if it says so."""

    page_order: tuple[str, ...] = ABOUT
    sector = line_field(_l("What kind of work, or of place?"), ABOUT_MAX)
    whereabouts = line_field(_l("Where, in a few words?"), ABOUT_MAX)
    languages = line_field(_l("Which languages do you speak?"), ABOUT_MAX)


class LookedForm(PlainForm):
    """What others will read. `seen`: what was said of names and the like, when the page was shown."""

    seen = HiddenField()

    def has_seen(self, cautions: Sequence[Advice]) -> bool:
        """Were these there when the page was shown? From here on they have been."""
        now = hashlib.sha256(repr(sorted((one.rule.value, one.words) for one in cautions)).encode()).hexdigest()
        before, self.seen.data = self.seen.data, now
        return not cautions or before == now


class SendForm(LookedForm, AboutForm):
    """What stands beside Send."""

    @classmethod
    def at(cls, site: Site, **known: Any) -> Any:
        """The form as it begins: for all sites; anyone only where somebody chooses so, each time."""
        about = {name: getattr(site, name) for name in ABOUT}
        return cls(data={"audience": Audience.SITES.value, **about, **known})


class TellForm(SendForm):
    """Who reads it."""

    page_order: tuple[str, ...] = ("audience", *ABOUT)
    audience = choice_field(_l("Who reads it?"), AUDIENCES, _l("Choose who reads it."))

    @property
    def chosen(self) -> Audience:
        """Whom it is for."""
        return Audience(self.audience.data)


@asks(fields_of(NeedTold))
class NeedForm(SendForm):
    """What is asked for, or offered. Who reads it is no question: all sites."""

    sort = choice_field(_l("Which is it?"), SORTS, _l("Choose which it is."))

    def said(self) -> NeedTold:
        """In the words that were typed."""
        return NeedTold(sort=Sort(self.sort.data), sentence=self.sentence.data or "")


@asks(fields_of(DeedTold))
class DeedForm(TellForm):
    """The words in which something that was done is told."""

    @classmethod
    def of(cls, site: Site, said: DeedTold) -> Any:
        """The form with what was noted."""
        return cls.at(site, **{name: getattr(said, name) for name in cls.kept})

    def said(self, said: DeedTold) -> DeedTold:
        """The same in the words that were typed."""
        return dataclasses.replace(said, **{name: self[name].data or "" for name in self.kept})
