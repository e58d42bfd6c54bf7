"""What falls due by itself and needs no key: what has run out is deleted."""

from __future__ import annotations

import threading
import time

from flask import Flask

from bulletin.domain.network.answering import mandates
from bulletin.domain.network.answering.becoming_counts import become_counts
from bulletin.domain.site.accounts.devices import Device
from bulletin.domain.site.accounts.idleness import Idleness
from bulletin.domain.site.accounts.refused_tries import RefusedTry, Tally
from bulletin.domain.site.accounts.throttle import Throttle

from .db import db, forget_old_pages
from .domain.papers.print_tickets import PrintTicket
from .domain.site.invitations import Invitation

SWEEP_S = 60.0
AGAIN_S = 2.0  # where old pages could not be forgotten


class Sweeper:
    """Sweeps at most once in SWEEP_S, in a thread of its own where there is a server, else when somebody comes."""

    def __init__(self) -> None:
        self.idleness = Idleness()
        self.refused = Tally()  # is kept with each sweep
        self.lock = threading.Lock()
        self.swept_at: float | None = None
        self.owed = threading.Event()  # old pages could not be forgotten yet

    def start(self, app: Flask) -> None:
        """Sweep in a thread of its own, as long as the process lives: where nobody comes, too."""

        def go_round() -> None:
            while True:
                self.go_round(app)

        threading.Thread(target=go_round, name="sweeper", daemon=True).start()

    def go_round(self, app: Flask) -> None:
        """Wait, and sweep."""
        if self.owed.wait(SWEEP_S):
            time.sleep(AGAIN_S)
        try:
            with app.app_context():
                self.forget()
                self.sweep()
        except Exception as error:  # whatever it is, the next round may do better
            app.logger.error("The sweeper broke: %s", type(error).__qualname__)

    def forget(self) -> None:
        """Forget old pages, now or as soon as it can be done."""
        if forget_old_pages():
            self.owed.clear()
        else:
            self.owed.set()

    @property
    def is_due(self) -> bool:
        """Has nobody swept for SWEEP_S?"""
        return self.swept_at is None or time.monotonic() - self.swept_at >= SWEEP_S

    def sweep(self) -> None:
        """Do it in a transaction of its own, if nobody has just done it."""
        with self.lock:
            if not self.is_due:
                return
            self.swept_at = time.monotonic()
        Invitation.sweep()
        Device.sweep()
        self.idleness.sweep()
        Throttle.sweep()
        PrintTicket.sweep()
        become_counts()
        mandates.end_over()
        counted = self.refused.take()
        try:
            RefusedTry.keep(counted)
            db.session.commit()
        except Exception:
            for kind, count in counted.items():
                self.refused.note(kind, count)
            raise
        self.forget()
