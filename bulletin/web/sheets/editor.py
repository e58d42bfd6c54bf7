"""Setting a sheet: words in, a sheet to look at and to take away out. Nothing is stored."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request
from flask_babel import gettext as _

from bulletin.press import pasted, typesetting
from bulletin.press.jobs import Busy, Sheet, Unprintable
from bulletin.press.kinds import KINDS
from bulletin.press.manuscript import Manuscript
from bulletin.press.paper import PAPERS
from bulletin.web.guard.errors import wants_json
from bulletin.web.shared.downloads import download, number_name
from bulletin.web.shared.formats import listed
from bulletin.web.shared.sentences import say

from . import fit_report, samples
from .forms import FILE_MAX, SheetForm, senders_taken_off, too_big

pages = Blueprint("sheets", __name__)


@pages.get("/sheets/new")
def new() -> Response:
    """The page to write on; with a kind's sample to start from, if one is named."""
    name = request.args.get("kind")
    if name is None:
        return _answer(SheetForm(), None)
    if name not in KINDS:
        abort(404)
    return begun_with(KINDS[name].sample)


def begun_with(manuscript: str) -> Response:
    """The page with this text to go on from."""
    form = SheetForm(data={"manuscript": manuscript})
    return _answer(form, form.read())


@pages.post("/previews")
def preview() -> Response:
    """The sheet to look at while one types: not measured."""
    form = SheetForm.sent()
    return _answer(form, form.read())


@pages.post("/proofs")
def proof() -> Response:
    """The sheet to look at as it is printed, and how full it is."""
    form = SheetForm.sent()
    text = form.read()
    # A page that measures by itself waits for nobody, and has one press at most: people who ask go first.
    patient = form.patience.data != "none"
    if not patient and not fit_report.unasked.acquire(blocking=False):
        form.find_no_press(Busy())
        return _answer(form, text)
    try:
        return _answer(form, text, sheet=_print(form, text))
    finally:
        if not patient:
            fit_report.unasked.release()


@pages.post("/sheets")
def create() -> Response:
    """The sheet to take away, as PDF."""
    form = SheetForm.sent()
    text = form.read()
    if form.took_file and text:
        # Nobody has seen yet what this would print.
        return _answer(form, text, news=_("The file’s words are in the box now. Look at them, then get the PDF."))
    sheet = _print(form, text)
    if text is None or sheet is None:
        return _answer(form, text)
    return download(sheet.pdf, "application/pdf", f"{number_name(text.number)}.pdf")


@pages.post("/texts")
def text() -> Response:
    """The bulletin as plain text, to paste into a message."""
    form = SheetForm.sent()
    sound = form.read()
    return _answer(form, sound, plain=typesetting.plain_text(sound).lstrip() if sound else "")


@pages.post("/beginnings")
def begin() -> Response:
    """The text with a header in front, or with the example."""
    form = SheetForm.sent()
    before = form.manuscript.data
    news = ""
    if form.begin.data == "example":
        form.manuscript.data = samples.with_example(before)
    elif form.begin.data in KINDS:
        form.manuscript.data, messages = samples.begun(before, form.begin.data)
        news = senders_taken_off(messages)
    if form.manuscript.data != before:
        form.was_changed, form.earlier = True, form.earlier or (before if before.strip() else "")
    return _answer(form, form.read(), news=news)


@pages.post("/manuscripts")
def manuscript_file() -> Response:
    """What was typed, as a file to keep, right or wrong."""
    form = SheetForm.sent()
    if form.was_too_long or form.file.errors:
        return _answer(form, None)
    return download(form.manuscript.data.encode(), "text/plain; charset=utf-8", "text.txt")


def _print(form: SheetForm, text: Manuscript | None) -> Sheet | None:
    """The printed sheet; None, and said why beside its field, where there is none."""
    if text is None or form.errors:
        return None
    try:
        return current_app.extensions["press"].print(text, paper=form.paper.data)
    except Unprintable as error:
        form.was_too_much = True
        form.line = error.line
        form.complain(say(error))
    except Busy as busy:
        form.find_no_press(busy)
    return None


def _answer(
    form: SheetForm, text: Manuscript | None, *, sheet: Sheet | None = None, plain: str = "", news: str = ""
) -> Response:
    """The page or, to our own script, its moving parts."""
    html = _typeset(form, text, sheet)
    if sheet:
        form.setting.data = fit_report.written(sheet.setting)
    parts = {
        "sheet": html,
        "shape": _shape(form, html),
        "fit": _fit(form, text, sheet),
        "advice": _advice(form, text),
        "language": text.language if text else None,
        "plain": plain,
        "news": news,
    }
    if wants_json():
        response = jsonify(
            errors=form.complaints,
            measured=bool(sheet or form.was_too_much),
            setting=form.setting.data,
            manuscript=form.manuscript.data if form.was_changed else None,
            earlier=form.earlier or None,
            **parts,
        )
    else:
        response = Response(_page(form, text, parts))
    response.status_code = 413 if form.was_too_long else 503 if form.press_was_busy else 422 if form.errors else 200
    return response


def _page(form: SheetForm, text: Manuscript | None, parts: dict[str, Any]) -> str:
    return render_template(
        "sheets/editor/new.html",
        form=form,
        kind=KINDS.get(text.kind) if text else None,
        kinds=KINDS.values(),
        has_header=pasted.has_header(form.manuscript.data or ""),
        example=samples.EXAMPLE,
        file_max=FILE_MAX,
        too_big=too_big(),
        **parts,
    )


def _typeset(form: SheetForm, text: Manuscript | None, sheet: Sheet | None) -> str | None:
    if text is None or form.paper.errors:
        return None
    setting = sheet.setting if sheet else fit_report.read(form.setting.data, KINDS[text.kind])
    return typesetting.typeset(text, paper=form.paper.data, setting=setting)


def _fit(form: SheetForm, text: Manuscript | None, sheet: Sheet | None) -> str:
    if sheet:
        few = fit_report.mostly_empty(sheet.fullness, text.kind) if text else ""
        return f"{fit_report.sentence(sheet)} {few}".rstrip()
    return _("It does not fit yet.") if form.was_too_much else _("Not yet measured.")


def _advice(form: SheetForm, text: Manuscript | None) -> str:
    """What somebody would not want to print, and may."""
    told = samples.left_over(form.manuscript.data, text) if text else []
    sentences = [_("Still from the sample: %(told)s.", told=listed(told))] if told else []
    return " ".join([*sentences, *(say(one.with_line) for one in (text.left_out if text else ()))])


def _shape(form: SheetForm, html: str | None) -> str:
    """The classes that give the frame the proportions of its sheet."""
    sides = 2 if html and html.count('<section class="side') > 1 else 1
    paper = form.paper.data if form.paper.data in PAPERS else "a4"
    return f"{paper} sides-{sides}"
