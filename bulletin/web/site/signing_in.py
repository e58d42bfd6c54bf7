"""Signing in with a handle and words, and signing out."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import HiddenField, PasswordField
from wtforms.fields import Field

from bulletin.db import db
from bulletin.domain.site.accounts.devices import LABEL_MAX, Device
from bulletin.domain.site.accounts.members import Member
from bulletin.domain.site.sites import Network
from bulletin.web.guard import identity, passphrases
from bulletin.web.guard.paths import safe_path
from bulletin.web.shared.forms import PlainForm, line_field

from .newcomers import place_field
from .pins import first

pages = Blueprint("signing_in", __name__)

HANDLE_TYPED_MAX = 200


class SignInForm(PlainForm):
    """A handle, the words, and whose phone it is."""

    page_order = ("handle", "words", "place", "label")
    handle = line_field(_l("Sign-in name"), HANDLE_TYPED_MAX, _l("Enter your sign-in name."))
    words = PasswordField(_l("Your words or digits"))
    place = place_field()
    label = line_field(_l("A name for this phone (optional)"), LABEL_MAX)
    next = HiddenField()

    def validate_words(self, field: Field) -> None:
        passphrases.check(field)


@pages.get("/sign-in")
def new() -> Response:
    """The page to sign in on."""
    form = SignInForm(data={"next": safe_path(request.args.get("next"), "")})
    return _page(form)


@pages.post("/sign-in")
def create() -> AnyResponse:
    """A device of the member's."""
    form = SignInForm(request.form)
    wrong = _("This sign-in name and these words do not fit together. Look at your paper.")
    private = passphrases.opened(form, form.handle.data or "", wrong, _page)
    member = Member.named(form.handle.data)
    if member is None or member.public_key != private.public:  # gone while keys were stretched
        return _page(form.complain(form.words, wrong), 422)
    shared = form.place.data == "shared"
    before = None if identity.device() is None else Device.with_token(identity.token())
    if before is not None and before.member_id == member.id and not (before.shared or shared):
        device, token = before, before.begin_anew(private, label=form.label.data)
    else:
        if before is not None:
            before.end()
        device, token = Device.begin(member, private, shared=shared, label=form.label.data)
    back = first(safe_path(form.next.data), device, private)
    db.session.commit()
    response = redirect(back, 303)
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
    ended = request.args.get("ended") == "pin" and not form.errors
    html = render_template("site/signing_in/new.html", form=form, founded=Network.here() is not None, ended=ended)
    return identity.meet_browser(make_response(html, status))
