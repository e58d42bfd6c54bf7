"""A print job inside its walls and one without them, from the same warm server. Imported by the jobs: nothing heavy."""

from __future__ import annotations

from typing import Any

from bulletin.press import job, sandbox

inside = job.sheet


def outside(*args: Any) -> None:
    """The same job, with nothing around it."""
    sandbox.enclose = lambda _answer: None
    inside(*args)
