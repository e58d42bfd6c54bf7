"""What happened at a site, to whom, by whom: for its members to read."""

from __future__ import annotations

import enum
import uuid
from datetime import date, datetime
from typing import Self

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, mapped_column

from bulletin.db import SiteOwned, db, now, today
from bulletin.vault.sealed import Sealed, sealed
from bulletin.vault.shapes import Shape, choice, moment, plain_text, shape

from .sites import Site


class Deed(enum.StrEnum):
    """What can happen to a site's members and keys."""

    FOUNDED = "founded"
    INVITED = "invited"
    INVITATION_SECONDED = "invitation seconded"
    INVITATION_WITHDRAWN = "invitation withdrawn"
    FOUNDING_INVITED = "founding invited"
    FOUNDING_WITHDRAWN = "founding withdrawn"
    JOINED = "joined"
    LEFT = "left"
    REMOVAL_ASKED = "removal asked"
    REMOVAL_SECONDED = "removal seconded"
    REMOVAL_WITHDRAWN = "removal withdrawn"
    KEY_CHANGED = "key changed"
    AGREEING_CHANGED = "agreeing changed"
    EXPORT_ASKED = "export asked"
    EXPORT_AGREED = "export agreed"
    EXPORT_WITHDRAWN = "export withdrawn"
    EXPORTED = "exported"
    BROUGHT_IN = "brought in"
    CONTACTS_IMPORTED = "contacts imported"
    IMPORT_UNDONE = "import undone"
    FORGOTTEN = "forgotten"
    FORGOTTEN_STALE = "forgotten stale"
    LOCKED = "locked"
    LET_IN = "let in"
    REMOVED = "removed"
    DECIDES = "decides"
    DELETION_ASKED = "deletion asked"
    NUMBER_ASKED = "number asked"
    EXPORT_PASSED = "export passed"
    REMOVAL_ENDED = "removal ended"
    EXPORT_ENDED = "export ended"
    DELETION_ENDED = "deletion ended"
    NUMBER_ENDED = "number ended"
    LAPSES = "lapses"
    LAPSED = "lapsed"
    FOUNDING_ASKED = "founding asked"
    REGISTER_BEGUN = "register begun"
    RESTORED = "restored"
    LOCKED_AGAIN = "locked again"
    PLACE_MISSING = "place missing"
    NOT_KNOWN = "not known"
    OWN_TAKEN = "own taken"
    TOLD = "told"  # to other sites, or to anyone
    TAKEN_BACK = "taken back"
    NETWORK_TAKEN = "network taken"  # what the network's page shows, along
    PUT = "put"  # something to the other sites, for them to answer
    ANSWERED = "answered"
    LINK_TO_ASKED = "link to asked"  # for somebody in no site, whom the sites ask to do something
    ANSWER_TAKEN_BACK = "answer taken back"
    MEMBER_KEY_CHANGED = "member key changed"
    IDLE_CHOSEN = "idle chosen"  # after how long phones ask for their digits
    MERGED = "merged"  # two contacts, who are one person
    HIDDEN = "hidden"  # a contact, to be forgotten; `whom` says under how many ids
    FORGETTING_CONFIRMED = "forgetting confirmed"
    FORGETTING_STOPPED = "forgetting stopped"
    FORGETTING_ASKED = "forgetting asked"
    FORGETTING_PASSED = "forgetting passed"
    FORGETTING_ENDED = "forgetting ended"
    READ_MANY = "read many"  # pages of people, on a day


@shape
class Done(Shape):
    """What was done, when, and the handles of who did it and to whom."""

    deed: Deed = choice("", Deed)
    by: str = plain_text()
    whom: str = plain_text()
    at: str = moment(past=True)


class Event(SiteOwned):
    """One deed. In the clear is the day; who and what is sealed."""

    __tablename__ = "event"

    day: Mapped[date] = mapped_column(default=today)
    what: Sealed[Done] = sealed(Done)

    @classmethod
    def note(cls, site: Site, deed: Deed, *, by: str = "", whom: str = "", once: uuid.UUID | None = None) -> Self:
        """Write down a deed; handles, not accounts, because people go.

        once: an id of the server's own, for which it is written down a single time. No form's: whoever sends that again
        would keep a deed from being written down.
        """
        known = db.session.get(cls, (site.id, once)) if once else None
        if known is not None:
            return known
        what = Done(deed=deed, by=by, whom=whom, at=now().isoformat())
        event = cls(site=site, id=once, day=today(), what=what)
        db.session.add(event)
        return event

    @classmethod
    def at(cls, site_id: uuid.UUID) -> list[Self]:
        """What happened at a site, the latest first."""
        events = db.session.scalars(select(cls).filter_by(site_id=site_id))
        return sorted(events, key=lambda event: event.what.at, reverse=True)

    @classmethod
    def is_noted_today(cls, site_id: uuid.UUID, deed: Deed, *, by: str) -> bool:
        """Was this written down today?"""
        events = db.session.scalars(select(cls).filter_by(site_id=site_id, day=today()))
        return any(one.deed is deed and one.by == by for one in events)

    @classmethod
    def count_at(cls, site_id: uuid.UUID) -> int:
        """How much has happened at a site."""
        return db.session.scalar(select(func.count()).select_from(cls).filter_by(site_id=site_id)) or 0

    @classmethod
    def some_at(cls, site_id: uuid.UUID, which: range) -> list[Self]:
        """Some of what happened at a site, the latest first; the latest is at 0. No more than their days are opened."""
        here = select(cls).filter_by(site_id=site_id)
        latest_first = here.with_only_columns(cls.day).order_by(cls.day.desc())
        days = db.session.scalars(latest_first.offset(which.start).limit(len(which))).all()
        if not days:
            return []
        later = here.with_only_columns(func.count()).where(cls.day > days[0])
        begins = which.start - (db.session.scalar(later) or 0)
        events = db.session.scalars(here.where(cls.day.between(days[-1], days[0])))
        in_order = sorted(events, key=lambda event: (event.day, event.what.at), reverse=True)
        return in_order[begins : begins + len(days)]

    @property
    def moment(self) -> datetime:
        """When it was done."""
        return datetime.fromisoformat(self.what.at)

    @property
    def deed(self) -> Deed:
        """What was done."""
        return self.what.deed

    @property
    def by(self) -> str:
        """The handle of who did it; empty where nobody did."""
        return self.what.by

    @property
    def whom(self) -> str:
        """The handle of whom it was done to; empty where nobody was."""
        return self.what.whom
