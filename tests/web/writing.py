"""What the cast does with papers: begins one, writes in it, agrees to it, prints it, hands it out, gives it away.

And a house they have settled in already, made once a run for each database and copied for each test.
"""

from __future__ import annotations

import dataclasses
import datetime
import io
import pathlib
import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from bulletin import create_app
from bulletin.config import Settings
from bulletin.db import db
from bulletin.domain.site.founding import FoundingCode
from bulletin.vault import keys
from tests.databases import Database, closing
from tests.homes import Rows, Workplace
from tests.once import once_a_run
from tests.web.conftest import PretendPress
from tests.web.house import CHEAP, House, Person, Read, Remembered, read

ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
PICTURE = b"\xff\xd8\xff as a camera makes it"


@dataclasses.dataclass
class _Made:
    """A house that was built: what was in its database, and what each of its people has in their browser and mind."""

    stored: bytes | Rows  # a file of SQLite, or the rows of a PostgreSQL
    people: dict[str, Remembered]
    facts: Any


Build = Callable[[House], tuple[dict[str, Person], Any]]


@pytest.fixture
def settled(
    home: Database,
    tmp_path: pathlib.Path,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[[Build], tuple[House, dict[str, Person], Any]]]:
    """settled(build): a house in which `build` has been done; its people, and what else `build` told."""
    monkeypatch.setattr(keys, "COST", CHEAP)
    opened, file = [], tmp_path / "home.db"

    def place() -> Workplace:
        return Workplace.on(request.getfixturevalue("postgresql"), tmp_path)

    def app_on(database: Database) -> House:
        app = create_app(Settings(database_url=database.url, instance=str(tmp_path)))
        app.extensions["press"] = PretendPress()
        house = House(app, "", home=database)
        stands = closing(app)
        stands.__enter__()
        opened.append(stands)
        return house

    def settle(
        build: Build, *, standing: Callable[[Database], House] | None = None
    ) -> tuple[House, dict[str, Person], Any]:
        def make() -> _Made:
            house = app_on(home)
            with house.app.app_context():
                house.code = FoundingCode.print_anew() or ""
                db.session.commit()
            people, facts = build(house)
            opened.pop().__exit__(None, None, None)
            stored = file.read_bytes() if home.kind == "sqlite" else place().rows()
            return _Made(stored, {name: Remembered.of(person) for name, person in people.items()}, facts)

        made = once_a_run(tmp_path_factory, f"{build.__module__}.{build.__name__} on {home.kind}", make)
        if isinstance(made.stored, bytes):
            file.write_bytes(made.stored)
        else:
            place().put(made.stored)
        house = app_on(home) if standing is None else standing(home)
        return house, {name: person.on(house.app) for name, person in made.people.items()}, made.facts

    yield settle
    for stands in opened:
        stands.__exit__(None, None, None)


# A paper's ways.


def begin(
    person: Person, *answers: str, kind: str = "regular", headline: str = "Nobody drives alone", **more: str
) -> str:
    """A paper from a kind's questions; its path."""
    told = {f"answer-{index}": text for index, text in enumerate(answers)}
    fields = {"form_id": uuid.uuid4().hex, "kind": kind, "headline": headline, **told, **more}
    answer = person.sends(f"{person.site}/bulletins", **fields)
    assert answer.status_code == 303, read(answer).words
    return answer.location


def pieces(person: Person, paper: str) -> list[str]:
    """The paths of its pieces, as they stand."""
    found = re.findall(rf'class="piece" href="({re.escape(paper)}/articles/{ID})"', person.opens(paper).text)
    return list(dict.fromkeys(found))


def add(person: Person, paper: str, text: str, *, title: str = "", name: str = "echo", side: str = "1") -> str:
    """One more piece; its path."""
    answer = person.sends(f"{paper}/articles", form_id=uuid.uuid4().hex, name=name, side=side)
    assert answer.status_code == 303, read(answer).words
    assert save(person, answer.location, text, title=title, name=name).status_code == 303
    return answer.location


def save(person: Person, piece: str, text: str, *, page: Read | None = None, **fields: str) -> TestResponse:
    """Save a piece as its page has it, or as `page` had it."""
    page = page or person.reads(piece)
    return person.sends(piece, text=text, version=page.hidden["version"], **fields)


def header_of(person: Person, paper: str) -> dict[str, str]:
    """What the form with the header holds."""
    answer = person.opens(f"{paper}/header")
    assert answer.status_code == 200, (answer.status_code, answer.location)
    text = answer.text
    form = text.partition('id="writing"')[2].partition("</form>")[0]
    fields = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', form))
    fields.pop("change", None)
    for name, choices in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', choices) or re.search(r'value="([^"]*)"', choices)
        fields[name] = chosen[1]
    return fields


def put_right(person: Person, other: Person, piece: str, text: str, **fields: str) -> None:
    """A piece of what is agreed has other words, with the word of another who decides."""
    assert save(person, piece, text, change="correction", **fields).status_code == 303
    assert other.sends(waiting(other, piece.partition("/articles")[0])).status_code == 303


def waiting(person: Person, paper: str) -> str:
    """Where they say yes to the correction that waits."""
    return re.search(rf"{re.escape(paper)}/corrections/{ID}/agreement", person.opens(paper).text)[0]


def save_header(person: Person, paper: str, **fields: str) -> TestResponse:
    """Change some of the header's fields."""
    return person.sends(f"{paper}/header", **{**header_of(person, paper), **fields})


