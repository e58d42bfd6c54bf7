"""The `bulletin` command: the press from a shell, the samples, the web server, and its upkeep."""

from __future__ import annotations

import argparse
import os
import pathlib
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

    demo = commands.add_parser("demo", help="make a made-up network to look at, and say how to sign in")
    demo.add_argument("--sites", type=int, default=12, metavar="N", help="12 if not given")
    demo.add_argument("--weeks", type=int, default=12, metavar="W", help="that they have told; 12 if not given")
    demo.add_argument("--seed", type=int, default=1, metavar="S", help="another number makes another network")
    demo.add_argument("--into", default="demo", metavar="FOLDER", help="a new folder; demo if not given")
    demo.set_defaults(run=_demo)

    upkeep.add(commands)
    return parser


# bulletin demo


def _demo(args: argparse.Namespace) -> int:
    from . import demo
    from .demo.network import Size

    folder = pathlib.Path(args.into).resolve()
    if not (1 <= args.sites <= demo.SITES_MAX and 1 <= args.weeks <= demo.WEEKS_MAX):
        sentence = _(
            "A made-up network has at most %(sites)s groups and %(weeks)s weeks.",
            sites=demo.SITES_MAX,
            weeks=demo.WEEKS_MAX,
        )
        raise CommandError(WRONG_USE, sentence)
    if folder.exists() and any(folder.iterdir()) and not (folder / demo.SIGN_IN).exists():
        raise CommandError(WRONG_USE, _("%(folder)s holds something else: give a new folder.", folder=str(folder)))
    sign_in = demo.make_network(folder, Size(args.sites, args.weeks, args.seed))
    print(_("Serve it with: INSTANCE=%(folder)s bulletin serve", folder=str(folder)))
    print(_("Rosa, Bill and Clara are members. Ines is asked to do something by the groups, and is in none of them."))
    print(
        _("Sign in with one of these sign-in names and its words; without, one is a stranger."),
        sign_in,
        sep="\n",
        end="",
    )
    return DONE


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
