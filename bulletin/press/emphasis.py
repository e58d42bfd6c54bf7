"""Stars and underscores that stress words, and those that are part of them.

CommonMark takes `Kolleg*innen und Fahrer*innen` for stress in the middle of words, and drops the stars of `8*5*52`.
Here they stress only whole words: with a space or a mark before and behind, and a letter or a figure between.
`__init__` is a name.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

_BEFORE = re.compile(r"[\s(\[{\"'“”„‚«»‹›‘’¿¡—–*_~|>…:;,.!?]")
_AFTER = re.compile(r"[\s)\]}\"'“”„‚«»‹›‘’—–*_~|<…:;,.!?]")
_NAME = re.compile(r"(?<![^\s(\[{\"'“„«])__\w+__(?!\w)")


def install(markdown: MarkdownIt) -> None:
    """Have a parser read stars and underscores this way."""
    markdown.inline.ruler.before("emphasis", "name_in_underscores", _name)
    markdown.inline.ruler.at("emphasis", _tokenize)
    markdown.inline.ruler2.before("emphasis", "nothing_stressed", _nothing_stressed)


def _name(state: StateInline, silent: bool) -> bool:
    """`__init__` is printed as it is."""
    found = _NAME.match(state.src, state.pos) if state.src.startswith("__", state.pos) else None
    if not found:
        return False
    if not silent:
        state.pending += found[0]
    state.pos = found.end()
    return True


def _tokenize(state: StateInline, silent: bool) -> bool:
    """markdown-it's own rule, but for where stress may begin and end."""
    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    run = re.compile(f"{re.escape(marker)}+").match(state.src, state.pos)
    assert run  # noqa: S101  # the marker stands there
    before, after = state.src[state.pos - 1 : state.pos] or " ", state.src[run.end() : run.end() + 1] or " "
    opens = not after.isspace() and bool(_BEFORE.match(before))
    closes = not before.isspace() and bool(_AFTER.match(after))
    for _ in run[0]:
        token = state.push("text", "", 0)
        token.content = marker
        state.delimiters.append(
            Delimiter(
                marker=ord(marker), length=len(run[0]), token=len(state.tokens) - 1, end=-1, open=opens, close=closes
            )
        )
    state.pos = run.end()
    return True


def _nothing_stressed(state: StateInline) -> None:
    """Stars with neither letter nor figure between them are a face: `*_*`."""
    for delimiters in (state.delimiters, *(meta["delimiters"] for meta in state.tokens_meta if meta)):
        for opening in delimiters:
            if opening.end >= 0:
                inside = range(opening.token + 1, delimiters[opening.end].token)
                if not any(char.isalnum() for at in inside for char in state.tokens[at].content):
                    opening.end = -1
