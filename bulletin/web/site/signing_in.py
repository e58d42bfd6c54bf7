"""Signing in with a handle and words, and signing out."""

from __future__ import annotations

import math
from datetime import timedelta

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from werkzeug.wrappers import Response as AnyResponse
from wtforms import HiddenField, PasswordField, StringField, ValidationError
from wtforms.fields import Field

from bulletin.db import db
from bulletin.domain.site.devices import LABEL_MAX, Device
from bulletin.domain.site.members import Member
from bulletin.domain.site.sites import Network
from bulletin.domain.site.throttle import Throttle
from bulletin.vault import keys, words
from bulletin.vault.queue import Crowded
from bulletin.web.guard import identity
from bulletin.web.shared.forms import PlainForm, at_most, needed, one_line
from bulletin.web.shared.sentences import say

from .newcomers import place_field

pages = Blueprint("signing_in", __name__)

HANDLE_TYPED_MAX = 200


class SignInForm(PlainForm):
    """A handle, the words, and whose phone it is."""

    page_order = ("handle", "words", "place", "label")
    handle = StringField(
        _l("Handle"), filters=[one_line], validators=[needed(_l("Enter your handle.")), at_most(HANDLE_TYPED_MAX)]
    )
    words = PasswordField(_l("Your words or digits"))
    place = place_field()
    label = StringField(_l("A name for this phone (optional)"), filters=[one_line], validators=[at_most(LABEL_MAX)])
    next = HiddenField()

    def validate_words(self, field: Field) -> None:
        check_words(field)


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


def check_words(field: Field) -> None:
    """Say, of what was typed alone, that it cannot be right."""
    try:
        words.looks_like(field.data or "")
    except words.Mistyped as mistake:
        raise ValidationError(say(mistake)) from None


def unlocked(handle: str, typed: str, browser: bytes) -> keys.PrivateKey:
    """The key of the member with this handle; raises WrongWords or TooSoon. Ends the transaction, before and after."""
    throttle = Throttle.at(handle, browser)
    known, wait = throttle.signed_in, throttle.wait
    db.session.commit()  # Nobody waits for the database while keys are stretched.
    if wait:
        raise TooSoon(wait)
    try:
        with keys.turn(known_device=known):
            return _tried(handle, typed, browser)
    except Crowded as crowded:
        raise TooMany(timedelta(seconds=crowded.wait_s)) from None


def _tried(handle: str, typed: str, browser: bytes) -> keys.PrivateKey:
    """One try, when it is its turn: of those sent together the next is not looked at before this one is counted."""
    throttle = Throttle.at(handle, browser)
    wait, member = throttle.wait, Member.named(handle)
    locked = member.locked_key if member else None
    if not wait:
        throttle.failed()  # until it succeeds
    db.session.commit()
    if wait:
        raise TooSoon(wait)
    try:
        if locked is None:
            keys.pretend(typed)
        private = keys.unlock(locked, typed)
    except keys.DoesNotOpen:
        raise WrongWords from None
    Throttle.at(handle, browser).succeeded()
    db.session.commit()
    return private


@pages.get("/sign-in")
def new() -> Response:
    """The page to sign in on."""
    form = SignInForm(data={"next": identity.safe_path(request.args.get("next"), "")})
    return _page(form)


@pages.post("/sign-in")
def create() -> AnyResponse:
    """A device of the member's."""
    form = SignInForm(request.form)
    browser = identity.browser()
    sound = form.validate()
    if browser is None:
        form.complain(form.words, _("The page had to be opened first, with cookies allowed. Now send this again."))
    if not sound or browser is None:
        return _page(form, 422)
    try:
        private = unlocked(form.handle.data, form.words.data, browser)
    except WrongWords:
        form.complain(form.words, _("This handle and these words do not fit together. Look at your paper."))
        return _page(form, 422)
    except TooSoon as soon:
        form.complain(form.words, str(soon))
        response = _page(form, soon.status)
        response.headers["Retry-After"] = str(soon.wait_s)
        return response
    member = Member.named(form.handle.data)
    if member is None or member.public_key != private.public:  # gone while keys were stretched
        form.complain(form.words, _("This handle and these words do not fit together. Look at your paper."))
        return _page(form, 422)
    if (before := identity.device()) is not None:
        before.end()
    shared = form.place.data == "shared"
    _device, token = Device.begin(member, private, shared=shared, label=form.label.data)
    db.session.commit()
    response = redirect(identity.safe_path(form.next.data), 303)
    identity.remember(response, token, shared=shared)
    return response


@pages.post("/sign-outs")
def end() -> AnyResponse:
    """This device is nobody's again."""
    if (device := identity.device()) is not None:
        device.end()
        identity.commit_and_forget()
    response = redirect(url_for(".new"), 303)
    identity.forget(response)
    return response


@pages.get("/left")
def left() -> str:
    """What somebody reads who has left a site, also without an account."""
    return render_template("site/signing_in/left.html")


def _page(form: SignInForm, status: int = 200) -> Response:
    html = render_template("site/signing_in/new.html", form=form, founded=Network.here() is not None)
    return identity.meet_browser(make_response(html, status))
