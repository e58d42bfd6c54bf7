"""The commands that keep an installation, and open what one took along: backup, restore, check, open."""

from __future__ import annotations

import argparse
import contextlib
import enum
import functools
import pathlib
import sys
from collections.abc import Iterator
from typing import Any

from .backup import Refused, Told
from .shell import DONE, _, leave_no_core

# Each command imports what it needs: --help is quick.
REFUSED = 1


class Why(enum.Enum):
    """Why a command does not go on."""

    DISK_FULL = "disk full"
    NO_ANSWER = "no answer"  # from the database
    UNREADABLE = "unreadable"  # a file, which cannot be written either
    SOMETHING_UNREADABLE = "something unreadable"  # and nobody says what
    NOT_SEALED = "not sealed"  # by us
    WRONG_WORDS = "wrong words"
    NOBODY_ASKED = "nobody asked"  # and nothing said that it may go on
    NOT_AGREED = "not agreed"


def add(commands: Any) -> None:
    """Add them to the command line's."""
    backup = commands.add_parser("backup", help="copy everything into one sealed file, while people go on working")
    what = backup.add_mutually_exclusive_group(required=True)
    what.add_argument("file", nargs="?", type=pathlib.Path, metavar="FILE", help="where to; an older one is replaced")
    what.add_argument("--new-key", action="store_true", help="make the key that opens backups, and show it this once")
    backup.set_defaults(run=_backup)

    restore = commands.add_parser("restore", help="bring a backup back; who was removed since stays removed")
    restore.add_argument("file", type=pathlib.Path, metavar="FILE")
    restore.add_argument("--key", type=pathlib.Path, required=True, metavar="KEYFILE", help="what --new-key showed")
    restore.add_argument(
        "--log",
        type=pathlib.Path,
        metavar="LOG",
        help="who has gone since: a later backup, or the departed.log of a release before",
    )
    restore.add_argument(
        "--into", default="", metavar="DATABASE_URL", help="another database than that of the settings"
    )
    restore.add_argument(
        "--replace", action="store_true", help="even if a network is there already, which is then lost"
    )
    restore.add_argument(
        "--unsigned", action="store_true", help="even if nothing shows who made it, as in releases that did not sign"
    )
    restore.add_argument("--yes", action="store_true", help="do not ask, as in a script")
    restore.set_defaults(run=_restore)

    opened = commands.add_parser("open", help="open what a site took along, by its six words, without an installation")
    opened.add_argument("file", type=pathlib.Path, metavar="FILE", help="site.sealed, or as somebody renamed it")
    opened.add_argument("-o", dest="into", type=pathlib.Path, metavar="ZIP", help="where to; FILE.zip if not given")
    opened.set_defaults(run=_open)

    check = commands.add_parser(
        "check", help="say in plain words whether all is in order", epilog="Exit status: 1 if something is broken."
    )
    check.set_defaults(run=_check)


@contextlib.contextmanager
def _house(into: str = "") -> Iterator[Any]:
    """An app with the database of the settings; what cannot be done there is said in a sentence."""
    import dataclasses

    from sqlalchemy.exc import SQLAlchemyError

    from . import config
    from .backup import making
    from .db import CannotUse, StorageFull

    try:
        settings = config.Settings.load(instance=config.INSTANCE)
        instance = pathlib.Path(settings.instance or config.INSTANCE).resolve()
        if into:
            settings = dataclasses.replace(settings, database_url=into)
        yield making.open_house(settings, instance)
    except (config.SettingsError, CannotUse) as error:
        raise Refused(error.code, **error.values) from None
    except StorageFull:
        raise Refused(Why.DISK_FULL) from None
    except SQLAlchemyError as error:
        raise Refused(Why.NO_ANSWER, error=type(error).__name__) from None
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _unreadable(error) from None


def _unreadable(error: OSError) -> Refused:
    reason = (error.strerror or str(error)).lower()
    if error.filename is None:
        return Refused(Why.SOMETHING_UNREADABLE, reason=reason)
    return Refused(Why.UNREADABLE, file=str(error.filename), reason=reason)


def _backup(args: argparse.Namespace) -> int:
    from .backup import envelope, making
    from .sentences import say

    with _house() as house:
        if args.new_key:
            instance = pathlib.Path(house.instance_path)
            instance.mkdir(mode=0o700, exist_ok=True)
            key = envelope.new_key(instance)
            print(_key_advice(), file=sys.stderr)
            print(f"# {_('Opens backups of Bulletin, and shows that they were made here.')}\n{key}")
        else:
            for done in making.make(house, args.file):
                print(say(done))
    return DONE


def _key_advice() -> str:
    return _(
        "This is the key that opens your backups. It is shown this once and kept nowhere on this machine.\n"
        "The second line shows that a backup is yours: keep it with the first, and take it from nobody else.\n"
        "Write it on paper or save it on another device, and keep it away from the backups; keep it twice.\n"
        "Without it no backup can be opened, by you or by us. Whoever has it and a backup can read the names of\n"
        "your groups and the sign-in names of their members; what members sealed stays sealed to them.\n"
        "Backups made before still need the key they were made with."
    )


def _restore(args: argparse.Namespace) -> int:
    from .backup.restoring import restore
    from .sentences import say

    leave_no_core()
    with _house() as usual, _house(args.into) as house:
        moved_from = usual if args.into else None
        how = {"replace": args.replace, "moved_from": moved_from, "unsigned": args.unsigned}
        for done in restore(house, args.file, args.key, args.log, **how, ask=functools.partial(_ask, args.yes)):
            print(say(done))
    return DONE


def _ask(yes: bool, told: list[Told]) -> None:
    """Say what is about to be done, and go on if somebody says so."""
    from .sentences import say

    for one in told:
        print(say(one))
    if yes:
        return
    if not sys.stdin.isatty():
        raise Refused(Why.NOBODY_ASKED)
    with contextlib.suppress(EOFError):
        if input(_("Bring it in? Type yes: ")).strip().casefold() == "yes":
            return
    raise Refused(Why.NOT_AGREED)


def _open(args: argparse.Namespace) -> int:
    import getpass
    import os

    from .vault import keys, parcels

    leave_no_core()
    into = args.into or args.file.with_suffix(".zip")
    try:
        sealed = args.file.read_bytes()
        typed = getpass.getpass(_("The six words: ")) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        plain = parcels.unseal(sealed, typed)
        with os.fdopen(os.open(into, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(plain)
    except parcels.NotSealed:
        raise Refused(Why.NOT_SEALED, file=str(args.file)) from None
    except keys.WrongWords:
        raise Refused(Why.WRONG_WORDS) from None
    except OSError as error:
        raise _unreadable(error) from None
    print(
        _(
            "%(file)s holds everything that was in it, for whoever has it: delete it when you have looked.",
            file=str(into),
        )
    )
    return DONE


def _check(_args: argparse.Namespace) -> int:
    from . import libraries

    libraries.look_in_homebrew()
    from . import health
    from .press.jobs import Press

    worst = DONE
    with _house() as house:
        for finding in health.look(house, Press()):
            print(finding, flush=True)
            if finding.state is health.Severity.BROKEN:
                worst = REFUSED
    return worst
