"""Agreeing to a bulletin: proposed, read, agreed or objected to. It is no legal ballot, and its page says so."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import Blueprint, abort, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from bulletin.db import db
from bulletin.domain.papers import approval, corrections
from bulletin.domain.papers.approval import Correction
from bulletin.domain.papers.refusals import Why
from bulletin.domain.papers.written import Written
from bulletin.domain.site.governance import consequences, register
from bulletin.domain.site.governance.roll import Matter
from bulletin.domain.site.refusals import NotAllowed
from bulletin.press.jobs import Busy
from bulletin.web.guard import identity
from bulletin.web.guard.errors import no_press
from bulletin.web.shared.forms import unix_lines
from bulletin.web.shared.grave import grave
from bulletin.web.shared.refused import refusals
from bulletin.web.site import questions

from . import bulletins, editor

pages = Blueprint("approval", __name__, url_prefix="/sites/<uuid:site_id>")


@pages.post("/bulletins/<uuid:bulletin_id>/proposal")
def propose(site_id: uuid.UUID, bulletin_id: uuid.UUID) -> AnyResponse:
    """Ask the others, once it fits its sheet."""
    opened = editor.open_bulletin(site_id, bulletin_id)
    if problems := editor.Look.at(opened.me, Written(opened.bulletin)).problems:
        sentence = _("It cannot be printed yet. %(why)s", why=next(iter(problems.values())))
        return bulletins.page(opened, sentence, 422)
    try:
        proof = editor.measured(opened, opened.me.site.paper)
    except Busy as busy:
        return bulletins.page(editor.open_bulletin(site_id, bulletin_id), no_press(busy), 503)
    if proof.measure.problem:
        opened = editor.open_bulletin(site_id, bulletin_id)
        why = editor.plainly(Written(opened.bulletin), proof.measure)
        return bulletins.page(opened, _("It cannot be printed yet. %(why)s", why=why), 422)
    read = request.form.get("digest")

    def ask(opened: editor.OpenBulletin, digest: str) -> None:
        if read is not None and read != digest:
            raise NotAllowed(Why.CHANGED_BEFORE_PROPOSED)
        approval.propose(opened.bulletin, opened.me, digest)

    return _do(site_id, bulletin_id, ask)


@pages.post("/bulletins/<uuid:bulletin_id>/proposal/withdrawal")
def take_back(site_id: uuid.UUID, bulletin_id: uuid.UUID) -> AnyResponse:
    """It is being written again."""
    return _do(site_id, bulletin_id, lambda opened, _digest: approval.take_back(opened.bulletin))


@pages.post("/bulletins/<uuid:bulletin_id>/voices")
def speak(site_id: uuid.UUID, bulletin_id: uuid.UUID) -> AnyResponse:
    """Agree, or object and say why; to the words one has read and no others."""
    agrees, reason = request.form.get("agrees") == "yes", unix_lines(request.form.get("reason"))
    read = request.form.get("digest", "")

    def voice(opened: editor.OpenBulletin, digest: str) -> None:
        if read != digest:
            raise NotAllowed(Why.CHANGED_BEFORE_SPOKEN)
        approval.speak(opened.bulletin, opened.me, digest, agrees=agrees, reason=reason)

    return _do(site_id, bulletin_id, voice, said=reason)


@pages.post("/bulletins/<uuid:bulletin_id>/corrections/<uuid:correction_id>/agreement")
def agree_to_correction(site_id: uuid.UUID, bulletin_id: uuid.UUID, correction_id: uuid.UUID) -> AnyResponse:
    """Say yes to a correction that another made."""

    def agree(opened: editor.OpenBulletin, _digest: str) -> None:
        corrections.agree(opened.bulletin, _correction(opened, correction_id), opened.me)

    return _do(site_id, bulletin_id, agree)


@pages.post("/bulletins/<uuid:bulletin_id>/corrections/<uuid:correction_id>/withdrawal")
def withdraw_correction(site_id: uuid.UUID, bulletin_id: uuid.UUID, correction_id: uuid.UUID) -> AnyResponse:
    """Take one's own back while it waits."""

    def withdraw(opened: editor.OpenBulletin, _digest: str) -> None:
        corrections.take_back(_correction(opened, correction_id), opened.me)

    return _do(site_id, bulletin_id, withdraw)


def _correction(opened: editor.OpenBulletin, correction_id: uuid.UUID) -> Correction:
    found = Correction.rows_of(opened.bulletin).filter_by(id=correction_id)
    return db.session.scalars(found.with_for_update()).first() or abort(404)


@pages.post("/agreeing")
@grave(lambda site_id: bulletins.list_page(site_id, needed=request.form.get("needed", "")))
def change_rule(site_id: uuid.UUID) -> AnyResponse:
    """Ask everybody whether another number must agree."""
    me = identity.open_site(site_id)
    typed = request.form.get("needed", "").strip()
    about = str(int(typed)) if typed.isdecimal() and len(typed) < 4 else "0"
    if about == str(register.standing_of(me.site).number):
        return redirect(url_for("bulletins.index", site_id=site_id), 303)
    return questions.done(
        me, lambda: consequences.ask(me, Matter.NUMBER, about), lambda why: questions.refused(me, why)
    )


def _do(
    site_id: uuid.UUID, bulletin_id: uuid.UUID, deed: Callable[[editor.OpenBulletin, str], None], said: str = ""
) -> AnyResponse:
    opened = editor.open_bulletin(site_id, bulletin_id, to_change=True)
    with refusals(lambda why: bulletins.page(editor.open_bulletin(site_id, bulletin_id), why, 409, said=said)):
        deed(opened, Written(opened.bulletin).digest)
    db.session.commit()
    return redirect(url_for("bulletins.show", **opened.here), 303)
