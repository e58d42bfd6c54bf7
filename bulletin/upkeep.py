"""The commands that keep an installation, and open what one took along: backup, restore, check, open."""

from __future__ import annotations

import argparse
import contextlib
import pathlib
import sys
from collections.abc import Iterator
from typing import Any

from .backup import Refused

# Each command imports what it needs: --help is quick.
DONE, REFUSED = 0, 1


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
        help="who has gone since: a departures.log that was saved, or a later backup",
    )
    restore.add_argument(
        "--into", default="", metavar="DATABASE_URL", help="another database than that of the settings"
    )
    restore.add_argument(
        "--replace", action="store_true", help="even if a network is there already, which is then lost"
    )
    restore.set_defaults(run=_restore)

    opened = commands.add_parser("open", help="open what a site took along, by its six words, without an installation")
    opened.add_argument("file", type=pathlib.Path, metavar="FILE", help="site.sealed, or as somebody renamed it")
    opened.add_argument("-o", dest="into", type=pathlib.Path, metavar="ZIP", help="where to; FILE.zip if not given")
    opened.set_defaults(run=_open)

    check = commands.add_parser(
        "check", help="say in plain words whether all is in order", epilog="Exit status: 1 if something is broken."
    )
    check.set_defaults(run=_check)


KEY_ADVICE = """\
This is the key that opens your backups. It is shown this once and kept nowhere on this machine.
Write it on paper or save it on another device, and keep it away from the backups; keep it twice.
Without it no backup can be opened, by you or by us. Whoever has it and a backup can read the names of
your sites and the handles of their members; what members sealed stays sealed to them.
Backups made before still need the key they were made with."""


@contextlib.contextmanager
def _house(into: str = "") -> Iterator[Any]:
    """An app with the database of the settings; what cannot be done there is said in a sentence."""
    import dataclasses

    from sqlalchemy.exc import SQLAlchemyError

    from . import config
    from .backup import making
    from .db import NewerDatabase, StorageFull

    try:
        settings = config.Settings.load(instance=config.INSTANCE)
        instance = pathlib.Path(settings.instance or config.INSTANCE).resolve()
        if into:
            settings = dataclasses.replace(settings, database_url=into)
        yield making.open_house(settings, instance)
    except config.SettingsError as error:
        raise Refused(str(error)) from None
    except NewerDatabase as error:
        raise Refused(str(error)) from None
    except StorageFull:
        raise Refused("The disk is full: make room, then do this again.") from None
    except SQLAlchemyError as error:
        raise Refused(f"The database does not answer ({type(error).__name__}): see bulletin check.") from None
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Refused(
            f"{error.filename or 'It'} cannot be read or written: {(error.strerror or str(error)).lower()}."
        ) from None


def _backup(args: argparse.Namespace) -> int:
    from .backup import envelope, making

    with _house() as house:
        if args.new_key:
            instance = pathlib.Path(house.instance_path)
            instance.mkdir(mode=0o700, exist_ok=True)
            key = envelope.new_key(instance)
            print(KEY_ADVICE, file=sys.stderr)
            print(f"# Opens backups of Bulletin.\n{key}")
        else:
            for sentence in making.make(house, args.file):
                print(sentence)
    return DONE


def _restore(args: argparse.Namespace) -> int:
    from .backup.restoring import restore

    with _house(args.into) as house:
        for sentence in restore(house, args.file, args.key, args.log, replace=args.replace):
            print(sentence)
    return DONE


def _open(args: argparse.Namespace) -> int:
    import getpass
    import os

    from .vault import keys, parcels

    into = args.into or args.file.with_suffix(".zip")
    try:
        sealed = args.file.read_bytes()
        typed = getpass.getpass("The six words: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        plain = parcels.unseal(sealed, typed)
        with os.fdopen(os.open(into, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(plain)
    except parcels.NotSealed:
        raise Refused(f"{args.file} is not such a file, or not all of it.") from None
    except keys.WrongWords:
        raise Refused("These words do not open this file: look at the paper it was sealed with.") from None
    except OSError as error:
        raise Refused(
            f"{error.filename} cannot be read or written: {(error.strerror or str(error)).lower()}."
        ) from None
    print(f"{into} holds everything that was in it, for whoever has it: delete it when you have looked.")
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
            if finding.state is health.State.BROKEN:
                worst = REFUSED
    return worst
