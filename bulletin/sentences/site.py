"""What is said where members and invitations are refused."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from bulletin.domain.site.accounts.refused_tries import Try
from bulletin.domain.site.refusals import Why

from .marks import N_, Sentence

SENTENCES: Mapping[enum.Enum, Sentence] = {
    # What was refused, for whoever runs the machine.
    Try.WRONG_WORDS: N_("wrong sign-in name or words: %(count)s"),
    Try.WRONG_PIN: N_("wrong six digits of a phone: %(count)s"),
    Try.TOO_SOON: N_("before a wait was over: %(count)s"),
    Try.CROWDED: N_("too many signing in at once: %(count)s"),
    Try.WRONG_CODE: N_("codes that open nothing: %(count)s"),
    Try.NO_PLACE: N_("groups that are not theirs: %(count)s"),
    Try.SIGNED_OUT: N_("forms of who was signed out: %(count)s"),
    Try.CROSS_SITE: N_("forms from other pages than ours: %(count)s"),
    Try.OTHER_NAME: N_("another name of this server, or no https: %(count)s"),
    Try.UNREADABLE: N_("requests that two could read differently: %(count)s"),
    Why.LEAVE_YOURSELF: N_("To go yourself, leave the group."),
    Why.NOT_HERE: N_("This person is not here any more, or is locked out."),
    Why.DOES_NOT_DECIDE: N_("You decide with the others when enough of them have met you."),
    Why.ABOUT_YOU: N_("This is about you: the others are asked."),
    Why.NOBODY_ASKS: N_("Nobody is asking for this now."),
    Why.NOT_BY_YOURSELF: N_("Another one of you has to say so."),
    Why.MANY_OPEN: N_("%(most)s of your invitations are not answered yet: take some back before you make another."),
    Why.THREE_UNDECIDED: N_(
        "You have brought %(most)s people who do not decide yet. Let the others meet them first, and then bring "
        "somebody else."
    ),
    Why.ASKS_ALREADY: N_("Something else that you asked is still open: wait for it, or take your answer back."),
    Why.ASKED_AND_LOST: N_("You asked, and it was lost: you can ask again %(until)s."),
    Why.NUMBER_TOO_HIGH: N_("Give a number from 1 to %(most)s: more than half of you, at most."),
    Why.REGISTER_BROKEN: N_(
        "The list of members was changed from outside, so nothing can be asked or given now. Tell the others, and have "
        "a backup from before brought back."
    ),
    Why.ANOTHERS_FORM: N_("Open the page again, and ask there."),
    Why.LOCKED_OUT_SOMEWHERE: N_(
        "You are locked out of one of your groups, or it does not know you. Your words can be changed when that is "
        "over: before, the group could not learn of your new key."
    ),
    Why.HANDLE_ALIKE: N_(
        "Somebody in this group has a sign-in name that looks like yours. Sign out, and join with another account."
    ),
    Why.IN_ALREADY: N_("You are in this group already, or have just been removed from it."),
}
