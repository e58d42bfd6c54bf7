"""The Markdown a bulletin is written in: CommonMark with tables and `:::` blocks, without HTML.

What paper cannot show (code, HTML, link definitions, entities) is not recognised, so it is
printed as it was typed.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, MutableMapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.container import container_plugin

from . import lists

SHORT_WORD_MAX = 4  # letters and the full stop
NESTING_MAX = 8  # levels of tokens below a block: lists three deep, with what they hold

_NOT_ON_PAPER = ("code", "fence", "lheading", "reference", "backticks", "entity", "html_block", "html_inline")
_SIDE = re.compile(r" {0,3}:::+[ \t]*side[ \t]*$")
_FENCE = re.compile(r" {0,3}:::+[ \t]*$")


@functools.cache
def reader(quotes: str) -> MarkdownIt:
    """The parser for texts whose quotation marks are the four in `quotes` (outer, then inner pair)."""
    markdown = MarkdownIt("commonmark", {"html": False, "typographer": True, "quotes": list(quotes.split("|"))})
    markdown.options["maxNesting"] = 40
    markdown.enable(["table", "smartquotes"]).disable(list(_NOT_ON_PAPER))
    markdown.use(container_plugin, "piece", validate=lambda _params, _markup: True)
    markdown.block.ruler.before("container_piece", "side", _side, {"alt": ["paragraph", "list", "blockquote"]})
    markdown.core.ruler.push("short_last_words", _short_last_words)
    lists.install(markdown)
    for rule in (_link_open, _link_close):
        markdown.add_render_rule(rule.__name__.removeprefix("_"), rule)
    return markdown


@functools.cache
def _typographer(quotes: str) -> MarkdownIt:
    plain = MarkdownIt("zero", {"typographer": True, "quotes": list(quotes.split("|"))})
    return plain.enable(["smartquotes"])


def with_quotation_marks(line: str, quotes: str) -> str:
    """One line of plain text with its straight quotation marks made into the language's own."""
    [inline] = _typographer(quotes).parseInline(line)
    return "".join(child.content for child in inline.children or ())


def _side(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """`::: side` has no body: the `:::` that some writers add to close it is passed over."""
    if state.parentType not in ("root", "container", "paragraph") or not _SIDE.match(_line(state, start)):
        return False
    if silent:
        return True
    after = start + 1
    while after < state.lineMax and not _line(state, after).strip():
        after += 1
    state.line = after + 1 if after < state.lineMax and _FENCE.match(_line(state, after)) else start + 1
    token = state.push("side", "", 0)
    token.map = [start, state.line]
    return True


def _short_last_words(state: StateCore) -> None:
    """A paragraph's short last word stays with the one before it: no last line of two letters."""
    for token in state.tokens:
        if token.type == "inline" and token.children and token.children[-1].type == "text":
            before, space, last = token.children[-1].content.rpartition(" ")
            if before and space and len(last) <= SHORT_WORD_MAX:
                token.children[-1].content = f"{before}\N{NO-BREAK SPACE}{last}"


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] : state.eMarks[number]]


def _link_open(
    _self: RendererHTML, _tokens: Sequence[Token], _at: int, _options: OptionsDict, _env: MutableMapping[str, Any]
) -> str:
    return ""


def _link_close(
    _self: RendererHTML, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: MutableMapping[str, Any]
) -> str:
    """Paper has no links: the address is printed behind the words, unless it is the words."""
    shown = _address_to_print(tokens, at)
    return f" ({escapeHtml(shown)})" if shown else ""


def _address_to_print(tokens: Sequence[Token], close: int) -> str:
    start = next(i for i in range(close, -1, -1) if tokens[i].type == "link_open")
    address = str(tokens[start].attrGet("href") or "")
    bare = bare_address(address)
    words = "".join(token.content for token in tokens[start:close])
    return "" if bare_address(words) == bare else bare


def bare_address(address: str) -> str:
    """An address as people read it aloud: without https:// and a last slash."""
    return re.sub(r"^(https?://|mailto:|tel:)", "", address).rstrip("/")


def plain(tokens: Sequence[Token]) -> str:
    """The same tokens as text to paste into a message: paragraphs, "- " lists, numbers as typed, tables by the row."""
    return "\n".join(_plain_lines(tokens)).strip("\n")


def _plain_lines(tokens: Sequence[Token]) -> Iterator[str]:
    depth = 0
    lead = ""
    row: list[str] | None = None
    for token in tokens:
        match token.type:
            case "ordered_list_open" | "bullet_list_open":
                depth += 1
            case "ordered_list_close" | "bullet_list_close":
                depth -= 1
                if not depth:
                    yield ""
            case "mark":
                lead = "  " * (depth - 1) + ("- " if token.info == "bullet" else f"{token.content} ")
            case "list_item_close":
                if lead.strip():  # nothing stood in it
                    yield lead.rstrip()
                lead = ""
            case "tr_open":
                row = []
            case "tr_close":
                yield lead + " | ".join(row or ())
                lead, row = " " * len(lead), None
            case "table_close" | "paragraph_close" | "heading_close" if not depth:
                yield ""
            case "inline":
                words = _plain_inline(token)
                if row is None:
                    yield lead + words.replace("\n", "\n" + " " * len(lead))
                    lead = " " * len(lead)
                else:
                    row.append(words)


def _plain_inline(inline: Token) -> str:
    children = inline.children or []
    parts = []
    for i, child in enumerate(children):
        if child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak":
            parts.append("\n")
        elif child.type == "link_close" and (address := _address_to_print(children, i)):
            parts.append(f" ({address})")
        else:
            parts.append(child.content)
    return "".join(parts).replace("\N{NO-BREAK SPACE}", " ")
