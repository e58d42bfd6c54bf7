"""What was taken in at once from a phone or a list: for a day it can be undone."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Moment, SiteOwned, db, now
from ..vault.sealed import Sealed, sealed

UNDONE_FOR = timedelta(days=1)


class Import(SiteOwned):
    """One taking in. `what`: contacts (hex ids, each with its version when it was taken in), by, source."""

    __tablename__ = "import"

    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    what: Sealed[dict[str, Any]] = sealed()

    @classmethod
    def at(cls, site_id: uuid.UUID) -> list[Self]:
        """Those of a site that can still be undone, the last first."""
        lately = select(cls).filter_by(site_id=site_id).where(cls.made_at > now() - UNDONE_FOR)
        return list(db.session.scalars(lately.order_by(cls.made_at.desc())))
