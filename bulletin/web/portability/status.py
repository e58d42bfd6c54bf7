"""Is the app there, and does its press work? For whoever watches over the machine."""

from __future__ import annotations

import threading
import time

from flask import Blueprint, Response, current_app

from bulletin import db
from bulletin.press.jobs import Press

pages = Blueprint("status", __name__)

FRESH_S = 5.0


class PressCheck:
    """Asks the press at most once in FRESH_S, so that nobody can keep it busy with questions."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.asked_at: float | None = None
        self.answer = False

    def works(self, press: Press) -> bool:
        """The latest answer; a fresh one if it is old and nobody else is asking."""
        # Only the first to ask wait for each other: later ones get the answer before.
        if self.lock.acquire(blocking=self.asked_at is None):
            try:
                if self.asked_at is None or time.monotonic() - self.asked_at >= FRESH_S:
                    self.answer = press.works()
                    self.asked_at = time.monotonic()
            finally:
                self.lock.release()
        return self.answer


@pages.record_once
def _begin(state):  # type: ignore[no-untyped-def]
    state.app.extensions["press_check"] = PressCheck()


@pages.get("/up")
def up() -> Response:
    """200 if app, database and press work, else 503."""
    broken = []
    if not current_app.extensions["press_check"].works(current_app.extensions["press"]):
        broken.append("The press does not work.\n")
    if not db.answers():
        broken.append("The database does not work.\n")
    return Response("".join(broken) or "ok\n", 503 if broken else 200, content_type="text/plain; charset=utf-8")
