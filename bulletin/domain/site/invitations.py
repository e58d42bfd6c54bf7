"""Invitations: a secret in a link, that opens one place in one site, once."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import ForeignKey, LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bulletin.db import Moment, Record, db, now
from bulletin.vault import keys, words

from .members import FEW, Member, Membership
from .refusals import NotAllowed, Why
from .sites import Site

LASTS = timedelta(days=7)


class Invitation(Record):
    """To join a site, or, where it has none, to found one. Its secret is nowhere but in the link."""

    __tablename__ = "invitation"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    site_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("site.id"), index=True)
    site: Mapped[Site | None] = relationship()
    issued_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("member.id"), index=True)
    issued_by: Mapped[Member] = relationship(foreign_keys=[issued_by_id])
    issued_at: Mapped[datetime] = mapped_column(Moment, default=now)
    seconded_at: Mapped[datetime | None] = mapped_column(Moment)
    secret_digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)

    @classmethod
    def issue(cls, by: Membership, site_key: bytes, *, form_id: uuid.UUID | None = None) -> tuple[Self, bytes]:
        """An invitation to join a site, and its secret. From three members on a second one must agree to it.

        A form that is sent twice gives one invitation, with the secret of the second answer: the one that is seen.
        """
        cls._take_back(form_id, by.member)
        secret = words.new_link_secret()
        invitation = cls(
            id=form_id or uuid.uuid4(),
            site=by.site,
            issued_by=by.member,
            secret_digest=keys.digest(secret),
        )
        invitation.wrapped_key = keys.wrap(secret, site_key, invitation._context(by.site_id))
        db.session.add(invitation)
        return invitation, secret

    @classmethod
    def issue_to_found(cls, by: Member, *, form_id: uuid.UUID | None = None) -> tuple[Self, bytes]:
        """An invitation to found a further site, and its secret. Any member may issue one alone."""
        cls._take_back(form_id, by)
        secret = words.new_link_secret()
        invitation = cls(id=form_id or uuid.uuid4(), issued_by=by, secret_digest=keys.digest(secret))
        db.session.add(invitation)
        return invitation, secret

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
        """Those to join a site that can still be answered or seconded, the newest first."""
        since = select(cls).filter_by(site_id=site.id).where(cls.issued_at > now() - LASTS)
        return list(db.session.scalars(since.order_by(cls.issued_at.desc())))

    @classmethod
    def to_found_by(cls, member: Member) -> list[Self]:
        """Those to found a site that a member has made, the newest first."""
        mine = select(cls).filter_by(site_id=None, issued_by_id=member.id).where(cls.issued_at > now() - LASTS)
        return list(db.session.scalars(mine.order_by(cls.issued_at.desc())))

    @classmethod
    def found(cls, secret: bytes) -> Self | None:
        """The invitation with this secret, if it can be answered now."""
        invitation = cls._with(secret)
        return invitation if invitation is not None and invitation._stands() and not invitation.waits else None

    @classmethod
    def waiting(cls, secret: bytes) -> bool:
        """Is there one with this secret that can be answered as soon as a second member agrees?"""
        invitation = cls._with(secret)
        return invitation is not None and invitation._stands() and invitation.waits

    @classmethod
    def _with(cls, secret: bytes) -> Self | None:
        valid = select(cls).filter_by(secret_digest=keys.digest(secret)).where(cls.issued_at > now() - LASTS)
        return db.session.scalars(valid.with_for_update()).first()  # two answers at once: one of them waits

    @classmethod
    def sweep(cls) -> None:
        """Delete those that have run out."""
        for invitation in db.session.scalars(select(cls).where(cls.issued_at <= now() - LASTS)):
            db.session.delete(invitation)

    def _stands(self) -> bool:
        """Is whoever issued it not gone or locked out since?"""
        return self.site is None or self.issued_by.membership_at(self.site.id) is not None

    @property
    def waits(self) -> bool:
        """Does a second member have to agree first? As many as are in the site now, not when it was issued."""
        return self.site is not None and self.seconded_at is None and Membership.count_at(self.site) >= FEW

    def second(self, by: Membership) -> None:
        """Agree to it as another member of the site."""
        if by.member_id == self.issued_by_id:
            raise NotAllowed(Why.NOT_BY_YOURSELF)
        if not by.may_second:
            raise NotAllowed(Why.HERE_TOO_SHORT)
        self.seconded_at = now()

    def check(self, member: Member) -> None:
        """Raise NotAllowed for a member who cannot join by it."""
        if self.site is not None and Membership.of(member, self.site.id) is not None:
            raise NotAllowed(Why.IN_ALREADY)

    def answer(self, secret: bytes, member: Member) -> Membership:
        """Join the site; the invitation is spent."""
        assert self.site is not None  # noqa: S101  # one to found a site is answered by founding
        assert self.wrapped_key is not None  # noqa: S101
        self.check(member)
        site_key = keys.unwrap(secret, self.wrapped_key, self._context(self.site.id))
        membership = Membership.begin(member, self.site, site_key)
        self.spend()
        return membership

    def spend(self) -> None:
        """It can be answered once, and taken back: then it is gone."""
        db.session.delete(self)

    def _context(self, site_id: uuid.UUID) -> bytes:
        return keys.context("invitation", site_id, self.id)
