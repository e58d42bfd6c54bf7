"""What refusals say, once, for the pages and the command."""

from __future__ import annotations


def say(refusal: BaseException) -> str:
    """The one sentence that says why something was refused, and what to do."""
    return str(refusal)
