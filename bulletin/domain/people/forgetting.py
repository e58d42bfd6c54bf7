"""Forgetting: somebody is hidden at once and gone a week later, unless one who decides stops it.

Whom it is about is as absent as if they were gone already: no query of a session finds them or what was noted of them,
unless it says EVERY_ROW. Where the person asked for it themselves and two who decide say so, nobody stops it any more.
"""

from __future__ import annotations

import dataclasses
import functools
import uuid
from datetime import date, timedelta
from typing import Any, Self

from sqlalchemy import ColumnElement, event, exists, orm, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.base import ExecutableOption

from bulletin.db import EVERY_ROW, Session, db, now, today
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.governance import register
from bulletin.domain.site.governance.roll import Ids
from bulletin.domain.site.refusals import NotAllowed
from bulletin.domain.site.signs import can_be_seen
from bulletin.domain.site.sites import Site
from bulletin.vault import kinds
from bulletin.vault.sealed import Sealed, sealed
from bulletin.vault.shapes import Shape, field, flag, moment, plain_text, shape

from . import erasure
from .contacts import Contact, OfContact, for_update, lock_all_before_contacts, merged_into_these
from .refusals import Why

STOPPABLE_FOR = timedelta(days=7)
CONFIRMED_FOR = timedelta(days=1)  # two have said that the person asked for it
A_WEEK_MAX = 5  # whom a site forgets in a week, those put together with them too, without everybody being asked
REASON_MAX = 300


@shape
class Wish(Shape):
    """Who had somebody hidden, and when; whether the person asked for it, and the members, by their ids in hex, who say
    so. `final`: two of them decided when they said it.
    """

    by: str = plain_text()
    at: str = moment(past=True)
    asked: bool = flag()
    said_by: Ids = field(kinds.several(kinds.of_text("member", kinds.a_hex_id, empty=False)))
    final: bool = flag()


class Forgetting(OfContact):
    """Somebody who is hidden, and will be gone on a day. Its id is theirs. There is one for each id they ever had.

    `wish` is None of those who were merged into them, and where a restore has hidden somebody again without a key.
    """

    __tablename__ = "forgetting"

    due_on: Mapped[date] = mapped_column()
    wish: Sealed[Wish | None] = sealed(Wish, optional=True)

    @classmethod
    def of(cls, site_id: uuid.UUID, contact_id: uuid.UUID, *, to_change: bool = False) -> Self | None:
        """Of one of a site's who are hidden."""
        found = select(cls).filter_by(site_id=site_id, id=contact_id)
        return db.session.scalars(for_update(found) if to_change else found, execution_options=EVERY_ROW).first()

    @property
    def contact(self) -> Contact:
        """Whom it is about."""
        found = select(Contact).filter_by(site_id=self.site_id, id=self.contact_id)
        return db.session.scalars(found, execution_options=EVERY_ROW).one()

    @property
    def is_final(self) -> bool:
        """Does nobody stop it any more?"""
        return self.wish is not None and self.wish.final


def waiting(site_id: uuid.UUID) -> list[Forgetting]:
    """Who is hidden at a site, without those merged into them; who is gone first comes first."""
    here = select(Forgetting).filter_by(site_id=site_id).order_by(Forgetting.due_on, Forgetting.id)
    found = db.session.scalars(here, execution_options=EVERY_ROW)
    return [one for one in found if one.contact.merged_into is None]


def is_question(site: Site, contact: Contact) -> bool:
    """Is everybody to be asked before this one, too, is hidden? So many were within a week.

    Whoever was put together with somebody counts as well: else all would be made a few, and gone.
    """
    standing = register.sound_standing_of(site)
    if standing is not None and standing.may_forget():
        return False
    lately = select(Event).filter_by(site_id=site.id).where(Event.day > today() - timedelta(days=7))
    hidden = sum(int(one.whom or 1) for one in db.session.scalars(lately) if one.deed is Deed.HIDDEN)
    return hidden + 1 + len(merged_into_these([contact])) > A_WEEK_MAX


def begin(me: Membership, contact: Contact, *, asked: bool) -> None:
    """Hide somebody at once, to be gone in a week. `asked`: they asked for it themselves. Raises NotAllowed."""
    site = me.site
    db.session.refresh(site, with_for_update=True)  # of two at once, the second counts the first
    lock_all_before_contacts(site.id)
    contact = contact.lock()
    if is_question(site, contact):
        raise NotAllowed(Why.MANY_FORGOTTEN, most=A_WEEK_MAX)
    said_by = (me.member_id.hex,) if asked else ()
    wish = Wish(by=me.member.handle, at=now().isoformat(), asked=asked, said_by=said_by)
    rows = [contact, *merged_into_these([contact])]
    for row in rows:
        hidden = Forgetting(site_id=site.id, id=row.id, contact_id=row.id, due_on=today() + STOPPABLE_FOR)
        hidden.wish = wish if row is contact else None
        db.session.add(hidden)
    Event.note(site, Deed.HIDDEN, by=me.member.handle, whom=str(len(rows)))
    db.session.flush()


