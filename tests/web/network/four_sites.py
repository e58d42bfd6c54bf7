"""Four sites with two who decide in each: the three, with Nora at the Mill and Omar at the Ward; Pia and Quin at the
Port, founded fourth and not in. And Cleo, who is new at the Depot.
"""

from __future__ import annotations

import datetime
import re
import uuid
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.databases import Database
from tests.web import writing
from tests.web.house import SITE, House, Person, read
from tests.web.network import three_sites

SOON = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=9)).date().isoformat()
PARTNERS = {"rosa": "bill", "dave": "nora", "ada": "omar", "pia": "quin"}


def build(house: House) -> tuple[dict[str, Person], None]:
    people, _ = three_sites.build(house)
    people["nora"], people["omar"] = house.joined(people["dave"], "Nora"), house.joined(people["ada"], "Omar")
    code = people["rosa"].invites("/founding-invitations")
    people["pia"] = house.person()
    people["pia"].becomes("/foundings/further", "Pia", code=code, **{**SITE, "site_name": "Port Street"})
    people["quin"] = house.joined(people["pia"], "Quin")
    people["cleo"] = house.joined(people["rosa"], "Cleo", decides=False)
    return people, None


@pytest.fixture
def four(home: Database, settled: Any, one_house: Any, press: Any) -> dict[str, Person]:
    made = settled(build, standing=one_house)
    made[0].app.extensions["press"] = press
    return {**made[1], "stranger": made[0].person()}


def text_of(person: Person, path: str = "/network") -> str:
    return " ".join(read(person.opens(path)).words.split())


def puts(person: Person, kind: str = "together", **more: str) -> TestResponse:
    """Propose something to one's own site, for it to put to the others."""
    said = {
        "together": {"what": "Orange stickers.", "why": "One rota, four places.", "day": SOON},
        "asked": {"task": "Keep the list of printers", "last": SOON},
        "out": {"why": "They gave our words away."},
    }[kind]
    return person.sends(f"{person.site}/answers", **{"kind": kind, "form_id": uuid.uuid4().hex, **said, **more})


def agrees(person: Person, path: str, agrees: str = "yes") -> TestResponse:
    return person.sends(f"{path}/agreement", agrees=agrees)


def at(person: Person, path: str) -> str:
    """The address of the same as another site's members have it."""
    return f"{person.site}/answers/{path.rpartition('/')[2]}"


def says(person: Person, path: str, says: str = "yes", **more: str) -> TestResponse:
    return person.sends(f"{at(person, path)}/answers", says=says, **more)


def put(four: dict[str, Person], who: str = "rosa", kind: str = "together", **more: str) -> str:
    """Its address, once both of a site have agreed."""
    answer = puts(four[who], kind, **more)
    assert answer.status_code == 303, read(answer).words
    assert agrees(four[PARTNERS[who]], answer.location).status_code == 303
    return str(answer.location)


def answered(four: dict[str, Person], who: str, path: str, said: str = "yes", **more: str) -> None:
    """Both of a site say so."""
    for name in (who, PARTNERS[who]):
        assert says(four[name], path, said, **more).status_code == 303, name


def asks_in(four: dict[str, Person]) -> str:
    """The Port asks to come in; where the Depot answers it."""
    pia, quin = four["pia"], four["quin"]
    sent = pia.sends(f"{pia.site}/coming-in", who="The laundry by the bridge.", form_id=uuid.uuid4().hex)
    assert sent.status_code == 303, read(sent).words
    assert quin.sends(f"{quin.site}/coming-in/agreement", agrees="yes").status_code == 303
    return to_answer(four["rosa"], "would like to come in")


def comes_in(four: dict[str, Person]) -> str:
    asked = asks_in(four)
    for who in ("rosa", "dave"):
        answered(four, who, asked)
    return asked


def to_answer(person: Person, words: str) -> str:
    """The address of what is asked in these words."""
    page = person.opens(f"{person.site}/answers").text
    links = re.findall(rf'<a href="({person.site}/answers/{writing.ID})">(.*?)</a>', page, re.S)
    return next(path for path, text in links if words in " ".join(text.split()))


