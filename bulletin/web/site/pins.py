"""The six digits of a phone of one's own: chosen by who has typed their words on it, and changed with the old ones.

An open phone alone chooses none: who has a copy of it could open it by them when its owner has tapped Hide.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, redirect, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import HiddenField, PasswordField
from wtforms.fields import Field

from bulletin.db import db
from bulletin.domain.site.accounts.devices import Device
from bulletin.vault import keys
from bulletin.web.guard import identity, passphrases, pins as guard, proofs
from bulletin.web.guard.paths import safe_path
from bulletin.web.shared.forms import PlainForm
from bulletin.web.shared.rendering import render

pages = Blueprint("pins", __name__, url_prefix="/devices/pin")

PROOF = "digits"
PROOF_LASTS = timedelta(minutes=15)  # then the words are asked for once more


class PinForm(PlainForm):
    """New digits, twice. `proof`: that the words were typed here just now."""

    page_order: tuple[str, ...] = ("pin", "pin_again")
    pin = PasswordField(_l("Six digits"))
    pin_again = PasswordField(_l("The same once more"))
    next = HiddenField()
    proof = HiddenField()

    def is_proven(self) -> bool:
        return proofs.is_proven(self.proof.data, PROOF, identity.here(), identity.private_key(), PROOF_LASTS)

    def validate_pin(self, field: Field) -> None:
        guard.check(field, new=True)

    def validate_pin_again(self, field: Field) -> None:
        guard.check(field)
        if not self.pin.errors and field.data != self.pin.data:
            self.complain(self.pin_again, _("These are not the same digits: type both anew."))


class WordsPinForm(PinForm):
    """The same, with the words."""

    page_order = ("words", "pin", "pin_again")
    words = PasswordField(_l("Your words or digits"))

    def validate_words(self, field: Field) -> None:
        passphrases.check(field)


class ChangePinForm(WordsPinForm):
    """The same, with the digits one has, or the words."""

    page_order = ("pin_now", "words", "pin", "pin_again")
    pin = PasswordField(_l("Six new digits"))
    pin_now = PasswordField(_l("The six digits you have now"))

    @property
    def by_pin(self) -> bool:
        return not self.words.data

    def validate_pin_now(self, field: Field) -> None:
        if self.by_pin:
            guard.check(field)

    def validate_words(self, field: Field) -> None:
        if not self.by_pin:
            super().validate_words(field)


def first(path: str, device: Device, private: keys.PrivateKey) -> str:
    """Where somebody goes who has just typed their words on this device, on the way to this path."""
    return path if device.shared else url_for("pins.show", next=path, proof=proofs.prove(PROOF, device, private))


@pages.get("")
def show() -> AnyResponse:
    """The question."""
    identity.signed_in()
    back = safe_path(request.args.get("next"), "")
    if identity.here().shared:
        return redirect(back or url_for("devices.index"))
    return _page(_form(data={"next": back, "proof": request.args.get("proof")}))


@pages.post("")
def create() -> AnyResponse:
    """From here on they open this phone."""
    identity.signed_in()
    form, private, token = _form(request.form), identity.private_key(), identity.token()
    if identity.here().shared:
        return redirect(url_for("devices.index"), 303)
    if not form.validate():
        return _page(form, 422)
    if isinstance(form, WordsPinForm):
        try:
            _prove(form)
        except guard.Ended:
            return guard.signed_out(form.next.data)
    db.session.commit()  # nobody waits for the database while a key is stretched
    locked = keys.lock(private, form.pin.data, known=token)
    device = Device.with_token(token)
    if device is None or not device.has(token) or device.member.public_key != private.public:
        return redirect(url_for("signing_in.new"), 303)
    device.set_pin(token, locked)
    identity.commit_and_forget()
    return redirect(safe_path(form.next.data, url_for("devices.index")), 303)


@pages.post("/later")
def decline() -> AnyResponse:
    """Ask no more: on this phone the words are asked for."""
    identity.signed_in()
    identity.here().pin_offered = True
    db.session.commit()
    return redirect(url_for("home.mine"), 303)


def _prove(form: WordsPinForm) -> None:
    """End the request where the old digits, or the words, are not the ones; raises Ended."""
    if isinstance(form, ChangePinForm) and form.by_pin:
        guard.opened(form, form.pin_now, _page)
        return
    wrong = _("These are not the words. Look at your paper.")
    passphrases.opened(form, identity.here().member.handle, wrong, _page)


def _form(*args: object, **kwargs: object) -> PinForm:
    if identity.here().has_pin:
        return ChangePinForm(*args, **kwargs)
    form = PinForm(*args, **kwargs)
    return form if form.is_proven() else WordsPinForm(*args, **kwargs)


def _page(form: PinForm, status: int = 200) -> Response:
    changes = isinstance(form, ChangePinForm)
    return identity.meet_browser(render("site/pins/show.html", status, form=form, changes=changes))
