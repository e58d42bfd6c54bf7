"""What is asked before a site's week is told: which of what is offered, what comes up, and one sentence."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.fields import SelectChoice

from bulletin.domain.network.told import Told
from bulletin.domain.network.week_told import OWN_MAX, TopicTold, WeekTold
from bulletin.domain.network.weeks import Offer
from bulletin.domain.site.struggles import Struggle
from bulletin.vault.shapes import fields_of, shaped
from bulletin.web.network.forms import ABOUT, TellForm
from bulletin.web.shared.forms import TicksField, asks, line_field, options
from bulletin.web.shared.labels import STRUGGLES

from .words import done_words, topic_words

PEOPLE = "people-"
ORDER = {struggle: place for place, struggle in enumerate(Struggle)}


@asks(fields_of(WeekTold))
class WeekForm(TellForm):
    """A site's week. `shown`: what it said when the page was shown, so that nothing else is sent."""

    done = TicksField(_l("What we did"))
    before = TicksField(_l("What comes up, as we said last time: still so?"))
    more = TicksField(_l("Is any of it more than before?"))
    suggested = TicksField(_l("Often in our talks of the last four weeks"))
    first = TicksField(_l("What comes up"))
    own = line_field(_l("Or in our own words"), OWN_MAX)
    shown = HiddenField()

    def offer(
        self, offers: Sequence[Offer], last: Sequence[TopicTold], often: Sequence[Struggle], told: Mapping[str, Told]
    ) -> None:
        """What is there to tick. `last`: what came up last time; `often`: what the notebook suggests."""
        self.offers, self.told, self.last = offers, told, {_key(one): one for one in last}
        self.done.choices = [choice for one in offers for choice in _choices(one, told)]
        self.before.choices = options({key: topic_words(one) for key, one in self.last.items()})
        self.more.choices = self.before.choices
        self.suggested.choices = options({one.value: STRUGGLES[one] for one in often})
        rest = [
            one for one in Struggle if one not in often and one.value not in self.last and one is not Struggle.OTHER
        ]
        self.first.choices = options({one.value: STRUGGLES[one] for one in rest})

    def begin(self) -> None:
        """As it begins: what happened in the open, and what came up last time."""
        self.done.data = [one.source for one in self.offers if one.ticked]
        self.before.data = list(self.last)

    def said(self) -> WeekTold:
        """In the words that were ticked and typed."""
        # Sorted, the one with how many came is the last of two, and counts.
        ticked = {key.removeprefix(PEOPLE): key.startswith(PEOPLE) for key in sorted(self.done.data or ())}
        done = (
            dataclasses.replace(one.done, people=one.people if ticked[one.source] else 0)
            for one in self.offers
            if one.source in ticked
        )
        return WeekTold(
            done=tuple(done),
            topics=tuple(sorted(self._topics(), key=lambda one: ORDER[one.struggle])),
            sentence=self.sentence.data or "",
        )

    def is_as_shown(self) -> bool:
        """Does it say what the page said when it was shown? From here on it has been shown."""
        stored = json.dumps(shaped(WeekTold).as_stored(self.said()), sort_keys=True)
        before, self.shown.data = self.shown.data, hashlib.sha256(stored.encode()).hexdigest()
        return bool(before == self.shown.data)

    def _topics(self) -> Iterable[TopicTold]:
        more = set(self.more.data or ())
        for key, one in self.last.items():
            if key in more or key in (self.before.data or ()):
                yield dataclasses.replace(one, more=key in more)
        for name in (*(self.suggested.data or ()), *(self.first.data or ())):
            yield TopicTold(struggle=Struggle(name))
        if self.own.data:
            yield TopicTold(words=self.own.data)


WeekForm.page_order = ("done", "before", "more", "suggested", "first", "own", "sentence", "audience", *ABOUT)


def _key(topic: TopicTold) -> str:
    """What a topic is called in a form: its words in the site's own are looked up by a digest."""
    return hashlib.sha256(topic.words.encode()).hexdigest()[:16] if topic.words else str(topic.struggle)


def _choices(offer: Offer, told: Mapping[str, Told]) -> Iterable[SelectChoice]:
    copy = told.get(offer.done.told)
    yield SelectChoice(offer.source, done_words(offer.done, copy))
    if offer.people:
        counted = dataclasses.replace(offer.done, people=offer.people)
        yield SelectChoice(PEOPLE + offer.source, done_words(counted, copy))
