"""Reading only reads: who asks for a page keeps no writer waiting. What is due by then is done after the answer.

Each piece of work has a transaction of its own, that no page holds, and looks again whether it is still to be done: two
may have found it at once. Where it fails, the answer is out, and whoever comes next finds it again.
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, g, request

from bulletin.db import db
from bulletin.domain.network import looks
from bulletin.domain.people.reading import Trace
from bulletin.domain.portability import site_upkeep
from bulletin.domain.site import site_keys
from bulletin.domain.site.accounts.devices import Device
from bulletin.domain.site.accounts.members import Member
from bulletin.vault import keys, tenancy

from . import errors
from .cross_site import SAFE_METHODS

Kind = Callable[..., bool]  # True where something was deleted that the disk is to forget
Work = tuple[Kind, tuple[Any, ...]]


def guard(app: Flask) -> None:
    """Let who only asks write nothing, and do after each answer what was found due. Before identity.guard()."""
    app.before_request(_only_read)
    app.after_request(_hand_over)
    app.teardown_request(_let_go)


def later(kind: Kind, *args: Any) -> None:
    """Do this kind of work when the answer of this request is out. Keys among `args` are in memory until then."""
    if kind not in KINDS:
        raise LookupError(f"{kind.__name__} is not one of the kinds")
    noted: list[Work] = g.setdefault("due", [])
    if (kind, args) not in noted:
        noted.append((kind, args))


# The kinds, in the order in which they are found


def sweep() -> bool:
    """What needs no key."""
    current_app.extensions["sweeper"].sweep()
    return False


def hide_idle(token: bytes) -> bool:
    """Overwrite what the cookie of a device opens that was idle for too long. It opened nothing before, either."""
    device = Device.with_token(token)
    if device is None or device.open_key is None or not device.has(token) or not device.hidden(token):
        return False
    device.hide()
    return True


def note_use(token: bytes) -> bool:
    """That a device is in use; and what a release before has left in the clear of its member's devices is sealed."""
    device = Device.with_token(token)
    private = device.private_key(token) if device is not None and device.use_is_due(token) else None
    if device is None or private is None:
        return False
    device.use(token)
    return Device.seal_labels(device.member, private)


def catch_up_site(member_id: uuid.UUID, site_id: uuid.UUID, private: keys.PrivateKey) -> bool:
    """What needs a site's key. Before anything is sealed that somebody who has gone since must not read."""
    member = db.session.get(Member, member_id)
    place = member.membership_at(site_id) if member else None
    if place is None:
        return False
    tenancy.bind(db.session, site_id)
    site_keys.hold(place)
    with keys.opened(site_keys.open_site(place, private)) as ring:
        _, deleted = site_upkeep.catch_up(place, ring)
        db.session.flush()
    return deleted


def note_reading(member_id: uuid.UUID, site_id: uuid.UUID, private: keys.PrivateKey, *opened: Any) -> bool:
    """That a member has opened somebody's page: the person's id in hex, and whether everything that is held of them.

    Without a person: that they took the folder of all papers.
    """
    member = db.session.get(Member, member_id)
    place = member.membership_at(site_id) if member else None
    if place is None:
        return False
    tenancy.bind(db.session, site_id)
    site_keys.hold(place)
    with keys.opened(site_keys.open_site(place, private)):
        if opened:
            contact, everything = opened
            Trace.note(place, contact, everything=everything)
        else:
            Trace.note_papers(place)
        db.session.flush()
    return False


def note_look(member_id: uuid.UUID, private: keys.PrivateKey) -> bool:
    """That a member has looked at what other sites tell today; they alone can open it."""
    if (member := db.session.get(Member, member_id)) is not None:
        looks.note(member, private)
    return False


KINDS: tuple[Kind, ...] = (sweep, hide_idle, note_use, catch_up_site, note_reading, note_look)


def _only_read() -> None:
    db.session().only_reads = request.method in SAFE_METHODS


def _let_go(_error: BaseException | None = None) -> None:
    if db.session().only_reads:
        db.session.rollback()
        db.session().only_reads = False


def _hand_over(response: Response) -> Response:
    if noted := g.pop("due", None):
        response.call_on_close(functools.partial(_do, current_app._get_current_object(), noted))
    return response


def _do(app: Flask, noted: list[Work]) -> None:
    for kind, args in noted:
        try:
            with app.app_context():
                deleted = kind(*args)
                db.session.commit()
                if deleted:
                    app.extensions["sweeper"].forget()
        except Exception as error:  # the answer is out: it is told to the log alone
            app.logger.error("%s", errors.where(error, f"{kind.__name__}, after an answer"))
