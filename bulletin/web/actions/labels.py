"""What is said of actions, and of the days of a site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from bulletin.domain.actions.actions import Motion
from bulletin.domain.actions.calendar import Kind

KIND_NAMES = {Kind.ACTION: _l("What we do"), Kind.HAND_OUT: _l("Hand-outs"), Kind.STEP: _l("Steps of the plan")}
MOTIONS: Mapping[Motion, Any] = {
    Motion.PASSED: _l("It passed"),
    Motion.LOST: _l("It was lost"),
    Motion.OPEN: _l("Not decided yet"),
}
