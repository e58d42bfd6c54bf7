"""A site's bulletins: the list, beginning one, the page it is written on, and what stands in its header."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse
from wtforms import FileField, HiddenField, StringField, TextAreaField

from bulletin.db import db
from bulletin.domain.papers import approval, articles, next_number
from bulletin.domain.papers.advice import rules
from bulletin.domain.papers.advice.people_named import People
from bulletin.domain.papers.articles import Article
from bulletin.domain.papers.bulletins import Bulletin
from bulletin.domain.papers.headers import TAKEN_FROM, head_of
from bulletin.domain.papers.pictures import Picture
from bulletin.domain.papers.printings import Printing
from bulletin.domain.papers.written import Written
from bulletin.domain.people.search import everybody
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.governance import register
from bulletin.domain.site.sites import Site
from bulletin.press import parts, pasted
from bulletin.press.header import FLOW
from bulletin.press.kinds import KINDS
from bulletin.press.manuscript import ManuscriptError, decode
from bulletin.press.parts import IMAGE, Part
from bulletin.web.guard import bodies, identity
from bulletin.web.shared.forms import PlainForm, one_line, unix_lines
from bulletin.web.shared.refused import refusals
from bulletin.web.shared.rendering import render
from bulletin.web.shared.sent_forms import form_id
from bulletin.web.shared.sentences import say
from bulletin.web.sheets.forms import senders_taken_off

from . import advice, drafts, editor, waiting_corrections
from .labels import PIECES, STATES

pages = Blueprint("bulletins", __name__, url_prefix="/sites/<uuid:site_id>/bulletins")

FILE_MAX = 400_000  # bytes of a manuscript


class ManuscriptForm(PlainForm):
    """A text somebody has already; of one without a header, what it is asked."""

    manuscript = TextAreaField(_l("The text"), filters=[unix_lines])
    file = FileField(_l("Or choose a text file"))
    headline = StringField(_l("Headline"), filters=[one_line])
    as_kind = HiddenField()  # a button's

    asks_kind = False
    messages = 0  # that lose the name and time in front of them

    @property
    def needs_kind(self) -> bool:
        """Is there a text that does not say what kind of paper it is, and nobody has said it?"""
        text = self.manuscript.data or ""
        return bool(text.strip()) and not pasted.has_header(text) and self.as_kind.data not in KINDS

    def ask_kind(self) -> ManuscriptForm:
        """Ask on the next page, and propose the headline; raises ManuscriptError where no kind would help."""
        text, found = pasted.begun(decode(self.manuscript.data or ""), "regular")
        parts.split(text)
        self.asks_kind, self.messages = True, found.messages
        self.headline.data = self.headline.data or found.headline
        return self


@pages.get("")
def index(site_id: uuid.UUID) -> Response:
    """All of them, the last touched first."""
    return list_page(site_id)


def list_page(site_id: uuid.UUID, needed: str = "") -> Response:
    """The same. `needed`: what was typed as the number that must agree."""
    me = identity.open_site(site_id)
    bulletins = Bulletin.at(me.site)
    return render(
        "papers/bulletins/index.html",
        site=me.site,
        needed=needed,
        bulletins=bulletins,
        headers=Article.headers(me.site_id),
        printed=Printing.printed_at(me.site_id),
        states=STATES,
        put_away=Bulletin.put_away_at_site(me.site),
        standing=register.sound_standing_of(me.site),
        asked={bulletin.id for bulletin in approval.waiting_for(me, bulletins)},
    )


@pages.get("/new")
def new(site_id: uuid.UUID) -> Response:
    """How to begin one: from a kind, and then from its questions; or from a text."""
    me = identity.open_site(site_id)
    kind = KINDS.get(request.args.get("kind", ""))
    if request.args.get("kind") and kind is None:
        abort(404)
    return _beginning(me, kind=request.args.get("kind", ""))


@pages.post("")
def create(site_id: uuid.UUID) -> AnyResponse:
    """A bulletin, from a kind's questions, from another number, or from a text."""
    me = identity.open_site(site_id)
    try:
        sent = form_id()
    except RequestEntityTooLarge:
        return _too_big(me, ManuscriptForm(MultiDict(bodies.typed())))
    if Bulletin.of(me.site, sent) is not None:  # sent twice
        return redirect(url_for(".show", site_id=site_id, bulletin_id=sent), 303)
    questions: Sequence[str] = ()
    if (earlier := request.form.get("earlier")) is not None:
        fields, written = _next_number(_earlier(me, earlier))
    elif (kind := KINDS.get(request.form.get("kind", ""))) is not None:
        fields, written, questions = drafts.from_questions(me, kind.name)
    else:
        form = ManuscriptForm(request.form)
        file = request.files.get("file")
        content = file.read(FILE_MAX + 1) if file else b""
        if len(content) > FILE_MAX:
            return _too_big(me, form)
        if content.strip():
            form.manuscript.data = content.decode("utf-8-sig", "replace")
        try:
            if form.needs_kind:
                return _beginning(me, form=form.ask_kind())
            fields, written = _from_text(me, form)
        except ManuscriptError as error:
            said = say(error.with_line if pasted.has_header(form.manuscript.data or "") else error)
            return _beginning(me, form=form.complain(form.manuscript, said), status=422)
    form = ManuscriptForm(request.form)
    with refusals(lambda why: _beginning(me, form=form.complain(form.manuscript, why), status=422)):
        bulletin = Bulletin.begin(me.site, form_id=sent)
        articles.begin(bulletin, fields, written, by=me.member.handle, questions=questions)
    db.session.commit()
    return redirect(url_for(".show", site_id=site_id, bulletin_id=sent), 303)


