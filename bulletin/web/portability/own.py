"""What a member wrote, for that member to take: at any time, alone, also a newcomer and whoever may be put out."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from bulletin.db import db
from bulletin.domain.portability import own
from bulletin.domain.site.events import Deed, Event
from bulletin.web.guard import identity
from bulletin.web.guard.one_at_a_time import gate
from bulletin.web.shared.downloads import download
from bulletin.web.shared.grave import grave
from bulletin.web.shared.rendering import render
from bulletin.web.shared.sentences import say_code

from .exports import TypedForm, still_typing, typed_back, typing

pages = Blueprint("own", __name__, url_prefix="/sites/<uuid:site_id>/own")

NAME = "own.sealed"


@pages.get("")
def index(site_id: uuid.UUID) -> Response:
    """What is in it, and what follows for people."""
    return render("portability/own/index.html", site=identity.open_site(site_id).site)


@pages.post("/taking")
@grave(lambda site_id: typing(identity.open_site(site_id).site, TypedForm(request.form), "own", NAME), when=typed_back)
def take(site_id: uuid.UUID) -> AnyResponse:
    """The words, then the page that asks for them, then the file."""
    me, form = identity.open_site(site_id), TypedForm(request.form)
    if (page := still_typing(me.site, form, "own", NAME)) is not None:
        return page
    with gate.turn(known=True):
        me = identity.open_site(site_id)
        Event.note(me.site, Deed.OWN_TAKEN, by=me.member.handle)
        db.session.commit()
        db.session().read_only()
        packed = own.pack(me, form.typed.data or "", say_code)
        db.session.rollback()
    return download(packed, "application/octet-stream", NAME)
