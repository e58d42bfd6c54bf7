"""The Markdown a bulletin is written in: CommonMark with tables and `:::` blocks, without HTML.

What paper cannot show (code, HTML, link definitions, entities) is not recognised, so it is printed as it was typed.
Where CommonMark takes away or changes what people type who never heard of it, there is a rule of our own: see lists,
emphasis, tables and apostrophes.
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
from markdown_it.rules_block.lheading import lheading
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.container import container_plugin

from . import apostrophes, emphasis, languages, lists, tables

SHORT_WORD_MAX = 4  # letters and the full stop
NESTING_MAX = 8  # levels of tokens below a block: lists three deep, with what they hold

_NOT_ON_PAPER = ("code", "fence", "reference", "backticks", "entity", "html_block", "html_inline")
_SIDE = re.compile(r" {0,3}:::+[ \t]*side[ \t]*$")
_FENCE = re.compile(r" {0,3}:::+[ \t]*$")
_RULED = re.compile(r"[ \t>]*={3,}[ \t]*")
_IN_A_MESSAGE = {0xA0: " ", 0xAD: None, 0x200B: None, 0x2060: None}  # what holds and divides a line of type
BREAK = "\u2028"  # a line ends here, and its paragraph goes on: signs.py says where from


def reader(language: str, *, keep_lines: bool = False) -> MarkdownIt:
    """The parser for texts in a language. `keep_lines`: a line ends where it was typed to end, else it flows on."""
    return _reader(languages.spoken(language), keep_lines)


@functools.cache
def _reader(language: str, keep_lines: bool) -> MarkdownIt:
    quotes = languages.words(language).quotes.split("|")
    markdown = MarkdownIt("commonmark", {"html": False, "typographer": True, "quotes": quotes})
    markdown.options["maxNesting"] = 40
    markdown.enable(["table", "smartquotes"]).disable(list(_NOT_ON_PAPER))
    markdown.use(container_plugin, "piece", validate=lambda _params, _markup: True)
    markdown.block.ruler.before("container_piece", "side", _side, {"alt": ["paragraph", "list", "blockquote"]})
    markdown.block.ruler.at("lheading", _underlined)
    markdown.inline.ruler.before("escape", "shrug", _shrug)
    markdown.core.ruler.before("smartquotes", "apostrophes", functools.partial(_apostrophes, language))
    markdown.core.ruler.push("breaks", _breaks)
    if keep_lines:
        markdown.core.ruler.push("kept_lines", _kept_lines)
        lists.end_with_their_lines(markdown)
    markdown.core.ruler.push("short_last_words", _short_last_words)
    for feature in (emphasis, tables, lists):
        feature.install(markdown)
    for rule in (_link_open, _link_close):
        markdown.add_render_rule(rule.__name__.removeprefix("_"), rule)
    # Nothing is linked: an address is printed as it was typed.
    markdown.normalizeLink = markdown.normalizeLinkText = str  # type: ignore[method-assign, assignment]
    return markdown


@functools.cache
def _typographer(quotes: str) -> MarkdownIt:
    plain = MarkdownIt("zero", {"typographer": True, "quotes": list(quotes.split("|"))})
    return plain.enable(["smartquotes"])


def with_quotation_marks(line: str, language: str) -> str:
    """One line of plain text with its straight quotation marks made into the language's own."""
    language = languages.spoken(language)
    line = apostrophes.put_right(line.replace(BREAK, " "), language)
    [inline] = _typographer(languages.words(language).quotes).parseInline(line)
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


def _underlined(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A heading is what === underlines; a line of dashes is a line."""
    before = len(state.tokens)
    if not lheading(state, start, end, silent):
        return False
    if _RULED.fullmatch(_line(state, state.line - 1)):
        return True
    del state.tokens[before:]
    state.line = start
    return False


def _shrug(state: StateInline, silent: bool) -> bool:
    """The arm of ¯\\_(o)_/¯ is no backslash that hides a mark."""
    if not state.src.startswith("¯\\_", state.pos - 1):
        return False
    if not silent:
        state.pending += "\\"
    state.pos += 1
    return True


def _apostrophes(language: str, state: StateCore) -> None:
    for token in state.tokens:
        for child in token.children or ():
            if child.type == "text":
                child.content = apostrophes.put_right(child.content, language)


def _breaks(state: StateCore) -> None:
    """Lines that Word or a messenger ended inside a paragraph end there."""
    for token in state.tokens:
        if token.type == "inline" and BREAK in token.content:
            token.children = [part for child in token.children or () for part in _parts(child)]


def _kept_lines(state: StateCore) -> None:
    for token in state.tokens:
        for child in token.children or ():
            if child.type == "softbreak":
                child.type, child.tag = "hardbreak", "br"


def _parts(child: Token) -> Iterator[Token]:
    if child.type != "text":
        yield child
        return
    for number, content in enumerate(child.content.split(BREAK)):
        if number:
            yield Token("hardbreak", "br", 0)
        yield Token("text", "", 0, content=content)


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
    told = str(tokens[start].attrGet("title") or "")
    return " ".join(filter(None, ("" if bare_address(words) == bare else bare, told)))


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
                yield lead + re.sub(r"( \| )+$", "", " | ".join(row or ()))
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
    return "".join(parts).translate(_IN_A_MESSAGE)
