"""Plainly fictional things to look at: a site to develop on, and a network of many.

Each lives in a folder of its own, never in the installation's database, and is made anew when that folder is deleted.
The words of its members are new each time it is made, and printed.
"""

from __future__ import annotations

import pathlib
from collections.abc import Callable

from bulletin.config import INSTANCE, Settings
from bulletin.db import db
from bulletin.domain.network.answering import mandates
from bulletin.domain.site.sites import Network
from bulletin.vault import words

from . import network, site

FOLDER = INSTANCE / "dev"
SIGN_IN = "sign-in.txt"
SITES_MAX, WEEKS_MAX = 10_000, 260


def make(folder: pathlib.Path = FOLDER) -> str:
    """Make the site in an empty folder; how to sign in, as lines to print. A folder that has one is left as it is."""
    return _made(folder, site.fill)


def make_network(folder: pathlib.Path, size: network.Size) -> str:
    """The same with a network around it."""

    def fill(known: dict[str, str]) -> None:
        site.fill(known)
        db.session.flush()
        network.fill(size)
        if size.sites >= mandates.LEAST:
            known[network.ASKED] = words.new("words")
            network.ask(site.new_member(network.ASKED, known[network.ASKED])[1])

    return _made(folder, fill)


def _made(folder: pathlib.Path, fill: Callable[[dict[str, str]], None]) -> str:
    from bulletin import create_app
    from bulletin.migrations import migrate

    folder.mkdir(parents=True, exist_ok=True)
    app = create_app(Settings(instance=str(folder)))
    migrate(app)
    with app.app_context():
        if Network.here() is None:
            known = {handle: words.new("words") for handle in site.CAST}
            fill(known)
            db.session.commit()
            lines = [f"{handle:8}{phrase}" for handle, phrase in known.items()]
            path = folder / SIGN_IN
            path.touch(0o600)
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return (folder / SIGN_IN).read_text(encoding="utf-8")
