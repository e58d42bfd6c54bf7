"""What the cast does with workmates: adds them, notes talks, plans to go back to them."""

from __future__ import annotations

import base64
import re
import uuid
from collections.abc import Callable

from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from bulletin.db import db
from bulletin.domain.people.contacts import Contact
from bulletin.domain.site.accounts.devices import Device
from bulletin.web.guard import identity
from tests.web.house import Person, read
from tests.web.writing import ID


def add(person: Person, name: str, **fields: str) -> str:
    """Somebody new, whoever looks like them; their path."""
    answer = person.sends(f"{person.site}/contacts", form_id=uuid.uuid4().hex, name=name, other="yes", **fields)
    assert answer.status_code == 303, read(answer).words
    return answer.location


def note(person: Person, contact: str = "", *, struggles: tuple[str, ...] = (), **fields: str) -> TestResponse:
    """Note a talk, with somebody at this path or with the `name` given."""
    about = {"form_id": uuid.uuid4().hex, **fields}
    if contact:
        about["contact_id"] = uuid.UUID(contact.rpartition("/")[2]).hex
    data = MultiDict([*about.items(), *(("struggles", one) for one in struggles)])
    headers = {"Sec-Fetch-Site": "same-origin"}
    return person.client.post(f"{person.site}/conversations", data=data, headers=headers, base_url=person.base)


def noted(person: Person, contact: str = "", **fields: str) -> str:
    """The path of a talk that was noted."""
    answer = note(person, contact, **fields)
    assert answer.status_code == 303, read(answer).words
    return answer.location.removesuffix("/next")


def plan(person: Person, contact: str, reason: str = "To ask again", **fields: str) -> str:
    """A talk, and a plan to go back to them; the path of the plan."""
    talk = noted(person, contact)
    about = {"form_id": uuid.uuid4().hex, "when": "1", "reason": reason, "whose": person.handle, **fields}
    answer = person.sends(f"{talk}/next", **about)
    assert answer.status_code == 303, read(answer).words
    return plans(person, contact)[-1]


def plans(person: Person, contact: str) -> list[str]:
    """The paths of the plans to go back to somebody that are open, the first first."""
    return re.findall(rf'href="({re.escape(person.site)}/follow-ups/{ID})"', person.opens(contact).text)


def listed(answer: TestResponse) -> list[str]:
    """The names in a list, as they stand."""
    return re.findall(r'class="piece"[^>]*>\s*<b[^>]*>(.*?)</b>', answer.text)


def facts(person: Person, contact: str) -> str:
    """Everything that is held about somebody, as a text."""
    return person.sends(f"{contact}/everything").text


def token_of(person: Person) -> bytes:
    """What the cookie of a person's device says."""
    return base64.urlsafe_b64decode(person.client.get_cookie("device").value)


def in_the_site(person: Person, deed: Callable[[uuid.UUID, uuid.UUID], None], contact: str) -> None:
    """Do what no page does, with the ids of the person's site and of a contact; the site is open."""
    token = token_of(person)
    with person.app.test_request_context():
        device = Device.with_token(token)
        membership = device.member.membership_at(uuid.UUID(person.site.rpartition("/")[2]))
        identity.open_as(membership, device.private_key(token))
        deed(membership.site_id, uuid.UUID(contact.rpartition("/")[2]))
        db.session.commit()


def crowd(site_id: uuid.UUID, _contact_id: uuid.UUID) -> None:
    """More people than stand on a page."""
    for number in range(52):
        Contact.add(site_id, f"Person {number:02}", by="Rosa")


def every_page(rosa: Person, bill: Person) -> dict[str, TestResponse]:
    """The pages about people, in each of their states."""
    site = rosa.site
    pages = {
        "nobody": rosa.opens(f"{site}/contacts"),
        "nothing due": rosa.opens(f"{site}/follow-ups"),
        "somebody new": rosa.opens(f"{site}/contacts/new"),
    }
    anna, twin = add(rosa, "Anna Berg", phone="07700 900123", notes="Words", title="Driver"), add(rosa, "Anna")
    in_the_site(rosa, crowd, anna)
    talks = [noted(rosa, anna, stand="2", note="Words", struggles=("pay", "war")) for _ in range(2)]
    bill.sends(talks[0], stand="1", note="Other words")
    talks.append(noted(bill, anna))
    bill.sends(f"{talks[2]}/withdrawal")
    due = [plan(rosa, anna), plan(bill, twin, when="7", whose="Bill")]
    gone = add(rosa, "Gone")
    rosa.sends(f"{gone}/departure")
    stale = {**rosa.reads(f"{anna}/edit").hidden, "name": "Anna B."}
    bill.sends(anna, **{**stale, "name": "Anna Berg", "notes": "New words"})
    pages |= {
        "people": rosa.opens(f"{site}/contacts"),
        "the next people": rosa.opens(f"{site}/contacts?page=2"),
        "found": rosa.sends(f"{site}/contacts/search", words="a", gone="y", stand="0", page="2"),
        "nobody found": rosa.sends(f"{site}/contacts/search", words="xyz"),
        "wrong new": rosa.sends(f"{site}/contacts", name="", phone="x"),
        "maybe known": rosa.sends(f"{site}/contacts", name="Anna"),
        "somebody": rosa.opens(anna),
        "maybe the same": rosa.opens(twin),
        "somebody gone": rosa.opens(gone),
        "change": rosa.opens(f"{anna}/edit"),
        "wrong change": rosa.sends(anna, name="", phone="x"),
        "stale change": rosa.sends(anna, **stale),
        "same as": rosa.opens(f"{anna}/merging"),
        "same as nobody": rosa.sends(f"{anna}/merging"),
        "forgetting": rosa.opens(f"{anna}/forgetting"),
        "everything held": rosa.opens(f"{anna}/everything"),
        **{
            f"without signal{name}": rosa.opens(f"/offline{name}")
            for name in ("", "/talk", "/action", "/story", "/draft")
        },
        "nothing needs fixing": rosa.opens(f"{site}/letters"),
        "talk": rosa.opens(f"{site}/conversations/new"),
        "talk with": rosa.opens(f"{site}/conversations/new?contact_id={anna.rpartition('/')[2]}"),
        "wrong talk": note(rosa, day="x"),
        "talk with whom": note(rosa, name="Berg"),
        "talk with whom, again": note(rosa, name="Berg", asked="yes"),
        "next": rosa.opens(f"{talks[1]}/next"),
        "wrong next": rosa.sends(f"{talks[1]}/next", when="1", on="x"),
        "correct": rosa.opens(talks[0]),
        "wrong correction": rosa.sends(talks[0], note="x" * 2_001),
        "withdrawn": rosa.opens(talks[2]),
        "correct what was withdrawn": rosa.sends(talks[2], note="Words"),
        "due": rosa.opens(f"{site}/follow-ups"),
        "one due": rosa.opens(due[0]),
        "wrong day": rosa.sends(f"{due[0]}/postponement"),
        "wrong person": rosa.sends(f"{due[0]}/handover", whose="Nobody"),
    }
    rosa.sends(f"{due[0]}/completion")
    return {**pages, "one done": rosa.opens(due[0])}
