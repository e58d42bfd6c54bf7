"""The display scale, and the sizes on it at which headlines fill their measure."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Iterator, Sequence

from . import faces, languages
from .kinds import Kind
from .paper import MM_PER_PT, Paper

STEP_MAX = 80
MASTHEAD_MM = 10.0
SHORT_WORD_MAX, DANGLING = 3, 1.3  # a headline's line that ends on a word of three letters counts as so much wider
CLEAR_EM = 0.07  # between what hangs below one line of a headline and what stands up from the next
BESIDE_EM = 0.06  # what stands so near beside it is met too
BASE_EM = 0.3  # half of what the headline face's ascent has over its descent
RAISED_EM = 0.1  # what a first line with accents on its capitals gets above it; sheet.css says the same
EVEN_STEPS = 2  # a headline may be so much smaller, 8 %, where its lines are then more even


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
        return faces.width(self._set(text), self.language)

    def _set(self, text: str) -> str:
        return languages.capitals(text, self.language) if self.kind.headline_capitals else text

    def line(self, text: str, width_pt: float, step_max: int = STEP_MAX) -> Line:
        """The text at the largest step at which it is no wider than this."""
        size_pt = width_pt / (self.width(text) or 1.0)
        return Line(text, max(0, min(step_max, step_below(size_pt))))

    def capitals(self, text: str, height_mm: float) -> Line:
        """A masthead: on one line no higher than this, beside the date unless it is larger than usual."""
        capitals = languages.capitals(text, self.language)
        share = 1.0 if height_mm > 1.5 * MASTHEAD_MM else 0.68
        step = self.line(capitals, share * self.measure_pt, step_below(height_mm / MM_PER_PT)).step
        return Line(capitals if languages.is_dotted(self.language) else text, step)

    def headline(self, text: str, height_mm: float, lines_max: int) -> list[Line]:
        """The lines at which a headline can be largest; or fewer, if they are more even and it is nearly as large."""
        text = self._set(text) if languages.is_dotted(self.language) else text
        found: list[list[Line]] = []
        for count in range(1, lines_max + 1):
            lines = [
                self.line(line, self.measure_pt * self.kind.headline_measure) for line in self.balanced(text, count)
            ]
            if not self.kind.headline_justified:
                common = min(line.step for line in lines)
                lines = [Line(line.text, common) for line in lines]
            leading = self.leading(lines)
            while self._height_mm(lines, leading) > height_mm and any(line.step for line in lines):
                lines = [Line(line.text, max(0, line.step - 1)) for line in lines]
            found.append(lines)
        best = max(found, key=self._area)
        if self.kind.headline_justified or len(best) == 1:
            return best
        fewer = [lines for lines in found if 1 < len(lines) <= len(best)]
        return max((lines for lines in fewer if lines[0].step >= best[0].step - EVEN_STEPS), key=self._evenness)

    def leading(self, lines: Sequence[Line]) -> float:
        """From line to line, in em: the kind's, or more where letters would touch those of the next line."""
        return max([self.kind.headline_leading, *itertools.starmap(self._leading, itertools.pairwise(lines))])

    def raised(self, lines: Sequence[Line]) -> bool:
        """Does an accent on a capital stand above the first line, where a rule is?"""
        return bool(lines) and self._stands_up(self._set(lines[0].text), self.kind.headline_leading)

    def raised_masthead(self, masthead: Line) -> bool:
        """Does an accent on one of its capitals stand up into the margin?"""
        return self._stands_up(languages.capitals(masthead.text, self.language), leading=1.0)

    def _stands_up(self, text: str, leading: float) -> bool:
        return any(glyph.top > leading / 2 + BASE_EM for glyph in faces.glyphs(text, self.language))

    def _leading(self, upper: Line, lower: Line) -> float:
        """The leading at which nothing of a line comes too near to the one above it, in hundredths."""
        # Half of what a leading has over ascent and descent is above the line, half below it.
        size, next_size = step_pt(upper.step), step_pt(lower.step)
        above = list(self._placed(upper))
        meeting = (
            (CLEAR_EM + top) * next_size - bottom * size
            for left, right, top, _ in self._placed(lower)
            for other_left, other_right, _, bottom in above
            if left < other_right and other_left < right
        )
        apart = max(meeting, default=0.0)
        return math.ceil(100 * (apart - BASE_EM * (next_size - size)) * 2 / (size + next_size)) / 100

    def _placed(self, line: Line) -> Iterator[tuple[float, float, float, float]]:
        """Where its letters stand, in points: left, right, and in em top and bottom."""
        size = step_pt(line.step)
        at = -self.width(line.text) / 2 if self.kind.headline_justified else 0.0  # which is centred
        for glyph in faces.glyphs(self._set(line.text), self.language):
            if glyph.top or glyph.bottom:
                yield (at - BESIDE_EM / 2) * size, (at + glyph.advance + BESIDE_EM / 2) * size, glyph.top, glyph.bottom
            at += glyph.advance

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

    def _height_mm(self, lines: Sequence[Line], leading: float) -> float:
        raised_pt = RAISED_EM * step_pt(lines[0].step) if self.raised(lines) else 0.0
        return (sum(step_pt(line.step) for line in lines) * leading + raised_pt) * MM_PER_PT

    def _evenness(self, lines: Sequence[Line]) -> tuple[float, int]:
        widths = [self.width(line.text) for line in lines]
        return round(min(widths) / max(widths), 2), lines[0].step

    def _area(self, lines: Sequence[Line]) -> float:
        return sum(step_pt(line.step) ** 2 * self.width(line.text) for line in lines)


def step_below(size_pt: float) -> int:
    """The largest step that is no larger than this."""
    return math.floor(16 * math.log2(size_pt / 14.0))
