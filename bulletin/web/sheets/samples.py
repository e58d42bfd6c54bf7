"""What a text begins with: a header put in front of it, an example to go on from, and what a sample left in it."""

from __future__ import annotations

import functools
import itertools
import json
import re
from urllib.parse import urlsplit

from flask_babel import LazyString, lazy_gettext as _l

from bulletin.press.header import HEADER, KEEP
from bulletin.press.kinds import KINDS
from bulletin.press.manuscript import Manuscript, read

HEADLINE_MAX = 60  # characters of a first line that is taken for a headline
DASHES = re.compile(r"[ \t]*[-–—]{1,4}[ \t]*")
HEADER_LINE = re.compile(rf"[ \t]*({'|'.join(HEADER)})[ \t]*:.*")
PLAIN = re.compile(r"[^\W\d_][\w ,.;?!()’'-]*")  # what YAML takes for text as it stands

EXAMPLE_HEADER = """---
kind: regular
masthead: Your paper
number: 1
lines: keep
headline: Your headline
---
"""
EXAMPLE_TEXT = """What happened, and what people did about it: the lead.

::: echo Heard at the door
A few lines that somebody told you.
:::

::: demands What we want
1. The first thing.
2. The second thing.
:::
"""
EXAMPLE = EXAMPLE_HEADER + EXAMPLE_TEXT

FROM_SAMPLES: dict[str, LazyString] = {
    "masthead": _l("masthead"),
    "site": _l("site"),
    "date": _l("date"),
    "imprint": _l("imprint"),
}


def has_header(text: str) -> bool:
    """Does it begin with a line of dashes? Whether the header is right is for the press to say."""
    return bool(DASHES.fullmatch(_lines(text)[0]))


def with_header(text: str, kind: str) -> str:
    """The text with a header of this kind; one whose dashes are missing gets them."""
    if has_header(text):
        return text
    lines = _lines(text)
    header = list(itertools.takewhile(HEADER_LINE.fullmatch, lines))
    body = _lines("\n".join(lines[len(header) :]))
    if header and DASHES.fullmatch(body[0]):
        body = _lines("\n".join(body[1:]))
    keys = {line.partition(":")[0].strip() for line in header}
    if "headline" not in keys:
        headline = "Your headline"
        if len(body) > 1 and len(body[0].strip("# ")) <= HEADLINE_MAX:
            headline, body = body[0].strip("# "), _lines("\n".join(body[1:]))
        header.insert(
            0, f"headline: {headline if PLAIN.fullmatch(headline) else json.dumps(headline, ensure_ascii=False)}"
        )
    if not keys:  # no file, whose lines may be broken anywhere
        header.insert(0, f"lines: {KEEP}")
    if "kind" not in keys:
        header.insert(0, f"kind: {kind}")
    return "\n".join(("---", *header, "---", "\n".join(body) or EXAMPLE_TEXT))


def with_example(text: str) -> str:
    """The example; behind the text, if there is one."""
    if not text.strip():
        return EXAMPLE
    return with_header(text, "regular").rstrip() + "\n\n" + EXAMPLE_TEXT


def left_over(text: str, manuscript: Manuscript) -> list[str]:
    """What in a text of one's own still is a sample's."""
    if text.strip() in samples():
        return []
    told = [
        str(label)
        for name, label in FROM_SAMPLES.items()
        if getattr(manuscript, name)
        and any(getattr(manuscript, name) == getattr(one, name) for one in samples().values())
    ]
    host = urlsplit(manuscript.reply).hostname or ""
    return [*told, str(_l("reply address"))] if f".{host}".endswith(".example.org") else told


@functools.cache
def samples() -> dict[str, Manuscript]:
    """The samples of every kind in every language, by their text."""
    samples = (sample for kind in KINDS.values() for sample in kind.samples.values())
    return {sample.strip(): read(sample) for sample in samples}


def _lines(text: str) -> list[str]:
    """Its lines, without empty ones before and behind."""
    return text.strip("\ufeff\n").split("\n") if text.strip() else [""]
