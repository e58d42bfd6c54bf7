"""A stranger with sixteen letters gets one sheet, until its hand-out ends; nobody else gets anything."""

from __future__ import annotations

import datetime

import pytest

from bulletin.domain.papers import distributions, print_tickets
from tests.homes import ON_SQLITE
from tests.web import writing
from tests.web.house import Person
from tests.web.writing import cast, one_house, settled  # noqa: F401

pytestmark = ON_SQLITE


@pytest.fixture
def rosa(cast) -> Person:  # noqa: F811
    return cast["rosa"]


@pytest.fixture
def stranger(cast) -> Person:  # noqa: F811
    return cast["stranger"]


@pytest.fixture
def handed_out(cast) -> str:  # noqa: F811
    rosa, bill = cast["rosa"], cast["bill"]
    paper = writing.agreed(writing.begin(rosa, "The lead."), rosa, bill)
    writing.printed(rosa, paper)
    return writing.hand_out(rosa, paper)


def test_a_stranger_gets_the_sheet_and_no_more(rosa, stranger, handed_out):
    letters = writing.ticket(rosa, handed_out)
    for typed in (letters, letters.upper(), f"{letters[:4]}-{letters[4:]}"):
        answer = stranger.opens(f"/p/{typed}")
        assert (answer.status_code, answer.data) == (200, b"%PDF Nobody drives alone")
    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"] == "inline; filename=sheet.pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_letters_are_typed_where_somebody_has_them_on_a_note(rosa, stranger, handed_out):
    letters = writing.ticket(rosa, handed_out)
    answer = stranger.sends("/p/", letters=f" {letters[:4]} {letters[4:8].upper()}-{letters[8:]} ")
    assert stranger.opens(answer.location).data.startswith(b"%PDF")
    for wrong in ("", "  ", "/../../sites", "…", "x" * 500, "é" * 16, "%2e%2e"):
        answer = stranger.sends("/p/", letters=wrong)
        assert answer.status_code == 303
        assert answer.location.startswith("/p/")
        assert stranger.opens(answer.location).status_code == 404


def test_wrong_ended_and_over_are_answered_alike(rosa, stranger, handed_out, monkeypatch):
    right, ended = writing.ticket(rosa, handed_out), writing.ticket(rosa, handed_out)
    page = rosa.reads(handed_out.rpartition("/")[0])
    ends = [action for action in page.actions if action.endswith("/end")]
    assert len(ends) == 2
    assert rosa.sends(ends[1]).status_code == 303
    assert rosa.sends(ends[1]).status_code == 404
    assert writing.tickets(rosa, handed_out) == [right]
    over = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=3)
    said = [stranger.opens(f"/p/{letters}") for letters in (ended, "0" * 16, "nonsense", "-", "0" * 200)]
    assert stranger.opens(f"/p/{right}").status_code == 200
    monkeypatch.setattr(print_tickets, "now", lambda: over)
    said.append(stranger.opens(f"/p/{right}"))
    assert {answer.status_code for answer in said} == {404}
    assert len({answer.text for answer in said}) == 1
    assert "it may be over, or a letter is wrong" in said[0].text


def test_after_its_hand_out_a_ticket_is_swept_away(rosa, cast, handed_out, monkeypatch):  # noqa: F811
    letters = writing.ticket(rosa, handed_out)
    over = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=3)
    for room in (print_tickets, distributions):
        monkeypatch.setattr(room, "now", lambda: over)
    rosa.app.extensions["sweeper"].swept_at = None
    assert rosa.opens(rosa.site).status_code == 200
    monkeypatch.undo()
    assert cast["stranger"].opens(f"/p/{letters}").status_code == 404, "its copy is gone, not only its time"


def test_there_are_ten_at_most(rosa, handed_out):
    for _ in range(10):
        assert rosa.sends(f"{handed_out}/tickets").status_code == 303
    answer = rosa.sends(f"{handed_out}/tickets")
    assert answer.status_code == 409
    assert "There are enough tickets" in answer.text


def test_a_ticket_gives_the_sheet_that_was_printed_last(cast, stranger, handed_out):  # noqa: F811
    rosa, bill = cast["rosa"], cast["bill"]
    letters = writing.ticket(rosa, handed_out)
    paper = handed_out.partition("/hand-outs")[0]
    writing.save_header(rosa, paper, headline="Somebody drives", change="words")
    for person in (rosa, bill):
        assert writing.speak(person, paper).status_code == 303
    assert stranger.opens(f"/p/{letters}").data == b"%PDF Nobody drives alone", "as long as there is no other"
    writing.printed(rosa, paper)
    for open_now in (letters, writing.ticket(rosa, handed_out)):
        assert stranger.opens(f"/p/{open_now}").data == b"%PDF Somebody drives"


def test_the_letters_stand_in_no_log(rosa, stranger, handed_out, caplog):
    caplog.set_level("DEBUG")
    letters = writing.ticket(rosa, handed_out)
    stranger.opens(f"/p/{letters}")
    stranger.opens(f"/p/{letters[:-1]}0")
    assert letters[:-1] not in caplog.text
