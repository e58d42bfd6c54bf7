"""What members, invitations and founding refuse."""

from __future__ import annotations

import enum
from collections.abc import Mapping

from .marks import Sentence

SENTENCES: Mapping[enum.Enum, Sentence] = {}
