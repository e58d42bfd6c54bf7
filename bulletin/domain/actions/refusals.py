"""Why something about actions is not allowed, as codes; their sentences stand in bulletin/sentences/."""

from __future__ import annotations

import enum


class Why(enum.Enum):
    """Why something about actions, turnouts and the plan is not allowed."""

    OTHERS_IN_FIGURES = "others in figures"  # who came and are in no list
    MONEY_IN_FIGURES = "money in figures"
    ENDS_TOO_EARLY = "ends too early"
    LASTS_TOO_LONG = "lasts too long"
    TWO_YEARS_AWAY = "two years away"  # or ago
    PLACE_TOO_LONG = "place too long"  # or the name
    TEXT_TOO_LONG = "text too long"
    STEPS_FULL = "steps full"  # of the plan
    STEP_NEEDED = "step needed"  # or a shorter one
    YEARS_AWAY = "years away"  # a step of the plan
    NAMES_ARE_NUMBERS = "names are numbers"  # long after an action
    SOMETHING_NOTED = "something noted"  # so it cannot be as if it had never been planned
