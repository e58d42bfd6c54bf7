"""The paper: its sizes and margins."""

from __future__ import annotations

import dataclasses

MM_PER_PT = 25.4 / 72
MARGIN_MM = 11.0
GUTTER_MM = 6.0


@dataclasses.dataclass(frozen=True)
class Paper:
    """A size of paper, in millimetres."""

    name: str
    title: str
    width_mm: float
    height_mm: float

    @property
    def measure_mm(self) -> float:
        """The width between the margins."""
        return self.width_mm - 2 * MARGIN_MM


PAPERS = {
    "a4": Paper("a4", "A4", 210.0, 297.0),
    "letter": Paper("letter", "US Letter", 215.9, 279.4),
}
