"""Letters: what a phone without signal, or without a session, has sealed to the site's inbox key.

The server takes them without being able to read them, from phones that have a token to write. Whoever opens the site
opens them, and files them: see filing.
"""

from __future__ import annotations

import dataclasses
import json
import uuid
from collections.abc import Sequence
from datetime import date
from typing import Self

from sqlalchemy import LargeBinary, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from bulletin.db import SiteOwned, db, today
from bulletin.domain.site import inbox_keys
from bulletin.domain.site.accounts.devices import Device
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.inbox_keys import InboxKey
from bulletin.domain.site.refusals import NotAllowed
from bulletin.domain.site.sent_forms import SentForm, digest_of
from bulletin.vault import keys, tenancy
from bulletin.vault.sealed import Sealed, sealed
from bulletin.vault.shapes import N_, Shape, choice, plain_text, shape

from .refusals import Parking, Why

LETTER_MAX = 128 * 1024  # bytes, sealed
WAITING_MAX = 200  # at one site
SENT_MAX = 50  # of those, by one member's phones
WRITTEN_BY = {1: {"by", "proof"}, 2: {"by", "phone", "proof"}}  # by the version of a letter

# All that taking a letter apart may raise: it comes from elsewhere, and anything may be in it.
NO_LETTER = (ValueError, TypeError, LookupError, AttributeError, RecursionError)

Fields = tuple[tuple[str, str], ...]


class Letter(SiteOwned):
    """One that nobody has opened yet, under an id that the phone has made.

    In the clear are the day on which it came, and whose phone sent it: who was signed in there then.
    """

    __tablename__ = "letter"

    came_on: Mapped[date] = mapped_column(default=today)
    sent_by: Mapped[uuid.UUID | None]
    content: Mapped[bytes] = mapped_column(LargeBinary)

    @classmethod
    def leave(cls, token: bytes, site_id: uuid.UUID, letter_id: uuid.UUID, content: bytes) -> None:
        """Take one from a phone, and bind the session to its site. Sent again it changes nothing; other words count, as
        long as nobody has opened it: the phone has no others any more. Raises NotAllowed.
        """
        device = Device.that_writes(keys.digest(token))
        if device is None or device.member.membership_at(site_id) is None:
            raise NotAllowed(Why.NO_TOKEN)
        if len(content) > LETTER_MAX:
            raise NotAllowed(Why.TOO_LONG, kb=LETTER_MAX >> 10)
        tenancy.bind(db.session, site_id)
        if (known := cls.of(site_id, letter_id)) is not None:
            known.content, known.sent_by = content, device.member_id
            return
        if cls.count_at(site_id) >= WAITING_MAX or cls.count_at(site_id, by=device.member_id) >= SENT_MAX:
            raise NotAllowed(Why.FULL)
        db.session.add(cls(site_id=site_id, id=letter_id, content=content, sent_by=device.member_id))
        try:
            db.session.flush()
        except IntegrityError:  # two of the same, at once
            db.session.rollback()

    @classmethod
    def of(cls, site_id: uuid.UUID, letter_id: uuid.UUID) -> Self | None:
        """The one of this id."""
        return db.session.get(cls, (site_id, letter_id))

    @classmethod
    def count_at(cls, site_id: uuid.UUID, by: uuid.UUID | None = None) -> int:
        """How many wait at a site; or, of these, how many one member's phones have sent."""
        here = select(func.count()).select_from(cls).filter_by(site_id=site_id)
        return db.session.scalar(here if by is None else here.filter_by(sent_by=by)) or 0

    @classmethod
    def wait_at(cls, site_id: uuid.UUID) -> bool:
        """Does any?"""
        return db.session.scalars(select(cls.id).filter_by(site_id=site_id).limit(1)).first() is not None

    @classmethod
    def some_at(cls, site_id: uuid.UUID, limit: int) -> list[Self]:
        """Those that came first."""
        here = select(cls).filter_by(site_id=site_id).order_by(cls.came_on, cls.id)
        return list(db.session.scalars(here.limit(limit)))

    def opened(self, inbox: Sequence[InboxKey]) -> tuple[InboxKey, str] | None:
        """The key that opens it, and what it says; None where none does."""
        return _opened(self.content, inbox_keys.about(self.site_id, self.id), inbox)


