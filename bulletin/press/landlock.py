"""Linux's Landlock: this process, and all that it starts, opens no file but those named. By ctypes.

The packages on PyPI are pre-releases, and Landlock is three system calls, which glibc has no functions for. Their
numbers are the same on every architecture; they and the bits below are from <linux/landlock.h>, explained in
https://docs.kernel.org/userspace-api/landlock.html. A kernel knows the bits of its own ABI and refuses any other.
"""

from __future__ import annotations

import ctypes
import os
import pathlib
import sys
from collections.abc import Iterable

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # system calls, since Linux 5.13
ASK_FOR_ABI = 1  # a flag of CREATE_RULESET: answer with the ABI, make nothing
PATH_BENEATH = 1  # a kind of rule: what is allowed below a folder
NO_NEW_PRIVS = 38  # an option of prctl: no program started from here gains rights; Landlock asks for it

READ_FILE, READ_DIR = 1 << 2, 1 << 3
# The others run programs, write, and make, remove or rename files and folders. Nothing allows them.
FILES_OF_ABI = {
    1: (1 << 13) - 1,  # Linux 5.13
    2: (1 << 14) - 1,  # 5.19: linking and renaming into another folder
    3: (1 << 15) - 1,  # 6.2: truncating
    5: (1 << 16) - 1,  # 6.10: ioctl on devices
}
NETWORK_OF_ABI = {4: 0b11}  # 6.7: binding and connecting TCP
SCOPES_OF_ABI = {6: 0b11}  # 6.12: abstract Unix sockets, and signals to processes outside


class _Ruleset(ctypes.Structure):
    """struct landlock_ruleset_attr: what is forbidden unless a rule allows it. Older kernels take its beginning."""

    _fields_ = [(name, ctypes.c_uint64) for name in ("files", "network", "scopes")]


class _Beneath(ctypes.Structure):
    """struct landlock_path_beneath_attr: what is allowed below an opened folder."""

    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32)]


def abi() -> int:
    """Which Landlock this kernel has; 0: none, or it is forbidden here."""
    if not sys.platform.startswith("linux"):
        return 0
    return max(0, _call(CREATE_RULESET, None, ctypes.c_size_t(0), ASK_FOR_ABI))


def open_only(folders: Iterable[pathlib.Path]) -> bool:
    """Read below these folders from now on, and open nothing else; False where this kernel cannot have it so."""
    known = abi()
    if not known:
        return False
    wanted = [_newest(bits, known) for bits in (FILES_OF_ABI, NETWORK_OF_ABI, SCOPES_OF_ABI)]
    ruleset = _Ruleset(*wanted)
    size = 8 if known < 4 else 16 if known < 6 else 24
    rules = _call(CREATE_RULESET, ctypes.byref(ruleset), ctypes.c_size_t(size), 0)
    if rules < 0:
        return False
    try:
        for folder in folders:
            _allow(rules, folder)
        nothing = ctypes.c_ulong(0)
        return (
            _libc().prctl(NO_NEW_PRIVS, ctypes.c_ulong(1), nothing, nothing, nothing) == 0
            and _call(RESTRICT_SELF, rules, 0) == 0
        )
    finally:
        os.close(rules)


def _newest(bits: dict[int, int], known: int) -> int:
    return max((value for version, value in bits.items() if version <= known), default=0)


def _allow(rules: int, folder: pathlib.Path) -> None:
    try:
        opened = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # it is not there to be read
    try:
        beneath = _Beneath(READ_FILE | READ_DIR, opened)
        _call(ADD_RULE, rules, PATH_BENEATH, ctypes.byref(beneath), 0)
    finally:
        os.close(opened)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _call(number: int, *arguments: object) -> int:
    return int(_libc().syscall(ctypes.c_long(number), *arguments))
