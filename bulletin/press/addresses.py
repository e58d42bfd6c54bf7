"""Addresses as machines take them: RFC 3986, made of what people read and type (RFC 3987)."""

from __future__ import annotations

import re
import unicodedata
import urllib.parse

_KEPT = "!$&'()*+,;=:@/-._~"  # what has a meaning in a path, or stands for itself
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
_LONE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")


def as_uri(address: str) -> str:
    """An http address in ASCII: its host in punycode, the rest with percent signs. What is a URI stays as it is.

    For a code that any phone scans: many take nothing else. On paper the address stands as people read it.
    """
    if address.isascii():
        return address
    try:
        parts = urllib.parse.urlsplit(address)
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:  # it is none: whoever reads the header says so
        return address
    path, query, fragment = (_quoted(part) for part in (parts.path, parts.query, parts.fragment))
    return urllib.parse.urlunsplit((parts.scheme, _host(parts.hostname or "") + port, path, query, fragment))


def _host(name: str) -> str:
    """Each label that is not ASCII in punycode. Small letters first; ß stays itself, as registries have it today."""
    if ":" in name:  # IPv6
        return f"[{name}]"
    labels = _DOTS.split(unicodedata.normalize("NFKC", name).lower())
    return ".".join(label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in labels)


def _quoted(part: str) -> str:
    return urllib.parse.quote(_LONE_PERCENT.sub("%25", part), safe=f"{_KEPT}?%")
