"""What is said where members and invitations are refused."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from bulletin.domain.site.refusals import Why

from .marks import N_, Sentence

SENTENCES: Mapping[enum.Enum, Sentence] = {
    Why.LEAVE_YOURSELF: N_("To go yourself, leave the site."),
    Why.ONLY_TWO: N_("In a site of two nobody can remove the other: leave, or found a site anew."),
    Why.ASKED_ALREADY: N_("Somebody has asked for this already."),
    Why.NOBODY_ASKS: N_("Nobody is asking for this now."),
    Why.NOT_BY_YOURSELF: N_("Another member has to second this."),
    Why.HERE_TOO_SHORT: N_("You can second this when you have been here for seven days."),
    Why.ASKER_TAKES_BACK: N_("Whoever asked for this has to take it back."),
    Why.ANOTHERS_FORM: N_("Open the page again, and ask there."),
    Why.IN_ALREADY: N_("You are in this site already, or have just been removed from it."),
}
