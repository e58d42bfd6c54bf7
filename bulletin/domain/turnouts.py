"""Turnout: of those who were asked to an action, who committed and who came; and how many others did."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Collection, Iterable
from typing import Any, Self

from sqlalchemy import ForeignKeyConstraint, Select, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from ..db import db
from ..vault.sealed import Sealed, sealed
from .actions import Action, due_to_count
from .contacts import Contact, OfContact

SOME = 500  # ids in one query


class Turnout(OfContact):
    """One person and one action. `how`: committed, came, department and shift (hex ids, as they were then), by."""

    __tablename__ = "turnout"

    action_id: Mapped[uuid.UUID] = mapped_column(index=True)
    how: Sealed[dict[str, Any]] = sealed()

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

    @property
    def committed(self) -> bool:
        """Did they say that they would come?"""
        return bool(self.how["committed"])

    @property
    def came(self) -> bool:
        """Did they?"""
        return bool(self.how["came"])

    @property
    def unit(self) -> str:
        """Where they worked then: hex ids of department and shift, with a space between, either may be empty."""
        return f"{self.how['department']} {self.how['shift']}"

    def hand_over(self, contact: Contact) -> None:
        """The other contact's from now on; where both were asked, they were asked once."""
        mine = select(Turnout).filter_by(site_id=self.site_id, action_id=self.action_id, contact_id=contact.id)
        there = db.session.scalars(mine).first()
        if there is None:
            self.contact_id = contact.id
            return
        both = {name: there.how[name] or self.how[name] for name in ("committed", "came")}
        there.how = {**there.how, **both}
        db.session.delete(self)

    def forget(self) -> None:
        """Past turnout must add up: a name becomes a count."""
        action = Action.of(self.site_id, self.action_id, to_change=True)
        if action is not None:
            action.add_to_sums(self.unit, committed=self.committed, came=self.came)
        db.session.delete(self)


def note(
    action: Action,
    contacts: Iterable[Contact],
    *,
    by: str,
    committed: bool | None = None,
    came: bool | None = None,
) -> None:
    """Note of people whether they committed, or came, or both; who is in no list yet is now among those asked.

    None leaves as it is. The action must be held (Action.of with to_change).
    """
    known = Turnout.all_for(action)
    new = {key: value for key, value in (("committed", committed), ("came", came)) if value is not None}
    for contact in contacts:
        there = known.get(contact.id)
        if there is None:
            brief = contact.brief
            how = {"committed": False, "came": False, "department": brief["department"], "shift": brief["shift"]}
            db.session.add(
                Turnout(
                    site_id=action.site_id,
                    action_id=action.id,
                    contact_id=contact.id,
                    how={**how, **new, "by": by},
                )
            )
        elif any(there.how[key] != value for key, value in new.items()):
            there.how = {**there.how, **new, "by": by}


def take_out(action: Action, contact_ids: Collection[uuid.UUID]) -> None:
    """They were not asked after all: gone from the list, and from the sums."""
    for contact_id, there in Turnout.all_for(action).items():
        if contact_id in contact_ids:
            db.session.delete(there)


def become_counts(site_id: uuid.UUID) -> int:
    """Names of those who took part become counts, thirty days after; of how many actions."""
    done = 0
    for action in due_to_count(site_id):
        there = Turnout.all_for(action).values()
        for one in there:
            action.add_to_sums(one.unit, committed=one.committed, came=one.came)
            db.session.delete(one)
        done += bool(there)
    return done


@dataclasses.dataclass(frozen=True)
class Tally:
    """How many people. `came` are those in the list; `others` came too, and are in none."""

    asked: int = 0
    committed: int = 0
    came: int = 0
    others: int = 0

    @property
    def all_who_came(self) -> int:
        """Everybody who came, as far as it is known."""
        return self.came + self.others

    def __add__(self, more: Tally) -> Tally:
        return Tally(
            self.asked + more.asked,
            self.committed + more.committed,
            self.came + more.came,
            self.others + more.others,
        )


def by_unit(action: Action) -> dict[str, Tally]:
    """The turnout of an action by where people worked then, names and counts together; without the others."""
    found = {unit: Tally(*sums) for unit, sums in action.sums.items()}
    for one in db.session.scalars(Turnout.rows_for(action)):
        how = one.how
        unit = f"{how['department']} {how['shift']}"
        found[unit] = found.get(unit, Tally()) + Tally(1, int(how["committed"]), int(how["came"]))
    return found


def tally(action: Action) -> Tally:
    """The turnout of an action, with the others."""
    return sum(by_unit(action).values(), Tally(others=action.others))
