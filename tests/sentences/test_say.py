"""A code and its values become one sentence, in the language that is spoken."""

from __future__ import annotations

import datetime
import decimal
import enum
import gettext
import threading

import pytest
from babel import Locale

from bulletin import sentences
from bulletin.sentences import say, speak
from bulletin.sentences.marks import N_, plural


class Why(enum.Enum):
    TOO_LONG = "too long"
    TOO_MANY = "too many"
    OVER = "over"
    NAMED = "named"
    BY_WHOM = "by whom"
    HALF = "half"


class Field(enum.StrEnum):
    NOTES = "notes"


class Refused(Exception):
    def __init__(self, code: enum.Enum, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


class German(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return {"Keep it to %(most)s letters.": "Höchstens %(most)s Zeichen.", "notes": "Notizen"}.get(message, message)

    def ngettext(self, one: str, more: str, number: int) -> str:
        return "%(n)s Ding." if number == 1 else "%(n)s Dinge."


@pytest.fixture(autouse=True)
def _table(monkeypatch):
    table = {
        Why.TOO_LONG: N_("Keep it to %(most)s letters."),
        Why.TOO_MANY: plural("There is %(n)s thing.", "There are %(n)s things.", by="n"),
        Why.OVER: N_("It was over on %(day)s."),
        Why.NAMED: N_("What stands under %(field)s is too long."),
        Why.BY_WHOM: N_("Ask %(names)s."),
        Why.HALF: N_("It is %(full)s %% full."),
        Field.NOTES: N_("notes"),
    }
    monkeypatch.setattr(sentences, "sentence_of", table.__getitem__)


def in_german():
    return speak(Locale("de"), German())


def test_english_is_spoken_where_nobody_chose():
    assert say(Refused(Why.TOO_LONG, most=20_000)) == "Keep it to 20,000 letters."


def test_another_language_has_its_own_words_and_numbers():
    with in_german():
        assert say(Refused(Why.TOO_LONG, most=20_000)) == "Höchstens 20.000 Zeichen."
    assert say(Refused(Why.TOO_LONG, most=20_000)) == "Keep it to 20,000 letters."


def test_another_thread_keeps_its_own_language():
    heard: list[str] = []
    with in_german():
        other = threading.Thread(target=lambda: heard.append(say(Refused(Why.TOO_LONG, most=1_000))))
        other.start()
        other.join()
    assert heard == ["Keep it to 1,000 letters."]


def test_a_language_ends_with_an_error_too():
    with pytest.raises(ZeroDivisionError), in_german():
        1 / 0  # noqa: B018
    assert say(Refused(Why.TOO_LONG, most=1)) == "Keep it to 1 letters."


def test_one_thing_is_not_two_things():
    assert say(Refused(Why.TOO_MANY, n=1)) == "There is 1 thing."
    assert say(Refused(Why.TOO_MANY, n=1_000)) == "There are 1,000 things."
    with in_german():
        assert say(Refused(Why.TOO_MANY, n=1)) == "1 Ding."
        assert say(Refused(Why.TOO_MANY, n=1_000)) == "1.000 Dinge."


def test_days_lists_names_and_halves_are_written_as_the_language_does():
    told = [
        Refused(Why.OVER, day=datetime.date(2026, 11, 23)),
        Refused(Why.BY_WHOM, names=["Rosa", "Bill", "Clara"]),
        Refused(Why.NAMED, field=Field.NOTES),
        Refused(Why.HALF, full=decimal.Decimal("50.5")),
    ]
    assert [say(each) for each in told] == [
        "It was over on 23 November 2026.",
        "Ask Rosa, Bill, and Clara.",
        "What stands under notes is too long.",
        "It is 50.5 % full.",
    ]
    with in_german():
        assert [say(each) for each in told] == [
            "It was over on 23 November 2026.",
            "Ask Rosa, Bill und Clara.",
            "What stands under Notizen is too long.",
            "It is 50,5 % full.",
        ]


def test_text_stands_as_it_is():
    assert say(Refused(Why.OVER, day="2026")) == "It was over on 2026."
    assert say(Refused(Why.BY_WHOM, names="50 % of 100%(s)")) == "Ask 50 % of 100%(s)."


@pytest.mark.parametrize(
    "value", [None, b"Rosa", {"name": "Rosa"}, datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)]
)
def test_what_no_sentence_can_name_is_an_error_and_not_a_riddle(value):
    with pytest.raises(TypeError):
        say(Refused(Why.OVER, day=value))


def test_a_code_without_a_sentence_is_an_error():
    with pytest.raises(KeyError):
        say(Refused(enum.Enum("Other", ["NONE"]).NONE))
