"""The key that backups are sealed to, and the sealing: age (age-encryption.org), by way of pyrage.

Only the recipient, which can seal and not open, stays on the machine.
"""

from __future__ import annotations

import contextlib
import io
import os
import pathlib
from collections.abc import Callable, Iterator
from typing import Any

import pyrage

from . import Refused, Why

RECIPIENT = "backup-recipient.txt"
MAGIC = b"age-encryption.org/v1"
KEY = "AGE-SECRET-KEY-"


def new_key(instance: pathlib.Path) -> str:
    """Make a key, from now on the one for backups here, and hand it out: it is kept nowhere. Raises OSError."""
    identity = pyrage.x25519.Identity.generate()
    with written_aside(instance / RECIPIENT) as file:
        file.write(b"# Backups are sealed to this. It opens none.\n" + f"{identity.to_public()}\n".encode())
    return str(identity)


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


def identities(path: pathlib.Path) -> list[Any]:
    """The keys in a file as --new-key wrote it. Raises Refused, OSError."""
    try:
        lines = path.read_text(encoding="ascii").split()
        found = [pyrage.x25519.Identity.from_str(word) for word in lines if word.startswith(KEY)]
    except (pyrage.IdentityError, UnicodeDecodeError):
        found = []
    if not found:
        raise Refused(Why.NO_KEY, file=str(path), begins=KEY)
    return found


def seal(target: pathlib.Path, to: list[Any], chunks: Iterator[bytes]) -> None:
    """Write sealed what `chunks` gives; nothing else touches the disk. Raises OSError and what `chunks` raises."""
    source = _Source(chunks)
    with written_aside(target) as file:
        try:
            pyrage.encrypt_io(source, file, to)
        except (pyrage.EncryptError, OSError):
            if source.error is not None:
                raise source.error from None
            raise


def is_sealed(path: pathlib.Path) -> bool:
    """Does this file look like one of ours? Raises OSError."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def unseal(path: pathlib.Path, with_: list[Any], take: Callable[[bytes], None]) -> None:
    """Give `take` what was sealed, piece by piece; only after the last is it sure that all was there.

    Raises Refused, OSError and what `take` raises.
    """
    if not is_sealed(path):
        raise Refused(Why.NO_BACKUP, file=str(path))
    sink = _Sink(take)
    with path.open("rb") as file:
        try:
            pyrage.decrypt_io(file, sink, with_)
        except (pyrage.DecryptError, OSError) as error:
            if sink.error is not None:
                raise sink.error from None
            if isinstance(error, pyrage.DecryptError) and "No matching keys" in str(error):
                raise Refused(Why.OTHER_KEY, file=str(path)) from None
            raise Refused(Why.DAMAGED, file=str(path)) from None


@contextlib.contextmanager
def written_aside(target: pathlib.Path) -> Iterator[Any]:
    """A private file that takes `target`'s place when all of it is on the disk, and is gone otherwise."""
    place = pathlib.Path(os.path.realpath(target))
    draft = place.with_name(f".{place.name[:100]}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
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