def _opened(content: bytes, about: bytes, inbox: Sequence[InboxKey]) -> tuple[InboxKey, str] | None:
    for one in inbox:
        try:
            return one, keys.open_with(one.private, content, about).decode()
        except (keys.DoesNotOpen, ValueError):
            continue
    return None


@dataclasses.dataclass(frozen=True)
class Written:
    """What a letter says: by whom, on which day, and a form of this kind with what was typed.

    `phone`: by what the token of the phone it was written on is looked up; None where a release before has sealed it.
    """

    kind: str
    by: uuid.UUID
    phone: bytes | None
    proof: bytes
    on: date
    fields: Fields

    @classmethod
    def of(cls, text: str) -> Self:
        """The same from JSON. NO_LETTER where it is no letter that this release knows."""
        said = json.loads(text)
        if said.keys() != {"v", "kind", "on", "fields"} | WRITTEN_BY[said["v"]]:
            raise ValueError("another release's")
        fields = tuple((name, value) for name, value in said["fields"])
        if not all(isinstance(one, str) for pair in fields for one in pair):
            raise ValueError("no fields of a form")
        for one in (str(said["kind"]), *(one for pair in fields for one in pair)):
            one.encode()  # half a sign could be shown on no page
        phone = bytes.fromhex(said["phone"]) if "phone" in said else None
        by, proof = uuid.UUID(hex=said["by"]), bytes.fromhex(said["proof"])
        return cls(str(said["kind"]), by, phone, proof, date.fromisoformat(said["on"]), fields)

    def all(self, name: str) -> list[str]:
        """Everything that was typed or ticked in a field."""
        return [value for field, value in self.fields if field == name]

    def one(self, name: str) -> str:
        """What was typed in a field; empty for nothing."""
        return next(iter(self.all(name)), "")


def typed_before(me: Membership, copy_id: uuid.UUID, content: bytes) -> Fields | None:
    """What a member had typed, from the copy that their phone sealed as it seals letters; None for anybody else's."""
    found = _opened(content, inbox_keys.about(me.site_id, copy_id), InboxKey.at(me.site_id))
    try:
        said = None if found is None else Written.of(found[1].strip())
    except NO_LETTER:
        return None
    return said.fields if said is not None and said.by == me.member_id else None


@shape
class Parked(Shape):
    """A letter as it came, opened, and why it was not filed. `by`: the handle of who wrote it, if that is known."""

    why: Parking = choice("", Parking, default=Parking.UNKNOWN)
    by: str = plain_text(N_("Written by"))
    text: str = plain_text(N_("What it says"), lines=True, named=True)

    @property
    def written(self) -> Written | None:
        """What it says; None where this release does not know it."""
        try:
            return Written.of(self.text)
        except NO_LETTER:
            return None


class ParkedLetter(SiteOwned):
    """A letter that could not be filed: somebody looks at it, copies what is in it, and throws it away."""

    __tablename__ = "parked_letter"

    came_on: Mapped[date] = mapped_column()
    what: Sealed[Parked] = sealed(Parked)

    @classmethod
    def at(cls, site_id: uuid.UUID) -> list[Self]:
        """A site's, the first first."""
        return list(db.session.scalars(select(cls).filter_by(site_id=site_id).order_by(cls.came_on, cls.id)))

    @classmethod
    def of(cls, site_id: uuid.UUID, letter_id: uuid.UUID) -> Self | None:
        """The one of this id."""
        return db.session.get(cls, (site_id, letter_id))

    @classmethod
    def count_at(cls, site_id: uuid.UUID) -> int:
        """How many there are at a site."""
        return db.session.scalar(select(func.count()).select_from(cls).filter_by(site_id=site_id)) or 0

    @classmethod
    def throw_away(cls, site_id: uuid.UUID, letter_id: uuid.UUID) -> None:
        """Somebody has seen to it; sent again it does not come back."""
        if (row := cls.of(site_id, letter_id)) is None:
            return
        if written := row.what.written:
            SentForm.keep(site_id, letter_id, digest_of(written.fields))
        db.session.delete(row)
