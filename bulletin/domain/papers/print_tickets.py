"""Print tickets: a short address that gives the PDF of one agreed bulletin, nothing else, until its hand-out ends."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Self

from sqlalchemy import ForeignKey, LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from bulletin.db import Moment, Record, db, now
from bulletin.domain.site.refusals import NotAllowed
from bulletin.vault import keys, words

from .distributions import Distribution, Ticket
from .printings import Printing
from .refusals import Why

OPEN_MAX = 10  # for one hand-out


class PrintTicket(Record):
    """A copy of one sheet, under a key that is made from the letters; the letters are not here.

    In the clear, because strangers ask for it without any key: which site's it is, and when it ends.
    """

    __tablename__ = "print_ticket"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("site.id"), index=True)
    distribution_id: Mapped[uuid.UUID] = mapped_column(index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    ends_at: Mapped[datetime] = mapped_column(Moment)
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
            ends_at=handed_out.end,
            wrapped=keys.wrap(secret, printing.sheet, _context(ticket_id)),
        )
        db.session.add(ticket)
        letters = words.ticket_text(secret)
        told = Ticket(id=str(ticket_id), letters=letters, by=by, paper=printing.paper)
        handed_out.tickets = (*handed_out.tickets, told)
        return letters

    @classmethod
    def renew(cls, printing: Printing, coming: Iterable[Distribution]) -> None:
        """A corrected sheet takes the place of the one before behind the letters that were given out."""
        for handed_out in coming:
            letters = {uuid.UUID(one.id): one for one in handed_out.tickets}
            for ticket in cls._for(handed_out):
                told = letters.get(ticket.id)
                secret = words.from_ticket_text(told.letters) if told else None
                if told and secret and told.paper == printing.paper:
                    ticket.wrapped = keys.wrap(secret, printing.sheet, _context(ticket.id))

    @classmethod
    def sheet_for(cls, letters: str) -> bytes | None:
        """The PDF that these letters open; None for letters that open none, or none any more."""
        secret = words.from_ticket_text(letters)
        if secret is None:
            return None
        ticket = db.session.scalars(select(cls).filter_by(digest=keys.digest(secret))).first()
        if ticket is None or ticket.ends_at <= now():
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
        for ticket in cls._for(handed_out):
            ticket.ends_at = handed_out.end

    @classmethod
    def sweep(cls) -> None:
        """Delete those whose hand-out has ended. Needs no key: any request may do it."""
        for ticket in db.session.scalars(select(cls).where(cls.ends_at <= now())):
            db.session.delete(ticket)

    @classmethod
    def _for(cls, handed_out: Distribution) -> list[Self]:
        mine = select(cls).filter_by(site_id=handed_out.site_id, distribution_id=handed_out.id)
        return list(db.session.scalars(mine))


def _context(ticket_id: uuid.UUID) -> bytes:
    return keys.context("print ticket", ticket_id)
