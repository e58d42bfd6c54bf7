"""The network's page at 3, 50, 500 and 5,000 sites that have told for two years; and sending.

What the server takes, without a server in front, on both databases, and beside a Flask view that does nothing.
"""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator

from flask import Flask

from bulletin import create_app
from bulletin.config import Settings
from bulletin.db import db
from bulletin.demo import network
from bulletin.demo.network import Size
from bulletin.domain.site.founding import FoundingCode
from bulletin.migrations import migrate
from bulletin.vault import keys

from ..databases import Database, closing
from ..web.house import CHEAP, House, Person
from .accounts import a_postgresql
from .figures import Figure, medians

SIZES, WEEKS = (3, 50, 500, 5_000), 104
PAGE_MOST_MS, SEND_MOST_MS = 150.0, 50.0  # a site sends few on a day, so each is taken back, and both are measured


def on_sqlite() -> Iterator[Figure]:
    """In one file, that grows."""
    with tempfile.TemporaryDirectory() as folder:
        yield from measured("SQLite", Database("sqlite", f"sqlite:///{folder}/bench.db"), folder)


def on_postgresql() -> Iterator[Figure]:
    """In one database, that grows."""
    with tempfile.TemporaryDirectory() as folder, a_postgresql() as database:
        yield from measured("PostgreSQL", database, folder)


def measured(on: str, database: Database, folder: str) -> Iterator[Figure]:
    """Each size after the other."""
    keys.COST = CHEAP
    app, bare = (
        create_app(Settings(database_url=database.url, database_owner_url=database.owner_url, instance=folder)),
        Flask("bare"),
    )
    bare.add_url_rule("/", view_func=lambda: "Nothing happened.")
    migrate(app)
    with app.app_context():
        code = FoundingCode.print_anew()
        db.session.commit()
    with closing(app):
        rosa = House(app, str(code)).rosa()
        for size in SIZES:
            with app.app_context():
                network.fill(Size(sites=size, weeks=WEEKS, seed=size), sheet=b"%PDF")
                db.session.commit()
            yield from figures(f"{on}, {size:,} sites", rosa, bare)


def figures(on: str, rosa: Person, bare: Flask) -> Iterator[Figure]:
    """The page as it opens, all sites together, and sending."""
    nobody = bare.test_client()
    steps = {
        "page": lambda: opened(rosa, "/network"),
        "all": lambda: opened(rosa, "/network?all=1"),
        "send": lambda: asks(rosa),
        "bare": lambda: nobody.get("/"),
    }
    took = medians(steps, 5)
    times = f"{took['page'] / took['bare']:.0f} × a bare view"
    yield Figure(f"{on}: the page", took["page"] * 1000, "ms", PAGE_MOST_MS, times)
    yield Figure(f"{on}: … of all sites together", took["all"] * 1000, "ms", PAGE_MOST_MS)
    yield Figure(f"{on}: sending, and taking it back", took["send"] * 1000, "ms", SEND_MOST_MS)


def opened(rosa: Person, path: str) -> None:
    """One look; an answer that is none would be quick."""
    if rosa.opens(path).status_code != 200:
        raise RuntimeError(f"{path} does not open")


def asks(rosa: Person) -> None:
    """Send a sentence, and take it back."""
    sent = uuid.uuid4()
    fields = {"sort": "we need", "sentence": "A printer", "form_id": sent.hex, "reach": "here"}
    if rosa.sends(f"{rosa.site}/needs", **fields).status_code != 303:
        raise RuntimeError("nothing was sent")
    if rosa.sends(f"{rosa.site}/told/{sent}/withdrawal").status_code != 303:
        raise RuntimeError("nothing was taken back")
