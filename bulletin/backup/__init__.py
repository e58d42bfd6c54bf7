"""Copies to be kept elsewhere, what goes into them, and how they come back."""

from __future__ import annotations


class Refused(Exception):
    """A backup or restore that does not go on; `str()` is one sentence that says why. Nothing was touched."""
