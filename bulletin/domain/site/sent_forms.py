"""Forms that have made something, each by its id: what was sent is compared when the same form comes once more."""

from __future__ import annotations

import datetime
import hashlib
import json
import uuid
from collections.abc import Iterable
from typing import Self

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, mapped_column

from bulletin.db import SiteOwned, db, today
from bulletin.vault import kinds
from bulletin.vault.sealed import Sealed, sealed

from .signs import in_lines

KEPT_FOR = datetime.timedelta(days=30)  # a page that was open for longer is compared with nothing


def digest_of(typed: Iterable[tuple[str, str]], files: Iterable[tuple[str, bytes]] = ()) -> str:
    """Of all that was sent, by fields; in whatever order a page has them."""
    told = [[name, in_lines(text).strip()] for name, text in sorted(typed)]
    told += [[name, hashlib.sha256(content).hexdigest()] for name, content in sorted(files)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


class SentForm(SiteOwned):
    """One form, under the id that what it made has too. `digest`: of all that was sent; sealed, or else words could be
    guessed by it. In the clear is the day alone.
    """

    __tablename__ = "sent_form"

    sent_on: Mapped[datetime.date] = mapped_column(default=today)
    digest: Sealed[str] = sealed(kinds.plain_text())

    @classmethod
    def of(cls, site_id: uuid.UUID, form_id: uuid.UUID) -> Self | None:
        """What is known of a form; None where it made nothing, or did so long ago, or under an earlier release."""
        return db.session.scalars(select(cls).filter_by(site_id=site_id, id=form_id)).first()

    @classmethod
    def keep(cls, site_id: uuid.UUID, form_id: uuid.UUID, digest: str) -> None:
        """It makes something now."""
        known = cls.of(site_id, form_id)
        if known is None:
            db.session.add(cls(site_id=site_id, id=form_id, digest=digest))
        else:  # what it had made is gone
            known.digest, known.sent_on = digest, today()

    @classmethod
    def sweep(cls, site_id: uuid.UUID) -> bool:
        """Delete those of long ago. Were there any?"""
        old = delete(cls).filter_by(site_id=site_id).where(cls.sent_on <= today() - KEPT_FOR)
        return bool(db.session.execute(old).rowcount)  # type: ignore[attr-defined]

    @classmethod
    def forget_all(cls, site_id: uuid.UUID) -> None:
        """Somebody is forgotten: no id of theirs stays, nor a digest of what was said of them."""
        db.session.execute(delete(cls).filter_by(site_id=site_id))
