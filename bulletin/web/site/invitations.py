"""Inviting: a link that is shown once, seconded where it must be, and taken back."""

from __future__ import annotations

import io
import uuid

import segno
from flask import Blueprint, Response, abort, redirect, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from bulletin.db import db
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.invitations import LASTS, Invitation
from bulletin.domain.site.members import FEW, Membership
from bulletin.vault import keys, words
from bulletin.web.guard import identity
from bulletin.web.guard.hosts import own_origin
from bulletin.web.shared.refused import refusals
from bulletin.web.shared.rendering import render
from bulletin.web.shared.sent_forms import form_id

pages = Blueprint("invitations", __name__, url_prefix="/sites/<uuid:site_id>")


@pages.get("/invitations")
def index(site_id: uuid.UUID) -> Response:
    """Those that are open, and the ways to make one."""
    return _page(identity.open_site(site_id))


@pages.post("/invitations")
def create(site_id: uuid.UUID) -> Response:
    """An invitation to join, whose link is on this page and never again."""
    me = identity.open_site(site_id)
    site_key = keys.current.get().site_key(me.site_id, me.site.generation)
    sent = form_id()
    with refusals(lambda why: _page(me, why, 409)):
        invitation, secret = Invitation.issue(me, site_key, form_id=sent)
    Event.note(me.site, Deed.INVITED, by=me.member.handle, form_id=sent)
    db.session.commit()
    return _link_page(me, secret, seconded=not invitation.waits)


@pages.post("/founding-invitations")
def create_to_found(site_id: uuid.UUID) -> Response:
    """An invitation to found a site of their own."""
    me = identity.open_site(site_id)
    sent = form_id()
    with refusals(lambda why: _page(me, why, 409)):
        _invitation, secret = Invitation.issue_to_found(me.member, form_id=sent)
    Event.note(me.site, Deed.FOUNDING_INVITED, by=me.member.handle, form_id=sent)
    db.session.commit()
    return _link_page(me, secret, seconded=True, to_found=True)


@pages.post("/invitations/<uuid:invitation_id>/seconding")
def second(site_id: uuid.UUID, invitation_id: uuid.UUID) -> AnyResponse:
    """Agree to it as a second member."""
    me = identity.open_site(site_id)
    invitation = _open(me, invitation_id)
    if invitation.seconded_at is not None:  # whoever taps twice sees what the first tap did
        return redirect(url_for(".index", site_id=site_id), 303)
    with refusals(lambda why: _page(me, why, 409)):
        invitation.second(me)
    Event.note(me.site, Deed.INVITATION_SECONDED, by=me.member.handle, whom=invitation.issued_by.handle)
    db.session.commit()
    return redirect(url_for(".index", site_id=site_id), 303)


@pages.post("/invitations/<uuid:invitation_id>/withdrawal")
def withdraw(site_id: uuid.UUID, invitation_id: uuid.UUID) -> AnyResponse:
    """Take it back; whoever is here may. One to found a site is known where it was made, and only there told of."""
    me = identity.open_site(site_id)
    invitation = _open(me, invitation_id)
    if invitation.site_id is not None:
        Event.note(me.site, Deed.INVITATION_WITHDRAWN, by=me.member.handle, whom=invitation.issued_by.handle)
    elif Event.is_known(me.site_id, invitation.id):
        Event.note(me.site, Deed.FOUNDING_WITHDRAWN, by=me.member.handle)
    invitation.spend()
    identity.commit_and_forget()
    return redirect(url_for(".index", site_id=site_id), 303)


def _open(me: Membership, invitation_id: uuid.UUID) -> Invitation:
    mine = Invitation.open_at(me.site) + Invitation.to_found_by(me.member)
    return next((invitation for invitation in mine if invitation.id == invitation_id), None) or abort(404)


def _page(me: Membership, problem: str = "", status: int = 200) -> Response:
    return render(
        "site/invitations/index.html",
        status,
        site=me.site,
        me=me,
        invitations=Invitation.open_at(me.site),
        to_found=Invitation.to_found_by(me.member),
        lasts=LASTS,
        alone_is_enough=Membership.count_at(me.site) < FEW,
        problem=problem,
    )


def _link_page(me: Membership, secret: bytes, *, seconded: bool, to_found: bool = False) -> Response:
    code = words.link_text(secret)
    link = f"{own_origin()}{url_for('joining.new')}#{code}"
    return render(
        "site/invitations/link.html",
        site=me.site,
        code=code,
        link=link,
        picture=_picture(link),
        seconded=seconded,
        to_found=to_found,
    )


def _picture(link: str) -> Markup:
    """The link as a QR code: an svg without a style, on white in the dark too."""
    drawn = io.BytesIO()
    segno.make(link, error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=4, svgclass="qr", lineclass=None
    )
    return Markup(drawn.getvalue().decode().replace("<svg ", '<svg role="img" aria-labelledby="qr-name" ', 1))  # noqa: S704
