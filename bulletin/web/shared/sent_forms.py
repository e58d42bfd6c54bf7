"""Forms that are sent twice: the id that each was given when it was shown makes one row, and other words are not lost.

What was sent is kept as a digest with the row that it makes, in the same transaction. Where the form comes again and
makes nothing, because that row is there already, both digests are compared; where they differ, who sent it is shown
what they typed, with the way to what is kept.
"""

from __future__ import annotations

import dataclasses
import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

from flask import Flask, Response, g, has_request_context, jsonify, request
from flask_babel import gettext as _
from sqlalchemy import event

from bulletin.db import Session, SiteOwned, db
from bulletin.domain.site.sent_forms import SentForm, digest_of
from bulletin.vault import tenancy
from bulletin.web.guard.errors import NOT_KEPT, wants_json

from .rendering import render

DONE = (200, 201, 302, 303)
CHOSEN = re.compile(r"[0-9a-z_.:-]*")  # ids, days, names of choices


@dataclasses.dataclass
class Sent:
    """The form of this request. `made`: has it made something?"""

    id: uuid.UUID
    digest: str
    made: bool = False


def form_id() -> uuid.UUID:
    """The id that a form was given when it was shown, so that sending it twice makes one row; a new one without."""
    try:
        found = uuid.UUID(hex=request.form.get("form_id", ""), version=4)
    except ValueError:
        return uuid.uuid4()
    g.sent_form = Sent(found, digest())
    return found


def made(site_id: uuid.UUID) -> None:
    """The form of this request has made something, which has not its id."""
    sent: Sent | None = g.get("sent_form")
    if sent is not None:
        sent.made = True
        SentForm.keep(site_id, sent.id, sent.digest)


def digest() -> str:
    """Of all that was sent, files included, but for its id, words that open something, and what a script counts."""
    files = []
    for name, file in request.files.items(multi=True):
        files.append((name, file.stream.read()))
        file.stream.seek(0)
    return digest_of(((name, text) for name, text in _typed() if name != "version"), files)


def install(app: Flask) -> None:
    """Compare what was sent, once a view has answered. After sent_by_script.install(), which is to see the outcome."""
    app.after_request(_compare)


def _typed() -> Iterator[tuple[str, str]]:
    """Fields and what is in them, in the order of their names: two pages may have them in another."""
    sent = ((name, text) for name, text in request.form.items(multi=True))
    return iter(sorted((name, text) for name, text in sent if name not in (*NOT_KEPT, "form_id")))


def _of_page(text: str) -> bool:
    """Has the page sent this of itself: an id, a choice, a list of what it showed?"""
    if CHOSEN.fullmatch(text):
        return True
    try:
        return isinstance(json.loads(text), list)
    except (ValueError, RecursionError):
        return False


@event.listens_for(Session, "before_flush")
def _keep(session: Session, _context: Any, _rows: Any) -> None:
    """With the row that the form makes, what it said."""
    sent: Sent | None = g.get("sent_form") if has_request_context() else None
    if sent is None or sent.made:
        return
    for row in session.new:
        if isinstance(row, SiteOwned) and row.id == sent.id:
            sent.made = True
            with session.no_autoflush:
                SentForm.keep(row.site_id, sent.id, sent.digest)
            return


@event.listens_for(Session, "after_soft_rollback")
def _take_back(_session: Session, _previous: Any) -> None:
    if has_request_context() and (sent := g.get("sent_form")) is not None:
        sent.made = False


def _compare(response: Response) -> Response:
    sent: Sent | None = g.pop("sent_form", None)
    if sent is None or sent.made or response.status_code not in DONE:
        return response
    first = SentForm.of(tenancy.bound_site(db.session), sent.id)
    if first is None or first.digest == sent.digest:
        return response
    return _both(response.location)


def _both(kept: str | None) -> Response:
    """A page with what was typed, and the way to what is kept."""
    if wants_json():
        said = jsonify(
            errors=[{"field": None, "sentence": _("This was saved before, with other words."), "line": None}]
        )
        said.status_code = 409
        return said
    words = [text for _name, text in _typed() if not _of_page(text)]
    files = any(file.filename for file in request.files.values())
    again = None if files else list(_typed())
    return render("guard/sent_before.html", 409, kept=kept, words="\n\n".join(words), again=again)
