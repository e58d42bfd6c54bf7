"""Countries, languages and time zones by their names, as a form offers them."""

from __future__ import annotations

import functools
import zoneinfo
from collections.abc import Iterable

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


LETTER = frozenset(
    ["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"]
)  # where paper is US Letter, by CLDR


def proposed(languages: Iterable[str]) -> dict[str, str]:
    """What a browser's languages say of where it is, as en-GB does of a country: what a form may have filled in.

    A time zone only where the country has one.
    """
    known = Locale("en").territories
    country = next((tag[-2:].upper() for tag in languages if tag[-3:-2] in "-_" and tag[-2:].upper() in known), "")
    zones = [zone for zone in get_global("territory_zones").get(country, ()) if zone in time_zones()]
    paper = ("letter" if country in LETTER else "a4") if country else ""
    language = next((tag[:2].lower() for tag in languages if tag[:2].lower() in CAN_BE_SET), "")
    found = {"country": country, "time_zone": zones[0] if len(zones) == 1 else "", "paper": paper, "language": language}
    return {name: value for name, value in found.items() if value}


def zones_by_region() -> list[SelectChoice]:
    """Time zones as choices, the regions of the world as their headings."""
    parts = ((zone, *zone.partition("/")[::2]) for zone in sorted(time_zones()))
    return [
        SelectChoice(zone, place.replace("_", " ").replace("/", ", "), optgroup=region) for zone, region, place in parts
    ]
