"""What is said where files to take along are refused, and in them."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from bulletin.domain.portability.refusals import Page, Why, Word

from .marks import N_, Sentence

SENTENCES: Mapping[enum.Enum, Sentence] = {
    Why.NOBODY_AGREED: N_("Everybody has to be asked first, and enough of you have to say yes."),
    Why.TOO_BIG: N_("This would be more than the %(mb)s MB that are taken in elsewhere, so no file was made."),
    Why.WOULD_NOT_ARRIVE: N_(
        "This would arrive nowhere, so no file was made. Put right what is unusual there: %(page)s."
    ),
    Why.NOT_ALONE: N_("Bring it in before you invite others: then nobody can say it was done behind their back."),
    Why.NOT_EMPTY: N_(
        "There is something in this group already: start another one, and bring the file in there first."
    ),
    Why.NOT_OURS: N_("This is not a file of ours, or not all of it: take another copy of it."),
    Why.MADE_BY_NEWER: N_("This file was made by a newer Bulletin: have this one updated first."),
    Why.NOT_SOUND: N_("Something in this file is not as it should be, so nothing of it was taken in."),
    Why.TOO_MANY_ROWS: N_("There are more than %(most)s rows in this file, and none of ours takes in so many."),
    Why.TOO_MANY_PEOPLE: N_("There are more than %(most)s people in this file, and no group may have so many."),
    Page.CONTACT: N_("somebody in the list of people (a very long text, or a day that cannot be)"),
    Page.CONVERSATION: N_("a talk (a day that cannot be, or very many corrections)"),
    Page.FOLLOW_UP: N_("something that is due (a day that cannot be)"),
    Page.ACTION: N_("an action (a day that cannot be, or a very long text)"),
    Page.TURNOUT: N_("who came to an action"),
    Page.STEP: N_("a step of the plan (a day that cannot be)"),
    Page.DEPARTMENT: N_("a department on the map"),
    Page.SHIFT: N_("a shift on the map (its times)"),
    Page.EVENT: N_("what happened here"),
    Page.PAPER: N_("a paper"),
    Word.YES: N_("yes"),
    Word.NO: N_("no"),
    Word.MONDAY: N_("Mon"),
    Word.TUESDAY: N_("Tue"),
    Word.WEDNESDAY: N_("Wed"),
    Word.THURSDAY: N_("Thu"),
    Word.FRIDAY: N_("Fri"),
    Word.SATURDAY: N_("Sat"),
    Word.SUNDAY: N_("Sun"),
    Word.ORGANISES: N_("organises"),
    Word.WITH_US: N_("with us"),
    Word.UNDECIDED: N_("undecided"),
    Word.AGAINST: N_("against"),
    Word.CAREFUL: N_("be careful with them"),
    Word.STAND: N_("where they stand"),
    Word.STOOD: N_("where they stood"),
    Word.DEPARTMENT: N_("department"),
    Word.SHIFT: N_("shift"),
    Word.DAY: N_("day"),
    Word.WITH: N_("with"),
    Word.CAME_UP: N_("what came up"),
    Word.NOTE: N_("note"),
    Word.ASK: N_("ask"),
    Word.COMMITMENT: N_("commitment"),
    Word.NOTED_BY: N_("noted by"),
    Word.WITHDRAWN: N_("withdrawn"),
    Word.REASON: N_("why"),
    Word.WHOSE: N_("whose"),
    Word.DONE_ON: N_("done on"),
    Word.OUTCOME: N_("outcome: %(field)s"),
    Word.LESSON: N_("lesson: %(field)s"),
    Word.ACTION: N_("action"),
    Word.WHO: N_("who"),
    Word.ASKED: N_("asked"),
    Word.COMMITTED: N_("committed"),
    Word.CAME: N_("came, or signed"),
    Word.NAMES_NOT_KEPT: N_("(names are not kept)"),
    Word.PEOPLE: N_("people"),
    Word.DAYS: N_("days"),
    Word.START: N_("start"),
    Word.END: N_("end"),
    Word.LANGUAGE: N_("language"),
    Word.README: N_(
        """All that one group had, and nobody else's to read.

rows/        every row, a line of JSON each: this is what another Bulletin brings in
site.json    what kind of place it is, and how many rows there are
papers/      each bulletin: its text, its pictures, its sheets as they were printed
*.csv        people, talks, follow-ups, actions, turnout, steps, departments, shifts, for reading

Another Bulletin: start a group there, then "Bring in" on its page "Take along", with the sealed file and the six words.
Without an installation: "bulletin open site.sealed" opens the sealed file by its six words, and leaves this folder.

There, a paper that was printed stays printed. Any other arrives as a draft, and is agreed to anew.
Not in it: keys, accounts, invitations, short addresses, print proofs. Of what happened, only the latest.%(missing)s
Whoever has this holds what people said in confidence. Keep it sealed; delete it when it has arrived.
"""
    ),
    Word.OWN_README: N_(
        """What one member wrote in a group: theirs, and nobody else's to read.

talks.csv        the talks you noted, as you noted them
follow-ups.csv   what you planned
actions.csv      what you proposed; of what was changed since, only its kind and its time
pieces/          the pieces of papers that you wrote last

What others wrote is not in it, also about the same people. The tables open in any program for tables.
Whoever has this reads what people said in confidence. Delete it when you need it no more.
"""
    ),
    Word.MISSING: N_(
        "\nThe oldest sheets did not fit, and were left out with their print runs: %(count)s. Their texts are here."
    ),
}
