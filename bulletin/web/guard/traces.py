"""Traces of reading: noted after the answer, since a page only reads."""

from __future__ import annotations

import uuid

from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.reading import Trace

from . import after_response, identity


def leave(contact: Contact, *, everything: bool = False) -> Contact:
    """That the member who asks has opened this person's page is noted, after the answer."""
    member, site_id = identity.signed_in(), contact.site_id
    if not Trace.is_noted(site_id, member.id.hex, contact.id.hex, everything=everything):
        after_response.later(
            after_response.note_reading, member.id, site_id, identity.private_key(), contact.id.hex, everything
        )
    return contact


def leave_of_papers(site_id: uuid.UUID) -> None:
    """That the member who asks takes the folder of all papers is noted, after the answer."""
    member = identity.signed_in()
    if not Trace.has_papers(site_id, member.id.hex):
        after_response.later(after_response.note_reading, member.id, site_id, identity.private_key())
