"""Make-up: where a galley is cut into columns, so that they end level. Arithmetic only.

A galley is one long column of type. Its strips are what no cut goes through: a line, a heading, a
table, a box. All lengths are in one unit of the caller's choice, measured downwards.
"""

from __future__ import annotations

import bisect
import dataclasses
import itertools
import math
from collections.abc import Collection, Sequence

LEADING_MAX = 1.12  # how far lines may be driven apart to fill a side
GAP_MAX = 1.6  # how far one gap may grow, in lines
SHORT_MIN = 0.7  # a column filled less than this is not weighed against others
TARGETS = 5  # how many heights are tried, half a line apart


@dataclasses.dataclass(frozen=True, slots=True)
class Strip:
    """A piece of a galley: where it begins and ends, whether the next must stay with it, what a cut behind it costs."""

    top: float
    bottom: float
    keep: bool = False
    cut: float = 0.0


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """The strips from `start` up to `end`, and how far down from the column's top each begins."""

    start: int
    end: int
    tops: tuple[float, ...]
    height: float


def natural(strips: Sequence[Strip], start: int, end: int) -> float:
    """How high these strips stand as they were set; what is above the first is dropped."""
    return strips[end - 1].bottom - strips[start].top if end > start else 0.0


def fill(strips: Sequence[Strip], heights: Sequence[float], start: int = 0) -> list[int]:
    """Cut first-fit: the end of each column. The last end is short of len(strips) where they do not fit."""
    bottoms = [strip.bottom for strip in strips]
    ends = []
    for height in heights:
        end = start
        if start < len(strips):
            end = bisect.bisect_right(bottoms, strips[start].top + height + 1e-6, lo=start)
            while start < end < len(strips) and strips[end - 1].keep:
                end -= 1
        ends.append(end)
        start = end
    return ends


def fits(strips: Sequence[Strip], heights: Sequence[float]) -> bool:
    """Is there a way to cut the strips into columns no higher than these?"""
    return not strips or fill(strips, heights)[-1] == len(strips)


def level(strips: Sequence[Strip], rooms: Sequence[float], line: float) -> list[int]:
    """The ends of columns that come out as level as they can.

    `rooms` are the greatest heights, column by column; `line` is the height of a line. The strips
    must fit. All columns are lowered in proportion, as far as the strips still fit; then the cuts
    are moved to where the least is missing at the columns' feet.
    """
    if not strips:
        return [0] * len(rooms)
    lowest = _lowest(strips, rooms)
    highest = max(rooms)
    best, best_badness = fill(strips, [lowest * room for room in rooms]), math.inf
    for half_lines in range(TARGETS):
        share = min(1.0, lowest + half_lines * line / 2 / highest)
        ends, badness = _cut(strips, [share * room for room in rooms], line)
        badness += half_lines * 0.05
        if badness < best_badness:
            best, best_badness = ends, badness
    return best


def _lowest(strips: Sequence[Strip], rooms: Sequence[float]) -> float:
    """The smallest share of the rooms that the strips fit into."""
    low, high = 0.0, 1.0
    for _ in range(14):
        share = (low + high) / 2
        if fits(strips, [share * room for room in rooms]):
            high = share
        else:
            low = share
    return high


def _cut(strips: Sequence[Strip], heights: Sequence[float], line: float) -> tuple[list[int], float]:
    """The cuts with the least badness, by dynamic programming over the columns."""
    reached: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    bottoms = [strip.bottom for strip in strips]
    gaps = [0.0, *(after.top - before.bottom for before, after in itertools.pairwise(strips))]
    sums = [0.0, *itertools.accumulate(gaps)]
    for at, height in enumerate(heights):
        last = at == len(heights) - 1
        following: dict[int, tuple[float, tuple[int, ...]]] = {}
        for start, (badness, ends) in reached.items():
            if start == len(strips):
                continue
            top = strips[start].top
            longest = bisect.bisect_right(bottoms, top + height + 1e-6, lo=start)
            shortest = bisect.bisect_left(bottoms, top + SHORT_MIN * height, lo=start) + 1
            for end in range(shortest, longest + 1):
                if (end < len(strips) and strips[end - 1].keep) or (last and end < len(strips)):
                    continue
                missing = height - natural(strips, start, end)
                glue = sums[end] - sums[start + 1]
                total = badness + (missing / (line / 3 + glue)) ** 2 + (0.0 if last else strips[end - 1].cut)
                if end not in following or total < following[end][0]:
                    following[end] = (total, (*ends, end))
        reached = following
    badness, found = reached.get(len(strips), (math.inf, ()))
    return list(found), badness


