"""Departures: who and what has gone from this database, by ids alone, so that no restore and no form brings them back.

A row is written in the transaction that deletes (`backup.departures` sees to it): there is never one without the other,
whichever server of several did it.
"""

from __future__ import annotations

import uuid

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Mapped, mapped_column

from bulletin.db import Record, db

from .sites import Site

SITE, MEMBER, PLACE, CONTACT = "site", "member", "place", "contact"
HIDDEN = "hidden"  # a contact is, and will be forgotten unless a member stops it
TOLD = "told"  # something that a site told, and took back
FORM = "form"  # what it noted, or whom it took in, is gone: sent again it brings nobody back
MATTER = "matter"  # something that a site put to others
ANSWER = "answer"  # of a site, to that
OUT = "out"  # a site is not in the network any more; its id is the site's
LOCK = "lock"  # somebody is locked out, because members said so; its id is the place's
NOWHERE = uuid.UUID(int=0)


class Departure(Record):
    """One that has gone. It outlives its site, and so is a row of none: nothing is in it but what names it.

    `of_site`, for what was told, put to others, or answered: whose it was; for a contact, one who is hidden, or a form:
    where they were, since whoever makes a contact with the id of another site's, and forgets it, says nothing of that
    one. A site that is deleted is one row: what it has goes with it.

    `changes`: how often a lock, hiding, or being out was begun and ended; odd where it holds. Of two copies of a row
    the higher is the later.
    """

    __tablename__ = "departure"

    kind: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    of_site: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=NOWHERE)
    changes: Mapped[int] = mapped_column(default=1)


def was_forgotten(site_id: uuid.UUID, contact_id: uuid.UUID) -> bool:
    """Was there a contact of this id in the site, who has been forgotten since, or is hidden to be?"""
    return contact_id in _forgotten(site_id, Departure.id == contact_id)


def was_form(site_id: uuid.UUID, form_id: uuid.UUID) -> bool:
    """Has a form of this id made something at the site that is gone, of somebody who was forgotten, or long ago?"""
    return db.session.get(Departure, (FORM, form_id, site_id)) is not None


def was_taken_back(site_id: uuid.UUID, told_id: uuid.UUID, kind: str = TOLD) -> bool:
    """Did the site tell something by this id, or ask it, and take it back?"""
    return db.session.get(Departure, (kind, told_id, site_id)) is not None


def was_of_another(site_id: uuid.UUID, told_id: uuid.UUID) -> bool:
    """Did another site tell something by this id, and take it back? What points there is not to lead to this one's."""
    theirs = select(Departure.id).where(Departure.kind == TOLD, Departure.id == told_id, Departure.of_site != site_id)
    return db.session.scalars(theirs.limit(1)).first() is not None


def note_out(site_id: uuid.UUID, *, out: bool) -> None:
    """A site is out of the network from here on, or in it."""
    row = db.session.get(Departure, (OUT, site_id, NOWHERE))
    if row is None and out:
        db.session.add(Departure(kind=OUT, id=site_id, of_site=NOWHERE, changes=1))
    elif row is not None and row.changes % 2 != out:
        row.changes += 1


def count_sites() -> int:
    """How many sites there have ever been on this installation, those that have gone included."""
    gone = select(func.count()).select_from(Departure).filter_by(kind=SITE)
    return Site.count() + (db.session.scalar(gone) or 0)


def forgotten(site_id: uuid.UUID) -> set[uuid.UUID]:
    """The ids of a site's contacts who were forgotten, or are hidden to be. Those of other sites say nothing in it."""
    return _forgotten(site_id)


def _forgotten(site_id: uuid.UUID, *which: ColumnElement[bool]) -> set[uuid.UUID]:
    there = select(Departure.id).filter_by(of_site=site_id)
    return set(
        db.session.scalars(there.where(Departure.kind.in_((CONTACT, HIDDEN)), Departure.changes % 2 == 1, *which))
    )
