"""What it is about: the struggles that talks, actions and articles are tagged with."""

from __future__ import annotations

import enum
from collections.abc import Collection


class Struggle(enum.StrEnum):
    """One of them. What is none of these is OTHER: the words beside it say what."""

    PAY = "pay"
    HOURS = "hours"
    SAFETY = "safety"
    STAFFING = "staffing"
    BULLYING = "bullying"
    RACISM = "racism"
    SEXISM = "sexism"
    MIGRATION = "migration"
    HOUSING = "housing"
    CLIMATE = "climate"
    WAR = "war"  # and the arms trade
    REPRESSION = "repression"
    OTHER = "other"


def known(values: Collection[str]) -> tuple[Struggle, ...]:
    """Those of these that are struggles, each once, in the order of the list above."""
    return tuple(struggle for struggle in Struggle if struggle.value in values)