def every_page(four: dict[str, Person]) -> dict[str, TestResponse]:
    """The pages of what sites ask each other, in each of their states."""
    rosa, bill, dave, pia = (four[name] for name in ("rosa", "bill", "dave", "pia"))
    index, coming_in = f"{rosa.site}/answers", f"{pia.site}/coming-in"
    pages = {f"nothing asked {at}": rosa.opens(path) for at, path in enumerate((index, "/network", f"{index}/known"))}
    pages |= {f"to ask {kind}": rosa.opens(f"{index}/new?kind={kind}") for kind in ("together", "asked")}
    pages |= {
        "asked without words": puts(rosa, what="", day="soon"),
        "asked too late": puts(rosa, day="2020-01-01"),
        "asked with a name": puts(rosa, why="The manager hit her. Call 07700 900123."),
    }
    three_sites.tells(rosa, three_sites.paper(rosa, bill))
    paper = three_sites.told_paper(rosa).rpartition("/")[2]
    pages["with a paper"] = rosa.opens(f"{index}/new?kind=together")
    draft = puts(rosa, if_n="2", paper=uuid.UUID(paper).hex).location
    pages |= {f"waits {at}": bill.opens(path) for at, path in enumerate((draft, index, bill.site))}
    agrees(bill, draft)
    pages |= {"put": rosa.opens(draft), "to change": rosa.opens(f"{index}/new?kind=together&instead={hex_of(draft)}")}
    theirs = at(dave, draft)
    pages |= {f"to answer {at}": dave.opens(path) for at, path in enumerate((theirs, "/network", dave.site))}
    pages["answered wrongly"] = says(dave, draft, if_n="some", why="x" * 400)
    pages["answered with a name"] = says(dave, draft, why="The manager hit her. Call 07700 900123.")
    says(dave, draft, why="Us, too.", if_n="9")
    pages["half answered"] = four["nora"].opens(theirs)
    says(four["nora"], draft, why="Us, too.", if_n="9")
    pages |= {f"answered {at}": person.opens(path) for at, (person, path) in enumerate(((dave, theirs), (rosa, draft)))}
    pages["nobody asks"] = agrees(rosa, draft)
    task = put(four, "rosa", "asked", member=member_of(rosa))
    answered(four, "ada", task)
    pages |= {f"task {at}": four["ada"].opens(path) for at, path in enumerate(("/network", at(four["ada"], task)))}
    pages |= asked_pages(four)
    pages |= {"to come in": pia.opens(coming_in), "asked in wrongly": pia.sends(coming_in, who="")}
    pages["not in"] = pia.opens(pia.site)
    asked = asks_in(four)
    pages |= {"waits to come in": pia.opens(coming_in), "to know": rosa.opens(asked)}
    for who in ("rosa", "dave"):
        answered(four, who, asked)
    port = pia.site.rpartition("/")[2].replace("-", "")
    pages |= {"known": rosa.opens(f"{index}/known"), "to put out": rosa.opens(f"{index}/new?kind=out&about={port}")}
    out = put(four, "rosa", "out", about=port)
    pages |= {"out?": dave.opens(at(dave, out)), "about us": pia.opens(at(pia, out)), "all": rosa.opens(index)}
    return pages


def asked_pages(four: dict[str, Person]) -> dict[str, TestResponse]:
    """Of somebody in no site who is asked, from the link to the end."""
    rosa, ines = four["rosa"], type(four["rosa"])(four["rosa"].app)
    task = put(four, "rosa", "asked", member="", name="Ines")
    answered(four, "ada", task)
    pages = {"stands": rosa.opens(task), "asked without a name": puts(rosa, "asked", member="", name="")}
    pages["link"] = rosa.vouches(f"{task}/link")
    code = read(pages["link"]).by_id["code"]
    pages["asked newcomer"] = ines.sends("/invitations/answers", code=code)
    pages["not for members"] = four["dave"].sends("/invitations/answers", code=code)
    ines.becomes("/invitations/answers", "Ines", code=code)
    pages |= {f"asked reads {path}": ines.opens(path) for path in ("/network", "/devices", "/kinds")}
    return pages | {"has come": rosa.opens(task)}


def hex_of(path: str) -> str:
    return uuid.UUID(path.rpartition("/")[2]).hex


def member_of(person: Person) -> str:
    """The first who can be asked to do something, as the form has them."""
    page = person.opens(f"{person.site}/answers/new?kind=asked").text
    return re.findall(rf'<option[^>]*value="(\w+)">{person.handle}', page)[0]
