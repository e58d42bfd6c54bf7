"""The `bulletin` command: the press from a shell, the samples, the web server, and its upkeep."""

from __future__ import annotations

import argparse
import contextlib
import os
import pathlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from . import upkeep
from .backup import Refused

# Each command imports what it needs: --help is quick, and the server's arbiter stays small.
if TYPE_CHECKING:
    from .press.jobs import Press, Sheet
    from .press.kinds import Kind
    from .press.manuscript import Manuscript, ManuscriptError
    from .sentences import Refusal

ROOT = pathlib.Path(__file__).parents[1]

PRINTED, WRONG_MANUSCRIPT, WRONG_USE = 0, 1, 2
INTERRUPTED = 130  # as shells count it


class _Wrong(Exception):
    """Ends one job: `status` for the shell, `str()` for the person."""

    def __init__(self, status: int, sentence: str) -> None:
        self.status = status
        super().__init__(sentence)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status: 0 done, 1 a manuscript is wrong, 2 wrong use."""
    args = _parser().parse_args(argv)
    try:
        status: int = args.run(args)
        sys.stdout.flush()
    except _Wrong as wrong:
        _say(str(wrong))
        return wrong.status
    except Refused as refused:
        _say(_told(refused))
        return upkeep.REFUSED
    except OSError as error:
        # Standard output is full, or whoever read it has gone. Python must not find out again when it closes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            _say(_("bulletin cannot go on: %(reason)s.", reason=_reason(error)))
        return WRONG_USE
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bulletin", description="Write and print workplace bulletins.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    press = commands.add_parser(
        "press",
        help="print manuscripts: words in, sheets of paper (PDF) out",
        epilog="Exit status: 0 printed; 1 a manuscript is wrong and the message says why; 2 wrong use.",
    )
    press.add_argument("files", nargs="+", metavar="FILE", help="a manuscript; - reads standard input")
    press.add_argument(
        "-o",
        "--out",
        metavar="OUT",
        help="where to: a file, a folder, or - for standard output (otherwise beside FILE); a folder for several FILEs",
    )
    press.add_argument("--kind", metavar="KIND", help="what a text without a header is: regular, meeting, strike …")
    press.add_argument("--paper", default="a4", metavar="a4|letter", help="size of the paper (a4)")
    press.add_argument(
        "--fit",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="choose the type size that fills the sheet; --no-fit: one fixed size",
    )
    instead = press.add_mutually_exclusive_group()
    instead.add_argument("--text", action="store_true", help="plain text instead, to paste into a message")
    instead.add_argument("--check", action="store_true", help="write nothing, say how full each side is")
    press.set_defaults(run=_press)

    serve = commands.add_parser("serve", help="serve the pages on HOST and PORT")
    serve.set_defaults(run=_serve)

    sample = commands.add_parser("sample", help="print the sample of every kind")
    sample.add_argument("folder", nargs="?", type=pathlib.Path, help="where to (instance/samples)")
    sample.set_defaults(run=_sample)

    upkeep.add(commands)
    return parser


# bulletin press


def _press(args: argparse.Namespace) -> int:
    from .press.kinds import KINDS
    from .press.paper import PAPERS
    from .press.typesetting import plain_text

    if args.paper not in PAPERS:
        known = ", ".join(PAPERS)
        sentence = _("There is no paper called %(paper)s: choose one of %(known)s.", paper=args.paper, known=known)
        raise _Wrong(WRONG_USE, sentence)
    if args.kind is not None and args.kind not in KINDS:
        sentence = _(
            "There is no kind called %(kind)s: choose one of %(known)s.", kind=args.kind, known=", ".join(KINDS)
        )
        raise _Wrong(WRONG_USE, sentence)
    if args.check and args.out:
        raise _Wrong(WRONG_USE, _("--check writes nothing, so it takes no -o."))
    if args.check or (args.text and not args.out):
        targets: list[pathlib.Path | None] = [None] * len(args.files)
    else:
        targets = _targets(args.files, args.out, ".txt" if args.text else ".pdf")

    shop = _Shop()

    def press(name: str, target: pathlib.Path | None) -> None:
        manuscript = _read(name, args.kind)
        _say_left_out(manuscript, "" if name == "-" else name)
        if args.text:
            _write(target, plain_text(manuscript).encode())
            return
        pictures = shop.pictures(manuscript, name)
        sheet = shop.print(manuscript, "" if name == "-" else name, paper=args.paper, fit=args.fit, pictures=pictures)
        if args.check:
            _say_fullness(name if len(args.files) > 1 else "", sheet)
        else:
            _write(target, sheet.pdf)

    return _each(press, zip(args.files, targets, strict=True))


def _read(name: str, kind: str | None) -> Manuscript:
    try:
        source = sys.stdin.buffer.read() if name == "-" else pathlib.Path(name).read_bytes()
    except OSError as error:
        raise _unreadable(name, error) from None
    return _understand(source, "" if name == "-" else name, kind)


def _understand(source: str | bytes, name: str, kind: str | None = None) -> Manuscript:
    """`kind`: that of a text without a header, where it has been said."""
    from .press import pasted
    from .press.manuscript import ManuscriptError, decode, read
    from .press.mistake import Wrong

    try:
        text = decode(source)
        if kind is None or pasted.has_header(text):
            return read(text)
        if messages := pasted.read(text).messages:
            _say(
                _(
                    "%(file)s: taken off: who sent %(number)s messages, and when.",
                    file=name or "-",
                    number=str(messages),
                )
            )
        return read(pasted.with_header(text, kind))
    except ManuscriptError as error:
        wrong = _wrong(error, name)
        if error.code is Wrong.HEADER_MISSING:
            wrong = _Wrong(wrong.status, f"{wrong} {_('Or say what kind it is: --kind regular.')}")
        raise wrong from None


def _say_left_out(manuscript: Manuscript, name: str) -> None:
    """What the manuscript holds and no face has; the rest is printed."""
    from .press.signs import told

    for one in manuscript.left_out:
        sentence = _told(told(one.signs) if name else one.with_line)
        where = _("%(file)s, line %(number)s", file=name, number=str(one.line)) if name else ""
        _say(_sentence(where, sentence))


def _wrong(error: ManuscriptError, name: str) -> _Wrong:
    if not name:
        return _Wrong(WRONG_MANUSCRIPT, _told(error.with_line))
    if error.line:
        name = _("%(file)s, line %(number)s", file=name, number=str(error.line))
    return _Wrong(WRONG_MANUSCRIPT, _sentence(name, _told(error)))


def _unreadable(file: object, error: OSError) -> _Wrong:
    return _Wrong(WRONG_USE, _("%(file)s cannot be read: %(reason)s.", file=str(file), reason=_reason(error)))


class _Shop:
    """A press that starts with its first sheet."""

    def __init__(self) -> None:
        self.press: Press | None = None

    def print(
        self,
        manuscript: Manuscript,
        name: str,
        *,
        paper: str,
        fit: bool = True,
        pictures: Mapping[str, bytes] | None = None,
    ) -> Sheet:
        from .press.mistake import Busy, Unprintable

        try:
            return self._started().print(manuscript, paper=paper, fit=fit, pictures=pictures)
        except Unprintable as error:
            raise _Wrong(WRONG_MANUSCRIPT, _sentence(name, _told(error))) from None
        except Busy as error:
            raise _Wrong(WRONG_USE, _sentence(name, _told(error))) from None

    def pictures(self, manuscript: Manuscript, name: str) -> dict[str, bytes]:
        """The pictures that a manuscript names, from the folder it lies in; there is none beside standard input."""
        from .press.mistake import Busy, ManuscriptError, Named, PictureError
        from .press.pictures import BYTES_MAX
        from .press.pieces import check_pictures

        found: dict[str, bytes] = {}
        try:
            for piece in manuscript.pieces:
                path = pathlib.Path(name).with_name(piece.picture) if piece.picture else None
                if path and name != "-" and path.is_file() and piece.picture not in found:
                    with path.open("rb") as file:
                        found[piece.picture] = self._started().prepare(file.read(BYTES_MAX + 1)).bytes
            check_pictures(manuscript.pieces, found)
        except PictureError as error:
            wrong = ManuscriptError(Named.IN_PICTURE, line=piece.line, picture=piece.picture, sentence=error)
            raise _wrong(wrong, name) from None
        except ManuscriptError as error:
            raise _wrong(error, "" if name == "-" else name) from None
        except OSError as error:
            raise _unreadable(path, error) from None
        except Busy as error:
            raise _Wrong(WRONG_USE, _sentence(name, _told(error))) from None
        return found

    def _started(self) -> Press:
        from .press.jobs import Press

        if self.press is None:
            _need_libraries()
            self.press = Press()
            self.press.start()
        return self.press


def _need_libraries() -> None:
    from . import libraries

    libraries.look_in_homebrew()
    if packages := libraries.missing():
        raise _Wrong(WRONG_USE, _told(libraries.how_to_get(packages)))


def _targets(names: Sequence[str], out: str | None, suffix: str) -> list[pathlib.Path | None]:
    """Where the sheet of each manuscript goes; None is standard output."""
    if len(names) == 1 and (out == "-" or (out is None and names[0] == "-")):
        if suffix == ".pdf" and sys.stdout.isatty():
            raise _Wrong(WRONG_USE, _("A PDF on a terminal is no use: say where to with -o FILE.pdf."))
        return [None]
    if len(names) > 1 and "-" in (*names, out):
        raise _Wrong(WRONG_USE, _("- stands for one manuscript alone; several FILEs go to a folder: -o FOLDER."))

    def beside(name: str) -> pathlib.Path:
        return pathlib.Path(("bulletin" if name == "-" else os.path.splitext(name)[0]) + suffix)

    if out is None:
        targets = [beside(name) for name in names]
    elif len(names) == 1 and not os.path.isdir(out):
        targets = [pathlib.Path(out)]
    else:
        try:
            pathlib.Path(out).mkdir(exist_ok=True)
        except OSError as error:
            sentence = _(
                "%(folder)s cannot be the folder for the sheets: %(reason)s.", folder=out, reason=_reason(error)
            )
            raise _Wrong(WRONG_USE, sentence) from None
        targets = [pathlib.Path(out, beside(name).name) for name in names]

    taken = [os.path.realpath(name) for name in names if name != "-"]
    for target in targets:
        place = os.path.realpath(target)
        if place in taken:
            sentence = _("%(file)s would be written over: choose another name with -o.", file=str(target))
            raise _Wrong(WRONG_USE, sentence)
        taken.append(place)
    return [*targets]


def _write(target: pathlib.Path | None, content: bytes) -> None:
    """All of it or nothing: a sheet is never half there, and an old one stays until the new one is."""
    if target is None:
        sys.stdout.buffer.write(content)
        return
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(content)  # a pipe or a device; a folder refuses
        else:
            place = pathlib.Path(os.path.realpath(target))
            with _aside(place) as draft:
                draft.write_bytes(content)
                draft.replace(place)
    except OSError as error:
        sentence = _("%(file)s cannot be written: %(reason)s.", file=str(target), reason=_reason(error))
        raise _Wrong(WRONG_USE, sentence) from None


@contextlib.contextmanager
def _aside(place: pathlib.Path) -> Iterator[pathlib.Path]:
    draft = place.with_name(f".{place.name[:100]}.{os.getpid()}")
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _say_fullness(name: str, sheet: Sheet) -> None:
    for side, fullness in enumerate(sheet.fullness, 1):
        print(_sentence(name, _("Side %(side)s: %(full)s %% full", side=side, full=round(fullness * 100))))
    print(_sentence(name, _("Set in %(size)s pt", size=sheet.size_pt)))


# bulletin sample


def _sample(args: argparse.Namespace) -> int:
    from .press.kinds import KINDS
    from .press.paper import PAPERS

    folder = args.folder or ROOT / "instance" / "samples"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        sentence = _("%(folder)s cannot be made: %(reason)s.", folder=str(folder), reason=_reason(error))
        raise _Wrong(WRONG_USE, sentence) from None
    shop = _Shop()

    def press(kind: Kind, language: str, paper: str) -> None:
        target = folder / f"{kind.name if language == 'en' else f'{kind.name}-{language}'}-{paper}.pdf"
        manuscript = _understand(
            kind.samples[language], _("the sample of %(kind)s (%(language)s)", kind=kind.name, language=language)
        )
        _write(target, shop.print(manuscript, target.name, paper=paper).pdf)
        print(os.path.relpath(target))

    return _each(
        press, [(kind, language, paper) for kind in KINDS.values() for language in kind.samples for paper in PAPERS]
    )


# bulletin serve


def _serve(_args: argparse.Namespace) -> int:
    from . import libraries, serving
    from .config import Settings, SettingsError

    libraries.look_in_homebrew()
    try:
        settings = Settings.load()
    except SettingsError as error:
        raise _Wrong(WRONG_USE, _told(error)) from None
    try:
        serving.serve(settings)
    except OSError as error:
        sentence = _(
            "Cannot serve on %(host)s, port %(port)s: %(reason)s. Set another PORT or HOST.",
            host=settings.host,
            port=str(settings.port),
            reason=_reason(error),
        )
        raise _Wrong(WRONG_USE, sentence) from None
    return PRINTED


# What people read


def _each(do: Callable[..., None], jobs: Iterable[tuple[Any, ...]]) -> int:
    """Do every job, also after one that is wrong; returns the worst status."""
    worst = PRINTED
    for job in jobs:
        try:
            do(*job)
        except _Wrong as wrong:
            _say(str(wrong))
            worst = max(worst, wrong.status)
    return worst


def _(sentence: str, /, **values: object) -> str:
    from .sentences import told

    return told(sentence, **values)


def _told(refusal: Refusal) -> str:
    from .sentences import say

    return say(refusal)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def _sentence(where: str, sentence: str) -> str:
    return f"{where}: {sentence}" if where else sentence


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
