"""Everything a site has, to take along; and bringing it in elsewhere.

The words that seal the file are made here, shown once, and typed back; they and the file are never on the disk.
"""

from __future__ import annotations

import uuid
from contextlib import AbstractContextManager
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse
from wtforms import FileField, HiddenField, PasswordField
from wtforms.fields import Field

from bulletin.db import db
from bulletin.domain.portability import export as carrying, import_file
from bulletin.domain.portability.refusals import Why
from bulletin.domain.site import departures
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.governance import consequences, register
from bulletin.domain.site.governance.roll import Matter
from bulletin.domain.site.refusals import NotAllowed, Why as SiteWhy
from bulletin.domain.site.sent_forms import SentForm
from bulletin.domain.site.sites import Site
from bulletin.vault import keys, words
from bulletin.web.guard import identity
from bulletin.web.guard.one_at_a_time import gate
from bulletin.web.shared.downloads import download
from bulletin.web.shared.forms import PlainForm
from bulletin.web.shared.grave import grave
from bulletin.web.shared.refused import answered, refusals
from bulletin.web.shared.rendering import render
from bulletin.web.shared.sent_forms import form_id, made
from bulletin.web.shared.sentences import say, say_code
from bulletin.web.shared.typed_back import TypedBackForm
from bulletin.web.site import questions

pages = Blueprint("exports", __name__, url_prefix="/sites/<uuid:site_id>/exports")

NAME = "site.sealed"  # a phone shows the names of its downloads to whoever looks


class TypedForm(TypedBackForm):
    """The words of a file, typed from paper."""

    locked = HiddenField()
    typed = PasswordField(_l("The six words"))

    def are_right(self) -> bool:
        """Are these the words that were shown? Takes its time: let go of the database first."""
        if not self.typed.data:
            self.complain(self.typed, _("Type the six words from your paper."))
            return False
        self.known = identity.signed_in().id
        return self.opened() is not None


def typed_back(site_id: uuid.UUID) -> bool:
    """Is it the step after which the file comes?"""
    return request.form.get("step") == "typed"


class ArrivalForm(PlainForm):
    """A file from elsewhere."""

    page_order = ("typed", "file")  # the file last: what is typed arrives before it
    typed = PasswordField(_l("The six words"))
    file = FileField(_l("The file"))


@pages.get("")
def index(site_id: uuid.UUID) -> Response:
    """What it is, what follows for people, and how far it has come."""
    return _page(identity.open_site(site_id))


@pages.post("")
@grave(lambda site_id: _page(identity.open_site(site_id)))
def create(site_id: uuid.UUID) -> AnyResponse:
    """Ask everybody."""
    me = identity.open_site(site_id)
    return questions.done(me, lambda: consequences.ask(me, Matter.EXPORT), lambda why: _page(me, why, 409))


@pages.post("/taking")
@grave(
    lambda site_id: typing(identity.open_site(site_id).site, TypedForm(request.form), "exports", NAME), when=typed_back
)
def take(site_id: uuid.UUID) -> AnyResponse:
    """The words, then the page that asks for them, then the file."""
    me = identity.open_site(site_id)
    with _refusals(site_id):
        _check(me)
    form = TypedForm(request.form)
    if (page := still_typing(me.site, form, "exports", NAME)) is not None:
        return page
    with gate.turn(known=True), _refusals(site_id):
        me = identity.open_site(site_id)
        _check(me)
        Event.note(me.site, Deed.EXPORTED, by=me.member.handle)
        db.session.commit()  # told before it is so: whoever took it cannot say that it failed
        db.session().read_only()
        packed = carrying.pack(me.site, form.typed.data or "", say_code)
        db.session.rollback()
    return download(packed, "application/octet-stream", NAME)


def still_typing(site: Site, form: TypedForm, room: str, file: str) -> Response | None:
    """The page with new words, or the one that asks for them; None once they are typed. Lets go of the database."""
    step = request.form.get("step")
    db.session.commit()  # nobody waits for the database while keys are stretched
    about: dict[str, Any] = {"site": site, "form": form, "room": room, "file": file}
    if step not in ("seen", "typed") or not form.locked.data:
        phrase = form.begin("words")
        return render("portability/exports/words.html", **about, phrase=phrase.split())
    if step == "seen" or not form.are_right():
        return typing(**about)
    db.session.commit()
    return None


