"""Conversations: one-on-ones, what came up in them, and where somebody stood that day."""

from __future__ import annotations

import dataclasses
import functools
import uuid
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Self

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, mapped_column

from bulletin.db import db, now, today
from bulletin.domain.site import struggles
from bulletin.domain.site.refusals import NotAllowed
from bulletin.domain.site.struggles import Struggle
from bulletin.vault import kinds
from bulletin.vault.sealed import Sealed, opener, sealed, stored
from bulletin.vault.shapes import N_, Shape, choice, choices, moment, part, plain_text, shape, shaped

from .contacts import Contact, OfContact, Stand
from .refusals import Why

TEXT_MAX = 2_000
AGO_MAX = timedelta(days=2 * 366)
CHOICES = 6  # struggles that are offered first
LOOKED_AT = 100  # conversations, for which those are

_words = functools.partial(plain_text, most=TEXT_MAX, room=TEXT_MAX, lines=True, named=True)


@shape
class Said(Shape):
    """What was said in a talk."""

    stand: Stand | None = choice(N_("Where they stood"), Stand, nothing=None, column="stood")
    struggles: tuple[Struggle, ...] = choices(N_("What came up"), Struggle, column="came_up")
    note: str = _words(N_("Note"))
    ask: str = _words(N_("What we asked"))
    commitment: str = _words(N_("What they said they will do"))


@shape
class Entry(Shape):
    """Who noted a talk, and who withdrew it."""

    by: str = plain_text(N_("Noted by"), column="noted_by")
    at: str = moment(of="by", column=None)
    withdrawn_by: str = plain_text(N_("Withdrawn by"), column=None)
    withdrawn_at: str = moment(of="withdrawn_by", empty=True, column=None)


@shape
class Earlier(Shape):
    """What it said before a correction, and who corrected it when."""

    said: Said = part(Said)
    by: str = plain_text(N_("Corrected by"), named=True)
    at: str = moment(of="by")


