"""How letters come in: from a phone that has been signed in, without a session; and what it was given for that."""

from __future__ import annotations

import base64
import uuid

from flask import Blueprint, Response, abort, jsonify, request

from bulletin.db import db
from bulletin.domain.inbox.letters import LETTER_MAX, Letter, typed_before
from bulletin.domain.inbox.refusals import Why
from bulletin.domain.site.accounts.devices import letter_token
from bulletin.domain.site.accounts.refused_tries import Try
from bulletin.domain.site.inbox_keys import InboxKey
from bulletin.domain.site.refusals import NotAllowed
from bulletin.web.guard import identity, refused_tries
from bulletin.web.shared.rooms import screen_name
from bulletin.web.shared.sentences import say

pages = Blueprint("letters", __name__)

STATUS = {Why.NO_TOKEN: 403, Why.TOO_LONG: 413, Why.FULL: 503}


@pages.app_context_processor
def kept_here() -> dict[str, str]:
    """What the phone of one's own that asks, hidden or not, is called in its letters. Nothing waits in a shared one."""
    return {"own_phone": identity.own_phone()}


@pages.post("/letters")
def leave() -> Response:
    """Take one. Whoever sends it need not be signed in, and is told nothing but that it is here."""
    letter_id, content = _sealed()
    try:
        site_id, token = uuid.UUID(hex=request.form.get("site", "")), bytes.fromhex(request.form.get("token", ""))
    except ValueError:
        abort(400)
    try:
        Letter.leave(token, site_id, letter_id, content)
    except NotAllowed as reason:
        if reason.code is Why.NO_TOKEN:
            refused_tries.count(Try.SIGNED_OUT)
        abort(STATUS[reason.code], say(reason))  # type: ignore[index]
    db.session.commit()
    return Response(status=204)


def _sealed() -> tuple[uuid.UUID, bytes]:
    """The id that a phone has sealed something under, and that."""
    try:
        content = base64.b64decode(request.form.get("sealed", ""), validate=True)
        return uuid.UUID(hex=request.form.get("id", "")), content
    except ValueError:
        abort(400)


@pages.post("/sites/<uuid:site_id>/letters/opened")
def give_back(site_id: uuid.UUID) -> Response:
    """What somebody had typed and not saved, of the copy in their phone: see static/js/copies.js. Nothing is kept."""
    me = identity.open_site(site_id)
    copy_id, content = _sealed()
    fields = typed_before(me, copy_id, content) if len(content) <= LETTER_MAX else None
    if fields is None:
        abort(404)
    return jsonify(fields=fields)


@pages.get("/sites/<uuid:site_id>/phone")
def phone(site_id: uuid.UUID) -> Response:
    """What one's own phone keeps to write letters: nothing that opens any. A shared one is given nothing."""
    me, device = identity.open_site(site_id), identity.device()
    inbox = InboxKey.current(site_id)
    if inbox is None or device is None or device.letter_digest is None:
        return jsonify(None)
    return jsonify(
        site=site_id.hex,
        name=screen_name(me.site),
        member=me.member_id.hex,
        inbox=inbox.private.public.hex(),  # not that of the row: whoever changes that would read the letters
        phone=device.letter_digest.hex(),
        proof=inbox.proof_for(me.member_id, device.letter_digest).hex(),
        token=letter_token(device, identity.private_key()).hex(),
    )
