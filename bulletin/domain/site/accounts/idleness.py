"""Which phones were not used for long: what their cookies open is overwritten, and no moment stands on the disk."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select

from bulletin.db import db, now

from .devices import Device


class Idleness:
    """Sees that the sealed moment of a device's last use stays the same, and since when; in memory alone.

    Each process sees it for itself: what any of them notes is another value. After a start all have just been used.
    """

    def __init__(self) -> None:
        self._seen: dict[uuid.UUID, tuple[bytes | None, datetime]] = {}

    def sweep(self) -> None:
        """Hide the devices with a PIN that have been idle for as long as their sites say."""
        moment, seen = now(), self._seen
        self._seen = {}
        for device in db.session.scalars(
            select(Device).where(Device.open_key.is_not(None), Device.locked_key.is_not(None))
        ):
            last, since = seen.get(device.id, (None, moment))
            if last != device.last_use:
                since = moment
            if moment - since >= device.idle:
                device.hide()
            else:
                self._seen[device.id] = (device.last_use, since)
