"""An answer that was lost, and the form again: where a form has no id, the second time changes nothing more."""

from __future__ import annotations

import contextlib
import datetime
import re
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bulletin.db import Record, db
from tests.homes import ON_SQLITE
from tests.web import notebook, writing
from tests.web.house import Person, read
from tests.web.writing import cast, one_house, settled  # noqa: F401

pytestmark = ON_SQLITE

SOON = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)).date().isoformat()
Cast = dict[str, Person]


def of_notebook(kind: str, path: str) -> Callable[[Cast], str]:
    def where(people: Cast) -> str:
        rosa = people["rosa"]
        with notebook.inside(rosa) as me:
            made = notebook.one_of_each(me, "Words")
        return f"{rosa.site}/{path.format(made[kind])}"

    return where


def of_paper(path: str) -> Callable[[Cast], str]:
    def where(people: Cast) -> str:
        return writing.begin(people["rosa"], "Three drivers were sent home.") + path

    return where


def a_piece(people: Cast) -> str:
    rosa = people["rosa"]
    paper = writing.begin(rosa, "Three drivers were sent home.")
    return re.findall(rf"{re.escape(paper)}/articles/{writing.ID}", rosa.opens(paper).text)[0]


def a_piece_to_move(people: Cast) -> str:
    rosa = people["rosa"]
    paper = writing.begin(rosa, "Three drivers were sent home.")
    for title in ("Bay 4", "Bay 5"):
        writing.add(rosa, paper, "The door is mended.", title=title)
    return f"{re.findall(rf'{re.escape(paper)}/articles/{writing.ID}', rosa.opens(paper).text)[-1]}/moves"


def a_paper_proposed(people: Cast) -> str:
    paper = writing.begin(people["rosa"], "Three drivers were sent home.")
    writing.propose(people["rosa"], paper)
    return f"{paper}/voices"


def a_hand_out(people: Cast) -> str:
    paper = writing.begin(people["rosa"], "Three drivers were sent home.")
    return writing.hand_out(people["rosa"], paper) + "/outcome"


# Where it is sent, and what it says; the page it stands on, where that is another one.
DOORS: dict[str, tuple[Callable[[Cast], str], dict[str, Any], Callable[[str], str] | None]] = {
    "a workmate": (of_notebook("contact", "contacts/{}"), {"name": "Ewa", "notes": "Words"}, lambda to: f"{to}/edit"),
    "a talk": (of_notebook("conversation", "conversations/{}"), {"note": "Other words"}, lambda to: to),
    "later": (of_notebook("follow_up", "follow-ups/{}/postponement"), {"when": "7"}, lambda to: to.rpartition("/")[0]),
    "somebody else’s": (of_notebook("follow_up", "follow-ups/{}/handover"), {"whose": "Bill"}, None),
    "what came of it": (
        of_notebook("action", "actions/{}/outcome"),
        {"came_of_it": "Won", "next": "More"},
        lambda to: to,
    ),
    "a lesson": (of_notebook("action", "actions/{}/lesson"), {"tried": "Tea", "again": "Tea"}, lambda to: to),
    "others": (of_notebook("action", "actions/{}/turnout/others"), {"others": "12"}, None),
    "a plan": (
        of_notebook("action", "actions/{}/plan"),
        {"form": "meeting", "title": "Noon", "day": SOON, "start": "05:30", "end": "07:00"},
        lambda to: to,
    ),
    "a step": (
        of_notebook("step", "steps/{}"),
        {"on": SOON, "action": "A petition", "test": "Signed", "threshold": "Half"},
        lambda to: to,
    ),
    "a department": (of_notebook("department", "map/departments/{}"), {"department": "Yard"}, None),
    "a shift": (of_notebook("shift", "map/shifts/{}"), {"shift": "Late", "language": "Polish"}, None),
    "a piece": (a_piece, {"text": "Four drivers.", "title": "", "name": "text"}, lambda to: to),
    "a move": (a_piece_to_move, {"way": "up"}, lambda to: to.rpartition("/articles/")[0]),
    "a voice": (
        a_paper_proposed,
        {"agrees": "no", "reason": "The headline promises too much."},
        lambda to: to.rpartition("/")[0],
    ),
    "a hand-out": (a_hand_out, {"went": "All gone by six.", "copies": "200"}, None),
}


@pytest.fixture
def rosa(cast: Cast) -> Person:  # noqa: F811
    return cast["rosa"]


def counted(person: Person) -> Iterator[tuple[str, int]]:
    with person.app.app_context():
        file = db.engine.url.database
    with contextlib.closing(sqlite3.connect(file)) as rows:
        for table in Record.metadata.sorted_tables:
            yield table.name, rows.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0]  # noqa: S608  # ours


@pytest.mark.parametrize("name", DOORS)
def test_the_second_time_is_as_the_first(cast: Cast, rosa: Person, name: str) -> None:  # noqa: F811
    path, said, stands_on = DOORS[name]
    to = path(cast)
    page = read(rosa.opens(stands_on(to))).hidden if stands_on else {}
    sent = {**{key: text for key, text in page.items() if key != "whose"}, **said}
    first = rosa.sends(to, **sent)
    assert first.status_code == 303, read(first).words
    there, rows = rosa.opens(first.location).text, dict(counted(rosa))
    second = rosa.sends(to, **sent)
    assert (second.status_code, second.location) == (303, first.location), read(second).words
    assert dict(counted(rosa)) == rows
    ids = re.compile(r'name="form_id" value="[^"]*"')
    assert ids.sub("", rosa.opens(first.location).text) == ids.sub("", there)
