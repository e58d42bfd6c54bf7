"""When something breaks, people get a sentence and their text back; the log gets a place and no words."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bulletin.domain.people.refusals import Why
from bulletin.domain.site.refusals import NotAllowed
from tests.web.conftest import TEXT, Page


@pytest.mark.parametrize(
    ("url", "method", "status", "words"),
    [
        ("/nowhere", "GET", 404, "There is no page at this address."),
        ("/sheets/new?kind=novel", "GET", 404, "There is no page at this address."),
        ("/previews", "GET", 405, "This address only takes what a form sends."),
    ],
)
def test_an_error_is_a_page_with_a_sentence_and_a_way_on(anyone, url, method, status, words):
    response = anyone.open(url, method=method)
    page = Page(response.text)
    assert response.status_code == status
    assert words in page.words["main"]
    assert page.words["title"].startswith("Error")
    assert {"class": "button", "href": "/"} in page.all("a")


def test_an_address_that_takes_other_methods_says_which(anyone):
    assert set(anyone.get("/sheets").headers["Allow"].split(", ")) == {"OPTIONS", "POST"}


def test_what_breaks_on_our_side_costs_nobody_their_text(rosa, press):
    press.failure = RuntimeError("a wheel came off")
    response = rosa.sends("/sheets")
    assert response.status_code == 500
    assert Page(response.text).typed("typed") == TEXT
    assert "wheel" not in response.text


def test_the_log_tells_the_place_and_never_the_words(rosa, press, caplog):
    words = "Nobody drives alone"
    try:
        raise ValueError(words)
    except ValueError as error:
        press.failure = RuntimeError(words)
        press.failure.__cause__ = error
    rosa.sends("/sheets?" + words.replace(" ", "+"))
    [record] = caplog.records
    assert "sheets.create" in caplog.text
    assert "RuntimeError" in caplog.text
    assert "in create" in caplog.text
    assert words not in caplog.text
    assert "drives" not in caplog.text
    assert record.exc_info is None


def test_nothing_is_logged_when_all_is_well_or_the_text_is_wrong(rosa, caplog):
    caplog.set_level("INFO")
    rosa.opens("/")
    rosa.sends("/sheets")
    rosa.sends("/sheets", "no header")
    assert not caplog.records


def test_a_script_gets_the_sentence_as_data(rosa, press):
    press.failure = RuntimeError()
    response = rosa.sends("/sheets", script=True)
    assert response.status_code == 500
    assert response.json["errors"] == [
        {"field": None, "sentence": "Something broke on our side. Wait a moment, then try again.", "line": None}
    ]


class Deadlock(Exception):
    sqlstate = "40P01"


@pytest.mark.parametrize(
    "met",
    [
        sa.exc.OperationalError("update somebody", {}, Deadlock("somebody")),
        sa.orm.exc.StaleDataError("one row was to go, none was there"),
    ],
)
def test_two_at_the_same_thing_lose_nothing(rosa, press, met):
    press.failure = met
    response = rosa.sends("/sheets")
    assert response.status_code == 503
    assert "Somebody else was at the same thing: send it again." in Page(response.text).words["main"]
    assert Page(response.text).typed("typed") == TEXT
    assert "somebody" not in response.text


def test_another_fault_of_the_database_is_still_ours(rosa, press):
    press.failure = sa.exc.OperationalError("update somebody", {}, Exception("no such table"))
    assert rosa.sends("/sheets").status_code == 500


def test_what_somebody_deleted_meanwhile_is_not_there(rosa, press):
    press.failure = sa.orm.exc.ObjectDeletedError(None, "gone")
    response = rosa.sends("/sheets")
    assert response.status_code == 404
    assert "There is no page at this address." in Page(response.text).words["main"]


def test_what_is_not_allowed_any_more_is_said_in_words(rosa, press):
    press.failure = NotAllowed(Why.NOT_THERE)
    response = rosa.sends("/sheets")
    assert response.status_code == 409
    assert "They are not in the list any more." in Page(response.text).words["main"]
    assert Page(response.text).typed("typed") == TEXT
