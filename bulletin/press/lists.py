"""Lists as people type them: each item keeps the mark that was typed in front of it.

CommonMark numbers anew what it takes for a list, and it takes "24. November" for one. Here nothing is counted: a
number stands as it was typed, and one numbered line alone is a sentence. So no date can be wrong, whatever it is
taken for. Lines that messengers and Word begin with • or – are items too.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

BULLET = "–"
NUMBERS_MAX = 99  # what is higher is a year

_DOTS = "•‣⁃◦∙▪▫●○■□◆◇►➢➤"
_WITH_A_TAB = "o§"  # Word's; with a blank behind them they may be words
_DASHES = "–—―"
_MARKED = re.compile(
    rf"([ \t>]*)(?:([{_DOTS}·])[ \t]|([{_WITH_A_TAB}])\t|(•)(?=\w)|([{_DASHES}])[ \t]|(\S)\ufe0f?[ \t])"
)
_NUMBERED = re.compile(r"\d{1,9}[.)][ \t]")
_FIGURE = re.compile(r"[£$€¥₹]?[ \t]?\d")
_ARROWS = "→⇒➡"
_TYPED = "marks"  # in the parser's env: by line, where not BULLET


def install(markdown: MarkdownIt) -> None:
    """Have a parser read lists this way, and print their marks."""
    markdown.core.ruler.after("normalize", "bullets", _bullets)
    markdown.core.ruler.after("block", "lone_items", _lone_items)
    markdown.core.ruler.push("item_marks", _item_marks)
    markdown.add_render_rule("mark", _mark)


def end_with_their_lines(markdown: MarkdownIt) -> None:
    """Have a parser take a line that stands under an item, and not inside it, for no part of that item; and a number
    that begins a line for an item's, whatever it is. For texts whose lines are kept: CommonMark has the line go on with
    the item, and takes a 1 below a line of text for an item, and a 24 for none.
    """
    markdown.block.ruler.before("paragraph", "lines_of_items", _ends_here, {"alt": ["paragraph"]})


def _ends_here(state: StateBlock, line: int, _end: int, silent: bool) -> bool:
    """Does the paragraph above end before this line?"""
    if not silent:
        return False
    below_an_item = 0 <= state.sCount[line] < state.blkIndent
    return below_an_item or bool(
        _NUMBERED.match(state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]])
    )


# Lines that begin with a bullet.


def _bullets(state: StateCore) -> None:
    """Bullets and dashes that begin lines become Markdown's, and are remembered where they are to be seen."""
    lines = state.src.split("\n")
    found = [_MARKED.match(line) for line in lines]
    typed = state.env[_TYPED] = {}
    above = ""  # the mark of the line above
    for number, match in enumerate(found):
        _, dot, tabbed, close, dash, sign = match.groups() if match else (None,) * 6
        mark = dot or tabbed or close
        if mark is None and match and (dash or (sign and _is_sign(sign))):
            begins = number == 0 or not lines[number - 1].strip() or lines[number - 1].rstrip().endswith(":") or above
            several = above == dash or (number + 1 < len(lines) and _begins_with(found[number + 1], dash))
            if begins and (sign or several or match[0].endswith("\t")):
                mark = typed[number] = str(dash or sign)
        if match and mark:
            lines[number] = f"{match[1]}- {lines[number][match.end() :]}"
        above = mark or ("-" if re.match(r"[ \t>]*[-+*][ \t]", lines[number]) else "")
    state.src = "\n".join(lines)


def _is_sign(char: str) -> bool:
    return char in _ARROWS or unicodedata.category(char) in ("So", "Cn")  # Cn: an emoji newer than this Python


def _begins_with(match: re.Match[str] | None, dash: str | None) -> bool:
    return bool(match and dash and match[5] == dash)


# One item alone.


def _lone_items(state: StateCore) -> None:
    state.tokens = _without_lone_items(state.tokens, state.env[_TYPED])


def _without_lone_items(tokens: Sequence[Token], typed: Mapping[int, str], around: str = "") -> list[Token]:
    """The tokens, with each list of one as a sentence, where its mark means something. `around`: what holds them."""
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        end = _end(tokens, at) if token.nesting == 1 else at
        inside = tokens[at + 1 : end]
        if mark := _lone_mark(token, inside, typed, around):
            kept += _without_lone_items(_sentence(mark, token, inside[1:-1]), typed, around)
        elif token.nesting == 1:
            is_demands = token.type == "container_piece_open" and token.info.split()[:1] == ["demands"]
            within = "demands" if is_demands else "list" if token.type == "list_item_open" else around
            kept += [token, *_without_lone_items(inside, typed, within), tokens[end]]
        else:
            kept.append(token)
        at = end + 1
    return kept


