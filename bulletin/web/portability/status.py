"""Is the app there, and does its press work? For whoever watches over the machine."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial

from flask import Blueprint, Response, current_app

from bulletin import db

pages = Blueprint("status", __name__)

FRESH_S = 5.0
ROOM_BYTES = 64 * 1024


class Check:
    """Asks at most once in FRESH_S, so that nobody can keep the press or the disk busy with questions."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.asked_at: float | None = None
        self.answer = False

    def passes(self, ask: Callable[[], bool]) -> bool:
        """The latest answer; a fresh one if it is old and nobody else is asking."""
        # Only the first to ask wait for each other: later ones get the answer before.
        if self.lock.acquire(blocking=self.asked_at is None):
            try:
                if self.asked_at is None or time.monotonic() - self.asked_at >= FRESH_S:
                    self.answer = ask()
                    self.asked_at = time.monotonic()
            finally:
                self.lock.release()
        return self.answer


@pages.record_once
def _begin(state):  # type: ignore[no-untyped-def]
    state.app.extensions["press_check"] = Check()
    state.app.extensions["room_check"] = Check()


def _has_room(folder: str) -> bool:
    """Can as much be written to the disk as a form brings? Nothing of it stays."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"\0" * ROOM_BYTES)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        return False
    return True


@pages.get("/up")
def up() -> Response:
    """200 if app, database and press work, and there is room to write; else 503."""
    broken = []
    if not current_app.extensions["press_check"].passes(current_app.extensions["press"].works):
        broken.append("The press does not work.\n")
    if not db.answers():
        broken.append("The database does not work.\n")
    if not current_app.extensions["room_check"].passes(partial(_has_room, current_app.instance_path)):
        broken.append("Nothing can be written: the disk is full, or its folder is not there.\n")
    return Response("".join(broken) or "ok\n", 503 if broken else 200, content_type="text/plain; charset=utf-8")
