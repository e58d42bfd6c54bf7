"""Trying a passphrase: guesses are counted and made to wait, and one is tried at a time, in a queue.

It stands here and not in the domain because it commits: before a try, so that nobody waits for the database while keys
are stretched; and after, so that a guess is counted whatever comes of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Response, abort
from flask_babel import gettext as _, ngettext
from wtforms import ValidationError
from wtforms.fields import Field

from bulletin.db import db
from bulletin.domain.site.accounts.members import Member
from bulletin.domain.site.accounts.refused_tries import Try
from bulletin.domain.site.accounts.throttle import Strangers, StrangersTries, Throttle
from bulletin.sentences import say
from bulletin.vault import keys, words
from bulletin.vault.queue import Crowded

from . import identity, refused_tries
from .browsers import Browser
from .language import speak

strangers = Strangers()


class WrongWords(Exception):
    """Handle and words do not fit together; which of them is wrong is not said."""


class TooSoon(Exception):
    """Too many tries; `wait` until the next."""

    status = 429

    def __init__(self, wait: timedelta) -> None:
        self.wait_s = math.ceil(wait.total_seconds())
        super().__init__()

    def __str__(self) -> str:
        if self.wait_s < 60:
            return ngettext(
                "Wait %(num)d second, then try again.", "Wait %(num)d seconds, then try again.", self.wait_s
            )
        minutes = math.ceil(self.wait_s / 60)
        return ngettext("Wait %(num)d minute, then try again.", "Wait %(num)d minutes, then try again.", minutes)


class TooMany(TooSoon):
    """Too many people at once."""

    status = 503

    def __str__(self) -> str:
        return _("Many people are signing in just now. Wait a moment, then type your words and send this again.")


def check(field: Field) -> None:
    """Say, of what was typed alone, that it cannot be right."""
    try:
        words.looks_like(field.data or "")
    except words.Mistyped as mistake:
        with speak():
            raise ValidationError(say(mistake)) from None


def opened(form: Any, handle: str, wrong: str, page: Callable[[Any, int], Response]) -> keys.PrivateKey:
    """The key of the member with this handle, by the `words` of a form; else the page again, which says why.

    `wrong`: what is said where they are not the ones. Ends the transaction.
    """
    browser = identity.browser()
    sound = form.validate()
    if browser is None:
        form.complain(form.words, _("The page had to be opened first, with cookies allowed. Now send this again."))
    if not sound or browser is None:
        abort(page(form, 422))
    try:
        return unlocked(handle, form.words.data, browser)
    except WrongWords:
        abort(page(form.complain(form.words, wrong), 422))
    except TooSoon as soon:
        response = page(form.complain(form.words, str(soon)), soon.status)
        response.headers["Retry-After"] = str(soon.wait_s)
        abort(response)


def unlocked(handle: str, typed: str, browser: Browser) -> keys.PrivateKey:
    """The key of the member with this handle; raises WrongWords or TooSoon. Ends the transaction, before and after."""
    try:
        wait = tries(handle, browser).wait
        db.session.commit()  # Nobody waits for the database while keys are stretched.
        if wait:
            raise TooSoon(wait)
        with keys.turn(known=browser.id if browser.known else None):
            return _tried(handle, typed, browser)
    except Crowded as crowded:
        refused_tries.count(Try.CROWDED)
        raise TooMany(timedelta(seconds=crowded.wait_s)) from None
    except WrongWords:
        refused_tries.count(Try.WRONG_WORDS)
        raise
    except TooSoon:
        refused_tries.count(Try.TOO_SOON)
        raise


def tries(handle: str, browser: Browser) -> Throttle | StrangersTries:
    """How often this browser has tried this handle: written down for one that we know, in memory for any other."""
    return Throttle.at(handle, browser.id) if browser.known else strangers.at(handle, browser.id)


def _tried(handle: str, typed: str, browser: Browser) -> keys.PrivateKey:
    """One try, when it is its turn: of those sent together the next is not looked at before this one is counted."""
    tried = tries(handle, browser)
    wait, member = tried.wait, Member.named(handle)
    locked = member.locked_key if member else None
    if not wait:
        tried.failed()  # until it succeeds
    db.session.commit()
    if wait:
        raise TooSoon(wait)
    try:
        if locked is None:
            keys.pretend(typed)
        private = keys.unlock(locked, typed)
    except keys.DoesNotOpen:
        raise WrongWords from None
    tries(handle, browser).succeeded()
    db.session.commit()
    return private
