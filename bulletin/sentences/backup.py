"""What is said where a backup is made or brought back."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from bulletin.backup import Done, Many, Why

from .marks import N_, Sentence, plural

SENTENCES: Mapping[enum.Enum, Sentence] = {
    Why.NOTHING_YET: N_("There is nothing to back up yet."),
    Why.WAITS_FOR_UPDATE: N_(
        "The database waits for an update of its tables: start Bulletin once, then do this again."
    ),
    Why.UNKNOWN_TABLES: N_(
        "The database has tables that this Bulletin does not know (%(names)s): give it one of its own."
    ),
    Why.LACKING_TABLES: N_(
        "The database lacks tables that it should have (%(names)s): restore a backup into an empty one."
    ),
    Why.LARGE_ROW: N_("A row of the table %(table)s is too large to be read from a backup again."),
    Why.RECIPIENT: N_("%(file)s holds no key: make keys anew with bulletin backup --new-key."),
    Why.NO_RECIPIENT: N_("There is no key to seal a backup to: make one with bulletin backup --new-key."),
    Why.NO_KEY: N_(
        "%(file)s holds no key: it needs the line that begins with %(begins)s as it was given out, unchanged."
    ),
    Why.OTHER_KEY: N_("%(file)s does not open with this key: it was sealed to another one."),
    Why.NO_MAKER: N_(
        "Nothing shows who made %(file)s: the file with the key lacks the line that begins with %(begins)s. If it never"
        " left your hands, add --unsigned."
    ),
    Why.OTHER_MAKER: N_(
        "%(file)s is not signed by the installation that this key belongs to: somebody else made it, or it is damaged."
    ),
    Why.UNSIGNED: N_(
        "%(file)s is not signed: anybody who knows your recipient may have made it, and who made it decides who gets"
        " in here. If it is of a release that did not sign, and never left your hands, add --unsigned."
    ),
    Why.NO_BACKUP: N_("%(file)s is not a backup."),
    Why.NOT_OURS: N_("%(file)s is not one of our backups, or not whole: take another copy of it."),
    Why.NOT_WHOLE: N_("%(file)s is not whole: take another copy of it."),
    Why.DAMAGED: N_("%(file)s is damaged or cut off: take another copy of it."),
    Why.NEWER: N_("This backup was made by a newer Bulletin: update this one first."),
    Why.WITHOUT_TABLES: N_("This backup was made without some of the tables (%(names)s)."),
    Why.WRONG_ROWS: N_("This backup does not hold together: rows in it are not as they should be."),
    Why.LOOSE_ROWS: N_("This backup does not hold together: rows in it point to others that are not there."),
    Why.NETWORK_HERE: N_("There is a network in this database already. To put the backup in its place, add --replace."),
    Why.NO_LOG: N_("%(file)s is not a log of departures."),
    Why.UNSIGNED_LOG: N_(
        "%(file)s is not signed: whoever wrote it decides what is taken away from the backup. If it is of a release"
        " that did not sign, and never left your hands, add --unsigned."
    ),
    Why.GONE_MEANWHILE: N_("Somebody left, was forgotten or was locked out at this moment: do this once more."),
    Done.BACKED_UP: N_("%(file)s: all of %(sites)s and %(members)s, sealed to your key."),
    Done.KEEP_APART: N_("Keep it on another machine, and the key on neither."),
    Done.NOT_SIGNED: N_(
        "Nothing in it shows that it was made here: make keys anew with bulletin backup --new-key, and it is signed."
    ),
    Done.HOLDS: N_("%(file)s was made on %(moment)s: %(sites)s, %(members)s."),
    Done.UNPROVEN: N_("Nothing shows who made it. Whoever did decides who gets in here."),
    Done.REPLACES: N_("It takes the place of %(sites)s and %(members)s, with all that was written since."),
    Done.GOES_BY_LOG: N_("Of that, gone by the log that was given: %(things)s."),
    Done.RESTORED: N_("Everything is as it was on %(moment)s: %(sites)s, %(members)s."),
    Done.GONE_AGAIN: N_("Gone again, because they had gone since: %(things)s."),
    Done.FORGOTTEN_AGAIN: plural(
        "%(count)s contact stays forgotten, with all that was noted of them.",
        "%(count)s contacts stay forgotten, with all that was noted of them.",
        by="count",
    ),
    Done.HIDDEN_AGAIN: plural(
        "%(count)s contact is hidden, to be forgotten in a week unless a member stops it.",
        "%(count)s contacts are hidden, to be forgotten in a week unless a member stops it.",
        by="count",
    ),
    Done.LEFT_AWAY: N_("Not brought back, because all who could open it then have gone since: %(sites)s."),
    Done.LOCKED_AGAIN: N_("Locked out again, for two weeks at most: %(members)s."),
    Done.SIGNED_OUT: N_("Everybody is signed out, and invitations and print tickets that were open are void."),
    Done.NEW_KEYS: N_("Each group changes its key when one of its members next opens it."),
    Done.JOINED_SINCE: N_("Whoever joined after that moment is not in it, and has to be invited again."),
    Done.WITHOUT_LOG: N_(
        "No log of departures from after it was found: if somebody was removed since, remove them again now."
    ),
    Many.SITES: plural("%(count)s group", "%(count)s groups", by="count"),
    Many.MEMBERS: plural("%(count)s member", "%(count)s members", by="count"),
    Many.PLACES: plural("%(count)s place", "%(count)s places", by="count"),
    Many.ACCOUNTS: plural("%(count)s account", "%(count)s accounts", by="count"),
    Many.CONTACTS: plural("%(count)s contact", "%(count)s contacts", by="count"),
    Many.TOLD: plural("%(count)s thing that was told", "%(count)s things that were told", by="count"),
    Many.LISTED: N_("%(these)s, %(more)s"),
}
