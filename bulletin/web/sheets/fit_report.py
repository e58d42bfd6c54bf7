"""How a sheet came out of the press: in a sentence, and in a field, so that the next look begins from it."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence

from flask_babel import format_decimal, format_percent, gettext as _

from bulletin.press.jobs import Sheet
from bulletin.press.kinds import Kind
from bulletin.press.typesetting import Setting

FIELD = re.compile(r"(\d\d?\.\d\d) ([12]) (-|\d{1,3}\.\d\d) (\d{1,3}\.\d\d) (\d)", re.ASCII)

EMPTY_BELOW = 0.5  # of a side
FILLING = ("poster", "meeting")  # kinds whose letters grow until the sheet is full

# Held while a sheet is measured that nobody asked for by hand: people who ask go first.
unasked = threading.Lock()


def sentence(sheet: Sheet) -> str:
    """How full each side is, and how large the letters are."""
    first, *others = (format_percent(min(full, 1.0), "#,##0 %") for full in sheet.fullness)
    size = format_decimal(sheet.size_pt)
    if others:
        return _(
            "Fits: side 1 is %(first)s full, side 2 %(second)s. Letters of %(size)s pt.",
            first=first,
            second=others[0],
            size=size,
        )
    return _("Fits on one side: %(first)s full. Letters of %(size)s pt.", first=first, size=size)


def mostly_empty(fullness: Sequence[float], kind: str) -> str:
    """What fits so few words better, where they leave most of a sheet empty; empty where they do not."""
    if len(fullness) != 1 or fullness[0] >= EMPTY_BELOW or kind in FILLING:
        return ""
    return _("Most of it stays empty: as a poster, or as a call to a meeting, so few words are printed larger.")


def written(setting: Setting) -> str:
    """A setting as the value of a field."""
    headline = "-" if setting.headline_mm is None else f"{setting.headline_mm:.2f}"
    return f"{setting.size_pt:.2f} {setting.sides or 1} {headline} {setting.backhead_mm:.2f} {setting.slip_lines}"


def read(field: str | None, kind: Kind) -> Setting | None:
    """The setting in a field; None where it is none that the press would choose for this kind."""
    found = FIELD.fullmatch(field or "")
    if not found:
        return None
    size, sides = float(found[1]), int(found[2])
    if not kind.size_min_pt <= size <= kind.size_max_pt or size * 4 % 1 or sides > kind.sides_max:
        return None
    return Setting(
        size_pt=size,
        sides=sides,
        headline_mm=None if found[3] == "-" else min(float(found[3]), 120.0),
        backhead_mm=min(float(found[4]), 120.0),
        slip_lines=int(found[5]),
    )
