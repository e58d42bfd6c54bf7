"""What is said where a letter is not taken, or was not filed."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from bulletin.domain.inbox.refusals import Parking, Why

from .marks import N_, Sentence

SENTENCES: Mapping[enum.Enum, Sentence] = {
    Why.NO_TOKEN: N_("Sign in on this phone: what waits in it goes out then."),
    Why.TOO_LONG: N_("This is too long to be sent so: at most %(kb)s kB."),
    Why.FULL: N_("Much waits there already. It goes out when somebody has opened the notebook."),
    Parking.UNOPENED: N_("No key is left that opens it: it waited in a phone for too long, or was changed on the way."),
    Parking.UNKNOWN: N_("A newer version of the notebook has written it."),
    Parking.UNPROVEN: N_("It does not show who wrote it."),
    Parking.SIGNED_OUT: N_("The phone it was written on is signed out: it does not show any more who wrote it."),
    Parking.GONE: N_("Who wrote it is no member any more, or is locked out."),
    Parking.OTHER_WORDS: N_("The same was saved before, with other words."),
    Parking.REFUSED: N_("It could not be saved as it is: look at the name, the day and the length."),
}
