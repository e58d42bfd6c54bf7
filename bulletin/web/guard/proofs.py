"""Proofs that a member's words were typed on this device just now, for the page that follows.

They are sealed with the member's key, which is in no cookie: who has a copy of that has no proof.
"""

from __future__ import annotations

import base64
import binascii
from datetime import datetime, timedelta

from bulletin.db import now
from bulletin.domain.site.accounts.devices import Device
from bulletin.vault import keys


def prove(what_for: str, device: Device, private: keys.PrivateKey) -> str:
    """Say so, for one purpose. It may stand in an address."""
    proof = keys.wrap(private.secret, now().isoformat().encode(), keys.context(what_for, device.id))
    return base64.urlsafe_b64encode(proof).decode()


def is_proven(proof: str | None, what_for: str, device: Device, private: keys.PrivateKey, lasts: timedelta) -> bool:
    """Were they typed here, for this, and not longer ago?"""
    try:
        sealed = base64.b64decode(proof or "", altchars=b"-_", validate=True)
        moment = keys.unwrap(private.secret, sealed, keys.context(what_for, device.id)).decode()
    except (binascii.Error, ValueError, keys.DoesNotOpen):
        return False
    return now() - datetime.fromisoformat(moment) < lasts
