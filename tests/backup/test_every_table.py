"""A backup as it is really made, in processes of its own that have imported nothing else: every row is in it."""

from __future__ import annotations

import datetime
import os
import pathlib
import subprocess
import sys
import uuid

import pytest
import sqlalchemy as sa

from bulletin import config, health
from bulletin.backup import Refused, Why, gone_again, making, restoring, rows
from bulletin.db import Record, db, now
from bulletin.domain.papers import approval, articles, corrections
from bulletin.domain.papers.articles import Article
from bulletin.domain.papers.bulletins import Bulletin
from bulletin.domain.papers.distributions import Distribution
from bulletin.domain.papers.pictures import Picture
from bulletin.domain.papers.print_tickets import PrintTicket
from bulletin.domain.papers.printings import Measure, Printing, Proof
from bulletin.domain.papers.written import Written
from bulletin.domain.site import site_keys
from bulletin.domain.site.accounts.asked import AskedAccount
from bulletin.domain.site.accounts.browser_keys import BrowserKey
from bulletin.domain.site.accounts.devices import Device
from bulletin.domain.site.accounts.refused_tries import RefusedTry, Try
from bulletin.domain.site.accounts.throttle import Throttle
from bulletin.domain.site.departures import Departure
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.founding import FoundingCode
from bulletin.domain.site.governance import bringing_in
from bulletin.press.parts import Part
from bulletin.sentences import say
from bulletin.vault import keys
from tests.databases import Database
from tests.domain.conftest import Person
from tests.full_site import notebook
from tests.refusals import refused
from tests.test_health import PressOfPaste

from .test_restoring import again, copy, site  # noqa: F401

FIELDS = {"kind": "regular", "masthead": "The Lamp", "language": "en", "headline": "Nobody drives alone"}
SHEET = b"%PDF a sheet of paper"


@pytest.fixture
def letters(depot, rosa, bill, join, house) -> str:
    """A house with something in every table; the letters of a print ticket in it."""
    join(bill)
    depot.rotation_due = True
    Device.begin(rosa.member, rosa.private, shared=False)
    Throttle.at("Rosa", b"browser")
    RefusedTry.keep({Try.WRONG_WORDS: 1})
    db.session.add(FoundingCode(digest=keys.digest(b"an old one")))
    BrowserKey.made()
    db.session.add(AskedAccount(member=Person("Ines").member, site_id=depot.id, matter_id=uuid.uuid4()))
    db.session.add(Departure(kind="place", id=uuid.uuid4()))
    db.session.commit()
    with rosa.inside(depot) as ring:
        Event.note(depot, Deed.INVITED, by="Rosa", whom="Bill")
        db.session.commit()
        site_keys.rotate_if_due(depot, ring)
        db.session.commit()
    with rosa.inside(depot):
        for _ in range(2):
            bulletin = Bulletin.begin(depot)
            articles.begin(bulletin, FIELDS, [Part("lead", "", "Three drivers were sent home.")], by="Rosa")
            lead = next(article for article in Article.all_of(bulletin) if article.name == "lead")
            lead.save("", "Three drivers were sent home today.", by="Bill", based_on=1)
            db.session.flush()
        Picture.add(bulletin, b"\x89PNG", alt="A gate", agreed=True, by="Rosa")
        approval.propose(bulletin, rosa.at(depot), Written(bulletin).digest)
        approval.speak(bulletin, bill.at(depot), Written(bulletin).digest, agrees=True)
        words, by = "Three drivers were sent off today.", rosa.at(depot)
        corrections.change(Written(bulletin), lead, "", words, by, based_on=lead.version, correction=True)
        written = Written(bulletin)
        Proof.keep(bulletin, "a4", Measure(written.digest), SHEET)
        printing = Printing.make(bulletin, written, "a4", SHEET, of=written.digest, by="Rosa", copies=200)
        evening = now() + datetime.timedelta(hours=8)
        planned = Distribution.plan(bulletin, "The gate", now(), evening, by="Rosa")
        db.session.flush()
        typed = PrintTicket.issue(printing, planned, by="Rosa")
        notebook(depot)
        db.session.commit()
    db.session.remove()
    with again(rosa).inside(site("Depot")):
        bringing_in.invite(rosa.at(site("Depot")))
        db.session.commit()
    db.session.remove()
    return typed


