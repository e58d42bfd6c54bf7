"""The display scale, and the sizes on it at which headlines fill their measure."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

from . import faces
from .kinds import Kind
from .paper import MM_PER_PT, Paper

STEP_MAX = 80
MASTHEAD_MM = 10.0
SHORT_WORD_MAX, DANGLING = 3, 1.3  # a headline's line that ends on a word of three letters counts as so much wider


def step_pt(step: int) -> float:
    """The display scale: sixteen steps double the size, from 14 points."""
    return 14.0 * 2 ** (step / 16)


@dataclasses.dataclass(frozen=True)
class Line:
    """A line of display type and its step on the scale."""

    text: str
    step: int


class Copyfit:
    """Sizes for display type, from the widths of the headline face of a language."""

    def __init__(self, language: str, kind: Kind, paper: Paper) -> None:
        self.kind = kind
        self.measure_pt = paper.measure_mm / MM_PER_PT
        self.language = language

    def width(self, text: str) -> float:
        """How wide a text runs, in em."""
        return faces.width(text.upper() if self.kind.headline_capitals else text, self.language)

    def line(self, text: str, width_pt: float, step_max: int = STEP_MAX) -> Line:
        """The text at the largest step at which it is no wider than this."""
        size_pt = width_pt / (self.width(text) or 1.0)
        return Line(text, max(0, min(step_max, step_below(size_pt))))

    def capitals(self, text: str, height_mm: float) -> Line:
        """A masthead: on one line no higher than this, beside the date unless it is larger than usual."""
        share = 1.0 if height_mm > 1.5 * MASTHEAD_MM else 0.68
        return Line(text, self.line(text.upper(), share * self.measure_pt, step_below(height_mm / MM_PER_PT)).step)

    def headline(self, text: str, height_mm: float, lines_max: int) -> list[Line]:
        """The number of lines, and their words, at which a headline can be largest."""
        best: list[Line] = []
        for count in range(1, lines_max + 1):
            lines = [
                self.line(line, self.measure_pt * self.kind.headline_measure) for line in self.balanced(text, count)
            ]
            if not self.kind.headline_justified:
                common = min(line.step for line in lines)
                lines = [Line(line.text, common) for line in lines]
            while self._height_mm(lines) > height_mm and any(line.step for line in lines):
                lines = [Line(line.text, max(0, line.step - 1)) for line in lines]
            if not best or self._area(lines) > self._area(best):
                best = lines
        return best

    def balanced(self, text: str, count: int) -> list[str]:
        """The words on so many lines, as even as can be; a line that ends on a short word counts as wider."""
        words = text.split()
        count = min(count, len(words))
        best: list[tuple[float, list[str]] | None] = [(0.0, [])] + [None] * len(words)  # for the first n words
        for _ in range(count):
            longer: list[tuple[float, list[str]] | None] = [None] * (len(words) + 1)
            for start, begun in enumerate(best):
                if begun is None:
                    continue
                for end in range(start + 1, len(words) + 1):
                    line = " ".join(words[start:end])
                    dangles = end < len(words) and len(words[end - 1]) <= SHORT_WORD_MAX and words[end - 1].isalnum()
                    uneven = begun[0] + self.width(line) ** 2 * (DANGLING if dangles else 1.0)
                    known = longer[end]
                    if known is None or uneven < known[0]:
                        longer[end] = uneven, [*begun[1], line]
            best = longer
        found = best[-1]
        return found[1] if found else [text]

    def _height_mm(self, lines: Sequence[Line]) -> float:
        return sum(step_pt(line.step) for line in lines) * self.kind.headline_leading * MM_PER_PT

    def _area(self, lines: Sequence[Line]) -> float:
        return sum(step_pt(line.step) ** 2 * self.width(line.text) for line in lines)


def step_below(size_pt: float) -> int:
    """The largest step that is no larger than this."""
    return math.floor(16 * math.log2(size_pt / 14.0))
