"""What is said when something is wrong: always a sentence, never what was typed."""

from __future__ import annotations

import traceback

import sqlalchemy as sa
from flask import Flask, Response, current_app, jsonify, render_template, request
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import orm
from werkzeug.exceptions import Conflict, HTTPException, InternalServerError, NotFound, ServiceUnavailable

from bulletin.db import StorageFull, db
from bulletin.domain.site.refusals import NotAllowed
from bulletin.press.mistake import Busy, NoSheet
from bulletin.sentences import say
from bulletin.vault.queue import Crowded

from .language import speak

NOT_KEPT = (
    "words",
    "typed",
    "pin",
    "pin_again",
    "pin_now",
)  # what opens an account is typed anew, and stands on no page
NO_PRESS = _l("All presses are at work, or you have asked for much at once. Wait ten seconds, then ask again.")

# PostgreSQL's deadlock_detected, serialization_failure, foreign_key_violation and unique_violation: as two make them.
MET = {"40P01", "40001", "23503", "23505"}
LONG = 60  # letters that nobody types twice

BY_STATUS = {
    400: _l("The page could not read what your browser sent. Begin at the start."),
    403: _l("This is not allowed from here."),
    404: _l("There is no page at this address. Check it, or begin at the start."),
    405: _l("This address only takes what a form sends. Begin at the start."),
    409: _l("Somebody else was at the same thing. Look at it again first, then send this again."),
    413: _l(
        "That was more than the page takes: 500 kB in all. Shorten the text where you have it, or choose "
        "a smaller file, and begin again."
    ),
    422: _l("Something in the form is not right. Begin at the start."),
    500: _l("Something broke on our side. Wait a moment, then try again."),
    507: _l("The disk here is full: this was not saved, all before it was. Tell whoever runs this machine."),
    503: _l("The page has too much to do just now. Wait a moment, then try again."),
}


def no_press(busy: Busy) -> str:
    """Why nothing could be printed just now."""
    return str(NO_PRESS) if busy.code is NoSheet.BUSY else say(busy)


def install(app: Flask) -> None:
    """Answer every error with a page in plain words, or JSON for a script of ours."""
    app.register_error_handler(HTTPException, _page)
    app.register_error_handler(StorageFull, _full)
    app.register_error_handler(Crowded, _crowded)
    app.register_error_handler(NotAllowed, _refused)
    app.register_error_handler(orm.exc.ObjectDeletedError, _gone)
    app.register_error_handler(orm.exc.StaleDataError, _met)
    app.register_error_handler(sa.exc.DBAPIError, _met_in_the_database)
    app.register_error_handler(Exception, _broken)


def wants_json() -> bool:
    """Does a script of ours ask, not a browser that shows the answer?"""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def _page(error: HTTPException) -> Response:
    code = error.code or 500
    own = error.description if error.description != type(error).description else None
    sentence = own or BY_STATUS.get(code) or BY_STATUS[500 if code >= 500 else 400]
    if wants_json():
        response = jsonify(errors=[{"field": None, "sentence": str(sentence), "line": None}])
    else:
        response = Response(page_with_typed(sentence) if code >= 500 or code == 409 else page(sentence))
    response.status_code = code
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def page(sentence: str) -> str:
    """A page that says what is wrong, and no more."""
    return render_template("guard/error.html", sentence=sentence)


def page_with_typed(sentence: str, sign_in: str = "") -> str:
    """The same, with what was sent: to send it again, and to copy. An error must not cost anybody their words."""
    try:
        sent = [(name, text) for name, text in request.form.items(multi=True) if name not in NOT_KEPT]
    except HTTPException:
        sent = []
    again = sent if request.method == "POST" else None
    typed = "\n\n".join(text for _name, text in sent if len(text) > LONG and " " in text)
    return render_template("guard/error.html", sentence=sentence, again=again, typed=typed, sign_in=sign_in)


class InsufficientStorage(HTTPException):
    """The disk is full (RFC 4918)."""

    code = 507


def _full(_error: StorageFull) -> Response:
    return _page(InsufficientStorage())


def _crowded(error: Crowded) -> Response:
    return _page(ServiceUnavailable(retry_after=error.wait_s))


def _refused(reason: NotAllowed) -> Response:
    """It was so since the page was shown; where the page can say it beside a field, it does."""
    db.session.rollback()
    with speak():
        return _page(Conflict(say(reason)))


def _gone(_error: orm.exc.ObjectDeletedError) -> Response:
    """Somebody deleted it meanwhile: as if they had been a moment earlier."""
    db.session.rollback()
    return _page(NotFound())


def _met(error: Exception) -> Response:
    """Two at the same thing, and the other was first. Nothing of this was kept; sent again, it finds what is there."""
    db.session.rollback()
    current_app.logger.warning("%s", where(error))
    return _page(ServiceUnavailable(_("Somebody else was at the same thing: send it again."), retry_after=1))


def _met_in_the_database(error: sa.exc.DBAPIError) -> Response:
    return _met(error) if getattr(error.orig, "sqlstate", None) in MET else _broken(error)


def _broken(error: Exception) -> Response:
    if current_app.debug:
        raise error
    current_app.logger.error("%s", where(error))
    return _page(InternalServerError())


def where(error: BaseException, doing: str = "") -> str:
    """An exception's type and places, without its message: that may quote what somebody wrote.

    `doing`: what broke, where there is no request.
    """
    told: list[str] = []
    link: BaseException | None = error
    while link is not None and len(told) < 5:
        told.append(type(link).__qualname__ + "\n" + "".join(traceback.format_tb(link.__traceback__)))
        link = link.__cause__ or link.__context__
    return f"Broke in {doing or request.endpoint}: " + "after ".join(told)
