"""Contacts: the workmates that organizers talk with. A name, or what people call them, is enough."""

from __future__ import annotations

import enum
import unicodedata
import uuid
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Self

from sqlalchemy import ForeignKeyConstraint, Select, delete, select
from sqlalchemy.orm import Mapped, declared_attr, defer, mapped_column

from ..db import SiteOwned, db, today
from ..vault.sealed import Sealed, sealed, stored
from .members import NotAllowed

NAME_MAX = 80
NOTES_MAX = 4_000
CONTACTS_MAX = 20_000  # at one site
STALE_AFTER = timedelta(days=365)  # untouched
STALE_NOTICE = timedelta(days=30)  # between the announcement and the removal


class Stand(enum.IntEnum):
    """Where somebody stands, on the day it was noted; nobody has it for good. Without one it is not known yet."""

    ORGANISES = 1
    WITH_US = 2
    UNDECIDED = 3
    AGAINST = 4
    CAREFUL = 5


class Consent(enum.StrEnum):
    """Does this person know that they are in this list?"""

    NOT_YET = "not yet"
    KNOWS = "knows"


class Gone(enum.StrEnum):
    """Why somebody is not at the site any more."""

    LEFT = "left"
    MOVED = "moved"


class StaleContact(Exception):
    """Somebody else has changed this contact since the form was shown."""


BRIEF: Mapping[str, Any] = {
    **{"name": "", "nickname": "", "title": "", "department": "", "shift": "", "phone": ""},
    **{"stand": None, "stood_on": "", "talked_on": "", "gone": "", "gone_on": "", "maybe": ""},
}
DETAILS: Mapping[str, Any] = {
    **{"languages": "", "reach": "", "known_by": "", "notes": "", "consent": Consent.NOT_YET.value, "consent_on": ""},
    **{"added_by": "", "added_on": "", "came_from": ""},
}


