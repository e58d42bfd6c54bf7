"""Paper: how full a bulletin's sides were when they were last measured, and the sheets that were printed."""

from __future__ import annotations

import base64
import dataclasses
import uuid
from datetime import datetime
from typing import Any, Self

from sqlalchemy import select
from sqlalchemy.orm import defer

from bulletin.db import db, now
from bulletin.domain.site.refusals import NotAllowed
from bulletin.vault import kinds
from bulletin.vault.sealed import Sealed, sealed, stored
from bulletin.vault.shapes import N_, Shape, choice, count, field, moment, plain_text, shape

from .articles import forget_versions
from .bulletins import PAPERS, Bulletin, OfBulletin, State
from .refusals import Why
from .written import Written

COPIES_MAX = 100_000
RUNS_MAX = 60  # of one bulletin
_values = kinds.plain("values", lambda value: value is None or isinstance(value, dict), None)
_number = kinds.plain("number", lambda value: type(value) in (int, float), 0.0)


@dataclasses.dataclass(frozen=True)
class Measure:
    """What the press said of certain words. `problem` is empty where they fit; `line` is where in the manuscript it is.

    A problem is a code, and `values` what its sentence names, both as the press writes them down; older releases kept
    their sentence as the problem, and no values.
    `fullness`: of each side, 1.0 is full; `setting`: what the press chose, as the web writes it.
    """

    digest: str
    setting: str = ""
    fullness: tuple[float, ...] = ()
    size_pt: float = 0.0
    problem: str = ""
    values: dict[str, Any] | None = None
    line: int | None = None


@shape
class Measured(Shape):
    """What the press measured, as a Measure has it, on which paper."""

    paper: str = plain_text()
    digest: str = plain_text()
    setting: str = plain_text()
    fullness: tuple[float, ...] = field(kinds.several(_number))
    size_pt: float = field(_number)
    problem: str = plain_text()
    values: dict[str, Any] | None = field(_values)
    line: int | None = count(unknown=True)


class Proof(OfBulletin):
    """The last look the press had at a bulletin, on one paper: what it measured, and the sheet if there is one."""

    __tablename__ = "proof"

    measured: Sealed[Measured] = sealed(Measured)
    pdf: Sealed[str] = sealed(kinds.plain_text())

    @classmethod
    def of(cls, bulletin: Bulletin, paper: str) -> Self | None:
        """The last proof on this paper; its sheet stays where it is until it is asked for."""
        found = db.session.scalars(cls.rows_of(bulletin).options(defer(stored(cls, "pdf"))))
        return next((proof for proof in found if proof.measured.paper == paper), None)

    @classmethod
    def keep(cls, bulletin: Bulletin, paper: str, measure: Measure, pdf: bytes) -> Self:
        """Keep what the press has just said, in the place of what it said before."""
        proof = cls.of(bulletin, paper) or cls(site_id=bulletin.site_id, bulletin_id=bulletin.id)
        proof.measured = Measured(paper=paper, **dataclasses.asdict(measure))
        proof.pdf = base64.b64encode(pdf).decode()
        db.session.add(proof)
        return proof

    @property
    def measure(self) -> Measure:
        """What was measured."""
        told = self.measured
        return Measure(told.digest, told.setting, told.fullness, told.size_pt, told.problem, told.values, told.line)

    @property
    def sheet(self) -> bytes:
        """The PDF; empty where the words did not fit."""
        return base64.b64decode(self.pdf)


@shape
class About(Shape):
    """What was printed: the digest of its words, on which paper, and how often; 0 where nobody said."""

    paper: str = choice(N_("Paper"), PAPERS, default="")
    copies: int = count(N_("Copies"))
    by: str = plain_text(N_("Printed by"))
    at: str = moment(of="by")
    digest: str = plain_text()


class Printing(OfBulletin):
    """A print run: its own bytes, so that a reprint is the same sheet."""

    __tablename__ = "printing"

    about: Sealed[About] = sealed(About)
    pdf: Sealed[str] = sealed(kinds.plain_text())

    @classmethod
    def make(
        cls,
        bulletin: Bulletin,
        written: Written,
        paper: str,
        pdf: bytes,
        *,
        of: str,
        by: str,
        copies: int = 0,
        form_id: uuid.UUID | None = None,
    ) -> Self:
        """Print what is agreed; the bulletin is printed from here on. Raises NotAllowed for any other words.

        `of`: the digest of the words that this very PDF shows; it was made while others may have gone on writing.
        """
        if written.digest != bulletin.agreed_digest or of != written.digest:
            raise NotAllowed(Why.NOT_AGREED)
        if not 0 <= copies <= COPIES_MAX:
            raise NotAllowed(Why.COPIES_NEEDED, most=COPIES_MAX)
        known = cls.sent_before(bulletin, form_id)
        if known is not None:
            return known
        if cls.count_of(bulletin) >= RUNS_MAX:
            raise NotAllowed(Why.PRINTED_OFTEN)
        about = About(paper=paper, copies=copies, by=by, at=now().isoformat(), digest=written.digest)
        printing = cls(
            site_id=bulletin.site_id,
            id=form_id,
            bulletin_id=bulletin.id,
            about=about,
            pdf=base64.b64encode(pdf).decode(),
        )
        db.session.add(printing)
        bulletin.state = State.PRINTED.value
        bulletin.touch()
        forget_versions(bulletin)
        return printing

    @classmethod
    def all_of(cls, bulletin: Bulletin) -> list[Self]:
        """The print runs of a bulletin, the latest first; their sheets stay where they are until one is asked for."""
        mine = cls.rows_of(bulletin)
        runs = db.session.scalars(mine.options(defer(stored(cls, "pdf"))))
        return sorted(runs, key=lambda run: run.about.at, reverse=True)

    @classmethod
    def of(cls, bulletin: Bulletin, printing_id: uuid.UUID) -> Self | None:
        """One print run of a bulletin."""
        mine = cls.rows_of(bulletin).filter_by(id=printing_id)
        return db.session.scalars(mine).first()

    @classmethod
    def printed_at(cls, site_id: uuid.UUID) -> set[uuid.UUID]:
        """Which of a site's bulletins have been printed."""
        return set(db.session.scalars(select(cls.bulletin_id).filter_by(site_id=site_id)))

    def of_words(self, digest: str) -> bool:
        """Does it say these words, or is it out of date?"""
        return self.about.digest == digest

    @property
    def paper(self) -> str:
        """The size of its paper."""
        return self.about.paper

    @property
    def copies(self) -> int:
        """How many were printed; 0 where nobody said."""
        return self.about.copies

    @property
    def by(self) -> str:
        """The handle of who fetched it."""
        return self.about.by

    @property
    def at(self) -> datetime:
        """When."""
        return datetime.fromisoformat(self.about.at)

    @property
    def sheet(self) -> bytes:
        """The PDF."""
        return base64.b64decode(self.pdf)
