"""Why something among sites is not allowed, as codes; their sentences stand in bulletin/sentences/."""

from __future__ import annotations

import enum


class Why(enum.Enum):
    """Why something is not told, or not taken up."""

    NOT_PRINTED = "not printed"  # a paper, with the words that are agreed
    NOT_OVER = "not over"  # an action, or not in the open: a strength test
    MUCH_TODAY = "much today"
    NOTHING_SAID = "nothing said"
    NOTHING_ASKED = "nothing asked"
    TEXT_TOO_LONG = "text too long"
    NO_SUCH_PIECE = "no such piece"
    WEEK_TOLD = "week told"
    WEEK_EMPTY = "week empty"
