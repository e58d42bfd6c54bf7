"""Records for tests: in metadata of their own, so that no migration is ever made for them."""

from __future__ import annotations

import datetime
import uuid

import sqlalchemy as sa
from sqlalchemy import orm

from bulletin import db

OWN = sa.MetaData(naming_convention=db.CONSTRAINT_NAMES)


class Sample(db.Record):
    __abstract__ = True
    metadata = OWN


class SampleOwned(db.SiteOwned):
    __abstract__ = True
    metadata = OWN


class SampleWritten(db.SiteWritten):
    __abstract__ = True
    metadata = OWN


class Place(Sample):
    __tablename__ = "site"
    id: orm.Mapped[uuid.UUID] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str]
    since: orm.Mapped[datetime.datetime | None]


class Parcel(SampleOwned):
    name: orm.Mapped[str]
    weight: orm.Mapped[int] = orm.mapped_column(default=0)
    notes: orm.Mapped[list[Note]] = orm.relationship(back_populates="parcel")

    @property
    def sealed(self) -> str:
        return self.name

    @sealed.setter
    def sealed(self, words: str) -> None:
        """Like a sealed field: cannot be set before it is known which row it belongs to."""
        assert isinstance(self.site_id, uuid.UUID)
        assert isinstance(self.id, uuid.UUID)
        self.name = f"{words} of {self.site_id}/{self.id}"


class Note(SampleOwned):
    __table_args__ = (sa.ForeignKeyConstraint(["site_id", "parcel_id"], ["parcel.site_id", "parcel.id"]),)
    parcel_id: orm.Mapped[uuid.UUID]
    words: orm.Mapped[str]
    more: orm.Mapped[str | None] = orm.mapped_column(deferred=True)
    parcel: orm.Mapped[Parcel] = orm.relationship(back_populates="notes")


class Leaflet(SampleWritten):
    words: orm.Mapped[str]
    more: orm.Mapped[str | None] = orm.mapped_column(deferred=True)
