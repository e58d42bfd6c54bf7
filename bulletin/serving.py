"""The web server: gunicorn, one threaded worker, and the press warmed up inside it."""

from __future__ import annotations

import functools
import gc
import os
import pathlib
import signal
import socket
import sys
import tempfile
from typing import TYPE_CHECKING, Any, NoReturn

import gunicorn.http.wsgi
from gunicorn.app.base import BaseApplication

from . import arrivals
from .backup import Refused
from .config import INSTANCE, Settings

if TYPE_CHECKING:
    from .db import CannotUse

THREADS = 32  # 14 may wait to have their words tried, 10 print or wait to, 2 hold a whole site: pages have the rest
WORKER_TIMEOUT_S = 60
GRACE_S = 5


def serve(settings: Settings) -> None:
    """Serve until told to stop. Raises OSError where the address cannot be had, Refused where it cannot begin."""
    _make_instance(settings)
    _try_address(settings.host, settings.port)
    _Server(settings).run()


def _make_instance(settings: Settings) -> None:
    """Make the folder of this installation: what is logged there must be writable, wherever the database is."""
    try:
        pathlib.Path(settings.instance or INSTANCE).mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        from .db import Unusable

        raise Refused(Unusable.FOLDER, reason=(error.strerror or "").lower()) from None


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        super().__init__()

    def run(self) -> None:
        with tempfile.TemporaryFile("w+") as self.last_words:
            arbiter = os.getpid()
            try:
                super().run()
            except SystemExit:
                self.last_words.seek(0)
                if os.getpid() == arbiter and (code := self.last_words.read()):
                    from .db import Unusable

                    raise Refused(Unusable[code]) from None
                raise

    def load_config(self) -> None:
        # gunicorn takes some defaults from the environment (PORT, WEB_CONCURRENCY, FORWARDED_ALLOW_IPS);
        # everything that matters is said here instead.
        for name, value in self._choices().items():
            self.cfg.set(name, value)
        gunicorn.http.wsgi.SERVER = "web"  # the Server header: what we run is nobody's business

    def _choices(self) -> dict[str, Any]:
        return {
            "bind": f"{_bracketed(self.settings.host)}:{self.settings.port}",
            # One worker: each has a press of its own, and one is enough for a small machine.
            "workers": 1,
            "worker_class": arrivals.Worker,
            "worker_connections": arrivals.CONNECTIONS,
            "threads": THREADS,
            "timeout": WORKER_TIMEOUT_S,
            "graceful_timeout": GRACE_S,
            "umask": 0o077,
            # Never preloaded: the press must be started in the worker, not before it forks.
            "preload_app": False,
            "post_worker_init": self._open,
            # Nobody's address is written down. Below "error" gunicorn's log names those who send it nonsense.
            "accesslog": None,
            "loglevel": "error",
            # X-Forwarded-* is believed from nowhere; the app itself knows TRUSTED_PROXY.
            "forwarded_allow_ips": "",
            "control_socket_disable": True,
        }

    def load(self) -> Any:
        from . import create_app, db

        try:
            return create_app(self.settings)
        except db.CannotUse as error:
            self._end(error)

    def _end(self, error: CannotUse) -> NoReturn:
        """End the arbiter, which says why: of a worker that fails, gunicorn would tell at length."""
        self.last_words.write(error.code.name)
        self.last_words.flush()
        os.kill(os.getppid(), signal.SIGINT)
        os._exit(0)  # at once: on the way out the arbiter's signal would be told at length, too

    def _open(self, worker: Any) -> None:
        from bulletin.domain.site.accounts.refused_tries import Try

        from . import db
        from .sentences import told as _

        app = worker.app.wsgi()
        try:
            code = _prepared(app)
        except db.CannotUse as error:
            self._end(error)
        # Not before: a press that is warming up would outlive a server that may not begin, and hold its caller up.
        app.extensions["press"].start()
        app.extensions["sweeper"].start(app)
        worker.known_by = app.extensions["browsers"].known_by
        worker.count_unreadable = functools.partial(app.extensions["sweeper"].refused.note, Try.UNREADABLE)
        gc.collect()
        gc.freeze()  # what stands by now stays: looking through it again would hold up a page of thousands of rows
        print(_("Open %(address)s", address=address(self.settings)), file=sys.stderr, flush=True)
        if code:
            told = _("Nobody has begun a network here yet. This code begins one, once: %(code)s", code=code)
            print(told, file=sys.stderr, flush=True)


def _prepared(app: Any) -> str | None:
    """Bring the database up to date; the founding code, where there is no network yet. Raises db.NewerDatabase."""
    from bulletin.domain.site.accounts.browser_keys import BrowserKey

    from . import db, migrations
    from .backup import departures
    from .domain.site.founding import FoundingCode

    migrations.migrate(app)
    departures.take_in_file(app)
    with app.app_context():
        code = FoundingCode.print_anew()
        browser_key = BrowserKey.made().secret
        db.db.session.commit()
    app.extensions["browsers"].use(browser_key)
    return code


def address(settings: Settings) -> str:
    """The address to open in a browser."""
    if settings.public_url:
        return f"{settings.public_url}/"
    everywhere = settings.host in ("0.0.0.0", "::", "")  # noqa: S104  # compared, not bound
    return f"http://{_bracketed('127.0.0.1' if everywhere else settings.host)}:{settings.port}/"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _try_address(host: str, port: int) -> None:
    # gunicorn would try five times, and say so at length.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
