"""The commands that print: press, sample."""

from __future__ import annotations

import argparse
import contextlib
import os
import pathlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .shell import DONE, WRONG_MANUSCRIPT, WRONG_USE, CommandError, _, reason, say, sentence_at, told

# Each command imports what it needs: --help is quick.
if TYPE_CHECKING:
    from .press.jobs import Press, Sheet
    from .press.kinds import Kind
    from .press.manuscript import Manuscript, ManuscriptError

ROOT = pathlib.Path(__file__).parents[1]


def add(commands: Any) -> None:
    """Add them to the command line's."""
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

    sample = commands.add_parser("sample", help="print the sample of every kind")
    sample.add_argument("folder", nargs="?", type=pathlib.Path, help="where to (instance/samples)")
    sample.set_defaults(run=_sample)


# bulletin press


def _press(args: argparse.Namespace) -> int:
    from .press.kinds import KINDS
    from .press.paper import PAPERS
    from .press.typesetting import plain_text

    if args.paper not in PAPERS:
        known = ", ".join(PAPERS)
        sentence = _("There is no paper called %(paper)s: choose one of %(known)s.", paper=args.paper, known=known)
        raise CommandError(WRONG_USE, sentence)
    if args.kind is not None and args.kind not in KINDS:
        sentence = _(
            "There is no kind called %(kind)s: choose one of %(known)s.", kind=args.kind, known=", ".join(KINDS)
        )
        raise CommandError(WRONG_USE, sentence)
    if args.check and args.out:
        raise CommandError(WRONG_USE, _("--check writes nothing, so it takes no -o."))
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
    from .sentences.marks import plural

    try:
        text = decode(source)
        if kind is None or pasted.has_header(text):
            return read(text)
        manuscript, found = pasted.begun(text, kind)
        if messages := found.messages:
            taken_off = plural(
                "%(file)s: taken off: who sent %(number)s message, and when.",
                "%(file)s: taken off: who sent %(number)s messages, and when.",
                by="number",
            )
            say(_(taken_off, file=name or "-", number=messages))
        return read(manuscript)
    except ManuscriptError as error:
        wrong = _wrong(error, name)
        if error.code is Wrong.HEADER_MISSING:
            how_else = _("Or say what kind it is: --kind regular.")
            wrong = CommandError(wrong.status, f"{wrong} {how_else}")
        raise wrong from None


def _say_left_out(manuscript: Manuscript, name: str) -> None:
    """What the manuscript holds and no face has; the rest is printed."""
    from .press import signs

    for one in manuscript.left_out:
        sentence = told(signs.told(one.signs) if name else one.with_line)
        where = _("%(file)s, line %(number)s", file=name, number=str(one.line)) if name else ""
        say(sentence_at(where, sentence))


def _wrong(error: ManuscriptError, name: str) -> CommandError:
    if not name:
        return CommandError(WRONG_MANUSCRIPT, told(error.with_line))
    if error.line:
        name = _("%(file)s, line %(number)s", file=name, number=str(error.line))
    return CommandError(WRONG_MANUSCRIPT, sentence_at(name, told(error)))


def _unreadable(file: object, error: OSError) -> CommandError:
    return CommandError(WRONG_USE, _("%(file)s cannot be read: %(reason)s.", file=str(file), reason=reason(error)))


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
            raise CommandError(WRONG_MANUSCRIPT, sentence_at(name, told(error))) from None
        except Busy as error:
            raise CommandError(WRONG_USE, sentence_at(name, told(error))) from None

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
            raise CommandError(WRONG_USE, sentence_at(name, told(error))) from None
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
        raise CommandError(WRONG_USE, told(libraries.how_to_get(packages)))


def _targets(names: Sequence[str], out: str | None, suffix: str) -> list[pathlib.Path | None]:
    """Where the sheet of each manuscript goes; None is standard output."""
    if len(names) == 1 and (out == "-" or (out is None and names[0] == "-")):
        if suffix == ".pdf" and sys.stdout.isatty():
            raise CommandError(WRONG_USE, _("A PDF on a terminal is no use: say where to with -o FILE.pdf."))
        return [None]
    if len(names) > 1 and "-" in (*names, out):
        raise CommandError(WRONG_USE, _("- stands for one manuscript alone; several FILEs go to a folder: -o FOLDER."))

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
                "%(folder)s cannot be the folder for the sheets: %(reason)s.", folder=out, reason=reason(error)
            )
            raise CommandError(WRONG_USE, sentence) from None
        targets = [pathlib.Path(out, beside(name).name) for name in names]

    taken = [os.path.realpath(name) for name in names if name != "-"]
    for target in targets:
        place = os.path.realpath(target)
        if place in taken:
            sentence = _("%(file)s would be written over: choose another name with -o.", file=str(target))
            raise CommandError(WRONG_USE, sentence)
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
        sentence = _("%(file)s cannot be written: %(reason)s.", file=str(target), reason=reason(error))
        raise CommandError(WRONG_USE, sentence) from None


@contextlib.contextmanager
def _aside(place: pathlib.Path) -> Iterator[pathlib.Path]:
    draft = place.with_name(f".{place.name[:100]}.{os.getpid()}")
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _say_fullness(name: str, sheet: Sheet) -> None:
    for side, fullness in enumerate(sheet.fullness, 1):
        print(sentence_at(name, _("Side %(side)s: %(full)s %% full", side=side, full=round(fullness * 100))))
    print(sentence_at(name, _("Set in %(size)s pt", size=sheet.size_pt)))


# bulletin sample


def _sample(args: argparse.Namespace) -> int:
    from .press.kinds import KINDS
    from .press.paper import PAPERS

    folder = args.folder or ROOT / "instance" / "samples"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        sentence = _("%(folder)s cannot be made: %(reason)s.", folder=str(folder), reason=reason(error))
        raise CommandError(WRONG_USE, sentence) from None
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


def _each(do: Callable[..., None], jobs: Iterable[tuple[Any, ...]]) -> int:
    """Do every job, also after one that is wrong; returns the worst status."""
    worst = DONE
    for job in jobs:
        try:
            do(*job)
        except CommandError as wrong:
            say(str(wrong))
            worst = max(worst, wrong.status)
    return worst
