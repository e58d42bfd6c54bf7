"""Trying the six digits of a phone: a try is counted in the database before it is made, and the last ends the session.

It commits, as passphrases does: nobody waits for the database while a key is stretched, and a try is counted whatever
comes of it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask, Response, abort, g, redirect, url_for
from flask_babel import ngettext
from wtforms import ValidationError
from wtforms.fields import Field

from bulletin.db import db
from bulletin.domain.site.accounts.devices import PIN_TRIES, Device
from bulletin.domain.site.accounts.refused_tries import Try
from bulletin.domain.site.sites import IDLE_MINUTES
from bulletin.sentences import say
from bulletin.vault import keys, pins, words
from bulletin.vault.queue import Crowded

from . import identity, refused_tries
from .language import speak
from .passphrases import TooMany
from .paths import safe_path


class WrongPin(Exception):
    """These are not the digits; `left`: how many tries there are."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left = left


class Ended(Exception):
    """There is no such device any more: it was signed out, or this was one wrong try too many."""


def install(app: Flask) -> None:
    """Let pages know how the device that asks is opened again."""
    app.context_processor(lambda: {"has_pin": has_pin(), "idle_minutes": idle_minutes})


def has_pin() -> bool:
    """Do six digits open the device that asks? Asks no database."""
    return bool(g.get("has_pin"))


def idle_minutes() -> int:
    """How long a phone with digits, of the member who asks, may be without use. Asks no database."""
    return int(g.get("idle_minutes") or IDLE_MINUTES)


def check(field: Field, *, new: bool = False) -> None:
    """Say, of what was typed alone, that it is no PIN, or none to choose."""
    try:
        field.data = pins.chosen(field.data or "") if new else pins.normal(field.data or "")
    except words.Mistyped as mistake:
        with speak():
            raise ValidationError(say(mistake)) from None


def opened(form: Any, field: Field, page: Callable[[Any, int], Response]) -> keys.PrivateKey:
    """The key of the member whose phone asks, by its digits in a field that was checked; else the page again.

    Raises Ended. Ends the transaction.
    """
    try:
        return unlocked(identity.token(), field.data)
    except WrongPin as wrong:
        sentence = ngettext(
            "These are not the digits. You have %(num)d try left; then you are signed out here.",
            "These are not the digits. You have %(num)d tries left; then you are signed out here.",
            wrong.left,
        )
        abort(page(form.complain(field, sentence), 422))
    except TooMany as soon:
        response = page(form.complain(field, str(soon)), soon.status)
        response.headers["Retry-After"] = str(soon.wait_s)
        abort(response)


def count_right() -> None:
    """The last try was right, and opened nothing: it counts no more. Wrong ones do, until the phone is opened anew."""
    device = Device.with_token(identity.token())
    if device is not None:
        device.count_right()
        db.session.commit()


def signed_out(back: str | None = None) -> Response:
    """After the last wrong try."""
    response = redirect(url_for("signing_in.new", ended="pin", next=safe_path(back, "") or None), 303)
    identity.forget(response)
    return response


def unlocked(token: bytes, pin: str) -> keys.PrivateKey:
    """The key of the member whose device this is, by its PIN; raises WrongPin, Ended or TooMany."""
    device = Device.with_token(token)
    db.session.commit()  # nobody waits for the database while they wait for their turn
    if device is None:
        raise Ended
    try:
        with keys.turn(known=token):
            return _tried(token, pin)
    except Crowded as crowded:
        refused_tries.count(Try.CROWDED)
        raise TooMany(timedelta(seconds=crowded.wait_s)) from None


def _tried(token: bytes, pin: str) -> keys.PrivateKey:
    device = Device.with_token(token)
    locked = device.pin_lock(token) if device else None
    if device is None or locked is None:
        raise Ended
    may_try = device.count_try()
    db.session.commit()
    if may_try:
        try:
            return keys.unlock(locked, pin)
        except keys.DoesNotOpen:
            refused_tries.count(Try.WRONG_PIN)
    device = Device.with_token(token)
    if device is not None and device.wrong_pins < PIN_TRIES:
        left = PIN_TRIES - device.wrong_pins
        db.session.commit()
        raise WrongPin(left)
    if device is not None:
        device.end()
    identity.commit_and_forget()
    raise Ended
