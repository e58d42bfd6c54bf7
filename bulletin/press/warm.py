"""What the press's server imports once: WeasyPrint, and a throw-away sheet of each kind.

Jobs are forked from that server, so they find every import done and every cache filled.
"""

from __future__ import annotations

from . import fitting
from .kinds import KINDS
from .manuscript import read

for _kind in KINDS:
    fitting.press(
        read(f"---\nkind: {_kind}\nheadline: Warm\nreply: https://example.org/\n---\nText, **bold**, *both*."),
        "a4",
        fit=False,
    )
