"""A network of two sites with people in them: Rosa at the Depot, Bill at the Mill."""

from __future__ import annotations

import contextlib
import datetime
import pathlib
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from bulletin import db as database
from bulletin.db import db
from bulletin.domain.actions import actions, escalation_plan
from bulletin.domain.papers import (
    approval,
    articles,
    bulletins,
    distributions,
    print_tickets,
    printings,
)
from bulletin.domain.people import contacts, conversations, erasure, follow_ups
from bulletin.domain.people.imports import records
from bulletin.domain.portability import daily, export_requests, leaving
from bulletin.domain.site import (
    devices,
    events,
    founding,
    invitations,
    members,
    site_keys,
    sites,
    throttle,
)
from bulletin.domain.site.members import Member, Membership
from bulletin.vault import keys, tenancy
from tests.databases import Database, closing, postgresql  # noqa: F401
from tests.homes import home  # noqa: F401
from tests.pinned_sql import every_statement_stays_at_its_site  # noqa: F401

ROOMS = (
    *(approval, articles, bulletins, leaving, devices, distributions, events, founding, invitations, members),
    *(printings, site_keys, sites, throttle, print_tickets),
    *(actions, contacts, conversations, export_requests, follow_ups, erasure, records, escalation_plan, daily),
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
    """join(bill): Rosa invites somebody to the Depot, seconded by `by` where that is needed."""

    def joins(person: Person, by: Person | None = None) -> Membership:
        key = rosa.at(depot).open_key(rosa.private)
        invitation, secret = invitations.Invitation.issue(rosa.at(depot), key)
        db.session.flush()
        if by is not None:
            invitation.second(by.at(depot))
        found = invitations.Invitation.found(secret)
        assert found is not None
        membership = found.answer(secret, person.member)
        db.session.commit()
        return membership

    return joins


def long_here() -> None:
    """Everybody has been in their sites for eight days: they may second removals."""
    for place in db.session.scalars(sa.select(Membership)):
        place.joined_at -= datetime.timedelta(days=8)


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
