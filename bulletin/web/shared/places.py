"""Countries, languages and time zones by their names, as a form offers them."""

from __future__ import annotations

import functools
import zoneinfo

from babel import Locale
from babel.core import get_global
from wtforms.fields import SelectChoice

from bulletin.press.languages import CAN_BE_SET

NO_COUNTRY = ("EU", "EZ", "QO", "UN", "XA", "XB", "ZZ")  # CLDR has them beside the countries


@functools.cache
def countries(locale: Locale) -> dict[str, str]:
    """Countries by name, as this language sorts them at least roughly."""
    names = {code: name for code, name in locale.territories.items() if code.isalpha() and code not in NO_COUNTRY}
    return dict(sorted(names.items(), key=lambda item: item[1]))


@functools.cache
def time_zones() -> frozenset[str]:
    """Those that have a place in their name; of two names for one, that of CLDR."""
    named = set(get_global("zone_territories"))
    places = named & zoneinfo.available_timezones() or named
    return frozenset(zone for zone in places if "/" in zone and not zone.startswith("Etc/"))


@functools.cache
def languages(locale: Locale) -> dict[str, str]:
    """The languages that a paper can be in, by name."""
    names = {code: name for code, name in locale.languages.items() if code in CAN_BE_SET}
    return dict(sorted(names.items(), key=lambda item: item[1]))


def zones_by_region() -> list[SelectChoice]:
    """Time zones as choices, the regions of the world as their headings."""
    parts = ((zone, *zone.partition("/")[::2]) for zone in sorted(time_zones()))
    return [
        SelectChoice(zone, place.replace("_", " ").replace("/", ", "), optgroup=region) for zone, region, place in parts
    ]
