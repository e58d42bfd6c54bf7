"""Reading only reads: no GET takes the place for writing, locks a row or writes one before its answer is out.

What is due then is done after, by kinds that are named here.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import logging
import re
import threading
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from bulletin.db import Record, db, today
from bulletin.domain.people.contacts import STALE_NOTICE, Contact
from bulletin.domain.portability import daily
from bulletin.domain.site.accounts import devices
from bulletin.domain.site.accounts.members import Member, Membership
from bulletin.domain.site.events import Event
from bulletin.domain.site.sites import Site
from bulletin.vault import keys
from bulletin.web.guard import after_response
from tests.homes import ON_BOTH
from tests.web import notebook, workmates
from tests.web.house import House, Person, house, read  # noqa: F401
from tests.web.test_access import World, methods_of, path_of, two_sites, world_of
from tests.web.writing import settled  # noqa: F401

KINDS = [
    "sweep",
    "hide_idle",
    "note_use",
    "catch_up_site",
    "note_reading",
    "note_look",
]  # all that a page leaves to be done after it
READS = ("GET", "HEAD", "OPTIONS")
WRITES = re.compile(
    r"\s*(BEGIN IMMEDIATE|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER)\b|.*\bFOR\s+(NO KEY )?(UPDATE|SHARE)\b", re.S
)


@dataclasses.dataclass
class Sent:
    """What the app sends its database, and which kinds of work its pages left to be done after them."""

    statements: list[str] = dataclasses.field(default_factory=list)
    kinds: list[str] = dataclasses.field(default_factory=list)

    def look(self, connection: sa.Connection, _: object, sql: str, *___: object) -> None:
        if not isinstance(connection.engine.pool, sa.NullPool):  # that is the test itself, looking
            self.statements.append(sql)

    def writes(self) -> list[str]:
        """What was sent since last asked that is more than reading."""
        sent, self.statements = self.statements, []
        return [sql for sql in sent if WRITES.match(sql)]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sent]:
    found, do = Sent(), after_response._do

    def seen(app: Any, noted: list[after_response.Work]) -> None:
        found.kinds += [kind.__name__ for kind, _args in noted]
        do(app, noted)

    monkeypatch.setattr(after_response, "_do", seen)
    event.listen(sa.Engine, "before_cursor_execute", found.look)
    yield found
    event.remove(sa.Engine, "before_cursor_execute", found.look)


def asks(person: Person, path: str, method: str = "GET") -> TestResponse:
    """The answer as it is out, and what is done after it not done yet: close it for that."""
    return person.client.open(path, method=method, base_url=person.base, buffered=False)


def ways(world: World, name: str) -> Iterator[tuple[Rule, str, str]]:
    """All that this role can ask for: the rule, the method and the path. What is theirs and what is not, for a member;
    without a body only for who is shown none anyway, since it is the same view.
    """
    role = world.roles[name]
    for rule in world.rules():
        for method in ("GET",) if role.at else READS:
            if method in methods_of(world, rule):
                for filling in world.fillings(rule, role.at)[: None if role.at else 1]:
                    yield rule, method, path_of(rule, filling)


def change(world: World, table: str, **values: Any) -> None:
    """Behind the app's back."""
    with world.connection.begin():
        world.connection.execute(sa.update(Record.metadata.tables[table]).values(values))


def make_all_due(world: World, *, key: bool = True) -> None:
    change(world, "site", rotation_due=key, tended_on=None)
    change(world, "device", last_use=None)
    world.house.app.extensions["sweeper"].swept_at = None


def two_sites_at_rest(house: House) -> tuple[dict[str, Person], dict[str, Any]]:  # noqa: F811
    """Everybody came a moment ago: nothing is due."""
    people, told = two_sites(house)
    with world_of(house, people, told) as world:
        for role in world.roles.values():
            for _ in range(3):  # a sweep makes a key due, and what is sealed with it the next page
                role.person.opens(role.person.site or "/sites")
            for rule in world.rules() if role.at else ():  # what was opened today is known
                if "GET" in methods_of(world, rule) and rule.endpoint.startswith(
                    ("contacts.", "conversations.", "printings.", "told.index")
                ):
                    role.person.opens(path_of(rule, world.fillings(rule, role.at)[0]))
    return people, told


@pytest.fixture
def at_rest(settled: Any) -> Iterator[World]:  # noqa: F811
    with world_of(*settled(two_sites_at_rest)) as world:
        world.house.app.extensions["sweeper"].swept_at = float("inf")
        yield world


