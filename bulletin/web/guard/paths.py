"""Where somebody goes on to: a path of ours and nothing else."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import urlsplit

from bulletin.vault import keys

_ABOUT = keys.context("way back")


def safe_path(path: str | None, otherwise: str = "/") -> str:
    """A path at this site, or the other one. Browsers take a backslash for a slash, and leave out tabs and lines."""
    path = path or ""
    fine = path.isascii() and path.isprintable() and path.startswith("/") and not path.startswith("//")
    if not fine or "\\" in path or any(urlsplit(path)[:2]):
        return otherwise
    return path


def covered(path: str, secret: bytes) -> str:
    """A path as it may stand in the address of a page that says nothing: sealed under a device's cookie."""
    return base64.urlsafe_b64encode(keys.wrap(secret, path.encode(), _ABOUT)).decode()


def uncovered(way: str | None, secret: bytes) -> str:
    """The path that this was made of; empty where it is none of ours, or the cookie has changed since."""
    try:
        return safe_path(keys.unwrap(secret, base64.urlsafe_b64decode(way or ""), _ABOUT).decode(), "")
    except (binascii.Error, ValueError, keys.DoesNotOpen):
        return ""
