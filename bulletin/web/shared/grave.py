"""What is grave: a phone that lies open is not enough for it, nor is a copy of its cookie.

The six digits, or the words, are asked for in the form that sends it; they are tried and counted as those that open
the phone, and open nothing.

    @pages.post("")
    @grave(lambda site_id: _page(identity.open_site(site_id)))
    def create(site_id: uuid.UUID) -> AnyResponse:

Its form has `secret_field()` in it. `tests/web/test_grave.py` has all of them in a table.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, abort, g, request
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import PasswordField
from wtforms.fields import Field

from bulletin.web.guard import identity, passphrases, pins

from .forms import PlainForm

View = Callable[..., AnyResponse]


class SecretAgain(PlainForm):
    """The digits of a phone that has them, else the words."""

    pin = PasswordField(_l("Your six digits"))
    words = PasswordField(_l("Your words or digits"))

    @property
    def by_pin(self) -> bool:
        """Is it the digits that are asked for?"""
        return pins.has_pin()

    def validate_pin(self, field: Field) -> None:
        if self.by_pin:
            pins.check(field)

    def validate_words(self, field: Field) -> None:
        if not self.by_pin:
            passphrases.check(field)


def grave(page: Callable[..., Response], when: Callable[..., bool] = lambda **_at: True) -> Callable[[View], View]:
    """A view that is called once the digits or the words were right; until then the page that has its form.

    Both are called with what the view is called with. `when`: is what was sent grave? The try comes before anything is
    looked at for the deed, since it ends the transaction.
    """

    def guarded(view: View) -> View:
        @functools.wraps(view)
        def asking(**at: Any) -> AnyResponse:
            if when(**at):
                _try(lambda: page(**at))
            return view(**at)

        asking.is_grave = True  # type: ignore[attr-defined]
        return asking

    return guarded


def install(app: Flask) -> None:
    """Let templates ask for it."""
    app.jinja_env.globals["secret_again"] = _form


def _form() -> SecretAgain:
    if "secret_again" not in g:
        g.secret_again = SecretAgain()
    form: SecretAgain = g.secret_again
    return form


def _try(page: Callable[[], Response]) -> None:
    member = identity.signed_in()
    form = g.secret_again = SecretAgain(request.form)

    def again(_form: SecretAgain, status: int) -> Response:
        response = page()
        response.status_code = status
        return response

    if not form.by_pin:
        passphrases.opened(form, member.handle, _("These are not the words. Look at your paper."), again)
    elif not form.validate():
        abort(again(form, 422))
    else:
        try:
            pins.opened(form, form.pin, again)
        except pins.Ended:
            abort(pins.signed_out())
        pins.count_right()
