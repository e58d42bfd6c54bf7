"""Pictures, taken or chosen on the phone: made ready for the copier, told in words, and only with leave."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse
from wtforms import FileField, RadioField

from bulletin.db import db
from bulletin.domain.papers import approval
from bulletin.domain.papers.articles import Article
from bulletin.domain.papers.pictures import ALT_MAX, Picture
from bulletin.domain.papers.written import Written
from bulletin.press.jobs import Busy
from bulletin.press.mistake import NoSheet
from bulletin.press.pictures import PictureError
from bulletin.web.guard import bodies
from bulletin.web.shared.forms import PlainForm, line_field, options
from bulletin.web.shared.refused import refusals
from bulletin.web.shared.rendering import render
from bulletin.web.shared.sent_forms import form_id
from bulletin.web.shared.sentences import say

from . import editor
from .labels import AGREED, SIDES

pages = Blueprint("pictures", __name__, url_prefix="/sites/<uuid:site_id>/bulletins/<uuid:bulletin_id>/pictures")

FILE_MAX = 25 * 1024 * 1024  # bytes, as a phone's camera makes them
TOO_BIG = _l("This file is too big: choose one of less than 25 MB.")


class PictureForm(PlainForm):
    """A picture."""

    # The file first, and nothing else must be there: what is missing is asked for later, and no file is lost.
    page_order = ("file", "alt", "caption", "side", "agreed")
    alt = line_field(_l("What can be seen in it?"), ALT_MAX)
    caption = line_field(_l("Words below it"), ALT_MAX)
    side = RadioField(_l("Where?"), choices=options(SIDES), default="1", validate_choice=False)
    agreed = RadioField(_l("Did those in it agree?"), choices=options(AGREED), default="no", validate_choice=False)
    file = FileField(_l("Picture"))


@pages.get("/new")
def new(site_id: uuid.UUID, bulletin_id: uuid.UUID) -> Response:
    """The form for one."""
    return _page(editor.open_bulletin(site_id, bulletin_id), PictureForm())


@pages.post("")
def create(site_id: uuid.UUID, bulletin_id: uuid.UUID) -> AnyResponse:
    """Make it ready, and put it into the bulletin as a piece of its own."""
    opened = editor.open_bulletin(site_id, bulletin_id)
    try:
        form = PictureForm(request.form)
    except RequestEntityTooLarge:
        form = PictureForm(MultiDict(bodies.typed()))
        return _page(opened, form.complain(form.file, str(TOO_BIG)), 413)
    sound = form.validate()
    file = request.files.get("file")
    content = file.read(FILE_MAX + 1) if file else b""
    if not content:
        form.complain(form.file, _("Choose a picture."))
    elif len(content) > FILE_MAX:
        form.complain(form.file, str(TOO_BIG))
    if not sound or form.errors:
        return _page(opened, form, 422)

    def refuse(why: str, status: int = 422) -> Response:
        return _page(editor.open_bulletin(site_id, bulletin_id), form.complain(form.file, why), status)

    db.session.commit()  # nobody waits for the database while the picture is made ready
    try:
        prepared = current_app.extensions["press"].prepare(content)
    except Busy as busy:
        at_work = _("All presses are at work. Wait ten seconds, choose it again, then send it.")
        return refuse(at_work if busy.code is NoSheet.BUSY else say(busy), 503)
    except PictureError as error:
        return refuse(say(error))
    opened = editor.open_bulletin(site_id, bulletin_id, to_change=True)
    with refusals(refuse):
        article = _put_in(opened, form, prepared.bytes)
    db.session.commit()
    if not article.text.strip():  # its words are asked for next: without them it is not printed
        return redirect(url_for("articles.edit", article_id=article.id, **opened.here), 303)
    return redirect(url_for("bulletins.show", **opened.here), 303)


@pages.get("/<uuid:picture_id>")
def show(site_id: uuid.UUID, bulletin_id: uuid.UUID, picture_id: uuid.UUID) -> Response:
    """The picture, for the sheet one looks at."""
    opened = editor.open_bulletin(site_id, bulletin_id)
    picture = Picture.of(opened.bulletin, picture_id) or abort(404)
    return Response(picture.content, content_type=f"image/{picture.kind}")


@pages.post("/<uuid:picture_id>/agreement")
def note_agreement(site_id: uuid.UUID, bulletin_id: uuid.UUID, picture_id: uuid.UUID) -> AnyResponse:
    """Those in it were asked."""
    opened = editor.open_bulletin(site_id, bulletin_id, to_change=True)
    picture = Picture.of(opened.bulletin, picture_id) or abort(404)
    picture.note_agreement(request.form.get("agreed") == "yes")
    db.session.commit()
    return redirect(url_for("bulletins.show", **opened.here), 303)


def _put_in(opened: editor.OpenBulletin, form: PictureForm, content: bytes) -> Article:
    by, sent = opened.me.member.handle, form_id()
    picture = Picture.add(
        opened.bulletin, content, alt=form.alt.data, agreed=form.agreed.data in ("yes", "nobody"), by=by, form_id=sent
    )
    part = picture.part(form.caption.data, side=2 if form.side.data == "2" else 1)
    article = Article.write(opened.bulletin, part, by=by, article_id=sent)
    approval.update_state(opened.bulletin, opened.me.site, Written(opened.bulletin).digest)
    return article


def _page(opened: editor.OpenBulletin, form: PictureForm, status: int = 200) -> Response:
    about = {"site": opened.me.site, "here": opened.here, "file_max": FILE_MAX, "too_big": TOO_BIG}
    return render("papers/pictures/new.html", status, form=form, **about)