def counts(database: Database) -> dict[str, int]:
    """Rows by table, of all tables there are, whatever this program knows."""
    engine = database.engine()
    with engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
        return {name: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) for name in names}


def typed(instance: pathlib.Path, database: Database, *words: str) -> str:
    """A command of ours in a process of its own; what it said."""
    there = {**os.environ, "INSTANCE": str(instance), "DATABASE_URL": database.url}
    there["DATABASE_OWNER_URL"] = database.owner_url
    command = [sys.executable, "-m", "bulletin", *words]
    root = pathlib.Path(config.__file__).parents[1]
    done = subprocess.run(command, cwd=root, env=there, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_row_of_every_table_comes_back_as_typed(letters, house, database, key, tmp_path, request):
    before = counts(database)
    assert before.keys() == {*Record.metadata.tables, rows.ALEMBICS}
    assert min(before.values()) > 0, "a table without a row tries nothing: give it one above"
    db.session.remove()
    instance = pathlib.Path(house.instance_path)
    typed(instance, database, "backup", str(tmp_path / "copy.age"))
    fresh = (
        Database("sqlite", f"sqlite:///{tmp_path}/fresh.db")
        if database.kind == "sqlite"
        else request.getfixturevalue("postgresql").new()
    )
    bring_back = "restore", str(tmp_path / "copy.age"), "--key", str(key), "--yes"
    typed(tmp_path / "fresh", fresh, *bring_back)
    left = rows.LEFT_OUT | {record.__tablename__ for record in gone_again.ASKED}
    expected = {name: 0 if name in left else count for name, count in before.items()}
    expected["browser_key"] = 1  # one of its own
    assert counts(fresh) == expected
    typed(instance, database, *bring_back, "--replace")
    assert counts(database) == expected


def test_a_print_ticket_does_not_come_back(letters, depot, house, key, copy, rosa):  # noqa: F811
    assert PrintTicket.sheet_for(letters) == SHEET
    db.session.remove()
    making.make(house, copy)
    said = [say(done) for done in restoring.restore(house, copy, key, replace=True)]
    assert "Everybody is signed out, and invitations and print tickets that were open are void." in said
    assert db.session.scalars(sa.select(PrintTicket)).all() == []
    assert PrintTicket.sheet_for(letters) is None
    with again(rosa).inside(site("Depot")):
        (planned,) = Distribution.at(site("Depot").id)
        assert [one.letters for one in planned.tickets] == [letters], "sealed: only a member can take it off the list"
        PrintTicket.end_all(planned)
        db.session.commit()
        assert planned.tickets == ()


@pytest.mark.parametrize("deed", ["CREATE TABLE somebodys (id INTEGER)", "DROP TABLE event"])
def test_a_table_too_many_or_too_few_stops_everything(letters, house, database, key, copy, deed):  # noqa: F811
    db.session.remove()
    making.make(house, copy)
    with database.engine(database.owner_url).begin() as connection:
        connection.exec_driver_sql(deed)
    before, table, second = counts(database), deed.split()[2], copy.with_name("second.age")
    why = Why.UNKNOWN_TABLES if deed.startswith("CREATE") else Why.LACKING_TABLES
    with refused(Refused, why, names=table) as refusal:
        making.make(house, second)
    assert not second.exists()
    with refused(Refused, why, names=table):
        restoring.restore(house, copy, key, replace=True)
    assert counts(database) == before
    (found,) = (finding for finding in health.look(house, PressOfPaste()) if finding.what == "database")
    assert (found.state, found.sentence) == (health.Severity.BROKEN, say(refusal.value))


def test_a_backup_that_lacks_tables_is_refused(letters, house, key, copy, monkeypatch):  # noqa: F811
    db.session.remove()
    with monkeypatch.context() as patch:
        patch.setattr(rows, "LEFT_OUT", rows.LEFT_OUT | {"event", "former_key"})
        making.make(house, copy)
    with refused(Refused, Why.WITHOUT_TABLES, names="event, former_key"):
        restoring.restore(house, copy, key, replace=True)


def test_a_ticket_for_next_week_does_not_make_the_clock_wrong(letters, house):
    db.session.remove()
    (found,) = (finding for finding in health.look(house, PressOfPaste()) if finding.what == "clock")
    assert found.state is health.Severity.OK