def typing(site: Site, form: TypedForm, room: str, file: str) -> Response:
    """The page that asks for the words of the file."""
    return render(
        "portability/exports/typing.html", 422 if form.errors else 200, site=site, form=form, room=room, file=file
    )


def _check(me: Membership) -> None:
    """Raise NotAllowed where everything may not be taken along now, or not by this member."""
    standing = register.standing_of(me.site)
    if not standing.decides(me.member_id.hex):
        raise NotAllowed(SiteWhy.DOES_NOT_DECIDE)
    if not standing.may_export():
        raise NotAllowed(Why.NOBODY_AGREED)


@pages.route("/arrival", methods=["GET", "POST"])
def bring(site_id: uuid.UUID) -> AnyResponse:
    """Bring in what another installation has packed, while there is nothing here yet."""
    me = identity.open_site(site_id)
    if request.method == "GET":
        return _arrival(me, ArrivalForm())
    try:
        form, sent = ArrivalForm(request.form), form_id()
    except RequestEntityTooLarge:
        form = ArrivalForm()
        form.complain(form.file, _too_big())
        return _arrival(me, form, 413)
    if SentForm.of(site_id, sent) is not None:  # sent twice
        return redirect(url_for("home.show", site_id=site_id), 303)
    file = request.files.get("file")
    if not form.typed.data:
        form.complain(form.typed, _("Type the six words that belong to the file."))
    if file is None or not file.filename:
        form.complain(form.file, _("Choose the file: it is called %(name)s, unless somebody renamed it.", name=NAME))
    if not (carrying.is_empty(me.site) and carrying.is_alone(me.site)):
        return _arrival(me, ArrivalForm(), 409)  # which says so
    db.session.commit()  # nobody waits for the database while it is opened
    if form.errors or file is None:
        return _arrival(identity.open_site(site_id), form, 422)

    def complain(field: Field, why: str) -> Response:
        return _arrival(identity.open_site(site_id), form.complain(field, why), 422)

    wrong_words = _("These words do not open this file: look at the paper it was sealed with.")
    with (
        answered(words.Mistyped, lambda mistake: complain(form.typed, say(mistake))),
        answered(keys.WrongWords, lambda _wrong: complain(form.typed, wrong_words)),
        refusals(lambda why: complain(form.file, why)),
        gate.turn(known=True),
    ):
        opened = import_file.unpack(file.stream, form.typed.data or "")
        file.close()
        me = identity.open_site(site_id)
        carrying.bring_in(me.site, opened, departures.forgotten(site_id))
        Event.note(me.site, Deed.BROUGHT_IN, by=me.member.handle)
        made(site_id)
        db.session.commit()
    return redirect(url_for("home.show", site_id=site_id), 303)


def _refusals(site_id: uuid.UUID) -> AbstractContextManager[None]:
    return refusals(lambda why: _page(identity.open_site(site_id), why, 409))


def _page(me: Membership, problem: str = "", status: int = 200) -> Response:
    standing = register.sound_standing_of(me.site)
    return render(
        "portability/exports/index.html",
        status,
        site=me.site,
        me=me,
        question=standing.open_on(Matter.EXPORT) if standing else None,
        passed=standing is not None and standing.may_export(),
        decides=standing is not None and standing.decides(me.member_id.hex),
        alone=carrying.is_alone(me.site),
        empty=carrying.is_empty(me.site),
        problem=problem,
    )


def _arrival(me: Membership, form: ArrivalForm, status: int = 200) -> Response:
    return render(
        "portability/exports/arrival.html",
        status,
        site=me.site,
        form=form,
        empty=carrying.is_empty(me.site),
        alone=carrying.is_alone(me.site),
        mb=import_file.SEALED_MAX >> 20,
    )


def _too_big() -> str:
    most = import_file.SEALED_MAX >> 20
    return str(_("This file is too big: none of ours has more than %(most)d MB.", most=most))