@pages.get("/<uuid:bulletin_id>")
def show(site_id: uuid.UUID, bulletin_id: uuid.UUID) -> Response:
    """The page it is written on; `moved`: the piece that was moved last, and may be moved on."""
    return page(editor.open_bulletin(site_id, bulletin_id))


def page(opened: editor.OpenBulletin, problem: str = "", status: int = 200, *, said: str = "") -> Response:
    """The page of a bulletin."""
    written = Written(opened.bulletin)
    pictures = {picture.name: picture for picture in Picture.all_of(opened.bulletin)}
    return render(
        "papers/bulletins/show.html",
        status,
        site=opened.me.site,
        me=opened.me,
        bulletin=opened.bulletin,
        here=opened.here,
        written=written,
        fields=written.fields,
        kind=KINDS.get(written.fields.get("kind", "")),
        look=editor.Look.at(opened.me, written),
        opens=_opens(opened, written),
        moved=request.args.get("moved", ""),
        states=STATES,
        pieces=PIECES,
        pictures=pictures,
        tally=approval.count_voices(opened.bulletin, opened.me.site, written.digest),
        **waiting_corrections.told(opened),
        advice=_advice(opened.me.site, written, pictures),
        problem=problem,
        said=said,
        **editor.offered(opened, written),
    )


def _opens(opened: editor.OpenBulletin, written: Written) -> dict[str, Any]:
    """Where a tap on the sheet leads: by the line of the manuscript at which each piece begins; else to the header."""
    begins = zip(written.source.lines, written.articles, strict=True)
    return {
        "top": url_for("bulletin_headers.edit", **opened.here),
        "parts": [
            [line, url_for("articles.edit", article_id=article.id, **opened.here)]
            for line, article in begins
            if line is not None
        ],
    }


@pages.post("/<uuid:bulletin_id>/away")
def put_away(site_id: uuid.UUID, bulletin_id: uuid.UUID) -> AnyResponse:
    """Out of the list."""
    opened = editor.open_bulletin(site_id, bulletin_id, to_change=True)
    opened.bulletin.put_away()
    db.session.commit()
    return redirect(url_for(".index", site_id=site_id), 303)


@pages.post("/<uuid:bulletin_id>/back")
def bring_back(site_id: uuid.UUID, bulletin_id: uuid.UUID) -> AnyResponse:
    """Into the list again."""
    opened = editor.open_bulletin(site_id, bulletin_id, to_change=True)
    opened.bulletin.bring_back()
    db.session.commit()
    return redirect(url_for(".show", **opened.here), 303)


def _advice(site: Site, written: Written, pictures: Mapping[str, Picture]) -> dict[uuid.UUID, list[str]]:
    """What a good editor would say before this is printed, by the article it concerns."""
    fields = written.fields
    agreed = {name for name, picture in pictures.items() if picture.agreed}
    given = rules.advise(
        head_of(fields),
        written.parts,
        language=fields.get("language", "en"),
        country=site.country,
        official=bool(fields.get("official")),
        agreed_pictures=[i for i, part in enumerate(written.parts) if part.title in agreed],
        people=_people(site, fields),
    )
    told: dict[uuid.UUID, list[str]] = {}
    for one in given:
        about = written.bulletin.id if one.about is None else written.articles[one.about].id
        told.setdefault(about, []).append(advice.told(one))
    return told


def _people(site: Site, fields: Mapping[str, str]) -> People:
    """Those in the notebook; what the site and its paper are called is nobody."""
    beside = " ".join([site.name, *(fields.get(key, "") for key in ("masthead", "site"))])
    return People((one.brief for one in everybody(site.id, hidden=True)), beside=beside)


def _beginning(me: Membership, *, kind: str = "", form: ManuscriptForm | None = None, status: int = 200) -> Response:
    return render(
        "papers/bulletins/new.html",
        status,
        site=me.site,
        kinds=KINDS.values(),
        kind=KINDS.get(kind),
        last=next_number.last_of(me.site),
        form=form or ManuscriptForm(),
        taken_off=senders_taken_off(form.messages) if form else "",
    )


def _earlier(me: Membership, typed: str) -> Written:
    try:
        bulletin = Bulletin.of(me.site, uuid.UUID(hex=typed))
    except ValueError:
        bulletin = None
    return Written(bulletin) if bulletin is not None else abort(404)


def _next_number(earlier: Written) -> tuple[dict[str, str], list[Part]]:
    fields = drafts.BEGUN | earlier.fields
    if number := next_number.one_more(fields.get("number", "")):
        fields["number"] = number
    for once in ("date", "official", TAKEN_FROM):
        fields.pop(once, None)
    return fields, [part for part in earlier.parts if part.name != IMAGE]


def _from_text(me: Membership, form: ManuscriptForm) -> tuple[dict[str, str], list[Part]]:
    """A text with its own header; or a pasted one, with what a new paper has by itself."""
    text = form.manuscript.data or ""
    begun = {} if pasted.has_header(text) or not text.strip() else next_number.carried(me.site)
    if begun:
        text = pasted.with_header(text, str(form.as_kind.data), headline=form.headline.data or "")
    head, written = parts.split(text)
    # A file flows, as it did in a shell, and says so: the number after it goes on like it.
    fields = {"lines": FLOW, **begun, **head, "published by": head.pop("imprint", begun.get("published by", ""))}
    return fields, written


def _too_big(me: Membership, form: ManuscriptForm) -> Response:
    sentence = _("This file is too big: choose a text file of less than 400 kB.")
    return _beginning(me, form=form.complain(form.file, sentence), status=413)
