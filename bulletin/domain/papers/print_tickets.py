"""Print tickets: a short address that gives the PDF of one agreed bulletin, nothing else, until its hand-out ends."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Self

from sqlalchemy import ForeignKey, LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from bulletin.db import Record, db, now
from bulletin.domain.site.refusals import NotAllowed
from bulletin.vault import keys, words

from .distributions import Distribution, Ticket
from .printings import Printing
from .refusals import Why

OPEN_MAX = 10  # for one hand-out


class PrintTicket(Record):
    """A copy of one sheet, under a key that is made from the letters; the letters are not here.

    In the clear, because strangers ask for it without any key: which site's it is, and on which day (UTC) it ends. The
    moment opens with the letters.
    """

    __tablename__ = "print_ticket"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("site.id"), index=True)
    distribution_id: Mapped[uuid.UUID] = mapped_column(index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    ends_on: Mapped[date] = mapped_column()
    end_moment: Mapped[bytes | None] = mapped_column(LargeBinary)  # empty where a release before wrote the row
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)

    @classmethod
    def issue(cls, printing: Printing, handed_out: Distribution, *, by: str) -> str:
        """A ticket for one sheet until one hand-out ends; its letters. Members find them with the hand-out."""
        if handed_out.over:
            raise NotAllowed(Why.HAND_OUT_OVER)
        if len(handed_out.tickets) >= OPEN_MAX:
            raise NotAllowed(Why.TICKETS_FULL)
        secret = words.new_ticket_secret()
        ticket_id = uuid.uuid4()
        ticket = cls(
            id=ticket_id,
            site_id=handed_out.site_id,
            distribution_id=handed_out.id,
            digest=keys.digest(secret),
            wrapped=keys.wrap(secret, printing.sheet, _context(ticket_id)),
        )
        ticket._ends(handed_out.end, secret)
        db.session.add(ticket)
        letters = words.ticket_text(secret)
        told = Ticket(id=str(ticket_id), letters=letters, by=by, paper=printing.paper)
        handed_out.tickets = (*handed_out.tickets, told)
        return letters

    @classmethod
    def renew(cls, printing: Printing, coming: Iterable[Distribution]) -> None:
        """A corrected sheet takes the place of the one before behind the letters that were given out."""
        for handed_out in coming:
            for ticket, told, secret in cls._known(handed_out):
                if told.paper == printing.paper:
                    ticket.wrapped = keys.wrap(secret, printing.sheet, _context(ticket.id))

    @classmethod
    def sheet_for(cls, letters: str) -> bytes | None:
        """The PDF that these letters open; None for letters that open none, or none any more."""
        secret = words.from_ticket_text(letters)
        if secret is None:
            return None
        ticket = db.session.scalars(select(cls).filter_by(digest=keys.digest(secret))).first()
        if ticket is None or ticket._over(secret):
            return None
        return keys.unwrap(secret, ticket.wrapped, _context(ticket.id))

    @classmethod
    def end(cls, handed_out: Distribution, ticket_id: uuid.UUID) -> None:
        """Take one back."""
        for ticket in cls._for(handed_out):
            if ticket.id == ticket_id:
                db.session.delete(ticket)
        handed_out.tickets = tuple(one for one in handed_out.tickets if one.id != str(ticket_id))

    @classmethod
    def end_all(cls, handed_out: Distribution) -> None:
        """Take all of a hand-out's back."""
        for ticket in cls._for(handed_out):
            db.session.delete(ticket)
        handed_out.tickets = ()

    @classmethod
    def follow(cls, handed_out: Distribution) -> None:
        """They end when their hand-out does: after it was given another time."""
        for ticket, _, secret in cls._known(handed_out):
            ticket._ends(handed_out.end, secret)

    @classmethod
    def sweep(cls) -> None:
        """Delete those whose hand-out ended on a day before. Needs no key: any request may do it."""
        for ticket in db.session.scalars(select(cls).where(cls.ends_on < now().date())):
            db.session.delete(ticket)

    def _ends(self, at: datetime, secret: bytes) -> None:
        self.ends_on = at.astimezone(UTC).date()
        self.end_moment = keys.wrap(secret, at.isoformat().encode(), _context(self.id, "end"))

    def _over(self, secret: bytes) -> bool:
        if self.end_moment is None:
            return self.ends_on < now().date()
        return datetime.fromisoformat(keys.unwrap(secret, self.end_moment, _context(self.id, "end")).decode()) <= now()

    @classmethod
    def _known(cls, handed_out: Distribution) -> Iterator[tuple[Self, Ticket, bytes]]:
        """Those of a hand-out with what members know of them, and the secret in their letters."""
        known = {uuid.UUID(one.id): one for one in handed_out.tickets}
        for ticket in cls._for(handed_out):
            told = known.get(ticket.id)
            if told and (secret := words.from_ticket_text(told.letters)):
                yield ticket, told, secret

    @classmethod
    def _for(cls, handed_out: Distribution) -> list[Self]:
        mine = select(cls).filter_by(site_id=handed_out.site_id, distribution_id=handed_out.id)
        return list(db.session.scalars(mine))


def _context(ticket_id: uuid.UUID, *what: str) -> bytes:
    return keys.context("print ticket", ticket_id, *what)