class Contact(SiteOwned):
    """A workmate. `brief` is what lists show of them, `details` what their own page has besides.

    brief: name, nickname, title (what they do), department and shift (hex ids), phone (E.164), stand and stood_on,
    talked_on, gone and gone_on, maybe (the hex id of a contact who may be the same person).
    details: languages, reach (other ways to reach them), known_by, notes, consent and consent_on, added_by, added_on,
    came_from.

    A contact that was merged stays as an empty row that points to the other: who is forgotten must be gone under every
    id they ever had.
    """

    __tablename__ = "contact"

    touched_on: Mapped[date] = mapped_column(default=today)
    announced_on: Mapped[date | None] = mapped_column()  # that it is stale, and will be removed
    # No foreign key: rows come back from a backup in any order, and who is forgotten goes with all that point here.
    merged_into: Mapped[uuid.UUID | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)
    brief: Sealed[dict[str, Any]] = sealed()
    details: Sealed[dict[str, Any]] = sealed()

    @classmethod
    def add(cls, site_id: uuid.UUID, name: str, *, by: str, form_id: uuid.UUID | None = None, **more: Any) -> Self:
        """Somebody new: a name is enough; `more` are fields of BRIEF and DETAILS. Raises NotAllowed."""
        known = cls.of(site_id, form_id) if form_id else None
        if known is not None:
            return known
        contact = cls(site_id=site_id, id=form_id, touched_on=today(), version=1)
        contact.brief = {**BRIEF}
        contact.details = {**DETAILS, "added_by": by, "added_on": today().isoformat()}
        contact._put(name=name, **more)
        db.session.add(contact)
        return contact

    @classmethod
    def rows_at(cls, site_id: uuid.UUID) -> Select[Self]:
        """The query for all of a site's, without those merged into others; their details stay where they are."""
        here = select(cls).filter_by(site_id=site_id, merged_into=None)
        return here.options(defer(stored(cls, "details")))

    @classmethod
    def at(cls, site_id: uuid.UUID, *, gone: bool = False) -> list[Self]:
        """A site's contacts by name; with those who have gone, where that is asked for."""
        found = [(one.brief, one) for one in db.session.scalars(cls.rows_at(site_id))]
        here = [(brief, one) for brief, one in found if gone or not brief["gone"]]
        return [one for brief, one in sorted(here, key=lambda pair: (name_key(pair[0]["name"]), pair[1].id))]

    @classmethod
    def of(cls, site_id: uuid.UUID, contact_id: uuid.UUID, *, to_change: bool = False) -> Self | None:
        """One of a site's; by the id of one that was merged, the other. `to_change`: who would change it too, waits."""
        for _ in range(CONTACTS_MAX):
            found = select(cls).filter_by(site_id=site_id, id=contact_id)
            contact = db.session.scalars(found.with_for_update() if to_change else found).first()
            if contact is None or contact.merged_into is None:
                return contact
            contact_id = contact.merged_into
        return None

    # What is known of them.

    @property
    def name(self) -> str:
        """Their name, or what people call them."""
        return str(self.brief["name"])

    @property
    def stand(self) -> Stand | None:
        """Where they stood last; None where nobody knows yet."""
        value = self.brief["stand"]
        return None if value is None else Stand(value)

    @property
    def is_gone(self) -> bool:
        """Have they left the job, or this site?"""
        return bool(self.brief["gone"])

    @property
    def removed_on(self) -> date | None:
        """The day on which they will be removed as untouched; None where nothing is announced."""
        return None if self.announced_on is None else self.announced_on + STALE_NOTICE

    def change(self, *, based_on: int, **fields: Any) -> None:
        """Set fields of BRIEF and DETAILS. Raises StaleContact, NotAllowed."""
        if based_on != self.version:
            raise StaleContact
        self._put(**fields)
        self.touch()

    def touch(self) -> None:
        """Somebody has just done something with them: they are not stale."""
        self.touched_on, self.announced_on = today(), None
        self.version += 1

    def note_stand(self, stand: Stand | None, day: str, talked_on: str) -> None:
        """Where they stand by the last talk that says so, and the day of the last talk; both as ISO days or empty."""
        self._put(stand=None if stand is None else int(stand), stood_on=day, talked_on=talked_on)

    def leave(self, why: Gone = Gone.LEFT) -> None:
        """They have left the job, or moved to another site. What was noted stays: past turnout must add up."""
        self._put(gone=why.value, gone_on=today().isoformat())
        self.touch()

    def come_back(self) -> None:
        """They are here again."""
        self._put(gone="", gone_on="")
        self.touch()

    def _put(self, **fields: Any) -> None:
        name = fields.get("name", self.brief["name"])
        if not name.strip() or len(name) > NAME_MAX:
            raise NotAllowed(f"Give a name, or what people call them, of at most {NAME_MAX} letters.")
        unknown = fields.keys() - BRIEF.keys() - DETAILS.keys()
        if unknown:
            raise TypeError(f"a contact has no {', '.join(sorted(unknown))}")
        brief = {key: value for key, value in fields.items() if key in BRIEF}
        details = {key: value for key, value in fields.items() if key in DETAILS}
        if brief:
            self.brief = {**self.brief, **brief}
        if details:
            self.details = {**self.details, **details}

    # The same person twice.

    def looks_like(self, name: str, phone: str = "") -> bool:
        """May somebody with this name or number be the same person?"""
        brief = self.brief
        return (bool(phone) and phone == brief["phone"]) or any(
            alike(name, known) for known in (brief["name"], brief["nickname"]) if known
        )

    def merge(self, other: Contact) -> None:
        """Take in another one who is the same person: their history is this one's, their row is empty from now on."""
        if other.id == self.id or other.site_id != self.site_id:
            raise NotAllowed("Choose two different people.")
        for record in _of_contacts():
            for row in db.session.scalars(record.rows_of(other)):
                row.hand_over(self)
        db.session.flush()
        brief, details = {**other.brief}, {**other.details}
        notes = "\n\n".join(filter(None, (self.details["notes"], details["notes"])))
        names = [self.brief["nickname"], brief["nickname"]]
        if name_key(brief["name"]) != name_key(self.name):
            names.append(brief["name"])
        nickname = ", ".join(dict.fromkeys(filter(None, names)))
        latest = max((self.brief, brief), key=lambda one: str(one["stood_on"]))
        self.details = {**self._filled(self.details, details), "notes": notes}
        self.brief = {
            **self._filled(self.brief, brief),
            "nickname": nickname,
            "stand": latest["stand"],
            "stood_on": latest["stood_on"],
            "talked_on": max(self.brief["talked_on"], brief["talked_on"]),
            "gone": self.brief["gone"] and brief["gone"],
            "gone_on": (self.brief["gone"] and brief["gone"]) and self.brief["gone_on"],
            "maybe": "",
        }
        other.merged_into = self.id
        other.brief, other.details = {**BRIEF}, {**DETAILS}
        self.touch()

    @staticmethod
    def _filled(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
        return {key: value if value not in ("", None) else theirs[key] for key, value in mine.items()}

    # Gone for good.

    def forget(self) -> None:
        """They asked to be forgotten: this and everything noted of them is deleted, under every id they had.

        Turnout keeps its sums. A restore deletes them again (backup.departed), so nothing brings them back.
        """
        for row in [self, *self._merged()]:
            for record in _of_contacts():
                for thing in db.session.scalars(record.rows_of(row)):
                    thing.forget()
            db.session.flush()
        for other in db.session.scalars(self.rows_at(self.site_id)):
            if other.brief["maybe"] == self.id.hex:
                other._put(maybe="")
        for row in [*reversed(self._merged()), self]:
            db.session.delete(row)
            db.session.flush()

    def _merged(self) -> list[Contact]:
        """The empty rows of those who were merged into this one, and of those merged into them."""
        found: list[Contact] = []
        ask = [self.id]
        while ask:
            into = select(Contact).filter_by(site_id=self.site_id).where(Contact.merged_into.in_(ask))
            some = list(db.session.scalars(into))
            found += some
            ask = [one.id for one in some]
        return found

    # Untouched for a year.

    @classmethod
    def stale_at(cls, site_id: uuid.UUID) -> list[Self]:
        """Those announced as stale, the next to be removed first."""
        return list(
            db.session.scalars(
                cls.rows_at(site_id).where(cls.announced_on.is_not(None)).order_by(cls.announced_on, cls.id)
            )
        )

    @classmethod
    def tend(cls, site_id: uuid.UUID, limit: int = 200) -> int:
        """Announce who has not been touched for a year; forget whose month is over. How many were forgotten."""
        for contact in db.session.scalars(
            cls.rows_at(site_id).where(cls.announced_on.is_(None), cls.touched_on <= today() - STALE_AFTER)
        ):
            contact.announced_on = today()
        over = cls.rows_at(site_id).where(cls.announced_on <= today() - STALE_NOTICE).limit(limit)
        removed = list(db.session.scalars(over))
        for contact in removed:
            contact.forget()
        return len(removed)


class OfContact(SiteOwned):
    """A row that belongs to a contact. What happens to it when the contact is merged, or forgotten, it says itself."""

    __abstract__ = True

    contact_id: Mapped[uuid.UUID] = mapped_column(index=True)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:
        return (ForeignKeyConstraint(["site_id", "contact_id"], ["contact.site_id", "contact.id"]), *cls._more_args())

    @classmethod
    def _more_args(cls) -> tuple[Any, ...]:
        """Constraints and indexes of the class's own."""
        return ()

    @classmethod
    def rows_of(cls, contact: Contact) -> Select[Self]:
        """The query for all of a contact's."""
        return select(cls).filter_by(site_id=contact.site_id, contact_id=contact.id)

    def hand_over(self, contact: Contact) -> None:
        """It is another contact's from now on, who is the same person."""
        self.contact_id = contact.id

    def forget(self) -> None:
        """The contact is to be forgotten."""
        db.session.delete(self)


def _of_contacts() -> list[type[OfContact]]:
    return sorted(OfContact.__subclasses__(), key=lambda record: record.__name__)


def delete_all_of(site_id: uuid.UUID, contact_ids: Iterable[uuid.UUID]) -> None:
    """Delete contacts and what belongs to them without opening anything: for a restore, which has no key."""
    ids = list(contact_ids)
    for record in _of_contacts():
        db.session.execute(delete(record).filter_by(site_id=site_id).where(record.contact_id.in_(ids)))
    db.session.execute(delete(Contact).filter_by(site_id=site_id).where(Contact.merged_into.in_(ids)))
    db.session.execute(delete(Contact).filter_by(site_id=site_id).where(Contact.id.in_(ids)))


def name_key(name: str) -> str:
    """What ways to type one name have in common: no accents, no capitals, one space."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    kept = (sign if sign.isalnum() else " " for sign in apart if not unicodedata.combining(sign))
    return " ".join("".join(kept).split())


def alike(name: str, other: str) -> bool:
    """May these be the name of one person? The same words in any order, one among the other's, or a slip in typing."""
    one, two = name_key(name), name_key(other)
    if not one or not two:
        return name.strip() == other.strip()
    words, others = set(one.split()), set(two.split())
    if words <= others or others <= words:
        return True
    return abs(len(one) - len(two)) <= 1 and min(len(one), len(two)) >= 4 and _one_slip(one, two)


def _one_slip(one: str, two: str) -> bool:
    """Do they differ by one sign: another, one more, or two in the wrong order?"""
    start = next((at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    rest, other = one[start:], two[start:]
    swapped = rest[1::-1] + rest[2:] if len(rest) > 1 else rest
    return rest[1:] == other[1:] or rest == other[1:] or rest[1:] == other or swapped == other
