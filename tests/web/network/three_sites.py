"""Three sites on one installation: Rosa and Bill at the Depot, Dave at the Mill, Ada at the Ward; and a stranger."""

from __future__ import annotations

import datetime
import html
import re
import uuid
from typing import Any

import pytest
from werkzeug.test import TestResponse

from bulletin.db import db, now
from bulletin.domain.actions.actions import Action
from tests.databases import Database
from tests.web import writing
from tests.web.house import SITE, House, Person, read

TWO_HOURS = datetime.timedelta(hours=2)


def build(house: House) -> tuple[dict[str, Person], None]:
    rosa = house.rosa()
    bill = house.joined(rosa, "Bill")
    people = {"rosa": rosa, "bill": bill}
    for handle, name in (("Dave", "Mill Lane"), ("Ada", "St Anne’s")):
        person = people[handle.lower()] = house.person()
        code = rosa.invites("/founding-invitations")
        about = {**SITE, "site_name": name}
        answer = person.becomes("/foundings/further", handle, code=code, **about)
        assert answer.status_code == 303, read(answer).words
    return people, None


@pytest.fixture
def three(home: Database, settled: Any, one_house: Any, press: Any) -> dict[str, Person]:
    made = settled(build, standing=one_house)
    made[0].app.extensions["press"] = press
    return {**made[1], "stranger": made[0].person()}


def paper(rosa: Person, bill: Person, **header: str) -> str:
    """A printed paper of the Depot; its path."""
    path = writing.begin(rosa, "Three drivers were sent home.", headline="Nobody drives alone")
    lead, about = writing.pieces(rosa, path)[0], {"masthead": "The Driver", "number": "7", "published_by": "Us"}
    assert writing.save_header(rosa, path, **about, reply="https://driver.example", **header).status_code == 303
    writing.save(rosa, lead, "Three drivers were *sent home*.", title="On Monday")
    writing.add(rosa, path, "The door of bay 4 is mended.", title="Bay 4")
    writing.agreed(path, rosa, bill)
    writing.printed(rosa, path)
    return path


def deed(person: Person, *, test: bool = False, word: str = "", **outcome: Any) -> str:
    """An action that is over, with what came of it; its path. `word`: all that is said of it."""
    with person.inside() as place:
        start = now() - 2 * TWO_HOURS
        action = Action.propose(
            place.site_id,
            start,
            start + TWO_HOURS,
            by="Rosa",
            form="picket",
            title=word or "At the gate",
            place="Gate B",
            test=test,
        )
        action.note_outcome(by="Rosa", **{"words": word or "The rota is back.", "others": 40, **outcome})
        action.note_lesson(word or "Two at each gate", word or "All stopped", word or "Begin earlier", by="Rosa")
        path = f"{person.site}/actions/{action.id}"
        db.session.commit()
    return path


def tells(person: Person, path: str, audience: str = "sites", **more: str) -> TestResponse:
    """Send it as its page has it."""
    page = person.opens(f"{path}/told/new")
    assert page.status_code == 200, page.status_code
    shown = re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\r?\n?(.*?)</textarea>', page.text, re.S)
    shown += re.findall(r'<input[^>]*name="(title)"[^>]*value="([^"]*)"', page.text)
    typed = {name: html.unescape(text) for name, text in shown}
    fields = {**read(page).hidden, **typed, "form_id": uuid.uuid4().hex, "audience": audience, **more}
    return person.sends(f"{path}/told", **fields)


def asks(person: Person, sentence: str, **more: str) -> TestResponse:
    """We need, or we have."""
    fields = {"sort": "we need", "sentence": sentence, "form_id": uuid.uuid4().hex, **more}
    return person.sends(f"{person.site}/needs", **fields)


def answers(person: Person, need: str, **more: str) -> TestResponse:
    """We can."""
    path = f"{person.site}/needs/{need.rpartition('/')[2]}/answers"
    return person.sends(path, **{"form_id": uuid.uuid4().hex, **more})


def told_by(person: Person) -> list[str]:
    """The addresses of what their site told, as its members find them: the newest day first, a day's in no order."""
    return re.findall(rf'href="(/network/{writing.ID})"', person.opens(f"{person.site}/told").text)


def told_since(person: Person, before: list[str]) -> str:
    """The address of the one thing that their site told since."""
    (copy,) = set(told_by(person)) - set(before)
    return copy


def takes_back(person: Person, copy: str) -> TestResponse:
    return person.sends(f"{person.site}/told/{copy.rpartition('/')[2]}/withdrawal")


