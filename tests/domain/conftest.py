"""A network of two sites with people in them: Rosa at the Depot, Bill at the Mill."""

from __future__ import annotations

import contextlib
import datetime
import pathlib
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from bulletin import db as database
from bulletin.db import db
from bulletin.domain.actions import actions, escalation_plan
from bulletin.domain.inbox import letters
from bulletin.domain.network import looks, needs, overview, sharing, sums, told, weeks
from bulletin.domain.network.answering import agreeing, answers, becoming_counts, known, matters, together
from bulletin.domain.papers import (
    approval,
    articles,
    bulletins,
    distributions,
    print_tickets,
    printings,
)
from bulletin.domain.people import contacts, conversations, erasure, follow_ups, forgetting, reading
from bulletin.domain.people.imports import records
from bulletin.domain.portability import daily, leaving
from bulletin.domain.site import events, founding, inbox_keys, invitations, site_keys, sites
from bulletin.domain.site.accounts import devices, idleness, members, throttle
from bulletin.domain.site.accounts.members import Member, Membership
from bulletin.domain.site.governance import bringing_in, register
from bulletin.vault import keys, tenancy
from tests.databases import Database, closing, postgresql  # noqa: F401
from tests.full_site import all_met
from tests.homes import home  # noqa: F401
from tests.pinned_sql import every_statement_stays_at_its_site  # noqa: F401

ROOMS = (
    *(
        approval,
        articles,
        bulletins,
        leaving,
        devices,
        idleness,
        distributions,
        events,
        founding,
        invitations,
        members,
        register,
    ),
    *(agreeing, answers, becoming_counts, known, matters, together),
    *(printings, site_keys, sites, throttle, print_tickets),
    *(actions, contacts, conversations, follow_ups, erasure, forgetting, reading, records, escalation_plan, daily),
    *(inbox_keys, letters),
    *(looks, needs, overview, sharing, sums, told, weeks),
)
ABOUT = {
    "kind": "workplace",
    "country": "GB",
    "time_zone": "Europe/London",
    "language": "en",
    "paper": "a4",
}


@pytest.fixture(autouse=True)
def cheap_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "COST", keys.Cost(memory_kib=8, passes=1))


@pytest.fixture
def session(home: Database, tmp_path: pathlib.Path) -> Iterator[object]:  # noqa: F811
    app = Flask(__name__, instance_path=str(tmp_path))
    app.config["DATABASE_URL"] = home.url
    database.attach(app)
    with closing(app), app.app_context():
        yield db.session


class Person:
    """A member as somebody who knows their words."""

    def __init__(self, handle: str) -> None:
        self.handle = handle
        self.words = f"{handle} knows six words by heart"
        self.private, locked = keys.new_member(self.words)
        self.member = Member.join(handle, self.private.public, locked)

    def at(self, site: sites.Site) -> Membership:
        membership = self.member.membership_at(site.id)
        assert membership is not None
        return membership

    @contextlib.contextmanager
    def inside(self, site: sites.Site) -> Iterator[keys.Keyring]:
        """This person has the site open."""
        tenancy.bind(db.session, site.id)
        with keys.opened(site_keys.open_site(self.at(site), self.private)) as ring:
            yield ring
        tenancy.unbind(db.session)


@pytest.fixture
def rosa(session: object) -> Person:
    return Person("Rosa")


@pytest.fixture
def bill(session: object) -> Person:
    return Person("Bill")


@pytest.fixture
def clara(session: object) -> Person:
    return Person("Clara")


@pytest.fixture
def depot(rosa: Person) -> sites.Site:
    site, _ = founding.found_site(sites.Network(name="Free Notes"), rosa.member, name="Depot", **ABOUT)
    db.session.commit()
    return site


@pytest.fixture
def join(depot: sites.Site, rosa: Person):
    """join(bill): Rosa brings somebody to the Depot, with the word of `by` where that is needed; they decide with her.

    With decides=False nobody has met them yet.
    """

    def joins(person: Person, by: Person | None = None, *, decides: bool = True) -> Membership:
        here = tenancy.bound_site(db.session) == depot.id
        with contextlib.nullcontext() if here else rosa.inside(depot):
            invitation, secret = bringing_in.invite(rosa.at(depot))
            db.session.flush()
            if by is not None:
                bringing_in.confirm(by.at(depot), invitation.id)
            found = bringing_in.found(secret)
            assert found is not None
            bringing_in.answer(found, secret, person.member)
            if decides:
                all_met(depot)
            db.session.flush()
        db.session.commit()
        return person.at(depot)

    return joins


def set_clock(monkeypatch: pytest.MonkeyPatch, moment: Callable[[], datetime.datetime]) -> None:
    """Every room takes the time, and the day, from `moment`."""

    def today(zone: datetime.tzinfo = datetime.UTC) -> datetime.date:
        return moment().astimezone(zone).date()

    for room in ROOMS:
        for name, clock in (("now", moment), ("today", today)):
            if hasattr(room, name):
                monkeypatch.setattr(room, name, clock)


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch):
    """stopped("2026-11-22T12:00Z"): the clock stands still."""
    return lambda iso: set_clock(monkeypatch, lambda: datetime.datetime.fromisoformat(iso))


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch):
    """later(days=1): the clock is moved on."""
    passed = datetime.timedelta()

    def move(**span: float) -> None:
        nonlocal passed
        passed += datetime.timedelta(**span)

        set_clock(monkeypatch, lambda: datetime.datetime.now(datetime.UTC) + passed)

    return move


@pytest.fixture
def here(depot: sites.Site, rosa: Person) -> Iterator[sites.Site]:
    """The Depot, opened by Rosa."""
    with rosa.inside(depot):
        yield depot
        db.session.rollback()
