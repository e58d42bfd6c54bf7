"""Who is asking: the device whose cookie came along, the member it belongs to, and the site they open."""

from __future__ import annotations

import base64
import binascii
import dataclasses
import uuid
from datetime import timedelta
from typing import NoReturn, TypeVar, cast

from flask import Flask, abort, current_app, g, has_request_context, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from bulletin.db import db
from bulletin.domain.network.answering import mandates
from bulletin.domain.portability import site_upkeep
from bulletin.domain.site import site_keys
from bulletin.domain.site.accounts.browser_keys import BrowserKey
from bulletin.domain.site.accounts.devices import LASTS, Device
from bulletin.domain.site.accounts.members import Member, Membership
from bulletin.domain.site.accounts.refused_tries import Try
from bulletin.domain.site.governance import consequences
from bulletin.domain.site.governance.consequences import Visit
from bulletin.vault import keys, tenancy
from bulletin.vault.readers import Reader

from . import after_response, cookies, errors, language, paths, refused_tries
from .browsers import Browser, Browsers

R = TypeVar("R", bound=Response)

BROWSER_LASTS = timedelta(days=365)
NOBODYS = ("static", "status", "assets", "public", "offline")  # files and the like: nobody has to be known for them


def guard(app: Flask) -> None:
    """Know, before each request, which device it comes from; and put its keys away after."""
    app.before_request(_recognise)
    app.after_request(_know_browser)
    app.teardown_request(_put_away)
    app.context_processor(lambda: {"signed_in": is_open(), "whose": whose()})


# Who it is


def device() -> Device | None:
    """The device this request comes from, open or hidden; None for a stranger."""
    return cast("Device | None", g.get("device"))


def here() -> Device:
    """The device of the member who is signed in."""
    return cast("Device", g.device)


def is_open() -> bool:
    """Is somebody signed in, and not hidden? Asks no database."""
    return g.get("private_key") is not None


def member() -> Member | None:
    """The member whose device this is; None for a stranger, and while it is hidden."""
    return g.device.member if is_open() else None


def whose() -> str:
    """The member whose device this is, also while it is hidden; empty for a stranger. Asks no database."""
    return str(g.get("whose", ""))


def own_phone() -> str:
    """By what the token of a phone of one's own is looked up, open or hidden; empty for another. Asks no database."""
    return str(g.get("own_phone", ""))


def asking() -> str | None:
    """Who asks the press for something, so that it is counted; None for strangers, who print on their own machine."""
    return whose() or None if has_request_context() else None


def private_key() -> keys.PrivateKey:
    """The key of the member who is signed in."""
    return cast("keys.PrivateKey", g.private_key)


def signed_in() -> Member:
    """The member who is asking; a stranger is sent to sign in, and one whose device is hidden to their words."""
    here = member()
    return here if here is not None else _ask()


def open_site(site_id: uuid.UUID) -> Membership:
    """The asking member's place in a site, which is open from here on; 404 where they have none.

    Who is about to write does first what is due there: nothing new is sealed with a key that somebody took along.
    """
    membership = signed_in().membership_at(site_id)
    if membership is None:
        _no_place()
    if db.session().only_reads:
        ring = open_as(membership, private_key())
        if consequences.standing_of(membership) is Visit.OUT:
            _no_place()
        if site_upkeep.is_due(membership, ring):
            after_response.later(after_response.catch_up_site, membership.member_id, site_id, private_key())
        return membership
    site_keys.hold(membership)
    visit, deleted = site_upkeep.catch_up(membership, open_as(membership, private_key()))
    if deleted:
        commit_and_forget()
    else:
        db.session.commit()
    if visit is not Visit.IN:
        _no_place()
    return membership


def open_network() -> Member:
    """The asking member, who reads from here on what sites tell each other; 404 for who is neither in nor asked to."""
    me = signed_in()
    reader = mandates.reader_of(me)
    if reader is Reader.NOBODY:
        abort(404)
    tenancy.read_as(db.session, reader)
    return me


def commit_and_forget() -> None:
    """Commit, and leave nothing of what was overwritten in SQLite's log: keys, after somebody hid or left."""
    db.session.commit()
    current_app.extensions["sweeper"].forget()


def open_as(membership: Membership, private: keys.PrivateKey) -> keys.Keyring:
    """Bind the session to a membership's site, and open what is sealed there for this request; or 404."""
    g.at_site = membership.site  # for what says where one is
    return _open(membership, private) or _no_place()


def opens(membership: Membership) -> bool:
    """Does this site open for the asking member, and know them? For pages about several; then it is open."""
    return _open(membership, private_key()) is not None and consequences.standing_of(membership) is not Visit.OUT


def _open(membership: Membership, private: keys.PrivateKey) -> keys.Keyring | None:
    tenancy.bind(db.session, membership.site_id)
    try:
        ring = site_keys.open_site(membership, private)
    except keys.DoesNotOpen:
        return None
    use(ring)
    return ring


