"""The galley that WeasyPrint set, and the sheet that is made up from it.

A sheet is laid out with its columns as one long column on pages without end, which costs half of
what balanced columns do. Here the boxes of that layout are cut and moved to where they belong. What
may be cut is what CSS says: break-inside, break-after, orphans, widows. The only module that knows
WeasyPrint's boxes; they are not a public interface, so its version is pinned.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from weasyprint.document import Page
from weasyprint.formatting_structure import boxes
from weasyprint.layout.background import layout_box_backgrounds

from . import makeup
from .makeup import Strip
from .paper import GUTTER_MM, Paper

PX_PER_MM = 96 / 25.4
FOOT_MM = 8.0  # from the foot to the edge of the paper
CLEAR_MM = 4.0  # from the columns to the foot
BOX_LINES_MAX = 3.5  # how many empty lines a box may take in
UNDER_RULE = 0.25  # em: a rule at a column's foot stands level with the baselines beside it, not below them
CUT_BETWEEN_BLOCKS, CUT_IN_BLOCK, CUT_SHORT_PIECE = 0.1, 0.2, 5.0  # what a cut costs; 1 is a third of a line missing


@dataclasses.dataclass(frozen=True)
class Side:
    """One side as it was laid out: its boxes, and the room its columns have, in pixels."""

    page: Any
    section: Any
    columns: Any
    foot: Any
    top: float
    room: float


@dataclasses.dataclass(frozen=True)
class Run:
    """Text that flows through the columns of one side, or of both. `lines`: the source line of each strip's piece."""

    sides: tuple[Side, ...]
    strips: tuple[Strip, ...]
    leaves: tuple[Any, ...]
    lines: tuple[int, ...]


class Galley:
    """A laid-out document before it is made up. `flows`: text that does not fit the front goes on at the back."""

    def __init__(self, pages: Sequence[Any], paper: Paper, columns: int, *, flows: bool) -> None:
        self.paper = paper
        self.columns = columns
        sides = [self._side(page._page_box) for page in pages]
        self.runs = tuple(map(_run, [sides] if flows else [[side] for side in sides]))
        self.sides = [(run, side) for run in self.runs for side in run.sides]
        self.line = self._line()

    def _side(self, page: Any) -> Side:
        section = page.children[0].children[0].children[0]
        named = {name: child for child in section.children for name in _classes(child)}
        columns, foot = named["columns"], named["foot"]
        bottom = (self.paper.height_mm - FOOT_MM - CLEAR_MM) * PX_PER_MM - foot.border_height()
        top = columns.content_box_y()
        return Side(page, section, columns, foot, top, bottom - top)

    def _line(self) -> float:
        heights = [leaf.height for run in self.runs for leaf in run.leaves if isinstance(leaf, boxes.LineBox)]
        return max(set(heights), key=heights.count) if heights else _line_above(self.runs[0].sides[0])

    def rooms(self, run: Run) -> list[float]:
        """The height of each column that a run may fill."""
        return [max(side.room, 0.0) for side in run.sides for _ in range(self.columns)]

    def fits(self, run: Run) -> bool:
        """Is there room for all of a run?"""
        return min(side.room for side in run.sides) > 0 and makeup.fits(run.strips, self.rooms(run))

    def need(self) -> float:
        """The height of the type as set, as a share of its room, where that is greatest: 1.0 is full."""
        return max(makeup.natural(run.strips, 0, len(run.strips)) / max(sum(self.rooms(run)), 1.0) for run in self.runs)

    def plan(self) -> list[list[makeup.Column]]:
        """The columns of each side. Every run must fit."""
        plan = []
        for run in self.runs:
            ends = [0, *makeup.level(run.strips, self.rooms(run), self.line)]
            for number, side in enumerate(run.sides):
                span = ends[number * self.columns : (number + 1) * self.columns + 1]
                plan.append(makeup.justify(run.strips, span, side.room, self.line))
        return plan

    def fullness(self, plan: Sequence[Sequence[makeup.Column]]) -> list[float]:
        """Of each side: the height of its type as set, as a share of its room."""
        return [
            sum(makeup.natural(run.strips, column.start, column.end) for column in columns) / (len(columns) * side.room)
            for (run, side), columns in zip(self.sides, plan, strict=True)
        ]

    def left_mm(self, plan: Sequence[Sequence[makeup.Column]]) -> list[float]:
        """Of each side: the height above its foot that stays empty."""
        return [
            (side.room - max(column.height for column in columns)) / PX_PER_MM
            for (_, side), columns in zip(self.sides, plan, strict=True)
        ]

    def spare_mm(self, plan: Sequence[Sequence[makeup.Column]]) -> list[float]:
        """Of each side: the height that its type as set does not need."""
        return [
            (1 - full) * side.room / PX_PER_MM for full, (_, side) in zip(self.fullness(plan), self.sides, strict=True)
        ]

    def make_up(self, plan: Sequence[Sequence[makeup.Column]]) -> list[Page]:
        """Move the type into its columns: the pages of the sheet. Can be done once."""
        for (run, side), columns in zip(self.sides, plan, strict=True):
            self._place(run, side, columns)
        return [Page(side.page) for _, side in self.sides]

    def _place(self, run: Run, side: Side, columns: Sequence[makeup.Column]) -> None:
        page, foot = side.page, side.foot
        page.height = self.paper.height_mm * PX_PER_MM
        foot.translate(dy=page.height - FOOT_MM * PX_PER_MM - foot.border_height() - foot.border_box_y())
        _repaint(page, foot)
        step = (self.paper.measure_mm + GUTTER_MM) / self.columns * PX_PER_MM
        made = []
        for number, column in enumerate(columns):
            leaves = run.leaves[column.start : column.end]
            for top, leaf in zip(column.tops, leaves, strict=True):
                leaf.translate(number * step, side.top + top - _extent(leaf)[0])
            if len(leaves) > 1 and all(map(_is_box, leaves)):
                _fill_with_boxes(run.strips[column.start : column.end], leaves, column)
            elif leaves:
                _grow(leaves[-1], column.height - column.tops[-1] - _extent(leaves[-1])[1], BOX_LINES_MAX * self.line)
            for leaf in leaves:
                _repaint(page, leaf)
            chosen = {id(leaf) for leaf in leaves}
            parts = [part for source in run.sides if (part := _part(source.columns, chosen))]
            box = side.columns.copy_with_children(list(itertools.chain.from_iterable(part.children for part in parts)))
            box.height = column.height
            box.position_x += number * step
            if number == 0:
                box.border_left_width = 0  # the rule stands between columns
            made.append(box)
        at = side.section.children.index(side.columns)
        side.section.children[at : at + 1] = made


