"""The header of a bulletin: which fields it has, as lines of an article and as a manuscript has them."""

from __future__ import annotations

from collections.abc import Mapping

HEADER = "header"
HEAD = ("kind", "masthead", "site", "number", "date", "language", "lines", "headline", "strapline", "reply")
IMPRINT = ("published by", "printed by")  # two fields here, one line of a manuscript
TAKEN_FROM = "taken from"
# The last two are not printed: does it come from a ballot or a union that called it; whose paper was it made from?
FIELDS = (*HEAD, *IMPRINT, "official", TAKEN_FROM)


def fields_of(text: str) -> dict[str, str]:
    """A header's fields from its lines."""
    lines = (line.partition(":") for line in text.split("\n"))
    return {key.strip(): value.strip() for key, colon, value in lines if colon}


def lines_of(fields: Mapping[str, str]) -> str:
    """A header's lines from its fields, each on one line."""
    return "\n".join(f"{key}: {' '.join(fields[key].split())}" for key in FIELDS if fields.get(key, "").strip())


def head_of(fields: Mapping[str, str]) -> dict[str, str]:
    """A header as a manuscript has it: who published and who printed it are one line there."""
    head = {key: fields.get(key, "") for key in HEAD}
    imprint = [fields.get(key, "").strip() for key in IMPRINT]
    head["imprint"] = " ".join(one if one[-1] in ".!?" else f"{one}." for one in imprint if one)
    return head
