"""Contacts: the workmates that organizers talk with. A name, or what people call them, is enough."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any, Self

from sqlalchemy import ForeignKeyConstraint, Select, func, select
from sqlalchemy.orm import Mapped, declared_attr, defer, mapped_column

from bulletin.db import EVERY_ROW, SiteOwned, batches, db, today
from bulletin.domain.site.refusals import NotAllowed
from bulletin.domain.site.signs import can_be_seen
from bulletin.vault.sealed import Sealed, sealed, stored
from bulletin.vault.shapes import fields_of

from .contact_fields import (
    LINE_MAX as LINE_MAX,
    NAME_MAX as NAME_MAX,
    NOTES_MAX as NOTES_MAX,
    REACH_MAX as REACH_MAX,
    Brief as Brief,
    Consent as Consent,
    Details as Details,
    Gone as Gone,
    Stand as Stand,
    fields as fields,
)
from .name_matching import alike as alike, name_key as name_key
from .refusals import Field, Why

NICKNAMES_MAX = 5  # that somebody is known by: who has more, is found by the first
CONTACTS_MAX = 20_000  # at one site
STALE_AFTER = timedelta(days=365)  # untouched
STALE_NOTICE = timedelta(days=30)  # between the announcement and the removal


class StaleContact(Exception):
    """Somebody else has changed this contact since the form was shown."""


class Contact(SiteOwned):
    """A workmate. `brief` is what lists show of them, `details` what their own page has besides.

    A contact that was merged stays as an empty row that points to the other: who is forgotten must be gone under every
    id they ever had.
    """

    __tablename__ = "contact"

    touched_on: Mapped[date] = mapped_column(default=today)
    announced_on: Mapped[date | None] = mapped_column()  # that it is stale, and will be removed
    # No foreign key: rows come back from a backup in any order, and who is forgotten goes with all that point here.
    merged_into: Mapped[uuid.UUID | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)
    brief: Sealed[Brief] = sealed(Brief)
    details: Sealed[Details] = sealed(Details)

    @classmethod
    def add(cls, site_id: uuid.UUID, name: str, *, by: str, form_id: uuid.UUID | None = None, **more: Any) -> Self:
        """Somebody new: a name is enough; `more` are other fields. Raises NotAllowed."""
        known = cls.of(site_id, form_id) if form_id else None
        if known is not None:
            return known
        with db.session.no_autoflush:  # who adds many at once has counted those
            there = db.session.scalar(select(func.count()).select_from(cls).filter_by(site_id=site_id)) or 0
        if there >= CONTACTS_MAX:
            raise NotAllowed(Why.LIST_FULL, most=CONTACTS_MAX)
        contact = cls(site_id=site_id, id=form_id, touched_on=today(), version=1)
        contact.brief = Brief()
        contact.details = Details(added_by=by, added_on=today().isoformat())
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
        found = ((one, one.brief) for one in db.session.scalars(cls.rows_at(site_id)))
        here = [(one, brief) for one, brief in found if gone or not brief.gone]
        return [one for one, _ in sorted(here, key=lambda pair: (name_key(pair[1].name), pair[0].id))]

    @classmethod
    def any_at(cls, site_id: uuid.UUID) -> bool:
        """Is there anybody yet?"""
        return db.session.scalar(cls.rows_at(site_id).limit(1)) is not None

    @classmethod
    def of(cls, site_id: uuid.UUID, contact_id: uuid.UUID, *, to_change: bool = False) -> Self | None:
        """One of a site's; by the id of one that was merged, the other. `to_change`: who would change it too, waits."""
        for _ in range(CONTACTS_MAX):
            found = select(cls).filter_by(site_id=site_id, id=contact_id)
            contact = db.session.scalars(for_update(found) if to_change else found).first()
            if contact is None or contact.merged_into is None:
                return contact
            contact_id = contact.merged_into
        return None

    def lock(self) -> Contact:
        """This one, or whom it was merged into, as it is now; who would change it too, waits. Raises NotAllowed."""
        if (contact := self.of(self.site_id, self.id, to_change=True)) is None:
            raise NotAllowed(Why.NOT_THERE)
        return contact

    @classmethod
    def lock_in_order(cls, site_id: uuid.UUID, contact_ids: Iterable[uuid.UUID]) -> list[Self]:
        """Several as they are now, by their ids, and whom they were merged into; who would change them too, waits.

        Everybody holds actions before contacts, and each in the order of their ids: so nobody waits for ever.
        """
        here = select(cls).filter_by(site_id=site_id).order_by(cls.id)
        there = [
            one for some in batches(contact_ids) for one in db.session.scalars(for_update(here.where(cls.id.in_(some))))
        ]
        now = (cls.of(site_id, one.id, to_change=True) if one.merged_into else one for one in there)
        return list({one.id: one for one in now if one is not None}.values())

    @classmethod
    def among(cls, site_id: uuid.UUID, contact_ids: Iterable[uuid.UUID]) -> list[Self]:
        """Those of a site's who have one of these ids; others, and those merged, are nobody there."""
        here = cls.rows_at(site_id)
        return [one for some in batches(contact_ids) for one in db.session.scalars(here.where(cls.id.in_(some)))]

    # What is known of them.

    @property
    def name(self) -> str:
        """Their name, or what people call them."""
        return self.brief.name

    @property
    def stand(self) -> Stand | None:
        """Where they stood last; None where nobody knows yet."""
        return self.brief.stand

    @property
    def removed_on(self) -> date | None:
        """The day on which they will be removed as untouched; None where nothing is announced."""
        return None if self.announced_on is None else self.announced_on + STALE_NOTICE

    def change(self, *, based_on: int, **new: Any) -> None:
        """Set some of their fields. Raises StaleContact, NotAllowed."""
        if based_on != self.version:
            raise StaleContact
        self._put(**new)
        self.touch()

    def touch(self) -> None:
        """Somebody has just done something with them: they are not stale."""
        self.touched_on, self.announced_on = today(), None
        self.version += 1

    def meet(self) -> None:
        """They were asked, or came: they are not stale. Nothing that a form shows has changed."""
        self.touched_on, self.announced_on = today(), None

    def note_stand(self, stand: Stand | None, day: str, talked_on: str) -> None:
        """Where they stand by the last talk that says so, and the day of the last talk; both as ISO days or empty."""
        self._put(stand=stand, stood_on=day, talked_on=talked_on)

    def leave(self, why: Gone = Gone.LEFT) -> None:
        """They have left the job, or moved to another site. What was noted stays: past turnout must add up."""
        self._put(gone=why, gone_on=today().isoformat())
        self.touch()

    def come_back(self) -> None:
        """They are here again."""
        self._put(gone=None, gone_on="")
        self.touch()

    def _put(self, **new: Any) -> None:
        name = new.get("name", self.brief.name)
        if not can_be_seen(name) or len(name) > NAME_MAX:
            raise NotAllowed(Why.NAME_NEEDED, most=NAME_MAX)
        known = fields()
        unknown = new.keys() - known.keys()
        if unknown:
            raise TypeError(f"a contact has no {', '.join(sorted(unknown))}")
        for key, value in new.items():
            if isinstance(value, str) and len(value) > (most := known[key].most or LINE_MAX):
                raise NotAllowed(Why.TOO_LONG_FOR, field=Field(key), most=most)
        brief = {key: value for key, value in new.items() if key in fields_of(Brief)}
        details = {key: value for key, value in new.items() if key in fields_of(Details)}
        if brief:
            self.brief = dataclasses.replace(self.brief, **brief)
        if details:
            self.details = dataclasses.replace(self.details, **details)

    # The same person twice.

    def looks_like(self, name: str, phone: str = "") -> bool:
        """May somebody with this name or number be the same person?"""
        brief = self.brief
        return (bool(phone) and phone == brief.phone) or any(
            alike(name, known) for known in (brief.name, *nicknames(brief.nickname))
        )

    # Untouched for a year.

    @classmethod
    def stale_at(cls, site_id: uuid.UUID) -> list[Self]:
        """Those announced as stale, the next to be removed first."""
        return list(
            db.session.scalars(
                cls.rows_at(site_id).where(cls.announced_on.is_not(None)).order_by(cls.announced_on, cls.id)
            )
        )