@pytest.mark.parametrize(
    ("home", "name"),
    [
        *(("sqlite", name) for name in ("stranger", "removed member", "member")),
        ("postgresql", "member"),  # whose pages alone ask for rows that could be locked
    ],
    indirect=["home"],
)
def test_where_nothing_is_due_no_page_writes_nor_leaves_anything_to_be_written(
    at_rest: World, sent: Sent, name: str
) -> None:
    person, wrong, own = at_rest.roles[name].person, [], 0
    sent.writes()
    for rule, method, path in ways(at_rest, name):
        answer = asks(person, path, method)
        own += (method, answer.status_code) == ("GET", 200) and "site_id" in rule.arguments
        answer.close()
        wrong += [f"{method} {rule.rule}: {sql}" for sql in sent.writes()]
    assert (wrong, sent.kinds) == ([], [])
    assert (own > 40) == bool(at_rest.roles[name].at), "they did get in, where it is theirs"


def test_where_all_is_due_it_is_done_after_the_page_by_kinds_with_these_names(at_rest: World, sent: Sent) -> None:
    assert [kind.__name__ for kind in after_response.KINDS] == KINDS
    person, during, undone = at_rest.roles["member"].person, [], []
    for rule in at_rest.rules():
        if "GET" not in methods_of(at_rest, rule):
            continue
        make_all_due(at_rest, key=False)  # it takes long, and the next test is about it
        sent.writes()
        sent.kinds.clear()
        answer = asks(person, path_of(rule, at_rest.fillings(rule, "depot")[0]))
        during += [f"{rule.rule}: {sql}" for sql in sent.writes()]
        answer.close()
        if answer.status_code == 200 and "site_id" in rule.arguments:
            undone += [rule.rule] * (sent.kinds != ["sweep", "note_use", "catch_up_site"] or not sent.writes())
    assert (during, undone) == ([], [])


@ON_BOTH
def test_what_is_due_is_due_no_more_when_it_is_done(at_rest: World, sent: Sent) -> None:
    rosa = at_rest.roles["member"].person
    make_all_due(at_rest)
    asks(rosa, rosa.site, "HEAD").close()
    asks(rosa, rosa.site).close()  # rows that are sealed with the key before, and then that key
    assert sent.kinds == ["sweep", "note_use", "catch_up_site", "catch_up_site"]
    sent.writes()
    asks(rosa, rosa.site).close()
    assert (sent.writes(), sent.kinds[4:]) == ([], [])


def test_a_kind_that_is_not_named_is_not_taken(house: House) -> None:  # noqa: F811
    with house.app.test_request_context(), pytest.raises(LookupError, match="who_read_it"):
        after_response.later(who_read_it)


def who_read_it() -> bool:
    return False


@contextlib.contextmanager
def a_writer(world: World) -> Iterator[None]:
    """Somebody who holds what there is to hold: SQLite's place for writing, every site's row on PostgreSQL."""
    with world.home.engine().begin() as connection:
        for table in ("site", "device"):
            connection.execute(sa.select(Record.metadata.tables[table]).with_for_update()).all()
        yield


@ON_BOTH
def test_who_reads_waits_for_no_writer_also_where_all_is_due(at_rest: World) -> None:
    rosa = at_rest.roles["member"].person
    make_all_due(at_rest)
    with a_writer(at_rest):
        begun = time.monotonic()
        answers = [asks(rosa, path) for path in (rosa.site, f"{rosa.site}/contacts", "/devices", "/up")]
        assert [answer.status_code for answer in answers] == [200] * 4
        assert time.monotonic() - begun < 5, "SQLite's writers wait for 20 s"
    for answer in answers:
        answer.close()
    assert "The key of the group changed." in read(rosa.opens(f"{rosa.site}/events")).words


