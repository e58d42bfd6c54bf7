"""Passphrase -> member's key -> site's key -> field key; the one user of `cryptography`.

Everything sealed begins with a format byte, and opens only in the context it was sealed in. Python cannot wipe
memory, so nothing here says that it does: a key is gone when its process is.
"""

from __future__ import annotations

import contextlib
import contextvars
import dataclasses
import functools
import hashlib
import hmac
import os
import uuid
from collections.abc import Callable, Iterator
from typing import NoReturn

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from . import words
from .queue import Gate

KEY_BYTES = 32
SIGNATURE_BYTES = 64
PUBLIC_BYTES = 65  # an uncompressed point, as HPKE and WebCrypto write it
GENERATION_MAX = 0xFFFFFFFF

_FORMAT = b"\x01"
_SALT_BYTES, _NONCE_BYTES, _TAG_BYTES = 16, 12, 16
_SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)  # RFC 9180


class DoesNotOpen(Exception):
    """Another key, another context, or a changed byte: which of them cannot be told."""


class WrongWords(DoesNotOpen):
    """These words do not unlock this key, or there is nobody to unlock."""


def new_secret() -> bytes:
    """32 random bytes: a cookie's. Those of a link are shorter, to be typed: see words.new_link_secret()."""
    return os.urandom(KEY_BYTES)


def new_site_key() -> bytes:
    return os.urandom(KEY_BYTES)


def derived(secret: bytes, purpose: str, *about: str | int | uuid.UUID) -> bytes:
    """Another random secret that whoever has this one can make again, for one purpose; it does not lead back."""
    return _derived(secret, purpose, *about)


def same(one: bytes, other: bytes) -> bool:
    """Are two secrets the same? It takes as long wherever they differ."""
    return hmac.compare_digest(one, other)


def digest(secret: bytes) -> bytes:
    """By what a secret of ours is looked up: SHA-256. Not for what people choose."""
    return hashlib.sha256(secret).digest()


def context(*parts: str | int | bytes | uuid.UUID) -> bytes:
    """What a sealed value is about: its parts, each behind its length in four bytes, so that none runs into another."""
    encoded = [part if isinstance(part, bytes) else str(part).encode() for part in parts]
    return b"".join([len(part).to_bytes(4, "big") + part for part in encoded])


# Who made a file: Ed25519 (RFC 8032)


def new_signing_key() -> tuple[bytes, bytes]:
    """A secret to sign with, and what its signatures are checked with; 32 bytes each."""
    key = Ed25519PrivateKey.generate()
    return key.private_bytes_raw(), key.public_key().public_bytes_raw()


def sign(secret: bytes, message: bytes) -> bytes:
    """The signature of who has this secret; ValueError where it is none."""
    return Ed25519PrivateKey.from_private_bytes(secret).sign(message)


