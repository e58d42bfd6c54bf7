"""What is refused is counted by kind and day, so that whoever runs the machine sees it; and nothing of who tried."""

from __future__ import annotations

import datetime
import uuid

import pytest
import sqlalchemy as sa

from bulletin import health
from bulletin.db import db, today
from bulletin.domain.site.accounts import refused_tries
from bulletin.domain.site.accounts.refused_tries import RefusedTry, Try
from bulletin.health import database
from bulletin.vault import words
from tests.homes import ON_BOTH, ON_SQLITE
from tests.web.house import House, house  # noqa: F401

WRONG = "acid acorn acre acts afar affix"


def counted(house: House) -> dict[str, int]:  # noqa: F811
    """What is written down, after a sweep."""
    sweeper = house.app.extensions["sweeper"]
    sweeper.swept_at = None
    with house.app.app_context():
        sweeper.sweep()
        found = dict(db.session.execute(sa.select(RefusedTry.kind, RefusedTry.count).filter_by(day=today())).all())
        db.session.remove()
    return found


@ON_BOTH
def test_each_kind_is_counted_and_nobody_is_named(house: House) -> None:  # noqa: F811
    rosa, stranger = house.rosa(), house.person()
    for _ in range(2):
        assert stranger.signs_in(handle="Rosa", phrase=WRONG).status_code == 422
    for _ in range(4):
        stranger.signs_in(handle="Bill", phrase=WRONG)
    assert stranger.signs_in(handle="Bill", phrase=WRONG).status_code == 422
    assert stranger.signs_in(handle="Bill", phrase=WRONG).status_code == 429
    assert stranger.client.post("/sign-in", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    stranger.answers(words.link_text(b"0" * words.LINK_BYTES))
    assert stranger.sends(f"{rosa.site}/invitations").status_code == 403
    assert rosa.opens(f"/sites/{uuid.uuid4()}").status_code == 404
    rosa.client.get("/", base_url="http://elsewhere.example")
    found = counted(house)
    expected = {Try.WRONG_WORDS: 7, Try.TOO_SOON: 1, Try.CROSS_SITE: 1, Try.WRONG_CODE: 1, Try.SIGNED_OUT: 1}
    assert found == {kind.value: count for kind, count in {**expected, Try.NO_PLACE: 1, Try.OTHER_NAME: 1}.items()}
    assert counted(house) == found, "once"
    stranger.signs_in(handle="Rosa", phrase=WRONG)
    assert counted(house)[Try.WRONG_WORDS.value] == 8


@ON_SQLITE
def test_nothing_is_written_for_a_refusal_until_the_next_sweep(house: House) -> None:  # noqa: F811
    """Whoever floods us keeps no writer waiting, and fills no disk."""
    stranger = house.person()
    for _ in range(20):
        stranger.client.post("/sign-in", headers={"Sec-Fetch-Site": "cross-site"})
    with house.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(RefusedTry)) == 0
        db.session.remove()
    assert counted(house) == {Try.CROSS_SITE.value: 20}


@ON_SQLITE
def test_what_cannot_be_kept_is_kept_with_the_next_sweep(house: House, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    house.person().client.post("/sign-in", headers={"Sec-Fetch-Site": "cross-site"})

    def breaks(_counted: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(RefusedTry, "keep", breaks)
        with pytest.raises(OSError, match="full"):
            counted(house)
    assert counted(house) == {Try.CROSS_SITE.value: 1}


@ON_SQLITE
def test_after_ninety_days_it_is_gone(house: House, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    with house.app.app_context():
        RefusedTry.keep({Try.WRONG_WORDS: 3})
        db.session.commit()
        for days, left in ((89, 1), (90, 0)):
            then = today() + datetime.timedelta(days=days)
            monkeypatch.setattr(refused_tries, "today", lambda then=then: then)
            RefusedTry.keep({})
            assert db.session.scalar(sa.select(sa.func.count()).select_from(RefusedTry)) == left
            monkeypatch.undo()
        db.session.remove()


def test_whoever_runs_the_machine_is_told_and_looks_where_there_are_many(house: House) -> None:  # noqa: F811
    house.rosa()
    assert "nobody was refused" in "".join(sentence for _, sentence in database.refused(house.app))
    with house.app.app_context():
        for count in (12, database.MANY):
            RefusedTry.keep({Try.WRONG_WORDS: count, Try.CROSS_SITE: 1})
            db.session.commit()
            ((state, sentence),) = database.refused(house.app)
            assert state is (health.Severity.OK if count == 12 else health.Severity.LOOK)
            assert f"wrong sign-in name or words: {count if count == 12 else count + 12}" in sentence
            assert "forms from other pages than ours" in sentence
        db.session.remove()
