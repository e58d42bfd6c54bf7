"""Why something about papers is not allowed, as codes; their sentences stand in bulletin/sentences/."""

from __future__ import annotations

import enum


class Why(enum.Enum):
    """Why something about bulletins, their approval, printing and hand-outs is not allowed."""

    PROPOSED_ALREADY = "proposed already"
    NOT_TO_TAKE_BACK = "not to take back"
    STILL_WRITTEN = "still written"
    CHANGED_BEFORE_PROPOSED = "changed before proposed"  # while somebody read it
    CHANGED_BEFORE_SPOKEN = "changed before spoken"  # while somebody read it
    OBJECTION_NEEDED = "objection needed"
    TEXT_TOO_LONG = "text too long"
    ANOTHER_KIND = "another kind"  # of piece is no correction
    ANOTHER_HEADER = "another header"  # headline, masthead, date, place, address or imprint is no correction
    CORRECTION_GONE = "correction gone"
    CORRECTION_ANOTHERS = "correction anothers"
    TOO_MANY_WORDS = "too many words"  # for a correction
    SAY_WHETHER = "say whether"  # it is a correction
    NOTHING_AGREED = "nothing agreed"
    NOT_AGREED = "not agreed"  # these words
    ARTICLES_FULL = "articles full"
    ARTICLE_TOO_LONG = "article too long"
    ANOTHERS_FORM = "anothers form"  # another bulletin has used its id
    PICTURES_USED_UP = "pictures used up"  # those taken out counted
    PICTURES_FULL = "pictures full"
    COPIES_NEEDED = "copies needed"  # or fewer
    PRINTED_OFTEN = "printed often"
    PLACE_NEEDED = "place needed"  # or a shorter one
    ENDS_TOO_EARLY = "ends too early"  # a hand-out
    LASTS_TOO_LONG = "lasts too long"  # a hand-out
    A_YEAR_AWAY = "a year away"  # a hand-out
    A_YEAR_AGO = "a year ago"  # a hand-out
    HAND_OUT_OVER = "hand out over"
    TICKETS_FULL = "tickets full"
    NOT_PRINTED = "not printed"  # yet, so there is no sheet to give a ticket for
