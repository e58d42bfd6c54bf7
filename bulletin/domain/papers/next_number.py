"""What a new paper has by itself: from the last one, or from its site."""

from __future__ import annotations

import re

from bulletin.domain.site.sites import Site

from .articles import Article
from .bulletins import Bulletin
from .headers import IMPRINT

CARRIED = ("masthead", "site", "language", "reply", *IMPRINT)  # from one number to the next


def carried(site: Site) -> dict[str, str]:
    """The header's fields that a site's next paper begins with."""
    bulletin = last_of(site)
    last = Article.header_of(bulletin) if bulletin is not None else {}
    fields = {key: last[key] for key in CARRIED if key in last}
    fields.setdefault("language", site.language)
    fields.setdefault("site", site.name)
    if number := one_more(last.get("number", "0")):
        fields["number"] = number
    return fields


def last_of(site: Site) -> Bulletin | None:
    """The paper that was touched last."""
    return next(iter(Bulletin.at(site)), None)


def one_more(number: str) -> str:
    """The number after this one; empty where it ends in no figure."""
    found = re.fullmatch(r"(.*?)(\d{1,6})", number)
    return f"{found[1]}{int(found[2]) + 1}" if found else ""
