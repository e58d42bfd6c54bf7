"""Files sealed to a passphrase, in the age format (https://age-encryption.org/v1): any program for it opens them.

Not by pyrage, which asks scrypt for 512 MB and keeps every other thread waiting for two seconds. Ours asks for 32 MB,
in its turn with the words of members, and that is enough: the passphrase is one of ours, of 77 random bits.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import io
import os
import re
from collections.abc import Iterator
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from . import keys

WORK = 15  # scrypt's N is 2 to the power of this: 32 MB
VERSION = b"age-encryption.org/v1\n"
CHUNK_BYTES = 1 << 16
TAG_BYTES = 16

_FILE_KEY_BYTES, _SALT_BYTES, _NONCE_BYTES = 16, 16, 16
_HEADER = re.compile(
    VERSION.replace(b".", rb"\.")
    + rb"-> scrypt (?P<salt>[A-Za-z0-9+/]{22}) (?P<work>[1-9][0-9]?)\n(?P<body>[A-Za-z0-9+/]{43})\n"
    + rb"--- (?P<mac>[A-Za-z0-9+/]{43})\n"
)
_HEADER_MAX = 400


class NotSealed(Exception):
    """This is no file of ours, or not all of it."""


class Sealing(io.RawIOBase):
    """A file to write to: what is written is sealed, piece by piece, into another one. Ends with close()."""

    def __init__(self, into: IO[bytes], passphrase: str, work: int = WORK) -> None:
        file_key, salt, nonce = (os.urandom(size) for size in (_FILE_KEY_BYTES, _SALT_BYTES, _NONCE_BYTES))
        wrapped = ChaCha20Poly1305(_stretched(passphrase, salt, work)).encrypt(bytes(12), file_key, None)
        header = VERSION + b"-> scrypt %s %d\n%s\n---" % (_text(salt), work, _text(wrapped))
        into.write(header + b" %s\n" % _text(_mac(file_key, header)) + nonce)
        self._into, self._cipher = into, ChaCha20Poly1305(_derived(file_key, b"payload", nonce))
        self._waiting, self._count = bytearray(), 0

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._waiting += piece
        while len(self._waiting) > CHUNK_BYTES:  # the last is only known when there is no more
            self._seal(bytes(self._waiting[:CHUNK_BYTES]), last=False)
            del self._waiting[:CHUNK_BYTES]
        return len(piece)

    def close(self) -> None:
        if not self.closed:
            self._seal(bytes(self._waiting), last=True)
            self._waiting.clear()
        super().close()

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        self._into.write(self._cipher.encrypt(_nonce(self._count, last), chunk, None))
        self._count += 1


def opened(source: IO[bytes], passphrase: str, work_max: int = WORK) -> Iterator[bytes]:
    """What was sealed, piece by piece; only after the last is it sure that all was there.

    Raises NotSealed, and keys.WrongWords before the first piece.
    """
    start = source.read(_HEADER_MAX)
    found = _HEADER.match(start)
    if found is None or int(found["work"]) > work_max:
        raise NotSealed
    salt, wrapped, mac = (_bytes(found[name]) for name in ("salt", "body", "mac"))
    stretched = _stretched(passphrase, salt, int(found["work"]))
    try:
        file_key = ChaCha20Poly1305(stretched).decrypt(bytes(12), wrapped, None)
    except InvalidTag:
        raise keys.WrongWords from None
    header = start[: found.start("mac") - 1]
    if not hmac.compare_digest(mac, _mac(file_key, header)):
        raise NotSealed
    rest = start[found.end() :]
    nonce, waiting = rest[:_NONCE_BYTES], bytearray(rest[_NONCE_BYTES:])
    if len(nonce) < _NONCE_BYTES:
        raise NotSealed
    cipher = ChaCha20Poly1305(_derived(file_key, b"payload", nonce))
    whole, count = CHUNK_BYTES + TAG_BYTES, 0
    while True:
        while len(waiting) <= whole and (piece := source.read(whole)):
            waiting += piece
        last = len(waiting) <= whole
        try:
            yield cipher.decrypt(_nonce(count, last), bytes(waiting[:whole]), None)
        except InvalidTag:
            raise NotSealed from None
        if last:
            return
        del waiting[:whole]
        count += 1


def _stretched(passphrase: str, salt: bytes, work: int) -> bytes:
    with keys.turn(known_device=True):
        scrypt = Scrypt(salt=b"age-encryption.org/v1/scrypt" + salt, length=32, n=1 << work, r=8, p=1)
        return scrypt.derive(passphrase.encode())


def _derived(file_key: bytes, purpose: bytes, salt: bytes = b"") -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=purpose).derive(file_key)


def _mac(file_key: bytes, header: bytes) -> bytes:
    return hmac.digest(_derived(file_key, b"header"), header, "sha256")


def _nonce(count: int, last: bool) -> bytes:
    return count.to_bytes(11, "big") + bytes([last])


def _text(value: bytes) -> bytes:
    return base64.b64encode(value).rstrip(b"=")


def _bytes(text: bytes) -> bytes:
    try:
        value = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        raise NotSealed from None
    if _text(value) != text:  # the last letter can be written in several ways
        raise NotSealed
    return value
