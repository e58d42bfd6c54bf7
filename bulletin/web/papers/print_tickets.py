"""The short address of a print ticket: for the library, the copy shop, a workmate with a printer. No account needed."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from bulletin.domain.papers.print_tickets import PrintTicket
from bulletin.web.shared.downloads import download

pages = Blueprint("print_tickets", __name__, url_prefix="/p")


@pages.get("/")
def new() -> str:
    """Where somebody types the letters who has them on a note."""
    return render_template("papers/print_tickets/new.html")


@pages.post("/")
def find() -> AnyResponse:
    """To the sheet's own address."""
    typed = "".join(filter(str.isalnum, request.form.get("letters", "")))[:40]
    return redirect(url_for(".show", letters=typed or "-"), 303)


@pages.get("/<letters>")
def show(letters: str) -> Response:
    """The sheet; 404 alike for letters that never were, are over, or were mistyped."""
    sheet = PrintTicket.sheet_for(letters)
    if sheet is None:
        abort(404, _("There is no sheet at this address: it may be over, or a letter is wrong."))
    response = download(sheet, "application/pdf", "sheet.pdf")
    response.headers.set("Content-Disposition", "inline", filename="sheet.pdf")
    return response
