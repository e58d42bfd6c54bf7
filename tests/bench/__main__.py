"""Run every measure once and print a table. Exit status 1: a target is missed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from . import accounts, chromium, network, notebook, papers, press, web, weight
from .figures import Figure

MEASURES: tuple[Callable[[], Iterator[Figure]], ...] = (
    press.renders,
    press.fits,
    press.cards,
    press.overhead,
    press.sandboxed,
    press.sizes,
    press.reading,
    chromium.prints,
    web.idles,
    weight.pages,
    accounts.on_sqlite,
    accounts.on_postgresql,
    papers.steps,
    notebook.curve,
    notebook.names,
    network.on_sqlite,
    network.on_postgresql,
)


def main() -> int:
    missed = 0
    for measure in MEASURES:
        try:
            for figure in measure():
                print(figure, flush=True)
                missed += not figure.met
        except Exception as error:  # one measure that cannot be taken must not hide the others
            print(f"  ?   {measure.__module__.rpartition('.')[2]}.{measure.__name__}: {error!r}", flush=True)
            missed += 1
    print(f"\n{missed or 'No'} target{'s' if missed > 1 else ''} missed." if missed else "\nEvery target is met.")
    return 1 if missed else 0


sys.exit(main())
