"""What is said where a command that keeps an installation does not go on."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from bulletin.upkeep import Why

from .marks import N_, Sentence

SENTENCES: Mapping[enum.Enum, Sentence] = {
    Why.DISK_FULL: N_("The disk is full: make room, then do this again."),
    Why.NO_ANSWER: N_("The database does not answer (%(error)s): see bulletin check."),
    Why.UNREADABLE: N_("%(file)s cannot be read or written: %(reason)s."),
    Why.SOMETHING_UNREADABLE: N_("It cannot be read or written: %(reason)s."),
    Why.NOT_SEALED: N_("%(file)s is not such a file, or not all of it."),
    Why.NOBODY_ASKED: N_("Nobody is there to be asked: if that is what you want, add --yes. Nothing was touched."),
    Why.NOT_AGREED: N_("Nothing was touched."),
    Why.WRONG_WORDS: N_("These words do not open this file: look at the paper it was sealed with."),
}
