"""Which language a page speaks: what the person chose, else what their browser asks for, else English.

And refusals are said in that language, and in no other.
"""

from __future__ import annotations

import pytest
from flask_babel import force_locale

from bulletin import config
from bulletin.domain.people.refusals import Field, Why
from bulletin.domain.site.refusals import NotAllowed
from bulletin.sentences import say as say_in_english
from bulletin.web.shared.sentences import say, say_code
from tests.homes import ON_SQLITE
from tests.web import pseudo
from tests.web.house import errors, house  # noqa: F401

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


class TestOneChoosesALanguage:
    """Where there are catalogues: here of marks in place of Polish and of Arabic."""

    pytestmark = ON_SQLITE

    @pytest.fixture(autouse=True)
    def catalogues(self, tmp_path, monkeypatch):
        monkeypatch.setattr(config, "CATALOGUES", pseudo.write(tmp_path / "catalogues", "pl", "pt_BR", "ar"))

    @pytest.fixture
    def rosa(self, house):  # noqa: F811
        return house.rosa()

    def tag(self, person, asked="", path="/devices"):
        page = person.client.get(path, base_url=person.base, headers={"Accept-Language": asked} if asked else {})
        return page.text.partition("<html ")[2].partition(">")[0]

    @pytest.mark.parametrize(
        ("asked", "tag"),
        [
            ("", 'lang="en"'),
            ("pl", 'lang="pl"'),
            ("fr, pl;q=0.5, en;q=0.3", 'lang="pl"'),
            ("pl-PL,pl;q=0.9,en;q=0.8", 'lang="pl"'),
            ("en-GB,pl;q=0.9", 'lang="en"'),
            ("pt-BR", 'lang="pt-BR"'),
            ("PT-br, pl;q=0.1", 'lang="pt-BR"'),
            ("ar-EG", 'lang="ar" dir="rtl"'),
            ("fr", 'lang="en"'),
            ("*", 'lang="en"'),
            ("../../etc;q=x", 'lang="en"'),
        ],
    )
    def test_the_browser_asks_and_a_stranger_needs_no_setting(self, house, asked, tag):  # noqa: F811
        assert self.tag(house.person(), asked, "/sign-in") == tag

    def test_what_a_person_chose_comes_before_what_the_browser_asks(self, rosa):
        assert rosa.sends("/devices/current/language", language="pl").status_code == 303
        assert self.tag(rosa, "ar") == 'lang="pl"'
        assert '<option selected value="pl">polski</option>' in rosa.opens("/devices").text
        rosa.sends("/devices/current/language", language="")
        assert self.tag(rosa, "ar") == 'lang="ar" dir="rtl"'

    def test_it_is_kept_in_the_browser_alone_and_nothing_of_it_stays_after_signing_out(self, rosa, house):  # noqa: F811
        answer = rosa.sends("/devices/current/language", language="pl")
        (kept,) = answer.headers.getlist("Set-Cookie")
        assert kept.startswith("language=pl; ")
        assert "HttpOnly" in kept
        assert self.tag(house.person(), path="/sign-in") == 'lang="en"'
        rosa.sends("/sign-outs")
        assert rosa.client.get_cookie("language") is None

    def test_on_a_shared_device_it_ends_with_the_browser(self, rosa):
        rosa.signs_in(place="shared")
        (kept,) = rosa.sends("/devices/current/language", language="pl").headers.getlist("Set-Cookie")
        assert "Expires" not in kept
        assert "Max-Age" not in kept

    def test_a_language_that_is_not_there_is_a_sentence_and_one_that_went_is_forgotten(self, rosa):
        answer = rosa.sends("/devices/current/language", language="fr")
        assert answer.status_code == 422
        assert "Choose one of these languages." in errors(answer)
        rosa.client.set_cookie("language", "fr")
        assert self.tag(rosa) == 'lang="en"'


def test_while_there_is_one_language_nothing_asks_which(anyone, app):
    assert list(app.extensions["languages"]) == ["en"]
    assert anyone.get("/", headers={"Accept-Language": "pl"}).text.startswith('<!doctype html>\n<html lang="en">\n')


@ON_SQLITE
def test_while_there_is_one_language_nobody_can_choose_another(house):  # noqa: F811
    rosa = house.rosa()
    assert "language" not in rosa.opens("/devices").text
    assert rosa.sends("/devices/current/language", language="pl").status_code == 422
