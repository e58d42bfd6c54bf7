"""What is said where something is not told, or not taken up."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from bulletin.domain.network.refusals import Why

from .marks import N_, Sentence

SENTENCES: Mapping[enum.Enum, Sentence] = {
    Why.NOT_PRINTED: N_("Print it first, as it is agreed: what is told is that very sheet."),
    Why.NOT_OVER: N_("Only what is over is told, and no strength test: note first what came of it."),
    Why.MUCH_TODAY: N_("Your group has told %(most)s things today: tell the next one tomorrow."),
    Why.NOTHING_SAID: N_("Say what came of it."),
    Why.NOTHING_ASKED: N_("Say in a sentence what you need, or have."),
    Why.TEXT_TOO_LONG: N_("Say it in at most %(most)s letters."),
    Why.WORDS_MISSING: N_("Say it in a few words."),
    Why.NOT_WAITING: N_("This does not wait for your word any more: look at how it stands."),
    Why.AGREED_TO: N_(
        "Some of you have said yes to other words, which wait for the rest of you: say no to those first, or wait."
    ),
    Why.OVER: N_("This cannot be answered any more."),
    Why.NOT_SAID: N_("Your group has said nothing here that could be taken back."),
    Why.NOT_JOINED: N_("This is asked of those who joined, from the day after the last until thirty days later."),
    Why.ABOUT_YOU: N_("This is about your own group: it is the others who are asked."),
    Why.IN_ALREADY: N_("Your group is in already."),
    Why.NOT_IN: N_("Your group is not in the network now."),
    Why.NOT_LONG_IN: N_("Once eight groups are in, a group can say whom it knows thirty days after it came in."),
    Why.KNOWS_MANY: N_("Your group has said “We know them” %(most)s times in thirty days: wait a little."),
    Why.MUCH_OPEN: N_("Your group asks the others %(most)s things already: wait for one to end, or take one back."),
    Why.PUT_OUT: N_("The others have put your group out. It can ask again from %(until)s on."),
    Why.ASKS_ALREADY: N_("Your group has asked already."),
    Why.NO_DAY: N_("Choose a day from today on, within a year; the last day is not before the first."),
    Why.NO_SUCH_PAPER: N_("This paper is not told to the others any more: choose another, or none."),
    Why.NO_SUCH_MEMBER: N_("Choose somebody of your group who decides in it."),
    Why.NOT_ASKED: N_("Nobody comes by this: a third of the groups must say yes first, and its day must not be over."),
    Why.NO_SUCH_SITE: N_("This group is not in the network any more."),
    Why.NO_SUCH_PIECE: N_("This piece is not in that paper any more: open the paper again."),
    Why.WEEK_TOLD: N_("%(by)s has told this week already. To say it otherwise, take it back first."),
    Why.WEEK_EMPTY: N_("Tick something, or say a sentence. Not sending your week is fine, too."),
}
