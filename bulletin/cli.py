"""The `bulletin` command: the press from a shell, the samples, the web server, and its upkeep."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from . import printing, upkeep
from .backup import Refused
from .shell import DONE, WRONG_USE, CommandError, _, leave_no_core, reason, say, told

# Each command imports what it needs: --help is quick, and the server's arbiter stays small.
INTERRUPTED = 130  # as shells count it


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status: 0 done, 1 a manuscript is wrong, 2 wrong use."""
    args = _parser().parse_args(argv)
    try:
        status: int = args.run(args)
        sys.stdout.flush()
    except CommandError as wrong:
        say(str(wrong))
        return wrong.status
    except Refused as refused:
        say(told(refused))
        return upkeep.REFUSED
    except OSError as error:
        # Standard output is full, or whoever read it has gone. Python must not find out again when it closes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            say(_("bulletin cannot go on: %(reason)s.", reason=reason(error)))
        return WRONG_USE
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bulletin", description="Write and print workplace bulletins.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    printing.add(commands)
    serve = commands.add_parser("serve", help="serve the pages on HOST and PORT")
    serve.set_defaults(run=_serve)

    upkeep.add(commands)
    return parser


# bulletin serve


def _serve(_args: argparse.Namespace) -> int:
    from . import libraries, serving
    from .config import Settings, SettingsError

    leave_no_core()
    libraries.look_in_homebrew()
    try:
        settings = Settings.load()
    except SettingsError as error:
        raise CommandError(WRONG_USE, told(error)) from None
    try:
        serving.serve(settings)
    except OSError as error:
        sentence = _(
            "Cannot serve on %(host)s, port %(port)s: %(reason)s. Set another PORT or HOST.",
            host=settings.host,
            port=str(settings.port),
            reason=reason(error),
        )
        raise CommandError(WRONG_USE, sentence) from None
    return DONE
