"""A paper from the fingers to the printer: what the server takes for each step, with the Northfield sheet."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator

from bulletin import create_app
from bulletin.config import Settings
from bulletin.db import db
from bulletin.domain.site.founding import FoundingCode
from bulletin.migrations import migrate

from ..databases import closing
from ..web.house import House, Person
from .figures import Figure, medians
from .plain import CASES, northfield
from .press import fitted, render

EDIT_MOST_MS, PREVIEW_MOST_MS, UNCHANGED_MOST_MS = 60.0, 20.0, 30.0
CHANGED_RENDERS, CHANGED_MORE_MS = 4, 50.0
SCRIPT = {"Sec-Fetch-Site": "same-origin", "Accept": "application/json"}


def steps() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(instance=folder))
        migrate(app)
        with app.app_context():
            code = FoundingCode.print_anew()
            db.session.commit()
        app.extensions["press"].start()
        with closing(app):
            yield from taken(House(app, str(code)).rosa())


def taken(rosa: Person) -> Iterator[Figure]:
    source = (CASES / "regular-northfield.md").read_text(encoding="utf-8")
    paper = rosa.sends(f"{rosa.site}/bulletins", manuscript=source).location
    rosa.sends(f"{paper}/proposal")  # alone here, she agrees by proposing
    page = rosa.opens(paper).text
    article = re.findall(rf'href="({re.escape(paper)}/articles/[^"]+)"', page)[0]
    header = f"{paper}/header"
    draft = rosa.sends(f"{rosa.site}/bulletins", manuscript=source).location
    piece = re.findall(rf'href="({re.escape(draft)}/articles/[^"]+)"', rosa.opens(draft).text)[0]
    edited, changed = Numbered(rosa, piece), Numbered(rosa, f"{draft}/header")

    def change() -> None:
        changed.saves(headline=f"Nobody drives alone, part {changed.times}", kind="regular", language="en")
        if rosa.sends(f"{draft}/proofs").status_code != 303:
            raise RuntimeError("it was not measured")

    def reprint() -> None:
        if not rosa.sends(f"{paper}/printings", paper="a4").data.startswith(b"%PDF"):
            raise RuntimeError("that was no PDF")

    text, setting = northfield(), fitted(northfield())[0]
    took = medians(
        {
            "paper": lambda: rosa.opens(paper),
            "edit": lambda: rosa.opens(article),
            "header": lambda: rosa.opens(header),
            "preview": lambda: edited.saves(name="text", title="", text=f"Words, for the {edited.times}th time."),
            "unchanged": reprint,
            "changed": change,
            "render": lambda: render(text, setting),
        },
        9,
    )
    yield Figure("The page of a paper", took["paper"] * 1000, "ms")
    yield Figure("… a piece of it, to write on", took["edit"] * 1000, "ms", EDIT_MOST_MS)
    yield Figure("… saved, and the sheet to look at", took["preview"] * 1000, "ms", PREVIEW_MOST_MS)
    yield Figure("The PDF of what has not changed", took["unchanged"] * 1000, "ms", UNCHANGED_MOST_MS)
    most = CHANGED_RENDERS * took["render"] * 1000 + CHANGED_MORE_MS
    note = f"{took['changed'] / took['render']:.1f} renders; the target is four of them and 50 ms"
    yield Figure("… of what has: saved, fitted, printed", took["changed"] * 1000, "ms", most, note)


class Numbered:
    """A form that somebody saves again and again, as our script does."""

    def __init__(self, person: Person, path: str) -> None:
        self.person, self.path, self.times = person, path, 0
        self.version = person.reads(path).hidden["version"]

    def saves(self, **fields: str) -> None:
        self.times += 1
        sent = {**fields, "version": self.version}
        answer = self.person.client.post(self.path, data=sent, headers=SCRIPT, base_url=self.person.base)
        self.version = str(answer.json["version"])