class Conversation(OfContact):
    """One talk. In the clear is its day. `said` is None once it was withdrawn; `earlier`: the first first."""

    __tablename__ = "conversation"

    day: Mapped[date] = mapped_column()
    said: Sealed[Said | None] = sealed(kinds.or_none(shaped(Said)))
    entry: Sealed[Entry] = sealed(Entry)
    earlier: Sealed[tuple[Earlier, ...]] = sealed(kinds.several(shaped(Earlier)))

    @classmethod
    def _more_args(cls) -> tuple[Index]:
        return (Index(None, "site_id", "day"),)

    @classmethod
    def note(
        cls, contact: Contact, *, by: str, day: date | None = None, form_id: uuid.UUID | None = None, **said: Any
    ) -> Self:
        """Log a talk: `said` are fields of Said. Raises NotAllowed."""
        known = db.session.get(cls, (contact.site_id, form_id)) if form_id else None
        if known is not None:
            return known
        day = day or today()
        if day > today() + timedelta(days=1):  # it may be tomorrow already where the site is
            raise NotAllowed(Why.DAY_TO_COME)
        if day < today() - AGO_MAX:
            raise NotAllowed(Why.TWO_YEARS_AGO)
        contact = contact.lock()  # of two talks noted at once, each must know of the other
        made = cls(
            site_id=contact.site_id,
            id=form_id,
            contact_id=contact.id,
            day=day,
            said=_checked(Said(), said),
            entry=Entry(by=by, at=now().isoformat()),
            earlier=(),
        )
        db.session.add(made)
        db.session.flush()
        _tell(contact)
        return made

    @classmethod
    def all_of(cls, contact: Contact) -> list[Self]:
        """The talks with somebody, the newest first."""
        talks = db.session.scalars(cls.rows_of(contact))
        return sorted(talks, key=lambda talk: (talk.day, talk.entry.at, talk.id), reverse=True)

    @classmethod
    def of(cls, contact: Contact, conversation_id: uuid.UUID) -> Self | None:
        """One of the talks with somebody."""
        return db.session.scalars(cls.rows_of(contact).filter_by(id=conversation_id)).first()

    @classmethod
    def at(cls, site_id: uuid.UUID, conversation_id: uuid.UUID) -> Self | None:
        """One of a site's, whoever it was with."""
        return db.session.get(cls, (site_id, conversation_id))

    @classmethod
    def came_up_since(cls, site_id: uuid.UUID, day: date) -> list[tuple[uuid.UUID, date, tuple[Struggle, ...]]]:
        """What came up in a site's talks from a day on, without those withdrawn: with whom, on which day, what."""
        columns = (cls.id, cls.contact_id, cls.day, stored(cls, "said"))
        later = select(*columns).filter_by(site_id=site_id).where(cls.day >= day)
        opened = opener(cls, "said", site_id)  # of thousands, whole talks take twice as long
        found = ((who, on, opened(talk, said)) for talk, who, on, said in db.session.execute(later) if said is not None)
        return [(who, on, said.struggles) for who, on, said in found if said is not None]

    @property
    def stand(self) -> Stand | None:
        """Where they stood; None where that was not noted."""
        return None if self.said is None else self.said.stand

    def correct(self, *, by: str, **said: Any) -> None:
        """It was noted wrongly: what it said before stays to be seen. Raises NotAllowed."""
        contact = self.lock()
        if self.said is None:
            raise NotAllowed(Why.WITHDRAWN)
        new = _checked(self.said, said)
        if new == self.said:
            return
        self.earlier = (*self.earlier, Earlier(said=self.said, by=by, at=now().isoformat()))
        self.said = new
        _tell(contact)

    def extend(self, *, by: str, ask: str, commitment: str) -> None:
        """What was asked and promised, after the rest: a correction only where it said something else of that before.

        Raises NotAllowed.
        """
        self.lock()
        said = self.said
        if said is None or said.ask or said.commitment:
            self.correct(by=by, ask=ask, commitment=commitment)
        else:
            self.said = _checked(said, {"ask": ask, "commitment": commitment})

    def withdraw(self, *, by: str) -> None:
        """It should not have been noted: what it said is deleted, that there was something is not.

        Raises NotAllowed.
        """
        contact = self.lock()
        if self.said is None:
            return
        self.said, self.earlier = None, ()
        self.entry = dataclasses.replace(self.entry, withdrawn_by=by, withdrawn_at=now().isoformat())
        _tell(contact)

    def give_to(self, contact: Contact) -> None:
        """It was with somebody else, who may have the same name. Raises NotAllowed."""
        before = self.lock()
        self.reassign(contact)
        db.session.flush()
        for one in (before, contact):
            _tell(one)

    @classmethod
    def after_reassigning(cls, contact: Contact) -> None:
        """All these talks are this contact's now: the last one says where they stand."""
        _tell(contact)


def _tell(contact: Contact) -> None:
    """Have a contact know what their talks say of where they stand."""
    talks = [talk for talk in Conversation.all_of(contact) if talk.said is not None]
    known = next((talk for talk in talks if talk.stand is not None), None)
    last = talks[0].day.isoformat() if talks else ""
    contact.note_stand(known.stand if known else None, known.day.isoformat() if known else "", last)
    contact.touch()


def latest_struggles(site_id: uuid.UUID) -> list[str]:
    """The six that came up last at a site, the latest first; filled up from the list of them."""
    recent = select(Conversation).filter_by(site_id=site_id).order_by(Conversation.day.desc(), Conversation.id)
    talks = [talk.said for talk in db.session.scalars(recent.limit(LOOKED_AT))]
    came_up = [one for said in talks if said is not None for one in said.struggles]
    return list(dict.fromkeys([*came_up, *(one.value for one in struggles.Struggle)]))[:CHOICES]


def _checked(said: Said, new: Mapping[str, Any]) -> Said:
    """What was said, with some fields of Said anew."""
    known: dict[str, Any] = {}
    if "struggles" in new:
        known["struggles"] = struggles.known(new["struggles"])
    if new.get("stand") is not None:
        known["stand"] = Stand(new["stand"])
    said = dataclasses.replace(said, **{**new, **known})
    for one in (said.note, said.ask, said.commitment):
        if len(one) > TEXT_MAX:
            raise NotAllowed(Why.TEXT_TOO_LONG, most=TEXT_MAX)
    return said
