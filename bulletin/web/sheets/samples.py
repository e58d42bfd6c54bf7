"""What a text begins with: a header put in front of it, an example to go on from, and what a sample left in it."""

from __future__ import annotations

import functools
from urllib.parse import urlsplit

from flask_babel import LazyString, lazy_gettext as _l

from bulletin.press import pasted
from bulletin.press.kinds import KINDS
from bulletin.press.manuscript import Manuscript, read

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
    "site": _l("where it is from"),
    "date": _l("date"),
    "imprint": _l("imprint"),
}


def begun(text: str, kind: str) -> tuple[str, int]:
    """A text with a header of this kind in front, and how many messages lost who sent them.

    The example's text is below it, where there is none.
    """
    manuscript, found = pasted.begun(text, kind, headline="" if text.strip() else "Your headline")
    return manuscript + EXAMPLE_TEXT if manuscript.endswith("\n---\n") else manuscript, found.messages


def with_example(text: str) -> str:
    """The example; behind the text, if there is one."""
    if not text.strip():
        return EXAMPLE
    return begun(text, "regular")[0].rstrip() + "\n\n" + EXAMPLE_TEXT


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