def test_an_idle_device_opens_nothing_at_once_and_is_overwritten_after(
    at_rest: World, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    rosa = at_rest.roles["member"].person
    digest = keys.digest(base64.urlsafe_b64decode(cookie(rosa)))
    then = devices.now() + devices.IDLE
    monkeypatch.setattr(devices, "now", lambda: then)
    answer = asks(rosa, rosa.site)
    assert answer.location.startswith("/devices/current/key")
    assert open_key(at_rest, digest) is not None
    answer.close()
    assert sent.kinds == ["hide_idle"]
    assert open_key(at_rest, digest) is None
    rosa.opens(rosa.site)
    assert sent.kinds == ["hide_idle"], "once"


def test_who_types_their_words_at_an_idle_device_is_not_hidden_again(
    at_rest: World, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    rosa = at_rest.roles["member"].person
    rosa.opens("/sign-in")
    then = devices.now() + devices.IDLE
    monkeypatch.setattr(devices, "now", lambda: then)
    assert rosa.sends("/devices/current/key", words=rosa.phrase, next=rosa.site).location == rosa.site
    assert sent.kinds == ["hide_idle"]
    assert rosa.opens(rosa.site).status_code == 200


def open_key(world: World, digest: bytes) -> bytes | None:
    table = Record.metadata.tables["device"]
    with world.connection.begin():
        found: bytes | None = world.connection.scalar(sa.select(table.c.open_key).filter_by(token_digest=digest))
    return found


@ON_BOTH
def test_what_breaks_after_an_answer_breaks_nothing_else_and_is_told_without_words(
    at_rest: World, sent: Sent, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    rosa = at_rest.roles["member"].person

    def changes() -> int:
        return read(rosa.opens(f"{rosa.site}/events")).words.count("The key of the group changed.")

    before = changes()
    make_all_due(at_rest)

    def breaks(site: Site) -> bool:
        raise ValueError(site.name)

    with monkeypatch.context() as broken, caplog.at_level(logging.ERROR):
        broken.setattr(daily, "run_if_due", breaks)
        assert rosa.opens(rosa.site).status_code == 200
    assert "Broke in catch_up_site, after an answer: ValueError" in caplog.text
    assert "Tamarisk" not in caplog.text
    assert changes() == before, "nothing by halves"
    assert sent.kinds.count("note_use") == 1, "what went well is done"
    assert sent.kinds.count("catch_up_site") == 2, "what did not is found again"
    assert changes() == before + 1


@ON_BOTH
def test_a_page_that_writes_all_the_same_breaks(at_rest: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the database's own word, whatever the page does: the net under the rule."""
    rosa = at_rest.roles["member"].person

    def careless(site_id: uuid.UUID, _: range) -> list[Event]:
        db.session.execute(sa.delete(Event).filter_by(site_id=site_id))
        return []

    monkeypatch.setattr(Event, "some_at", careless)
    assert rosa.opens(f"{rosa.site}/events").status_code == 500
    monkeypatch.undo()
    assert "started the group" in read(rosa.opens(f"{rosa.site}/events")).words


def test_who_writes_does_first_what_is_due_and_seals_with_the_new_key(at_rest: World, sent: Sent) -> None:
    rosa = at_rest.roles["member"].person
    (before,) = sealed_with(at_rest, rosa)
    make_all_due(at_rest)
    assert rosa.sends(f"{rosa.site}/invitations").status_code == 200
    assert sent.kinds == ["sweep", "note_use"], "nothing of the site's is left"
    assert sealed_with(at_rest, rosa) == {before + 1}


@ON_BOTH
def test_who_writes_while_the_key_changes_seals_with_the_new_one(
    at_rest: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between their asking for the site and their holding it another page is answered, and what was due is done."""
    rosa, find = at_rest.roles["member"].person, Member.membership_at
    (before,) = sealed_with(at_rest, rosa)
    make_all_due(at_rest)
    another = Person(rosa.app)
    another.client.set_cookie("device", cookie(rosa))

    def slowly(member: Member, site_id: uuid.UUID) -> Membership | None:
        monkeypatch.setattr(Member, "membership_at", find)
        found = find(member, site_id)
        if at_rest.home.kind == "postgresql":  # SQLite lets nobody write between
            page = threading.Thread(target=another.opens, args=[rosa.site])
            page.start()
            page.join()
            assert sealed_with(at_rest, rosa) == {before + 1}
        return found

    monkeypatch.setattr(Member, "membership_at", slowly)
    assert rosa.sends(f"{rosa.site}/invitations").status_code == 200
    assert sealed_with(at_rest, rosa) == {before + 1}


def cookie(person: Person) -> str:
    found = person.client.get_cookie("device", domain="localhost")
    assert found is not None
    return found.value


def sealed_with(world: World, person: Person) -> set[int]:
    """The generations of the keys that seal what happened at a person's site."""
    table = Record.metadata.tables["event"]
    here = sa.select(table.c._sealed_what).filter_by(site_id=uuid.UUID(person.site.rpartition("/")[2]))
    with world.connection.begin():
        return {keys.generation_of(what) for what in world.connection.scalars(here)}


def test_whose_month_is_over_is_shown_once_more_to_the_first_who_comes_and_then_to_nobody(house: House) -> None:  # noqa: F811
    """The day's first page is answered as it stands, and what was due by then is done at once after it."""
    rosa = house.rosa()
    jo = workmates.add(rosa, "Jo")
    with notebook.inside(rosa) as place:
        place.site.tended_on = None
        (contact,) = Contact.at(place.site_id)
        contact.announced_on = today() - STALE_NOTICE
    assert "Jo" in rosa.opens(jo).text
    assert rosa.opens(jo).status_code == 404
    assert "Jo" not in rosa.opens(f"{rosa.site}/contacts").text
