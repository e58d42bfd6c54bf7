"""Which browsers this server knows, by a cookie that it signed.

A browser that opened a page is met; one in which somebody signed in, joined or founded is known, and has places of its
own where many wait. Which of the two it is, only the server can tell. Nothing is written down of either.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import hashlib
from collections.abc import Iterable

from itsdangerous import BadSignature, Signer
from werkzeug.http import parse_cookie

from bulletin.vault import keys

COOKIES = ("__Host-browser", "browser")  # as they are called on https, and on the machine itself


@dataclasses.dataclass(frozen=True)
class Browser:
    """A browser by its cookie. `id`: random, of keys.KEY_BYTES bytes."""

    id: bytes
    known: bool

    @classmethod
    def new(cls) -> Browser:
        """One that is met for the first time."""
        return cls(keys.new_secret(), known=False)


class Browsers:
    """Signs cookies and reads them. `key`: from the database; without it nobody is known, and none are given."""

    def __init__(self) -> None:
        self._signers: dict[bool, Signer] = {}

    @property
    def has_key(self) -> bool:
        return bool(self._signers)

    def use(self, key: bytes) -> None:
        """Sign and read with this key from here on."""
        self._signers = {
            known: Signer(key, salt=salt, key_derivation="hmac", digest_method=hashlib.sha256)
            for known, salt in ((True, b"known"), (False, b"met"))
        }

    def cookie(self, browser: Browser) -> str:
        """What the cookie of a browser holds."""
        value: bytes = self._signers[browser.known].sign(base64.urlsafe_b64encode(browser.id))
        return value.decode()

    def read(self, cookie: str) -> Browser | None:
        """The browser whose cookie this is; None where it is none of ours."""
        for known, signer in self._signers.items():
            try:
                id_ = base64.urlsafe_b64decode(signer.unsign(cookie))
            except (BadSignature, binascii.Error, ValueError):
                continue
            return Browser(id_, known)
        return None

    def known_by(self, headers: Iterable[tuple[str, str]]) -> bytes | None:
        """The id of the known browser that sends these headers; None for any other. Asks no database."""
        for name, value in headers:
            sent = parse_cookie(value) if name == "COOKIE" else {}
            for browser in map(self.read, filter(None, map(sent.get, COOKIES))):
                if browser is not None and browser.known:
                    return browser.id
        return None
