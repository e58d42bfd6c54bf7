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
    WORDS_MISSING = "words missing"
    NOT_WAITING = "not waiting"  # for anybody's word any more
    AGREED_TO = "agreed to"  # words that wait, by somebody besides who wrote them
    OVER = "over"  # its day, or it was taken back
    NOT_SAID = "not said"  # so there is nothing to take back
    NOT_JOINED = "not joined"  # or not over yet
    ABOUT_YOU = "about you"  # which site a question is about does not answer it
    IN_ALREADY = "in already"
    NOT_IN = "not in"
    NOT_LONG_IN = "not long in"
    KNOWS_MANY = "knows many"  # most: sites within a month
    MUCH_OPEN = "much open"  # most: things that one site has put to others
    PUT_OUT = "put out"  # until: when it may ask again
    ASKS_ALREADY = "asks already"
    NO_DAY = "no day"  # or a day that is over, or too far
    NO_SUCH_PAPER = "no such paper"
    NO_SUCH_MEMBER = "no such member"
    NOT_ASKED = "not asked"  # whoever it is for: too few say yes, it is over, or they are a member
    NO_SUCH_SITE = "no such site"
