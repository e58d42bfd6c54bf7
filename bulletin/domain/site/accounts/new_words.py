"""Other words for a member: with a new key, which every site they are in knows, so that the old words open nothing.

A copy of the database from before is opened by the old words still; what is written from then on is not, because each
of the sites has its key changed next.
"""

from __future__ import annotations

import uuid

from sqlalchemy import select

from bulletin.db import db
from bulletin.domain.site import site_keys
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.governance import consequences, register
from bulletin.domain.site.refusals import NotAllowed, Why
from bulletin.vault import keys, tenancy

from .devices import Device
from .members import Member, Membership


def check(member: Member, private: keys.PrivateKey) -> None:
    """Raise NotAllowed where one of their places does not open: its register could not be told of another key."""
    for place in _places(member):
        try:
            place.open_key(private)
        except keys.DoesNotOpen:
            raise NotAllowed(Why.LOCKED_OUT_SOMEWHERE) from None


def change(device: Device, token: bytes, old: keys.PrivateKey, new: keys.PrivateKey, locked: bytes) -> list[uuid.UUID]:
    """Make `new` the member's key, which their new words unlock from `locked`. The ids of the sites that were told.

    Their other devices are signed out. Raises NotAllowed. The caller has done what was due at each site, and commits.
    """
    member = device.member
    _hold(member)
    if member.public_key == new.public:
        return []  # sent twice
    check(member, old)
    told = [(place, _tell(place, member, old, new)) for place in _places(member)]
    tenancy.unbind(db.session)
    member.public_key, member.locked_key = new.public, locked
    for place, site_key in told:
        place.give_key(site_key)
        place.site.rotation_due = True  # what was copied before opens nothing that is written after
    for other in db.session.scalars(select(Device).filter_by(member_id=member.id)):
        if other is not device:
            other.end()
    device.call(device.label(old), new)
    device.open_for(token, new)
    device.forget_pin()  # it unlocked the old key
    return [place.site_id for place, _ in told]


def _places(member: Member) -> list[Membership]:
    """All of them, also those that are locked, in an order in which everybody can wait for one after the other."""
    mine = select(Membership).filter_by(member_id=member.id).order_by(Membership.site_id)
    return list(db.session.scalars(mine.execution_options(populate_existing=True)))


def _hold(member: Member) -> None:
    """Let nobody change the keys of their sites, or give them a place with the old one, until this transaction ends."""
    held = set[uuid.UUID]()
    while more := [place for place in _places(member) if place.site_id not in held]:
        for place in more:
            db.session.refresh(place.site, with_for_update=True)
            held.add(place.site_id)
        db.session.refresh(member, with_for_update=True)


def _tell(place: Membership, member: Member, old: keys.PrivateKey, new: keys.PrivateKey) -> bytes:
    """Have a site know the member by the new key; the site's own."""
    tenancy.bind(db.session, place.site_id)
    ring, site, known_as = site_keys.open_site(place, old), place.site, member.id.hex
    with keys.opened(ring):
        with consequences.changing(site) as rules:
            person = rules.people.get(known_as)
            if not register.is_bound(person, member):
                raise NotAllowed(Why.LOCKED_OUT_SOMEWHERE)
            rules.know(known_as, keys.digest(new.public).hex())
            rules.settle()
            if not rules.is_free(known_as):
                raise NotAllowed(Why.LOCKED_OUT_SOMEWHERE)
        Event.note(site, Deed.MEMBER_KEY_CHANGED, by=member.handle)
        db.session.flush()
    return ring.site_key(site.id, site.generation)
