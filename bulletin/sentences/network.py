"""What is said where something is not told, or not taken up."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from bulletin.domain.network.refusals import Why

from .marks import N_, Sentence

SENTENCES: Mapping[enum.Enum, Sentence] = {
    Why.NOT_PRINTED: N_("Print it first, as it is agreed: what is told is that very sheet."),
    Why.NOT_OVER: N_("Only what is over is told, and no strength test: note first what came of it."),
    Why.MUCH_TODAY: N_("Your site has told %(most)s things today: tell the next one tomorrow."),
    Why.NOTHING_SAID: N_("Say what came of it."),
    Why.NOTHING_ASKED: N_("Say in a sentence what you need, or have."),
    Why.TEXT_TOO_LONG: N_("Say it in at most %(most)s letters."),
    Why.NO_SUCH_PIECE: N_("This piece is not in that paper any more: open the paper again."),
    Why.WEEK_TOLD: N_("%(by)s has told this week already. To say it otherwise, take it back first."),
    Why.WEEK_EMPTY: N_("Tick something, or say a sentence. Not sending your week is fine, too."),
}