def _end(tokens: Sequence[Token], begin: int) -> int:
    level = tokens[begin].level
    return next(at for at in range(begin + 1, len(tokens)) if tokens[at].level == level and tokens[at].nesting == -1)


def _lone_mark(token: Token, inside: Sequence[Token], typed: Mapping[int, str], around: str) -> str:
    """The mark of a list of one that is a sentence; "" where it is a list, or none."""
    if token.type not in ("ordered_list_open", "bullet_list_open") or around == "demands":
        return ""
    if sum(one.type == "list_item_open" and one.level == token.level + 1 for one in inside) != 1:
        return ""
    item = inside[0]
    if token.type == "ordered_list_open":
        return f"{item.info}{item.markup}"
    bullet = item.map[0] in typed or (item.markup == "-" and not _has_figure(inside))  # type: ignore[index]  # blocks have a map
    return "" if around or bullet else item.markup


def _has_figure(inside: Sequence[Token]) -> bool:
    """Does an item of this list begin with a figure? Then a minus in front of it may be meant."""
    levels = inside[0].level
    firsts = (at + 2 for at, one in enumerate(inside) if one.type == "list_item_open" and one.level == levels)
    return any(inside[at].type == "inline" and _FIGURE.match(inside[at].content) for at in firsts if at < len(inside))


def _sentence(mark: str, opening: Token, inside: Sequence[Token]) -> list[Token]:
    """What a list of one holds, its mark in front of its first words."""
    for token in inside:
        token.level -= 2
        token.hidden = token.hidden and token.level != opening.level  # its paragraphs are paragraphs now
    if inside and inside[0].type == "paragraph_open":
        inside[1].content = f"{mark} {inside[1].content}"
        return list(inside)
    words = Token("inline", "", 0, content=mark, children=[], map=opening.map, level=opening.level + 1, block=True)
    before = Token("paragraph_open", "p", 1, map=opening.map, level=opening.level, block=True)
    return [before, words, Token("paragraph_close", "p", -1, level=opening.level, block=True), *inside]


# The marks of the others.


def _item_marks(state: StateCore) -> None:
    """Put its mark in front of what each item holds, and both on one line."""
    kept: list[Token] = []
    for at, token in enumerate(state.tokens):
        kept.append(token)
        if token.type in ("ordered_list_open", "bullet_list_open"):
            items = state.tokens[at + 1 : _end(state.tokens, at)]
            numbered = token.type == "ordered_list_open" and _counts(items)
            minus = token.type == "bullet_list_open" and _has_figure(items)
            for item in items:
                if item.type == "list_item_open" and item.level == token.level + 1:
                    item.meta = {"numbered": numbered, "minus": minus}
        if token.type == "list_item_open":
            kept.append(_mark_of(token, state.env[_TYPED]))
            if state.tokens[at + 1].type == "paragraph_open":
                end = _end(state.tokens, at + 1)
                state.tokens[at + 1].hidden = state.tokens[end].hidden = True
    state.tokens = kept


def _counts(items: Sequence[Token]) -> bool:
    """Are these the numbers of a list: one after the other, up or down, or all the same?"""
    level = items[0].level
    numbers = [int(item.info) for item in items if item.type == "list_item_open" and item.level == level]
    steps = {after - before for before, after in itertools.pairwise(numbers)}
    return max(numbers) <= NUMBERS_MAX and len(steps) <= 1 and steps <= {1, 0, -1}


def _mark_of(item: Token, typed: Mapping[int, str]) -> Token:
    mark = Token("mark", "span", 0, level=item.level + 1, map=item.map, hidden=True)
    number = item.map[0] if item.map else -1
    if item.info:
        mark.content, mark.info = f"{item.info}{item.markup}", "number" if item.meta["numbered"] else "typed"
    elif number in typed or item.markup == "+" or (item.markup == "-" and item.meta["minus"]):
        mark.content, mark.info = typed.get(number, item.markup), "sign"
    else:
        mark.content, mark.info = BULLET, "bullet"
    return mark


def _mark(
    _self: RendererHTML, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: MutableMapping[str, Any]
) -> str:
    mark = tokens[at]
    if mark.info != "number":
        return _span(f"{escapeHtml(mark.content)} ", "mark", mark.info)
    # Demands show the number without what is behind it.
    return _span(mark.content[:-1] + _span(f"{mark.content[-1]} ", "dot"), "mark", mark.info)


def _span(inside: str, *classes: str) -> str:
    opening = Token("span_open", "span", 1, attrs={"class": " ".join(classes)})
    return f"<span{RendererHTML.renderAttrs(opening)}>{inside}</span>"
