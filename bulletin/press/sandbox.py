"""What a print job can still reach once it has been forked: its words, its answer, the files it sets type with.

Words, pictures and faces go through libraries in C that read what anybody sends. Code that comes alive in one of them
is to find no database, no address of one, no network, and nothing to start.
Each wall stands by itself, and the press works where the system lacks one: `bulletin check` says which hold.
"""

from __future__ import annotations

import contextlib
import enum
import errno
import functools
import os
import pathlib
import resource
import site
import socket
import sys
import sysconfig
from collections.abc import Callable, Iterator

from . import landlock
from .kinds import BULLETINS

CPU_S = 10
MEMORY_BYTES = 1 << 30  # of address space; a job uses half of it
FILES_OPEN = 64
OUTSIDE = pathlib.Path(__file__).parents[1] / "__init__.py"  # a file that setting type has no need of
LIMITS = {
    "RLIMIT_CPU": (CPU_S, CPU_S + 1),  # the first ends it by a signal of its own: see jobs
    "RLIMIT_AS": (MEMORY_BYTES, MEMORY_BYTES),
    "RLIMIT_NOFILE": (FILES_OPEN, FILES_OPEN),
    "RLIMIT_FSIZE": (0, 0),  # nothing is written to any file
    "RLIMIT_CORE": (0, 0),  # nor left in one by a crash
    "RLIMIT_MEMLOCK": (0, 0),
    "RLIMIT_MSGQUEUE": (0, 0),
    # Not RLIMIT_NPROC: it counts all that a user runs, and Pango starts threads.
}
NO_LIMIT_ON_MACOS = ("RLIMIT_AS", "RLIMIT_MEMLOCK")

# All that setting type asks of the system; strace found these and none besides. What is not here fails as forbidden.
CALLS = (
    # Memory, and the end.
    *("mmap", "munmap", "mremap", "mprotect", "madvise", "brk", "exit", "exit_group"),
    # Opened files, and files to be opened (where Landlock is asked too).
    *("openat", "open", "read", "readv", "pread64", "write", "writev", "lseek", "close", "fcntl", "getdents64"),
    *("newfstatat", "fstatat64", "fstat", "fstat64", "stat", "lstat", "statx", "statfs", "fstatfs"),
    *("access", "faccessat", "faccessat2", "readlink", "readlinkat", "getcwd", "poll", "ppoll"),
    # Threads of its own, and signals to itself.
    *("futex", "futex_time64", "set_robust_list", "rseq", "sched_yield", "sched_getaffinity", "membarrier"),
    *("rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall"),
    # What time it is, who it is, chance.
    *("clock_gettime", "clock_gettime64", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time"),
    *("getpid", "gettid", "getuid", "geteuid", "getgid", "getegid", "uname", "sysinfo", "getrusage", "getrandom"),
)
CLONE_THREAD = 0x00010000  # a flag of clone: a thread of this process, not a process


class Wall(enum.Enum):
    """What stands between a print job and the rest of the machine."""

    ENVIRONMENT = "environment"
    DESCRIPTORS = "descriptors"
    LIMITS = "limits"
    FILES = "files"
    NETWORK = "network"
    PROGRAMS = "programs"


def folders() -> set[pathlib.Path]:
    """What a job reads: Python, the packages (Babel's and pyphen's data are files), the faces, the templates."""
    named = (sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib"))
    own = [site.getusersitepackages()] if site.ENABLE_USER_SITE else []
    return {pathlib.Path(__file__).parent, BULLETINS, *map(pathlib.Path, (*named, *site.getsitepackages(), *own))}


def forbid_calls() -> Callable[[], None] | None:
    """Make the filter of system calls; what is returned puts it on. None where there is no seccomp.

    Made once, before jobs are forked: finding libseccomp starts a program.
    """
    try:
        import pyseccomp
    except (ImportError, RuntimeError, OSError, AttributeError):  # another system, or libseccomp is not there
        return None
    try:
        allowed = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
        for name in CALLS:
            with contextlib.suppress(ValueError, OSError):  # not every architecture has each
                allowed.add_rule(pyseccomp.ALLOW, name)
        thread = pyseccomp.Arg(0, pyseccomp.MASKED_EQ, CLONE_THREAD, CLONE_THREAD)
        allowed.add_rule(pyseccomp.ALLOW, "clone", thread)
        # Its flags lie in memory, where no filter looks; without it libc takes clone.
        allowed.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
        # Reading its own limits, not setting anybody's.
        own = (pyseccomp.Arg(0, pyseccomp.EQ, 0), pyseccomp.Arg(2, pyseccomp.EQ, 0))
        allowed.add_rule(pyseccomp.ALLOW, "prlimit64", *own)
    except (ValueError, OSError):
        return None
    load: Callable[[], None] = allowed.load
    return load


_forbid: list[Callable[[], None] | None] = []


def warm() -> None:
    """Make in the press's server what its jobs need only put on."""
    if not _forbid:
        _forbid.append(forbid_calls())


def enclose(answer: int) -> None:
    """Put up every wall that this system has around this process. `answer`: the one descriptor that it keeps."""
    warm()
    os.environ.clear()
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        score.write("1000")  # where memory runs out a job goes, not the server
    _close_all_but(answer)
    for limit, most in _limits():
        resource.setrlimit(limit, most)
    landlock.open_only(folders())
    if forbid := _forbid[0]:
        with contextlib.suppress(OSError):  # a container may forbid it
            forbid()


def _close_all_but(kept: int) -> None:
    """Close what was inherited; what is printed to the terminal, or into its log, is lost."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nothing, standard)
    os.closerange(3, kept)
    os.closerange(kept + 1, os.sysconf("SC_OPEN_MAX"))


def standing(answer: int) -> set[Wall]:
    """The walls that hold in this process, by trying each; `answer`: as for `enclose`."""
    tries: dict[Wall, list[Callable[[], object]]] = {
        Wall.ENVIRONMENT: [lambda: os.environ.popitem()],
        Wall.DESCRIPTORS: [functools.partial(os.fstat, number) for number in range(3, FILES_OPEN) if number != answer],
        Wall.LIMITS: [_be_unlimited],
        Wall.FILES: [OUTSIDE.read_bytes, lambda: os.listdir("/")],
        Wall.NETWORK: [functools.partial(socket.socket, family) for family in (socket.AF_INET, socket.AF_UNIX)],
        Wall.PROGRAMS: [lambda: os.waitpid(os.posix_spawn(sys.executable, [sys.executable, "-c", ""], {}), 0)],
    }
    return {wall for wall, attempts in tries.items() if not any(map(_works, attempts))}


def _works(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except (OSError, KeyError, ValueError):
        return False
    return True


def _be_unlimited() -> None:
    if all(resource.getrlimit(limit) == most for limit, most in _limits()):
        raise ValueError("every limit stands")


def _limits() -> Iterator[tuple[int, tuple[int, int]]]:
    """The limits that this system has, and what is set."""
    for name, most in LIMITS.items():
        if hasattr(resource, name) and not (sys.platform == "darwin" and name in NO_LIMIT_ON_MACOS):
            yield getattr(resource, name), most
