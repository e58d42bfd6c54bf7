"""Other words for the member who is signed in: the old ones, new ones shown once, and those typed back.

What goes from page to page says that the old words were typed, and holds the new key, which only the new words unlock.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, redirect, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import HiddenField, PasswordField
from wtforms.fields import Field

from bulletin.db import db
from bulletin.domain.portability import site_upkeep
from bulletin.domain.site import site_keys
from bulletin.domain.site.accounts import new_words
from bulletin.domain.site.accounts.devices import Device
from bulletin.domain.site.accounts.members import Member
from bulletin.vault import keys, tenancy
from bulletin.web.guard import after_response, identity, passphrases, proofs
from bulletin.web.shared.forms import PlainForm, choice_field
from bulletin.web.shared.refused import refusals
from bulletin.web.shared.rendering import render
from bulletin.web.shared.typed_back import TypedBackForm

from .labels import SECRETS
from .pins import first

pages = Blueprint("new_words", __name__, url_prefix="/devices/words")

PROOF = "old words typed"
PROOF_LASTS = timedelta(hours=1)  # long enough to find a pen


class OldWordsForm(PlainForm):
    """The words one has, and what the new ones are to be. `locked`: the new key, where there is one already."""

    page_order = ("words", "secret")
    words = PasswordField(_l("The words or digits you have now"))
    secret = choice_field(_l("What do you want to sign in with?"), SECRETS, _l("Choose words or digits."))
    locked = HiddenField()

    def validate_words(self, field: Field) -> None:
        passphrases.check(field)


class NewWordsForm(TypedBackForm):
    """The new words, typed from paper. `proof`: when the old ones were typed, for nobody but this device to say."""

    secret = HiddenField()
    locked = HiddenField()
    proof = HiddenField()
    typed = PasswordField(_l("Your new words or digits"))

    @property
    def carried(self) -> list[tuple[str, str]]:
        """All that goes from page to page; the words never do."""
        return [(name, field.data or "") for name, field in self._fields.items() if name != "typed"]

    def prove(self) -> None:
        """Say that the old words were typed just now."""
        self.proof.data = proofs.prove(PROOF, identity.here(), identity.private_key())

    def is_proven(self) -> bool:
        """Were they typed here, and not long ago?"""
        return proofs.is_proven(self.proof.data, PROOF, identity.here(), identity.private_key(), PROOF_LASTS)


@pages.get("")
def show() -> Response:
    """What it does, and the question for the words one has."""
    member, form = identity.signed_in(), OldWordsForm()
    with refusals(lambda why: _page(form, why=why)):
        new_words.check(member, identity.private_key())
    return _page(form)


@pages.post("")
def create() -> AnyResponse:
    """The old words; the page with new ones; the page that asks for them; and they are changed."""
    member, step, form = identity.signed_in(), request.form.get("step"), NewWordsForm(request.form)
    if form.locked_key and member.locked_key == form.locked_key:  # sent twice
        return redirect(url_for("devices.index"), 303)
    with refusals(lambda why: _page(OldWordsForm(request.form), 409, why=why)):
        new_words.check(member, identity.private_key())
    if step not in ("again", "seen", "typed"):
        return _asked(member)
    if not form.is_proven() or form.secret.data not in SECRETS:
        old = OldWordsForm(data={"secret": form.secret.data, "locked": form.locked.data})
        return _page(old.complain(old.words, _("Type the words you have now once more: it was a while ago.")), 422)
    db.session.commit()  # nobody waits for the database while keys are stretched
    if step == "again" or not form.locked_key:
        return _shown(form)
    private = form.opened() if step == "typed" else None
    if private is None:
        return _typing(form, 422 if form.errors else 200)
    return _changed(form, private)


def _asked(member: Member) -> Response:
    form = OldWordsForm(request.form)
    wrong = _("These are not the words you have now. Look at your paper.")
    private = passphrases.opened(form, member.handle, wrong, _page)
    if private.public != identity.private_key().public:  # they were changed meanwhile, on another device
        return _page(form.complain(form.words, wrong), 422)
    fresh = NewWordsForm(data={"secret": form.secret.data, "locked": form.locked.data})
    fresh.prove()
    return _typing(fresh) if fresh.locked_key else _shown(fresh)


def _changed(form: NewWordsForm, new: keys.PrivateKey) -> AnyResponse:
    old, token = identity.private_key(), identity.token()
    with refusals(lambda why: _page(OldWordsForm(), 409, why=why)):
        device = Device.with_token(token)
        if device is None:
            return redirect(url_for("signing_in.new"), 303)
        _catch_up(device.member, old)
        had_pin, back = device.has_pin, url_for("devices.index")
        told = new_words.change(device, token, old, new, form.locked_key)
        member_id, back = device.member_id, first(back, device, new) if had_pin else back
        identity.commit_and_forget()
    for site_id in told:  # so that the site's key changes at once
        after_response.later(after_response.catch_up_site, member_id, site_id, new)
    return redirect(back, 303)


def _catch_up(member: Member, private: keys.PrivateKey) -> None:
    """Do first what is due at each site, as whoever is about to write there does."""
    for place in member.memberships():
        tenancy.bind(db.session, place.site_id)
        site_keys.hold(place)
        db.session.refresh(place.member)
        if place.member.public_key != private.public:
            continue  # sent twice: the first was quicker
        _visit, deleted = site_upkeep.catch_up(place, identity.open_as(place, private))
        if deleted:
            identity.commit_and_forget()
        else:
            db.session.commit()


def _shown(form: NewWordsForm) -> Response:
    phrase = form.begin(form.secret.data or "words").split()
    return render("site/new_words/words.html", form=form, phrase=phrase, me=identity.signed_in())


def _typing(form: NewWordsForm, status: int = 200) -> Response:
    return render("site/new_words/typing.html", status, form=form)


def _page(form: OldWordsForm, status: int = 200, *, why: str = "") -> Response:
    return identity.meet_browser(render("site/new_words/show.html", status, form=form, why=why))