def has_signed(public: bytes, signature: bytes, message: bytes) -> bool:
    """Is this the signature of who has the secret that belongs to `public`? ValueError where that is no key."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


# A member's key, and the words that unlock it


@dataclasses.dataclass(frozen=True)
class Cost:
    """What one guess at a passphrase costs, by Argon2id (RFC 9106) with one lane: four want threads nobody has."""

    memory_kib: int
    passes: int

    def allowed(self) -> bool:
        """Is it something this machine should try? The numbers come from the database."""
        return 8 <= self.memory_kib <= 256 * 1024 and 1 <= self.passes <= 16


COST = Cost(memory_kib=64 * 1024, passes=3)  # 0.14 s


class PrivateKey:
    """A private key on P-256. `public` is its uncompressed point, `secret` its number in 32 bytes."""

    __slots__ = ("_key", "public")

    def __init__(self, secret: bytes | None = None) -> None:
        """A new key, or the one that `secret` is; ValueError if it is none."""
        if secret is None:
            self._key = ec.generate_private_key(ec.SECP256R1())
        elif len(secret) == KEY_BYTES:
            self._key = ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1())
        else:
            raise ValueError(f"a private key has {KEY_BYTES} bytes")
        point = self._key.public_key().public_numbers()
        self.public = b"\x04" + point.x.to_bytes(32, "big") + point.y.to_bytes(32, "big")

    @property
    def secret(self) -> bytes:
        return self._key.private_numbers().private_value.to_bytes(KEY_BYTES, "big")


_gate = Gate()


def turn(*, known: object = None) -> contextlib.AbstractContextManager[None]:
    """One's turn to try words, and to do what belongs to it before anybody else tries. Raises Crowded.

    `known`: the browser that asks, or whatever else the server knows them by; nothing for a stranger.
    Nobody may wait for it who keeps the database waiting.
    """
    return _gate.turn(known=known)


_HEADER_BYTES = 1 + 4 + 1 + _SALT_BYTES + PUBLIC_BYTES  # of a locked key
LOCKED_BYTES = _HEADER_BYTES + _NONCE_BYTES + KEY_BYTES + _TAG_BYTES


def new_member(passphrase: str, *, known: object = None, cost: Cost | None = None) -> tuple[PrivateKey, bytes]:
    """A new member's key, open and locked."""
    key = PrivateKey()
    return key, lock(key, passphrase, known=known, cost=cost)


def lock(key: PrivateKey, passphrase: str, *, known: object = None, cost: Cost | None = None) -> bytes:
    """The key as it is kept: format, cost, salt and public key in the clear, then the key under these words."""
    cost = cost or COST
    header = _FORMAT + cost.memory_kib.to_bytes(4, "big") + bytes([cost.passes]) + os.urandom(_SALT_BYTES) + key.public
    if not words.normal(passphrase) or not cost.allowed():
        raise ValueError("there are no words, or the cost is not one that can be asked for")
    return _encrypt(_stretched(header, passphrase, known=known), header, key.secret)


def unlock(locked: bytes, passphrase: str, *, known: object = None, cost: Cost | None = None) -> PrivateKey:
    """The member's key, by the words as typed; WrongWords if they are not the ones.

    `cost`: the only one accepted, for a locked key that has been in other hands. Raises Crowded where too many wait.
    """
    if not _cost(locked).allowed() or cost not in (None, _cost(locked)):
        raise DoesNotOpen
    try:
        stretched = _stretched(locked[:_HEADER_BYTES], passphrase, known=known)
        return PrivateKey(_decrypt(stretched, locked, _HEADER_BYTES))
    except (DoesNotOpen, words.Mistyped):
        raise WrongWords from None


def pretend(passphrase: str, *, known: object = None) -> NoReturn:
    """What unlock() does for a handle nobody has: the same work, then WrongWords."""
    header = _FORMAT + COST.memory_kib.to_bytes(4, "big") + bytes([COST.passes]) + bytes(_SALT_BYTES + PUBLIC_BYTES)
    unlock(header + bytes(_NONCE_BYTES + KEY_BYTES + _TAG_BYTES), passphrase, known=known)
    raise WrongWords


def _cost(locked: bytes) -> Cost:
    if locked[:1] != _FORMAT or len(locked) != LOCKED_BYTES:
        raise DoesNotOpen
    return Cost(int.from_bytes(locked[1:5], "big"), locked[5])


def _stretched(header: bytes, passphrase: str, *, known: object) -> bytes:
    memory_kib, passes, salt = int.from_bytes(header[1:5], "big"), header[5], header[6 : 6 + _SALT_BYTES]
    argon2 = Argon2id(salt=salt, length=KEY_BYTES, iterations=passes, lanes=1, memory_cost=memory_kib)
    with _gate.turn(known=known):
        return _derived(argon2.derive(words.normal(passphrase).encode()), "member's key")


# Sealing to a person, and under a secret


def seal_to(public: bytes, secret: bytes, context: bytes) -> bytes:
    """Sealed to whoever has the private key of `public`: a format byte, then HPKE with `context` as its info."""
    if len(public) != PUBLIC_BYTES:
        raise ValueError(f"a public key has {PUBLIC_BYTES} bytes")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    return _FORMAT + _SUITE.encrypt(secret, key, context)


