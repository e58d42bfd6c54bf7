"""What is said where something about actions is refused."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from bulletin.domain.actions.refusals import Why

from .marks import N_, Sentence

SENTENCES: Mapping[enum.Enum, Sentence] = {
    Why.OTHERS_IN_FIGURES: N_("Give the number of the others in figures."),
    Why.MONEY_IN_FIGURES: N_("Give the money as a number, such as 12.50."),
    Why.ENDS_TOO_EARLY: N_("The end must be after the beginning."),
    Why.LASTS_TOO_LONG: N_("That lasts more than a year: look at the days."),
    Why.TWO_YEARS_AWAY: N_("That is more than two years away: look at the year."),
    Why.PLACE_TOO_LONG: N_("Keep the place and the name to %(most)s letters each."),
    Why.TEXT_TOO_LONG: N_("Keep each answer to %(most)s letters."),
    Why.STEPS_FULL: N_("There are %(most)s steps: take out one that is over."),
    Why.STEP_NEEDED: N_("Say in a few words what is done on that day."),
    Why.YEARS_AWAY: N_("That is years away: look at the year."),
    Why.NAMES_ARE_NUMBERS: N_(
        "Names have become numbers here: who is among them, nobody can say. Note the others instead."
    ),
    Why.SOMETHING_NOTED: N_("People are in its list, or something is noted of it: note that it did not take place."),
}