def _run(sides: Sequence[Side]) -> Run:
    strips: list[Strip] = []
    leaves: list[Any] = []
    lines: list[int] = []
    for side in sides:
        shift = strips[-1].bottom - side.top + _line_above(side) if strips else 0.0
        for piece in side.columns.children:
            cost = CUT_SHORT_PIECE if "echo" in _classes(piece) else 1.0
            for leaf, keep, cut in _leaves(piece):
                top, height = _extent(leaf)
                if leaf.border_bottom_width:
                    height += UNDER_RULE * side.columns.style["font_size"]
                strips.append(Strip(top + shift, top + height + shift, keep, cut * cost))
                leaves.append(leaf)
                lines.append(int(piece.element.get("data-line")))
            if strips:
                strips[-1] = dataclasses.replace(strips[-1], cut=0.0)
    return Run(tuple(sides), tuple(strips), tuple(leaves), tuple(lines))


def by_line(run: Run) -> Run:
    """The same run, with the lines of each box that is not cut as strips of their own, which stay together."""
    strips: list[Strip] = []
    leaves: list[Any] = []
    lines: list[int] = []
    for strip, leaf, line in zip(run.strips, run.leaves, run.lines, strict=True):
        inside = _stacked_lines(leaf)
        top = _extent(leaf)[0]
        begins = [strip.top, *(strip.top + box.position_y - top for box in inside[1:])]
        ends = [begin + box.height for begin, box in zip(begins, inside, strict=True)][:-1]
        strips += [dataclasses.replace(strip, top=b, bottom=e, keep=True) for b, e in zip(begins, ends, strict=False)]
        strips.append(dataclasses.replace(strip, top=begins[-1]))
        leaves += inside
        lines += [line] * len(inside)
    return Run(run.sides, tuple(strips), tuple(leaves), tuple(lines))


def _stacked_lines(leaf: Any) -> list[Any]:
    """The lines in a box, or the box itself where it has none or they are a table's."""
    inside: list[Any] = []
    waiting = [leaf] if _is_box(leaf) else []
    while waiting:
        box = waiting.pop()
        if isinstance(box, boxes.LineBox):
            inside.append(box)
        elif isinstance(box, boxes.BlockBox) and not box.is_table_wrapper:
            waiting += reversed(box.children)
        else:
            return [leaf]
    return inside or [leaf]


