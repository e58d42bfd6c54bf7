"""The press itself: one render, fitting, what a job costs besides, and how large its files are."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from unittest import mock

from bulletin.press import fitting, job, printing
from bulletin.press.jobs import Press
from bulletin.press.manuscript import Manuscript, read
from bulletin.press.paper import PAPERS
from bulletin.press.typesetting import Setting, typeset

from . import walls
from .figures import Figure, medians
from .plain import CASES, case, northfield, write_pdf

PLAIN_MOST, NAIVE_MOST = 0.9, 0.65  # of the time of others
FIT_MOST = 3.0  # renders more
JOB_MOST_MS = 50.0
WALLS_MOST = 1.1
CARD_MOST_MS = 2_000.0
READ_MOST = 60.0  # of a usual text's time, which is 4 ms: below 0.3 s
PDF_MOST_KB = 60.0


def render(manuscript: Manuscript, setting: Setting) -> bytes:
    """One render as a job does it, levelling and finisher included."""
    document, galley = printing.lay_out(manuscript, PAPERS["a4"], setting)
    return printing.write(document, galley.make_up(galley.plan()))


class Naive:
    """Renders the way one begins with, in a process of its own: @font-face leaves things behind."""

    def __enter__(self) -> Callable[[], float]:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.naive"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self.seconds

    def seconds(self) -> float:
        assert self.process.stdin
        assert self.process.stdout
        print("again", file=self.process.stdin, flush=True)
        return float(self.process.stdout.readline())

    def __exit__(self, *_: object) -> None:
        self.process.communicate()


def renders() -> Iterator[Figure]:
    text, setting = northfield(), Setting(sides=2)
    html = typeset(text, setting=setting)
    with Naive() as naive:
        took = medians({"ours": lambda: render(text, setting), "plain": lambda: write_pdf(html), "naive": naive})
    yield Figure("One render of the Northfield sheet", took["ours"] * 1000, "ms")
    yield Figure("… of plain WeasyPrint’s time for the same HTML", took["ours"] / took["plain"], most=PLAIN_MOST)
    yield Figure("… of a naive version’s: balanced columns, @font-face", took["ours"] / took["naive"], most=NAIVE_MOST)


def fits() -> Iterator[Figure]:
    for path in sorted(CASES.glob("*.md")):
        text = case(path.stem)
        setting, layouts = fitted(text)
        took = medians({"fit": lambda t=text: fitting.press(t, "a4"), "one": lambda t=text, s=setting: render(t, s)}, 5)
        more = took["fit"] / took["one"] - 1
        note = f"renders; {layouts} layouts, {setting.size_pt:g} pt"
        yield Figure(f"Fitting {path.stem}, beyond one render", more, most=FIT_MOST, note=note)


def fitted(text: Manuscript) -> tuple[Setting, int]:
    """The setting that fits, and how many layouts finding it takes."""
    with mock.patch.object(printing, "lay_out", wraps=printing.lay_out) as lay_out:
        setting = fitting.proof(text, PAPERS["a4"]).setting
    return setting, lay_out.call_count


def cards() -> Iterator[Figure]:
    text, press = northfield(), Press()
    press.start()
    took = medians({"card": lambda: press.card(text, 1)}, 3)
    yield Figure("A card from a warm press", took["card"] * 1000, "ms", CARD_MOST_MS)


def overhead() -> Iterator[Figure]:
    text, press = northfield(), Press()
    press.start()
    took = medians({"job": lambda: press.print(text, fit=False), "here": lambda: fitting.press(text, "a4", fit=False)})
    yield Figure("A job beyond its render: fork, pipe", (took["job"] - took["here"]) * 1000, "ms", JOB_MOST_MS)


def sandboxed() -> Iterator[Figure]:
    """What the walls around a job cost, beside a job without them."""
    text, press = northfield(), Press()
    press.start()

    def prints(work: Callable[..., None]) -> None:
        with mock.patch.object(job, "sheet", work):
            press.print(text, fit=False)

    took = medians({"inside": lambda: prints(walls.inside), "outside": lambda: prints(walls.outside)}, 31)
    yield Figure("A job inside its walls, of the same without", took["inside"] / took["outside"], most=WALLS_MOST)


def sizes() -> Iterator[Figure]:
    for path in sorted(CASES.glob("*.md")):
        pdf = fitting.press(case(path.stem), "a4").pdf
        yield Figure(f"PDF of {path.stem}", len(pdf) / 1000, "kB", PDF_MOST_KB)


def reading() -> Iterator[Figure]:
    """The heaviest texts that are taken: while one is read, no page answers."""
    head = "---\nkind: regular\nheadline: N\n---\n"
    usual = head + ("A plain sentence of nine words, and no more. " * 9 + "\n\n") * 20  # twice what a sheet holds
    heavy = {
        "brackets": "[ " * 299 + "\n\n" + ("word " * 1_500 + "\n\n") * 6,
        "stress": ("*a* " * 100 + "\n\n") * 14 + ("word " * 1_500 + "\n\n") * 5,
        "quotation marks": ("\"a' word word " * 199 + "\n\n") * 17,
        "short lines": ("- a word, and one more\n" * 298 + "\n") * 5,
    }
    took = medians(
        {"usual": lambda: read(usual)} | {name: lambda t=text: read(head + t) for name, text in heavy.items()}
    )
    for name in heavy:
        yield Figure(
            f"Reading as many {name} as are taken", took[name] / took["usual"], most=READ_MOST, note="of a usual text’s"
        )
