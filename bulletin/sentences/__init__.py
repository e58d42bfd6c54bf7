"""What refusals say, once, for the pages and the command: codes of the rooms below, as sentences in a language.

A refusal is an exception with a `code` (a member of an enum) and `values` (what its sentence names, as it is: numbers,
days, lists, names). The English stands in the tables of this package; in which language it is said, whoever asks has
set by `speak()`. Nothing here knows Flask: the command says the same.
"""

from __future__ import annotations

import contextlib
import contextvars
import datetime
import decimal
import enum
import importlib
from collections.abc import Iterator, Mapping
from gettext import NullTranslations
from typing import NamedTuple, Protocol, runtime_checkable

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from .marks import Plural, Sentence


@runtime_checkable
class Refusal(Protocol):
    """What the rooms below raise: why, and what the sentence about it names; or a part of such a sentence."""

    @property
    def code(self) -> enum.Enum: ...

    @property
    def values(self) -> Mapping[str, object]: ...


class _Language(NamedTuple):
    locale: Locale
    translations: NullTranslations


_ENGLISH = _Language(Locale("en"), NullTranslations())
_spoken: contextvars.ContextVar[_Language] = contextvars.ContextVar("spoken", default=_ENGLISH)


@contextlib.contextmanager
def speak(locale: Locale, translations: NullTranslations) -> Iterator[None]:
    """Say what is said inside in this language; elsewhere, and in other threads, it stays as it was."""
    token = _spoken.set(_Language(locale, translations))
    try:
        yield
    finally:
        _spoken.reset(token)


def say(refusal: Refusal) -> str:
    """The one sentence that says why something was refused, and what to do."""
    return say_code(refusal.code, **refusal.values)


def say_code(code: enum.Enum, /, **values: object) -> str:
    """The sentence, or the name, of a code by itself."""
    return told(sentence_of(code), **values)


def told(sentence: Sentence, /, **values: object) -> str:
    """A sentence in the language that is spoken."""
    translations = _spoken.get().translations
    if isinstance(sentence, Plural):
        number = values[sentence.by]
        if not isinstance(number, int):
            raise TypeError(f"{sentence.more}: {sentence.by} is no number")
        words = translations.ngettext(sentence.one, sentence.more, number)
    else:
        words = translations.gettext(sentence)
    return words % {name: _shown(value) for name, value in values.items()}


def sentence_of(code: enum.Enum) -> Sentence:
    """A code's English, from the table that is called as its room, or as its package of the domain.

    Only that table is loaded: the command prints without the domain and its database.
    """
    room, package = (*type(code).__module__.split(".")[1:], "")[:2]
    name = package if room == "domain" else room
    table: Mapping[enum.Enum, Sentence] = importlib.import_module(f"{__name__}.{name}").SENTENCES
    return table[code]


def _shown(value: object) -> str:
    """A value as the language writes it. Text stands as it is: also a number that nobody groups, such as a year."""
    locale = _spoken.get().locale
    match value:
        case enum.Enum():  # first: many of ours are text too
            return say_code(value)
        case Refusal():
            return say(value)
        case str():
            return value
        case int() | float() | decimal.Decimal():
            return format_decimal(value, locale=locale)
        case datetime.date() if not isinstance(value, datetime.datetime):
            return format_date(value, "d MMMM yyyy", locale=locale)
        case list() | tuple():
            return format_list([_shown(each) for each in value], locale=locale)
    raise TypeError(f"no sentence can name a {type(value).__name__}")
