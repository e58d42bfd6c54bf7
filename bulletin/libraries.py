"""The system libraries that printing needs: which are missing, and what to type to get them.

Needs nothing but Python itself: setup.sh runs this file before there is anything else.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import dataclasses
import enum
import os
import shutil
import sys
from collections.abc import Mapping

NEEDED = {  # Debian's package: the names it goes by on Linux and macOS, as WeasyPrint asks for them
    "libpango-1.0-0": ("libpango-1.0.so.0", "pango-1.0"),
    "libpangoft2-1.0-0": ("libpangoft2-1.0.so.0", "pangoft2-1.0"),
    "libharfbuzz-subset0": ("libharfbuzz-subset.so.0", "harfbuzz-subset"),
}

# What the press works without, less tightly enclosed: `bulletin check` says so.
WANTED = {"libseccomp2": ("libseccomp.so.2", "seccomp")} if sys.platform.startswith("linux") else {}


def look_in_homebrew() -> None:
    """Let this process and its children find Homebrew's libraries, where macOS does not look by itself."""
    if sys.platform == "darwin":
        os.environ.setdefault("DYLD_FALLBACK_LIBRARY_PATH", "/opt/homebrew/lib:/usr/local/lib:/usr/lib")


def missing() -> list[str]:
    """Debian's names of the packages whose libraries cannot be loaded here."""
    return _not_loaded(NEEDED)


def _not_loaded(libraries: Mapping[str, tuple[str, str]]) -> list[str]:
    return [
        package for package, (linux, generic) in libraries.items() if not (_loads(linux) or _loads_by_search(generic))
    ]


class Lacking(enum.Enum):
    """What to do where libraries are missing."""

    COMMAND = "command"  # to be typed
    INSTALLER = "installer"  # that we do not know


@dataclasses.dataclass(frozen=True)
class Advice:
    """What to do, and what the sentence about it names."""

    code: Lacking
    values: Mapping[str, object]


def how_to_get(packages: list[str]) -> Advice:
    """What brings what is missing."""
    if sys.platform == "darwin":
        return Advice(Lacking.COMMAND, {"command": "brew install pango"})
    if shutil.which("apt-get"):
        command = f"sudo apt-get install --no-install-recommends {' '.join(packages)}"
        return Advice(Lacking.COMMAND, {"command": command})
    return Advice(Lacking.INSTALLER, {})


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _loads_by_search(name: str) -> bool:
    path = ctypes.util.find_library(name)
    return path is not None and _loads(path)


if __name__ == "__main__":
    look_in_homebrew()
    print(*(_not_loaded(WANTED) if sys.argv[1:] == ["wanted"] else missing()))