def propose(person: Person, paper: str) -> None:
    answer = person.sends(f"{paper}/proposal")
    assert answer.status_code == 303, read(answer).words


def speak(person: Person, paper: str, agrees: str = "yes", **fields: str) -> TestResponse:
    """Agree, or object, to the words that stand on the page now."""
    digest = person.reads(paper).hidden["digest"]
    return person.sends(f"{paper}/voices", **{"digest": digest, "agrees": agrees, **fields})


def agreed(paper: str, first: Person, *others: Person) -> str:
    """Proposed by one, agreed to by the others."""
    propose(first, paper)
    for person in others:
        assert speak(person, paper).status_code == 303
    return paper


def printed(person: Person, where: str, /, **fields: str) -> bytes:
    """The PDF of what is agreed."""
    answer = person.sends(f"{where}/printings", **{"form_id": uuid.uuid4().hex, "paper": "a4", **fields})
    assert answer.status_code == 200, read(answer).words
    assert answer.content_type == "application/pdf"
    return answer.data


def hand_out(person: Person, paper: str, place: str = "Gate B", **fields: str) -> str:
    """A hand-out tomorrow; its path."""
    before = set(_hand_outs(person, paper))
    tomorrow = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)).date().isoformat()
    about = {"form_id": uuid.uuid4().hex, "place": place, "day": tomorrow, "start": "05:30", "end": "07:15"}
    answer = person.sends(f"{paper}/hand-outs", **{**about, **fields})
    assert answer.status_code == 303, read(answer).words
    (path,) = set(_hand_outs(person, paper)) - before
    return path


def _hand_outs(person: Person, paper: str) -> list[str]:
    text = person.opens(f"{paper}/hand-outs").text
    return re.findall(rf"({re.escape(paper)}/hand-outs/{ID})/(?:cancellation|outcome)", text)


def ticket(person: Person, handed_out: str) -> str:
    """The letters of a new ticket for a hand-out."""
    assert person.sends(f"{handed_out}/tickets").status_code == 303
    return tickets(person, handed_out)[-1]


def tickets(person: Person, handed_out: str) -> list[str]:
    """The letters of the tickets that stand on the page of the hand-outs."""
    return re.findall(r"/p/([0-9a-z]{16})<", person.opens(handed_out.rpartition("/")[0]).text)


def put_picture(person: Person, paper: str, content: bytes = PICTURE, **fields: str) -> TestResponse:
    """A picture, from a phone."""
    about = {"form_id": uuid.uuid4().hex, "alt": "A gate", "caption": "", "side": "1", "agreed": "yes", **fields}
    return with_file(person, f"{paper}/pictures", content, "IMG_0001.jpg", **about)


def with_file(person: Person, path: str, content: bytes, name: str, **fields: str) -> TestResponse:
    """A form with a file, which stands behind all else."""
    boundary, body = encode_multipart({**fields, "file": FileStorage(io.BytesIO(content), name)})
    headers = {"Sec-Fetch-Site": "same-origin"}
    kind = f"multipart/form-data; boundary={boundary}"
    return person.client.post(path, data=body, headers=headers, content_type=kind, base_url=person.base)


def by_script(person: Person, path: str, **fields: str) -> TestResponse:
    """Sent by our own script, which wants no page."""
    headers = {"Sec-Fetch-Site": "same-origin", "Accept": "application/json"}
    return person.client.post(path, data=fields, headers=headers, base_url=person.base)


def manuscript(person: Person, paper: str) -> str:
    """All its words as one text."""
    return person.opens(f"{paper}/manuscript").text


def state(person: Person, paper: str) -> str:
    """How far it has come, as its page says."""
    return re.search(r'class="state"><b>(.*?)</b>', person.opens(paper).text)[1]


def beside(answer: TestResponse, field: str) -> str:
    """What is complained of beside a field."""
    return read(answer).by_id.get(f"{field}-error", "") + "".join(
        re.findall(rf'id="{field}-error"[^>]*><span>(.*?)</span>', answer.text)
    )


# Who lives there.


def depot(house: House) -> tuple[dict[str, Person], None]:
    """Rosa, Bill and Clara at the Depot."""
    rosa = house.rosa()
    return {"rosa": rosa, "bill": house.joined(rosa, "Bill"), "clara": house.joined(rosa, "Clara")}, None


@pytest.fixture(scope="session")
def one_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Database], House]]:
    """one_house(home): a house on SQLite with what is in that database. It stands the whole run, because to build one
    takes longer than most tests.
    """
    folder = tmp_path_factory.mktemp("house")
    database = Database("sqlite", f"sqlite:///{folder}/home.db")
    app = create_app(Settings(database_url=database.url, instance=str(folder)))
    house = House(app, "")

    def emptied(home: Database) -> House:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        for old in folder.glob("home.db*"):
            old.unlink()
        shutil.copy(home.url.removeprefix("sqlite:///"), folder / "home.db")
        app.extensions["sweeper"].swept_at = None
        return house

    with closing(app):
        yield emptied


@pytest.fixture
def cast(
    home: Database, settled: Any, one_house: Callable[[Database], House], press: PretendPress
) -> dict[str, Person]:
    """Rosa, Bill and Clara at the Depot, and somebody without an account."""
    assert home.kind == "sqlite", "use ON_SQLITE"
    made = settled(depot, standing=one_house)
    made[0].app.extensions["press"] = press
    return {**made[1], "stranger": made[0].person()}
