"""What a look at something found: how it stands, and what to do where that is not well."""

from __future__ import annotations

import dataclasses
import enum

from ..sentences import told as _
from ..sentences.marks import N_


class Severity(enum.StrEnum):
    """How something stands."""

    OK = N_("ok")
    LOOK = N_("look here")
    BROKEN = N_("broken")


@dataclasses.dataclass(frozen=True)
class Finding:
    """What was looked at, how it stands, and in a sentence what to do where that is not well."""

    what: str
    state: Severity
    sentence: str

    def __str__(self) -> str:
        return f"{_(self.state.value):<10} {self.what}: {self.sentence}"


Found = tuple[Severity, str]
