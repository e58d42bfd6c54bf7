"""Refusals are said in the language of a request, and of no other."""

from __future__ import annotations

from flask_babel import force_locale

from bulletin.domain.people.refusals import Field, Why
from bulletin.domain.site.refusals import NotAllowed
from bulletin.sentences import say as say_in_english
from bulletin.web.shared.sentences import say, say_code

FULL = NotAllowed(Why.LIST_FULL, most=20_000)


def test_a_refusal_is_said_in_the_language_of_the_request_and_only_there(app):
    with app.test_request_context():
        assert say(FULL) == "There are 20,000 people in the list already."
        with force_locale("de"):
            assert "20.000" in say(FULL)
            assert say_in_english(FULL) == "There are 20,000 people in the list already."
        assert say(FULL) == "There are 20,000 people in the list already."


def test_a_code_by_itself_has_words(app):
    with app.test_request_context():
        assert say_code(Field.KNOWN_BY) == "Who knows them"
        with force_locale("de"):
            assert "20.000" in say_code(Why.LIST_FULL, most=20_000)


def test_what_is_not_allowed_is_said_in_the_language_of_the_request_on_a_page_too(app):
    @app.get("/full")
    def full():
        with force_locale("de"):
            return app.handle_user_exception(FULL)

    assert "20.000" in app.test_client().get("/full").text