def open_with(private: PrivateKey, sealed: bytes, context: bytes) -> bytes:
    """What seal_to() sealed; DoesNotOpen otherwise."""
    if sealed[:1] != _FORMAT:
        raise DoesNotOpen
    try:
        return _SUITE.decrypt(sealed[1:], private._key, context)
    except InvalidTag:
        raise DoesNotOpen from None


def wrap(secret: bytes, plaintext: bytes, context: bytes) -> bytes:
    """Sealed under a random secret: that of a cookie, link, ticket, newer site key. A PIN locks a key first: lock()."""
    if len(secret) < words.TICKET_BYTES:
        raise ValueError("too short to be a random secret")
    header = _FORMAT + os.urandom(_SALT_BYTES)
    return _encrypt(_derived(secret, "wrap", salt=header[1:]), header, plaintext, context)


def unwrap(secret: bytes, wrapped: bytes, context: bytes) -> bytes:
    """What wrap() sealed; DoesNotOpen otherwise."""
    if wrapped[:1] != _FORMAT:
        raise DoesNotOpen
    return _decrypt(_derived(secret, "wrap", salt=wrapped[1 : 1 + _SALT_BYTES]), wrapped, 1 + _SALT_BYTES, context)


def successor(secret: bytes, private: PrivateKey) -> bytes:
    """The cookie's secret that comes after this one, always the same; who does not open the key cannot know it."""
    return _derived(secret + private.secret, "successor")


# The keys of the sites that are open


class Keyring:
    """The keys of the sites one member has open, by generation; the newest of each site is its current one."""

    def __init__(self) -> None:
        self._site_keys: dict[tuple[uuid.UUID, int], bytes] = {}
        self._field_keys: dict[tuple[uuid.UUID, int], bytes] = {}
        self._current: dict[uuid.UUID, int] = {}
        self._unregistered: set[uuid.UUID] = set()

    def add(self, site_id: uuid.UUID, generation: int, key: bytes, *, registered: bool = True) -> None:
        """Put a site's key on the ring; ValueError if there is another one of that generation.

        registered: False where the copy that was opened is from before the site had a register of its members.
        """
        if len(key) != KEY_BYTES or not 0 <= generation <= GENERATION_MAX:
            raise ValueError("this is no key of a site, or no generation")
        if self._site_keys.setdefault((site_id, generation), key) != key:
            raise ValueError("one generation of a site has one key")
        self._current[site_id] = max(generation, self._current.get(site_id, 0))
        if not registered:
            self._unregistered.add(site_id)

    def is_registered(self, site_id: uuid.UUID) -> bool:
        """Must there be a register of a site's members? Copies of its key say so, which nobody makes without it."""
        return site_id not in self._unregistered

    def generation(self, site_id: uuid.UUID) -> int:
        """The current one of a site; LookupError if the site is not open."""
        try:
            return self._current[site_id]
        except KeyError:
            raise LookupError("no key of this site is open") from None

    def has_former(self, site_id: uuid.UUID) -> bool:
        """Is there a key that the site had before its current one?"""
        return any(site == site_id and older < self._current[site] for site, older in self._site_keys)

    def site_key(self, site_id: uuid.UUID, generation: int) -> bytes:
        """To be sealed to a member, or under an invitation's secret; LookupError if it is not open."""
        try:
            return self._site_keys[site_id, generation]
        except KeyError:
            raise LookupError("this key of this site is not open") from None

    def field_key(self, site_id: uuid.UUID, generation: int) -> bytes:
        """The key of all sealed fields of a site; LookupError if the site is not open."""
        if (key := self._field_keys.get((site_id, generation))) is None:
            key = _derived(self.site_key(site_id, generation), "fields", site_id, generation)
            self._field_keys[site_id, generation] = key
        return key

    def seal(self, site_id: uuid.UUID, table: str, column: str, row_id: uuid.UUID, plaintext: bytes) -> bytes:
        """Sealed under the site's current generation, to be opened in this place only."""
        generation = self.generation(site_id)
        about = _column(site_id, table, column) + context(row_id)
        return _encrypt(self.field_key(site_id, generation), prefix(generation), plaintext, about)

    def open(self, site_id: uuid.UUID, table: str, column: str, row_id: uuid.UUID, sealed: bytes) -> bytes:
        """What seal() sealed; DoesNotOpen otherwise, LookupError if that generation is not open."""
        key = self.field_key(site_id, generation_of(sealed))
        return _decrypt(key, sealed, _PREFIX_BYTES, _column(site_id, table, column) + context(row_id))

    def opener(self, site_id: uuid.UUID, table: str, column: str) -> Callable[[uuid.UUID, bytes], bytes]:
        """open() for many values of one column, by row and sealed value: what they have in common is done once."""
        about, ciphers = _column(site_id, table, column), dict[int, AESGCM]()

        def opened(row_id: uuid.UUID, sealed: bytes) -> bytes:
            generation = generation_of(sealed)
            if (cipher := ciphers.get(generation)) is None:
                cipher = ciphers[generation] = AESGCM(self.field_key(site_id, generation))
            return _decrypt(cipher, sealed, _PREFIX_BYTES, about + context(row_id))

        return opened

    def reseal(self, site_id: uuid.UUID, table: str, column: str, row_id: uuid.UUID, sealed: bytes) -> bytes:
        """The same under the current generation; unchanged where it is already."""
        if generation_of(sealed) == self.generation(site_id):
            return sealed
        return self.seal(site_id, table, column, row_id, self.open(site_id, table, column, row_id, sealed))


