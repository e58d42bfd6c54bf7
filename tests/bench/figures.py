"""A figure with its target, and how times are taken."""

from __future__ import annotations

import dataclasses
import statistics
import time
from collections.abc import Callable, Mapping

ROUNDS = 15


@dataclasses.dataclass(frozen=True)
class Figure:
    """One line of the table. `most`: the target; None where there is none."""

    name: str
    value: float
    unit: str = ""
    most: float | None = None
    note: str = ""

    @property
    def met(self) -> bool:
        return self.most is None or self.value <= self.most

    def __str__(self) -> str:
        mark = "" if self.most is None else "met" if self.met else "MISSED"
        target = "" if self.most is None else f"≤ {self.most:g}"
        value = f"{self.value:.2f}" if not self.unit else f"{self.value:.1f} {self.unit}"
        return f"{mark:6}  {self.name:58} {value:>10}  {target:8}  {self.note}".rstrip()


def seconds(deed: Callable[[], object]) -> float:
    """How long it takes. A deed that gives back a float has measured itself, in another process."""
    start = time.perf_counter()
    measured = deed()
    return measured if isinstance(measured, float) else time.perf_counter() - start


def medians(deeds: Mapping[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Seconds, the median of each: one after the other, again and again, so that a slow minute slows all alike."""
    for deed in deeds.values():
        deed()
    taken = [{name: seconds(deed) for name, deed in deeds.items()} for _ in range(rounds)]
    return {name: statistics.median(times[name] for times in taken) for name in deeds}
