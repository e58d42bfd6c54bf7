"""Erasing: who is to be forgotten, or was untouched for a year, is gone under every id they ever had."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select, update

from bulletin.db import EVERY_ROW, db, today
from bulletin.domain.site.sent_forms import SentForm

from .contacts import (
    STALE_AFTER,
    STALE_NOTICE,
    Contact,
    NamesContacts,
    for_update,
    lock_all_before_contacts,
    merged_into_these,
    of_contacts,
)


def forget(contact: Contact) -> None:
    """They and everything noted of them is deleted, at once: what comes before that is in forgetting.

    Turnout keeps its sums. A restore deletes them again (site.departures), so nothing brings them back.
    Raises NotAllowed where somebody else was quicker.
    """
    lock_all_before_contacts(contact.site_id)
    forget_all(contact.site_id, [contact.lock()])


def forget_stale(site_id: uuid.UUID, limit: int = 200) -> int:
    """Announce who has not been touched for a year; forget whose month is over. How many were forgotten."""
    lock_all_before_contacts(site_id)
    over = Contact.rows_at(site_id).where(Contact.announced_on <= today() - STALE_NOTICE)
    removed = list(db.session.scalars(for_update(over.order_by(Contact.announced_on, Contact.id).limit(limit))))
    forget_all(site_id, removed)
    stale = update(Contact).filter_by(site_id=site_id, merged_into=None, announced_on=None)
    db.session.execute(stale.where(Contact.touched_on <= today() - STALE_AFTER).values(announced_on=today()))
    return len(removed)


def delete_all_of(site_id: uuid.UUID, contact_ids: Iterable[uuid.UUID]) -> None:
    """Delete contacts and what belongs to them without opening anything: for a restore, which has no key."""
    ids = list(contact_ids)
    for record in of_contacts():
        db.session.execute(delete(record).filter_by(site_id=site_id).where(record.contact_id.in_(ids)))
    db.session.execute(delete(Contact).filter_by(site_id=site_id).where(Contact.merged_into.in_(ids)))
    db.session.execute(delete(Contact).filter_by(site_id=site_id).where(Contact.id.in_(ids)))


def forget_all(site_id: uuid.UUID, contacts: Sequence[Contact]) -> None:
    """All of these, however many, with one look at the others."""
    if not contacts:
        return
    gone = [*contacts, *merged_into_these(contacts)]
    for record in of_contacts():
        of_them = select(record).filter_by(site_id=site_id).where(record.contact_id.in_([row.id for row in gone]))
        for thing in db.session.scalars(of_them, execution_options=EVERY_ROW):
            thing.forget()
    ids = {row.id.hex for row in gone}
    others = db.session.scalars(Contact.rows_at(site_id), execution_options=EVERY_ROW)
    alike = select(Contact).filter_by(site_id=site_id).order_by(Contact.id)
    alike = alike.where(Contact.id.in_([one.id for one in others if one.brief.maybe in ids]))
    for other in db.session.scalars(for_update(alike), execution_options=EVERY_ROW):
        if other.brief.maybe in ids:
            other.brief = dataclasses.replace(other.brief, maybe="")
    for names in NamesContacts.__subclasses__():
        names.let_go(site_id, ids)
    SentForm.forget_all(site_id)
    db.session.flush()  # what belongs to them goes before them
    for row in gone:
        db.session.delete(row)
    db.session.flush()