def _no_place() -> NoReturn:
    refused_tries.count(Try.NO_PLACE)
    abort(404)


def use(ring: keys.Keyring) -> None:
    """Open what this ring opens until the request ends."""
    _put_away()
    g.opened = keys.current.set(ring)


# Cookies


def remember(response: Response, token: bytes, *, shared: bool) -> None:
    """Leave a device's token in its browser, which is known from here on; on a shared one until it is closed."""
    _set(response, "device", token, None if shared else LASTS)
    known = dataclasses.replace(browser() or Browser.new(), known=True)
    _leave_browser(response, known, None if shared else BROWSER_LASTS)


def forget(response: Response) -> None:
    """Take it back, and all else that would show that somebody was here."""
    cookies.take_back(response, "device")
    language.forget(response)


def browser() -> Browser | None:
    """The browser that asks; None where it has no cookie that we signed."""
    return _browsers().read(cookies.read("browser"))


def meet_browser(response: R) -> R:
    """Give this browser a cookie, if it has none."""
    if browser() is None:
        _leave_browser(response, Browser.new(), BROWSER_LASTS)
    return response


def sends_before_it_is_asked() -> bool:
    """May this browser send what is too long to be held, before anything else is asked? Lets go of the database."""
    if (asking := browser()) is not None and asking.known:
        return True
    secret = _cookie("device")
    if secret is None:
        return False
    db.session().read_only()
    there = Device.with_token(secret) is not None
    db.session.rollback()
    return there


def token() -> bytes:
    """The secret of the device that is asking."""
    return cast("bytes", g.token)


def _recognise() -> None:
    if request.endpoint is None or request.endpoint.partition(".")[0] in NOBODYS:
        return
    _take_up_key()
    secret = _cookie("device")
    if secret is None:
        return
    if current_app.extensions["sweeper"].is_due:
        after_response.later(after_response.sweep)
    found = Device.with_token(secret)
    if found is not None:
        g.device, g.token, g.whose = found, secret, found.member_id.hex
        g.has_pin, g.idle_minutes, g.own_phone = found.has_pin, found.idle_minutes, (found.letter_digest or b"").hex()
        if not found.hidden(secret):
            g.private_key = found.private_key(secret)
            if found.use_is_due(secret):
                after_response.later(after_response.note_use, secret)
        elif found.open_key is not None and found.has(secret):
            after_response.later(after_response.hide_idle, secret)
    if not db.session().only_reads:
        db.session.commit()  # Nobody waits for this request: a view that prints for seconds has let go of the database.


def _know_browser(response: R) -> R:
    """Whoever signed in before browsers had signed cookies has one from here on."""
    here = browser()
    if request.method == "GET" and is_open() and not (here and here.known):
        known = dataclasses.replace(here or Browser.new(), known=True)
        _leave_browser(response, known, None if g.device.shared else BROWSER_LASTS)
    return response


def _browsers() -> Browsers:
    return cast("Browsers", current_app.extensions["browsers"])


def _take_up_key() -> None:
    """The key for cookies of browsers, from the database; who may write makes it where there is none."""
    if _browsers().has_key:
        return
    found = BrowserKey.here() if db.session().only_reads else BrowserKey.made()
    if not db.session().only_reads:
        db.session.commit()
    if found is not None:
        _browsers().use(found.secret)


def _leave_browser(response: Response, browser: Browser, lasts: timedelta | None) -> None:
    if _browsers().has_key:
        cookies.leave(response, "browser", _browsers().cookie(browser), lasts)


def _put_away(_error: BaseException | None = None) -> None:
    opened = g.pop("opened", None)
    if opened is not None:
        keys.current.reset(opened)


def _ask() -> NoReturn:
    hidden = device() is not None
    where = "devices.hidden" if hidden else "signing_in.new"
    if request.method in ("GET", "HEAD"):
        back = request.full_path.rstrip("?")
        way = paths.covered(back, token()) if hidden else back
        abort(redirect(url_for(where, next=None if back == "/" else way), 303))
    refused_tries.count(Try.SIGNED_OUT)
    # Somebody was signed out while they wrote: what they sent is theirs to keep.
    sentence = _("You are not signed in any more, so this was not done yet.")
    if errors.wants_json():
        abort(403, sentence)
    response = make_response(errors.page_with_typed(sentence, sign_in=url_for(where)), 403)
    if hidden:
        response.headers["X-Hidden"] = "yes"  # so that static/js/send.js asks on the page itself, and sends it then
    abort(response)


def _cookie(what: str) -> bytes | None:
    try:
        value = base64.b64decode(cookies.read(what), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return value if len(value) == keys.KEY_BYTES else None


def _set(response: Response, what: str, value: bytes, lasts: timedelta | None) -> None:
    cookies.leave(response, what, base64.urlsafe_b64encode(value).decode(), lasts)