def justify(strips: Sequence[Strip], ends: Sequence[int], room: float, line: float) -> list[Column]:
    """Set the columns of one side to one height: lines are driven apart all alike, then gaps, each in proportion.

    `ends` begins with the index of the first strip of the side.
    """
    spans = list(itertools.pairwise(ends))
    leading = LEADING_MAX
    for start, end in spans:
        if end - start > 1:
            last = strips[end - 1]
            run = last.top - strips[start].top
            leading = min(leading, (room - (last.bottom - last.top)) / run if run else leading)
    leading = max(1.0, leading)
    led = [_led_height(strips, start, end, leading) for start, end in spans]
    height = max(led, default=0.0)
    wanted = min(room, height + _slack(strips, spans, led, line))
    return [_justified(strips, start, end, leading, wanted, line) for start, end in spans]


def _led_height(strips: Sequence[Strip], start: int, end: int, leading: float) -> float:
    if end <= start:
        return 0.0
    last = strips[end - 1]
    return (last.top - strips[start].top) * leading + last.bottom - last.top


def _gaps(strips: Sequence[Strip], start: int, end: int) -> list[float]:
    return [strips[i].top - strips[i - 1].bottom for i in range(start + 1, end)]


def _slack(strips: Sequence[Strip], spans: Sequence[tuple[int, int]], led: Sequence[float], line: float) -> float:
    """How far all columns alike can still grow by their gaps."""
    grows = [
        sum(_growth(_gaps(strips, start, end), line)) - (max(led) - height)
        for (start, end), height in zip(spans, led, strict=True)
        if end > start
    ]
    return max(0.0, min(grows, default=0.0))


def _growth(gaps: Sequence[float], line: float) -> list[float]:
    """The most that each gap may grow."""
    return [min(1.5 * gap, GAP_MAX * line) if gap > 1e-6 else 0.0 for gap in gaps]


def _justified(strips: Sequence[Strip], start: int, end: int, leading: float, wanted: float, line: float) -> Column:
    if end <= start:
        return Column(start, end, (), wanted)
    missing = wanted - _led_height(strips, start, end, leading)
    growth = _growth(_gaps(strips, start, end), line)
    possible = sum(growth)
    share = min(1.0, missing / possible) if possible else 0.0
    tops, grown = [0.0], 0.0
    for i, most in zip(range(start + 1, end), growth, strict=True):
        grown += most * share
        tops.append((strips[i].top - strips[start].top) * leading + grown)
    return Column(start, end, tuple(tops), wanted)


def excess(strips: Sequence[Strip], rooms: Sequence[float], line: float, lines: Sequence[int]) -> int:
    """How many of these lines, in this order, must go before the strips fit; all where even that is not enough."""
    over = natural(strips, 0, len(strips)) - sum(rooms)
    count = max(1, math.ceil(over / line))
    while count < len(lines) and not fits(without(strips, lines[:count]), rooms):
        count += 1
    return count


def without(strips: Sequence[Strip], removed: Collection[int]) -> list[Strip]:
    """The strips as they would stand if some were not there."""
    gone, kept, shift = set(removed), [], 0.0
    for i, strip in enumerate(strips):
        if i in gone:
            shift += strip.bottom - strip.top
        else:
            kept.append(dataclasses.replace(strip, top=strip.top - shift, bottom=strip.bottom - shift))
    return kept
