"""Asked to: who does something for all sites, as long as a third of them says so, and no longer."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterable
from math import ceil

from bulletin.db import db
from bulletin.domain.site.accounts.members import Member, Membership

from .answers import Answer
from .matters import Kind, Matter

LEAST = 2


@dataclasses.dataclass(frozen=True)
class Mandate:
    """A task, and whether it stands. Nothing is kept of it: with its yes, its day or its member gone, so is it."""

    matter: Matter
    yes: int

    @property
    def stands(self) -> bool:
        """Does a third say yes, today, and is whoever was asked still in the site that put it?"""
        return self.matter.is_open and self.yes >= self.matter.needs and self._is_there()

    def _is_there(self) -> bool:
        member = db.session.get(Member, uuid.UUID(self.matter.said.member))
        place = Membership.of(member, self.matter.site_id) if member is not None else None
        return place is not None and not place.locked


def needed(sites: int) -> int:
    """How many sites it takes, of so many that are in when it is put."""
    return max(LEAST, ceil(sites / 3))


def mandates(matters: Iterable[Matter]) -> list[Mandate]:
    """Those that stand, the newest first."""
    asked = [one for one in matters if one.kind == Kind.ASKED]
    answers = Answer.to(asked)
    every = (Mandate(one, sum(answer.yes for answer in answers.get(one.id, ()))) for one in asked)
    return [one for one in every if one.stands]
