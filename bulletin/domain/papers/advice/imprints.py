"""Who printed this: what the law of a country asks a sheet to say about that, as far as we have read it."""

from __future__ import annotations

import dataclasses
import datetime
import enum

_READ_ON = datetime.date(2026, 11, 22)


class ImprintRule(enum.Enum):
    """What the law of a country asks, in one plain sentence; by its two letters (ISO 3166)."""

    AT = "AT"
    CH = "CH"
    DE = "DE"
    ES = "ES"
    FR = "FR"
    GB = "GB"
    IT = "IT"
    PL = "PL"
    US = "US"


class ImprintLaw(enum.Enum):
    """Where that stands."""

    AT = "AT"
    CH = "CH"
    DE = "DE"
    ES = "ES"
    FR = "FR"
    GB = "GB"
    IT = "IT"
    PL = "PL"
    US = "US"


@dataclasses.dataclass(frozen=True)
class ImprintCard:
    """The rule of a country, and where it stands. `asked`: must a sheet say who printed it?"""

    rule: ImprintRule
    source: ImprintLaw
    asked: bool = True
    checked: datetime.date = _READ_ON


# A country stands here only if somebody has read its rule; a rule made up is worse than none.
_CARDS = {
    rule.value: ImprintCard(rule, ImprintLaw[rule.name], asked=rule is not ImprintRule.US) for rule in ImprintRule
}


def imprint_card(country: str) -> ImprintCard | None:
    """The card of a country by its two letters (ISO 3166); None: we do not know the rule there."""
    return _CARDS.get(country.strip().upper())
