"""Taking a bulletin away: on paper, as pictures and text for a messenger, as a file, all of them in a folder."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Mapping

from flask import Blueprint, Response, abort, current_app, request
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from bulletin.db import db
from bulletin.domain.papers.articles import Article
from bulletin.domain.papers.bulletins import Bulletin
from bulletin.domain.papers.distributions import Distribution
from bulletin.domain.papers.pictures import Picture
from bulletin.domain.papers.print_tickets import PrintTicket
from bulletin.domain.papers.printings import COPIES_MAX, Printing
from bulletin.domain.papers.written import Written
from bulletin.press import typesetting
from bulletin.press.jobs import Busy, Unprintable
from bulletin.press.manuscript import Manuscript, ManuscriptError, read as read_manuscript
from bulletin.web.guard import identity, traces
from bulletin.web.guard.errors import no_press
from bulletin.web.shared.downloads import download, number_name
from bulletin.web.shared.forms import PlainForm, WholeNumberField, choice_field
from bulletin.web.shared.labels import PAPER_NAMES
from bulletin.web.shared.refused import refusals
from bulletin.web.shared.rendering import render
from bulletin.web.shared.sent_forms import form_id
from bulletin.web.shared.sentences import say

from . import editor

pages = Blueprint("printings", __name__, url_prefix="/sites/<uuid:site_id>")


class PrintingForm(PlainForm):
    """A print run."""

    page_order = ("paper", "copies")
    paper = choice_field(_l("Paper"), PAPER_NAMES, _l("Choose A4 or US Letter."))
    copies = WholeNumberField(_l("How many copies?"), COPIES_MAX, _l("Give the number in figures, or leave it out."))


@pages.get("/bulletins/<uuid:bulletin_id>/away")
def index(site_id: uuid.UUID, bulletin_id: uuid.UUID) -> Response:
    """All the ways to take it away."""
    return page(editor.open_bulletin(site_id, bulletin_id))


def page(
    opened: editor.OpenBulletin, form: PrintingForm | None = None, problem: str = "", status: int = 200
) -> Response:
    """The page with the ways to take a bulletin away."""
    written = Written(opened.bulletin)
    read = _read(written)
    return render(
        "papers/printings/index.html",
        status,
        site=opened.me.site,
        here=opened.here,
        agreed=opened.bulletin.agreed_digest == written.digest,
        digest=written.digest,
        fields=written.fields,
        name=_file_name(written.fields),
        plain=typesetting.plain_text(read).lstrip() if read else "",
        titles=_titles(written, read) if read else [],
        printings=Printing.all_of(opened.bulletin),
        **editor.offered(opened, written),
        papers=PAPER_NAMES,
        form=form or PrintingForm(data={"paper": opened.me.site.paper}),
        problem=problem,
    )


@pages.post("/bulletins/<uuid:bulletin_id>/printings")
def create(site_id: uuid.UUID, bulletin_id: uuid.UUID) -> AnyResponse:
    """Print what is agreed: the sheet, kept as it is."""
    opened = editor.open_bulletin(site_id, bulletin_id)
    form = PrintingForm(request.form)
    if not form.validate():
        return page(opened, form, status=422)
    try:
        proof = editor.measured(opened, form.paper.data)
    except Busy as busy:
        return page(editor.open_bulletin(site_id, bulletin_id), form, no_press(busy), 503)
    if not proof.sheet:
        return page(editor.open_bulletin(site_id, bulletin_id), form, editor.told(proof.measure), 422)
    sheet, shown = proof.sheet, proof.measure.digest
    opened = editor.open_bulletin(site_id, bulletin_id, to_change=True)
    written = Written(opened.bulletin)
    with refusals(lambda why: page(editor.open_bulletin(site_id, bulletin_id), form, why, 409)):
        printing = Printing.make(
            opened.bulletin,
            written,
            form.paper.data,
            sheet,
            of=shown,
            by=opened.me.member.handle,
            copies=form.copies.data or 0,
            form_id=form_id(),
        )
    PrintTicket.renew(printing, [one for one in Distribution.all_of(opened.bulletin) if not one.over])
    sheet, name = printing.sheet, _file_name(written.fields)
    db.session.commit()
    return download(sheet, "application/pdf", f"{name}.pdf")


@pages.get("/bulletins/<uuid:bulletin_id>/printings/<uuid:printing_id>")
def reprint(site_id: uuid.UUID, bulletin_id: uuid.UUID, printing_id: uuid.UUID) -> Response:
    """The same sheet again, byte for byte."""
    opened = editor.open_bulletin(site_id, bulletin_id)
    printing = Printing.of(opened.bulletin, printing_id) or abort(404)
    name = _file_name(Article.header_of(opened.bulletin))
    return download(printing.sheet, "application/pdf", f"{name}.pdf")


@pages.get("/bulletins/<uuid:bulletin_id>/manuscript")
def manuscript(site_id: uuid.UUID, bulletin_id: uuid.UUID) -> Response:
    """Its words, as a text to go on from anywhere."""
    opened = editor.open_bulletin(site_id, bulletin_id)
    written = Written(opened.bulletin)
    name = _file_name(written.fields)
    return download(written.source.text.encode(), "text/plain; charset=utf-8", f"{name}.md")


@pages.get("/bulletins/<uuid:bulletin_id>/cards/<int:number>")
def card(site_id: uuid.UUID, bulletin_id: uuid.UUID, number: int) -> AnyResponse:
    """One article as a picture for a messenger. Card 0 is the headline."""
    opened = editor.open_bulletin(site_id, bulletin_id)
    written = Written(opened.bulletin)
    name, source = _file_name(written.fields), written.source.text
    pictures = editor.pictures_of(written)
    db.session.commit()
    try:
        png = current_app.extensions["press"].card(read_manuscript(source), number, pictures=pictures)
    except ManuscriptError as error:
        return page(editor.open_bulletin(site_id, bulletin_id), problem=say(error.with_line), status=422)
    except Unprintable as error:
        return page(editor.open_bulletin(site_id, bulletin_id), problem=say(error), status=422)
    except Busy as busy:
        return page(editor.open_bulletin(site_id, bulletin_id), problem=no_press(busy), status=503)
    except LookupError:
        abort(404)
    return download(png, "image/png", f"{name}-{number}.png")


@pages.get("/bulletins/archive")
def archive(site_id: uuid.UUID) -> Response:
    """Every bulletin of the site in one folder: its text, its pictures, and each sheet as it was printed."""
    me = identity.open_site(site_id)
    traces.leave_of_papers(site_id)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as folder:
        for index, bulletin in enumerate(reversed(Bulletin.at(me.site)), start=1):
            written = Written(bulletin)
            place = f"{index:03d}-{_file_name(written.fields)}"
            folder.writestr(_entry(f"{place}/text.md"), written.source.text)
            for picture in Picture.all_of(bulletin):
                folder.writestr(_entry(f"{place}/{picture.name}.{picture.kind}"), picture.content)
            for run, printing in enumerate(reversed(Printing.all_of(bulletin)), start=1):
                folder.writestr(_entry(f"{place}/{run}-{printing.paper}.pdf"), printing.sheet)
    return download(packed.getvalue(), "application/zip", "papers.zip")


def _file_name(fields: Mapping[str, str]) -> str:
    return number_name(fields.get("number", ""))


def _entry(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name)  # 1980: when it was packed is nobody's business


def _read(written: Written) -> Manuscript | None:
    try:
        return read_manuscript(written.source.text)
    except ManuscriptError:
        return None


def _titles(written: Written, manuscript: Manuscript) -> list[str]:
    """What each card shows, by its number."""
    return [written.fields.get("headline", ""), *(piece.title or piece.text[:40] for piece in manuscript.pieces)]
