"""The pieces of a bulletin: written one by one, by several people at once, and nobody's words are lost."""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Callable

from flask import Blueprint, Response, abort, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectField, TextAreaField

from bulletin.db import db
from bulletin.domain.papers import approval, corrections
from bulletin.domain.papers.articles import TITLE_MAX, Article, Stale, Version
from bulletin.domain.papers.bulletins import Bulletin
from bulletin.domain.papers.headers import HEADER
from bulletin.domain.papers.pictures import Picture
from bulletin.domain.papers.written import Written
from bulletin.press.header import KEEP
from bulletin.press.parts import IMAGE, TEXT, Part
from bulletin.web.guard.errors import wants_json
from bulletin.web.shared import edit_conflicts
from bulletin.web.shared.diff import difference
from bulletin.web.shared.forms import line_field, options, unix_lines
from bulletin.web.shared.refused import answered, refusals
from bulletin.web.shared.rendering import render
from bulletin.web.shared.sent_forms import form_id

from . import bulletins, editor
from .labels import PIECES

pages = Blueprint("articles", __name__, url_prefix="/sites/<uuid:site_id>/bulletins/<uuid:bulletin_id>")

STANDS = re.compile(r"([12])-([0-9]{1,4})")  # the side, and how many stand before it


class ArticleForm(editor.SavedForm):
    """One piece."""

    page_order = ("name", "title", "text", "change")
    name = SelectField(_l("What it is"), validate_choice=False)
    title = line_field(_l("Heading"), TITLE_MAX)
    text = TextAreaField(_l("Text"), filters=[unix_lines])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.name.choices = options(PIECES)


@pages.post("/articles")
def create(site_id: uuid.UUID, bulletin_id: uuid.UUID) -> AnyResponse:
    """A new piece, with nothing in it: on to its page."""
    opened = editor.open_bulletin(site_id, bulletin_id, to_change=True)
    name = request.form.get("name", "")
    side = 2 if request.form.get("side") == "2" else 1
    if name not in PIECES:
        name = TEXT
    part, by = Part(name, side=side), opened.me.member.handle
    with refusals(lambda why: bulletins.page(editor.open_bulletin(site_id, bulletin_id), why, 409)):
        article = Article.write(opened.bulletin, part, by=by, article_id=form_id())
    approval.update_state(opened.bulletin, opened.me.site, Written(opened.bulletin).digest)
    db.session.commit()
    return redirect(url_for(".edit", **opened.here, article_id=article.id), 303)


@pages.get("/articles/<uuid:article_id>")
def edit(site_id: uuid.UUID, bulletin_id: uuid.UUID, article_id: uuid.UUID) -> Response:
    """The page a piece is written on."""
    opened = editor.open_bulletin(site_id, bulletin_id)
    article = _article(opened, article_id)
    form = ArticleForm(
        data={"name": article.name, "title": article.title, "text": article.text, "version": str(article.version)}
    )
    if wants_json():
        return jsonify(version=article.version, fields={name: form[name].data for name in ("title", "text", "name")})
    return _page(opened, article, form)


@pages.post("/articles/<uuid:article_id>")
def save(site_id: uuid.UUID, bulletin_id: uuid.UUID, article_id: uuid.UUID) -> AnyResponse:
    """Save it. Where somebody else has saved meanwhile, both texts are shown, and neither is lost."""
    opened = editor.open_bulletin(site_id, bulletin_id, to_change=True)
    article = _article(opened, article_id, to_change=True)
    form = ArticleForm(request.form)
    if not form.validate():
        return _page(opened, article, form, 422)
    written = Written(opened.bulletin)
    name = form.name.data if form.name.data in PIECES and article.name in PIECES else article.name

    def again(status: int, why: str = "") -> Response:
        opened = editor.open_bulletin(site_id, bulletin_id)
        if why:
            form.complain(form.change if opened.bulletin.is_agreed else form.text, why)
        return _page(opened, _article(opened, article_id), form, status, stale=not why)

    with answered(Stale, lambda _stale: again(409)), refusals(lambda why: again(422, why)):
        answer = editor.save(opened.me, written, article, form.title.data, form.text.data, form, name)
    waits = form.change.data == "correction" and article.version == edit_conflicts.version_of(form)
    anchor = "waiting" if waits else f"a{article.id.hex}"
    return answer or redirect(url_for("bulletins.show", **opened.here, _anchor=anchor), 303)


