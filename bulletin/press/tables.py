"""Tables that are as wide as their widest row: Markdown's own drops the cells that its head does not count.

And one whose longest words stand beside each other in a column of the sheet divides none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

NARROW = 20  # characters of the longest words of all columns that the narrowest column of a sheet has room for
GAP = 2  # characters, between two columns

_AROUND = re.compile(r"[\s>]*")  # what holds the table: a quotation, an item


def install(markdown: MarkdownIt) -> None:
    """Have a parser keep every cell of a table."""
    markdown.core.ruler.after("block", "every_cell", _every_cell)
    markdown.core.ruler.after("every_cell", "whole_words", _whole_words)


def _every_cell(state: StateCore) -> None:
    lines = state.src.split("\n")
    kept: list[Token] = []
    at = 0
    while at < len(state.tokens):
        token = state.tokens[at]
        if token.type != "table_open":
            kept.append(token)
            at += 1
            continue
        end = next(i for i in range(at, len(state.tokens)) if state.tokens[i].type == "table_close")
        kept += _widened(state.tokens[at : end + 1], lines)
        at = end + 1
    state.tokens = kept


def _widened(table: Sequence[Token], lines: Sequence[str]) -> Iterator[Token]:
    """A table with the cells that its head does not count, and empty ones in the rows that have fewer."""
    columns = sum(token.type == "th_open" for token in table)
    rows = [token for token in table if token.type == "tr_open" and token.map]
    beyond = {id(row): _cells(lines[row.map[0]])[columns:] for row in rows[1:]}  # type: ignore[index]  # they have one
    most = max(map(len, beyond.values()), default=0)
    name, row = "th", table[0]
    for token in table:
        if token.type == "tr_open":
            row = token
        elif token.type == "tr_close":
            more = beyond.get(id(row), [])
            for content in [*more, *[""] * (most - len(more))]:
                yield from _cell(name, content, row)
        elif token.type == "tbody_open":
            name = "td"
        yield token


def _cells(line: str) -> list[str]:
    cells = [cell.strip() for cell in escapedSplit(line[_AROUND.match(line).end() :].strip())]  # type: ignore[union-attr]
    return cells[not cells[0] : len(cells) - (not cells[-1])]


def _cell(name: str, content: str, row: Token) -> Iterator[Token]:
    yield Token(f"{name}_open", name, 1, level=row.level + 1, block=True)
    yield Token("inline", "", 0, content=content, children=[], map=row.map, level=row.level + 2, block=True)
    yield Token(f"{name}_close", name, -1, level=row.level + 1, block=True)


def _whole_words(state: StateCore) -> None:
    """Tables that are narrow enough say so: their columns become as wide as their longest words."""
    table, widths, column = Token("table_open", "table", 1), [0], 0
    for token in state.tokens:
        match token.type:
            case "table_open":
                table, widths = token, []
            case "tr_open":
                column = 0
            case "th_open" | "td_open":
                column += 1
                widths += [0] * (column - len(widths))
            case "inline" if column:
                widths[column - 1] = max([widths[column - 1], *map(len, token.content.split())])
            case "table_close":
                column = 0
                if sum(widths) + GAP * (len(widths) - 1) <= NARROW:
                    table.attrSet("class", "narrow")
