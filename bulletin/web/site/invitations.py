"""Inviting: a link that is shown once, seconded where it must be, and taken back."""

from __future__ import annotations

import dataclasses
import io
import uuid
from datetime import datetime

import segno
from flask import Blueprint, Response, abort, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from bulletin.db import db
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.governance import bringing_in, register
from bulletin.domain.site.governance.roll import NOTE_MAX
from bulletin.domain.site.governance.standing import Standing, moment_of
from bulletin.domain.site.invitations import LASTS, Invitation
from bulletin.vault import words
from bulletin.web.guard import identity
from bulletin.web.guard.hosts import own_origin
from bulletin.web.shared.forms import one_line
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
    sent = form_id()
    with refusals(lambda why: _page(me, why, 409)):
        invitation, secret = bringing_in.invite(me, form_id=sent, was=_was(me), note=one_line(request.form.get("note")))
        ready = bringing_in.is_ready(invitation, register.standing_of(me.site))
    db.session.commit()
    return link_page(me, secret, ready=ready)


@pages.post("/founding-invitations")
def create_to_found(site_id: uuid.UUID) -> AnyResponse:
    """An invitation to found a site of their own; the others are asked first, where they must be."""
    me = identity.open_site(site_id)
    sent = form_id()
    with refusals(lambda why: _page(me, why, 409)):
        secret = bringing_in.invite_to_found(me, form_id=sent)
    db.session.commit()
    if secret is None:
        return redirect(url_for(".index", site_id=site_id), 303)
    return link_page(me, secret, what="found")


@pages.post("/invitations/<uuid:invitation_id>/seconding")
def second(site_id: uuid.UUID, invitation_id: uuid.UUID) -> AnyResponse:
    """Say that it is fine."""
    me = identity.open_site(site_id)
    with refusals(lambda why: _page(me, why, 409)):
        if invitation_id.hex not in register.standing_of(me.site).invited:
            abort(404)
        bringing_in.confirm(me, invitation_id)
    db.session.commit()
    return redirect(url_for(".index", site_id=site_id), 303)


@pages.post("/invitations/<uuid:invitation_id>/withdrawal")
def withdraw(site_id: uuid.UUID, invitation_id: uuid.UUID) -> AnyResponse:
    """Take it back; whoever is here may. One to found a site is known where it was made, and only there."""
    me = identity.open_site(site_id)
    with refusals(lambda why: _page(me, why, 409)):
        mine = {one.id for one in (*Invitation.open_at(me.site), *Invitation.to_found_by(me.member))}
        if invitation_id not in mine and invitation_id.hex not in register.standing_of(me.site).invited:
            abort(404)
        bringing_in.withdraw(me, invitation_id)
    identity.commit_and_forget()
    return redirect(url_for(".index", site_id=site_id), 303)


def _was(me: Membership) -> uuid.UUID | None:
    """Whose place the invitation is meant for, who has lost their words."""
    said = request.form.get("was", "")
    found = next((place.member_id for place in Membership.at(me.site) if place.member_id.hex == said), None)
    return found if found != me.member_id else None


@dataclasses.dataclass(frozen=True)
class Open:
    """An invitation that has not been answered, as a page shows it."""

    id: uuid.UUID
    by: str
    mine: bool
    asked_at: datetime
    ready: bool
    stuck: bool  # somebody has brought as many as one may
    may_confirm: bool
    was: str
    note: str  # shown to who wrote it alone
    founds: bool


def _shown(me: Membership, standing: Standing) -> list[Open]:
    member, people = me.member_id.hex, standing.people
    rows = {invitation.id.hex for invitation in Invitation.open_at(me.site)}
    every = [
        Open(
            id=uuid.UUID(hex=one.id),
            by=people[one.by].handle if one.by in people else "",
            mine=one.by == member,
            asked_at=moment_of(one.asked_at),
            ready=standing.is_ready(one),
            stuck=standing.is_stuck(one),
            may_confirm=standing.decides(member) and member not in one.yes and not standing.is_ready(one),
            was=people[one.was].handle if one.was in people else "",
            note=one.note if one.by == member else "",
            founds=one.founds,
        )
        for one in reversed(standing.invited.values())
        if one.founds or one.id in rows
    ]
    return every


def _page(me: Membership, problem: str = "", status: int = 200) -> Response:
    standing = register.sound_standing_of(me.site)
    every = _shown(me, standing) if standing else []
    return render(
        "site/invitations/index.html",
        status,
        site=me.site,
        me=me,
        invitations=[one for one in every if not one.founds],
        founds=[one for one in every if one.founds],
        to_found=Invitation.to_found_by(me.member),
        others=[place.member for place in Membership.at(me.site) if place.id != me.id],
        lasts=LASTS,
        note_max=NOTE_MAX,
        alone_is_enough=standing is not None and len(standing.counted()) <= 2,
        broken=standing is None,
        problem=problem,
    )


def link_page(me: Membership, secret: bytes, *, ready: bool = True, what: str = "join", back: str = "") -> Response:
    """The one page that shows a link. `what`: to join, to found, or for whom the sites ask to do something (ask)."""
    code = words.link_text(secret)
    link = f"{own_origin()}{url_for('joining.new')}#{code}"
    return render(
        "site/invitations/link.html",
        site=me.site,
        code=code,
        link=link,
        picture=_picture(link),
        ready=ready,
        what=what,
        back=back or url_for("invitations.index", site_id=me.site_id),
    )


def _picture(link: str) -> Markup:
    """The link as a QR code: an svg without a style, on white in the dark too."""
    drawn = io.BytesIO()
    segno.make(link, error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=4, svgclass="qr", lineclass=None
    )
    return Markup(drawn.getvalue().decode().replace("<svg ", '<svg role="img" aria-labelledby="qr-name" ', 1))  # noqa: S704
