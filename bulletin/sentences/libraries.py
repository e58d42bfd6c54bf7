"""What is said where the press lacks libraries."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from bulletin.libraries import Lacking

from .marks import N_, Sentence

SENTENCES: Mapping[enum.Enum, Sentence] = {
    Lacking.COMMAND: N_("The press needs libraries that this machine lacks; get them with: %(command)s"),
    Lacking.INSTALLER: N_(
        "The press needs libraries that this machine lacks; get them with: your system's installer for the packages"
        " pango and harfbuzz"
    ),
}
