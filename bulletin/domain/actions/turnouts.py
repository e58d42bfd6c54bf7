"""Turnout: of those who were asked to an action, who committed and who came; and how many others did."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Collection, Iterable
from typing import Any, Self

from sqlalchemy import ForeignKeyConstraint, Select, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from bulletin.db import EVERY_ROW, db
from bulletin.domain.people.contacts import Brief, Contact, OfContact, name_key
from bulletin.domain.site.refusals import NotAllowed
from bulletin.vault.sealed import Sealed, sealed
from bulletin.vault.shapes import N_, Shape, both_unknown, flag, hex_id, plain_text, shape

from .actions import Action, due_to_count
from .refusals import Why


@shape
class Part(Shape):
    """How it went with somebody; where they worked is as it was then."""

    committed: bool = flag(N_("Said that they would come"))
    came: bool = flag(N_("Came"))
    department: str = hex_id("department")
    shift: str = hex_id("shift")
    by: str = plain_text(N_("Noted by"), column=None)


class Turnout(OfContact):
    """One person and one action."""

    __tablename__ = "turnout"

    action_id: Mapped[uuid.UUID] = mapped_column(index=True)
    how: Sealed[Part] = sealed(Part)

    @classmethod
    def _more_args(cls) -> tuple[Any, ...]:
        return (
            ForeignKeyConstraint(["site_id", "action_id"], ["action.site_id", "action.id"]),
            UniqueConstraint("site_id", "action_id", "contact_id"),
        )

    @classmethod
    def rows_for(cls, action: Action) -> Select[Self]:
        """The query for all of an action's."""
        return select(cls).filter_by(site_id=action.site_id, action_id=action.id)

    @classmethod
    def all_for(cls, action: Action) -> dict[uuid.UUID, Self]:
        """Who was asked to an action, by the id of the contact."""
        return {one.contact_id: one for one in db.session.scalars(cls.rows_for(action))}

    @classmethod
    def of_contact(cls, contact: Contact) -> list[tuple[Self, Action]]:
        """What somebody was asked to, each with its action, the latest first."""
        asked = [(one, Action.of(contact.site_id, one.action_id)) for one in db.session.scalars(cls.rows_of(contact))]
        found = [(one, action) for one, action in asked if action is not None]
        return sorted(found, key=lambda pair: pair[1].start, reverse=True)

    @property
    def committed(self) -> bool:
        """Did they say that they would come?"""
        return self.how.committed

    @property
    def came(self) -> bool:
        """Did they?"""
        return self.how.came

    @property
    def unit(self) -> str:
        """Where they worked then: hex ids of department and shift, with a space between, either may be empty."""
        return f"{self.how.department} {self.how.shift}"

    @classmethod
    def lock_before_contacts(cls, site_id: uuid.UUID) -> None:
        """All actions: who ticks holds theirs first, and may put these people on any list just now."""
        Action.lock_in_order(site_id)

    def reassign(self, contact: Contact) -> None:
        """The other contact's from now on; where both were asked, they were asked once."""
        mine = select(Turnout).filter_by(site_id=self.site_id, action_id=self.action_id, contact_id=contact.id)
        there = db.session.scalars(mine).first()
        if there is None:
            self.contact_id = contact.id
            return
        how = there.how
        there.how = dataclasses.replace(
            how,
            committed=how.committed or self.committed,
            came=how.came or self.came,
            unknown=both_unknown(how, self.how),
        )
        db.session.delete(self)

    def forget(self) -> None:
        """Past turnout must add up: a name becomes a count."""
        action = Action.of(self.site_id, self.action_id, to_change=True)
        if action is not None:
            action.add_to_sums(self.unit, committed=self.committed, came=self.came)
        db.session.delete(self)


@dataclasses.dataclass(frozen=True)
class Asked:
    """Somebody who was asked to an action, opened once: what lists show of them, and how it went with them."""

    contact_id: uuid.UUID
    brief: Brief
    how: Part


def asked_to(action: Action) -> list[Asked]:
    """Who was asked to an action, by name."""
    there = Turnout.all_for(action)
    found = [Asked(one.id, one.brief, there[one.id].how) for one in Contact.among(action.site_id, there.keys())]
    return sorted(found, key=lambda one: (name_key(one.brief.name), one.contact_id))


