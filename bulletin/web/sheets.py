"""Setting a sheet: words in, a sheet to look at and to take away out. Nothing is stored."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms import FileField, Form, RadioField, TextAreaField
from wtforms.fields import Field, SelectChoice
from wtforms.validators import AnyOf

from ..config import BODY_MAX
from ..press import typesetting
from ..press.jobs import Busy, Unprintable
from ..press.kinds import KINDS
from ..press.manuscript import Manuscript, ManuscriptError
from ..press.manuscript import read as read_manuscript
from ..press.paper import PAPERS
from . import too_long
from .errors import wants_json

pages = Blueprint("sheets", __name__)

BUSY_S = 10  # when to ask again
QUOTE_MAX = 80  # characters of the line that is wrong
UNTELLING_NUMBER = re.compile(r"[0-9]{1,4}([-/.][0-9]{1,4})?", re.ASCII)


def _unix_lines(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").replace("\r", "\n")


class SheetForm(Form):
    """A text, or a file in its place, and the paper it is for."""

    manuscript = TextAreaField(_l("Text"), filters=[_unix_lines])
    file = FileField(_l("Or choose a text file"))
    paper = RadioField(
        _l("Paper"),
        choices=[SelectChoice(paper.name, paper.title) for paper in PAPERS.values()],
        default="a4",
        validate_choice=False,  # AnyOf does it, in our own words
        validators=[AnyOf(list(PAPERS), message=_l("Choose A4 or US Letter."))],
    )

    line: int | None = None  # of the text, where it is wrong
    earlier = ""  # what was typed before a file took its place
    took_file = False
    was_too_long = False

    @classmethod
    def sent(cls) -> SheetForm:
        """The form of this request, with a chosen file's text in the place of the text."""
        try:
            form = cls(CombinedMultiDict([request.form, request.files]))
        except RequestEntityTooLarge:
            typed = too_long.typed()
            if "manuscript" not in typed:
                raise
            form = cls(MultiDict(typed))
            form.was_too_long = True
        form.validate()
        if form.was_too_long:
            size = BODY_MAX // 1024
            form.complain(_("This file is too big: choose a text file of less than %(size)s kB.", size=size), form.file)
        elif form.file.data:
            form._take(form.file.data.read())
        return form

    def read(self) -> Manuscript | None:
        """The manuscript; None, and said why beside its field, where it cannot be read."""
        if self.file.errors:
            return None
        if not self.manuscript.data.strip():
            self.complain(_("Write or paste your text, or choose a file."))
            return None
        try:
            return read_manuscript(self.manuscript.data)
        except ManuscriptError as error:
            self.line = error.line
            self.complain(str(error))
            return None

    def complain(self, sentence: str, field: Field | None = None) -> None:
        """Say beside a field, the text if none is given, what is to be mended there."""
        field = field or self.manuscript
        field.errors = [*field.errors, sentence]

    @property
    def quote(self) -> str:
        """The line that is wrong, as it was typed."""
        lines = self.manuscript.data.split("\n")
        line = lines[self.line - 1].strip() if self.line and self.line <= len(lines) else ""
        return line if len(line) <= QUOTE_MAX else line[: QUOTE_MAX - 1] + "…"

    @property
    def complaints(self) -> list[dict[str, Any]]:
        """Field, sentence and line of all that is to be mended."""
        return [
            {"field": name, "sentence": str(sentence), "line": self.line if name == "manuscript" else None}
            for name, sentences in self.errors.items()
            for sentence in sentences
        ]

    def _take(self, content: bytes) -> None:
        if not content.strip():
            self.complain(_("This file is empty: choose another."), self.file)
            return
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text:
            try:
                read_manuscript(content)
            except ManuscriptError as error:
                self.complain(error.sentence, self.file)
            return
        replaceable = {"", _unix_lines(text).strip(), *(kind.sample.strip() for kind in KINDS.values())}
        if self.manuscript.data.strip() not in replaceable:
            self.earlier = self.manuscript.data
        self.manuscript.data = _unix_lines(text)
        self.took_file = True


@pages.get("/sheets/new")
def new() -> Response:
    """The page to write on; with a kind's sample to start from, if one is named."""
    name = request.args.get("kind")
    if name is None:
        return _page(SheetForm())
    if name not in KINDS:
        abort(404)
    form = SheetForm(data={"manuscript": KINDS[name].sample})
    return _page(form, form.read())


@pages.post("/previews")
def preview() -> Response:
    """The sheet to look at, beside its text."""
    form = SheetForm.sent()
    return _answer(form, form.read())


@pages.post("/sheets")
def create() -> Response:
    """The sheet to take away, as PDF."""
    form = SheetForm.sent()
    text = form.read()
    if text is None or form.errors:
        return _answer(form, text)
    try:
        sheet = current_app.extensions["press"].print(text, paper=form.paper.data)
    except Unprintable as error:
        form.complain(str(error))
        return _answer(form, text)
    except Busy:
        form.complain(_("All presses are at work. Wait ten seconds, then ask for the PDF again."))
        response = _answer(form, text, status=503)
        response.headers["Retry-After"] = str(BUSY_S)
        return response
    return _download(sheet.pdf, "application/pdf", f"{_untelling_name(text)}.pdf")


@pages.post("/texts")
def text() -> Response:
    """The bulletin as plain text, to paste into a message."""
    form = SheetForm.sent()
    sound = form.read()
    return _answer(form, sound, plain=typesetting.plain_text(sound) if sound else "")


@pages.post("/manuscripts")
def manuscript_file() -> Response:
    """What was typed, as a file to keep, right or wrong."""
    form = SheetForm.sent()
    if form.was_too_long or form.file.errors:
        return _answer(form, None)
    return _download(form.manuscript.data.encode(), "text/plain; charset=utf-8", "text.txt")


def _answer(form: SheetForm, text: Manuscript | None, *, status: int | None = None, plain: str = "") -> Response:
    """The page or, to our own script, its moving parts."""
    status = status or (413 if form.was_too_long else 422 if form.errors else 200)
    if not wants_json():
        return _page(form, text, status=status, plain=plain)
    html = _typeset(form, text)
    response = jsonify(
        errors=form.complaints,
        sheet=html,
        shape=_shape(form, html),
        language=text.language if text else None,
        manuscript=form.manuscript.data if form.took_file else None,
        earlier=form.earlier or None,
    )
    response.status_code = status
    return response


def _page(form: SheetForm, text: Manuscript | None = None, *, status: int = 200, plain: str = "") -> Response:
    html = _typeset(form, text)
    page = render_template(
        "sheets/new.html",
        form=form,
        sheet=html,
        shape=_shape(form, html),
        language=text.language if text else "",
        kind=KINDS.get(text.kind) if text else None,
        plain=plain,
        file_max=BODY_MAX,
    )
    return Response(page, status)


def _typeset(form: SheetForm, text: Manuscript | None) -> str | None:
    return None if text is None or form.paper.errors else typesetting.typeset(text, paper=form.paper.data)


def _shape(form: SheetForm, html: str | None) -> str:
    """The classes that give the frame the proportions of its sheet."""
    sides = 2 if html and html.count('<section class="side') > 1 else 1
    paper = form.paper.data if form.paper.data in PAPERS else "a4"
    return f"{paper} sides-{sides}"


def _download(content: bytes, kind: str, name: str) -> Response:
    response = Response(content, content_type=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _untelling_name(text: Manuscript) -> str:
    """The number alone: a phone shows the names of its downloads to whoever looks."""
    return re.sub(r"[/.]", "-", text.number) if UNTELLING_NUMBER.fullmatch(text.number) else "bulletin"
