"""A site's notebook with 100, 1,000, 2,000 and 10,000 contacts, beside one other site and beside a thousand.

What the server takes for each page, without a server in front, and beside a Flask view that does nothing.
"""

from __future__ import annotations

import datetime
import gc
import itertools
import re
import tempfile
from collections.abc import Iterator

from flask import Flask

from bulletin import create_app
from bulletin.config import Settings
from bulletin.db import db
from bulletin.domain.papers.advice.people_named import People
from bulletin.domain.papers.advice.rules import advise
from bulletin.domain.people.contacts import Brief, Contact
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.site.accounts.members import Member
from bulletin.domain.site.founding import FoundingCode, found_site
from bulletin.domain.site.sites import Network
from bulletin.migrations import migrate
from bulletin.press.parts import Part
from bulletin.vault import keys, tenancy

from ..databases import closing
from ..web import notebook
from ..web.house import House, Person
from .figures import Figure, medians

SIZES = {100: None, 1_000: None, 2_000: 100.0, 10_000: 300.0}  # contacts, and the most milliseconds a page may take
OTHERS = (1, 1_000)  # sites beside it
THEIRS = 10  # contacts of each of those
TALKS, ASKED, ROUNDS = 50, 300, 7
ADVICE_MOST_MS = 60.0
LINEAR, FLAT = 15.0, 1.5  # ten times the contacts may take so many times as long; a thousand other sites, so many
WORDS = "six words of hers on paper"
SCRIPT = {"Sec-Fetch-Site": "same-origin", "Accept": "application/json"}


def curve() -> Iterator[Figure]:
    """Each step by the number of contacts; then how it grows with them, and with other sites."""
    took: dict[tuple[int, int], dict[str, float]] = {}
    for others in OTHERS:
        with tempfile.TemporaryDirectory() as folder:
            app = create_app(Settings(instance=folder))
            migrate(app)
            with app.app_context():
                code = FoundingCode.print_anew()
                db.session.commit()
            with closing(app):
                house = House(app, str(code))
                house.rosa()
                elsewhere(app, others)
                for size, most in SIZES.items():
                    took[size, others] = steps(at_a_site_of(house, size))
                    yield from lines(size, others, took[size, others], most)
    for step in took[1_000, 1]:
        if step != "bare":
            grows = took[10_000, 1][step] / took[1_000, 1][step]
            yield Figure(f"{step}: ten times the contacts", grows, "×", LINEAR)
            beside = took[1_000, OTHERS[1]][step] / took[1_000, OTHERS[0]][step]
            yield Figure(f"{step}: beside a thousand other sites, not one", beside, "×", FLAT)


def names() -> Iterator[Figure]:
    """Advice on a text of 1,500 words beside a notebook of 2,000 people, which is made for each page."""
    briefs = [Brief(name=f"Rosa{n} Abc{n}", nickname=f"Ro{n}", title=f"Driver {n}", gone=None) for n in range(2_000)]
    parts = [Part("article", "", "the Driver said Blorat waited. " * 25) for _ in range(12)]
    head = {"headline": "Nobody drives alone", "reply": "https://example.org/r/k7", "imprint": "Published by drivers"}

    def advice() -> None:
        advise(head, parts, language="en", country="GB", people=People(briefs, beside="Depot North"))

    yield Figure("Advice beside 2,000 people", medians({"it": advice}, 5)["it"] * 1000, "ms", ADVICE_MOST_MS)


def lines(size: int, others: int, took: dict[str, float], most: float | None) -> Iterator[Figure]:
    """The steps of one site."""
    for step, seconds in took.items():
        if step != "bare":
            name = f"{size:,} contacts, {others:,} other sites: {step}"
            yield Figure(name, seconds * 1000, "ms", most, f"{seconds / took['bare']:.0f} × a bare view")


def elsewhere(app: Flask, count: int) -> None:
    """So many other sites, all of somebody else, with contacts in each."""
    with app.app_context():
        private, locked = keys.new_member("six words of somebody elsewhere")
        Member.join("Somebody", private.public, locked)
        db.session.commit()
        for number in range(count):
            about = {
                "kind": "workplace",
                "country": "GB",
                "time_zone": "Europe/London",
                "language": "en",
                "paper": "a4",
            }
            site, key = found_site(Network.here(), Member.named("Somebody"), name=f"Elsewhere {number}", **about)
            db.session.commit()
            ring = keys.Keyring()
            ring.add(site.id, site.generation, key)
            tenancy.bind(db.session, site.id)
            with keys.opened(ring):
                for one in range(THEIRS):
                    Contact.add(site.id, f"Somebody {one}", by="Somebody")
                db.session.commit()
            db.session.remove()


def at_a_site_of(house: House, size: int) -> Person:
    """A member of a site with so many contacts, one of whom was talked with often."""
    rosa = next(numbered)
    first = house.person()
    with house.app.app_context():
        private, locked = keys.new_member(WORDS, cost=keys.Cost(memory_kib=8, passes=1))
        member = Member.join(f"Rosa {rosa}", private.public, locked)
        about = {"kind": "workplace", "country": "GB", "time_zone": "Europe/London", "language": "en", "paper": "a4"}
        site, _key = found_site(Network.here(), member, name=f"Depot {rosa}", **about)
        db.session.commit()
        path = f"/sites/{site.id}"
        db.session.remove()
    first.handle, first.phrase, first.site = f"Rosa {rosa}", WORDS, path
    if first.signs_in().status_code != 303:
        raise RuntimeError("she could not sign in")
    with notebook.inside(first) as place:
        contacts = notebook.fill(place, size, asked=min(ASKED, size))
        day = datetime.date.today()
        for _ in range(TALKS):
            Conversation.note(contacts[0], by="Rosa", day=day, note="She asked about the rota.", struggles=["hours"])
        first.known = contacts[0].id  # type: ignore[attr-defined]
    return first


numbered = itertools.count()


def steps(rosa: Person) -> dict[str, float]:
    """Seconds, by step."""
    site, known = rosa.site, rosa.known  # type: ignore[attr-defined]
    action = re.findall(rf'href="({site}/actions/[0-9a-f-]{{36}})"', rosa.opens(f"{site}/actions").text)[0]
    turnout = f"{action}/turnout"
    ids = re.findall(r'name="now" value="([^"]+)"', rosa.opens(f"{turnout}?tick=came").text)
    states = itertools.cycle(((ids, []), ([], ids)))
    bare = Flask("bare")
    bare.add_url_rule("/", view_func=lambda: "Nothing happened.")
    nobody = bare.test_client()

    def sent(path: str, **fields: object) -> None:
        answer = rosa.client.post(path, data=fields, headers=SCRIPT, base_url=rosa.base)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} was answered with {answer.status_code}")

    def opened(path: str) -> None:
        if rosa.opens(path).status_code != 200:
            raise RuntimeError(f"{path} did not open")

    def tick() -> None:
        now, was = next(states)
        sent(turnout, tick="came", now=now, was=" ".join(was))

    gc.collect()
    gc.freeze()  # as the server does when it stands
    return medians(
        {
            "bare": lambda: nobody.get("/"),
            "the list": lambda: opened(f"{site}/contacts"),
            "filtered as one types": lambda: sent(f"{site}/contacts/search", words="am bi", part="found"),
            "one with 50 talks": lambda: opened(f"{site}/contacts/{known}"),
            "the turnout of 300": lambda: opened(turnout),
            "300 ticked": tick,
            "the chart": lambda: opened(f"{site}/chart"),
            "what people bring up": lambda: opened(f"{site}/eddies"),
            "the first page": lambda: opened(site),
        },
        ROUNDS,
    )
