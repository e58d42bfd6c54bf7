"""What is said of a database that cannot be used."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from bulletin.db import Unusable

from .marks import N_, Sentence

SENTENCES: Mapping[enum.Enum, Sentence] = {
    Unusable.ADDRESS: N_(
        "Set DATABASE_URL to sqlite:///file.db or postgresql://user:password@host/name, or leave it out."
    ),
    Unusable.UNVERIFIED: N_(
        "The database of DATABASE_URL is on another machine: add ?sslmode=verify-full and sslrootcert to it, or what is"
        " asked of it can be read, and answered, by others on the way."
    ),
    Unusable.FOLDER: N_("The folder of this installation, INSTANCE, cannot be made: %(reason)s."),
    Unusable.NEWER: N_("This database was made by a newer Bulletin: update this one first."),
}