def confirm(me: Membership, hidden: Forgetting) -> None:
    """Another member says, too, that they asked for it. Raises NotAllowed."""
    wish, standing = hidden.wish, register.standing_of(me.site)
    if wish is None or not wish.asked:
        raise NotAllowed(Why.DID_NOT_ASK)
    if not standing.decides(me.member_id.hex):
        raise NotAllowed(Why.NOT_FOR_YOU_YET)
    if wish.final or me.member_id.hex in wish.said_by:
        return
    said_by = (*wish.said_by, me.member_id.hex)
    final = sum(standing.decides(one) for one in said_by) >= 2
    hidden.wish = dataclasses.replace(wish, said_by=said_by, final=final)
    if final:
        for one in _all_of(hidden):
            one.due_on = min(one.due_on, today() + CONFIRMED_FOR)
        Event.note(me.site, Deed.FORGETTING_CONFIRMED, by=me.member.handle)


def stop(me: Membership, hidden: Forgetting, reason: str) -> None:
    """They are back, with all that was noted of them; the reason and who gives it stand under what happened.

    Raises NotAllowed.
    """
    if hidden.is_final:
        raise NotAllowed(Why.FORGETTING_STANDS)
    if not register.standing_of(me.site).decides(me.member_id.hex):
        raise NotAllowed(Why.NOT_FOR_YOU_YET)
    if not can_be_seen(reason) or len(reason) > REASON_MAX:
        raise NotAllowed(Why.SAY_WHY, most=REASON_MAX)
    for one in _all_of(hidden):
        db.session.delete(one)
    Event.note(me.site, Deed.FORGETTING_STOPPED, by=me.member.handle, whom=reason)
    db.session.flush()


def forget_due(site: Site) -> int:
    """Forget those whose day has come; how many."""
    over = select(Forgetting).filter_by(site_id=site.id).where(Forgetting.due_on <= today()).order_by(Forgetting.id)
    if db.session.scalars(over.limit(1), execution_options=EVERY_ROW).first() is None:
        return 0
    lock_all_before_contacts(site.id)
    due = list(db.session.scalars(for_update(over), execution_options=EVERY_ROW))
    found = select(Contact).filter_by(site_id=site.id, merged_into=None).where(Contact.id.in_([one.id for one in due]))
    contacts = list(db.session.scalars(for_update(found.order_by(Contact.id)), execution_options=EVERY_ROW))
    by = {one.id: one.wish.by if one.wish else "" for one in due}
    erasure.forget_all(site.id, contacts)
    for contact in contacts:
        Event.note(site, Deed.FORGOTTEN, by=by[contact.id])
    return len(contacts)


def _all_of(hidden: Forgetting) -> list[Forgetting]:
    """The same under every id they had."""
    ids = [hidden.id, *(one.id for one in merged_into_these([hidden.contact]))]
    here = select(Forgetting).filter_by(site_id=hidden.site_id).where(Forgetting.id.in_(ids))
    return list(db.session.scalars(here, execution_options=EVERY_ROW))


# What hides them.


def _hide(state: orm.ORMExecuteState) -> None:
    if state.is_select and not state.is_column_load and not state.execution_options.get(*EVERY_ROW):
        state.statement = state.statement.options(*_only_seen())


@functools.cache  # the same for every query; SQLAlchemy would read the code of both conditions anew for each
def _only_seen() -> tuple[ExecutableOption, ...]:
    about = {"include_aliases": True, "propagate_to_loaders": False}
    return (
        orm.with_loader_criteria(Contact, lambda cls: _is_seen(cls.site_id, cls.id), **about),
        orm.with_loader_criteria(OfContact, lambda cls: _is_seen(cls.site_id, cls.contact_id), **about),
    )


def _is_seen(site_id: Any, contact_id: Any) -> ColumnElement[bool]:
    hidden = Forgetting.metadata.tables[Forgetting.__tablename__].alias()
    return ~exists().where(hidden.c.site_id == site_id, hidden.c.id == contact_id)


event.listen(Session, "do_orm_execute", _hide)
