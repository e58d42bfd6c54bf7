"""What the press's server imports once: WeasyPrint, and a throw-away sheet of each kind.

Jobs are forked from that server, so they find every import done and every cache filled.
"""

from __future__ import annotations

import contextlib

from . import fitting
from .kinds import KINDS
from .manuscript import read

# The samples, because they are of real length: what hyphenates, dates and embeds is warm too.
for _kind in KINDS.values():
    with contextlib.suppress(fitting.TooLong):
        fitting.press(read(_kind.sample), "a4", fit=False)
