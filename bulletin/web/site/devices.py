"""Where a member is signed in: names, the last day, ending one or all, and hiding the one at hand."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, abort, jsonify, redirect, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import HiddenField, PasswordField, SelectField
from wtforms.fields import Field

from bulletin.db import db
from bulletin.domain.site.accounts.devices import LABEL_MAX, LASTS, Device
from bulletin.vault import keys
from bulletin.web.guard import errors, identity, language, passphrases, pins
from bulletin.web.guard.paths import safe_path, uncovered
from bulletin.web.shared.forms import PlainForm, line_field, one_of, options
from bulletin.web.shared.rendering import render

from .pins import first

pages = Blueprint("devices", __name__, url_prefix="/devices")

ERASED = '"cookies", "storage", "cache"'


class LabelForm(PlainForm):
    """What a member calls a device."""

    label = line_field(_l("A name for this one"), LABEL_MAX)


class LanguageForm(PlainForm):
    """In which language this browser shows its pages."""

    language = SelectField(_l("Language of these pages"), validate_choice=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        # Each in its own words: whoever needs another one may not read this page.
        names = {tag: locale.display_name for tag, locale in language.offered().items()}
        self.language.choices = options({"": _("As this browser asks"), **names})
        self.language.validators = [one_of(("", *names), _("Choose one of these languages."))]


class KeyForm(PlainForm):
    """The six digits, or the words, to go on."""

    page_order = ("pin", "words")
    pin = PasswordField(_l("Six digits"))
    words = PasswordField(_l("Your words or digits"))
    next = HiddenField()
    whose = HiddenField()  # the member whose page was hidden with what they typed in it

    @property
    def by_pin(self) -> bool:
        """Is it the digits that are to open it?"""
        return pins.has_pin() and not self.words.data

    def validate_pin(self, field: Field) -> None:
        if self.by_pin:
            pins.check(field)

    def validate_words(self, field: Field) -> None:
        if not self.by_pin:
            passphrases.check(field)


@pages.get("")
def index() -> Response:
    """All of mine."""
    identity.signed_in()
    return _page(_label_form())


@pages.get("/sheet")
def sheet() -> Response:
    """Empty lines for the words, to print or to copy by hand."""
    identity.signed_in()
    return render("site/devices/sheet.html")


@pages.post("/current/label")
def rename() -> AnyResponse:
    """Another name for this one."""
    identity.signed_in()
    form = LabelForm(request.form)
    if not form.validate():
        return _page(form, 422)
    identity.here().call(form.label.data, identity.private_key())
    db.session.commit()
    return redirect(url_for(".index"), 303)


@pages.post("/current/language")
def choose_language() -> AnyResponse:
    """Show the pages in another language from here on, in this browser."""
    identity.signed_in()
    form = LanguageForm(request.form)
    if not form.validate():
        return _page(_label_form(), 422, speaks=form)
    response = redirect(url_for(".index"), 303)
    if form.language.data:
        language.keep(response, form.language.data, None if identity.here().shared else LASTS)
    else:
        language.forget(response)
    return response


@pages.post("/<uuid:device_id>/revocation")
def revoke(device_id: uuid.UUID) -> AnyResponse:
    """Sign out another one of mine, from here."""
    member = identity.signed_in()
    device = next((device for device in Device.of(member) if device.id == device_id), None) or abort(404)
    here = device is identity.here()
    device.end()
    identity.commit_and_forget()
    return _gone() if here else redirect(url_for(".index"), 303)


@pages.post("/endings")
def end_all() -> AnyResponse:
    """Sign out everywhere, and let this browser forget what it has from here."""
    if identity.device() is not None:  # whoever taps twice is out already
        for device in Device.of(identity.signed_in()):
            device.end()
        identity.commit_and_forget()
    response = _gone()
    response.headers["Clear-Site-Data"] = ERASED
    return response


@pages.post("/current/hiding")
def hide() -> AnyResponse:
    """Until the words are typed nothing of this member can be opened here."""
    if (device := identity.device()) is not None:
        device.hide()
        identity.commit_and_forget()
    if errors.wants_json():
        return identity.meet_browser(Response(status=204))  # the words may come from the same page
    return redirect(url_for("signing_in.new" if device is None else ".hidden"), 303)


@pages.get("/current/key")
def hidden() -> AnyResponse:
    """The dull page of a device that is hidden."""
    if identity.device() is None:
        return redirect("/", 303)
    back = uncovered(request.args.get("next"), identity.token())
    if identity.is_open():
        return redirect(back or "/", 303)
    return _dull_page(KeyForm(data={"next": back}))


@pages.post("/current/key")
def reveal() -> AnyResponse:
    """The digits open it again, or the words; after those it has no digits."""
    form = KeyForm(request.form)
    device = identity.device()
    if device is None:
        return _signed_out()
    if form.whose.data and form.whose.data != identity.whose():
        abort(403, _("Somebody else has signed in here since: this page opens with their words no more."))
    try:
        private = _opened(form, device)
    except pins.Ended:
        return _signed_out() if errors.wants_json() else pins.signed_out(form.next.data)
    still_there = Device.with_token(identity.token())
    if still_there is None or still_there.member.public_key != private.public:
        return _signed_out()
    by_script, back = errors.wants_json(), safe_path(form.next.data)
    if lost := still_there.has_pin and not form.by_pin:
        still_there.forget_pin()
        still_there.pin_offered = not by_script
    token, shared = still_there.reveal(identity.token(), private), still_there.shared
    back = first(back, still_there, private) if lost else back
    identity.commit_and_forget()
    response = Response(status=204) if by_script else redirect(back, 303)
    identity.remember(response, token, shared=shared)
    return response


def _opened(form: KeyForm, device: Device) -> keys.PrivateKey:
    """Their key, by what they typed; or the page again. Raises Ended."""
    if not form.by_pin:
        wrong = _("These are not the words. Look at your paper.")
        return passphrases.opened(form, device.member.handle, wrong, _dull_page)
    if not form.validate():
        abort(_dull_page(form, 422))
    return pins.opened(form, form.pin, _dull_page)


def _label_form() -> LabelForm:
    return LabelForm(data={"label": identity.here().label(identity.private_key())})


def _signed_out() -> AnyResponse:
    if errors.wants_json():
        abort(403, _("You are signed out. Sign in on another page, come back to this one, and type it once more."))
    return redirect(url_for("signing_in.new"), 303)


def _gone() -> AnyResponse:
    response = redirect(url_for("signing_in.new"), 303)
    identity.forget(response)
    return response


def _page(form: LabelForm, status: int = 200, *, speaks: LanguageForm | None = None) -> Response:
    member = identity.signed_in()
    return render(
        "site/devices/index.html",
        status,
        form=form,
        speaks=speaks or LanguageForm(data={"language": language.wished()}),
        devices=[(device, device.label(identity.private_key())) for device in Device.of(member)],
        here=identity.here(),
    )


def _dull_page(form: KeyForm, status: int = 200) -> Response:
    if status != 200 and errors.wants_json():
        response = jsonify(errors=form.complaints)
        response.status_code = status
        return identity.meet_browser(response)
    return identity.meet_browser(render("site/devices/hidden.html", status, form=form))