def _grow(leaf: Any, missing: float, most: float) -> None:
    """A box at the foot of a column is drawn down to it, what it holds in its middle."""
    missing = min(missing - UNDER_RULE * leaf.style["font_size"], most)
    if missing > 0 and _is_box(leaf):
        leaf.height += missing
        for child in leaf.children:
            child.translate(dy=missing / 2)


def _fill_with_boxes(strips: Sequence[Strip], leaves: Sequence[Any], column: makeup.Column) -> None:
    """A column of nothing but boxes is a grid: each is drawn down to as far above the next as it was set."""
    gaps = [after.top - before.bottom for before, after in itertools.pairwise(strips)]
    ends = [top - gap for top, gap in zip(column.tops[1:], gaps, strict=True)]
    for leaf, top, end in zip(leaves, column.tops, (*ends, column.height), strict=True):
        missing = end - top - UNDER_RULE * leaf.style["font_size"] - leaf.border_height()
        leaf.height += max(missing, 0.0)


def _is_box(leaf: Any) -> bool:
    return bool(isinstance(leaf, boxes.BlockBox) and leaf.border_bottom_width and leaf.border_top_width)


def _repaint(page: Any, moved: Any) -> None:
    """Backgrounds stay where they were laid out when their boxes move: lay them out again."""
    if any(box.background for box in (moved, *moved.descendants())):
        layout_box_backgrounds(page, moved, get_image_from_uri=None)


def _line_above(side: Side) -> float:
    """What stands above the first piece of a side when it moves up behind another piece: a line."""
    return float(side.columns.style["font_size"]) * 1.3


def count_words(leaf: Any) -> int:
    """The words in a line of type; a part of a divided word counts as one."""
    texts = (box.text for box in leaf.descendants() if isinstance(box, boxes.TextBox))
    return len("".join(texts).split())


def words_on(page: Page) -> int:
    """The words on a page of a document that was laid out."""
    return sum(count_words(box) for box in page._page_box.descendants() if isinstance(box, boxes.LineBox))


def overhangs(page: Page) -> bool:
    """Does a line on a page of a document that was laid out run out of its margins?"""
    edge = page._page_box.content_box_x() + page._page_box.width + 0.5
    lines = (box for box in page._page_box.descendants() if isinstance(box, boxes.LineBox))
    return any(line.position_x + line.width > edge for line in lines)


def _classes(box: Any) -> list[str]:
    return [] if box.element is None else (box.element.get("class") or "").split()


def _extent(leaf: Any) -> tuple[float, float]:
    """The top and the height of a leaf, without its margins."""
    if isinstance(leaf, boxes.LineBox):
        return leaf.position_y, leaf.height
    return leaf.border_box_y(), leaf.border_height()


def _leaves(box: Any) -> Iterator[tuple[Any, bool, float]]:
    """What is not cut, in order, each with whether the next one must stay with it and what a cut behind it costs."""
    if not isinstance(box, boxes.BlockBox) or box.is_table_wrapper or box.style["break_inside"] == "avoid":
        yield box, box.style["break_after"] == "avoid", CUT_BETWEEN_BLOCKS
        return
    inside: list[tuple[Any, bool, float]] = []
    lines = [child for child in box.children if isinstance(child, boxes.LineBox)]
    orphans, widows = box.style["orphans"], box.style["widows"]
    for number, child in enumerate(lines, start=1):
        last = number == len(lines)
        keep = not last and (number < orphans or len(lines) - number < widows)
        inside.append((child, keep, CUT_BETWEEN_BLOCKS if last else CUT_IN_BLOCK))
    if not box.children and box.border_height():  # a rule between paragraphs
        inside.append((box, False, CUT_BETWEEN_BLOCKS))
    if not lines:
        for child in box.children:
            if isinstance(child, boxes.Box):  # else a placeholder of something absolute, which moves with what holds it
                inside.extend(_leaves(child))
    if inside and box.style["break_after"] == "avoid":
        inside[-1] = inside[-1][0], True, inside[-1][2]
    yield from inside


def _part(box: Any, chosen: set[int]) -> Any:
    """A copy of a box with only the chosen leaves in it; None where it holds none of them."""
    if id(box) in chosen:
        return box
    if not isinstance(box, boxes.BlockBox):
        return None
    children = [part for child in box.children if isinstance(child, boxes.Box) and (part := _part(child, chosen))]
    return box.copy_with_children(children) if children else None
