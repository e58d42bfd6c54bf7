"""Invitations: a secret in a link, that opens one place in one site, once."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Self

from sqlalchemy import ForeignKey, LargeBinary, delete, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bulletin.db import Record, db, today
from bulletin.domain.site.accounts.handles import is_alike_at
from bulletin.domain.site.accounts.members import Member, Membership
from bulletin.domain.site.governance.standing import ANSWERED_WITHIN
from bulletin.vault import keys, words

from .refusals import NotAllowed, Why
from .sites import Site

LASTS = ANSWERED_WITHIN


class Invitation(Record):
    """To join a site, or, where it has none, to found one. Its secret is nowhere but in the link.

    One with a `matter_id` is for somebody in no site, whom the sites ask to do something: no key of any site is in it.

    In the clear stands its day alone, and it lasts until the end of the last; the register knows the moment of one to
    join.
    """

    __tablename__ = "invitation"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    site_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("site.id"), index=True)
    site: Mapped[Site | None] = relationship()
    issued_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("member.id"), index=True)
    issued_by: Mapped[Member] = relationship(foreign_keys=[issued_by_id])
    issued_on: Mapped[date] = mapped_column(default=today)
    secret_digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    matter_id: Mapped[uuid.UUID | None] = mapped_column()

    @classmethod
    def issue(cls, by: Membership, site_key: bytes, *, form_id: uuid.UUID | None = None) -> tuple[Self, bytes]:
        """An invitation to join a site, and its secret. Who says that it is fine stands in the register."""
        cls._take_back(form_id, by.member)
        secret = words.new_link_secret()
        invitation = cls(
            id=form_id or uuid.uuid4(),
            site=by.site,
            issued_by=by.member,
            issued_on=today(),
            secret_digest=keys.digest(secret),
        )
        invitation.wrapped_key = keys.wrap(secret, site_key, invitation._context(by.site_id))
        db.session.add(invitation)
        return invitation, secret

    @classmethod
    def issue_to_found(cls, by: Member, *, form_id: uuid.UUID | None = None) -> tuple[Self, bytes]:
        """An invitation to found a further site, and its secret."""
        cls._take_back(form_id, by)
        secret = words.new_link_secret()
        invitation = cls(id=form_id or uuid.uuid4(), issued_by=by, issued_on=today(), secret_digest=keys.digest(secret))
        db.session.add(invitation)
        return invitation, secret

    @classmethod
    def issue_to_asked(cls, by: Membership, matter_id: uuid.UUID) -> bytes:
        """The secret of one for whom a site's matter asks; the one before opens nothing any more."""
        db.session.execute(delete(cls).filter_by(site_id=by.site_id, matter_id=matter_id))
        secret = words.new_link_secret()
        about = {"issued_by": by.member, "issued_on": today(), "secret_digest": keys.digest(secret)}
        db.session.add(cls(id=uuid.uuid4(), site=by.site, matter_id=matter_id, **about))
        return secret

    @classmethod
    def _take_back(cls, form_id: uuid.UUID | None, by: Member) -> None:
        """Delete what this form made before, if it did."""
        earlier = db.session.get(cls, form_id, with_for_update=True) if form_id else None
        if earlier is None:
            return
        if earlier.issued_by_id != by.id:
            raise NotAllowed(Why.ANOTHERS_FORM)
        earlier.spend()
        db.session.flush()

    @classmethod
    def open_at(cls, site: Site) -> list[Self]:
        """Those to join a site that have not run out, the newest first."""
        here = select(cls).filter_by(site_id=site.id, matter_id=None).where(cls.issued_on >= today() - LASTS)
        return list(db.session.scalars(here.order_by(cls.issued_on.desc(), cls.id)))

    @classmethod
    def to_found_by(cls, member: Member) -> list[Self]:
        """Those to found a site that a member has made, the newest first."""
        mine = select(cls).filter_by(site_id=None, issued_by_id=member.id).where(cls.issued_on >= today() - LASTS)
        return list(db.session.scalars(mine.order_by(cls.issued_on.desc(), cls.id)))

    @classmethod
    def with_secret(cls, secret: bytes, *, to_asked: bool = False) -> Self | None:
        """The invitation with this secret, if it has not run out: of those to join or found, or of those `to_asked`."""
        valid = select(cls).filter_by(secret_digest=keys.digest(secret)).where(cls.issued_on >= today() - LASTS)
        valid = valid.where(cls.matter_id.is_not(None) if to_asked else cls.matter_id.is_(None))
        return db.session.scalars(valid.with_for_update()).first()  # two answers at once: one of them waits

    @classmethod
    def sweep(cls) -> None:
        """Delete those that have run out."""
        for invitation in db.session.scalars(select(cls).where(cls.issued_on < today() - LASTS)):
            db.session.delete(invitation)

    def check(self, member: Member) -> None:
        """Raise NotAllowed for a member who cannot join by it."""
        if self.site is None:
            return
        if Membership.of(member, self.site.id) is not None:
            raise NotAllowed(Why.IN_ALREADY)
        if is_alike_at(self.site, member.handle):
            raise NotAllowed(Why.HANDLE_ALIKE)

    def open_key(self, secret: bytes) -> bytes:
        """The key of its site; raises keys.DoesNotOpen."""
        assert self.site_id is not None  # noqa: S101  # one to found a site has none
        assert self.wrapped_key is not None  # noqa: S101
        return keys.unwrap(secret, self.wrapped_key, self._context(self.site_id))

    def spend(self) -> None:
        """It can be answered once, and taken back: then it is gone."""
        db.session.delete(self)

    def _context(self, site_id: uuid.UUID) -> bytes:
        return keys.context("invitation", site_id, self.id)
