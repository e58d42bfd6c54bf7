"""Exports: everything a site has, to be taken elsewhere. One member asks, another agrees, and all can see it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from ..db import Moment, SiteOwned, now
from ..vault.sealed import Sealed, sealed


class Export(SiteOwned):
    """One that somebody asked for. `what`: by and agreed_by (handles), by_id and agreed_by_id (hex ids of members)."""

    __tablename__ = "export"

    asked_at: Mapped[datetime] = mapped_column(Moment, default=now)
    what: Sealed[dict[str, Any]] = sealed()
