"""Who is to be forgotten: hidden at once, gone in a week, unless one who decides stops it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bulletin.db import db, today
from bulletin.domain.people import forgetting
from bulletin.domain.people.forgetting import A_WEEK_MAX, REASON_MAX, STOPPABLE_FOR, Forgetting
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.governance import consequences, register
from bulletin.domain.site.governance.roll import Matter
from bulletin.web.guard import identity
from bulletin.web.shared.grave import grave
from bulletin.web.shared.refused import refusals
from bulletin.web.shared.rendering import render
from bulletin.web.site import questions

from .contact_status import open_contact
from .mentions import places

pages = Blueprint("forgetting", __name__)


@pages.get("/forgetting")
def index(site_id: uuid.UUID) -> Response:
    """Who is hidden now."""
    return _list(identity.open_site(site_id))


@pages.post("/forgetting/question")
@grave(lambda site_id: _list(identity.open_site(site_id)))
def ask_for_more(site_id: uuid.UUID) -> AnyResponse:
    """Ask everybody whether more than a few may be forgotten this week."""
    me = identity.open_site(site_id)
    return questions.done(me, lambda: consequences.ask(me, Matter.FORGETTING), lambda why: _list(me, why, 409))


@pages.get("/<uuid:contact_id>/forgetting")
def show(site_id: uuid.UUID, contact_id: uuid.UUID) -> AnyResponse:
    """What it means, before it is done; after that, how to stop it."""
    me = identity.open_site(site_id)
    hidden = Forgetting.of(site_id, contact_id)
    return _asking(me, contact_id) if hidden is None else _waiting(me, hidden)


@pages.post("/<uuid:contact_id>/forgetting")
def begin(site_id: uuid.UUID, contact_id: uuid.UUID) -> AnyResponse:
    """Hide them. That somebody is, is noted, and not who."""
    me = identity.open_site(site_id)
    if Forgetting.of(site_id, contact_id) is None:  # else it was sent twice
        contact = open_contact(site_id, contact_id)

        def again(why: str) -> Response:
            me = identity.open_site(site_id)
            return _asking(me, contact_id, why, 409) if Forgetting.of(site_id, contact_id) is None else _list(me)

        with refusals(again):
            forgetting.begin(me, contact, asked=request.form.get("asked") == "yes")
        db.session.commit()
    return redirect(url_for(".index", site_id=site_id), 303)


@pages.post("/<uuid:contact_id>/forgetting/confirmation")
def confirm(site_id: uuid.UUID, contact_id: uuid.UUID) -> AnyResponse:
    """They asked for it, this member says, too."""
    return _change(site_id, contact_id, forgetting.confirm)


@pages.post("/<uuid:contact_id>/forgetting/stop")
def stop(site_id: uuid.UUID, contact_id: uuid.UUID) -> AnyResponse:
    """They are back in the list, whole."""
    reason = request.form.get("reason", "").strip()
    return _change(site_id, contact_id, lambda me, hidden: forgetting.stop(me, hidden, reason), reason)


def _change(
    site_id: uuid.UUID, contact_id: uuid.UUID, deed: Callable[[Membership, Forgetting], None], typed: str = ""
) -> AnyResponse:
    me = identity.open_site(site_id)
    hidden = Forgetting.of(site_id, contact_id, to_change=True)
    if hidden is None:  # somebody else has stopped it, or they are gone
        open_contact(site_id, contact_id)
        return redirect(url_for("contacts.show", site_id=site_id, contact_id=contact_id), 303)

    def again(why: str) -> Response:
        me, there = identity.open_site(site_id), Forgetting.of(site_id, contact_id)
        return _list(me, why, 409) if there is None else _waiting(me, there, why, typed, 422)

    with refusals(again):
        deed(me, hidden)
    db.session.commit()
    if Forgetting.of(site_id, contact_id) is None:
        return redirect(url_for("contacts.show", site_id=site_id, contact_id=contact_id), 303)
    return redirect(url_for(".index", site_id=site_id), 303)


def _asking(me: Membership, contact_id: uuid.UUID, problem: str = "", status: int = 200) -> Response:
    contact = open_contact(me.site_id, contact_id)
    return render(
        "people/forgetting/asking.html",
        status,
        site=me.site,
        here={"site_id": me.site_id, "contact_id": contact.id},
        contact=contact,
        named=places(contact),
        gone_on=today() + STOPPABLE_FOR,
        too_many=forgetting.is_question(me.site, contact),
        most=A_WEEK_MAX,
        **_question(me),
        problem=problem,
    )


def _question(me: Membership) -> dict[str, Any]:
    """Whether everybody is asked about more than a few; and whether this member may ask."""
    standing = register.sound_standing_of(me.site)
    return {
        "question": standing.open_on(Matter.FORGETTING) if standing else None,
        "decides": standing is not None and standing.decides(me.member_id.hex),
    }


def _waiting(me: Membership, hidden: Forgetting, problem: str = "", typed: str = "", status: int = 200) -> Response:
    return render(
        "people/forgetting/waiting.html",
        status,
        site=me.site,
        here={"site_id": me.site_id, "contact_id": hidden.contact_id},
        hidden=hidden,
        contact=hidden.contact,
        named=places(hidden.contact),
        said=hidden.wish is not None and me.member_id.hex in hidden.wish.said_by,
        **_question(me),
        most=REASON_MAX,
        typed=typed,
        problem=problem,
    )


def _list(me: Membership, problem: str = "", status: int = 200) -> Response:
    return render(
        "people/forgetting/index.html",
        status,
        site=me.site,
        waiting=forgetting.waiting(me.site_id),
        **_question(me),
        problem=problem,
    )