class NamesContacts(SiteOwned):
    """A row that is about several contacts, and has their ids inside."""

    __abstract__ = True

    @classmethod
    def let_go(cls, site_id: uuid.UUID, hex_ids: Collection[str]) -> None:
        """Those with these ids are forgotten."""
        raise NotImplementedError


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

    @classmethod
    def is_hidden(cls, site_id: uuid.UUID, row_id: uuid.UUID) -> bool:
        """Is there one of this id, of somebody who waits to be forgotten?"""
        there = select(cls.id).filter_by(site_id=site_id, id=row_id)
        return db.session.scalar(there) is None and db.session.scalar(there, execution_options=EVERY_ROW) is not None

    def reassign(self, contact: Contact) -> None:
        """It is another contact's from now on, who is the same person."""
        self.contact_id = contact.id

    def forget(self) -> None:
        """The contact is to be forgotten."""
        db.session.delete(self)

    @classmethod
    def after_reassigning(cls, contact: Contact) -> None:
        """All rows of another contact, who is the same person, are this one's now."""

    @classmethod
    def lock_before_contacts(cls, site_id: uuid.UUID) -> None:
        """Hold what must be held before contacts are, where their rows change something else."""

    def lock(self) -> Contact:
        """Hold whom it is about, then have it as it is now: somebody may have been quicker. Raises NotAllowed."""
        if (contact := Contact.of(self.site_id, self.contact_id, to_change=True)) is None:
            raise NotAllowed(Why.NOT_THERE)
        db.session.refresh(self)
        return contact


def of_contacts() -> list[type[OfContact]]:
    """The kinds of rows that belong to a contact, always in one order."""
    return sorted(OfContact.__subclasses__(), key=lambda record: record.__name__)


def lock_all_before_contacts(site_id: uuid.UUID) -> None:
    """Hold what must be held before contacts are."""
    for record in of_contacts():
        record.lock_before_contacts(site_id)


def for_update(rows: Select[Any]) -> Select[Any]:
    """Who would change these too, waits; and what was loaded before is loaded anew: somebody may have been quicker."""
    return rows.with_for_update().execution_options(populate_existing=True)


def merged_into_these(contacts: Iterable[Contact]) -> list[Contact]:
    """The empty rows of those who were merged into these, and of those merged into them."""
    found: list[Contact] = []
    ask = [*contacts]
    while ask:
        into = select(Contact).filter_by(site_id=ask[0].site_id)
        of_these = into.where(Contact.merged_into.in_([one.id for one in ask]))
        ask = list(db.session.scalars(of_these, execution_options=EVERY_ROW))
        found += ask
    return found


def nicknames(written: str) -> list[str]:
    """What somebody is called, of several with commas between them."""
    return [name for name in map(str.strip, written.split(",")) if name][:NICKNAMES_MAX]
