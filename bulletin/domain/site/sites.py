"""A network and its sites. What stands here says where a group is, not who is in it, and is in the clear."""

from __future__ import annotations

import enum
import uuid
import zoneinfo
from datetime import date
from typing import Self

from sqlalchemy import ForeignKey, String, false, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bulletin.db import Record, db, today

ABOUT_MAX = 80  # letters of what others see of a site
SCREEN_NAME_MAX = 24  # letters; it stands beside other words on the narrowest phone
IDLE_MINUTES, IDLE_MINUTES_MAX = 15, 60


class SiteKind(enum.StrEnum):
    """What a site is, which is where its words come from."""

    WORKPLACE = "workplace"
    TENANTS = "tenants"
    NEIGHBOURHOOD = "neighbourhood"
    CAMPAIGN = "campaign"


class Network(Record):
    """The whole: one to an installation."""

    __tablename__ = "network"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(String(80))

    @classmethod
    def here(cls) -> Self | None:
        """The network of this installation; None before it is founded."""
        return db.session.scalars(select(cls)).first()


class Site(Record):
    """One self-organised group and where it is. `generation` is that of its key."""

    __tablename__ = "site"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    network_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("network.id"))
    network: Mapped[Network] = relationship()
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    country: Mapped[str] = mapped_column(String(2))
    time_zone: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(35))
    paper: Mapped[str] = mapped_column(String(10))
    # What its screens say, where somebody may look over a shoulder; empty: a dull word of ours. Never told to others.
    screen_name: Mapped[str] = mapped_column(String(SCREEN_NAME_MAX), default="", server_default="")
    # Nobody asks for it: rows and backups of older releases have it, and they must arrive.
    founded_on: Mapped[date] = mapped_column(default=today)
    generation: Mapped[int] = mapped_column(default=1)
    rotation_due: Mapped[bool] = mapped_column(default=False)
    agreeing: Mapped[int] = mapped_column(default=2, server_default="2")  # before there was a register: see there
    restored: Mapped[bool] = mapped_column(default=False, server_default=false())  # and not opened since
    tended_on: Mapped[date | None] = mapped_column()  # the day on which what falls due by itself was last done
    # What other sites see of it, in the clear because it was told. Empty where nobody said.
    sector: Mapped[str] = mapped_column(String(ABOUT_MAX), default="", server_default="")
    whereabouts: Mapped[str] = mapped_column(String(ABOUT_MAX), default="", server_default="")
    languages: Mapped[str] = mapped_column(String(ABOUT_MAX), default="", server_default="")
    reach: Mapped[str] = mapped_column(String(ABOUT_MAX), default="", server_default="")  # seen by sites only
    told_to: Mapped[str | None] = mapped_column(String(10))  # whom it told something last; None before it did
    in_since: Mapped[date | None] = mapped_column(index=True)  # in the network; None while it is not
    # After how long without use a phone asks for its six digits. In the clear: who asks has opened nothing yet.
    idle_minutes: Mapped[int] = mapped_column(default=IDLE_MINUTES, server_default=str(IDLE_MINUTES))
    put_out_on: Mapped[date | None] = mapped_column()  # by two thirds of the others, when last

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """Its time zone: days and hours on its pages are those of its own clocks."""
        return zoneinfo.ZoneInfo(self.time_zone)

    @classmethod
    def count(cls) -> int:
        """How many sites there are on this installation."""
        return db.session.scalar(select(func.count()).select_from(cls)) or 0
