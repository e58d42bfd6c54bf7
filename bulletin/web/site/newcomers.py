"""Becoming a member: a handle, words shown once, and typed back. Until the end nothing of it is on the server."""

from __future__ import annotations

import dataclasses
import unicodedata

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import HiddenField, PasswordField, RadioField, ValidationError
from wtforms.fields import Field

from bulletin.db import db
from bulletin.domain.site.accounts import handles
from bulletin.domain.site.accounts.devices import Device
from bulletin.domain.site.accounts.handles import NAME_MAX
from bulletin.domain.site.accounts.members import HANDLE_MAX, Member, handle_key, mixes_scripts
from bulletin.vault import keys, words
from bulletin.web.guard import identity
from bulletin.web.shared.forms import choice_field, line_field, one_line
from bulletin.web.shared.typed_back import TypedBackForm

from .labels import PLACES, SECRETS
from .pins import first


def place_field() -> RadioField:
    """Whose device it is: nothing is chosen for anybody."""
    return choice_field(
        _l("Is this your own phone, or a shared one?"),
        PLACES,
        _l("Say whether this is your own phone or a shared one."),
    )


class NewcomerForm(TypedBackForm):
    """What an account is made from. `locked` is the new key, which only the words unlock; `whole` the handle with its
    figures, as it was shown.
    """

    handle = line_field(_l("Sign-in name"), NAME_MAX, _l("Enter the name you want to be called by here."))
    whole = HiddenField()
    secret = choice_field(_l("What do you want to sign in with?"), SECRETS, _l("Choose words or digits."))
    place = place_field()
    locked = HiddenField()
    typed = PasswordField(_l("Your words or digits"))

    fresh = ""  # the passphrase, on the one page that shows it

    def validate_handle(self, field: Field) -> None:
        key = handle_key(field.data)
        if len(key) > 3 * NAME_MAX or not any(map(str.isalnum, key)):
            raise ValidationError(_("Use letters or digits, and not too many."))
        if any("COMMA" in unicodedata.name(sign, "") for sign in field.data):
            raise ValidationError(_("Leave out the comma: several names are told apart by it."))
        if mixes_scripts(field.data):
            raise ValidationError(_("Letters of two alphabets are in this, and some look alike: use those of one."))

    @property
    def carried(self) -> list[tuple[str, str]]:
        """All that goes from page to page; the words never do."""
        return [(name, field.data or "") for name, field in self._fields.items() if name != "typed"]


@dataclasses.dataclass(frozen=True)
class Newcomer:
    """Somebody who has their words on paper."""

    handle: str
    private: keys.PrivateKey
    locked: bytes
    shared: bool

    def join(self) -> Member:
        """Their account."""
        return Member.join(self.handle, self.private.public, self.locked)

    def begin_device(self, member: Member) -> tuple[Device, bytes]:
        """They are signed in at once, where they are."""
        return Device.begin(member, self.private, shared=self.shared)


def offer(form: NewcomerForm) -> bool:
    """Give the form the handle that somebody of its name has who comes. False where another one was
    shown, which somebody has taken since: that is said beside the words.
    """
    shown = form.whole.data
    form.whole.data = handles.offered(form.handle.data, words.from_link_text(form.code.data), own=form.locked_key)
    if request.form.get("step") != "typed" or shown == form.whole.data:
        return True
    sentence = _("Your sign-in name is %(handle)s now: change it on your paper, then type your words once more.")
    form.complain(form.typed, sentence % {"handle": form.whole.data})
    return False


def meet(form: NewcomerForm) -> Newcomer | None:
    """The newcomer, at the last step; None before it: then show `page()`. Ends the transaction.

    Validate the form first, and whatever lets somebody in; and both again after, and `offer()`, because this takes its
    time.
    """
    fits = offer(form)
    step, locked, form.known = request.form.get("step"), form.locked_key, ("code", request.form.get("code"))
    db.session.rollback()  # Nobody waits for the database while keys are stretched.
    if step == "again" or not locked:
        form.fresh = form.begin(form.secret.data)
    elif step == "typed" and fits:
        return _typed_back(form)
    return None


def sent_twice(form: NewcomerForm) -> AnyResponse | None:
    """Where somebody goes whose form has made them a member already, and is signed in by it again; else None.

    Ask before anything else is made of the form, and again after `meet`: a second tap is served meanwhile.
    """
    locked = form.locked_key
    if not locked or request.form.get("step") != "typed" or len(form.whole.data or "") > HANDLE_MAX:
        return None
    known = Member.named(one_line(form.whole.data))
    if known is None or known.locked_key != locked:
        return None
    member_id, form.known = known.id, known.id
    db.session.rollback()
    newcomer = _typed_back(form)
    member = db.session.get(Member, member_id)
    if newcomer is None or member is None:
        return None
    device, token = newcomer.begin_device(member)
    back = first(url_for("home.mine"), device, newcomer.private)
    db.session.commit()
    response = redirect(back, 303)
    identity.remember(response, token, shared=newcomer.shared)
    return response


def page(form: NewcomerForm, action: str) -> str:
    """The page that shows the words, or the one that asks for them."""
    name = "words" if form.fresh else "typing"
    return render_template(f"site/newcomers/{name}.html", form=form, action=action, phrase=form.fresh.split())


def _typed_back(form: NewcomerForm) -> Newcomer | None:
    private = form.opened()
    if private is None:
        return None
    return Newcomer(form.whole.data, private, form.locked_key, shared=form.place.data == "shared")
