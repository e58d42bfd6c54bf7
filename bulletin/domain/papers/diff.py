"""What differs between two texts, found in a bounded time: texts of one word again and again would take minutes."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Sequence

EFFORT_MAX = 300_000  # pairs of equal parts that are looked at

Change = tuple[str, int, int, int, int]  # as difflib has them: kind, old from and to, new from and to


def changes(old: Sequence[str], new: Sequence[str]) -> list[Change]:
    """How the one becomes the other; where it would take too long, as one replaced by the other between equal ends."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    counts = Counter(middle_new)
    found: list[Change]
    if sum(counts[part] for part in middle_old) > EFFORT_MAX:
        found = [("replace", 0, len(middle_old), 0, len(middle_new))]
    else:
        found = list(difflib.SequenceMatcher(None, middle_old, middle_new, False).get_opcodes())
    shifted = [(kind, at + start, to + start, since + start, until + start) for kind, at, to, since, until in found]
    before: list[Change] = [("equal", 0, start, 0, start)] if start else []
    behind: list[Change] = [("equal", len(old) - end, len(old), len(new) - end, len(new))] if end else []
    return before + shifted + behind


def words_changed(before: str, after: str) -> int:
    """How many words one has to take out or put in to make one text of the other. Signs between words divide them."""
    old, new = re.findall(r"\w+", before), re.findall(r"\w+", after)
    return sum(max(to - at, until - since) for kind, at, to, since, until in changes(old, new) if kind != "equal")
