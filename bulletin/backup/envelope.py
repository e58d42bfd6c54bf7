"""The keys that backups are sealed to and signed with, and how: age (age-encryption.org), by way of pyrage; Ed25519.

On the machine stay the recipient, which can seal and not open, and the key that signs. What opens a backup, and what
shows that it was made here, is kept elsewhere: whoever knows the recipient alone can make a file, and not sign it.

A signed backup is SIGNED, a signature of the SHA-256 of what follows, and a file of age. Nothing of it is opened before
the signature is looked at, and what was opened must be what was signed. Releases before made files of age alone.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import io
import os
import pathlib
from collections.abc import Callable, Iterator
from typing import Any

import pyrage

from bulletin.vault import keys

from . import Refused, Why

RECIPIENT = "backup-recipient.txt"
SIGNING = "backup-signing-key.txt"
MAGIC = b"age-encryption.org/v1"
SIGNED = b"bulletin backup, signed\n"
KEY = "AGE-SECRET-KEY-"
MAKER = "BULLETIN-BACKUPS-BY-"  # before what signatures are checked with, in hex


@dataclasses.dataclass(frozen=True)
class KeyFile:
    """What is kept elsewhere: what opens backups, and who must have made them. Of each there may be several."""

    identities: list[Any]
    makers: list[bytes]


def new_key(instance: pathlib.Path) -> str:
    """Make the keys for backups here, and hand out what is to be kept: it is kept nowhere else. Raises OSError."""
    identity = pyrage.x25519.Identity.generate()
    secret, maker = keys.new_signing_key()
    for name, about, line in (
        (SIGNING, b"# Backups are signed by this. It opens none, and nobody else may have it.\n", secret.hex()),
        (RECIPIENT, b"# Backups are sealed to this. It opens none.\n", identity.to_public()),
    ):
        with written_aside(instance / name) as file:
            file.write(about + f"{line}\n".encode())
    return f"{identity}\n{MAKER}{maker.hex()}"


def recipients(instance: pathlib.Path) -> list[Any]:
    """To whom backups are sealed; several lines are several keys, each of which opens them. Raises Refused."""
    try:
        lines = (instance / RECIPIENT).read_text(encoding="ascii").split("\n")
        found = [pyrage.x25519.Recipient.from_str(line.strip()) for line in lines if line.strip() and line[0] != "#"]
    except FileNotFoundError:
        found = []
    except (pyrage.RecipientError, UnicodeDecodeError):
        raise Refused(Why.RECIPIENT, file=RECIPIENT) from None
    if not found:
        raise Refused(Why.NO_RECIPIENT)
    return found


def signing_key(instance: pathlib.Path) -> bytes | None:
    """By what backups are signed; None where keys were made by a release before. Raises Refused."""
    try:
        lines = (instance / SIGNING).read_text(encoding="ascii").split("\n")
        secret = bytes.fromhex("".join(line for line in lines if line[:1] != "#"))
        keys.sign(secret, b"")
    except FileNotFoundError:
        return None
    except ValueError:
        raise Refused(Why.RECIPIENT, file=SIGNING) from None
    return secret


def key_file(path: pathlib.Path) -> KeyFile:
    """The keys in a file as --new-key wrote it. Raises Refused, OSError."""
    try:
        words = path.read_text(encoding="ascii").split()
        found = [pyrage.x25519.Identity.from_str(word) for word in words if word.startswith(KEY)]
        makers = [bytes.fromhex(word.removeprefix(MAKER)) for word in words if word.startswith(MAKER)]
        for maker in makers:
            keys.has_signed(maker, b"", b"")  # ValueError where it is none
    except (pyrage.IdentityError, ValueError):
        found, makers = [], []
    if not found:
        raise Refused(Why.NO_KEY, file=str(path), begins=KEY)
    return KeyFile(found, makers)


def seal(target: pathlib.Path, to: list[Any], chunks: Iterator[bytes], signed_by: bytes | None = None) -> None:
    """Write sealed what `chunks` gives; nothing else touches the disk. Raises OSError and what `chunks` raises."""
    source = _Source(chunks)
    with written_aside(target) as file:
        if signed_by is not None:
            file.write(SIGNED + bytes(keys.SIGNATURE_BYTES))
        try:
            pyrage.encrypt_io(source, file, to)
        except (pyrage.EncryptError, OSError):
            if source.error is not None:
                raise source.error from None
            raise
        if signed_by is not None:
            file.seek(len(SIGNED) + keys.SIGNATURE_BYTES)
            signature = keys.sign(signed_by, _message(file))
            file.seek(len(SIGNED))
            file.write(signature)


def _message(file: io.BufferedReader) -> bytes:
    """What is signed, of a file of age that begins here."""
    return keys.context("backup", hashlib.file_digest(file, "sha256").digest())


def is_sealed(path: pathlib.Path) -> bool:
    """Does this file look like one of ours? Raises OSError."""
    with path.open("rb") as file:
        return file.read(len(SIGNED)).startswith((MAGIC, SIGNED))


def unseal(path: pathlib.Path, with_: KeyFile, take: Callable[[bytes], None], *, unsigned: bool = False) -> bool:
    """Give `take` what was sealed, piece by piece; only after the last is it sure that all was there.

    Is it sure who made it? If not, it is opened only where that may be so (`unsigned`).
    Raises Refused, OSError and what `take` raises.
    """
    sink = _Sink(take)
    with path.open("rb") as file:
        sure, message = _is_of_maker(file, path, with_.makers)
        if not (sure or unsigned):
            if not with_.makers:
                raise Refused(Why.NO_MAKER, file=str(path), begins=MAKER)
            raise Refused(Why.UNSIGNED, file=str(path))
        source = _Looked(file)
        try:
            pyrage.decrypt_io(source, sink, with_.identities)
        except (pyrage.DecryptError, OSError) as error:
            if sink.error is not None:
                raise sink.error from None
            if isinstance(error, pyrage.DecryptError) and "No matching keys" in str(error):
                raise Refused(Why.OTHER_KEY, file=str(path)) from None
            raise Refused(Why.DAMAGED, file=str(path)) from None
        if sure and source.message() != message:  # it was written over after the signature was looked at
            raise Refused(Why.OTHER_MAKER, file=str(path))
    return sure


def _is_of_maker(file: io.BufferedReader, path: pathlib.Path, makers: list[bytes]) -> tuple[bool, bytes]:
    """Is this file signed by one of these? False where it is not signed, or there is none; and what was signed.

    The file stands where age begins then.

    Raises Refused where it is no backup, or is signed by another.
    """
    if not is_sealed(path):
        raise Refused(Why.NO_BACKUP, file=str(path))
    if file.read(len(SIGNED)) != SIGNED:
        file.seek(0)
        return False, b""
    signature, message = file.read(keys.SIGNATURE_BYTES), _message(file)
    file.seek(len(SIGNED) + keys.SIGNATURE_BYTES)
    if makers and not any(keys.has_signed(maker, signature, message) for maker in makers):
        raise Refused(Why.OTHER_MAKER, file=str(path))
    return bool(makers), message


@contextlib.contextmanager
def written_aside(target: pathlib.Path) -> Iterator[Any]:
    """A private file that takes `target`'s place when all of it is on the disk, and is gone otherwise."""
    place = pathlib.Path(os.path.realpath(target))
    draft = place.with_name(f".{place.name[:100]}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(place)
        sync_folder(place.parent)
    finally:
        draft.unlink(missing_ok=True)


def sync_folder(folder: pathlib.Path) -> None:
    """Have the disk keep the names in a folder, not only what is in the files."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class _Source(io.RawIOBase):
    """What age reads from. It keeps an error that age would only quote."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._left = chunks, b""
        self.error: BaseException | None = None

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        try:
            while not self._left:
                self._left = next(self._chunks)
        except StopIteration:
            return b""
        except BaseException as error:
            self.error = error
            raise OSError("the source broke") from None
        size = len(self._left) if size < 0 else size
        piece, self._left = self._left[:size], self._left[size:]
        return piece


class _Looked(io.RawIOBase):
    """What age reads a backup from: what it read is what was signed, or is refused."""

    def __init__(self, file: io.BufferedReader) -> None:
        self._file, self._digest = file, hashlib.sha256()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self._digest.update(piece)
        return piece

    def message(self) -> bytes:
        """What is signed of what was read, and of what is left."""
        while self.read(1 << 20):
            pass
        return keys.context("backup", self._digest.digest())


class _Sink(io.RawIOBase):
    """What age writes to, with the same."""

    def __init__(self, take: Callable[[bytes], None]) -> None:
        self._take = take
        self.error: BaseException | None = None

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        if self.error is not None:  # age tries once more, as it goes
            raise OSError("the sink is broken")
        try:
            self._take(bytes(piece))
        except BaseException as error:
            self.error = error
            raise OSError("the sink broke") from None
        return len(piece)