@pages.post("/articles/<uuid:article_id>/moves")
def move(site_id: uuid.UUID, bulletin_id: uuid.UUID, article_id: uuid.UUID) -> AnyResponse:
    """Up, down, or to the other side."""
    way, stands = request.form.get("way", ""), STANDS.fullmatch(request.form.get("stands", ""))
    seen = (int(stands[1]), int(stands[2])) if stands else None
    return _change(
        site_id,
        bulletin_id,
        article_id,
        lambda bulletin, article: bulletin.move(article.id, way, seen=seen),
        moved=True,
    )


@pages.post("/articles/<uuid:article_id>/deletion")
def delete(site_id: uuid.UUID, bulletin_id: uuid.UUID, article_id: uuid.UUID) -> AnyResponse:
    """Take it out; it can be brought back until the bulletin is printed."""
    return _change(site_id, bulletin_id, article_id, lambda bulletin, article: article.delete(bulletin), "deleted")


@pages.post("/articles/<uuid:article_id>/return")
def bring_back(site_id: uuid.UUID, bulletin_id: uuid.UUID, article_id: uuid.UUID) -> AnyResponse:
    """Undo that."""
    return _change(site_id, bulletin_id, article_id, lambda bulletin, article: article.bring_back(bulletin))


@pages.get("/articles/<uuid:article_id>/versions")
def versions(site_id: uuid.UUID, bulletin_id: uuid.UUID, article_id: uuid.UUID) -> str:
    """What it said before, what was changed, and by whom."""
    opened = editor.open_bulletin(site_id, bulletin_id)
    article = _article(opened, article_id)
    older: list[Version | Article] = [article, *Version.of(article)]
    steps = [
        {
            "by": later.by,
            "at": later.at,
            "difference": difference(f"{earlier.title}\n{earlier.text}", f"{later.title}\n{later.text}"),
            "earlier": earlier,
        }
        for later, earlier in itertools.pairwise(older)
    ]
    return render_template(
        "papers/articles/versions.html",
        site=opened.me.site,
        here=opened.here,
        article=article,
        steps=steps,
        first=older[-1],
        name=PIECES.get(article.name, _("Picture")),
    )


def _article(opened: editor.OpenBulletin, article_id: uuid.UUID, *, to_change: bool = False) -> Article:
    article = Article.of(opened.bulletin, article_id, to_change=to_change)
    if article is None or article.name == HEADER:
        abort(404)
    return article


def _change(
    site_id: uuid.UUID,
    bulletin_id: uuid.UUID,
    article_id: uuid.UUID,
    deed: Callable[[Bulletin, Article], None],
    anchor: str = "",
    *,
    moved: bool = False,
) -> AnyResponse:
    opened = editor.open_bulletin(site_id, bulletin_id, to_change=True)
    article = _article(opened, article_id, to_change=True)
    corrections.rearrange(Written(opened.bulletin), opened.me, lambda: deed(opened.bulletin, article))
    db.session.commit()
    about = {"moved": article_id.hex} if moved else {}
    return redirect(url_for("bulletins.show", **opened.here, **about, _anchor=anchor or f"a{article_id.hex}"), 303)


def _page(
    opened: editor.OpenBulletin, article: Article, form: ArticleForm, status: int = 200, *, stale: bool = False
) -> Response:
    theirs = {"title": article.title, "text": article.text, "by": article.by} if stale else None
    if wants_json():
        return make_response(
            jsonify(errors=form.complaints, theirs=theirs, version=article.version, saved=False), status
        )
    mine = f"{form.title.data}\n{form.text.data}" if stale else ""
    if stale:
        form.version.data = str(article.version)
    written = Written(opened.bulletin)
    pictures = Picture.all_of(opened.bulletin) if article.name == IMAGE else []
    shown = [picture for picture in pictures if picture.name == article.title]
    return render(
        "papers/articles/edit.html",
        status,
        article=article,
        form=form,
        name=PIECES.get(article.name, _("Picture")),
        may_rename=article.name in PIECES,
        picture=url_for("pictures.show", **opened.here, picture_id=shown[0].id) if shown else "",
        language=written.fields.get("language", "en"),
        keeps_lines=written.fields.get("lines") == KEEP,
        theirs=theirs,
        difference=difference(f"{article.title}\n{article.text}", mine) if stale else [],
        **editor.around(opened, written, article),
    )
