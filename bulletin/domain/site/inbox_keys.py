"""A site's inbox keys: anybody can seal a letter to the public one; who has the site open opens it.

The private key is sealed under the site's key and changes with it. The one before is kept for 90 days: a phone may be
without signal for that long. After that nothing is left that opens what was sealed to it.
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Self

from sqlalchemy import LargeBinary, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from bulletin.db import SiteOwned, db, today
from bulletin.vault import keys, kinds
from bulletin.vault.sealed import Sealed, sealed

from .sites import Site

KEPT_FOR = timedelta(days=90)
PROOF, LETTER = "proof", "letter"


class InboxKey(SiteOwned):
    """One of them. `ended_on`: since when letters are sealed to another; None for the one of today."""

    __tablename__ = "inbox_key"

    public: Mapped[bytes] = mapped_column(LargeBinary)
    ended_on: Mapped[date | None] = mapped_column()
    secret: Sealed[str] = sealed(kinds.plain_text())  # in hex

    @classmethod
    def at(cls, site_id: uuid.UUID) -> list[Self]:
        """A site's, the one of today first."""
        mine = select(cls).filter_by(site_id=site_id).order_by(cls.ended_on.is_not(None), cls.ended_on.desc(), cls.id)
        return list(db.session.scalars(mine))

    @classmethod
    def current(cls, site_id: uuid.UUID) -> Self | None:
        """The one that letters are sealed to; None where a release before made the site, and nobody has opened it."""
        return db.session.scalars(select(cls).filter_by(site_id=site_id, ended_on=None)).first()

    @classmethod
    def renew(cls, site: Site) -> None:
        """Another one from here on. The site must be open, and held."""
        if (before := cls.current(site.id)) is not None:
            before.ended_on = today()
        made = keys.PrivateKey()
        db.session.add(cls(site=site, public=made.public, secret=made.secret.hex()))
        db.session.flush()

    @classmethod
    def sweep(cls, site_id: uuid.UUID) -> bool:
        """Delete those that ended long ago. Were there any?"""
        old = delete(cls).filter_by(site_id=site_id).where(cls.ended_on <= today() - KEPT_FOR)
        return bool(db.session.execute(old).rowcount)  # type: ignore[attr-defined]

    @property
    def private(self) -> keys.PrivateKey:
        """What opens letters."""
        return keys.PrivateKey(bytes.fromhex(self.secret))

    def proof_for(self, member_id: uuid.UUID, phone: bytes | None) -> bytes:
        """What a member's phone is given, and puts into its letters: only who has the site open can make it again.

        `phone`: what its token is looked up by; None for what a release before gave to all phones of a member.
        """
        about = (member_id,) if phone is None else (member_id, phone.hex())
        return keys.derived(bytes.fromhex(self.secret), PROOF, self.site_id, *about)


def about(site_id: uuid.UUID, letter_id: uuid.UUID) -> bytes:
    """What a letter is sealed with: it opens at this site only, and under this id. static/js/queue.js says the same."""
    return keys.context(LETTER, site_id, letter_id)