def note(
    action: Action,
    contacts: Iterable[Contact],
    *,
    by: str,
    committed: bool | None = None,
    came: bool | None = None,
) -> None:
    """Note of people whether they committed, or came, or both; who is in no list yet is now among those asked.

    Who was merged with another meanwhile is that one; who was forgotten, nobody.
    None leaves as it is. The action must be held (Action.of with to_change). Raises NotAllowed.
    """
    if action.counted:
        raise NotAllowed(Why.NAMES_ARE_NUMBERS)
    held = Contact.lock_in_order(action.site_id, [one.id for one in contacts])
    rows = Turnout.rows_for(action).execution_options(populate_existing=True)  # as they are now that all are held
    known = {one.contact_id: one for one in db.session.scalars(rows)}
    new: dict[str, Any] = {key: value for key, value in (("committed", committed), ("came", came)) if value is not None}
    for contact in held:
        there = known.get(contact.id)
        if there is None:
            brief = contact.brief
            how = Part(department=brief.department, shift=brief.shift)
            known[contact.id] = Turnout(
                site_id=action.site_id,
                action_id=action.id,
                contact_id=contact.id,
                how=dataclasses.replace(how, **new, by=by),
            )
            db.session.add(known[contact.id])
        elif any(getattr(there.how, key) != value for key, value in new.items()):
            there.how = dataclasses.replace(there.how, **new, by=by)
        else:
            continue
        contact.meet()


def take_out(action: Action, contact_ids: Collection[uuid.UUID]) -> None:
    """They were not asked after all: gone from the list, and from the sums."""
    for contact_id, there in Turnout.all_for(action).items():
        if contact_id in contact_ids:
            db.session.delete(there)


def untouched(action: Action) -> bool:
    """Is nobody in its list, and nothing noted of it?"""
    listed = db.session.scalars(Turnout.rows_for(action).limit(1), execution_options=EVERY_ROW).first()
    return listed is None and not action.sums and action.outcome is None and action.lesson is None


def call_off(action: Action) -> None:
    """It does not take place: it is gone. The action must be held. Raises NotAllowed."""
    if not untouched(action):
        raise NotAllowed(Why.SOMETHING_NOTED)
    db.session.delete(action)


def become_counts(site_id: uuid.UUID) -> int:
    """Names of those who took part become counts, thirty days after; of how many actions."""
    done = 0
    named = set(db.session.scalars(select(Turnout.action_id).filter_by(site_id=site_id).distinct()))
    for action in [one for one in due_to_count(site_id) if one.id in named]:
        there = Turnout.all_for(action).values()
        for one in there:
            action.add_to_sums(one.unit, committed=one.committed, came=one.came)
            db.session.delete(one)
        done += bool(there)
    return done


@dataclasses.dataclass(frozen=True)
class TurnoutCount:
    """How many people. `came` are those in the list; `others` came too, and are in none."""

    asked: int = 0
    committed: int = 0
    came: int = 0
    others: int = 0

    @property
    def all_who_came(self) -> int:
        """Everybody who came, as far as it is known."""
        return self.came + self.others

    def __add__(self, more: TurnoutCount) -> TurnoutCount:
        return TurnoutCount(
            self.asked + more.asked,
            self.committed + more.committed,
            self.came + more.came,
            self.others + more.others,
        )


def by_unit(action: Action) -> dict[str, TurnoutCount]:
    """The turnout of an action by where people worked then, names and counts together; without the others."""
    found = {unit: TurnoutCount(*sums) for unit, sums in action.sums.items()}
    for one in db.session.scalars(Turnout.rows_for(action)):
        how = one.how
        unit = f"{how.department} {how.shift}"
        found[unit] = found.get(unit, TurnoutCount()) + TurnoutCount(1, int(how.committed), int(how.came))
    return found


def count_turnout(action: Action, asked: Iterable[Asked] | None = None) -> TurnoutCount:
    """The turnout of an action, with the others. `asked`: who was, where they are opened already."""
    if asked is None:
        return sum(by_unit(action).values(), TurnoutCount(others=action.others))
    counted = [TurnoutCount(*sums) for sums in action.sums.values()]
    named = [TurnoutCount(1, int(one.how.committed), int(one.how.came)) for one in asked]
    return sum((*counted, *named), TurnoutCount(others=action.others))
