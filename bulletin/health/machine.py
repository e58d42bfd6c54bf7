"""How the machine stands: this installation's folder, the disk, what printing needs, the press and its processes."""

from __future__ import annotations

import os
import pathlib
import shutil
import stat
from collections.abc import Iterator

from .. import libraries
from ..backup import departure_log, envelope, restoring
from ..press import faces
from ..press.jobs import Press
from ..press.mistake import Busy, Unprintable
from ..press.sandbox import Wall
from ..sentences import say, say_code, told as _
from .findings import Found, Severity

LOW_BYTES, FULL_BYTES = 500 << 20, 50 << 20


def folder(instance: pathlib.Path) -> Iterator[Found]:
    if not instance.exists():
        yield Severity.LOOK, _("there is none yet; make run makes it.")
        return
    wrong = [(instance, 0o700)] if _open_to_others(instance) else []
    for path in sorted(instance.iterdir()):
        if (
            path.name.startswith(
                ("bulletin.db", departure_log.FILE, envelope.RECIPIENT, envelope.SIGNING, "settings.toml")
            )
            and path.is_file()
        ):
            wrong += [(path, 0o600)] if _open_to_others(path) else []
    for path, mode in wrong:
        yield (
            Severity.BROKEN,
            _("others on this machine can read %(path)s: chmod %(mode)s %(path)s", path=str(path), mode=f"{mode:o}"),
        )
    if not wrong:
        yield Severity.OK, _("nobody else on this machine can read it.")
    for path in sorted(instance.glob(f"{restoring.ASIDE}*")):
        yield (
            Severity.LOOK,
            _("%(path)s is left from a restore that was cut off: if none is running, delete it.", path=str(path)),
        )


def _open_to_others(path: pathlib.Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def disk(instance: pathlib.Path) -> Iterator[Found]:
    free = shutil.disk_usage(next(path for path in (instance, *instance.parents) if path.exists())).free
    mb = round(free / 1e6)
    if free >= LOW_BYTES:
        yield Severity.OK, _("%(mb)s MB are free.", mb=mb)
    else:
        state = Severity.BROKEN if free < FULL_BYTES else Severity.LOOK
        yield state, _("%(mb)s MB are free. Make room before it is full.", mb=mb)


def fonts() -> Iterator[Found]:
    files = sorted(path for kind in ("print", "screen") for path in (faces.FONTS / kind).glob("*.*"))
    dead = [path.name for path in files if not (os.access(path, os.R_OK) and path.stat().st_size)]
    if dead or not files:
        names = ", ".join(dead) or _("all of them")
        yield Severity.BROKEN, _("%(names)s cannot be read: install Bulletin anew.", names=names)
    else:
        yield Severity.OK, _("%(count)s files, all there to be read.", count=len(files))


def needed() -> Iterator[Found]:
    missing = libraries.missing()
    if missing:
        yield Severity.BROKEN, say(libraries.how_to_get(missing))
    else:
        yield Severity.OK, _("all that printing needs.")


def press(press: Press) -> Iterator[Found]:
    if libraries.missing():
        yield Severity.BROKEN, _("it cannot work without its libraries.")
        return
    press.start()
    if press.works():
        yield Severity.OK, _("it printed a sheet.")
    else:
        yield Severity.BROKEN, _("it printed nothing: look at what bulletin sample says.")


def print_jobs(press: Press) -> Iterator[Found]:
    """What holds around the processes that read what anybody sends."""
    if libraries.missing():
        return
    try:
        lacking = set(Wall) - press.walls()
    except (Unprintable, Busy):
        yield Severity.LOOK, _("none came back to say what it can reach.")
        return
    for wall in sorted(lacking, key=list(Wall).index):
        yield Severity.LOOK, say_code(wall)
    if not lacking:
        yield (
            Severity.OK,
            _("each sees no settings and no files but typefaces and its own program, no network, and starts nothing."),
        )
