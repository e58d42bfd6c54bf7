"""Where somebody goes on to: a path of ours and nothing else."""

from __future__ import annotations

from urllib.parse import urlsplit


def safe_path(path: str | None, otherwise: str = "/") -> str:
    """A path at this site, or the other one. Browsers take a backslash for a slash, and leave out tabs and lines."""
    path = path or ""
    fine = path.isascii() and path.isprintable() and path.startswith("/") and not path.startswith("//")
    if not fine or "\\" in path or any(urlsplit(path)[:2]):
        return otherwise
    return path
