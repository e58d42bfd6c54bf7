"""The language of a request: what the person chose here, else what their browser asks for, else English."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import timedelta

from babel import Locale, negotiate_locale
from flask import Flask, Response, current_app, request
from flask_babel import Babel, get_locale, get_translations
from markupsafe import Markup

from bulletin import config, sentences

from . import cookies

ENGLISH = "en"  # what every sentence is written in
COOKIE = "language"


def guard(app: Flask) -> None:
    """Let what is said follow the request; those languages are offered that have a catalogue when the app is made."""
    babel = Babel(app, default_translation_directories=str(config.CATALOGUES), locale_selector=chosen)
    with app.app_context():
        there = sorted({ENGLISH, *map(str, babel.list_translations())})
    app.extensions["languages"] = {_tag(code): Locale.parse(code) for code in there}
    app.jinja_env.globals.update(language_of_page=language_of_page)


def offered() -> Mapping[str, Locale]:
    """The languages of the screen, by tag: English, and those that have a catalogue."""
    languages: Mapping[str, Locale] = current_app.extensions["languages"]
    return languages


def wished() -> str:
    """The tag that somebody chose here; empty if nobody did, or it is not offered any more."""
    tag = cookies.read(COOKIE)
    return tag if tag in offered() else ""


def chosen() -> str:
    """The locale of this request, as its catalogue is called.

    What a person chose lies in their browser and nowhere else: not on this machine, where it would tell a thief of the
    disk what somebody speaks, nor in a backup. So it holds before they sign in and for a page that says that the
    database is away, and it goes when they sign out.
    """
    # Not Werkzeug's best_match: of en-GB and pl, where there is English and Polish, it takes Polish.
    asked = [tag.lower() for tag in request.accept_languages.values()]
    known = {tag.lower(): str(locale) for tag, locale in offered().items()}
    return known[wished().lower() or negotiate_locale(asked, known, sep="-") or ENGLISH]


def keep(response: Response, tag: str, lasts: timedelta | None) -> None:
    """Leave in the browser what somebody chose; None: until it is closed."""
    cookies.leave(response, COOKIE, tag, lasts)


def forget(response: Response) -> None:
    """Leave no trace of it."""
    cookies.take_back(response, COOKIE)


def language_of_page() -> Markup:
    """What <html> says of the page: its language, and that it runs from right to left if it does."""
    locale = get_locale() or Locale(ENGLISH)
    turned = Markup(' dir="rtl"') if locale.text_direction == "rtl" else ""
    return Markup('lang="{}"{}').format(_tag(str(locale)), turned)


def speak() -> AbstractContextManager[None]:
    """Say what is said inside in the language of this request; for no longer, as threads serve others after it."""
    return sentences.speak(get_locale(), get_translations())


def _tag(code: str) -> str:
    """A locale as HTML and browsers write it: pt-BR for pt_BR."""
    return code.replace("_", "-")
