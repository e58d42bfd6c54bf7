"""What a site's week says where it is told: coded, so that weeks of many sites can be put beside each other."""

from __future__ import annotations

from datetime import date, timedelta

from bulletin.domain.actions.actions import PLACE_MAX, FormOfAction, Motion
from bulletin.domain.people.issue_trends import monday
from bulletin.domain.site.struggles import Struggle
from bulletin.vault import kinds
from bulletin.vault.shapes import N_, Shape, choice, count, field, flag, hex_id, plain_text, shape, shaped

LATE = timedelta(days=3)  # until Wednesday, what is told is the week before
OWN_MAX = 60  # letters of what comes up, in the site's own words
SENTENCE_MAX = 200


def week_told_on(day: date) -> date:
    """The Monday of the week that is told on a day: this one from Thursday on, until then the one before."""
    return monday(day - LATE)


@shape
class DoneTold(Shape):
    """Something that was done. What was told by itself is pointed to: taken back there, it is gone here too.

    `form` is None for a paper; people: how many came, rounded down, 0 where that is not told.
    """

    told: str = hex_id("told")
    form: FormOfAction | None = choice("", FormOfAction, nothing="")
    title: str = plain_text(most=PLACE_MAX, named=True)
    number: str = plain_text()
    handed_out: bool = flag()
    motion: Motion | None = choice("", Motion, nothing="")
    people: int = count()


@shape
class TopicTold(Shape):
    """Something that comes up: one of the list, or OTHER and the site's own words. `more`: than before."""

    struggle: Struggle = choice("", Struggle, default=Struggle.OTHER)
    words: str = plain_text(most=OWN_MAX, named=True)
    more: bool = flag()


@shape
class WeekTold(Shape):
    """A site's week, as it says it."""

    done: tuple[DoneTold, ...] = field(kinds.several(shaped(DoneTold)))
    topics: tuple[TopicTold, ...] = field(kinds.several(shaped(TopicTold)))
    sentence: str = plain_text(
        N_("Anything the others could use?"), most=SENTENCE_MAX, lines=True, named=True, asked=True
    )

    @property
    def says_nothing(self) -> bool:
        """Is there nothing in it?"""
        return not (self.done or self.topics or self.sentence.strip())
