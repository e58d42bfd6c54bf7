"""Where somebody is named beside what is their own, as links."""

from __future__ import annotations

import uuid

from flask import url_for

from bulletin.domain.people.contacts import Contact
from bulletin.domain.portability.mentions import Mention, Where, mentions

from .labels import PLACE_NAMES


def places(contact: Contact) -> list[tuple[str, str]]:
    """What each is called, and the address of its page."""
    return [(str(PLACE_NAMES[one.where]), _address(contact.site_id, one)) for one in mentions(contact)]


def _address(site_id: uuid.UUID, one: Mention) -> str:
    here = {"site_id": site_id}
    if one.where is Where.TALK:
        return url_for("conversations.edit", **here, conversation_id=one.inner)
    if one.where is Where.FOLLOW_UP:
        return url_for("follow_ups.show", **here, follow_up_id=one.inner)
    if one.where is Where.PERSON:
        return url_for("contacts.edit", **here, contact_id=one.id)
    if one.where is Where.ACTION:
        return url_for("actions.show", **here, action_id=one.id)
    if one.where is Where.STEP:
        return url_for("escalation_plan.edit", **here, step_id=one.id)
    if one.where is Where.PAPER:
        return url_for("bulletins.show", **here, bulletin_id=one.id)
    if one.where is Where.LETTER:
        return url_for("parked_letters.index", **here)
    if one.where is Where.TOLD:
        return url_for("telling.index", **here)
    return url_for("distributions.index", **here, bulletin_id=one.id)
