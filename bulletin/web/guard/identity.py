"""Who is asking: the device whose cookie came along, the member it belongs to, and the site they open."""

from __future__ import annotations

import base64
import binascii
import threading
import time
import uuid
from datetime import timedelta
from typing import NoReturn, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from bulletin.db import db, forget_old_pages
from bulletin.domain.papers.print_tickets import PrintTicket
from bulletin.domain.portability import daily, leaving
from bulletin.domain.site import site_keys
from bulletin.domain.site.devices import LASTS, Device
from bulletin.domain.site.invitations import Invitation
from bulletin.domain.site.members import Member, Membership
from bulletin.domain.site.throttle import Throttle
from bulletin.vault import keys, tenancy

from . import cookies, errors, language

R = TypeVar("R", bound=Response)

SWEEP_S = 60.0
AGAIN_S = 2.0  # where old pages could not be forgotten
BROWSER_LASTS = timedelta(days=365)
NOBODYS = ("static", "status", "assets")  # files and the like: nobody has to be known for them


class Broom:
    """What falls due by itself and needs no key, at most once in SWEEP_S."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.swept_at: float | None = None
        self.owed = threading.Event()  # old pages could not be forgotten yet

    def start(self, app: Flask) -> None:
        """Sweep in a thread of its own, as long as the process lives: where nobody comes, too."""

        def go_round() -> None:
            while True:
                self.go_round(app)

        threading.Thread(target=go_round, name="broom", daemon=True).start()

    def go_round(self, app: Flask) -> None:
        """Wait, and sweep."""
        if self.owed.wait(SWEEP_S):
            time.sleep(AGAIN_S)
        try:
            with app.app_context():
                self.forget()
                self.sweep()
        except Exception as error:  # whatever it is, the next round may do better
            app.logger.error("The broom broke: %s", type(error).__qualname__)

    def forget(self) -> None:
        """Forget old pages, now or as soon as it can be done."""
        if forget_old_pages():
            self.owed.clear()
        else:
            self.owed.set()

    def sweep(self) -> None:
        """Do it, if nobody has just done it."""
        with self.lock:
            moment = time.monotonic()
            if self.swept_at is not None and moment - self.swept_at < SWEEP_S:
                return
            self.swept_at = moment
        leaving.carry_out_removals()
        Invitation.sweep()
        Device.sweep()
        Throttle.sweep()
        PrintTicket.sweep()
        db.session.commit()
        self.forget()


def guard(app: Flask) -> None:
    """Know, before each request, which device it comes from; and put its keys away after."""
    app.extensions["broom"] = Broom()
    app.before_request(_recognise)
    app.teardown_request(_put_away)
    app.context_processor(lambda: {"signed_in": is_open(), "whose": whose()})


# Who it is


def device() -> Device | None:
    """The device this request comes from, open or hidden; None for a stranger."""
    found: Device | None = g.get("device")
    return found


def is_open() -> bool:
    """Is somebody signed in, and not hidden? Asks no database."""
    return g.get("private_key") is not None


def member() -> Member | None:
    """The member whose device this is; None for a stranger, and while it is hidden."""
    return g.device.member if is_open() else None


def whose() -> str:
    """The member whose device this is, also while it is hidden; empty for a stranger. Asks no database."""
    return str(g.get("whose", ""))


def private_key() -> keys.PrivateKey:
    """The key of the member who is signed in."""
    key: keys.PrivateKey = g.private_key
    return key


def signed_in() -> Member:
    """The member who is asking; a stranger is sent to sign in, and one whose device is hidden to their words."""
    here = member()
    return here if here is not None else _ask()


def open_site(site_id: uuid.UUID) -> Membership:
    """The asking member's place in a site, which is open from here on; 404 where they have none."""
    membership = signed_in().membership_at(site_id)
    if membership is None:
        abort(404)
    ring = open_as(membership, private_key())
    rotated = site_keys.rotate_if_due(membership.site, ring)
    site_keys.reseal_some(membership.site, ring)
    tended = daily.tend_if_due(membership.site)
    if rotated or tended:
        commit_and_forget()
    else:
        db.session.commit()
    return membership


def commit_and_forget() -> None:
    """Commit, and leave nothing of what was overwritten in SQLite's log: keys, after somebody hid or left."""
    db.session.commit()
    current_app.extensions["broom"].forget()


def open_as(membership: Membership, private: keys.PrivateKey) -> keys.Keyring:
    """Bind the session to the site of a membership, and open what is sealed there until the request ends."""
    tenancy.bind(db.session, membership.site_id)
    ring = site_keys.open_site(membership, private)
    use(ring)
    return ring


def use(ring: keys.Keyring) -> None:
    """Open what this ring opens until the request ends."""
    _put_away()
    g.opened = keys.current.set(ring)


# Cookies


def remember(response: Response, token: bytes, *, shared: bool) -> None:
    """Leave a device's token in its browser; on a shared one only until it is closed."""
    _set(response, "device", token, None if shared else LASTS)


def forget(response: Response) -> None:
    """Take it back, and all else that would show that somebody was here."""
    cookies.take_back(response, "device")
    language.forget(response)


def browser() -> bytes | None:
    """By what a browser is known that is nobody's yet."""
    return _cookie("browser")


def meet_browser(response: R) -> R:
    """Make this browser known, if it is not."""
    if browser() is None:
        _set(response, "browser", keys.new_secret(), BROWSER_LASTS)
    return response


def token() -> bytes:
    """The secret of the device that is asking."""
    value: bytes = g.token
    return value


# Where to go after


def safe_path(path: str | None, otherwise: str = "/") -> str:
    """A path at this site, or the other one. Browsers take a backslash for a slash, and leave out tabs and lines."""
    path = path or ""
    fine = path.isascii() and path.isprintable() and path.startswith("/") and not path.startswith("//")
    if not fine or "\\" in path or any(urlsplit(path)[:2]):
        return otherwise
    return path


def _recognise() -> None:
    if request.endpoint is None or request.endpoint.partition(".")[0] in NOBODYS:
        return
    secret = _cookie("device")
    if secret is None:
        return
    current_app.extensions["broom"].sweep()
    found = Device.with_token(secret)
    if found is not None:
        g.device, g.token, g.whose = found, secret, found.member_id.hex
        if found.hidden:
            if found.open_key is not None:
                found.hide()
                commit_and_forget()
        else:
            g.private_key = found.private_key(secret)
            found.use()
    db.session.commit()  # Nobody waits for this request: a view that prints for seconds has let go of the database.


def _put_away(_error: BaseException | None = None) -> None:
    opened = g.pop("opened", None)
    if opened is not None:
        keys.current.reset(opened)


def _ask() -> NoReturn:
    where = "devices.hidden" if device() is not None else "signing_in.new"
    if request.method in ("GET", "HEAD"):
        back = request.full_path.rstrip("?")
        abort(redirect(url_for(where, next=None if back == "/" else back), 303))
    # Somebody was signed out while they wrote: what they sent is theirs to keep.
    sentence = _("You are not signed in any more, so this was not done yet.")
    if errors.wants_json():
        abort(403, sentence)
    abort(make_response(errors.page_with_typed(sentence, sign_in=url_for(where)), 403))


def _cookie(what: str) -> bytes | None:
    try:
        value = base64.b64decode(cookies.read(what), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return value if len(value) == keys.KEY_BYTES else None


def _set(response: Response, what: str, value: bytes, lasts: timedelta | None) -> None:
    cookies.leave(response, what, base64.urlsafe_b64encode(value).decode(), lasts)
