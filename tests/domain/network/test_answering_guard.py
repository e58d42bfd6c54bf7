"""What sites ask each other and answer: read by who decides, written by the site alone, gone with it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from bulletin.db import Leak, db
from bulletin.domain.network.answering.answers import Answer
from bulletin.domain.network.answering.becoming_counts import become_counts
from bulletin.domain.network.answering.matters import Matter
from bulletin.vault import tenancy
from bulletin.vault.readers import Reader
from tests.domain.network.sites import Sites


@pytest.fixture
def asked(session):
    """Three sites; what the Depot put to the others, and the Mill answered."""
    sites = Sites()
    sites.found("Depot", "Mill", "Ward")
    put = sites.proposes("Depot")
    sites.says("Mill", put)
    return sites, put


def test_only_who_decides_reads_what_is_asked_and_answered(asked, subtests):
    sites, put = asked
    for reader, count in ((Reader.NOBODY, 0), (Reader.MEMBER, 0), (Reader.ASKED, 0), (Reader.DECIDER, 2)):
        tenancy.read_as(db.session, reader)
        with subtests.test(reader.name), sites.people["Ward"][0].inside(sites.sites["Ward"]):
            assert (Matter.of(put) is not None) == (count > 0)
            assert len(db.session.scalars(select(Answer)).all()) == count
    tenancy.read_as(db.session, Reader.NOBODY)


def test_a_site_writes_what_it_put_and_answered_alone(asked):
    sites, put = asked
    with sites.at("Ward"):
        theirs = Matter.of(put)
        for record in (Matter, Answer):
            assert db.session.execute(sa.delete(record)).rowcount == 0
            assert db.session.execute(sa.update(record).values(audience="anyone")).rowcount == 0
        theirs.needs = 9
        with pytest.raises(Leak):
            db.session.flush()
        db.session.rollback()
    with sites.at("Ward"):
        assert Matter.of(put).needs == 0


def test_a_site_takes_what_it_put_and_answered_with_it(asked):
    sites, put = asked
    theirs = sites.proposes("Mill")
    sites.says("Depot", theirs)
    sites.leaves("Depot")
    with sites.at("Ward"):
        assert Matter.of(put) is None
    become_counts()
    db.session.commit()
    with sites.at("Ward"):
        left = [(one.matter_id, one.site.name) for one in db.session.scalars(select(Answer))]
    assert left == [(theirs, "Mill")], "nor what was answered to the one that has gone"
