"""What is said of papers and their pieces."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from bulletin.domain.papers.bulletins import State
from bulletin.press.parts import TEXT

STATES = {
    State.DRAFT: _l("being written"),
    State.PROPOSED: _l("proposed"),
    State.AGREED: _l("agreed"),
    State.PRINTED: _l("printed"),
}
PIECES = {  # what a piece is called where somebody adds one
    TEXT: _l("Opening text"),
    "article": _l("Article"),
    "editorial": _l("Editorial"),
    "echo": _l("Story: a few lines from the floor"),
    "demands": _l("Demands"),
    "notice": _l("Notice: when and where"),
    "quote": _l("What somebody said"),
    "box": _l("Last box: how to answer"),
}
CHANGES = {
    "correction": _l(
        "I correct a slip: a few letters, figures or words. It stays as agreed until another of you says yes to it."
    ),
    "words": _l("I change what it says. Everybody is asked again."),
}
AGREED = {
    "yes": _l("Yes, everybody who can be recognised"),
    "nobody": _l("Nobody can be recognised"),
    "no": _l("Not yet"),
}
SIDES = {"1": _l("On side 1"), "2": _l("On side 2")}