@functools.lru_cache(maxsize=1_000)
def _column(site_id: uuid.UUID, table: str, column: str) -> bytes:
    """What the values of one column have in common of what they are about: a list opens thousands."""
    return context(site_id, table, column)


current: contextvars.ContextVar[Keyring] = contextvars.ContextVar("current")

_PREFIX_BYTES = 1 + 4


@contextlib.contextmanager
def opened(keyring: Keyring) -> Iterator[Keyring]:
    """Make it the current one, and put it away after: a thread serves one member after another."""
    token = current.set(keyring)
    try:
        yield keyring
    finally:
        current.reset(token)


def prefix(generation: int) -> bytes:
    """How every value sealed under this generation begins."""
    return _FORMAT + generation.to_bytes(4, "big")


def generation_of(sealed: bytes) -> int:
    """The generation of a sealed field, which can be read without a key; DoesNotOpen if this is none."""
    if sealed[:1] != _FORMAT or len(sealed) < _PREFIX_BYTES + _NONCE_BYTES + _TAG_BYTES:
        raise DoesNotOpen
    return int.from_bytes(sealed[1:_PREFIX_BYTES], "big")


# What all of them are made of


def _derived(secret: bytes, purpose: str, *about: str | int | uuid.UUID, salt: bytes | None = None) -> bytes:
    info = context("bulletin/1", purpose, *about)
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(secret)


def _encrypt(key: bytes, header: bytes, plaintext: bytes, about: bytes = b"") -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return header + nonce + AESGCM(key).encrypt(nonce, plaintext, context(header, about))


def _decrypt(key: bytes | AESGCM, sealed: bytes, header_bytes: int, about: bytes = b"") -> bytes:
    header, nonce = sealed[:header_bytes], sealed[header_bytes : header_bytes + _NONCE_BYTES]
    if len(nonce) < _NONCE_BYTES:
        raise DoesNotOpen
    try:
        cipher = key if isinstance(key, AESGCM) else AESGCM(key)
        return cipher.decrypt(nonce, sealed[header_bytes + _NONCE_BYTES :], context(header, about))
    except InvalidTag:
        raise DoesNotOpen from None
