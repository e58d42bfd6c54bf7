"""The press's server is started without the environment of who prints, in which the address of a database may stand.

Taking the variables out in a job is not enough: what a process was started with stays in its memory, and in that of
all that are forked from it. multiprocessing takes no environment, so this stands in for the function it starts its
helpers with; a test looks into the server's, should another Python start them in another way.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from multiprocessing import util

# How Python and the libraries are found, and in which language and code they read: nothing of this installation.
KEPT = ("PYTHON", "LD_", "DYLD_", "LANG", "LC_")


def spawn(path: str | bytes, arguments: Sequence[str | bytes], passed: Sequence[int]) -> int:
    """Start a program that is passed these descriptors and no others; its process id, to be waited for elsewhere."""
    bare = {name: value for name, value in os.environ.items() if name.startswith(KEPT)}
    started = subprocess.Popen(list(arguments), executable=path, pass_fds=tuple(passed), env=bare)  # noqa: S603  # ours
    started.returncode = 0  # so that nobody but multiprocessing waits for it
    return started.pid


def start_servers_bare() -> None:
    """Have multiprocessing start its helpers this way, in this process."""
    util.spawnv_passfds = spawn  # type: ignore[assignment]  # what it is given, and less than it may be
