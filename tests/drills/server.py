"""The server of the drills: gunicorn as we run it, in front of one page that writes. `python -m … FOLDER PORT`.

POST / adds a member and a sealed event in one transaction, commits, and then answers with the member's id.
"""

from __future__ import annotations

import pathlib
import sys
import uuid
from typing import Any

from flask import Flask, request

from bulletin import db as database, migrations, serving
from bulletin.backup import departures
from bulletin.config import Settings
from bulletin.db import db
from bulletin.domain.site.accounts.members import Member
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.founding import found_site
from bulletin.domain.site.sites import Network, Site
from bulletin.vault import keys, tenancy
from bulletin.web.guard.browsers import Browsers

SITE_KEY = bytes(range(32))  # of a drill, and of nobody
PUBLIC = keys.PrivateKey().public
ABOUT = {"kind": "workplace", "country": "GB", "time_zone": "Europe/London", "language": "en", "paper": "a4"}


class Nothing:
    """Nothing is printed here, nothing swept, and no refused try counted."""

    def start(self, *_: Flask) -> None: ...

    @property
    def refused(self) -> Nothing:
        return self

    def note(self, *_: object) -> None: ...


def ring(site: uuid.UUID) -> keys.Keyring:
    ring = keys.Keyring()
    ring.add(site, 1, SITE_KEY)
    return ring


def build(folder: pathlib.Path) -> Flask:
    app = Flask("bulletin", instance_path=str(folder))
    database.attach(app)
    migrations.migrate(app)
    with app.app_context():
        if Site.count() == 0:
            found_site(Network(name="Drill"), Member.join("founder", PUBLIC, b"locked"), name="Depot", **ABOUT)
            db.session.commit()
        site = db.session.query(Site).one().id
        db.session.remove()
    departures.watch(app)
    app.extensions["press"] = app.extensions["sweeper"] = Nothing()
    app.extensions["browsers"] = Browsers()

    @app.post("/")
    def write() -> tuple[str, int]:
        try:
            with keys.opened(ring(site)):
                tenancy.bind(db.session, site)
                member = Member.join(str(uuid.uuid4()), PUBLIC, b"locked")
                id_ = str(member.id)
                # As long as what people write, so that a write is more than one page of the file.
                Event.note(db.session.get_one(Site, site), Deed.JOINED, by=id_, whom=request.get_data(as_text=True))
                db.session.commit()
        except database.StorageFull:
            return "The disk is full.", 507
        return id_, 200

    return app


class DrillServer(serving._Server):
    def __init__(self, folder: pathlib.Path, port: int) -> None:
        self.folder = folder
        super().__init__(Settings(port=port))

    def load(self) -> Any:
        return build(self.folder)


if __name__ == "__main__":
    DrillServer(pathlib.Path(sys.argv[1]), int(sys.argv[2])).run()
