"""What can be wrong with a manuscript, said to the person who wrote it."""

from __future__ import annotations


class ManuscriptError(ValueError):
    """What is wrong with a manuscript, in one sentence for the person who wrote it.

    `line` is the line it concerns, counted from 1, or None where it concerns the whole;
    `str()` begins with "Line 12: " where there is one.
    """

    def __init__(self, sentence: str, line: int | None = None) -> None:
        self.sentence = sentence
        self.line = line
        super().__init__(f"Line {line}: {sentence}" if line else sentence)
