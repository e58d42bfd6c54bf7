"""Bringing somebody in: an invitation is made, others say that it is fine, and somebody comes by it."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator

from sqlalchemy.orm import object_session

from bulletin.db import db
from bulletin.domain.site.accounts.members import Member, Membership
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.invitations import Invitation
from bulletin.domain.site.refusals import NotAllowed, Why
from bulletin.vault import keys, tenancy

from . import register
from .consequences import changing
from .roll import NOTE_MAX
from .standing import Standing


def invite(
    me: Membership, *, form_id: uuid.UUID | None = None, was: uuid.UUID | None = None, note: str = ""
) -> tuple[Invitation, bytes]:
    """An invitation to join a site that is open, and its secret. `was`: the member whose place it is meant for.
    `note`: a word by which whoever invites knows it again.

    A form that is sent twice gives one invitation, with the secret of the second answer: the one that is seen.
    Raises NotAllowed.
    """
    site, by = me.site, me.member_id.hex
    with changing(site) as rules:
        again = form_id is not None and form_id.hex in rules.invited
        site_key = keys.current.get().site_key(site.id, site.generation)
        invitation, secret = Invitation.issue(me, site_key, form_id=form_id)
        rules.propose(invitation.id.hex, by, was=was.hex if was else "", note=note[:NOTE_MAX])
    if not again:
        Event.note(site, Deed.INVITED, by=me.member.handle)
    return invitation, secret


def invite_to_found(me: Membership, *, form_id: uuid.UUID | None = None) -> bytes | None:
    """The secret of an invitation to found a further site; None where somebody else has to say first that it is fine.

    Raises NotAllowed.
    """
    site, by = me.site, me.member_id.hex
    with changing(site) as rules:
        row = db.session.get(Invitation, form_id) if form_id else None
        again = row is not None and row.site_id is None and row.issued_by_id == me.member_id
        if again or rules.found(by):
            _, secret = Invitation.issue_to_found(me.member, form_id=form_id)
            if not again:
                Event.note(site, Deed.FOUNDING_INVITED, by=me.member.handle)
            return secret
        if not any(one.founds and one.by == by for one in rules.invited.values()):
            rules.propose((form_id or uuid.uuid4()).hex, by, founds=True)
            Event.note(site, Deed.FOUNDING_ASKED, by=me.member.handle)
    return None


def confirm(me: Membership, invitation_id: uuid.UUID) -> None:
    """Say that an invitation by somebody else is fine; once is enough. Raises NotAllowed."""
    with changing(me.site) as rules:
        invited = rules.invited.get(invitation_id.hex)
        if invited is None:
            raise NotAllowed(Why.NOBODY_ASKS)
        if invited.by != me.member_id.hex and me.member_id.hex in invited.yes:
            return
        rules.confirm(invitation_id.hex, me.member_id.hex)
        by = rules.people.get(invited.by)
        Event.note(me.site, Deed.INVITATION_SECONDED, by=me.member.handle, whom=by.handle if by else "")


def withdraw(me: Membership, invitation_id: uuid.UUID) -> None:
    """Take an invitation back; whoever is here may."""
    row = db.session.get(Invitation, invitation_id)
    with changing(me.site) as rules:
        invited = rules.invited.pop(invitation_id.hex, None)
        by = rules.people.get(invited.by) if invited else None
    if invited is not None:
        Event.note(me.site, Deed.INVITATION_WITHDRAWN, by=me.member.handle, whom=by.handle if by else "")
    if row is not None and (row.site_id == me.site_id or row.issued_by_id == me.member_id):
        if invited is None:
            Event.note(me.site, Deed.FOUNDING_WITHDRAWN, by=me.member.handle)
        row.spend()


def is_ready(invitation: Invitation, standing: Standing) -> bool:
    """Can it be answered, as far as the people of its site go?"""
    invited = standing.invited.get(invitation.id.hex)
    return invited is not None and standing.is_ready(invited)


def found(secret: bytes) -> Invitation | None:
    """The invitation with this secret, if it can be answered now."""
    invitation = Invitation.with_secret(secret)
    if invitation is None:
        return None
    if invitation.site is None:  # whoever made it is still somewhere, and not locked out there
        return invitation if invitation.issued_by.memberships() else None
    return invitation if _is_ready(invitation, secret) else None


def asked_by(invitation: Invitation, secret: bytes) -> str:
    """The name of who asks, for whoever has the secret; empty where they have gone."""
    with _looking(invitation, secret) as standing:
        invited = standing.invited.get(invitation.id.hex) if standing is not None else None
        person = standing.people.get(invited.by) if standing is not None and invited is not None else None
    return person.handle if person is not None else ""


def waits(secret: bytes) -> bool:
    """Is there one with this secret that can be answered as soon as somebody else says that it is fine?"""
    invitation = Invitation.with_secret(secret)
    if invitation is None or invitation.site is None:
        return False
    return _is_ready(invitation, secret) is False


def answer(invitation: Invitation, secret: bytes, member: Member) -> Membership:
    """Join the site; the invitation is spent. Raises NotAllowed. The session stays bound to the site."""
    site = invitation.site
    assert site is not None  # noqa: S101  # one to found a site is answered by founding
    invitation.check(member)
    ring = _ring(invitation, secret)
    tenancy.bind(db.session, site.id)
    with keys.opened(ring), changing(site) as rules:
        invited = rules.invited.get(invitation.id.hex)
        if invited is None or not (rules.is_fresh(invited) and rules.is_ready(invited)):
            raise NotAllowed(Why.NOBODY_ASKS)
        membership = Membership.begin(member, site, ring.site_key(site.id, site.generation))
        rules.answer_invitation(invited, register.person(member))
        Event.note(site, Deed.JOINED, by=member.handle)
        invitation.spend()
    return membership


def _is_ready(invitation: Invitation, secret: bytes) -> bool | None:
    """As is_ready(), for whoever has its secret; None where the register of its site does not know it, because whoever
    made it has gone or was locked out, or where it has run out.
    """
    with _looking(invitation, secret) as standing:
        invited = standing.invited.get(invitation.id.hex) if standing is not None else None
        if standing is None or invited is None or not standing.is_fresh(invited):
            return None
        return is_ready(invitation, standing)


@contextlib.contextmanager
def _looking(invitation: Invitation, secret: bytes) -> Iterator[Standing | None]:
    """Who counts at the site of an invitation, for whoever has its secret; None where the register says nothing."""
    site = invitation.site
    assert site is not None  # noqa: S101
    session = object_session(invitation)
    assert session is not None  # noqa: S101
    before = tenancy.bound_site(session)
    tenancy.bind(session, site.id)
    try:
        with keys.opened(_ring(invitation, secret)):
            yield register.standing_of(site)
    except (NotAllowed, keys.DoesNotOpen):
        yield None
    finally:
        if before is None:
            tenancy.unbind(session)
        else:
            tenancy.bind(session, before)


def _ring(invitation: Invitation, secret: bytes) -> keys.Keyring:
    site = invitation.site
    assert site is not None  # noqa: S101
    ring = keys.Keyring()
    ring.add(site.id, site.generation, invitation.open_key(secret))
    return ring