def every_page(three: dict[str, Person]) -> dict[str, TestResponse]:
    """The pages of the network, in each of their states."""
    rosa, dave, stranger = three["rosa"], three["dave"], three["stranger"]
    pages = {"nothing told": dave.opens("/network"), "nothing of ours": dave.opens(f"{dave.site}/told")}
    printed, done = paper(rosa, three["bill"]), deed(rosa, result="partly")
    pages |= {f"to tell {at}": rosa.opens(path) for at, path in enumerate((printed, f"{printed}/away", done))}
    pages |= {f"word for word {at}": rosa.opens(f"{path}/told/new") for at, path in enumerate((printed, done))}
    pages |= {
        "nobody to tell": tells(rosa, printed, ""),
        "wrong words": tells(rosa, done, outcome="x" * 3_000),
        "looked at": tells(rosa, done, look="yes"),
        "a name": tells(rosa, done, outcome="The manager hit her. Call 07700 900123."),
    }
    tells(rosa, printed, "anyone", sector="Haulage")
    pages["to tell again"] = rosa.opens(f"{done}/told/new")
    tells(rosa, done, "anyone")
    pages |= {
        "to ask": rosa.opens(f"{rosa.site}/needs/new"),
        "asked wrongly": asks(rosa, "x" * 300),
        "asked nothing": asks(rosa, ""),
        "how it reads": asks(rosa, "A printer. Call 07700 900123.", look="yes"),
    }
    ours = told_by(rosa)
    pages |= weeks_of(rosa, dave)
    told = told_by(rosa)
    asks(rosa, "A printer for large sheets", reach="depot@sites.example")
    need = told_since(rosa, told)
    to_answer = f"{dave.site}/needs/{need.rpartition('/')[2]}/answers"
    pages |= {f"asked {at}": rosa.opens(path) for at, path in enumerate((need, "/network"))}
    pages |= {f"to answer {at}": dave.opens(path) for at, path in enumerate((need, "/network", f"{to_answer}/new"))}
    pages["answered wrongly"] = answers(dave, need, reach="x" * 100)
    answers(dave, need, reach="mill@sites.example")
    pages |= {
        f"answered {at}": person.opens(path)
        for at, (person, path) in enumerate(
            (person, path) for person in (rosa, dave) for path in (need, "/network", f"{person.site}/told", person.site)
        )
    }
    pages |= {
        f"told {at}": rosa.opens(path)
        for at, path in enumerate((printed, f"{printed}/away", done, f"{rosa.site}/told"))
    }
    pages |= {
        f"of others {at}": dave.opens(path) for at, path in enumerate((*ours, "/network", "/network?page=2", dave.site))
    }
    pages |= {f"to make ours {at}": dave.opens(f"{copy}/drafts/new") for at, copy in enumerate(ours)}
    pages["wrong about"] = rosa.sends(f"{rosa.site}/told/about", sector="x" * 100)
    pages["wrong piece"] = dave.sends(f"{told_paper(dave)}/drafts", piece="99")
    drafted = dave.sends(f"{told_paper(dave)}/drafts", form_id=uuid.uuid4().hex, named="yes").location
    pages |= {"made ours": dave.opens(drafted), "its header": dave.opens(f"{drafted}/header")}
    here = f"/public/{rosa.site.rpartition('/')[2]}"
    pages |= {
        f"anyone {at}": stranger.opens(f"{here}{copy.removeprefix('/network')}") for at, copy in enumerate(("", *ours))
    }
    return pages


def weeks_of(rosa: Person, dave: Person) -> dict[str, TestResponse]:
    """The pages of a week, in each of their states."""
    path, said = f"{rosa.site}/weeks", {"sentence": "Come and see.", "first": ["hours", "pay"], "own": "Scanners"}
    pages = {"a week": rosa.opens(f"{path}/new"), "an empty week": dave.opens(f"{dave.site}/weeks/new")}
    pages["a week too long"] = rosa.sends(path, sentence="x" * 201, audience="sites")
    pages["a week that names"] = rosa.sends(path, sentence="Call 07700 900123.", audience="sites")
    looked = pages["a week as it reads"] = rosa.sends(path, **said, audience="anyone", look="yes")
    shown = read(looked).hidden
    before = told_by(rosa)
    rosa.sends(path, **said, audience="anyone", shown=shown["shown"], seen=shown["seen"])
    pages["a week told"] = dave.opens(told_since(rosa, before))
    return pages | {"with a week": dave.opens("/network"), "home with a week": dave.opens(dave.site)}


def told_paper(person: Person) -> str:
    """The address of the newest paper on the network's page."""
    return re.findall(rf"(/network/{writing.ID})/drafts/new", person.opens("/network").text)[0]
